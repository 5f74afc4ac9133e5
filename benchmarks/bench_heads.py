"""Corridor heads: link 96,000 households to 9,600 heads, against reading and writing the same rows.

The floor reads the doors once and writes as many links once. Measured are the plan alone (pure),
the whole assignment from nothing (read, plan, write in one transaction) and a second run, which
must change nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from benchmarks.run import Figure

HOMES, HEADS = 96_000, 9_600
PER_ENTRANCE, PER_BUILDING, PER_COMPOUND, PER_GRID = 12, 48, 960, 480
DAY = date(2026, 3, 2)


def run() -> list[Figure]:
    from residents.assigning import propose
    from residents.linking import assign
    from residents.models import Household, LinkedHousehold
    from residents.services import apply_assignment

    build_ground()
    homes = Household.objects.all()
    floor = _seconds(_floor)
    LinkedHousehold.objects.all().delete()
    proposal = propose(homes, DAY)
    keepers = _keepers()
    plan = _seconds(lambda: assign(proposal.homes, keepers, {}))
    first = _seconds(lambda: apply_assignment(homes=homes, day=DAY, by=None))
    covered = LinkedHousehold.objects.open().count()
    assert covered == HOMES, f"{HOMES - covered} households have nobody"
    again = _seconds(lambda: apply_assignment(homes=homes, day=DAY + timedelta(days=1), by=None))
    assert LinkedHousehold.objects.count() == HOMES
    what = f"{HOMES:,} homes × {HEADS:,} heads"
    return [
        Figure(f"{what}: plan alone", plan, floor, 1, "one read + one bulk write"),
        Figure(f"{what}: read, plan, write", first, floor, 3, "one read + one bulk write"),
        Figure(f"{what}: second run, no change", again, floor, 2, "one read + one bulk write"),
        Figure(f"{what}: whole run in 30 s", first, 30, 1, "30 seconds"),
    ]


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _floor() -> None:
    """Read every door in order, and write one link for each."""
    from orgs.models import Person
    from residents.models import Household, LinkedHousehold

    rows = list(
        Household.objects.order_by("sort_key", "id").values_list(
            "id", "building__compound_id", "building_id", "entrance_id"
        )
    )
    head = Person.objects.order_by("pk")[0].pk
    LinkedHousehold.objects.bulk_create(
        [LinkedHousehold(household_id=row[0], head_id=head, start=DAY) for row in rows],
        batch_size=10_000,
    )


def _keepers() -> list[Any]:
    from residents.linking import Keeper
    from residents.models import Residency

    rows = Residency.objects.values_list("person_id", "household_id")
    return [Keeper(person, home) for person, home in rows]


def build_ground() -> None:
    """Make one community with 200 grids of 10 buildings, four entrances of twelve doors each."""
    from grids.models import Building, Compound, Entrance, Grid
    from orgs.levels import OrgForm, Tier
    from orgs.models import OrgUnit, Person, Region
    from residents.headship import HeadState
    from residents.models import CorridorHead, Household, Residency

    for code, level in (("34", 1), ("3499", 2), ("349901", 3)):
        Region.objects.get_or_create(
            code=code, defaults={"name": code, "level": level, "parent_id": code[:-2] or None}
        )
    street = OrgUnit.objects.create(
        name="街道", tier=Tier.STREET, org_form=OrgForm.WORKING_COMMITTEE
    )
    community = OrgUnit.objects.create(
        name="社区", tier=Tier.COMMUNITY, org_form=OrgForm.COMMITTEE, parent=street
    )
    scope: dict[str, Any] = {
        "district_id": "349901", "street_id": street.pk, "community_id": community.pk,
    }  # fmt: skip
    grids = Grid.objects.bulk_create(
        Grid(code=f"3499010990{n:05d}", name=f"第{n}网格", **scope)
        for n in range(HOMES // PER_GRID)
    )
    compounds = Compound.objects.bulk_create(
        Compound(community=community, name=f"小区{n:03d}") for n in range(HOMES // PER_COMPOUND)
    )
    buildings = Building.objects.bulk_create(
        Building(
            compound=compounds[n * PER_BUILDING // PER_COMPOUND], name=f"{n:04d}栋",
            grid=grids[n * PER_BUILDING // PER_GRID], sort_key=f"{n:04d}", **scope,
        )
        for n in range(HOMES // PER_BUILDING)
    )  # fmt: skip
    entrances = Entrance.objects.bulk_create(
        Entrance(
            building=buildings[n * PER_ENTRANCE // PER_BUILDING], name=f"{n % 4 + 1}单元",
            sort_key=str(n % 4),
        )
        for n in range(HOMES // PER_ENTRANCE)
    )  # fmt: skip
    homes = Household.objects.bulk_create(
        (
            Household(
                building=buildings[n // PER_BUILDING], entrance=entrances[n // PER_ENTRANCE],
                grid=grids[n // PER_GRID], room=f"{n % PER_ENTRANCE:03d}", sort_key=f"{n:09d}",
                **scope,
            )
            for n in range(HOMES)
        ),
        batch_size=5_000,
    )  # fmt: skip
    people = Person.objects.bulk_create(
        (Person(name=f"楼道长{n}") for n in range(HEADS)), batch_size=5_000
    )
    # Every tenth door or so, so that entrances have none, one or two heads.
    doors = [homes[n * 10 + n * 7 % 10] for n in range(HEADS)]
    Residency.objects.bulk_create(
        (
            Residency(person=person, household=home)
            for person, home in zip(people, doors, strict=True)
        ),
        batch_size=5_000,
    )
    CorridorHead.objects.bulk_create(
        (
            CorridorHead(
                person=person, grid_id=home.grid_id, building_id=home.building_id,
                state=HeadState.SERVING, nominated_on=DAY, start=DAY, **scope,
            )
            for person, home in zip(people, doors, strict=True)
        ),
        batch_size=5_000,
    )  # fmt: skip
