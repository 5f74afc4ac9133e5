"""Hours and points: handed in, confirmed, appealed; a ledger that only grows; stories of a day."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from tests.town import Town, person_of
from tests.volunteers.help import helper, pass_by, published, scheduled, with_photo
from volunteers.models import Hours, PointsEntry, Shift, Volunteer
from volunteers.services.activities import move_activity, note_served
from volunteers.services.attendance import call_roll
from volunteers.services.evaluations import evaluate, report_problem
from volunteers.services.hours import decide_appeal, enter_hours, move_hours
from volunteers.services.points import balance, redeem, reverse_entry, stars_for
from volunteers.services.signups import sign_up


def attended(
    town: Town, volunteer: Volunteer, ago: timedelta = timedelta(hours=3), **facts: Any
) -> Shift:
    """A shift the volunteer was at, from its start to its end, handed in by the leader."""
    shift = scheduled(town, **facts)
    signup = sign_up(shift=shift, volunteer=volunteer, by=None)
    pass_by(shift, ago)
    call_roll(
        shift=shift, times={signup.pk: (shift.starts_at, shift.ends_at)}, by=town.users["grid_head"]
    )
    with_photo(town, shift.activity)
    move_activity(activity=shift.activity, name="submit", by=town.users["grid_head"])
    return shift


def confirmed(town: Town, volunteer: Volunteer, **facts: Any) -> Hours:
    shift = attended(town, volunteer, **facts)
    move_activity(activity=shift.activity, name="confirm", by=town.users["community_staff"])
    return Hours.objects.get(activity=shift.activity, volunteer=volunteer)


def test_the_leader_hands_in_and_the_community_confirms(town: Town) -> None:
    me = helper(town, who="volunteer")
    shift = attended(town, me)
    hours = Hours.objects.get()
    assert (hours.status, hours.credited) == ("submitted", Decimal("2.0"))
    with pytest.raises(PermissionDenied):
        move_activity(activity=shift.activity, name="confirm", by=town.users["grid_head"])
    move_activity(activity=shift.activity, name="confirm", by=town.users["community_staff"])
    assert balance(me) == Decimal("2.0")


def test_a_wish_and_the_lead_earn_more(town: Town) -> None:
    me = helper(town, who="volunteer")
    confirmed(town, me, lead=me, need=published(town, source="wish"))
    assert balance(me) == Decimal("5.0"), "2 hours at one and a half, and 2 for the wish"


def test_an_appeal_is_answered_by_a_reversing_entry(town: Town) -> None:
    me = helper(town, who="volunteer")
    hours = confirmed(town, me)
    move_hours(hours=hours, name="appeal", by=town.users["volunteer"], note="多记了")
    decide_appeal(
        hours=hours, credited=Decimal("1.5"), note="核减半小时", by=town.users["community_staff"]
    )
    assert [entry.delta for entry in PointsEntry.objects.order_by("id")] == [2, -2, Decimal("1.5")]
    Hours.objects.filter(pk=hours.pk).update(decided_at=timezone.now() - timedelta(days=8))
    hours.refresh_from_db()
    with pytest.raises(ValidationError, match="7 天"):
        move_hours(hours=hours, name="appeal", by=town.users["volunteer"], note="太晚")


def test_the_ledger_only_grows(town: Town) -> None:
    me, staff = helper(town, who="volunteer"), town.users["community_staff"]
    confirmed(town, me)
    entry = PointsEntry.objects.get()
    for act in (entry.save, entry.delete, PointsEntry.objects.all().delete):
        with pytest.raises(TypeError):
            act()
    with pytest.raises(ValidationError, match="现有 2"):
        redeem(volunteer=me, points=Decimal("2.5"), note="雨伞", by=staff)
    redeem(volunteer=me, points=Decimal("1.0"), note="毛巾", by=staff)
    reverse_entry(entry=entry, note="记错人", by=staff)
    with pytest.raises(ValidationError, match="已经冲正"):
        reverse_entry(entry=entry, note="再来", by=staff)
    assert balance(me) == Decimal("-1.0")


def test_hours_written_down_late_need_the_secretary_and_never_overlap(town: Town) -> None:
    user, me = town.users["volunteer"], helper(town, who="volunteer")
    shift = pass_by(scheduled(town), timedelta(days=9))
    given: dict[str, Any] = {"activity": shift.activity, "volunteer": me, "start": shift.starts_at,
             "end": shift.ends_at, "note": "忘了签到", "by": user}  # fmt: skip
    hours = enter_hours(**given)
    assert hours.status == "late"
    with pytest.raises(ValidationError, match="重叠"):
        enter_hours(**given)
    with pytest.raises(PermissionDenied):
        move_hours(hours=hours, name="approve", by=town.users["community_staff"])
    move_hours(hours=hours, name="approve", by=town.users["community_secretary"])
    with pytest.raises(PermissionDenied):
        move_hours(hours=hours, name="confirm", by=user)


def test_stars_follow_the_table(db: None) -> None:
    assert [stars_for(Decimal(h)) for h in (99, 100, 600, 5000)] == [0, 1, 3, 5]


def test_a_problem_becomes_one_case(town: Town) -> None:
    shift = attended(town, helper(town), grid=town.grid)
    found = evaluate(
        activity=shift.activity, side="beneficiary", rating=4, by=town.users["grid_head"],
        problem="楼道堆着旧家具",
    )  # fmt: skip
    case = report_problem(evaluation=found, by=town.users["grid_head"])
    assert case.grid == town.grid
    assert report_problem(evaluation=found, by=town.users["grid_head"]) == case
    me = person_of(town.users["grid_head"])
    note_served(activity=shift.activity, people=[me], others=3, summary="", by=None)
    assert shift.activity.served.count() == 1
