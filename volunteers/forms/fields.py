"""Fields the forms of voluntary work share: codes to tick, times, rows of one's own area."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from grids.models import Building, Grid
from orgs.models import OrgUnit, Unit
from volunteers.catalog import PARTNER_KINDS
from volunteers.models import Team, Volunteer


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of day and time."""

    input_type = "datetime-local"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs or None, format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """A moment on the Shanghai clock, by the minute."""

    widget = MomentInput
    input_formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M")  # type: ignore[assignment]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid": "时间看不懂，请选择日期和时间。"})
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return timezone.localtime(value) if isinstance(value, datetime) else value


def ticks(choices: Any, label: str, *, required: bool = False) -> forms.MultipleChoiceField:
    """Several codes, to be ticked."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=required, widget=forms.CheckboxSelectMultiple
    )


class Named(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Shows a row by its name alone."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class BuildingChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.compound.name}{obj.name}"


class VolunteerChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.person.name)


def grids_of(community: OrgUnit) -> Any:
    return Grid.objects.filter(community=community).exclude(status="closed").order_by("code")


def buildings_of(community: OrgUnit) -> Any:
    rows = Building.objects.filter(community=community)
    return rows.select_related("compound").order_by("compound__name", "sort_key")


def partners_of(street: OrgUnit) -> Any:
    return Unit.objects.serving(street).filter(kind__in=PARTNER_KINDS).order_by("name")


def teams_of(community: OrgUnit) -> Any:
    return Team.objects.filter(community=community).active().order_by("name")


def volunteers_of(community: OrgUnit) -> Any:
    rows = Volunteer.objects.filter(community=community).serving().select_related("person")
    return rows.order_by("person__name_initials", "id")


def put(form: forms.Form, **querysets: Any) -> None:
    """Offer rows to choose from; a field the form does not have is left out."""
    for name, rows in querysets.items():
        if name in form.fields:
            form.fields[name].queryset = rows  # type: ignore[attr-defined]
