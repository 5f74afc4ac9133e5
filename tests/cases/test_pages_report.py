"""Reporting by signed-in users: six fields, nothing typed is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.models import Case
from tests.cases.cast import photo
from tests.town import Town


def upload(name: str = "1.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo().read() if data is None else data, "image/jpeg")


def filled(town: Town, **more: Any) -> dict[str, Any]:
    return {
        "text": "3 单元门口井盖破损", "category": "", "grid": town.grid.pk, "source": "patrol",
        "building": town.building.pk, "address": "北门", "client_key": "a" * 32, **more,
    }  # fmt: skip


@pytest.fixture
def category() -> int:
    from cases.models import Category

    return Category.objects.get(slug="facilities-manhole").pk


def test_a_grid_head_reports_with_photos(
    client: Client, town: Town, category: int, media: Path
) -> None:
    client.force_login(town.users["grid_head"])
    page = client.get("/cases/new/")
    assert page.status_code == 200
    assert page.context["form"].only_grid == town.grid
    sent = filled(town, category=category, photos=[upload(), upload("2.jpg")])
    answer = client.post("/cases/new/", sent)
    case = Case.objects.get()
    assert answer["Location"] == f"/cases/{case.pk}/"
    assert case.building == town.building and case.grid == town.grid
    assert case.attachments.count() == 2
    assert case.reporter_user == town.users["grid_head"]
    assert case.case_no in client.get(answer["Location"]).content.decode()


def test_a_double_tap_makes_one_case(client: Client, town: Town, category: int) -> None:
    client.force_login(town.users["grid_head"])
    first = client.post("/cases/new/", filled(town, category=category))
    second = client.post("/cases/new/", filled(town, category=category))
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_back_and_another_report_makes_two_cases(client: Client, town: Town, category: int) -> None:
    client.force_login(town.users["grid_head"])
    client.post("/cases/new/", filled(town, category=category))
    client.post("/cases/new/", filled(town, category=category, text="另一件事"))
    assert set(Case.objects.values_list("text", flat=True)) == {"3 单元门口井盖破损", "另一件事"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"text": ""}, "请填写“发生了什么”。"),
        ({"text": "   \n  "}, "请写明发生了什么问题"),
        ({"text": "长" * 10_000}, "问题描述有 10000 字，最多 2000 字，请删减 8000 字。"),
        ({"address": "远" * 201}, "地点有 201 字，最多 200 字"),
        ({"category": ""}, "请选择“类别”。"),
        ({"category": "999999"}, "选择一个有效的选项"),
        ({"reporter_phone": "12"}, "看不出是电话号码"),
    ],
)
def test_bad_input_is_named_and_kept(
    client: Client, town: Town, category: int, change: dict[str, str], sentence: str
) -> None:
    client.force_login(town.users["grid_head"])
    answer = client.post("/cases/new/", {**filled(town, category=category), **change})
    text = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in text
    assert not Case.objects.exists()
    kept = change.get("address", "北门")
    assert kept in text
    assert (change.get("text") or "井盖破损").strip()[:40] in text


def test_a_nul_is_refused(client: Client, town: Town, category: int) -> None:
    client.force_login(town.users["grid_head"])
    answer = client.post("/cases/new/", filled(town, category=category, text="井盖\0破损"))
    assert answer.status_code == 400
    assert "空字符" in answer.content.decode()
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"not a picture", "这不是照片"), (b"", "空文件"), (b"\x00\x00\x00\x18ftypheic0000", "HEIC")],
)
def test_a_photo_that_is_none_is_named_and_the_text_kept(
    client: Client, town: Town, category: int, data: bytes, sentence: str
) -> None:
    client.force_login(town.users["grid_head"])
    sent = filled(town, category=category, photos=[upload(), upload("x.jpg", data)])
    answer = client.post("/cases/new/", sent)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "第 2 张：" in text and sentence in text
    assert "请重新选择照片" in text and "井盖破损" in text
    assert not Case.objects.exists()


def test_ten_photos_are_one_too_many(client: Client, town: Town, category: int) -> None:
    client.force_login(town.users["grid_head"])
    sent = filled(town, category=category, photos=[upload() for _ in range(10)])
    answer = client.post("/cases/new/", sent)
    assert answer.status_code == 400
    assert "最多 9 张" in answer.content.decode()


def test_staff_choose_a_grid_and_report_for_somebody(
    client: Client, town: Town, category: int
) -> None:
    client.force_login(town.users["community_staff"])
    page = client.get("/cases/new/").content.decode()
    assert "第1网格" in page and "第2网格" in page
    options = client.get("/cases/new/buildings/", {"grid": town.sister_grid.pk}).content.decode()
    assert "2栋" in options and 'name="building"' in options
    sent = filled(
        town, category=category, grid=town.sister_grid.pk, building=town.sister_building.pk,
        source="counter", reporter_name="张小三", reporter_phone="16900000011", confidential="on",
    )  # fmt: skip
    client.post("/cases/new/", sent)
    case = Case.objects.get()
    assert case.grid == town.sister_grid
    assert case.reporter_phone.reveal() == "16900000011"
    assert case.confidential


def test_a_grid_out_of_scope_cannot_be_chosen(client: Client, town: Town, category: int) -> None:
    client.force_login(town.users["community_staff"])
    answer = client.post("/cases/new/", filled(town, category=category, grid=town.other_grid.pk))
    assert answer.status_code == 400
    options = client.get("/cases/new/buildings/", {"grid": town.other_grid.pk}).content.decode()
    assert "东湖苑" not in options and "先选网格" in options
    for odd in ("", "x", "9" * 30):
        assert client.get("/cases/new/buildings/", {"grid": odd}).status_code == 200


@pytest.mark.parametrize("who", ["dept_handler", "district_official", "sysadmin", "revisitor"])
def test_those_who_do_not_report_get_a_sentence(client: Client, town: Town, who: str) -> None:
    client.force_login(town.users[who])
    page = client.get("/cases/new/")
    assert page.status_code == 403
    assert "不能新建事项" in page.content.decode()
