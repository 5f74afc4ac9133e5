"""A unit ends, a person leaves: every open case goes on, with an event, and no page fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from cases.models import Case, CaseEvent, CaseTask, Category, Revisit, RevisitDraw
from cases.services.chaining import check_trail
from cases.services.rerouting import give_back, hand_over, release_all_left
from cases.workflow import Status
from grids.models import GridTeamMember
from notices.models import Notification
from orgs.models import AuditEntry, RoleAssignment, Unit
from orgs.services import close_unit, end_role, merge_units, save_unit, set_active
from tests.cases.cast import NOON, Story
from tests.town import Town

Enter = Callable[[str], Client]


def merged(town: Town, into: Unit | None = None) -> None:
    merge_units(
        unit=town.department, into=into or town.second_department, by=town.users["sysadmin"],
        reason="机构改革",
    )  # fmt: skip
    for user in town.users.values():
        user.__dict__.pop("grants", None)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def unbroken(case: Case) -> bool:
    after = fresh(case)
    events = CaseEvent.objects.filter(case=after).order_by("id")
    return not check_trail(after.case_no, list(events), after.trail_head).fault


def test_open_cases_of_a_merged_unit_go_to_its_successor(town: Town) -> None:
    story = Story(town, now=NOON).handling()
    due, closed = story.case.due_at, Story(town).closed().case
    merged(town)
    after = fresh(story.case)
    assert (after.lead_unit, after.status, after.due_at) == (
        town.second_department, Status.HANDLING, due,
    )  # fmt: skip
    assert CaseTask.objects.get(case=after, ended_at=None).unit == town.second_department
    event = CaseEvent.objects.filter(case=after).latest("id")
    assert (event.move, event.data["unit"]) == ("hand_over", town.second_department.pk)
    assert unbroken(after)
    assert fresh(closed).lead_unit == town.department, "what has ended keeps who did it"
    story.step("feedback", "second_dept_handler", outcome="solved", note="已办")
    entry = AuditEntry.objects.get(action="case.hand_over")
    assert entry.detail == {"into": town.second_department.pk, "cases": 1}


def test_the_people_of_a_merged_unit_go_on_in_the_successor(town: Town) -> None:
    story = Story(town).assigned()
    merged(town)
    story.case = fresh(story.case)
    story.step("take", "dept_handler")
    assert story.case.status == Status.HANDLING


def test_a_successor_that_helped_leads_alone_after_the_merger(town: Town) -> None:
    case = Story(town).assigned(co_units=[town.second_department]).case
    merged(town)
    (task,) = CaseTask.objects.filter(case=case, ended_at=None)
    assert (task.unit, task.is_lead) == (town.second_department, True)
    assert fresh(case).lead_unit == town.second_department


def test_categories_and_scores_follow_the_merger(town: Town) -> None:
    Category.objects.filter(slug="suggestion").update(lead_unit=town.department)
    merged(town)
    assert Category.objects.get(slug="suggestion").lead_unit == town.second_department


@pytest.mark.parametrize("road", ["assigned", "whistled", "checked_in", "handling", "hung"])
def test_without_a_successor_the_case_goes_back_to_the_dispatchers(town: Town, road: str) -> None:
    story = getattr(Story(town), road)()
    due = story.case.due_at
    close_unit(unit=town.department, by=town.users["sysadmin"])
    after = fresh(story.case)
    assert (after.status, after.lead_unit, after.due_at) == (Status.RETURNED, None, due)
    assert not CaseTask.objects.filter(case=after, ended_at=None).exists()
    assert unbroken(after)
    waiting = [key for key in ("dispatcher", "community_staff")
               if Case.objects.waiting_for(town.users[key]).filter(pk=after.pk).exists()]  # fmt: skip
    assert waiting
    story.case = after
    story.step("assign", "dispatcher", unit=town.second_department)


def test_what_was_fed_back_is_checked_and_closed_as_it_is(town: Town) -> None:
    story = Story(town).fed_back()
    close_unit(unit=town.department, by=None)
    story.case = fresh(story.case)
    story.step("verify_pass", "grid_head", method="phone").step("close", "community_staff")
    assert story.case.status == Status.CLOSED


def test_switching_a_unit_off_in_the_admin_ends_it_too(town: Town) -> None:
    case = Story(town).assigned().case
    unit = town.department
    save_unit(
        unit=unit, name=unit.name, kind=unit.kind, street=None, district=unit.district,
        by=town.users["sysadmin"], is_active=False,
    )  # fmt: skip
    assert fresh(case).status == Status.RETURNED
    unit.refresh_from_db()
    assert unit.closed_on is not None
    save_unit(
        unit=unit, name=unit.name, kind=unit.kind, street=None, district=unit.district, by=None
    )
    assert unit.closed_on is None


def test_a_merger_is_refused_into_itself_or_into_what_does_not_serve_the_area(town: Town) -> None:
    by = town.users["sysadmin"]
    for into in (town.department, town.partner):
        with pytest.raises(ValidationError) as refused:
            merge_units(unit=town.department, into=into, by=by)
        assert "into" in refused.value.message_dict
    close_unit(unit=town.second_department, by=by)
    town.second_department.refresh_from_db()
    with pytest.raises(ValidationError):
        merge_units(unit=town.department, into=town.second_department, by=by)
    with pytest.raises(ValidationError):
        close_unit(unit=town.second_department, by=by)
    for who in ("dept_handler", "other_street_admin", "grid_head"):
        with pytest.raises(PermissionDenied):
            close_unit(unit=town.partner, by=town.users[who])


def test_the_page_ends_a_unit_and_says_so(enter: Enter, town: Town) -> None:
    client, address = enter("sysadmin"), f"/orgs/units/{town.department.pk}/end/"
    assert "承接单位" in client.get(address).content.decode()
    assert client.post(address, {"into": town.partner.pk}).status_code == 400
    sent = client.post(address, {"into": town.second_department.pk, "reason": "批复"})
    assert sent.status_code == 302
    town.department.refresh_from_db()
    assert town.department.successor == town.second_department
    assert client.get(address).status_code == 404
    assert enter("dept_handler").get(f"/orgs/units/{town.partner.pk}/end/").status_code in (
        403,
        404,
    )
    admin = client.get(f"/admin/orgs/unit/{town.second_department.pk}/change/")
    assert "合并或撤销" in admin.content.decode()


def test_no_page_fails_after_a_merger_or_a_closing(enter: Enter, town: Town) -> None:
    cases = [Story(town).assigned().case, Story(town).fed_back().case, Story(town).whistled().case]
    merged(town)
    close_unit(unit=town.second_department, by=None)
    for who in (
        "dispatcher",
        "community_staff",
        "grid_head",
        "dept_handler",
        "second_dept_handler",
    ):
        client = enter(who)
        pages = ["/", "/m/", "/cases/", f"/cases/?unit={town.department.pk}",
                 *(f"/cases/{case.pk}/" for case in cases)]  # fmt: skip
        for page in pages:
            assert client.get(page).status_code in (200, 302, 400, 403, 404), (who, page)
    text = enter("dispatcher").get(f"/cases/{cases[0].pk}/").content.decode()
    assert "改由承接单位办理" in text and "退回派单" in text


# --- people ---


def held(town: Town) -> Case:
    return Story(town).self_handled().case


def test_what_a_suspended_person_held_goes_back_to_the_grid(town: Town) -> None:
    case = held(town)
    set_active(user=town.users["grid_head"], active=False, by=town.users["sysadmin"])
    after = fresh(case)
    assert (after.holder_user, after.status) == (None, Status.HANDLING)
    assert CaseEvent.objects.filter(case=case).latest("id").move == "let_go"
    assert unbroken(after)
    assert Case.objects.waiting_for(town.users["grid_worker_ft"]).filter(pk=case.pk).exists()


def test_a_role_taken_back_gives_back_and_another_role_does_not(town: Town) -> None:
    case, user = held(town), town.users["grid_head"]
    extra = RoleAssignment.objects.create(
        user=user, role="volunteer", org_unit=town.community, start=timezone.localdate()
    )
    end_role(assignment=extra, by=None)
    assert fresh(case).holder_user == user
    end_role(assignment=RoleAssignment.objects.get(user=user, role="grid_head"), by=None)
    assert fresh(case).holder_user is None


def test_the_sweep_finds_who_left_the_team_by_a_date(town: Town) -> None:
    case = held(town)
    assert release_all_left(timezone.now()) == 0
    yesterday = timezone.localdate() - timedelta(days=1)
    GridTeamMember.objects.filter(person=town.users["grid_head"].person).update(end=yesterday)
    assert release_all_left(timezone.now()) == 1
    assert release_all_left(timezone.now()) == 0
    assert fresh(case).holder_user is None


def test_revisits_of_a_leaver_wait_for_somebody_else(town: Town) -> None:
    case = Story(town).closed().case
    draw = RevisitDraw.objects.create(month="2026-06", grid=town.grid, population=1, quota=1)
    revisit = Revisit.objects.create(
        case=case, draw=draw, month="2026-06", assignee=town.users["revisitor"], locks_at=NOON
    )
    set_active(user=town.users["revisitor"], active=False, by=None)
    revisit.refresh_from_db()
    assert revisit.assignee is None


def test_whoever_has_it_now_is_told(town: Town) -> None:
    """Sums, one letter a day; the merged unit's people, the dispatchers, the grid."""
    told = Notification.objects.filter(kind="case.rerouted")
    cases = [Story(town).assigned().case for _ in range(3)]
    hand_over(unit=town.department, into=town.second_department, by=None)
    letter = told.get(user=town.users["second_dept_handler"])
    assert "3 件" in letter.title and "改由本单位承办" in letter.text
    give_back(unit=town.second_department, by=None)
    staff = told.get(user=town.users["community_staff"])
    assert "3 件因承办单位撤销退回派单" in staff.text
    assert not told.filter(user=town.users["dept_handler"]).exists()
    assert all(Case.objects.get(pk=case.pk).status == "returned" for case in cases)
