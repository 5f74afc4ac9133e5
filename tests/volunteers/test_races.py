"""Two at once: the last place, the last quantity, the same hours; one wins, the other reads why."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from residents.models import Need
from tests.town import Town, build_town
from tests.volunteers.help import helper, open_resource, published, scheduled
from volunteers.models import Ask, Claim, Shift, SignUp, Volunteer
from volunteers.services.asking import answer, start_asking
from volunteers.services.claims import send_to
from volunteers.services.signups import cancel_sign_up, sign_up

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town() -> Town:
    return build_town()


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run all at the same moment, each with its own connection; return how each ended."""
    ends: list[str] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            ends.append(str(act()))
        except ValidationError as refused:
            ends.append(" ".join(refused.messages))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(ends)


def test_the_last_place_goes_to_one_and_the_others_wait(town: Town) -> None:
    shift = scheduled(town, capacity=1)
    people = [helper(town, f"帮手{number}") for number in range(4)]
    ends = at_once(
        *(lambda who=who: sign_up(shift=shift, volunteer=who, by=None).status for who in people)  # type: ignore[misc]
    )
    assert ends == ["signed", "waiting", "waiting", "waiting"]
    assert SignUp.objects.filter(shift=shift).count() == 4, "nobody is lost"


def test_the_same_tap_twice_signs_up_once(town: Town) -> None:
    shift, me = scheduled(town), helper(town)
    ends = at_once(*[lambda: sign_up(shift=shift, volunteer=me, by=None).status] * 2)
    assert ends == ["signed", "已经报过名了。"]


def test_two_shifts_at_the_same_time_take_a_person_once(town: Town) -> None:
    one, other, me = scheduled(town), scheduled(town, ahead=timedelta(hours=25)), helper(town)
    ends = at_once(
        lambda: sign_up(shift=one, volunteer=me, by=None).status,
        lambda: sign_up(shift=other, volunteer=me, by=None).status,
    )
    assert ends[0] == "signed"
    assert "时间冲突" in ends[1]


def test_two_places_given_back_at_once_let_two_move_up(town: Town) -> None:
    shift = scheduled(town, capacity=2)
    signups = [sign_up(shift=shift, volunteer=helper(town, f"甲{n}"), by=None) for n in range(5)]
    by = town.users["community_staff"]
    at_once(*(lambda one=one: cancel_sign_up(signup=one, by=by) for one in signups[:2]))  # type: ignore[misc]
    states = list(SignUp.objects.order_by("id").values_list("status", flat=True))
    assert states == ["cancelled", "cancelled", "signed", "signed", "waiting"]


def test_a_place_given_back_while_another_joins_is_neither_lost_nor_double(town: Town) -> None:
    shift = scheduled(town, capacity=1)
    has = sign_up(shift=shift, volunteer=helper(town, "甲"), by=None)
    sign_up(shift=shift, volunteer=helper(town, "乙"), by=None)
    new, by = helper(town, "丙"), town.users["community_staff"]
    at_once(
        lambda: cancel_sign_up(signup=has, by=by),
        lambda: sign_up(shift=shift, volunteer=new, by=None),
    )
    states = list(SignUp.objects.order_by("id").values_list("status", flat=True))
    assert states == ["cancelled", "signed", "waiting"], "who waited longer goes first"


def test_two_say_yes_to_the_last_place(town: Town) -> None:
    shift = scheduled(town, capacity=1, ahead=timedelta(days=5))
    for number in range(2):
        helper(town, f"帮手{number}")
    start_asking(shift=shift, by=None)
    asks = list(Ask.objects.for_list())
    ends = at_once(*(lambda ask=ask: answer(ask=ask, name="accept", by=None) for ask in asks))  # type: ignore[misc]
    assert SignUp.objects.filter(status="signed").count() == 1
    assert any("已失效" in end for end in ends), ends


def test_two_waves_at_once_ask_nobody_twice(town: Town) -> None:
    shift = scheduled(town, capacity=1, ahead=timedelta(days=5))
    for number in range(6):
        helper(town, f"帮手{number}")
    at_once(*[lambda: start_asking(shift=shift, by=None)] * 2)
    assert Ask.objects.count() == 2
    assert Volunteer.objects.exclude(last_asked_at=None).count() == 2
    assert Shift.objects.get(pk=shift.pk).asking


def test_no_more_is_taken_than_is_needed(town: Town) -> None:
    need, resource = published(town, quantity=3), open_resource(town, capacity=2)

    def take(quantity: int) -> str:
        return send_to(need=Need.objects.get(pk=need.pk), unit=town.partner, quantity=quantity,
                       resource=resource, by=None).status  # fmt: skip

    ends = at_once(lambda: take(2), lambda: take(2))
    assert ends[0] == "sent"
    assert sum(Claim.objects.values_list("quantity", flat=True)) == 2
