"""Whom the monthly revisit asks, and who asks: merged reporters, sites, people of other units."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments.indicators import INDICATORS
from cases.models import Case, Revisit, RevisitDraw
from cases.replay import replay_month
from cases.revisits import draw_month
from cases.roster import from_within
from cases.services import MoveRefused, contact_for, record_revisit
from gridparty.lib.periods import Month
from orgs.models import RoleAssignment, User
from orgs.roles import Role
from tests.cases.cast import NOON, Story, reported
from tests.cases.test_revisits import JULY_FIRST, JUNE, NAMED, NO, YES, close_many
from tests.town import LONG_AGO, Town, make_user


def merged_into(main: Case, town: Town, phone: str, **more: Any) -> Case:
    """Somebody else's report of the same problem, joined to the main one."""
    case = reported(town, now=NOON, reporter_name="李小四", reporter_phone=phone, **more)
    Case.objects.filter(pk=case.pk).update(status="merged", merged_into=main, ended_at=NOON)
    return case


def revisitor(town: Town, username: str, **node: Any) -> User:
    """Another revisitor of the street who also serves at `node`."""
    user = make_user(username, f"回访{username}")
    RoleAssignment.objects.create(
        user=user, role=Role.REVISITOR, org_unit=town.street, start=LONG_AGO
    )
    if node:
        RoleAssignment.objects.create(user=user, start=LONG_AGO, **node)
    return user


def only(town: Town, *users: User) -> None:
    """Leave the street these revisitors."""
    RoleAssignment.objects.filter(role=Role.REVISITOR).exclude(user__in=users).delete()


# --- everybody who reported it -------------------------------------------------------------------


def test_each_merged_reporter_who_can_be_called_is_asked(town: Town) -> None:
    main = Story(town, now=NOON, **NAMED).closed().case
    near = merged_into(main, town, "16900000012")
    far = merged_into(near, town, "16900000013")  # merged before its main was merged on
    merged_into(main, town, "16900000012")  # the same person twice
    merged_into(main, town, "16900000011")  # the main reporter once more
    nobody = reported(town, now=NOON)
    Case.objects.filter(pk=nobody.pk).update(status="merged", merged_into=main, ended_at=NOON)
    assert draw_month(JUNE, now=JULY_FIRST).created == 3
    rows = Revisit.objects.order_by("pk")
    assert [(row.case, row.asked) for row in rows] == [(main, main), (main, near), (main, far)]
    assert len({row.assignee_id for row in rows}) == 1
    assert draw_month(JUNE, now=JULY_FIRST).created == 0


def test_a_case_others_joined_is_always_drawn_and_the_list_stays_replayable(town: Town) -> None:
    close_many(town, town.grid, 60)
    (main,) = close_many(town, town.grid, 1)
    other = merged_into(Case.objects.get(case_no=main.case_no), town, "16900000012")
    result = draw_month(JUNE, now=JULY_FIRST)
    draw = RevisitDraw.objects.get()
    assert main.case_no in result.cases and draw.mandatory == [main.case_no]
    assert draw.joined == {main.case_no: [other.case_no]}
    assert other.case_no not in draw.listed, "one number per problem"
    assert draw.population == 61 and len(result.cases) + 1 == result.created
    assert replay_month(JUNE) == []
    Revisit.objects.filter(merged=other).delete()
    (fault,) = replay_month(JUNE)
    assert f"并入的反映没有回访任务：{other.case_no}" in fault


def test_one_reopens_it_and_the_others_words_count(town: Town) -> None:
    main = Story(town, now=NOON, **NAMED).closed().case
    merged_into(main, town, "16900000012")
    draw_month(JUNE, now=JULY_FIRST)
    first, second = Revisit.objects.order_by("pk")
    by = town.users["revisitor"]
    for row in (second, first):
        done = record_revisit(revisit=row, by=by, now=JULY_FIRST, **NO)
        assert (done.decision, done.decision_due_at) == ("reopen", None)
    main.refresh_from_db()
    assert (main.status, main.cycle) == ("reopened", 2)
    scope = Case.objects.filter(street=town.street)
    assert INDICATORS["satisfaction_rate"].total(JUNE, JULY_FIRST, scope) == (0, 2)


