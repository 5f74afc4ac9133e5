"""Filters shared by the apps' API."""

from typing import Any

from django import forms
from django_filters import rest_framework as filters

BIGGEST_ID = 2**63 - 1


class IdField(forms.IntegerField):
    """A primary key: a number no database could hold is a fault of the request, not of the server."""

    default_error_messages = {
        "invalid": "请填写编号（数字）。",
        "max_value": "编号太大了。",
        "min_value": "请填写编号（数字）。",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("decimal_places", None)
        super().__init__(min_value=0, max_value=BIGGEST_ID, **kwargs)


class IdFilter(filters.NumberFilter):  # type: ignore[misc]
    """`IdFilter(field_name="grid_id")`: filter by the id of a related row."""

    field_class = IdField

    def get_max_validator(self) -> None:
        """The field says it itself."""
