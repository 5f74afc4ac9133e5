"""Longer texts on their way into a column."""

from django.core.exceptions import ValidationError

from gridparty.lib.masking import mask_in_text
from gridparty.lib.text import clean_prose, has_nul


def prose(value: str, name: str, label: str, longest: int, *, required: bool = False) -> str:
    """Return `value` as clean text; ValidationError at the field `name` when it cannot be stored."""
    if has_nul(value):
        raise ValidationError({name: f"{label}里有不可见的空字符，请删除后重新填写。"})
    text = clean_prose(value)
    if required and not text:
        raise ValidationError({name: f"请填写{label}。"})
    if len(text) > longest:
        raise ValidationError({name: f"{label}最多 {longest} 个字，现在是 {len(text)} 个。"})
    return text


def public_prose(value: str, name: str, label: str, longest: int, *, required: bool = False) -> str:
    """The same for what residents will read: no phone and no identity number in it."""
    text = prose(value, name, label, longest, required=required)
    if mask_in_text(text) != text:
        raise ValidationError({name: f"{label}会公开，里面有电话或证件号码，请删去。"})
    return text
