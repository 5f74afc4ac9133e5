"""Bring the region table to what a division file says: new rows in bulk, renamed rows updated."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import compress, groupby
from typing import Any

from orgs.divisions.bulk import insert_rows
from orgs.divisions.codes import (
    LEVEL_OF_LENGTH,
    DivisionFileError,
    Divisions,
    parent_code,
    parents_of,
)
from orgs.levels import RegionLevel
from orgs.models import Region

_COLUMNS = ("code", "name", "parent_id", "level")


@dataclass
class RegionChanges:
    """`renamed`: code → old name. `tops`: codes loaded without their parent (a partial file)."""

    created: int = 0
    unchanged: int = 0
    renamed: dict[str, str] = field(default_factory=dict)
    tops: list[str] = field(default_factory=list)


def load_regions(divisions: Divisions) -> RegionChanges:
    """Write the regions. Call inside a transaction; raises DivisionFileError for lost parents."""
    known = dict(Region.objects.values_list("code", "name"))
    names = divisions.names
    changes = RegionChanges(tops=_tops(divisions, known))
    new = [code not in known for code in names]
    changes.created = sum(new)
    insert_rows(Region, _COLUMNS, _ready_rows(divisions, new, set(changes.tops)))
    if known:
        changes.renamed = {
            code: known[code]
            for code, name in names.items()
            if code in known and known[code] != name
        }
        Region.objects.bulk_update(
            [Region(code=code, name=names[code]) for code in changes.renamed],
            ["name"],
            batch_size=500,
        )
        _adopt_orphans()
    changes.unchanged = len(names) - changes.created - len(changes.renamed)
    return changes


def _ready_rows(divisions: Divisions, new: list[bool], tops: set[str]) -> Iterator[tuple[Any, ...]]:
    """Put the columns of the new regions together; a step per row is a step taken 665,276 times."""
    names = divisions.names
    parents: list[str | None] = [parent or None for parent in _parents(divisions)]
    if tops:
        pairs = zip(names, parents, strict=True)
        parents = [None if code in tops else parent for code, parent in pairs]
    levels = map(LEVEL_OF_LENGTH.__getitem__, map(len, names))
    return compress(zip(names, names.values(), parents, levels, strict=True), new)


def _parents(divisions: Divisions) -> list[str]:
    return divisions.parents or parents_of(divisions.names)


def _tops(divisions: Divisions, known: dict[str, str]) -> list[str]:
    """Return codes whose parent is neither in the file nor stored; only the file's head may be so.

    A city's file begins with the city and does not name the province; a street without its
    district is a fault.
    """
    names = divisions.names
    # Neighbours mostly share a parent: most of the 665,276 need not be hashed.
    parents = {parent for parent, _ in groupby(_parents(divisions))} - {""}
    missing = {code for code in parents if code not in names and code not in known}
    if not missing:
        return []
    lost = [code for code in names if parent_code(code) in missing]
    head = min(len(code) for code in names)
    faults = [
        code for code in lost if len(code) > head or LEVEL_OF_LENGTH[head] > RegionLevel.DISTRICT
    ]
    if faults:
        raise DivisionFileError(
            [
                f"第 {divisions.line(code)} 行：{code} 的上级 {parent_code(code)} "
                "不在文件里，也不在库里。"
                for code in faults
            ]
        )
    return lost


def _adopt_orphans() -> None:
    """Give regions that once came without a parent the one that is here now."""
    orphans = list(Region.objects.filter(parent=None, level__gt=RegionLevel.PROVINCE))
    here = Region.objects.in_bulk([parent_code(orphan.code) for orphan in orphans])
    for orphan in orphans:
        parent = here.get(parent_code(orphan.code))
        if parent is not None:
            orphan.parent = parent
            orphan.save(update_fields=["parent"])
