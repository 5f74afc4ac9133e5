"""Integrity checks: registered once, listed as counted, in scope, recorded at night, exit 1."""

import json
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grids.models import Grid
from orgs.checks import TREE
from orgs.models import AuditEntry, CheckFinding, CheckRound, OrgUnit, PartyMember
from orgs.quality import Asked, Severity, all_checks, check, check_named
from orgs.services import ask_for_round, register_member, run_checks
from orgs.tasks import check_integrity, run_check_rounds
from tests.town import Town, make_person


def report(*args: str) -> dict[str, dict[str, Any]]:
    out = StringIO()
    call_command("check_integrity", "--json", *args, stdout=out)
    return {row["code"]: row for row in json.loads(out.getvalue())}


def test_every_check_says_how_to_mend_and_finds_rows_of_its_subject(town: Town) -> None:
    asked = Asked(timezone.localdate())
    for one in all_checks():
        assert one.title
        assert one.mend.endswith("。"), one.code
        assert one.look(asked).model is one.of.model, one.code
        assert hasattr(one.look(asked), "visible_to"), one.code


def test_two_checks_cannot_share_a_code() -> None:
    assert check_named("org_tree") is not None
    with pytest.raises(ValueError, match="org_tree"):
        check("org_tree", title="x", severity=Severity.INFO, mend="y。", of=TREE)(
            lambda asked: OrgUnit.objects.none()
        )


def test_the_command_passes_a_sound_town_and_reports_all(town: Town) -> None:
    found = report()
    assert {row["count"] for row in found.values() if row["severity"] == "error"} == {0}
    assert set(found["org_tree"]) == {"code", "severity", "title", "mend", "count", "sample"}


def test_an_open_error_ends_the_command_with_1(town: Town) -> None:
    Grid.objects.filter(pk=town.grid.pk).update(party_branch=None)
    out = StringIO()
    with pytest.raises(CommandError, match="1 项错误"):
        call_command("check_integrity", "--json", stdout=out)
    [row] = [one for one in json.loads(out.getvalue()) if one["code"] == "grid_branch"]
    assert (row["count"], row["sample"]) == (1, [town.grid.pk])
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_integrity", stdout=out)
    assert "错误　网格没有在用的党支部：1 处" in out.getvalue()


def test_a_street_answers_for_itself_only(town: Town) -> None:
    Grid.objects.filter(pk=town.other_grid.pk).update(party_branch=None)
    code = town.street.division_code or ""
    assert report("--street", code)["grid_branch"]["count"] == 0
    with pytest.raises(CommandError, match="错误"):
        report("--street", town.other_street.division_code or "")
    with pytest.raises(CommandError, match="没有区划代码"):
        report("--street", "999")


def test_a_damaged_tree_is_found_by_its_street(town: Town) -> None:
    OrgUnit.objects.filter(pk=town.community.pk).update(level=3)
    tree = check_named("org_tree")
    assert tree is not None
    day = timezone.localdate()
    assert list(tree.look(Asked(day, town.street))) == [town.street]
    assert not tree.look(Asked(day, town.other_street)).exists()


def test_members_need_an_organisation_and_a_branch_with_a_grid(town: Town) -> None:
    lost, idle, fine = make_person("党一"), make_person("党二"), make_person("党三")
    for person, node in ((lost, None), (idle, town.sister_branch), (fine, town.group)):
        register_member(person=person, org_unit=node, by=None)
    Grid.objects.filter(party_branch=town.sister_branch).update(party_branch=town.branch)
    asked = Asked(timezone.localdate())
    rows = {code: check_named(code) for code in ("member_org", "member_grid")}
    assert rows["member_org"] is not None
    assert rows["member_grid"] is not None
    assert list(rows["member_org"].look(asked)) == [lost]
    assert list(rows["member_grid"].look(asked)) == [idle]
    PartyMember.objects.filter(person=idle).update(left_on=date(2026, 1, 1))
    assert not rows["member_grid"].look(asked).exists()


def test_a_count_on_the_page_is_its_list_and_stays_in_scope(town: Town, enter: Any) -> None:
    Grid.objects.filter(pk__in=[town.far_grid.pk, town.other_grid.pk]).update(party_branch=None)
    run_checks(day=timezone.localdate())
    seen = {"street_admin": 1, "sysadmin": 2, "community_staff": 0, "other_street_admin": 1}
    for who, count in seen.items():
        page = enter(who).get("/orgs/quality/").context
        counted = {row["check"].code: row["count"] for row in page["rows"]}
        assert counted.get("grid_branch", 0) == count, who
        listed = enter(who).get("/orgs/quality/grid_branch/")
        assert listed.context["page"].count == len(listed.context["rows"]) == count
    assert "第1网格" in enter("street_admin").get("/orgs/quality/grid_branch/").content.decode()
    assert enter("street_admin").get("/orgs/quality/no_such_check/").status_code == 404
    answer = enter("revisitor").get("/orgs/quality/")
    assert answer.status_code == 403
    assert "不能查看数据质量" in answer.content.decode()


# ---- rounds ----


def open_rows(code: str) -> list[int]:
    rows = CheckFinding.objects.filter(code=code).open().order_by("target")
    return list(rows.values_list("target", flat=True))


