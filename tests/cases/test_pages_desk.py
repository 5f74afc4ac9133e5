"""The dispatch desk: who gets in, counts that equal lists, filters, pages, the export."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.filters import STAGES, CaseFilter, light_q
from cases.models import Case
from cases.rows import case_rows
from cases.workflow import OPEN, Status
from orgs import paging
from orgs.models import AuditEntry
from orgs.workbook import plain_cell
from orgs.workdays import work_calendar
from tests.cases.cast import Story, reported
from tests.town import Town

MOST_QUERIES = 18


def seen(client: Client, **query: Any) -> list[int]:
    """The cases the desk shows, by id."""
    page = client.get("/cases/", query)
    assert page.status_code == 200, page.content.decode()
    return [row.case.pk for row in page.context["rows"]]


def tab(page: Any, label: str) -> dict[str, Any]:
    return next(one for one in page.context["tabs_of_desk"] if one["label"] == label)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("dispatcher", 200), ("street_admin", 200), ("community_staff", 200), ("grid_head", 200),
        ("dept_handler", 200), ("revisitor", 200), ("volunteer", 200), ("district_official", 200),
        ("sysadmin", 403), ("auditor", 403), ("partner_unit", 403),
    ],
)  # fmt: skip
def test_it_opens_for_those_who_may_see_cases(
    client: Client, town: Town, who: str, status: int
) -> None:
    reported(town)
    client.force_login(town.users[who])
    page = client.get("/cases/")
    assert page.status_code == status
    if status == 403:
        assert "不能查看事项" in page.content.decode()


def test_it_sends_visitors_to_the_log_in(client: Client, town: Town) -> None:
    assert client.get("/cases/")["Location"].startswith("/login/")


def test_it_shows_only_the_users_area(client: Client, town: Town) -> None:
    here, there = reported(town), reported(town, building=town.other_building)
    client.force_login(town.users["dispatcher"])
    assert seen(client) == [here.pk]
    client.force_login(town.users["other_street_admin"])
    assert seen(client) == [there.pk]


def test_every_tab_counts_the_list_it_links_to(client: Client, town: Town) -> None:
    reported(town)
    Story(town).accepted()
    Story(town).called()
    Story(town).assigned()
    Story(town).checked_in()
    Story(town).handling()
    Story(town).fed_back()
    Story(town).verified()
    Story(town).closed()
    old = timezone.now() - timedelta(days=60)
    Story(town, now=old).handling()
    client.force_login(town.users["community_staff"])
    page = client.get("/cases/")
    assert tab(page, "全部")["count"] == 10
    assert tab(page, "超时")["count"] == 1
    for one in page.context["tabs_of_desk"]:
        shown = client.get(one["url"])
        assert len(shown.context["rows"]) == one["count"], one
        assert f"共 {one['count']} 条" in shown.content.decode() or one["count"] == 0
        assert tab(shown, one["label"])["active"]


def test_stages_cover_every_open_status_once() -> None:
    statuses = [status for stage in STAGES for status in stage.statuses]
    assert sorted(statuses) == sorted(OPEN)


def test_red_means_what_the_light_shows(town: Town) -> None:
    now = timezone.now()
    for days in (0, 1, 3, 30):
        start = now - timedelta(days=days)
        reported(town, now=start)
        Story(town, now=start).called()
        Story(town, now=start).handling()
        Story(town, now=start).fed_back()
    rows = case_rows(Case.objects.for_list(), now, work_calendar())
    red = {row.case.pk for row in rows if row.light == "red"}
    assert red
    assert set(Case.objects.filter(light_q("red", now)).values_list("pk", flat=True)) == red
    late = CaseFilter(light="overdue").apply(Case.objects.all(), now=now)
    assert set(late) == set(Case.objects.overdue(now))
    soon = set(Case.objects.filter(light_q("soon", now)).values_list("pk", flat=True))
    assert not soon & red


def test_filters_narrow_the_list(client: Client, town: Town) -> None:
    lamp = Story(town, text="北门路灯不亮", category="facilities-lamp").assigned().case
    fire = reported(town, text="消防通道被占", category="safety-fire", address="南门")
    far = reported(town, building=town.far_building, source="counter")
    client.force_login(town.users["dispatcher"])
    assert seen(client, q="路灯") == [lamp.pk]
    assert seen(client, q="南门") == [fire.pk]
    assert seen(client, q=far.case_no) == [far.pk]
    assert seen(client, status="assigned") == [lamp.pk]
    assert seen(client, category="safety") == [fire.pk]
    assert seen(client, category="safety-fire") == [fire.pk]
    assert seen(client, community=town.sister_community.pk) == [far.pk]
    assert seen(client, grid=town.far_grid.pk) == [far.pk]
    assert seen(client, unit=town.department.pk) == [lamp.pk]
    assert seen(client, source="counter") == [far.pk]
    month = f"{timezone.localtime():%Y-%m}"
    assert seen(client, by="created", month=month) == [far.pk, fire.pk, lamp.pk]
    assert seen(client, by="created", month="2020-01") == []
    assert "没有符合条件的事项" in client.get("/cases/?q=不存在的词").content.decode()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"status": "nowhere"}, "不在可用的选项中"),
        ({"month": "2026-13"}, "月份应在 1 到 12 之间"),
        ({"month": "上个月"}, "月份应写成"),
        ({"community": "999999999"}, "选择一个有效的选项"),
        ({"grid": "x"}, "选择一个有效的选项"),
        ({"district": "34x"}, "没有这个区县。请点“清除”"),
        ({"q": "找 16900000011"}, "不能按电话或证件号查询"),
        ({"q": "长" * 61}, "60"),
        ({"q": "a\0b"}, "空字符"),
    ],
)
def test_a_bad_filter_is_named(
    client: Client, town: Town, query: dict[str, str], sentence: str
) -> None:
    client.force_login(town.users["dispatcher"])
    page = client.get("/cases/", query)
    assert page.status_code == 400
    assert sentence in page.content.decode()


def test_a_grid_of_another_street_cannot_be_asked_for(client: Client, town: Town) -> None:
    reported(town, building=town.other_building)
    client.force_login(town.users["dispatcher"])
    assert client.get("/cases/", {"grid": town.other_grid.pk}).status_code == 400
    assert client.get("/cases/export/", {"grid": town.other_grid.pk}).status_code == 400


def test_pages_run_by_key_both_ways(client: Client, town: Town) -> None:
    first = reported(town)
    Case.objects.bulk_create(
        [
            Case(
                case_no=f"X{number:04d}", tracking_code=f"X{number:04d}", district=first.district,
                street=first.street, community=first.community, grid=first.grid, text="批量",
                category=first.category, source="patrol", sla_class=first.sla_class,
            )
            for number in range(119)
        ]
    )  # fmt: skip
    client.force_login(town.users["dispatcher"])
    everything = sorted(Case.objects.values_list("pk", flat=True), reverse=True)
    page, pages = client.get("/cases/"), []
    while True:
        pages.append([row.case.pk for row in page.context["rows"]])
        if not page.context["page"].next_url:
            break
        page = client.get(f"/cases/{page.context['page'].next_url}")
    assert [key for keys in pages for key in keys] == everything
    assert [len(keys) for keys in pages] == [50, 50, 20]
    back = client.get(f"/cases/{page.context['page'].previous_url}")
    assert [row.case.pk for row in back.context["rows"]] == pages[1]
    for odd in ("before=x", "before=99999999999999999999", "after=0", "before=-1"):
        assert client.get(f"/cases/?{odd}").status_code == 200


def test_its_queries_do_not_grow_with_rows(client: Client, town: Town) -> None:
    client.force_login(town.users["dispatcher"])
    Story(town).assigned()

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/cases/")
        return len(queries)

    few = count()
    for _ in range(6):
        Story(town).assigned()
        reported(town, building=town.far_building)
    assert count() == few <= MOST_QUERIES


def test_the_export_is_the_list(client: Client, town: Town) -> None:
    evil = reported(town, text='=HYPERLINK("http://x")', address="@地下室")
    reported(town, building=town.far_building)
    reported(town, building=town.other_building)
    client.force_login(town.users["dispatcher"])
    answer = client.get("/cases/export/", {"community": town.community.pk})
    assert answer.status_code == 200
    assert ".xlsx" in answer["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0][0] == "网格事项台账"
    assert "统计时段" in str(rows[1][0]) and "制表人：丁度" in str(rows[1][0])
    assert [row[1] for row in rows[3:]] == [evil.case_no]
    assert '\'=HYPERLINK("http://x")' in rows[3]
    assert all(not str(cell or "").startswith(("=", "@")) for cell in rows[3])
    entry = AuditEntry.objects.get(action="case.export")
    assert entry.actor == town.users["dispatcher"]
    assert entry.detail["rows"] == 1


def test_the_export_holds_no_reporter(client: Client, town: Town) -> None:
    reported(town, reporter_name="张小三", reporter_phone="16900000011")
    client.force_login(town.users["dispatcher"])
    answer = client.get("/cases/export/")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active  # type: ignore[arg-type]
    assert sheet is not None
    text = str([list(row) for row in sheet.iter_rows(values_only=True)])
    assert "张小三" not in text and "16900000011" not in text


@pytest.mark.parametrize("who", ["volunteer", "corridor_head", "grid_informant", "revisitor"])
def test_reporters_cannot_export(client: Client, town: Town, who: str) -> None:
    client.force_login(town.users[who])
    page = client.get("/cases/export/")
    assert page.status_code == 403
    assert "不能导出" in page.content.decode()
    assert "导出本列表" not in client.get("/cases/").content.decode()


def test_a_cell_is_never_a_formula() -> None:
    assert [plain_cell(text) for text in ("=1", "+1", "-1", "@a", "\tx", "好")] == [
        "'=1", "'+1", "'-1", "'@a", "'\tx", "好",
    ]  # fmt: skip


def test_a_filter_is_its_own_address(client: Client, town: Town) -> None:
    asked = CaseFilter(grid=town.grid.pk, by="closed", month="2026-05", mine=True)
    assert asked.url() == f"/cases/?grid={town.grid.pk}&by=closed&month=2026-05&mine=1"
    assert CaseFilter().url() == "/cases/"
    client.force_login(town.users["dispatcher"])
    assert client.get(asked.url()).context["filter"] == asked
    assert CaseFilter(status=Status.CLOSED).url("cases:export") == "/cases/export/?status=closed"


def test_a_row_shows_what_people_wrote_as_text(client: Client, town: Town) -> None:
    case = reported(town, text="<b>灯</b> & 井盖", address='"东门"<i>')
    Case.objects.filter(pk=case.pk).update(supervised_at=timezone.now(), cycle=2)
    client.force_login(town.users["dispatcher"])
    page = client.get("/cases/").content.decode()
    assert "&lt;b&gt;灯&lt;/b&gt; &amp; 井盖" in page
    assert "<b>灯" not in page
    assert "东门&quot;&lt;i&gt;" in page
    assert f'href="/cases/{case.pk}/"' in page
    assert "第 2 轮" in page
    assert "督办" in page


def test_a_grid_asked_for_by_a_link_counts_among_endlessly_many(
    client: Client, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.forms.desk.MANY_GRIDS", 1)
    here = reported(town)
    far = reported(town, building=town.far_building)
    client.force_login(town.users["dispatcher"])
    assert seen(client) == [far.pk, here.pk]
    assert seen(client, grid=town.far_grid.pk) == [far.pk]


def test_a_district_asked_for_by_a_link_is_named(client: Client, town: Town) -> None:
    case = reported(town)
    assert case.district is not None
    client.force_login(town.users["dispatcher"])
    page = client.get("/cases/", {"district": case.district.code, "stage": "check"})
    assert [row.case.pk for row in page.context["rows"]] == [case.pk]
    assert f"只看{case.district.name}的事项" in page.content.decode()
    assert page.context["all_districts_url"] == "/cases/?stage=check"


def test_a_list_too_long_to_count_says_so(
    client: Client, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        reported(town)
    client.force_login(town.users["dispatcher"])
    monkeypatch.setattr(paging, "MOST_COUNTED", 3)
    assert "共 3 条" in client.get("/cases/").content.decode()
    monkeypatch.setattr(paging, "MOST_COUNTED", 2)
    page = client.get("/cases/").content.decode()
    assert "共 2+ 条" in page and page.count('quick-count num">2+<') == 1
    # What is counted anyway says its number: the tab of all that is open, and its list.
    exact = client.get("/cases/?stage=open").content.decode()
    assert "共 3 条" in exact and 'quick-count num">3<' in exact
