"""The monthly bulletin: drafted by the calendar, frozen when issued, every number with its list."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from docx import Document

from assessments.bulletins import fingerprint_of, top_rows
from assessments.home import todos
from assessments.issuing import correct, draft_due, issue, refresh
from assessments.models import Bulletin, BulletinItem, BulletinScheme
from assessments.tasks import draft_due_bulletins
from cases.models import Case, Category, Revisit, RevisitDraw, SlaClass
from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.periods import Month
from orgs.models import Unit
from tests.town import Town

JUNE = Month(2026, 6)
DUE = datetime(2026, 6, 20, 18, tzinfo=SHANGHAI)
# 2026-07-01 is a Wednesday: the third working day is the Friday.
THIRD = datetime(2026, 7, 3, 8, 20, tzinfo=SHANGHAI)


def case(town: Town, how: str, **more: Any) -> Case:
    """A June case of 城市管理局 by the hotline: on_time, late or open."""
    number = Case.objects.count()
    grid = more.pop("grid", town.grid)
    fed_back = {"on_time": DUE - timedelta(hours=1), "late": DUE + timedelta(days=1), "open": None}
    closed = None if how == "open" else DUE + timedelta(days=2)
    return Case.objects.create(**{
        "case_no": f"20260601{number:010d}", "tracking_code": f"B{number:07d}", "text": "测试",
        "district": grid.district, "street": grid.street, "community": grid.community, "grid": grid,
        "category": Category.objects.get(slug="sanitation-rubbish"),
        "sla_class": SlaClass.objects.order_by("pk")[0], "source": "hotline",
        "status": "closed" if closed else "handling", "lead_unit": town.department,
        "created_at": datetime(2026, 6, 5, 9, tzinfo=SHANGHAI),
        "clock_started_at": datetime(2026, 6, 5, 9, tzinfo=SHANGHAI), "due_at": DUE,
        "fed_back_at": fed_back[how], "closed_at": closed, "ended_at": closed, **more,
    })  # fmt: skip


def unhappy(one: Case) -> None:
    draw, _ = RevisitDraw.objects.get_or_create(
        month="2026-06", grid=one.grid, defaults={"population": 1, "quota": 1, "seed": "0"}
    )
    Revisit.objects.create(
        case=one, draw=draw, month="2026-06", state="done", solved="no", reason="result",
        satisfaction="unsatisfied", done_at=THIRD - timedelta(days=1), locks_at=THIRD,
    )  # fmt: skip


@pytest.fixture
def june(town: Town) -> Bulletin:
    """城市管理局 6 (4 on time, 1 late, 1 open, 1 unhappy), 消防 1, 幸福社区 itself 5, outside: the rest."""
    cases = [case(town, how) for how in ("on_time",) * 3 + ("late", "open")]
    case(town, "on_time", source="web", grid=town.far_grid)
    case(town, "on_time", lead_unit=town.second_department, source="wechat")
    for _ in range(5):
        case(town, "on_time", lead_unit=None, source="web")
    unhappy(cases[0])
    case(town, "on_time", source="patrol")  # in no line
    case(town, "open", status="reported", clock_started_at=None)  # not dispatched
    case(town, "open", status="void")
    case(town, "on_time", created_at=datetime(2026, 7, 1, 0, 0, tzinfo=SHANGHAI))
    case(town, "on_time", grid=town.other_grid)
    assert draft_due(THIRD) == 2
    return Bulletin.objects.get(street=town.street)


def row(bulletin: Bulletin, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in bulletin.content["rows"] if one["name"] == name)
    return found


def issued(bulletin: Bulletin, town: Town) -> Bulletin:
    return issue(bulletin=bulletin, by=town.users["street_admin"], now=THIRD)


# ---- the table ----


def test_it_counts_by_line_and_result_as_the_customary_table_does(june: Bulletin) -> None:
    city = row(june, "城市管理局")
    assert city["total"] == 6
    assert city["lines"] == [[3, 1, 1], [1, 0, 0]]
    assert (city["closed_rate"], city["on_time_rate"]) == ("83.33", "66.67")
    assert (city["unsatisfied"], city["unsatisfied_rate"]) == (1, "100.00")
    assert row(june, "幸福社区")["lines"] == [[0, 0, 0], [5, 0, 0]]
    assert june.content["total"]["total"] == 12
    assert sum(sum(line) for line in june.content["total"]["lines"]) == 12


def test_it_never_ranks_under_the_minimum(june: Bulletin) -> None:
    assert row(june, "消防救援站")["rank"] is None
    assert [one["name"] for one in top_rows(june.content)] == ["幸福社区", "城市管理局"]


def test_what_came_after_the_cut_off_is_open(town: Town) -> None:
    case(town, "on_time", closed_at=THIRD + timedelta(hours=1))
    draft_due(THIRD)
    assert Bulletin.objects.get().content["total"]["lines"][0] == [0, 0, 1]


def test_topics_have_shares_and_the_month_before_is_compared(town: Town) -> None:
    for month, count in ((5, 2), (6, 3)):
        for _ in range(count):
            case(town, "on_time", created_at=datetime(2026, month, 5, tzinfo=SHANGHAI))
    assert draft_due(THIRD) == 2, "the month before is caught up, too"
    latest = Bulletin.objects.get(month="2026-06")
    assert latest.content["previous"]["total"] == 1
    assert latest.content["topics"] == [
        {"slug": "sanitation", "name": "环境卫生", "count": 3, "share": "100.00"}
    ]
    assert Bulletin.objects.get(month="2026-05").content["previous"] is None


def test_lines_are_data(town: Town) -> None:
    BulletinScheme.objects.update(is_active=False)
    BulletinScheme.objects.filter(name="全部来源").update(is_active=True)
    case(town, "on_time", source="patrol")
    draft_due(THIRD)
    assert Bulletin.objects.get().content["total"]["lines"] == [[0, 0, 0], [0, 0, 0], [1, 0, 0]]


@pytest.mark.parametrize(
    "lines",
    [[], [{"code": "a"}], [{"code": "a", "title": "A", "sources": ["moon"]}],
     [{"code": "a", "title": "A", "sources": ["web"]}, {"code": "b", "title": "B", "sources": ["web"]}]],
)  # fmt: skip
def test_lines_no_table_could_have_are_refused(db: None, lines: Any) -> None:
    with pytest.raises(ValidationError):
        BulletinScheme(name="x", lines=lines).full_clean()


# ---- the calendar ----


def test_it_is_drafted_on_the_third_working_day_once(town: Town) -> None:
    case(town, "on_time")
    assert draft_due(THIRD - timedelta(days=1)) == 0
    assert draft_due(THIRD) == 1
    assert draft_due(THIRD + timedelta(hours=1)) == 0
    assert draft_due(datetime(2026, 8, 10, tzinfo=SHANGHAI)) == 0


def test_the_task_runs_on_an_empty_database(db: None) -> None:
    assert draft_due_bulletins() == 0


def test_its_queries_do_not_grow(town: Town, django_assert_max_num_queries: Any) -> None:
    for number in range(40):
        unit = Unit.objects.create(name=f"单位{number}", kind="functional_department")
        case(town, "on_time", lead_unit=unit)
    with django_assert_max_num_queries(26):
        draft_due(THIRD)


# ---- issuing ----


def test_a_draft_is_refreshed_and_an_issued_one_is_frozen(town: Town, june: Bulletin) -> None:
    office = town.users["street_admin"]
    late = case(town, "on_time")
    again = refresh(bulletin=june, by=office, now=THIRD + timedelta(hours=2))
    assert again.content["total"]["total"] == 13
    frozen = issued(again, town)
    assert frozen.sha256 == fingerprint_of(frozen) and frozen.issued_by == office
    with pytest.raises(ValidationError, match="已由他人发布"):
        refresh(bulletin=frozen, by=office, now=THIRD)
    with pytest.raises(ValidationError, match="已由他人发布"):
        issued(frozen, town)
    BulletinItem.objects.filter(case=late).update(result="late")
    assert frozen.sha256 != fingerprint_of(frozen), "a bent detail is found"


def test_a_draft_refreshed_by_somebody_else_is_not_issued_unseen(
    town: Town, june: Bulletin
) -> None:
    refresh(bulletin=Bulletin.objects.get(pk=june.pk), by=town.users["street_admin"],
            now=THIRD + timedelta(hours=1))  # fmt: skip
    with pytest.raises(ValidationError, match="已由他人发布或更新"):
        issued(june, town)


def test_a_correction_is_a_new_version(town: Town, june: Bulletin) -> None:
    office, first = town.users["street_admin"], issued(june, town)
    with pytest.raises(ValidationError, match="写明更正原因"):
        correct(bulletin=first, by=office, reason=" ", now=THIRD)
    case(town, "late")
    second = correct(bulletin=first, by=office, reason="漏计一件", now=THIRD + timedelta(days=3))
    assert (second.version, second.content["total"]["total"]) == (2, 13)
    first.refresh_from_db()
    assert first.content["total"]["total"] == 12
    with pytest.raises(ValidationError, match="最新版本"):
        correct(bulletin=first, by=office, reason="又漏", now=THIRD)
    with pytest.raises(TypeError):
        first.delete()


@pytest.mark.parametrize("key", ["dispatcher", "community_secretary", "other_street_admin"])
def test_only_the_streets_office_issues(town: Town, june: Bulletin, key: str) -> None:
    with pytest.raises(PermissionDenied):
        issue(bulletin=june, by=town.users[key], now=THIRD)


# ---- pages ----


@pytest.mark.parametrize(
    ("key", "draft", "after"),
    [("street_admin", 200, 200), ("dispatcher", 200, 200), ("community_secretary", 404, 200),
     ("grid_head", 404, 200), ("dept_handler", 404, 200), ("district_official", 404, 200),
     ("auditor", 200, 200), ("other_street_admin", 404, 404), ("other_grid_head", 404, 404),
     ("volunteer", 403, 403), ("revisitor", 403, 403)],
)  # fmt: skip
def test_who_reads_it(
    enter: Callable[[str], Client], town: Town, june: Bulletin, key: str, draft: int, after: int
) -> None:
    url = f"/bulletins/{june.pk}/"
    assert enter(key).get(url).status_code == draft
    issued(june, town)
    assert enter(key).get(url).status_code == after
    assert enter(key).get(f"{url}docx/").status_code == after


def test_every_number_opens_the_list_it_counts(
    enter: Callable[[str], Client], town: Town, june: Bulletin
) -> None:
    client = enter("street_admin")
    page = client.get(f"/bulletins/{june.pk}/")
    opened = 0
    for line in [*page.context["rows"], page.context["total"]]:
        figures = line["row"]
        expected = [
            *line["numbers"], (figures["closed"], line["closed_url"]),
            (figures["on_time"], line["on_time_url"]), (figures["answered"], line["answered_url"]),
            (figures["unsatisfied"], line["unsatisfied_url"]),
        ]  # fmt: skip
        for count, url in expected:
            assert url
            assert client.get(url).context["page"].count == count, url
            opened += 1
    assert opened == 44
    for topic, url in page.context["topics"]:
        assert client.get(url).context["page"].count == topic["count"]


def test_a_number_is_a_link_only_for_whom_the_whole_list_is_open(
    enter: Callable[[str], Client], town: Town, june: Bulletin
) -> None:
    issued(june, town)
    page = enter("community_staff").get(f"/bulletins/{june.pk}/")
    links = {line["row"]["name"]: bool(line["closed_url"]) for line in page.context["rows"]}
    # One case of 城市管理局 lies in the other community.
    assert links == {"城市管理局": False, "幸福社区": True, "消防救援站": True}
    assert not page.context["total"]["closed_url"]


def test_the_office_is_told_and_issues_on_the_page(
    enter: Callable[[str], Client], town: Town, june: Bulletin
) -> None:
    office = town.users["street_admin"]
    waiting = [todo.count for todo in todos(office, THIRD) if "通报" in todo.sentence]
    assert waiting == [1]
    client, url = enter("street_admin"), f"/bulletins/{june.pk}/act/"
    stale = client.post(url, {"act": "issue", "cutoff": "1.0"}, follow=True)
    assert "请核对后再发布" in stale.content.decode()
    page = client.post(
        url, {"act": "issue", "cutoff": str(june.cutoff.timestamp())}, follow=True
    ).content.decode()
    assert "已发布，内容与指纹一致" in page
    assert not [todo for todo in todos(office, THIRD) if "通报" in todo.sentence]
    second = client.post(url, {"act": "correct", "reason": "漏计"}, follow=True)
    assert "更正原因：漏计" in second.content.decode()
    assert enter("dispatcher").post(url, {"act": "refresh"}).status_code == 403
    assert client.post(url, {"act": "burn"}).status_code == 404
    assert "第 2 版" in client.get("/bulletins/?status=draft").content.decode()


def body(response: Any) -> io.BytesIO:
    return io.BytesIO(b"".join(response.streaming_content))


def test_the_workbook_has_title_two_storeys_of_header_and_a_signature(
    enter: Callable[[str], Client], june: Bulletin
) -> None:
    file = body(enter("street_admin").get(f"/bulletins/{june.pk}/xlsx/"))
    sheet: Any = openpyxl.load_workbook(file).active
    assert sheet["A1"].value == "红星街道党工委2026年6月案件办理情况通报"
    header = [cell.value for cell in sheet[3]]
    assert header == ["序号", "单位", "派遣案件总数", "12345热线", None, None, "政民互动", None, None,
                      "结案率", "按时结案率", "不满意数", "不满意率"]  # fmt: skip
    assert [cell.value for cell in sheet[4]][3:9] == ["按时办结", "超时办结", "未办结"] * 2
    assert [cell.value for cell in sheet[5]][:9] == [1, "城市管理局", 6, 3, 1, 1, 1, 0, 0]
    assert "D3:F3" in {str(one) for one in sheet.merged_cells.ranges}
    assert str(sheet.cell(sheet.max_row, 1).value).startswith("填报单位：红星街道")


def test_the_word_notice_says_the_same(enter: Callable[[str], Client], june: Bulletin) -> None:
    file = body(enter("street_admin").get(f"/bulletins/{june.pk}/docx/"))
    assert "word/document.xml" in ZipFile(file).namelist()
    notice = Document(file)
    assert notice.paragraphs[0].text == "红星街道党工委2026年6月案件办理情况通报"
    texts = [[cell.text for cell in line.cells] for line in notice.tables[0].rows]
    assert texts[0][3] == texts[0][5] == "12345热线"
    assert texts[2][:4] == ["1", "城市管理局", "6", "3"]
    assert texts[-1][1:3] == ["合计", "12"]
    assert notice.paragraphs[-1].text.startswith("填报单位：")


def test_a_month_without_dispatched_cases_says_so(
    enter: Callable[[str], Client], town: Town
) -> None:
    case(town, "open", clock_started_at=None)
    draft_due(THIRD)
    empty = Bulletin.objects.get()
    page = enter("street_admin").get(f"/bulletins/{empty.pk}/").content.decode()
    assert "这个月没有派遣的案件" in page
    assert enter("street_admin").get(f"/bulletins/{empty.pk}/xlsx/").status_code == 200