def test_a_round_keeps_what_it_found_and_when_it_went(town: Town) -> None:
    today = timezone.localdate()
    Grid.objects.filter(pk=town.grid.pk).update(party_branch=None)
    assert check_integrity() == sum(run_checks(day=today).values())  # a rerun adds nothing
    assert open_rows("grid_branch") == [town.grid.pk]
    Grid.objects.filter(pk=town.grid.pk).update(party_branch=town.branch)
    Grid.objects.filter(pk=town.sister_grid.pk).update(party_branch=None)
    run_checks(day=today)
    assert open_rows("grid_branch") == [town.sister_grid.pk]
    gone = CheckFinding.objects.get(code="grid_branch", target=town.grid.pk)
    assert gone.gone_at is not None


@pytest.mark.parametrize("who", ["community_secretary", "grid_head"])
def test_the_trend_counts_in_the_users_own_area(town: Town, enter: Any, who: str) -> None:
    """A week ago one grid of the community failed, today both: for the head of one it is level."""
    today = timezone.localdate()
    Grid.objects.filter(pk=town.grid.pk).update(party_branch=None)
    run_checks(day=today)
    week = timezone.now() - timedelta(days=7, minutes=1)
    CheckFinding.objects.update(found_at=week)
    CheckRound.objects.update(finished_at=week + timedelta(seconds=5))
    assert enter(who).get("/orgs/quality/").context["shows_trend"]
    Grid.objects.filter(pk=town.sister_grid.pk).update(party_branch=None)
    run_checks(day=today)
    page = enter(who).get("/orgs/quality/").context
    moved = {row["check"].code: row["trend"] for row in page["rows"]}
    assert moved["grid_branch"] == {"community_secretary": "增加 1", "grid_head": "持平"}[who]


def test_a_check_that_never_ran_does_not_count_as_passed(town: Town, enter: Any) -> None:
    who = enter("street_admin")
    before = who.get("/orgs/quality/").context
    assert "org_tree" in {row["check"].code for row in before["unchecked"]}
    assert (before["passed"], before["last"]) == ([], None)
    assert "还没有检查过" in who.get("/orgs/quality/org_tree/").content.decode()
    run_checks(day=timezone.localdate())
    after = who.get("/orgs/quality/").context
    assert after["unchecked"] == []
    assert "org_tree" in {row["check"].code for row in after["passed"]}
    assert "检查的结果" in who.get("/orgs/quality/org_tree/").content.decode()


def test_somebody_asks_for_a_round_and_sees_how_far_it_is(town: Town, enter: Any) -> None:
    Grid.objects.filter(pk__in=[town.grid.pk, town.other_grid.pk]).update(party_branch=None)
    who = enter("community_staff")
    assert "重新检查" in who.get("/orgs/quality/").content.decode()
    who.post("/orgs/quality/check/")
    who.post("/orgs/quality/check/")
    waiting = CheckRound.objects.get()
    assert (waiting.street, waiting.state) == (town.street, CheckRound.State.WAITING)
    page = who.get("/orgs/quality/").content.decode()
    assert "正在重新检查" in page
    assert "HX-Refresh" not in who.get("/orgs/quality/", headers={"HX-Request": "true"})
    assert run_check_rounds() == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.done) == (CheckRound.State.DONE, waiting.total - 1)
    assert who.get("/orgs/quality/", headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert open_rows("grid_branch") == [town.grid.pk]  # the other street was not looked at
    assert AuditEntry.objects.filter(action="quality.check").count() == 1
    assert enter("revisitor").post("/orgs/quality/check/").status_code == 403


def test_one_check_is_run_again_for_one_street(town: Town, enter: Any) -> None:
    grids = Grid.objects.filter(pk__in=[town.grid.pk, town.other_grid.pk])
    grids.update(party_branch=None)
    run_checks(day=timezone.localdate())
    OrgUnit.objects.filter(pk=town.community.pk).update(level=3)
    grids.update(party_branch=town.branch)
    enter("street_admin").post("/orgs/quality/grid_branch/check/")
    run_check_rounds()
    assert open_rows("grid_branch") == [town.other_grid.pk]
    assert open_rows("org_tree") == []


def test_a_round_whose_worker_died_is_run_again(town: Town, monkeypatch: Any) -> None:
    asked = ask_for_round(street=town.street, by=town.users["street_admin"])
    long_ago = timezone.now() - timedelta(minutes=6)
    CheckRound.objects.update(state=CheckRound.State.RUNNING, heartbeat_at=timezone.now())
    assert run_check_rounds() == 0
    CheckRound.objects.update(heartbeat_at=long_ago)
    monkeypatch.setattr("orgs.services.quality.all_checks", lambda: [None])
    assert run_check_rounds() == 1
    asked.refresh_from_db()
    assert asked.state == CheckRound.State.FAILED


def test_the_page_asks_no_more_for_more_findings(
    town: Town, enter: Any, django_assert_max_num_queries: Any
) -> None:
    who = enter("street_admin")
    Grid.objects.filter(pk=town.grid.pk).update(party_branch=None)
    run_checks(day=timezone.localdate())
    with CaptureQueriesContext(connection) as few:
        who.get("/orgs/quality/")
    Grid.objects.update(party_branch=None)
    run_checks(day=timezone.localdate())
    with django_assert_max_num_queries(len(few)):
        who.get("/orgs/quality/")
