"""Load a division file: all of it, or nothing."""

from dataclasses import dataclass
from itertools import count
from pathlib import Path

from django.db import transaction

from orgs.audit import describe_actions, record
from orgs.divisions.codes import DivisionFileError, Divisions
from orgs.divisions.reading import read_divisions
from orgs.divisions.regions import RegionChanges, load_regions
from orgs.divisions.trees import TreeChanges, load_trees
from orgs.models import Region

describe_actions(region__load="载入区划")


@dataclass
class Loaded:
    """`rows`: divisions taken from the file; `doubles`: rows that repeated one of them."""

    rows: int
    doubles: int
    regions: RegionChanges
    trees: TreeChanges


def load_divisions(path: Path, *, streets: bool = False, under: str = "") -> Loaded:
    """Load the regions of the file (only those on the path to and below `under`).

    With `streets` also make the party trees of its streets. Raises DivisionFileError with every
    fault; then nothing is written.
    """
    divisions = read_divisions(path)
    if under:
        divisions = _only(divisions, under)
    with transaction.atomic():
        regions = load_regions(divisions)
        trees = TreeChanges()
        if streets:
            trees = load_trees(divisions.names, regions.renamed)
        record(
            by=None,
            action="region.load",
            target=Region,
            detail={
                "rows": len(divisions.names), "created": regions.created,
                "renamed": len(regions.renamed), "trees": trees.trees,
            },
        )  # fmt: skip
    return Loaded(len(divisions.names), divisions.doubles, regions, trees)


def _only(divisions: Divisions, under: str) -> Divisions:
    if under not in divisions.names:
        raise DivisionFileError([f"文件里没有代码 {under[:20]}。"])
    kept = {
        code: name
        for code, name in divisions.names.items()
        if code.startswith(under) or under.startswith(code)
    }
    lines = divisions.lines or dict(zip(divisions.names, count(2), strict=False))
    return Divisions(kept, lines, divisions.doubles)
