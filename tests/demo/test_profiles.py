"""The demonstration in the size of the report: what 报告数字 counts is what was declared."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from gridparty.demo.enlarge import enlarge
from gridparty.demo.people import People
from gridparty.demo.places import build_places
from gridparty.demo.profiles import PROFILES, more_trees
from gridparty.demo.recruiting import Recruiter
from gridparty.demo.scale import SMALL, Setting
from gridparty.demo.tree import build_trees
from gridparty.demo.units import build_units
from gridparty.demo.world import World
from orgs.integrity import tree_problems
from orgs.models import Region, User
from orgs.roles import Role
from partybuilding.numbers import groups_for
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db

# Declared for a test, beyond what trees and grids alone give: 10, 4 and 16 branches.
FEW = {
    "xuancheng": {
        "branches": 13, "groups": 27, "leaders": 21, "heads": 20, "teams": 8, "policy": 7,
        "clean": 5, "aid": 9,
    },
    "huangshan": {
        "grids": 11, "branches": 11, "groups": 37, "meetings": 9, "units": 24, "teams": 9, "papers": 3,
    },
    "haiheng": {
        "grids": 67, "grids_residential": 59, "grids_exclusive": 3, "grids_reserved": 5,
        "communities": 6, "branches": 16, "groups": 46, "partners": 32, "hot": 9,
    },
}  # fmt: skip


def test_the_declared_sizes_are_those_of_the_report() -> None:
    xuancheng, huangshan, haiheng = (
        PROFILES[key].sizes for key in ("xuancheng", "huangshan", "haiheng")
    )
    assert xuancheng == {
        "branches": 185, "groups": 368, "leaders": 966, "heads": 9600, "teams": 460,
        "policy": 760, "clean": 580, "aid": 1200,
    }  # fmt: skip
    assert huangshan["branches"] + huangshan["groups"] == 1286
    figures = ("grids", "trainings", "trained", "meetings", "units", "teams")
    assert [huangshan[code] for code in figures] == [240, 96, 1248, 329, 592, 261]
    assert (huangshan["support"], huangshan["grid_subsidy"]) == (2_670_000, 4_030_000)
    assert haiheng == {
        "grids": 67, "grids_residential": 59, "grids_exclusive": 3, "grids_reserved": 5,
        "communities": 6, "branches": 16, "groups": 46, "teams": 6, "services": 175,
        "partners": 32, "projects": 42, "categories": 7, "hot": 120, "deployed": 235,
    }  # fmt: skip


def test_streets_are_added_until_the_branches_and_groups_are_there() -> None:
    plans = more_trees(PROFILES["xuancheng"], 175, 348, 9320)
    communities = [one for plan in plans for one in plan.communities]
    assert sum(one.residential for one in communities) == 175
    assert sum(sum(one.groups) for one in communities) == 348
    assert len({one.code for one in communities} | {plan.root_code for plan in plans}) == 35 + 7
    three_levels = more_trees(PROFILES["huangshan"], 236, 1038, 0)
    assert all(plan.root_code == plan.communities[0].code for plan in three_levels)
    assert more_trees(PROFILES["haiheng"], 0, 0, 0) == []


def test_the_page_counts_what_was_declared(client: Client) -> None:
    world = World(Setting(SMALL, 1, NOW.date()))
    people = People(world.setting.rng("people"), world.setting.today)
    recruiter = Recruiter(world, people)
    build_trees(world)
    build_units(world)
    build_places(world)
    for key, sizes in FEW.items():
        profile = PROFILES[key].with_sizes(**sizes)
        if key == "haiheng":  # its official is one of the usual cast
            official = recruiter.open_login(
                profile.login, recruiter.hire(), Role.DISTRICT_OFFICIAL,
                region=Region.objects.get(code=profile.region),
            )  # fmt: skip
        enlarge(world, people, recruiter, profile, NOW)
        official = User.objects.get(username=profile.login)
        found = {one.code: one for _, row in groups_for(official) for one in row}
        assert {code: found[code].value for code in sizes} == sizes
        client.force_login(official)
        assert client.get(reverse("partybuilding:numbers")).status_code == 200
        for one in found.values():
            assert client.get(one.url).status_code == 200, (key, one)
    assert tree_problems() == []
