"""Who sees which case, and what of its reporter."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from cases.models import Case
from cases.services import contact_for, reveal_contact
from cases.workflow import Status
from grids.models import Grid
from grids.signals import GridChange, grid_changed
from orgs.models import AuditEntry
from tests.cases.cast import Story, reported
from tests.town import Town

HERE = {
    "street_admin", "dispatcher", "second_dispatcher", "community_staff", "community_secretary",
    "branch_secretary", "group_leader", "district_official", "grid_head", "grid_worker_ft",
    "grid_worker_pt", "police_contact", "grid_informant",
}  # fmt: skip


def seers(town: Town, case: Case) -> set[str]:
    return {
        key for key, user in town.users.items()
        if Case.objects.visible_to(user).filter(pk=case.pk).exists()
    }  # fmt: skip


def test_a_case_is_seen_by_its_ground_and_nobody_else(town: Town) -> None:
    assert seers(town, reported(town)) == HERE


def test_a_case_of_another_street_is_seen_by_its_own_people_only(town: Town) -> None:
    case = reported(town, building=town.other_building)
    assert seers(town, case) == {
        "other_street_admin", "other_community_staff", "other_grid_head", "district_official",
    }  # fmt: skip


def test_a_department_sees_a_case_while_it_has_a_part(town: Town) -> None:
    story = Story(town).assigned(co_units=[town.second_department])
    assert {"dept_handler", "second_dept_handler"} <= seers(town, story.case)
    story.step("return_back", "dept_handler", reason="unclear", note="不清楚")
    assert not {"dept_handler", "second_dept_handler"} & seers(town, story.case)


def test_everybody_sees_own_reports(town: Town) -> None:
    for key in ("corridor_head", "volunteer"):
        case = reported(town, by=town.users[key], building=town.sister_building)
        assert key in seers(town, case)
        assert Case.objects.visible_to(town.users[key]).count() == 1


def test_a_visitor_or_a_disabled_user_sees_nothing(town: Town) -> None:
    from django.contrib.auth.models import AnonymousUser

    reported(town)
    assert not Case.objects.visible_to(AnonymousUser()).exists()
    user = town.users["street_admin"]
    user.is_active = False
    assert not Case.objects.visible_to(user).exists()


def level(town: Town, case: Case, key: str) -> tuple[str, bool]:
    contact = contact_for(case, town.users[key])
    return contact.level, contact.may_reveal


def with_contact(town: Town, **more: Any) -> Story:
    return Story(town, reporter_name="郑测试", reporter_phone="16912345678", **more)


def test_a_contact_is_masked_until_somebody_asks_with_a_purpose(town: Town) -> None:
    case = with_contact(town).assigned().case
    contact = contact_for(case, town.users["grid_head"])
    assert (contact.name, contact.phone, contact.may_reveal) == ("郑*试", "169****5678", True)
    assert level(town, case, "dept_handler") == ("masked", True)
    assert level(town, case, "branch_secretary") == ("masked", False)
    assert level(town, case, "district_official") == ("masked", False)
    with pytest.raises(PermissionDenied):
        reveal_contact(case=case, by=town.users["branch_secretary"], purpose="好奇")
    with pytest.raises(PermissionDenied):
        reveal_contact(case=case, by=town.users["grid_head"], purpose=" ")
    shown = reveal_contact(case=case, by=town.users["grid_head"], purpose="约定上门时间")
    assert (shown.level, shown.name, shown.phone) == ("full", "郑测试", "16912345678")
    entry = AuditEntry.objects.get(action="case.reveal_contact")
    assert (entry.actor, entry.purpose) == (town.users["grid_head"], "约定上门时间")


def test_a_confidential_reporter_is_hidden_from_whoever_handles(town: Town) -> None:
    case = with_contact(town, category="security-clue").assigned().case
    for key in ("dept_handler", "grid_head", "grid_worker_ft", "community_staff"):
        assert level(town, case, key) == ("hidden", False), key
        with pytest.raises(PermissionDenied):
            reveal_contact(case=case, by=town.users[key], purpose="联系")
    assert level(town, case, "dispatcher") == ("masked", True)


def test_an_anonymous_report_has_no_contact(town: Town) -> None:
    case = reported(town, anonymous=True)
    assert level(town, case, "street_admin") == ("none", False)
    assert contact_for(case, None).why == "匿名反映"


def test_reporters_see_their_own_contact(town: Town) -> None:
    by = town.users["corridor_head"]
    case = reported(town, by=by, reporter_name="郑测试", reporter_phone="16912345678")
    assert contact_for(case, by).phone == "16912345678"
    public = with_contact(town).case
    assert contact_for(public, None, as_reporter=True).level == "full"
    assert contact_for(public, None).level == "masked"


def test_cases_follow_their_grid_to_another_community(town: Town) -> None:
    case, closed = reported(town), Story(town).closed().case
    Grid.objects.filter(pk=town.grid.pk).update(
        name="原第1网格", community=town.other_community, street=town.other_street
    )
    _tell(GridChange.RESCOPED, [town.grid.pk], [], None)
    for row in (case, closed):
        row.refresh_from_db()
        assert (row.community, row.street) == (town.other_community, town.other_street)


def test_open_cases_follow_their_building_and_ended_ones_stay(town: Town) -> None:
    case, closed = reported(town), Story(town).closed().case
    _tell(GridChange.BUILDINGS_MOVED, [town.grid.pk], [town.building.pk], town.far_grid)
    case.refresh_from_db()
    closed.refresh_from_db()
    assert (case.grid, case.community) == (town.far_grid, town.sister_community)
    assert closed.grid == town.grid


def test_open_cases_of_a_closed_grid_pass_to_its_successor(town: Town) -> None:
    case = reported(town, building=None, grid=town.grid)
    _tell(GridChange.CLOSED, [town.grid.pk], [], town.sister_grid)
    case.refresh_from_db()
    assert (case.grid, case.status) == (town.sister_grid, Status.REPORTED)


def _tell(
    kind: GridChange, grid_ids: list[int], building_ids: list[int], moved_to: Grid | None
) -> None:
    grid_changed.send(
        Grid, kind=kind, grid_ids=grid_ids, building_ids=building_ids, moved_to=moved_to, by=None
    )
