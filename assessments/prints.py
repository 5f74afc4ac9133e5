"""Which photos are compared: of cases, of Party patrols, of meetings of branches. New ones get a print.

Of cases only what the grids' own people took: a grid cannot say why a resident or a department sent a
photo twice. Photos of homes and of people are not among them.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet

from assessments.fairness import of_grid_q
from assessments.models import PhotoPrint
from cases.models import Attachment
from gridparty.lib.dhash import dhash
from grids.models import Grid
from partybuilding.models import BranchMeeting, Patrol, Photo

# A night's work; what is left comes the next night.
BATCH = 5_000


def print_new() -> int:
    """Give every photo without a print its print; returns how many. Idempotent, catches up."""
    made = 0
    for kind, photos, prints in SOURCES:
        known = PhotoPrint.objects.filter(kind=kind, photo=OuterRef("pk"))
        rows = photos().filter(~Exists(known)).order_by("pk")[:BATCH]
        new = list(prints(list(rows)))
        PhotoPrint.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
        made += len(new)
    return made


def _print(kind: str, photo: Any, *, about: str, step: str, grid: Grid, at: Any) -> PhotoPrint:
    return PhotoPrint(
        kind=kind, photo=photo.pk, about=about, step=step, grid=grid, community_id=grid.community_id,
        bits=_bits(photo.file), at=at,
    )  # fmt: skip


def _bits(file: Any) -> str:
    try:
        with file.open("rb") as opened:
            return dhash(opened)
    except (OSError, ValueError):  # lost from the store, or erased: nothing to compare
        return ""


def _case_photos() -> QuerySet[Any]:
    kept = Attachment.objects.exclude(file="")  # of those erased after years only the rows stay
    return kept.filter(of_grid_q("uploaded_by")).select_related("case__grid")


def _of_cases(photos: list[Attachment]) -> Iterable[PhotoPrint]:
    for photo in photos:
        yield _print(
            "case", photo, about=f"case {photo.case_id}", step=photo.move, grid=photo.case.grid,
            at=photo.created_at,
        )  # fmt: skip


def _rows(model: type[Model], photos: list[Photo], *related: str) -> dict[int, Any]:
    rows: QuerySet[Any] = model._default_manager.filter(pk__in={photo.row for photo in photos})
    return {row.pk: row for row in rows.select_related(*related)}


def _patrol_photos() -> QuerySet[Any]:
    # A patrol that became a case has left its photos to the case as well.
    plain = Patrol.objects.filter(pk=OuterRef("row"), case=None).order_by()
    return Photo.objects.filter(Exists(plain), subject="patrol")


def _of_patrols(photos: list[Photo]) -> Iterable[PhotoPrint]:
    rows = _rows(Patrol, photos, "grid")
    for photo in photos:
        grid = rows[photo.row].grid
        yield _print("patrol", photo, about=f"patrol {photo.row}", step="", grid=grid, at=photo.at)


def _meeting_photos() -> QuerySet[Any]:
    held = BranchMeeting.objects.filter(
        pk=OuterRef("row"), board__branch__branch_grids__isnull=False
    ).order_by()
    return Photo.objects.filter(Exists(held), subject="meeting")


def _of_meetings(photos: list[Photo]) -> Iterable[PhotoPrint]:
    """A branch of several grids is asked about once, at the first of them."""
    rows = _rows(BranchMeeting, photos, "board")
    grids: dict[int, Grid] = {}
    branches = {row.board.branch_id for row in rows.values()}
    for grid in Grid.objects.filter(party_branch__in=branches).order_by("-code"):
        grids[grid.party_branch_id or 0] = grid
    for photo in photos:
        grid = grids[rows[photo.row].board.branch_id]
        yield _print(
            "meeting", photo, about=f"meeting {photo.row}", step="", grid=grid, at=photo.at
        )


SOURCES: tuple[tuple[str, Callable[[], QuerySet[Any]], Callable[[Any], Iterable[PhotoPrint]]], ...] = (
    ("case", _case_photos, _of_cases),
    ("patrol", _patrol_photos, _of_patrols),
    ("meeting", _meeting_photos, _of_meetings),
)  # fmt: skip
