"""Applying an assignment: old links end the day before, new ones begin; nothing is deleted."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from grids.models import Grid
from orgs.audit import describe_actions, record
from orgs.models import User
from residents.assigning import CHUNK, Proposal, propose
from residents.models import Household, LinkedHousehold
from residents.querysets import HouseholdQuerySet

describe_actions(head__assign="分配联系户", head__restore="恢复联系户")
CHANGED = "预览之后住户或楼道长有变化，请看过新的预览再确认。"


@transaction.atomic
def apply_assignment(
    *, homes: HouseholdQuerySet, day: date, by: User | None, mark: str | None = None
) -> Proposal:
    """Assign these households to heads, as the preview with `mark` said (None: as it is now).

    ValidationError "changed" when the ground is not what the preview saw. Two people assigning
    the same grids wait for one another.
    """
    grids = list(Grid.objects.filter(pk__in=homes.grid_ids()).order_by("pk").select_for_update())
    proposal = propose(homes, day)
    if mark is not None and mark != proposal.mark:
        raise ValidationError(CHANGED, code="changed")
    plan = proposal.plan
    if plan.changes:
        _relink({change.home: change.after for change in plan.changes}, day)
        record(
            by=by, action="head.assign", target=Household, street=_street_of(grids),
            detail={"gained": plan.gained, "moved": plan.moved, "lost": plan.lost,
                    "grids": len(grids)},
        )  # fmt: skip
    return proposal


@transaction.atomic
def restore_links(*, homes: HouseholdQuerySet, to: date, day: date, by: User | None) -> int:
    """Give these households back to the heads they had on `to`; return how many changed.

    Heads who are no longer in duty get nothing back: their households then have nobody.
    """
    if to >= day:
        raise ValidationError({"to": "请选择今天以前的日期。"})
    grids = list(Grid.objects.filter(pk__in=homes.grid_ids()).order_by("pk").select_for_update())
    mine = homes.to_link().values("pk")
    duty = LinkedHousehold.objects.in_duty(day)
    then = duty.current(to).filter(household__in=mine, temporary=False).order_by("start", "id")
    wanted = dict(then.values_list("household_id", "head_id"))
    now = LinkedHousehold.objects.of_heads().filter(household__in=mine)
    current = dict(now.values_list("household_id", "head_id"))
    changes = {
        home: wanted.get(home)
        for home in sorted(wanted.keys() | current.keys())
        if wanted.get(home) != current.get(home)
    }
    _relink(changes, day)
    record(
        by=by, action="head.restore", target=Household, street=_street_of(grids),
        detail={"to": to.isoformat(), "changed": len(changes)},
    )  # fmt: skip
    return len(changes)


def _relink(changes: Mapping[int, int | None], day: date) -> None:
    """Write household → new head (None: nobody, but a stand-in then stays)."""
    gone = [home for home, head in changes.items() if head is None]
    taken = [home for home, head in changes.items() if head is not None]
    before = day - timedelta(days=1)
    links = LinkedHousehold.objects.open()
    for part in _parts(gone):
        links.filter(household__in=part, temporary=False).update(end=before)
    for part in _parts(taken):
        links.filter(household__in=part).update(end=before)
    LinkedHousehold.objects.bulk_create(
        [
            LinkedHousehold(household_id=home, head_id=head, start=day)
            for home, head in changes.items()
            if head is not None
        ],
        batch_size=CHUNK,
    )


def _parts(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _street_of(grids: list[Grid]) -> int | None:
    """The street for the audit, when all grids lie in one."""
    streets = {grid.street_id for grid in grids}
    return streets.pop() if len(streets) == 1 else None
