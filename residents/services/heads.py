"""Red corridor heads: nominate, and every step of their life after `residents/headship.py`."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from gridparty.lib.images import CleanImage
from grids.catalog import GridStatus
from grids.models import Grid
from grids.texts import one_line
from orgs import sealedfiles
from orgs.audit import describe_actions, record
from orgs.models import Person, User
from residents.headship import (
    IN_DUTY,
    MOVES,
    OVER,
    YEARS,
    Background,
    EndReason,
    Grade,
    HeadMove,
)
from residents.models import CorridorHead, HeadEvent, Household, Residency
from residents.services.households import read_room
from residents.services.standins import hand_to_leaders

describe_actions(
    head__nominate="提名红色楼道长",
    head__consent="楼道长本人同意",
    head__decline="楼道长本人不同意",
    head__approve="支部批准楼道长",
    head__reject="支部不批准楼道长",
    head__publish="公示楼道长",
    head__object="楼道长公示有异议",
    head__take_up="楼道长任职",
    head__evaluate="评议楼道长",
    head__renew="楼道长续任",
    head__end="楼道长离任",
    head__edit_board="修改楼道公示牌",
)
STALE = "这位楼道长的状态刚被别人改过，请刷新后再办理。"


@transaction.atomic
def nominate(
    *,
    person: Person,
    grid: Grid,
    on: date,
    by: User | None,
    background: str = Background.RESIDENT,
    lane: str = "",
    note: str = "",
) -> CorridorHead:
    """Nominate somebody who lives in the grid's community; Party membership is not asked for.

    ValidationError: died, no live residence in the community, nominated or serving already, a
    grid that is not in use.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    if grid.status != GridStatus.ACTIVE:
        raise ValidationError("这个网格不在用，不能提名楼道长。", code="grid")
    if person.died_on is not None:
        raise ValidationError("此人已登记死亡，不能提名。", code="died")
    if CorridorHead.objects.open().filter(person=person).exists():
        raise ValidationError("此人已提名或已担任红色楼道长。", code="twice")
    home = _home_of(person, grid, on)
    if home is None:
        raise ValidationError(
            "此人没有登记住在本社区。请先在住户里登记，再提名。", code="residence"
        )
    head = CorridorHead.objects.create(
        person=person, grid=grid, community_id=grid.community_id, street_id=grid.street_id,
        district_id=grid.district_id, building=home.household.building, nominated_on=on,
        background=background, lane=one_line(lane, label="街巷", longest=60, required=False),
    )  # fmt: skip
    _tell(head, "nominate", on, by, note=note)
    return head


def resident_named(*, grid: Grid, name: str, room: str, day: date) -> Person:
    """Return the one who lives in the grid under this name (and room); ValidationError by field."""
    name = one_line(name, label="姓名", longest=60)
    living = Residency.objects.current(day).filter(
        household__grid=grid, person__name=name, person__died_on=None
    )
    if room:
        living = living.filter(household__room=read_room(room)[1])
    found = {row.person_id: row.person for row in living.select_related("person")[:20]}
    if not found:
        raise ValidationError({"name": "本网格没有这位居民。请核对姓名和房号，或先在住户里登记。"})
    if len(found) > 1:
        raise ValidationError({"room": "有多位同名居民，请填写房号。"})
    return next(iter(found.values()))


@transaction.atomic
def move_head(
    *,
    head: CorridorHead,
    move: str,
    on: date,
    by: User | None,
    note: str = "",
    years: int | None = None,
    grade: str = "",
    reason: str = "",
    shows_phone: bool = False,
) -> CorridorHead:
    """Take one step of the table; exactly one row decides who came first.

    `years` (1–3) for taking up and renewing, `grade` for an evaluation, `reason` for the end.
    """
    step = MOVES[move]
    values = _facts(head, step, on, years=years, grade=grade, reason=reason)
    if move == "consent":
        values["shows_phone"] = shows_phone
    rows = CorridorHead.objects.filter(pk=head.pk, state__in=step.sources)
    if rows.update(state=step.target, **values) != 1:
        raise ValidationError(STALE, code="stale")
    served = head.state in IN_DUTY
    head.refresh_from_db()
    if step.target in OVER:
        _keep_photo(head, None)
    if move == "end" and served:
        hand_to_leaders(head=head.person, on=on, by=by)
    _tell(head, move, on, by, note=note, grade=grade)
    return head


