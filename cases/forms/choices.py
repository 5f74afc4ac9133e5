"""Grouped choices of categories and limits; one query each."""

from typing import Any, NamedTuple

from cases.models import Category

Choices = list[tuple[Any, Any]]


class _Entry(NamedTuple):
    pk: int
    parent_id: int | None
    slug: str
    name: str


def _groups() -> list[tuple[_Entry, list[_Entry]]]:
    """Return the active first levels with their active second levels, both in order."""
    found = Category.objects.filter(is_active=True).values_list(*_Entry._fields)
    rows = [_Entry(*row) for row in found]
    children: dict[int, list[_Entry]] = {}
    for row in rows:
        if row.parent_id is not None:
            children.setdefault(row.parent_id, []).append(row)
    return [(row, children.get(row.pk, [])) for row in rows if row.parent_id is None]


def category_choices(empty_label: str) -> Choices:
    """Return what a case can be filed under, by id: second levels under their first."""
    choices: Choices = [("", empty_label)]
    for first, seconds in _groups():
        if len(seconds) < 2:
            lone = seconds[0] if seconds else first
            choices.append((lone.pk, first.name))
        else:
            choices.append((first.name, [(second.pk, second.name) for second in seconds]))
    return choices


def category_filter_choices() -> Choices:
    """Return what a list can be narrowed to, by slug: a whole first level or a second one."""
    choices: Choices = [("", "全部类别")]
    for first, seconds in _groups():
        if len(seconds) < 2:
            choices.append((first.slug, first.name))
        else:
            whole = [(first.slug, f"{first.name}（全部）")]
            choices.append((first.name, whole + [(row.slug, row.name) for row in seconds]))
    return choices
