"""What goes wrong in a day: cancelled needs, moved shifts, nights, forgotten sign-ins; sentences."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridparty.lib.china_time import SHANGHAI
from notices.models import Notification
from residents.services import move_need
from tests.town import Town, person_of
from tests.volunteers.help import activity, helper, open_resource, published, scheduled, shift
from volunteers.models import Hours, HoursDay, PointsEntry, Shift
from volunteers.services.activities import move_activity, note_served
from volunteers.services.attendance import call_roll
from volunteers.services.claims import ask_for, move_claim, send_to
from volunteers.services.hours import credit_activity, enter_hours, overlapping
from volunteers.services.signups import move_shift, sign_up


def test_a_need_withdrawn_while_matched_lets_its_claims_go_and_tells_the_unit(town: Town) -> None:
    need, resource = published(town, quantity=2), open_resource(town, capacity=1)
    claim = send_to(need=need, unit=town.partner, resource=resource, quantity=1, by=None)
    move_claim(claim=claim, name="accept", by=None)
    resource.refresh_from_db()
    assert resource.status == "reserved"
    need.refresh_from_db()
    move_need(need=need, move="withdraw", by=town.users["grid_head"], note="搬走了")
    claim.refresh_from_db()
    resource.refresh_from_db()
    assert (claim.status, resource.status) == ("cancelled", "open")
    told = Notification.objects.filter(user=town.users["partner_unit"]).order_by("id")
    assert [one.title.split("：")[0] for one in told] == [
        "社区派来一条需求",
        "需求已了结，不用再办",
    ]
    with pytest.raises(ValidationError, match="已取消"):
        move_claim(claim=claim, name="deliver", by=None, note="办了")
    with pytest.raises(ValidationError, match="不能再认领"):
        send_to(need=need, unit=town.partner, quantity=1, by=None)


def test_a_claim_above_the_quantity_says_how_much_is_left(town: Town, enter: Any) -> None:
    need = published(town, quantity=2)
    with pytest.raises(ValidationError, match="最多填 2"):
        ask_for(need=need, unit=town.partner, quantity=3, by=town.users["partner_unit"])
    client, url = enter("partner_unit"), f"/volunteers/needs/{need.pk}/claim/"
    page = client.post(url, {"unit": town.partner.pk, "quantity": 3, "note": "都给我们吧"})
    text = page.content.decode()
    assert page.status_code == 400
    assert "最多填 2" in text
    assert "都给我们吧" in text, "nothing typed is lost"
    assert client.post(url, {"unit": town.partner.pk, "quantity": 2}).status_code == 302
    staff = enter("community_staff")
    assert "全部有人认领" in staff.get(
        f"/volunteers/needs/{need.pk}/send/", follow=True
    ).content.decode()  # fmt: skip


def test_a_volunteer_is_not_the_beneficiary_of_the_same_day(town: Town) -> None:
    one, me = scheduled(town), helper(town, who="volunteer")
    sign_up(shift=one, volunteer=me, by=None)
    with pytest.raises(ValidationError, match="不能同时是服务对象"):
        note_served(
            activity=one.activity, people=[me.person], others=0, summary="", by=None
        )  # fmt: skip
    note_served(
        activity=one.activity, people=[person_of(town.users["group_leader"])], others=0, summary="",
        by=None,
    )  # fmt: skip


def test_a_shift_moved_onto_another_place_waits_for_the_answer(town: Town, enter: Any) -> None:
    me = helper(town, who="volunteer")
    early, late = scheduled(town), scheduled(town, ahead=timedelta(days=2))
    for one in (early, late):
        sign_up(shift=one, volunteer=me, by=None)
    move_shift(
        shift=late, starts_at=early.starts_at, ends_at=early.ends_at, capacity=2,
        by=town.users["community_staff"],
    )  # fmt: skip
    client = enter("volunteer")
    page = client.get(f"/volunteers/activities/{late.activity_id}/").content.decode()
    assert "改了时间" in page
    signup = late.signups.get()
    said = client.post(f"/volunteers/signups/{signup.pk}/confirm/", follow=True).content.decode()
    assert "时间冲突" in said
    assert "已取消报名" in client.post(
        f"/volunteers/signups/{early.signups.get().pk}/cancel/", follow=True
    ).content.decode()  # fmt: skip
    said = client.post(f"/volunteers/signups/{signup.pk}/confirm/", follow=True).content.decode()
    assert "已确认新时间" in said


def test_a_night_at_the_gate_counts_for_both_days(town: Town) -> None:
    me = helper(town, who="volunteer")
    row = activity(town, title="汛期值守")
    yesterday = timezone.localtime() - timedelta(days=2)
    start = yesterday.replace(hour=22, minute=0, second=0, microsecond=0)
    one = shift(row, timezone.now() + timedelta(days=1), hours=5)
    move_activity(activity=row, name="publish", by=None)
    signup = sign_up(shift=one, volunteer=me, by=None)
    Shift.objects.filter(pk=one.pk).update(starts_at=start, ends_at=start + timedelta(hours=5))
    one = Shift.objects.select_related("activity").get(pk=one.pk)
    call_roll(
        shift=one, times={signup.pk: (start, start + timedelta(hours=5))},
        by=town.users["grid_head"],
    )  # fmt: skip
    credit_activity(activity=row, by=None)
    days = list(HoursDay.objects.order_by("day").values_list("credited", flat=True))
    assert days == [Decimal("2.0"), Decimal("3.0")]
    with pytest.raises(ValidationError, match="重叠"):
        row.refresh_from_db()
        row.starts_at, row.ends_at = start, start + timedelta(hours=5)
        enter_hours(
            activity=row, volunteer=me, start=start + timedelta(hours=3),
            end=start + timedelta(hours=4), note="忘了", by=town.users["volunteer"],
        )  # fmt: skip


def test_who_forgot_to_sign_out_holds_the_hours_until_the_roll_is_called(
    town: Town, enter: Any, media: Any
) -> None:
    from tests.volunteers.help import pass_by, with_photo
    from volunteers.services.attendance import sign_in

    me, one = helper(town, who="volunteer"), scheduled(town)
    sign_up(shift=one, volunteer=me, by=None)
    sign_in(shift=one, by=town.users["volunteer"], now=one.starts_at)
    with_photo(town, one.activity)
    pass_by(one)
    client = enter("grid_head")
    url = f"/volunteers/activity/{one.activity_id}/submit/move/"
    assert "没有签退" in client.post(url, follow=True).content.decode()
    assert not Hours.objects.exists()
    signup = one.signups.get()
    call_roll(
        shift=one, times={signup.pk: (one.starts_at, one.ends_at)}, by=town.users["grid_head"]
    )
    client.post(url)
    assert Hours.objects.get().credited == Decimal("2.0")


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(stays=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20)), min_size=1, max_size=5))
def test_whatever_is_handed_in_no_minute_and_no_day_counts_twice(
    town: Town, stays: list[tuple[int, int]]
) -> None:
    """Stays of half hours over a day and a half, entered in any order, some overlapping."""
    from django.db import transaction

    with transaction.atomic():
        me = helper(town, f"帮手{len(stays)}")
        day = datetime(2026, 3, 2, 6, 0, tzinfo=SHANGHAI)
        for start, length in stays:
            begin = day + timedelta(minutes=30 * start)
            row = activity(town)
            one = shift(row, begin, hours=length / 2)
            Shift.objects.filter(pk=one.pk).update(starts_at=begin)
            signup = one.signups.create(volunteer=me, status="attended", in_at=begin,
                                        out_at=begin + timedelta(minutes=30 * length))  # fmt: skip
            assert signup.pk
            credit_activity(activity=row, by=None)
        rows = list(Hours.objects.filter(volunteer=me))
        for row_ in rows:
            assert overlapping(me, row_.start, row_.end).count() == 1
            assert row_.credited == sum(one.credited for one in row_.days.all())
        per_day: dict[Any, Decimal] = {}
        for part in HoursDay.objects.filter(hours__volunteer=me):
            per_day[part.day] = per_day.get(part.day, Decimal(0)) + part.credited
        assert all(total <= 8 for total in per_day.values())
        assert not PointsEntry.objects.filter(volunteer=me).exists(), "nothing before confirmation"
        transaction.set_rollback(True)
