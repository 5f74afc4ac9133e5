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
from orgs.models import CheckCount, CheckFinding, OrgUnit, PartyMember
from orgs.quality import Asked, Severity, all_checks, check, check_named
from orgs.services import register_member, run_checks
from orgs.tasks import check_integrity
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


def test_the_nightly_round_records_counts_and_keeps_slow_findings(town: Town, enter: Any) -> None:
    today = timezone.localdate()
    OrgUnit.objects.filter(pk=town.community.pk).update(level=3)
    Grid.objects.filter(pk=town.grid.pk).update(party_branch=None)
    run_checks(day=today - timedelta(days=7))
    Grid.objects.filter(pk=town.sister_grid.pk).update(party_branch=None)
    assert check_integrity() == sum(run_checks(day=today).values())  # a rerun replaces
    assert list(CheckFinding.objects.values_list("code", "target")) == [
        ("org_tree", town.street.pk)
    ]
    counts = CheckCount.objects.filter(code="grid_branch").order_by("day")
    assert list(counts.values_list("community", "count")) == [
        (town.community.pk, 1), (town.community.pk, 2)
    ]  # fmt: skip
    page = enter("community_secretary").get("/orgs/quality/").context
    assert {row["check"].code: row["trend"] for row in page["rows"]}["grid_branch"] == "增加 1"
    assert enter("grid_head").get("/orgs/quality/").context["shows_trend"] is False


def test_a_nightly_check_that_never_ran_does_not_count_as_passed(town: Town, enter: Any) -> None:
    who = enter("street_admin")
    before = who.get("/orgs/quality/").context
    unchecked = {row["check"].code for row in before["unchecked"]}
    assert "org_tree" in unchecked
    assert all(one.nightly for one in all_checks() if one.code in unchecked)
    assert unchecked.isdisjoint(row["check"].code for row in before["passed"])
    assert "还没有检查过" in who.get("/orgs/quality/org_tree/").content.decode()
    today = timezone.localdate()
    run_checks(day=today)
    after = who.get("/orgs/quality/").context
    assert after["unchecked"] == []
    assert "org_tree" in {row["check"].code for row in after["passed"]}
    assert (
        f"{today.month}月{today.day}日夜里" in who.get("/orgs/quality/org_tree/").content.decode()
    )


def test_the_page_asks_as_much_for_many_findings_as_for_few(
    town: Town, enter: Any, django_assert_num_queries: Any
) -> None:
    who = enter("street_admin")
    with CaptureQueriesContext(connection) as few:
        who.get("/orgs/quality/")
    Grid.objects.update(party_branch=None)
    with django_assert_num_queries(len(few)):
        who.get("/orgs/quality/")
