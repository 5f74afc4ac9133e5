"""Texts on their way into a column; the councils' rules hold here, too."""

from django.core.exceptions import ValidationError

from councils.services.texts import prose, public_prose
from grids.texts import one_line


def line(value: str, name: str, label: str, longest: int, *, required: bool = True) -> str:
    """Return `value` as one clean line; ValidationError at the field `name`."""
    try:
        return one_line(value, label=label, longest=longest, required=required)
    except ValidationError as refusal:
        raise ValidationError({name: refusal.messages}) from None


__all__ = ["line", "prose", "public_prose"]
