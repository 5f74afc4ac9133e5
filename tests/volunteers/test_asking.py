"""Asking in waves: two for a place, the next when they say no, nobody once it is full."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notices.models import Notification
from tests.town import Town
from tests.volunteers.help import helper, pass_by, published, scheduled
from volunteers.asking import fairness, half_day, helpers_in, slot_of
from volunteers.models import Ask, Shift, SignUp
from volunteers.services.activities import move_activity
from volunteers.services.asking import answer, run_waves, start_asking, stop_asking
from volunteers.services.reminders import remind
from volunteers.services.signups import cancel_sign_up, move_shift, sign_up

DAY = timedelta(days=1)


def people(town: Town, many: int) -> list[Any]:
    return [helper(town, f"帮手{number}") for number in range(many)]


def states(shift: Shift) -> list[str]:
    return sorted(Ask.objects.filter(shift=shift).values_list("status", flat=True))


def one_ask(shift: Shift, **facts: Any) -> Ask:
    found = Ask.objects.for_list().filter(shift=shift, **facts).order_by("id").first()
    assert found is not None
    return found


def test_waves_go_on_until_the_places_are_filled_and_then_stop(town: Town) -> None:
    shift, now = scheduled(town, capacity=1, ahead=5 * DAY), timezone.now()
    people(town, 6)
    assert start_asking(shift=shift, by=town.users["grid_head"], now=now) == 2
    with pytest.raises(ValidationError, match="等他们答复"):
        start_asking(shift=shift, by=town.users["grid_head"], now=now)
    answer(ask=one_ask(shift), name="decline", by=None)
    assert run_waves(now=now) == 1, "one said no, one more is asked"
    assert run_waves(now=now + timedelta(hours=25)) == 2, "two never answered"
    assert states(shift) == ["asked", "asked", "declined", "lapsed", "lapsed"]
    answer(ask=one_ask(shift, status="asked"), name="accept", by=None)
    assert states(shift) == ["accepted", "declined", "lapsed", "lapsed", "lapsed"]
    assert run_waves(now=now + timedelta(hours=26)) == 0
    assert SignUp.objects.get(shift=shift).status == "signed"
    late = one_ask(shift, status="lapsed")
    with pytest.raises(ValidationError, match="已失效"):
        answer(ask=late, name="accept", by=None)


def test_who_cancels_opens_the_place_for_the_next_wave(town: Town) -> None:
    shift, now = scheduled(town, capacity=1, ahead=5 * DAY), timezone.now()
    people(town, 4)
    start_asking(shift=shift, by=None, now=now)
    signup = answer(ask=one_ask(shift), name="accept", by=None)
    assert signup is not None
    cancel_sign_up(signup=signup, by=town.users["grid_head"])
    assert run_waves(now=now) == 2
    stop_asking(shift=shift, by=town.users["grid_head"])
    answer(ask=one_ask(shift, status="asked"), name="decline", by=None)
    assert run_waves(now=now) == 0


def test_nobody_gets_two_asks_in_a_wave(town: Town) -> None:
    now = timezone.now()
    shifts = [scheduled(town, capacity=1, ahead=(3 + day) * DAY) for day in range(3)]
    Shift.objects.filter(pk__in=[one.pk for one in shifts]).update(asking=True)
    people(town, 4)
    assert run_waves(now=now) == 4
    assert Ask.objects.values("volunteer").distinct().count() == 4
    assert run_waves(now=now) == 2, "in the next wave others' shifts are open to them"


def test_signing_up_oneself_answers_the_ask(town: Town) -> None:
    shift, me = scheduled(town, capacity=2, ahead=5 * DAY), helper(town, who="volunteer")
    start_asking(shift=shift, by=None)
    sign_up(shift=shift, volunteer=me, by=town.users["volunteer"])
    assert states(shift) == ["accepted"]


def test_a_moved_or_cancelled_shift_lets_the_asks_go_and_tells(town: Town) -> None:
    shift = scheduled(town, capacity=2, ahead=5 * DAY)
    me = helper(town, who="volunteer")
    people(town, 2)
    start_asking(shift=shift, by=None)
    answer(ask=one_ask(shift, volunteer=me), name="accept", by=None)
    staff = town.users["community_staff"]
    move_shift(
        shift=shift, starts_at=shift.starts_at + DAY, ends_at=shift.ends_at + DAY, capacity=2,
        by=staff,
    )  # fmt: skip
    assert states(shift) == ["accepted", "lapsed", "lapsed"]
    move_activity(activity=shift.activity, name="cancel", by=staff, note="下雨")
    assert SignUp.objects.get(volunteer=me).status == "cancelled"
    told = Notification.objects.filter(user=town.users["volunteer"]).order_by("id")
    assert [one.kind for one in told] == [
        "volunteer.asked", "volunteer.shift_moved", "volunteer.cancelled",
    ]  # fmt: skip


def test_who_moved_up_is_told_and_who_goes_tomorrow_reminded_once(town: Town) -> None:
    shift, me = (
        scheduled(town, capacity=1, ahead=20 * timedelta(hours=1)),
        helper(town, who="volunteer"),
    )
    other = sign_up(shift=shift, volunteer=helper(town), by=None)
    sign_up(shift=shift, volunteer=me, by=town.users["volunteer"])
    cancel_sign_up(signup=other, by=town.users["community_staff"])
    now = timezone.now()
    assert (remind(now=now), remind(now=now)) == (1, 0)
    told = Notification.objects.filter(user=town.users["volunteer"]).values_list("kind", flat=True)
    assert sorted(told) == ["volunteer.moved_up", "volunteer.reminder"]


def test_what_stands_in_the_way_is_said(town: Town) -> None:
    full = scheduled(town, capacity=1, ahead=5 * DAY)
    sign_up(shift=full, volunteer=helper(town), by=None)
    with pytest.raises(ValidationError, match="名额已满"):
        start_asking(shift=full, by=None)
    with pytest.raises(ValidationError, match="来不及"):
        start_asking(shift=scheduled(town, ahead=timedelta(hours=1)), by=None)
    lonely = scheduled(town, ahead=9 * DAY)
    from volunteers.models import Volunteer

    Volunteer.objects.update(status="paused")
    with pytest.raises(ValidationError, match="没有合适的志愿者"):
        start_asking(shift=lonely, by=None)
    with pytest.raises(PermissionDenied):
        start_asking(shift=lonely, by=town.users["volunteer"])


def test_others_do_not_answer_for_me(town: Town) -> None:
    shift = scheduled(town, ahead=5 * DAY)
    helper(town, who="corridor_head")
    start_asking(shift=shift, by=None)
    ask = one_ask(shift)
    with pytest.raises(PermissionDenied):
        answer(ask=ask, name="accept", by=town.users["volunteer"])
    answer(ask=ask, name="accept", by=town.users["grid_head"])
    assert SignUp.objects.get().volunteer == ask.volunteer, "written down after a phone call"


def test_the_beneficiary_and_who_helped_before_are_known(town: Town) -> None:
    need = published(town)
    elder = helper(town, "王奶奶")
    need.person = elder.person
    need.save()
    shift = scheduled(town, need=need, ahead=5 * DAY)
    slot = slot_of(shift, 1)
    assert (slot.beneficiary, slot.person) == (town.households[0].pk, elder.person_id)
    from volunteers.matching import ranked

    assert not ranked(slot, helpers_in(town.community, timezone.now()), 5)


def test_fairness_counts_who_was_asked(town: Town) -> None:
    people(town, 3)
    start_asking(shift=scheduled(town, capacity=1, ahead=5 * DAY), by=None)
    found = fairness(town.community, timezone.now())
    assert (found.serving, found.asked, found.not_asked, found.asks, found.most) == (3, 2, 1, 2, 1)


def test_the_half_day_follows_the_working_calendar(town: Town) -> None:
    at = timezone.datetime.fromisoformat  # type: ignore[attr-defined]
    assert half_day(at("2026-06-03T09:00:00+08:00")) == "workday_am"
    assert half_day(at("2026-06-06T14:00:00+08:00")) == "weekend_pm"
    assert half_day(at("2026-10-01T19:00:00+08:00")) == "weekend_eve", "a holiday"


def test_the_facts_cost_the_same_for_many(town: Town) -> None:
    shift = scheduled(town, ahead=5 * DAY)
    pass_by(scheduled(town))

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as log:
            slot_of(shift, 1)
            helpers_in(town.community, timezone.now())
        return len(log)

    people(town, 2)
    few = queries()
    people(town, 12)
    assert queries() == few


def test_on_the_phone_from_the_ask_to_the_place(town: Town, enter: Any) -> None:
    shift, me = scheduled(town, capacity=1, ahead=5 * DAY), helper(town, who="volunteer")
    lead, url = enter("grid_head"), f"/volunteers/shifts/{shift.pk}/ask/"
    page = lead.get(url).content.decode()
    assert "还没有邀请过" in page
    assert "邀请 2 人" in page
    assert "已邀请 1 人" in lead.post(url, follow=True).content.decode()
    client, ask = enter("volunteer"), one_ask(shift)
    assert "邀请您参加" in client.get(f"/volunteers/people/{me.pk}/").content.decode()
    assert "个志愿活动邀请您参加" in client.get("/").content.decode()
    assert client.get(url).status_code == 403
    client.post(f"/volunteers/ask/{ask.pk}/accept/move/")
    assert SignUp.objects.get().status == "signed"
    assert "要去的活动" in client.get(f"/volunteers/people/{me.pk}/").content.decode()
    assert enter("other_community_staff").get(url).status_code == 404
    assert enter("other_community_staff").post(f"{url}stop/").status_code == 404
    assert lead.post(f"{url}stop/").status_code == 302
