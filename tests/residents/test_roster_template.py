"""The template: what is filled in comes in cleanly, its example does not, and only in scope."""

import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from residents.roster.errors import RosterFileError
from residents.roster.parse import parse_roster
from residents.roster.template import HELP, LISTS, SHEET, build_template
from tests.residents.rosters import TODAY, citizen_id, person, saved, town_places


def filled(data: bytes, *people: dict[str, Any]) -> bytes:
    """The template with these people from row 3 on."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book[SHEET]
    header = [cell.value for cell in sheet[1]]
    for number, one in enumerate(people, start=3):
        for at, label in enumerate(header, start=1):
            sheet.cell(number, at).value = one.get(label)
    return saved(book)


def test_the_filled_template_comes_in_cleanly_without_its_example():
    data = filled(
        build_template("幸福社区", ["阳光花园"], ["1栋"]),
        person(联系电话="16900000001", 居住状态="常住", 重点人群="独居、低保", 是否志愿者="是"),
        person(姓名="李四", 与户主关系="子女", 证件号码=citizen_id(serial=3)),
    )
    parsed = parse_roster(data, today=TODAY, places=town_places())
    assert [(row.name, row.rejected) for row in parsed.rows] == [("张小三", False), ("李四", False)]
    assert parsed.rows[0].care == ("独居老人", "困难家庭")
    assert ([skip.kind for skip in parsed.skips][:1], parsed.issues) == (["example_row"], [])
    assert parsed.layouts[0].unknown == ()


def test_the_empty_template_holds_nobody():
    with pytest.raises(RosterFileError, match="没有居民"):
        parse_roster(build_template(), today=TODAY, places=town_places())


def test_it_keeps_numbers_as_text_and_offers_the_buildings_of_the_community():
    book = openpyxl.load_workbook(
        io.BytesIO(build_template("幸福社区", ["阳光花园"], ["1栋", "2栋"]))
    )
    sheet = book[SHEET]
    formats = {cell.value: sheet.cell(2, cell.column).number_format for cell in sheet[1]}
    assert {formats[label] for label in ("证件号码", "联系电话", "房号", "户编号")} == {"@"}
    assert book[LISTS].sheet_state == "hidden"
    assert [cell.value for cell in book[LISTS]["B"][:2]] == ["1栋", "2栋"]
    assert "幸福社区" in book[HELP]["A1"].value
    assert len(sheet.data_validations.dataValidation) == 11


def test_staff_download_it_for_their_own_community_only(client, town):
    client.force_login(town.users["community_staff"])
    address = reverse("residents:roster_template")
    answer = client.get(address, {"under": town.community.pk})
    assert answer.status_code == 200
    lists = openpyxl.load_workbook(io.BytesIO(answer.content))[LISTS]
    assert lists["A1"].value == "阳光花园"
    assert client.get(address).status_code == 200
    assert [client.get(address, {"under": code}).status_code for code in ("0", "x")] == [404, 404]
    assert address in client.get(reverse("residents:imports")).content.decode()
