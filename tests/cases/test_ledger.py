"""一台账三清单: serials given once, lists that say what the cases say, frozen months, exports."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.ledger import CELLS, cases_of, fingerprint
from cases.ledger_columns import LABELS, SCHEMES
from cases.models import Case, LedgerEntry, LedgerFreeze, LedgerScheme
from cases.services import MoveRefused
from cases.services.ledgers import freeze_month, number_cases
from cases.tasks import number_ledgers
from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.periods import Month
from orgs.models import AuditEntry
from tests.cases.cast import NOON, Story, reported
from tests.town import Town

JUNE = Month(2026, 6)
AFTER = datetime(2026, 7, 2, 9, 0, tzinfo=SHANGHAI)
MOST_QUERIES = 32


def scheme() -> LedgerScheme:
    return LedgerScheme.objects.get(code="problem_task_duty")


def number(town: Town, before: datetime = AFTER) -> int:
    communities = {town.community.pk, town.sister_community.pk}
    return number_cases(scheme=scheme(), communities=communities, before=before)


def labels(cases: list[Case]) -> list[str]:
    return [LedgerEntry.objects.get(case=case).label for case in cases]


def page(client: Client, **query: Any) -> Any:
    shown = client.get("/cases/ledger/", {"month": "2026-06", **query})
    assert shown.status_code == 200, shown.content.decode()
    return shown


def column(shown: Any, name: str) -> list[Any]:
    at = [label for label, _ in shown.context["header"]].index(LABELS[name][0])
    return [row.cells[at] for row in shown.context["rows"]]


# ---- serials ----


def test_each_community_counts_its_own_year_in_the_order_of_reports(town: Town) -> None:
    first = reported(town, now=NOON)
    there = reported(town, building=town.far_building, now=NOON)
    last_year = reported(town, now=NOON - timedelta(days=300))
    second = reported(town, now=NOON + timedelta(hours=1))
    assert number(town) == 4
    assert labels([first, second]) == ["2026-0001", "2026-0002"]
    assert labels([there]) == ["2026-0001"]
    assert labels([last_year]) == ["2025-0001"]


def test_serials_are_given_once_and_never_again(town: Town) -> None:
    first = reported(town, now=NOON)
    assert number(town) == 1
    assert number(town) == 0
    Story(town, first).step("void", "street_admin", reason="test", note="测试")
    second = reported(town, now=NOON)
    number(town)
    assert labels([first, second]) == ["2026-0001", "2026-0002"]
    assert first in cases_of(Case.objects.all(), "reported", JUNE)


def test_withdrawn_reports_and_later_months_are_not_numbered(town: Town) -> None:
    Story(town, now=NOON).step("void", "street_admin", reason="test", note="测试")
    reported(town, now=AFTER + timedelta(days=1))
    assert number(town) == 0


def test_the_hourly_task_numbers_every_community(town: Town) -> None:
    for building in (town.building, town.other_building):
        reported(town, building=building)
    assert number_ledgers() == 2
    assert number_ledgers() == 0


# ---- the lists ----


def test_every_column_can_be_filled(town: Town) -> None:
    assert set(CELLS) == set(LABELS)
    for one in SCHEMES:
        LedgerScheme(code=f"x-{one['code']}", name="x", lists=one["lists"]).full_clean()


def test_the_ledger_says_what_happened(client: Client, town: Town) -> None:
    story = Story(town, now=NOON).closed()
    client.force_login(town.users["community_staff"])
    shown = page(client)
    assert column(shown, "serial") == ["2026-0001"]
    assert column(shown, "number") == [story.case.case_no]
    assert column(shown, "finder") == ["居民"]
    assert column(shown, "measure") == ["已更换灯管"]
    assert column(shown, "lead") == ["城市管理局"]
    assert column(shown, "person") == ["陈城管"]
    assert column(shown, "closer") == ["佘区"]
    assert column(shown, "progress") == ["已销号"]


def test_confidential_reporters_stay_unnamed(client: Client, town: Town) -> None:
    reported(town, by=town.users["grid_head"], source="patrol", confidential=True, now=NOON)
    client.force_login(town.users["community_staff"])
    assert column(page(client), "finder") == ["（保密）"]


def test_the_three_lists_hold_what_is_not_written_off(client: Client, town: Town) -> None:
    Story(town, now=NOON).closed()
    waiting, handled = reported(town, now=NOON), Story(town, now=NOON).handling().case
    client.force_login(town.users["community_staff"])
    assert set(column(page(client, list="problem"), "number")) == {waiting.case_no, handled.case_no}
    assert column(page(client, list="task"), "number") == [handled.case_no]
    assert column(page(client, list="duty"), "lead") == ["城市管理局"]
    late = page(client, list="duty")
    assert [row.late for row in late.context["rows"]] == [True]


def test_every_tab_counts_its_list(client: Client, town: Town) -> None:
    Story(town, now=NOON).closed()
    Story(town, now=NOON).handling()
    reported(town, now=NOON)
    client.force_login(town.users["community_staff"])
    for tab in page(client).context["tabs_of_ledger"]:
        shown = client.get(f"/cases/ledger/{tab['url']}&month=2026-06")
        assert len(shown.context["rows"]) == tab["count"], tab


def test_what_waits_to_be_written_off_leads_to_its_list(client: Client, town: Town) -> None:
    Story(town, now=NOON).verified()
    client.force_login(town.users["community_staff"])
    shown = page(client, community=town.community.pk)
    assert shown.context["to_close"] == 1
    assert len(client.get(shown.context["close_url"]).context["rows"]) == 1


def test_it_keeps_to_scope(client: Client, town: Town) -> None:
    reported(town, now=NOON)
    client.force_login(town.users["other_street_admin"])
    assert page(client).context["rows"] == []
    beyond = client.get("/cases/ledger/", {"month": "2026-06", "community": town.community.pk})
    assert beyond.status_code == 400
    client.force_login(town.users["sysadmin"])
    assert client.get("/cases/ledger/").status_code == 403


@pytest.mark.parametrize(
    "query", [{"month": "2026-13"}, {"list": "nothing"}, {"grid": "x"}, {"month": "６月"}]
)
def test_bad_filters_are_named(client: Client, town: Town, query: dict[str, str]) -> None:
    client.force_login(town.users["community_staff"])
    assert client.get("/cases/ledger/", query).status_code == 400


def test_without_a_scheme_it_says_so(client: Client, town: Town) -> None:
    LedgerScheme.objects.update(is_active=False)
    client.force_login(town.users["community_staff"])
    shown = client.get("/cases/ledger/")
    assert shown.status_code == 400
    assert "还没有启用台账方案" in shown.content.decode()


def test_queries_do_not_grow_with_the_rows(client: Client, town: Town) -> None:
    client.force_login(town.users["community_staff"])
    counts = []
    for more in (1, 5):
        for _ in range(more):
            Story(town, now=NOON).handling()
        number(town)
        with CaptureQueriesContext(connection) as asked:
            page(client)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= MOST_QUERIES


# ---- export and freeze ----


def test_the_export_has_title_and_signature_rows(client: Client, town: Town) -> None:
    case = reported(town, text="=1+1 路灯不亮", now=NOON)
    client.force_login(town.users["community_staff"])
    answer: Any = client.get(
        "/cases/ledger/export/", {"month": "2026-06", "community": town.community.pk}
    )
    sheet: Any = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    assert sheet["A1"].value == "幸福社区党委网格工作台账（2026年6月）"
    assert sheet["A3"].value == "序号"
    assert sheet["B4"].value == case.case_no
    assert sheet["H4"].value == "'=1+1 路灯不亮"
    assert sheet["A5"].value.startswith("填报单位：")
    assert len(sheet.merged_cells.ranges) == 2
    assert AuditEntry.objects.filter(action="ledger.export").exists()
    client.force_login(town.users["volunteer"])
    assert client.get("/cases/ledger/export/").status_code == 403


def test_a_frozen_month_stays_as_it_was(client: Client, town: Town) -> None:
    story = Story(town, now=NOON).handling()
    staff = town.users["community_staff"]
    made = freeze_month(scheme=scheme(), scope=town.community, month=JUNE, by=staff, now=AFTER)
    assert [one.list_code for one in made] == [
        "ledger",
        "problem",
        "task",
        "duty",
        "supervised",
        "topic",
    ]
    story.step("feedback", "dept_handler", outcome="solved", note="已更换灯管")
    client.force_login(staff)
    shown = client.get(f"/cases/ledger/frozen/{made[0].pk}/")
    assert "办理中" in shown.content.decode()
    assert "内容与指纹一致" in shown.content.decode()
    with pytest.raises(MoveRefused, match="已由佘区封存"):
        freeze_month(scheme=scheme(), scope=town.community, month=JUNE, by=staff, now=AFTER)
    with pytest.raises(TypeError):
        made[0].save()
    with pytest.raises(TypeError):
        made[0].delete()


def test_a_changed_frozen_list_shows(client: Client, town: Town) -> None:
    reported(town, now=NOON)
    staff = town.users["community_staff"]
    made = freeze_month(scheme=scheme(), scope=town.community, month=JUNE, by=staff, now=AFTER)
    LedgerFreeze.objects.filter(pk=made[0].pk).update(rows=[])
    client.force_login(staff)
    assert "内容与指纹不一致" in client.get(f"/cases/ledger/frozen/{made[0].pk}/").content.decode()
    assert fingerprint("a", ["b"], [[1]]) != fingerprint("a", ["b"], [["1"]])


def test_only_the_keeper_freezes_and_only_what_is_over(town: Town) -> None:
    for who in ("grid_head", "other_community_staff", "dept_handler"):
        with pytest.raises(MoveRefused, match="由建账的社区或街道封存"):
            freeze_month(
                scheme=scheme(), scope=town.community, month=JUNE, by=town.users[who], now=AFTER
            )
    with pytest.raises(MoveRefused, match="还没有结束"):
        freeze_month(
            scheme=scheme(), scope=town.community, month=JUNE, by=town.users["community_staff"],
            now=NOON,
        )  # fmt: skip
    by_street = freeze_month(
        scheme=scheme(), scope=town.street, month=JUNE, by=town.users["dispatcher"], now=AFTER
    )
    assert len(by_street) == 6


def test_the_page_freezes_and_scope_holds_for_what_is_frozen(client: Client, town: Town) -> None:
    month = str(Month.of(timezone.now()).previous())
    reported(town, now=timezone.now() - timedelta(days=40))
    client.force_login(town.users["community_staff"])
    shown = client.get("/cases/ledger/", {"month": month, "community": town.community.pk})
    assert "封存本月台账" in shown.content.decode()
    sent = {"month": month, "community": town.community.pk}
    assert client.post("/cases/ledger/freeze/", sent).status_code == 302
    frozen = LedgerFreeze.objects.first()
    assert frozen is not None
    again = client.get("/cases/ledger/", sent).content.decode()
    assert frozen.title in again
    client.force_login(town.users["dispatcher"])
    assert client.post("/cases/ledger/freeze/", {"month": month}).status_code == 400
    assert client.get(f"/cases/ledger/frozen/{frozen.pk}/").status_code == 200
    for who in ("other_street_admin", "grid_head", "dept_handler"):
        client.force_login(town.users[who])
        assert client.get(f"/cases/ledger/frozen/{frozen.pk}/").status_code == 404
    client.force_login(town.users["grid_head"])
    assert client.post("/cases/ledger/freeze/", sent).status_code == 403


def test_a_scheme_no_page_could_show_is_refused(db: None) -> None:
    one = {"code": "a", "title": "甲", "which": "reported", "columns": ["serial", "nothing"]}
    wrong: list[Any] = [[one], [{**one, "columns": [], "which": "x"}], [{}], ["a"], {"a": 1}]
    for lists in wrong:
        with pytest.raises(ValidationError):
            LedgerScheme(code="x", name="x", lists=lists).full_clean()
    with pytest.raises(ValidationError):
        LedgerScheme(code="x", name="x", lists=[], is_active=True).full_clean()
