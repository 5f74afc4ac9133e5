"""Signing up: the last place, the waiting list, cancelling, moved shifts, minors, no-shows."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from tests.town import Town, make_person
from tests.volunteers.help import helper, pass_by, published, scheduled, with_photo
from volunteers.models import SignUp
from volunteers.services.activities import move_activity
from volunteers.services.attendance import call_roll, sign_in, sign_out
from volunteers.services.signups import cancel_sign_up, confirm_new_time, move_shift, sign_up

HOUR = timedelta(hours=1)


def state(signup: SignUp) -> str:
    signup.refresh_from_db()
    return signup.status


def test_who_comes_too_late_waits_and_moves_up_by_itself(town: Town) -> None:
    shift = scheduled(town, capacity=1)
    first, second, third = (
        sign_up(shift=shift, volunteer=helper(town, name), by=None)
        for name in ("赵一", "钱二", "孙三")
    )
    assert [first.status, second.status, third.status] == ["signed", "waiting", "waiting"]
    cancel_sign_up(signup=first, by=town.users["community_staff"])
    assert [state(first), state(second), state(third)] == ["cancelled", "signed", "waiting"]
    move_shift(
        shift=shift, starts_at=shift.starts_at, ends_at=shift.ends_at, capacity=2,
        by=town.users["community_staff"],
    )  # fmt: skip
    assert state(third) == "signed"
    with pytest.raises(ValidationError, match="不能少于 2"):
        move_shift(
            shift=shift, starts_at=shift.starts_at, ends_at=shift.ends_at, capacity=1,
            by=town.users["community_staff"],
        )  # fmt: skip


def test_two_hours_before_it_is_too_late_to_go(town: Town) -> None:
    user = town.users["volunteer"]
    shift, me = scheduled(town), helper(town, who="volunteer")
    signup = sign_up(shift=shift, volunteer=me, by=user)
    soon = shift.starts_at - HOUR
    with pytest.raises(ValidationError, match="不到 2 小时"):
        cancel_sign_up(signup=signup, by=user, now=soon)
    with pytest.raises(ValidationError, match="已经报过名"):
        sign_up(shift=shift, volunteer=me, by=user)
    cancel_sign_up(signup=signup, by=user, now=shift.starts_at - 2 * HOUR)
    assert sign_up(shift=shift, volunteer=me, by=user).status == "signed"
    with pytest.raises(PermissionDenied):
        sign_up(shift=shift, volunteer=helper(town), by=user)


def test_nobody_is_in_two_places(town: Town) -> None:
    me, one, other = helper(town), scheduled(town), scheduled(town, ahead=timedelta(hours=25))
    sign_up(shift=one, volunteer=me, by=None)
    with pytest.raises(ValidationError, match="时间冲突"):
        sign_up(shift=other, volunteer=me, by=None)


def test_a_moved_shift_loses_nobody(town: Town) -> None:
    user = town.users["volunteer"]
    shift, me = scheduled(town), helper(town, who="volunteer")
    signup = sign_up(shift=shift, volunteer=me, by=user)
    move_shift(
        shift=shift, starts_at=shift.starts_at + HOUR, ends_at=shift.ends_at + HOUR, capacity=2,
        by=town.users["community_staff"],
    )  # fmt: skip
    signup.refresh_from_db()
    assert (signup.status, signup.to_confirm) == ("signed", True)
    confirm_new_time(signup=signup, by=user)
    signup.refresh_from_db()
    assert not signup.to_confirm


def test_who_is_helped_does_not_help_at_the_same_time(town: Town) -> None:
    need = published(town)
    elder = helper(town, "王奶奶")
    need.person = elder.person
    need.save()
    shift = scheduled(town, need=need)
    with pytest.raises(ValidationError, match="服务对象"):
        sign_up(shift=shift, volunteer=elder, by=None)


def test_minors_come_with_their_guardians_word(town: Town) -> None:
    child = make_person("小明")
    child.set_birth_date(date(timezone.localdate().year - 12, 1, 1))
    child.save()
    from volunteers.services.teams import register_volunteer

    minor = register_volunteer(community=town.community, by=None, person=child)
    closed, shift = scheduled(town), scheduled(town, minors_welcome=True)
    with pytest.raises(ValidationError, match="不招募未成年人"):
        sign_up(shift=closed, volunteer=minor, by=None, guardian_agreed=True)
    with pytest.raises(ValidationError, match="监护人"):
        sign_up(shift=shift, volunteer=minor, by=None, guardian_agreed=True)
    minor.guardian_name, minor.guardian_phone = "明妈妈", "16900001111"
    minor.save()
    with pytest.raises(ValidationError, match="监护人"):
        sign_up(shift=shift, volunteer=minor, by=None)
    assert sign_up(shift=shift, volunteer=minor, by=None, guardian_agreed=True).status == "signed"


def test_signing_in_and_out_keeps_to_the_window(town: Town) -> None:
    user, shift = town.users["volunteer"], scheduled(town)
    with pytest.raises(ValidationError, match="没有报名"):
        sign_in(shift=shift, by=user)
    sign_up(shift=shift, volunteer=helper(town, who="volunteer"), by=user)
    with pytest.raises(ValidationError, match="还没有签到"):
        sign_out(shift=shift, by=user, now=shift.ends_at)
    with pytest.raises(ValidationError, match="现在不能签到"):
        sign_in(shift=shift, by=user, now=shift.starts_at - timedelta(minutes=31))
    sign_in(shift=shift, by=user, now=shift.starts_at - timedelta(minutes=30))
    with pytest.raises(ValidationError, match="已经签到"):
        sign_in(shift=shift, by=user, now=shift.starts_at)
    with pytest.raises(ValidationError, match="点名补登"):
        sign_out(shift=shift, by=user, now=shift.ends_at + timedelta(minutes=31))
    done = sign_out(shift=shift, by=user, now=shift.ends_at + timedelta(minutes=30))
    assert done.out_at is not None


def test_three_times_missing_limits_to_one_place_at_a_time(town: Town) -> None:
    me = helper(town)
    for days in (1, 2, 3):
        shift = scheduled(town, ahead=timedelta(days=days))
        sign_up(shift=shift, volunteer=me, by=None)
        pass_by(shift, timedelta(days=days))
        move_activity(activity=shift.activity, name="submit", by=None)
    assert me.signups.filter(status="no_show").count() == 3
    sign_up(shift=scheduled(town, ahead=timedelta(days=5)), volunteer=me, by=None)
    with pytest.raises(ValidationError, match="一次只能报一个"):
        sign_up(shift=scheduled(town, ahead=timedelta(days=6)), volunteer=me, by=None)


def test_by_phone_from_the_activity_to_the_code(town: Town, enter: Any) -> None:
    shift, client = scheduled(town, ahead=timedelta(minutes=10)), enter("volunteer")
    assert client.post(f"/volunteers/shifts/{shift.pk}/join/").url == "/volunteers/me/"
    assert (
        client.post("/volunteers/me/", {"max_distance": "1000", "skills": ["company"]}).status_code
        == 302
    )
    assert (
        "待审核"
        in client.post(f"/volunteers/shifts/{shift.pk}/join/", follow=True).content.decode()
    )
    hat = town.users["volunteer"].person.volunteer  # type: ignore[union-attr]
    assert client.post(f"/volunteers/people/{hat.pk}/active/").status_code == 403
    enter("community_staff").post(f"/volunteers/people/{hat.pk}/active/")
    assert (
        "报名成功"
        in client.post(f"/volunteers/shifts/{shift.pk}/join/", follow=True).content.decode()
    )
    page = client.get(f"/volunteers/s/{shift.token}/").content.decode()
    assert "签到" in page
    assert "已签到" in client.post(f"/volunteers/s/{shift.token}/", follow=True).content.decode()
    assert client.get(f"/volunteers/shifts/{shift.pk}/code/").status_code == 403
    assert "<svg" in enter("grid_head").get(f"/volunteers/shifts/{shift.pk}/code/").content.decode()
    assert enter("other_community_staff").get(f"/volunteers/s/{shift.token}/").status_code == 404


def test_the_roll_keeps_what_was_typed(town: Town, enter: Any) -> None:
    shift = scheduled(town)
    signup = sign_up(shift=shift, volunteer=helper(town), by=None)
    pass_by(shift)
    with_photo(town, shift.activity)
    client, url = enter("grid_head"), f"/volunteers/shifts/{shift.pk}/roll/"
    start = timezone.localtime(shift.starts_at)
    typed = {f"here-{signup.pk}": "on", f"in-{signup.pk}": f"{start:%Y-%m-%dT%H:%M}",
             f"out-{signup.pk}": "2020-01-01T00:00"}  # fmt: skip
    bad = client.post(url, typed)
    assert bad.status_code == 400
    assert "2020-01-01T00:00" in bad.content.decode()
    typed[f"out-{signup.pk}"] = f"{timezone.localtime(shift.ends_at):%Y-%m-%dT%H:%M}"
    assert client.post(url, typed).status_code == 302
    assert state(signup) == "attended"
    assert call_roll(shift=shift, times={signup.pk: None}, by=town.users["grid_head"]) == 1
    assert state(signup) == "signed"