def test_the_page_calls_the_one_who_is_asked(town: Town, enter: Callable[[str], Client]) -> None:
    main = Story(town, now=NOON, **NAMED).closed().case
    other = merged_into(main, town, "16900000012", text="楼梯间也没有灯")
    draw_month(JUNE, now=JULY_FIRST)
    row = Revisit.objects.get(merged=other)
    page = enter("revisitor").get(f"/cases/revisits/{row.pk}/").content.decode()
    assert "169****0012" in page and "169****0011" not in page
    assert "楼梯间也没有灯" in page and "并入" in page
    shown = enter("revisitor").post(f"/cases/{other.pk}/contact/", {"reason": "回访"})
    assert "16900000012" in shown.content.decode()
    stranger = contact_for(other, town.users["other_street_admin"])
    assert not stranger.may_reveal


def test_the_list_behind_a_rate_has_a_row_per_reporter(
    town: Town, enter: Callable[[str], Client]
) -> None:
    main = Story(town, now=NOON, **NAMED).closed().case
    other = merged_into(main, town, "16900000012")
    draw_month(JUNE, now=JULY_FIRST)
    for row in Revisit.objects.all():
        record_revisit(revisit=row, by=town.users["revisitor"], now=JULY_FIRST, **YES)
    page = enter("street_admin").get(f"/dashboard/satisfaction_rate/?month={JUNE}")
    assert page.context["total"] == 2
    assert {row.pk for row in page.context["page"].rows} == {main.pk, other.pk}


# --- nobody to ask -------------------------------------------------------------------------------


def anonymous(town: Town) -> Revisit:
    case = Story(town, now=NOON, anonymous=True).closed().case
    draw_month(JUNE, now=JULY_FIRST)
    return Revisit.objects.get(case=case)


def test_an_anonymous_report_is_looked_at_on_site(town: Town) -> None:
    revisit, by = anonymous(town), town.users["revisitor"]
    with pytest.raises(MoveRefused) as refused:
        record_revisit(revisit=revisit, by=by, now=JULY_FIRST, **YES)
    assert "现场查看" in refused.value.fields["method"]
    done = record_revisit(
        revisit=revisit, by=by, now=JULY_FIRST, method="site", reached=True, solved="yes",
        satisfaction="satisfied",
    )  # fmt: skip
    assert (done.state, done.solved, done.satisfaction) == ("done", "yes", "")
    scope = Case.objects.filter(street=town.street)
    assert INDICATORS["resolution_rate"].total(JUNE, JULY_FIRST, scope) == (1, 1)
    assert INDICATORS["satisfaction_rate"].total(JUNE, JULY_FIRST, scope) == (0, 0)


def test_what_is_found_unsolved_on_site_reopens(town: Town) -> None:
    done = record_revisit(
        revisit=anonymous(town), by=town.users["revisitor"], now=JULY_FIRST, method="site",
        reached=True, solved="no", note="灯还是不亮",
    )  # fmt: skip
    assert done.case.status == "reopened"
    assert done.case.events.order_by("-id")[0].note == "回访：未解决，现场查看。灯还是不亮"


def test_whoever_left_a_number_is_asked_himself(town: Town) -> None:
    Story(town, now=NOON, **NAMED).closed()
    draw_month(JUNE, now=JULY_FIRST)
    with pytest.raises(MoveRefused) as refused:
        record_revisit(
            revisit=Revisit.objects.get(), by=town.users["revisitor"], now=JULY_FIRST,
            method="site", reached=True, solved="yes",
        )  # fmt: skip
    assert "请问本人" in refused.value.fields["method"]


