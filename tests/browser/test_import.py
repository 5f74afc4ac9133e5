"""A roster in a real browser: upload → columns → preview → import → conflict → undo."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from orgs.models import Person
from orgs.tasks import run_import_jobs
from residents.models import Residency
from tests.browser.conftest import follow
from tests.residents.rosters import citizen_id, person, workbook
from tests.residents.test_import_roster import load
from tests.town import Town, build_town

PageAs = Callable[..., Page]
Shot = Callable[..., Path]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER = [
    "小区名称",
    "楼栋",
    "单元",
    "房号",
    "户编号",
    "大名",
    "与户主关系",
    "证件号码",
    "联系电话",
]


@pytest.fixture
def street(transactional_db: None, media: Path) -> Town:
    """The town, committed, with 张小三 registered in 1栋1单元101."""
    cache.clear()
    town = build_town()
    load(town, person(联系电话="16900000001"))
    return town


def roster() -> bytes:
    people = [
        person(房号="202", 户编号="2", 联系电话="16900000002"),
        person(姓名="王小五", 房号="703", 户编号="3", 证件号码=citizen_id(serial=7)),
        person(姓名="赵小六", 房号="704", 户编号="4", 证件号码="123"),
        person(
            姓名="钱小七", 房号="705", 户编号="5", 证件号码=float(citizen_id(serial=9)[:17] + "0")
        ),
        person(姓名="孙小八", 楼栋="99栋", 户编号="6", 证件号码=citizen_id(serial=11)),
    ]
    rows: list[list[Any]] = [HEADER]
    for one in people:
        rows.append([one.get("姓名" if name == "大名" else name) for name in HEADER])
    rows += [["合计：5 人"], ["填表人：", None, "审核人："]]
    return workbook([["幸福社区居民花名册"], *rows])


def result_lines(data: bytes) -> dict[str, str]:
    """Name → 结果 of the result file."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    return {str(row[5].value): str(row[9].value) for row in sheet.iter_rows(min_row=3, max_row=7)}


def confirm(page: Page, button: str) -> None:
    """Press a button that asks first, and say yes."""
    page.get_by_role("button", name=button).click()
    follow(page.locator("dialog[open] [data-confirm-yes]"))


def test_a_roster_from_upload_to_undo(street: Town, page_as: PageAs, shot: Shot) -> None:
    page = page_as(street.users["community_staff"])
    page.goto("/residents/imports/")
    page.locator("input[type=file]").set_input_files(
        {"name": "二号楼.xlsx", "mimeType": XLSX, "buffer": roster()}
    )
    follow(page.get_by_role("button", name="上传并检查"))
    page.wait_for_url("**/residents/imports/*/")
    run_import_jobs()

    expect(page.get_by_text("缺少必需的列")).to_be_visible()
    follow(page.get_by_role("link", name="核对列对应"))
    page.get_by_label("大名读作").select_option(label="姓名")
    shot(page, "import-columns")
    follow(page.get_by_role("button", name="保存并重新检查"))
    page.wait_for_url("**/residents/imports/*/")
    run_import_jobs()

    expect(page.get_by_text("还没有写入任何数据")).to_be_visible()
    shot(page, "import-preview")
    follow(page.get_by_role("link", name="有错，未导入"))
    for name in ("赵*六", "钱*七", "孙*八"):
        expect(page.get_by_role("cell", name=name)).to_be_visible()
    page.go_back()
    confirm(page, "确认导入")
    expect(page.get_by_text("已确认，正在后台导入")).to_be_visible()
    run_import_jobs()

    follow(page.get_by_role("link", name="逐条核对"))
    follow(page.get_by_role("link", name="张*三"))
    shot(page, "import-conflict")
    page.get_by_label("迁到新户（旧户办迁出）").check()
    follow(page.get_by_role("button", name="确定").first)
    expect(page.get_by_text("没有待处理的冲突")).to_be_visible()
    zhang = Person.objects.get(name="张小三")
    assert Residency.objects.get(person=zhang, end=None).household.room == "202"
    assert zhang.phone.reveal() == "16900000002"

    page.goto("/residents/imports/")
    follow(page.get_by_role("link", name="二号楼.xlsx"))
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载结果文件").click()
    told = result_lines(waiting.value.path().read_bytes())
    assert told == {
        "张小三": "冲突", "王小五": "新增", "赵小六": "未导入", "钱小七": "未导入", "孙小八": "未导入",
    }  # fmt: skip
    follow(page.get_by_role("link", name="撤销这次导入"))
    shot(page, "import-undo")
    confirm(page, "撤销导入")
    page.wait_for_url("**/residents/imports/*/")
    run_import_jobs()
    expect(page.get_by_text("已撤销：")).to_be_visible()
    assert not Person.objects.filter(name="王小五").exists()
    assert Person.objects.filter(name="张小三").exists()
