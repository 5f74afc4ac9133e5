"""双网融合: progress and conflicts equal their lists; the table goes out and comes back unchanged."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from grids.models import LegacyGridCode
from grids.services import add_legacy_code, merge_legacy_code, part_merge_legacy_code
from grids.services.nets import load_nets
from orgs.models import AuditEntry, ImportJob
from orgs.tasks import run_import_jobs
from tests.grids.test_places import DAY
from tests.town import Town


def code(grid: Any, system: str, number: str, **more: Any) -> LegacyGridCode:
    return add_legacy_code(grid=grid, system=system, code=number, by=None, **more)


@pytest.fixture
def codes(town: Town) -> list[LegacyGridCode]:
    """One governance grid over two of ours, one code in two systems, two codes on one grid."""
    return [
        code(town.grid, "governance", "ZZ-1", merged_on=DAY), code(town.sister_grid, "governance", "ZZ-1"),
        code(town.grid, "urban", "ZZ-1"), code(town.grid, "urban", "CG-7"),
        code(town.other_grid, "petition", "XF-1"),
    ]  # fmt: skip


def table(
    *rows: list[Any], head: tuple[str, ...] = ("系统", "代码", "名称", "网格编码", "并网日期")
) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["原网格编码对照"])
    sheet.append(list(head))
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_every_figure_counts_the_rows_it_links_to(town: Town, codes: Any, enter: Any) -> None:
    part_merge_legacy_code(legacy=codes[1], on=DAY, by=None)
    client = enter("street_admin")
    page = client.get("/grids/nets/").context
    assert [figure.count for figure in page["figures"]] == [4, 2, 1, 1]
    assert {figure.label: figure.count for figure in page["conflicts"]} == {
        "一个编码跨几个网格": 2, "一个网格有同一系统的几个编码": 2, "同一编码出现在两个系统": 3,
        "网格没有综治编码": 1, "楼栋没有综治网格覆盖": 1,
    }  # fmt: skip
    for figure in (*page["figures"], *page["conflicts"]):
        listed = client.get(figure.url).context
        assert (listed.get("buildings") or listed["page"]).count == figure.count, figure
    for row in page["systems"]:
        found = client.get(f"/grids/nets/?system={row['system']}&status=none").context["page"].count
        assert found == row["none"]


def test_codes_of_others_are_not_shown(town: Town, codes: Any, enter: Any) -> None:
    assert enter("other_community_staff").get("/grids/nets/").context["page"].count == 1
    assert enter("revisitor").get("/grids/nets/").status_code == 403
    assert enter("street_admin").get("/grids/nets/?status=x").status_code == 400
    assert enter("street_admin").get("/grids/nets/export.xlsx?status=x").status_code == 404
    url = f"/grids/nets/{codes[4].pk}/merge/full/"
    assert enter("community_staff").post(url).status_code == 404
    assert enter("other_community_staff").post(url).status_code == 302
    assert enter("other_community_staff").post(url.replace("full", "never")).status_code == 404


def test_merging_goes_from_none_over_partial_to_merged(town: Town, codes: Any, enter: Any) -> None:
    legacy, client = codes[1], enter("community_staff")
    for how, status in (("partial", "partial"), ("full", "merged")):
        client.post(f"/grids/nets/{legacy.pk}/merge/{how}/")
        legacy.refresh_from_db()
        assert legacy.merge_status == status
    with pytest.raises(ValidationError, match="不用再标"):
        part_merge_legacy_code(legacy=legacy, on=DAY, by=None)
    with pytest.raises(ValidationError, match="并网"):
        merge_legacy_code(legacy=legacy, on=DAY, by=None)
    actions = AuditEntry.objects.filter(action__startswith="grid.").values_list("action", flat=True)
    assert {"grid.part_merge_legacy_code", "grid.merge_legacy_code"} <= set(actions)


def test_an_old_code_finds_its_grid_everywhere(town: Town, codes: Any, enter: Any) -> None:
    client = enter("community_staff")
    for text in ("CG-7", "cg-7"):
        assert [row["grid"] for row in client.get("/grids/", {"q": text}).context["rows"]] == [
            town.grid
        ]
        hits = client.get("/grids/map/", {"q": text}).context["found"]["hits"]
        assert [hit.grid for hit in hits] == [town.grid]
    assert client.get("/grids/nets/?q=CG-7").context["page"].count == 1


def test_the_export_comes_back_unchanged(town: Town, codes: Any, enter: Any) -> None:
    part_merge_legacy_code(legacy=codes[1], on=DAY, by=None)
    answer = enter("community_staff").get("/grids/nets/export.xlsx")
    sheet: Any = load_workbook(io.BytesIO(answer.content)).active
    assert sheet.max_row == 3 + 4
    again = load_nets(data=answer.content, communities=[town.community], by=None)
    assert dict(again.counts) == {"unchanged": 4}


def test_a_table_registers_and_updates_and_a_blank_clears_nothing(town: Town, codes: Any) -> None:
    data = table(
        ["综治", "ZZ-9", "新村综治网格", town.grid.code, "2026年3月2日"],
        ["城管网格", "CG-7", "", float(town.grid.code), "2026/3/2"],
        ["综治", "ZZ-1", "", town.grid.code, ""],
    )
    loaded = load_nets(data=data, communities=[town.community], by=None)
    assert dict(loaded.counts) == {"create": 1, "update": 1, "unchanged": 1}
    assert LegacyGridCode.objects.get(code="CG-7").merged_on == DAY
    assert (
        LegacyGridCode.objects.get(code="ZZ-1", grid=town.grid, system="governance").merged_on
        == DAY
    )


def test_every_fault_names_its_line_and_nothing_is_written(town: Town) -> None:
    data = table(
        ["综治", "ZZ-1", "", town.grid.code, ""],
        ["气象", "QX-1", "", town.grid.code, ""],
        ["综治", "", "", town.grid.code, ""],
        ["综治", "ZZ-3", "", town.other_grid.code, ""],
        ["综治", "ZZ-4", "", town.grid.code, "去年"],
        ["综治", "ZZ-1", "", town.grid.code, ""],
    )
    with pytest.raises(ValidationError) as refusal:
        load_nets(data=data, communities=[town.community], by=None)
    said = "\n".join(refusal.value.messages)
    for words in (
        "第 4 行：系统“气象”应为",
        "第 5 行：没有写代码",
        "第 6 行：没有编码为",
        "第 7 行：并网日期“去年”",
        "第 8 行：和第 3 行重复",
    ):
        assert words in said
    assert not LegacyGridCode.objects.exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "没有找到表头"), (b"PK\x03\x04xx", "已损坏"), (b"\xd0\xcf\x11\xe0", "打不开"),
        (b"\xff\xfe\xff", "不是能识别的表格"), ("系统,代码,名称,网格编码\n".encode(), "只有表头"),
        ("姓名,电话\n甲,1\n".encode("gb18030"), "没有找到表头"),
    ],
)  # fmt: skip
def test_what_is_no_table_says_so(data: bytes, sentence: str, town: Town) -> None:
    with pytest.raises(ValidationError, match=sentence):
        load_nets(data=data, communities=[town.community], by=None)


def test_a_table_is_previewed_then_loaded_in_the_browser(
    town: Town, enter: Any, media: Path
) -> None:
    client = enter("community_staff")
    data = table(["综治", "ZZ-5", "甲", town.grid.code, ""])
    form = {
        "under": town.community.pk, "kind": "nets",
        "file": SimpleUploadedFile("codes.xlsx", data),
    }  # fmt: skip
    assert client.post("/grids/imports/nets/", form).status_code == 302
    run_import_jobs()
    job = ImportJob.objects.get()
    assert "还没有写入" in client.get(f"/grids/imports/nets/{job.pk}/").content.decode()
    assert not LegacyGridCode.objects.exists()
    client.post(f"/grids/imports/nets/{job.pk}/confirm/")
    run_import_jobs()
    job.refresh_from_db()
    assert job.state == ImportJob.State.DONE
    assert client.get(f"/grids/imports/map/{job.pk}/").status_code == 404


def test_the_page_asks_as_often_for_many_codes(town: Town, codes: Any, enter: Any) -> None:
    client = enter("community_staff")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/grids/nets/").status_code == 200
        return len(asked)

    few = queries()
    for number in range(20):
        code(town.sister_grid, "urban", f"N{number}")
    assert queries() == few