def test_the_form_on_site_asks_only_what_can_be_seen(
    town: Town, enter: Callable[[str], Client]
) -> None:
    case = Story(town, anonymous=True).closed().case
    month = Month.of(timezone.now()).previous()
    Case.objects.filter(pk=case.pk).update(closed_at=month.end - timedelta(days=2))
    draw_month(month)
    revisit = Revisit.objects.get()
    path = f"/cases/revisits/{revisit.pk}/"
    page = enter("revisitor").get(path).content.decode()
    assert "没有人可问" in page and "现场查看" in page and "对办理满意吗" not in page
    answer = {"act": "record", "method": "site", "reached": "yes", "solved": "yes", "note": ""}
    assert enter("revisitor").post(path, answer | {"method": "phone"}).status_code == 400
    assert enter("revisitor").post(path, answer).status_code == 302
    revisit.refresh_from_db()
    assert (revisit.state, revisit.solved) == ("done", "yes")


# --- who asks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["department", "community"])
def test_a_revisitor_of_another_unit_goes_first(town: Town, kind: str) -> None:
    node: dict[str, Any] = (
        {"role": Role.DEPT_HANDLER, "unit": town.department}
        if kind == "department"
        else {"role": Role.COMMUNITY_STAFF, "org_unit": town.community}
    )
    insider = revisitor(town, "a_insider", **node)
    outsider = revisitor(town, "b_outsider", role=Role.DEPT_HANDLER, unit=town.second_department)
    only(town, insider, outsider)
    cases = [Story(town, now=NOON).closed().case for _ in range(3)]
    assert from_within(cases[0].pk, [insider.pk, outsider.pk]) == {insider.pk}
    draw_month(JUNE, now=JULY_FIRST)
    assert set(Revisit.objects.values_list("assignee", flat=True)) == {outsider.pk}


def test_where_there_is_no_other_one_of_the_unit_asks(town: Town) -> None:
    insider = revisitor(town, "insider", role=Role.DEPT_HANDLER, unit=town.department)
    only(town, insider)
    Story(town, now=NOON).closed()
    draw_month(JUNE, now=JULY_FIRST)
    assert Revisit.objects.get().assignee == insider


def test_the_street_is_told_whose_unit_took_part(
    town: Town, enter: Callable[[str], Client]
) -> None:
    revisitor(town, "insider", role=Role.DEPT_HANDLER, unit=town.department)
    case = Story(town).closed().case
    month = Month.of(timezone.now()).previous()
    Case.objects.filter(pk=case.pk).update(closed_at=month.end - timedelta(days=2))
    draw_month(month)
    revisit = Revisit.objects.get()
    assert revisit.assignee == town.users["revisitor"]
    page = enter("dispatcher").get(f"/cases/revisits/{revisit.pk}/").content.decode()
    assert "回访insider（所在单位参与过办理）" in page
    assert "回访员周（所在单位参与过办理）" not in page


# --- who decides ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("street_admin", True), ("community_secretary", True), ("community_staff", True),
        ("dispatcher", True), ("revisitor", True), ("district_official", False),
    ],
)  # fmt: skip
def test_whoever_may_decide_sees_the_form(
    town: Town, enter: Callable[[str], Client], who: str, may: bool
) -> None:
    Story(town, now=NOON, **NAMED).closed()
    draw_month(JUNE, now=JULY_FIRST)
    revisit = Revisit.objects.get()
    record_revisit(
        revisit=revisit, by=town.users["revisitor"], now=JULY_FIRST, **NO | {"reopen": False}
    )
    path = f"/cases/revisits/{revisit.pk}/"
    page = enter(who).get(path)
    assert ("decide" in page.context["forms"]) is may
    answer = enter(who).post(path, {"act": "decide", "outcome": "explain", "note": "已解释"})
    revisit.refresh_from_db()
    assert (answer.status_code, revisit.decision) == ((302, "explain") if may else (409, ""))
