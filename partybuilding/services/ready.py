"""三有 and 五基: venues kept, self-checks opened each half-year, answered, confirmed."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from grids.models import Grid
from orgs.audit import describe_actions, record
from orgs.levels import Tier
from orgs.models import OrgUnit, User
from orgs.roles import EDIT
from partybuilding.catalog import BASICS_OPEN, FIVE_BASICS
from partybuilding.models import BasicsCheck, GridVenue
from partybuilding.notices import tell_basics
from partybuilding.services.duties import require_grid
from partybuilding.services.five import above_of
from partybuilding.services.lives import take_step
from partybuilding.services.texts import line

describe_actions(
    venue__add="登记网格场所", venue__end="停用网格场所", basics__open="生成五基自查",
)  # fmt: skip
CODES = [code for _, statements in FIVE_BASICS.values() for code, _ in statements]


@transaction.atomic
def add_venue(
    *, grid: Grid, name: str, address: str, since: date, by: User | None, area: int | None = None
) -> GridVenue:
    """Put down where a grid meets."""
    require_grid(grid, by, EDIT)
    found = GridVenue.objects.create(
        district_id=grid.district_id, street_id=grid.street_id, community_id=grid.community_id,
        grid=grid, since=since, area=area, name=line(name, "name", "场所", 60),
        address=line(address, "address", "地址", 100),
    )  # fmt: skip
    record(by=by, action="venue.add", target=found, street=grid.street_id)
    return found


@transaction.atomic
def end_venue(*, venue: GridVenue, on: date, by: User) -> None:
    require_grid(venue.grid, by, EDIT)
    if on < venue.since:
        raise ValidationError({"on": f"不能早于启用日期 {venue.since:%Y-%m-%d}。"})
    if GridVenue.objects.filter(pk=venue.pk, ended_on=None).update(ended_on=on) != 1:
        raise ValidationError("这个场所已经停用。", code="stale")
    record(by=by, action="venue.end", target=venue, street=venue.street_id)


def halves_owed(today: date) -> list[date]:
    """The half-years whose check has been opened by today: the current one, and the last one if a
    stopped worker missed it (never more than one back)."""
    current = date(today.year, 1 if today.month <= 6 else 7, 1)
    previous = date(today.year - 1, 7, 1) if current.month == 1 else date(today.year, 1, 1)
    opens = date(today.year, *BASICS_OPEN[0 if current.month == 1 else 1])
    found = [current] if today >= opens else []
    if BasicsCheck.objects.exists() and not BasicsCheck.objects.filter(half=previous).exists():
        last = BasicsCheck.objects.order_by("-half").values_list("half", flat=True).first()
        if last is not None and last < previous:
            found.insert(0, previous)
    return found


@transaction.atomic
def open_basics(*, today: date) -> int:
    """Open the self-checks live branches owe; again: nothing new."""
    made = 0
    for half in halves_owed(today):
        due = date(half.year, 6, 30) if half.month == 1 else date(half.year, 12, 31)
        branches = (
            OrgUnit.objects.active()
            .filter(tier=Tier.BRANCH)
            .exclude(established_on__gt=due - timedelta(days=30))
            .exclude(basics_checks__half=half)
        )
        rows = []
        for branch, root, community in above_of(branches):
            rows.append(
                BasicsCheck(
                    branch=branch, half=half, due_on=due, community=community, street=root,
                    district_id=(community.division_code or "")[:6],
                )
            )  # fmt: skip
        fresh = BasicsCheck.objects.bulk_create(rows, ignore_conflicts=True)
        made += len(fresh)
        if fresh:
            checks = BasicsCheck.objects.of_half(half).open().for_list()
            tell_basics(list(checks))
            record(
                by=None, action="basics.open", target=BasicsCheck,
                detail={"half": half.isoformat(), "count": len(fresh)},
            )  # fmt: skip
    return made


@transaction.atomic
def answer_basics(
    *, check: BasicsCheck, ticked: Sequence[str], remark: str, by: User | None
) -> BasicsCheck:
    """Answer a self-check; whoever leaves something out says what he will do about it."""
    kept = [code for code in CODES if code in ticked]
    need = len(kept) < len(CODES)
    words = line(remark, "remark", "差距和打算", 200, required=need)
    take_step(
        row=check, name="submit", by=by, street=check.street_id, ticked=kept, remark=words,
        submitted_by=by,
    )  # fmt: skip
    return check


@transaction.atomic
def move_basics(*, check: BasicsCheck, name: str, by: User, note: str = "") -> BasicsCheck:
    """Withdraw, confirm, send back; nobody confirms his own."""
    if name == "confirm" and check.submitted_by_id == by.pk:
        raise ValidationError("自己填报的，请由社区另一位同志确认。")
    take_step(row=check, name=name, by=by, street=check.street_id, note=note)
    return check
