"""Two people at once: serials stay distinct, a slot is filled once, a household is edited once."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from grids.models import Grid, TeamSlot, TeamTemplate
from grids.services import assign_member, create_grid
from residents.models import Household
from residents.services import edit_household, reveal
from residents.services.residency import add_resident
from residents.services.reveal import DAILY_LIMIT, reveals_today
from tests.town import build_town, make_person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start together; return results or ValidationErrors."""
    results: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(index: int) -> None:
        start.wait()
        try:
            results[index] = acts[index]()
        except ValidationError as refusal:
            results[index] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_serials_stay_distinct() -> None:
    town = build_town()
    made = at_once(
        *[
            lambda n=n: create_grid(community=town.community, name=f"并发{n}", by=None)
            for n in range(6)
        ]
    )
    codes = {grid.code for grid in made}
    assert codes == {f"349901001001{n:03d}" for n in range(3, 9)}


def test_one_head_gets_the_slot() -> None:
    town = build_town()
    Grid.objects.filter(pk=town.far_grid.pk).update(
        team_template=TeamTemplate.objects.get(code="haiheng-1-2-n")
    )
    slot = TeamSlot.objects.get(template__code="haiheng-1-2-n", code="head")
    people = [make_person("甲"), make_person("乙")]
    answers = at_once(
        *[
            lambda person=person: assign_member(
                grid=town.far_grid, slot=slot, person=person, start=date(2026, 3, 2), by=None
            )
            for person in people
        ]
    )
    assert sum(isinstance(answer, ValidationError) for answer in answers) == 1
    assert town.far_grid.team.filter(slot=slot).count() == 1


def test_one_editor_wins() -> None:
    town = build_town()
    home = town.households[0]
    answers = at_once(
        *[
            lambda room=room: edit_household(
                household=Household.objects.get(pk=home.pk), version=1, by=None,
                entrance=home.entrance, room=room,
            )
            for room in ("201", "202")
        ]
    )  # fmt: skip
    assert sum(isinstance(answer, ValidationError) for answer in answers) == 1
    assert Household.objects.get(pk=home.pk).version == 2


def test_the_limit_of_reveals_is_not_passed_together() -> None:
    town = build_town()
    user = town.users["grid_head"]
    lives = add_resident(household=town.households[0], name="甲", phone="16900001234", by=None)
    for _ in range(DAILY_LIMIT - 1):
        reveal(residency=lives, field="phone", purpose="核实", by=user)
    answers = at_once(
        *[lambda: reveal(residency=lives, field="phone", purpose="核实", by=user) for _ in range(4)]
    )
    assert sum(answer == "16900001234" for answer in answers) == 1
    assert reveals_today(user) == DAILY_LIMIT
