"""Reports: the quarter's, a grid's 一表通, the dashboard's; templates by version, refused with a sentence."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document

from assessments.issuing import draft_due
from assessments.models import Bulletin, QuarterAssessment, ReportTemplate
from assessments.reports.board import board_facts, bulletin_facts
from assessments.reports.grid import grid_facts
from assessments.reports.kinds import COMMON, REPORTS
from assessments.reports.quarter import quarter_facts
from assessments.reports.standard import standard
from gridparty.lib.filling import fields_in
from gridparty.lib.periods import Month, Quarter
from orgs.models import AuditEntry
from tests.assessments.test_bulletins import THIRD, case
from tests.assessments.test_quarter import QUARTER
from tests.lib.test_filling import word
from tests.town import Town

NEW = "/reports/templates/new/"


def texts(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


@pytest.mark.parametrize("code", list(REPORTS))
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_the_default_template_uses_known_fields(code: str, kind: str) -> None:
    assert REPORTS[code].check(standard(code, kind))


def fits(code: str, facts: Any) -> None:
    """Every field that is documented has a value, and nothing else has."""
    kind = REPORTS[code]
    assert set(facts.single) == {*COMMON, *kind.single}
    assert set(facts.lists) == set(kind.lists)
    for name, entries in facts.lists.items():
        for entry in entries:
            assert {key for key in entry if key != "_url"} == set(kind.lists[name].columns), name


def test_the_quarters_report_adds_up(
    town: Town, drafts: Any, enter: Callable[[str], Client]
) -> None:
    user, rows = town.users["street_admin"], QuarterAssessment.objects.filter(street=town.street)
    facts = quarter_facts(rows, {}, town.street, QUARTER, user, timezone.now())
    fits("quarter", facts)
    assert facts.single["网格数"] == rows.count() == len(facts.lists["网格"])
    assert sum(one["网格数"] for one in facts.lists["社区"]) == rows.count()  # type: ignore[misc]
    on_time = next(one for one in facts.lists["指标"] if one["名称"] == "按期办结率")
    assert (on_time["分子"], on_time["分母"]) == (9, 10)
    address = f"/reports/quarter/?node={town.street.pk}&quarter={QUARTER}"
    client = enter("street_admin")
    page = client.get(address)
    assert page.status_code == 200
    for figure in page.context["figures"]:
        listed = client.get(figure.url)
        assert listed.context["count"] == figure.value
    filed = client.get(f"{address}&file=docx")
    assert town.grid.name in texts(filed.content)
    assert client.get(f"{address}&file=exe").status_code == 404
    assert client.get(f"{address}&file=xlsx").content[:2] == b"PK"
    assert AuditEntry.objects.filter(action="report.export").count() == 2


def test_a_quarter_belongs_to_those_who_see_all_of_it(
    town: Town, drafts: Any, enter: Callable[[str], Client]
) -> None:
    address = f"/reports/quarter/?node={town.street.pk}&quarter={QUARTER}"
    assert enter("other_street_admin").get(address).status_code == 404
    secretary = enter("community_secretary")
    offered = secretary.get("/reports/").context["form"].fields["node"].queryset
    assert list(offered) == [town.community]
    assert list(enter("grid_head").get("/reports/").context["form"].fields["node"].queryset) == []
    assert secretary.get(address).status_code == 403
    own = f"/reports/quarter/?node={town.community.pk}&quarter={QUARTER}"
    assert secretary.get(own).status_code == 200
    assert secretary.get(f"{own[:-1]}9").status_code == 404


def test_a_grids_report_fills_what_is_known_and_lists_what_is_not(
    town: Town, drafts: Any, enter: Callable[[str], Client]
) -> None:
    facts = grid_facts(town.grid, Quarter.of(date(2026, 8, 1)), town.users["grid_head"], timezone.now())  # fmt: skip
    fits("grid", facts)
    assert facts.single["到期件数"] == 10
    assert facts.single["住户数"] == 2
    assert facts.single["待问数"] == len(facts.lists["待问"])
    asked = " ".join(str(one["缺什么"]) for one in facts.lists["待问"])
    assert "没有登记居民" in asked
    client = enter("grid_head")
    page = client.get(f"/reports/grids/{town.grid.pk}/?month=2026Q3")
    for figure in page.context["figures"][:4]:
        assert client.get(figure.url).context["page"].count == figure.value, figure.label
    assert enter("sister_grid_head").get(f"/reports/grids/{town.grid.pk}/").status_code == 404
    assert enter("dept_handler").get(f"/reports/grids/{town.grid.pk}/").status_code == 404
    listed = enter("street_admin").get("/reports/grids/?q=第1")
    assert listed.context["page"].count == len(listed.context["page"].rows)


def test_a_file_lists_only_the_homes_its_reader_may_export(
    town: Town, enter: Callable[[str], Client]
) -> None:
    address = f"/reports/grids/{town.grid.pk}/?month=2026Q3"
    door = str(town.grid.households.first())
    staff, head = enter("community_staff"), enter("grid_head")
    assert door in texts(staff.get(f"{address}&file=docx").content)
    assert door in head.get(address).content.decode()
    filed = texts(head.get(f"{address}&file=docx").content)
    assert door not in filed
    assert "您的角色不能导出住户" in filed
    entry = AuditEntry.objects.filter(action="report.export").latest("pk")
    assert (entry.detail["grid"], entry.detail["period"]) == (town.grid.pk, "2026Q3")
    assert entry.detail["rows"] > 0


def test_numbers_may_be_read_where_rows_may_not_and_a_long_list_is_counted_whole(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def facts(who: str) -> Any:
        return grid_facts(town.grid, Month(2026, 8), town.users[who], timezone.now())

    official, head = facts("district_official").single, facts("grid_head").single
    for name in ("住户数", "居民数", "走访次数", "活动次数"):
        assert official[name] == head[name], name
    assert official["住户数"] == 2
    assert official["重点人群数"] is not None
    assert "看不到住户" in official["待问说明"]
    monkeypatch.setattr("assessments.reports.asking.MOST", 1)
    cut = facts("grid_head")
    assert (cut.single["待问数"], len(cut.lists["待问"])) == (head["待问数"], 1)
    assert "只列前 1 项" in cut.single["待问说明"]


def test_the_queries_of_a_grids_report_do_not_grow(town: Town, drafts: Any) -> None:
    from tests.town import make_household

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            user = type(town.users["grid_head"]).objects.get(pk=town.users["grid_head"].pk)
            grid_facts(town.grid, Month(2026, 8), user, timezone.now())
        return len(caught)

    before = queries()
    for number in range(20):
        make_household(town.building, str(300 + number))
    assert queries() == before


def test_the_dashboards_word_file_says_what_the_page_says(
    busy: Town, enter: Callable[[str], Client]
) -> None:
    client = enter("street_admin")
    page = client.get("/dashboard/")
    shown = {name: page.context[name] for name in ("counts", "rates", "zeros", "hot")}
    user = busy.users["street_admin"]
    fits("dashboard", board_facts(shown, page.context["lines"], "甲", page.context["month"], user, timezone.now()))  # fmt: skip
    text = texts(client.get("/dashboard/export/?file=docx").content)
    for figure in [*page.context["counts"], *page.context["rates"], *page.context["hot"]]:
        assert figure.label in text
        if figure.value is not None:
            assert str(figure.value) in text
    assert client.get("/dashboard/export/?file=pdf").status_code == 404


def upload(client: Client, data: bytes, **typed: Any) -> Any:
    file = SimpleUploadedFile("模板.docx", data)
    return client.post(NEW, {"report": "quarter", "street": "", "note": "", "file": file, **typed})


def test_a_template_is_used_by_version_and_withdrawn(
    town: Town, drafts: Any, enter: Callable[[str], Client]
) -> None:
    admin, street = enter("sysadmin"), enter("street_admin")
    assert upload(admin, word(("全区：{{标题}}",))).status_code == 302
    assert upload(street, word(("街道：{{标题}}",)), street=town.street.pk).status_code == 302
    assert upload(street, word(("二版：{{标题}}",)), street=town.street.pk).status_code == 302
    address = f"/reports/quarter/?node={town.street.pk}&quarter={QUARTER}&file=docx"

    def first() -> str:
        return texts(street.get(address).content)

    assert first().startswith("二版：")
    newest, older, all_streets = ReportTemplate.objects.order_by("-pk")
    assert (newest.version, older.version, all_streets.street) == (2, 1, None)
    withdraw = "/reports/templates/{}/withdraw/"
    assert enter("community_secretary").post(withdraw.format(newest.pk)).status_code == 403
    assert enter("other_street_admin").post(withdraw.format(newest.pk)).status_code == 404
    for row, then in ((newest, "街道："), (older, "全区：")):
        street.post(withdraw.format(row.pk))
        assert first().startswith(then)
    assert street.post(withdraw.format(all_streets.pk)).status_code == 403
    admin.post(withdraw.format(all_streets.pk))
    assert first().startswith(str(town.street))  # the default again
    page = street.get("/reports/templates/")
    assert page.context["page"].count == 3
    assert texts(street.get(f"/reports/templates/{older.pk}/").content) == "街道：{{标题}}"
    assert enter("other_street_admin").get(f"/reports/templates/{older.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (word(("{{季渡}}",)), "字段“季渡”没有。是不是“季度”？"),
        (word(("没有字段",)), "模板里没有字段"),
        (b"PK nothing", "文件打不开"),
        (b"x" * (5 * 1024 * 1024 + 1), "超过 5 MB"),
    ],
)
def test_a_wrong_template_is_refused_and_nothing_kept(
    town: Town, enter: Callable[[str], Client], data: bytes, sentence: str
) -> None:
    answer = upload(enter("sysadmin"), data)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not ReportTemplate.objects.exists()


def test_templates_are_uploaded_by_administrators_only(
    town: Town, enter: Callable[[str], Client]
) -> None:
    data = word(("{{标题}}",))
    assert upload(enter("grid_head"), data).status_code == 403
    assert upload(enter("street_admin"), data, street=town.other_street.pk).status_code == 400
    assert upload(enter("street_admin"), data).status_code == 400  # not for all streets
    assert not ReportTemplate.objects.exists()


def test_the_page_of_fields_lists_every_field(town: Town, enter: Callable[[str], Client]) -> None:
    client = enter("street_admin")
    page = client.get("/reports/fields/").content.decode()
    for kind in REPORTS.values():
        for name in kind.known:
            assert f"{{{{{name}}}}}" in page, name
    answer = client.get("/reports/default/quarter.xlsx")
    assert {one.name for one in fields_in(answer.content)} <= set(REPORTS["quarter"].known)
    assert client.get("/reports/default/nothing.xlsx").status_code == 404


def test_a_bulletin_follows_an_uploaded_template(
    town: Town, enter: Callable[[str], Client]
) -> None:
    case(town, "on_time")
    draft_due(THIRD)
    june = Bulletin.objects.get(street=town.street)
    fits("bulletin", bulletin_facts(june, town.users["street_admin"], timezone.now()))
    document = word(("发：{{标题}}",), row=("{{单位.名称}}", "{{单位.派遣总数}}"))
    assert upload(enter("sysadmin"), document, report="bulletin").status_code == 302
    filed = enter("street_admin").get(f"/bulletins/{june.pk}/docx/")
    assert texts(filed.content).startswith("发：")
