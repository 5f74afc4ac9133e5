"""Residents: report without a log-in, follow by code, withdraw, ask to reopen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from cases.limits import PUBLIC_REPORTS, WRONG_CODES
from cases.models import Case
from grids.catalog import GridStatus
from tests.cases.cast import Story, photo, reported
from tests.town import Town


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def filled(town: Town, **more: Any) -> dict[str, Any]:
    return {
        "grid": town.grid.code, "text": "楼道灯不亮，晚上看不见路。", "client_key": "k" * 32, **more,
    }  # fmt: skip


def look_up(client: Client, case: Case) -> Any:
    return client.post("/track/", {"code": case.tracking_code}, follow=True)


# --- where ---------------------------------------------------------------------------------------


def test_the_place_is_chosen_in_links(client: Client, town: Town) -> None:
    first = client.get("/report/").content.decode()
    assert "示范区" in first and "红星街道" in first and "东风街道" in first
    second = client.get("/report/?street=349901001").content.decode()
    assert "幸福社区" in second and "和平社区" in second and "东湖社区" not in second
    third = client.get("/report/?community=349901001001").content.decode()
    assert "第1网格" in third and "阳光花园 1栋" in third
    assert f'href="?grid={town.grid.code}"' in third


def test_the_qr_code_of_a_grid_opens_the_form(client: Client, town: Town) -> None:
    page = client.get(f"/report/?grid={town.grid.code}")
    assert page.status_code == 200
    assert "幸福社区 · 第1网格" in page.content.decode()


@pytest.mark.parametrize("code", ["349901001001999", "abc", "1" * 400, "' OR 1=1"])
def test_an_unknown_grid_is_met_with_a_choice(client: Client, town: Town, code: str) -> None:
    page = client.get("/report/", {"grid": code})
    assert page.status_code == 404
    text = page.content.decode()
    assert "没有找到二维码里的网格" in text and "红星街道" in text


def test_closed_grids_take_no_reports(client: Client, town: Town) -> None:
    town.grid.status = GridStatus.CLOSED
    town.grid.save()
    assert client.get(f"/report/?grid={town.grid.code}").status_code == 404
    assert "第1网格" not in client.get("/report/?community=349901001001").content.decode()


def test_an_unknown_street_starts_over(client: Client, town: Town) -> None:
    for query in ("street=x", "street=999999999", "community=1"):
        assert "先选街道" in client.get(f"/report/?{query}").content.decode()


# --- what ----------------------------------------------------------------------------------------


def test_a_resident_reports_and_gets_a_code(client: Client, town: Town, media: Path) -> None:
    picture = SimpleUploadedFile("a.jpg", photo().read(), "image/jpeg")
    answer = client.post(
        "/report/",
        filled(
            town, photos=[picture], building=town.building.pk, address="2 单元",
            reporter_name="张小三", reporter_phone="169 0000 0011", confidential="on",
        ),
    )  # fmt: skip
    case = Case.objects.get()
    assert answer["Location"] == "/report/thanks/"
    assert (case.source, case.reporter_user, case.anonymous) == ("web", None, False)
    assert case.reporter_phone.reveal() == "16900000011"
    assert case.confidential and case.building == town.building
    assert case.attachments.count() == 1
    page = client.get(answer["Location"]).content.decode()
    assert case.tracking_code in page and "复制查询码" in page


def test_nobody_has_to_leave_a_name(client: Client, town: Town) -> None:
    client.post("/report/", filled(town))
    case = Case.objects.get()
    assert case.anonymous and not case.reporter_phone


def test_the_thank_you_page_needs_a_report(client: Client, town: Town) -> None:
    assert client.get("/report/thanks/")["Location"] == "/report/"


def test_a_double_tap_makes_one_case(client: Client, town: Town) -> None:
    client.post("/report/", filled(town))
    client.post("/report/", filled(town))
    assert Case.objects.count() == 1
    client.post("/report/", filled(town, text="第二件事"))
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"text": ""}, "请填写“您要反映什么问题”"),
        ({"text": " \n "}, "请写明发生了什么问题"),
        ({"text": "长" * 10_000}, "有 10000 字，最多 2000 字"),
        ({"text": "a\0b"}, "空字符"),
        ({"reporter_phone": "169"}, "看不出是电话号码"),
        ({"reporter_name": "名" * 61}, "姓名有 61 字，最多 60 字"),
        ({"category": "nothing"}, "选择一个有效的选项"),
        ({"building": "999999"}, "选择一个有效的选项"),
        ({"website": "http://spam"}, "提交没有通过检查"),
    ],
)
def test_bad_input_is_named_and_kept(
    client: Client, town: Town, change: dict[str, str], sentence: str
) -> None:
    answer = client.post("/report/", filled(town, address="三楼", **change))
    text = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in text
    assert not Case.objects.exists()
    if "\0" not in change.get("text", ""):
        assert "三楼" in text


def test_a_photo_that_is_none_keeps_the_words(client: Client, town: Town) -> None:
    bad = SimpleUploadedFile("a.jpg", b"GIF89a", "image/jpeg")
    answer = client.post("/report/", filled(town, photos=[bad]))
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "这不是照片" in text and "请重新选择照片" in text and "楼道灯不亮" in text


def test_an_address_that_sends_too_much_waits(client: Client, town: Town) -> None:
    for number in range(PUBLIC_REPORTS.times):
        client.post("/report/", filled(town, client_key=f"{number:032d}", text=f"第{number}件"))
    assert Case.objects.count() == PUBLIC_REPORTS.times
    answer = client.post("/report/", filled(town, client_key="x" * 32, text="再来一件"))
    text = answer.content.decode()
    assert answer.status_code == 429
    assert "请稍后再试" in text and "再来一件" in text
    assert Case.objects.count() == PUBLIC_REPORTS.times


# --- following -----------------------------------------------------------------------------------


def test_the_code_opens_the_progress_and_never_stands_in_the_address(
    client: Client, town: Town
) -> None:
    story = Story(town, reporter_name="张小三", reporter_phone="16900000011").checked_in()
    case = story.step("contact", "dept_handler", note="内部备注").case
    typed = f" {case.tracking_code[:4].lower()}-{case.tracking_code[4:].lower()} "
    page = client.post("/track/", {"code": typed}, follow=True)
    assert page.redirect_chain == [("/track/", 302)]
    text = page.content.decode()
    assert "部门已到场" in text and "街道已吹哨，召集部门到场。" in text
    assert "内部备注" not in text and "请到场" not in text
    for name in ("丁度", "陈城管", "李网格", "张小三", "16900000011"):
        assert name not in text, name


def test_a_wrong_code_always_gets_the_same_sentence_and_then_a_pause(
    client: Client, town: Town
) -> None:
    case = reported(town)
    for code in ("ABCDEFGH", "短", "0000000O", "' OR 1=1 --", case.tracking_code[:-1] + "?"):
        answer = client.post("/track/", {"code": code})
        assert answer.status_code == 400
        assert "没有查到这个查询码" in answer.content.decode()
    for _ in range(WRONG_CODES.times - 5):
        client.post("/track/", {"code": "ABCDEFGH"})
    answer = client.post("/track/", {"code": case.tracking_code})
    assert answer.status_code == 429
    assert "请 15 分钟后再试" in answer.content.decode()
    assert client.get("/track/").context["public_active"] == "track"
    assert "case" not in client.session.get("tracked_case", {})


def test_the_next_person_on_the_phone_does_not_find_it_open(client: Client, town: Town) -> None:
    case = reported(town)
    look_up(client, case)
    assert case.case_no in client.get("/track/").content.decode()
    client.post("/track/", {"forget": "1"})
    assert case.case_no not in client.get("/track/").content.decode()
    look_up(client, case)
    session = client.session
    session["tracked_case"] = {"case": case.pk, "until": 1.0}
    session.save()
    assert case.case_no not in client.get("/track/").content.decode()


def test_photos_are_for_whoever_has_the_code(client: Client, town: Town, media: Path) -> None:
    case = reported(town, photos=[photo()])
    other = reported(town, photos=[photo()])
    mine, theirs = case.attachments.get(), other.attachments.get()
    assert client.get(f"/track/photos/{mine.pk}/").status_code == 404
    look_up(client, case)
    assert client.get(f"/track/photos/{mine.pk}/").status_code == 200
    assert client.get(f"/track/photos/{theirs.pk}/").status_code == 404
    assert client.get(f"/cases/files/{mine.pk}/")["Location"].startswith("/login/")


def test_a_rejection_tells_the_reason(client: Client, town: Town) -> None:
    story = Story(town).step("reject", "grid_head", reason="legal_channel", note="请走诉讼途径")
    text = look_up(client, story.case).content.decode()
    assert "应通过诉讼、仲裁、信访等渠道解决" in text and "请走诉讼途径" in text


def test_the_reporter_withdraws_before_it_is_accepted(client: Client, town: Town) -> None:
    case = reported(town)
    assert "撤回" in look_up(client, case).content.decode()
    answer = client.post("/track/withdraw/", {"note": "已自己解决", "version": case.version})
    assert answer["Location"] == "/track/"
    case.refresh_from_db()
    assert case.status == "withdrawn"
    again = client.post("/track/withdraw/", {"note": "", "version": case.version})
    assert again.status_code == 409


def test_the_reporter_asks_to_reopen_within_fifteen_days(client: Client, town: Town) -> None:
    case = Story(town).closed().case
    assert "申请重开" in look_up(client, case).content.decode()
    empty = client.post("/track/reopen/", {"note": "", "version": case.version})
    assert empty.status_code == 400 and "请填写“哪里没有解决”" in empty.content.decode()
    client.post("/track/reopen/", {"note": "灯又坏了", "version": case.version})
    case.refresh_from_db()
    assert (case.status, case.cycle) == ("reopened", 2)
    event = case.events.get(move="reopen")
    assert (event.role, event.actor, event.note) == ("reporter", None, "灯又坏了")
    assert "灯又坏了" in client.get("/track/").content.decode()


def test_after_fifteen_days_it_cannot_be_reopened(client: Client, town: Town) -> None:
    case = Story(town, now=timezone.now() - timedelta(days=40)).closed().case
    assert "没有解决，申请重开" not in look_up(client, case).content.decode()
    answer = client.post("/track/reopen/", {"note": "灯又坏了", "version": case.version})
    assert answer.status_code == 409
    assert "销号已超过 15 天" in answer.content.decode()


def test_moves_need_the_code(client: Client, town: Town) -> None:
    reported(town)
    assert client.post("/track/withdraw/", {"note": "x"})["Location"] == "/track/"
    assert client.post("/track/accept/", {}).status_code == 404
    assert Case.objects.get().status == "reported"
