"""A new division of the ground and the end of a unit: Party work follows; the map's layers."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from grids.ground import DoorQuestion, answers_for, layers_for
from grids.models import Grid
from grids.signals import GridChange, grid_changed
from orgs.models import Unit
from orgs.services import merge, move
from orgs.signals import unit_ended
from partybuilding import services
from partybuilding.models import (
    AllianceMember,
    BasicsCheck,
    CheckIn,
    MemberDuty,
    MonthlyBoard,
    Pairing,
)
from tests.partybuilding.cast import engaged, june, record
from tests.partybuilding.test_joint import alliance_of, pairing
from tests.town import person_of

pytestmark = pytest.mark.django_db


def closed(town):
    grid_changed.send(
        sender=Grid, kind=GridChange.CLOSED, grid_ids=[town.grid.pk], building_ids=[],
        moved_to=town.sister_grid, by=None,
    )  # fmt: skip


def test_members_go_with_their_building(town):
    one = engaged(town)
    grid_changed.send(
        sender=Grid, kind=GridChange.BUILDINGS_MOVED, grid_ids=[town.grid.pk], by=None,
        building_ids=[town.building.pk], moved_to=town.sister_grid,
    )  # fmt: skip
    one.refresh_from_db()
    assert one.grid == town.sister_grid


def test_a_closed_grid_hands_over_and_nothing_stands_twice(town):
    one = engaged(town)
    twin = services.claim_duty(
        grid=town.sister_grid, person=one.person, kind="post", category="safety", duties="巡楼",
        start=date(2026, 5, 7), by=None,
    )  # fmt: skip
    moved = pairing(town)
    pairing(town, grid=town.sister_grid)
    other = pairing(town, unit=town.department)
    closed(town)
    assert CheckIn.objects.get(pk=one.pk).grid == town.sister_grid
    assert list(MemberDuty.objects.open()) == [twin]
    assert Pairing.objects.get(pk=moved.pk).ended_on == timezone.localdate()
    assert Pairing.objects.get(pk=other.pk).grid == town.sister_grid


def test_a_merged_unit_brings_its_members_and_pairings(town):
    one, alliance = engaged(town), alliance_of(town)
    kept = pairing(town)
    successor = Unit.objects.create(name="新学院", kind="university", district=town.district)
    unit_ended.send(sender=Unit, unit=town.partner, moved_to=successor, by=None)
    assert CheckIn.objects.get(pk=one.pk).unit == successor
    assert Pairing.objects.get(pk=kept.pk).unit == successor
    assert AllianceMember.objects.get(alliance=alliance, end=None).unit == successor


def test_the_layers_of_the_map(town):
    engaged(town)
    pairing(town)
    user = town.users["community_staff"]
    layers = {layer.code: layer for layer in layers_for(user)}
    grids = Grid.objects.visible_to(user)
    paired = layers["pairing"].shade(grids, user)
    assert paired[town.grid.pk].level == "green"
    assert paired[town.sister_grid.pk].level == "yellow"
    assert layers["duties"].shade(grids, user)[town.grid.pk].text == "责任区和责任岗 1 个"
    assert "pairing" not in {layer.code for layer in layers_for(town.users["partner_unit"])}


def test_who_answered_for_a_door(town):
    services.claim_duty(
        grid=town.grid, person=person_of(town.users["group_leader"]), kind="area", category="safety",
        duties="巡楼", start=date(2026, 1, 1), by=None, buildings=[town.building],
    )  # fmt: skip
    user = town.users["community_staff"]
    on = DoorQuestion(town.building, "", "", date(2026, 5, 1), user)
    assert ("党员责任区", "祖长河") in [(one.label, one.text) for one in answers_for(on)]
    before = DoorQuestion(town.building, "", "", date(2026, 1, 1) - timedelta(days=1), user)
    assert "党员责任区" not in [one.label for one in answers_for(before)]


def test_an_abolished_branch_owes_nothing_it_has_not_begun(town):
    board = june(town)
    record(town, board, "tell", cases=(), topics=())
    services.open_boards(today=date(2026, 7, 1))
    services.open_basics(today=date(2026, 6, 1))
    merge(node=town.branch, into=town.sister_branch, by=None)
    left = MonthlyBoard.objects.filter(branch=town.branch)
    assert [one.month for one in left] == [date(2026, 6, 1)]
    assert not BasicsCheck.objects.filter(branch=town.branch).exists()
    assert MonthlyBoard.objects.filter(branch=town.sister_branch).count() == 2


def test_a_branch_that_moves_takes_its_boards_along(town):
    board = june(town)
    move(node=town.branch, parent=town.sister_community, by=None)
    board.refresh_from_db()
    assert board.community == town.sister_community