@transaction.atomic
def edit_board(
    *,
    head: CorridorHead,
    shows_phone: bool,
    shows_photo: bool,
    by: User | None,
    photo: CleanImage | None = None,
) -> CorridorHead:
    """What of a head the notice board may show: phone and photo, each with consent of its own.

    A photo is kept only with consent; whoever takes it back has the photo erased.
    """
    head = CorridorHead.objects.select_for_update().get(pk=head.pk)
    if head.state in OVER:
        raise ValidationError("已经离任或未就任，没有公示牌。", code="state")
    if photo is not None and not shows_photo:
        raise ValidationError({"shows_photo": "公开照片要本人同意，请勾选。"})
    head.shows_phone, head.shows_photo = shows_phone, shows_photo
    head.save(update_fields=["shows_phone", "shows_photo"])
    if photo is not None or not shows_photo:
        _keep_photo(head, photo)
    record(by=by, action="head.edit_board", target=head, street=head.street_id)
    return head


def _keep_photo(head: CorridorHead, photo: CleanImage | None) -> None:
    """Store the new photo, or none; the old file goes when the change is certain."""
    old = head.photo
    head.photo = sealedfiles.store(photo.data, folder="heads") if photo is not None else ""
    head.save(update_fields=["photo"])
    if old:
        transaction.on_commit(lambda: sealedfiles.delete(old))


def end_if_gone(
    *, person: Person, on: date, died: bool, by: User | None, to: Household | None = None
) -> None:
    """End the service of a head who has died or lives nowhere in his community any more.

    `to` is the household he is about to move into, when the register knows it.
    """
    for head in CorridorHead.objects.open().filter(person=person):
        stays = to is not None and to.community_id == head.community_id
        if not died and (stays or _home_of(person, head.grid, on) is not None):
            continue
        if head.state in MOVES["end"].sources:
            reason = EndReason.DIED if died else EndReason.MOVED_OUT
            move_head(head=head, move="end", on=on, reason=reason, by=by)
        else:
            CorridorHead.objects.filter(pk=head.pk).update(state=MOVES["decline"].target)
            _keep_photo(head, None)
            _tell(head, "decline", on, by)


def _facts(
    head: CorridorHead, step: HeadMove, on: date, *, years: int | None, grade: str, reason: str
) -> dict[str, Any]:
    """Return the columns a step writes; ValidationError by field when a fact is missing."""
    if on < head.nominated_on:
        raise ValidationError({"on": f"日期不能早于提名日期 {head.nominated_on:%Y-%m-%d}。"})
    if "years" in step.asks:
        if years not in YEARS:
            raise ValidationError({"years": "任期应为 1 至 3 年。"})
        begin = on
        if step.name == "renew" and head.term_end is not None:
            begin = max(on, head.term_end + timedelta(days=1))
        term = {"term_end": years_later(begin, years)}
        return term if step.name == "renew" else {"start": on, **term}
    if "grade" in step.asks and grade not in Grade.values:
        raise ValidationError({"grade": "请选择评议等次。"})
    if "reason" in step.asks:
        if reason not in EndReason.values:
            raise ValidationError({"reason": "请选择离任原因。"})
        return {"ended_on": on, "end_reason": reason}
    return {}


def years_later(start: date, years: int) -> date:
    """Return the last day of a term: 2026-03-01 and 2 years → 2028-02-29."""
    try:
        same_day = start.replace(year=start.year + years)
    except ValueError:  # 29 February
        same_day = date(start.year + years, 3, 1)
    return same_day - timedelta(days=1)


def _home_of(person: Person, grid: Grid, day: date) -> Residency | None:
    """Return where the person lives in the grid's community, in the grid itself if possible."""
    homes = list(
        Residency.objects.current(day)
        .filter(person=person, household__community=grid.community_id)
        .select_related("household__building")
        .order_by("id")
    )
    return next(
        (one for one in homes if one.household.grid_id == grid.pk), homes[0] if homes else None
    )


def _tell(
    head: CorridorHead, move: str, on: date, by: User | None, *, note: str = "", grade: str = ""
) -> None:
    HeadEvent.objects.create(
        head=head, move=move, on=on, by=by, grade=grade,
        note=one_line(note, label="说明", longest=200, required=False),
    )  # fmt: skip
    record(
        by=by, action=f"head.{move}", target=head, street=head.street_id,
        detail={"person": head.person_id},
    )  # fmt: skip
