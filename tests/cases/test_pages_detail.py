"""The case page: scope, buttons, history, the reporter's contact, the way back."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from gridparty.lib.china_time import SHANGHAI
from orgs.models import AuditEntry
from orgs.services import set_workday
from tests.cases.cast import Story, photo, reported
from tests.town import Town

MOST_QUERIES = 12


def buttons(page: Any) -> list[str]:
    return [move.name for move in [*page.context["forward"], *page.context["others"]]]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("grid_head", 200), ("grid_worker_ft", 200), ("community_staff", 200), ("dispatcher", 200),
        ("district_official", 200), ("dept_handler", 200), ("branch_secretary", 200),
        ("other_grid_head", 404), ("other_street_admin", 404), ("second_dept_handler", 404),
        ("sister_grid_head", 404), ("volunteer", 404), ("revisitor", 404), ("sysadmin", 404),
    ],
)  # fmt: skip
def test_fetching_is_the_permission_check(
    client: Client, town: Town, media: Path, who: str, status: int
) -> None:
    case = Story(town, photos=[photo()]).handling().case
    picture = case.attachments.get()
    client.force_login(town.users[who])
    assert client.get(f"/cases/{case.pk}/").status_code == status
    assert client.get(f"/cases/files/{picture.pk}/").status_code == status
    assert client.get(f"/cases/{case.pk}/moves/urge/").status_code in (status, 403 * (status < 300))


def test_an_unknown_case_or_photo_is_not_found(client: Client, town: Town) -> None:
    client.force_login(town.users["grid_head"])
    case = reported(town)
    for path in ("/cases/999/", "/cases/files/999/", f"/cases/{case.pk}/moves/fly/",
                 f"/cases/{case.pk}/moves/report/", "/cases/99999999999999999999999/"):  # fmt: skip
        assert client.get(path).status_code == 404, path


def test_a_photo_is_served_as_a_picture_to_its_browser_only(
    client: Client, town: Town, media: Path
) -> None:
    picture = reported(town, photos=[photo()]).attachments.get()
    client.force_login(town.users["grid_head"])
    answer: Any = client.get(f"/cases/files/{picture.pk}/")
    assert answer["Content-Type"] == "image/jpeg"
    assert "private" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
    picture.file.delete(save=False)
    assert client.get(f"/cases/files/{picture.pk}/").status_code == 404


def test_the_buttons_are_the_tables(client: Client, town: Town) -> None:
    story = Story(town)
    client.force_login(town.users["grid_head"])

    def shown() -> list[str]:
        return buttons(client.get(f"/cases/{story.case.pk}/"))

    assert shown() == ["accept", "reject"]
    story.accepted()
    assert shown() == ["self_handle", "call_up", "contact"]
    story.step("call_up", "grid_head", note="请支援")
    assert shown() == ["contact"]
    client.force_login(town.users["dispatcher"])
    assert shown()[:2] == ["assign", "whistle"]


def test_both_answers_of_a_check_are_in_sight(client: Client, town: Town) -> None:
    case = Story(town).fed_back().case
    client.force_login(town.users["grid_head"])
    page = client.get(f"/cases/{case.pk}/")
    assert [move.name for move in page.context["forward"]] == ["verify_pass", "verify_fail"]


def test_it_tells_the_history_in_words(client: Client, town: Town) -> None:
    case = Story(town).checked_in().case
    client.force_login(town.users["dispatcher"])
    text = client.get(f"/cases/{case.pk}/").content.decode()
    for words in ("呼叫上级", "吹哨", "丁度（红星街道党工委）", "牵头单位：", "城市管理局", "陈城管",
                  "到场地点：", "阳光花园1栋", "基层呼叫", "部门报到"):  # fmt: skip
        assert words in text, words


def test_its_queries_do_not_grow_with_the_history(client: Client, town: Town) -> None:
    story = Story(town).checked_in()
    client.force_login(town.users["dispatcher"])

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/cases/{story.case.pk}/")
        return len(queries)

    few = count()
    for _ in range(5):
        story.step("urge", "dispatcher", note="请尽快")
        story.step("contact", "dept_handler", note="已联系")
    assert count() == few <= MOST_QUERIES


# --- the reporter -------------------------------------------------------------------------------


def test_the_phone_is_masked_until_somebody_says_what_for(client: Client, town: Town) -> None:
    case = reported(town, reporter_name="张小三", reporter_phone="16900000011")
    client.force_login(town.users["grid_head"])
    text = client.get(f"/cases/{case.pk}/").content.decode()
    assert "张*三" in text and "169****0011" in text
    assert "16900000011" not in text
    answer = client.post(f"/cases/{case.pk}/contact/", {"reason": "核实情况"})
    assert "16900000011" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    entry = AuditEntry.objects.get(action="case.reveal_contact")
    assert entry.purpose == "核实情况"
    assert client.post(f"/cases/{case.pk}/contact/", {"reason": "好奇"}).status_code == 400
    assert client.get(f"/cases/{case.pk}/contact/").status_code == 405


def test_a_confidential_reporter_is_hidden_from_the_handler(client: Client, town: Town) -> None:
    story = Story(
        town, by=town.users["grid_informant"], confidential=True, reporter_name="张小三",
        reporter_phone="16900000011",
    )  # fmt: skip
    case = story.handling().case
    client.force_login(town.users["dept_handler"])
    text = client.get(f"/cases/{case.pk}/").content.decode()
    assert "保密反映" in text and "反映人（保密）" in text
    assert "张*三" not in text and "信息多" not in text
    assert client.post(f"/cases/{case.pk}/contact/", {"reason": "回访"}).status_code == 403


# --- moves --------------------------------------------------------------------------------------


def back_from(client: Client, case: Case) -> str:
    page = client.get(f"/cases/{case.pk}/")
    url: str = page.context["back_url"]
    assert f'href="{url.replace("&", "&amp;")}"' in page.content.decode()
    return url


def test_a_case_leads_back_to_the_list_last_looked_at(client: Client, town: Town) -> None:
    case = reported(town)
    client.force_login(town.users["dispatcher"])
    assert back_from(client, case) == "/cases/"
    client.get("/cases/", {"stage": "check", "category": "suggestion", "after": str(case.pk + 1)})
    back = f"/cases/?stage=check&category=suggestion&after={case.pk + 1}"
    assert back_from(client, case) == back
    assert client.get(back).status_code == 200
    client.get("/cases/", {"stage": "open", "who": "16900000011", "after": "x"})
    assert back_from(client, case) == "/cases/?stage=open"
    client.get("/cases/", {"q": "16900000011"})
    assert back_from(client, case) == "/cases/?stage=open", "a refused search is not kept"
    client.get("/m/", {"tab": "area"})
    assert back_from(client, case) == "/m/?tab=area"
    client.get("/cases/")
    assert back_from(client, case) == "/cases/"


@pytest.mark.parametrize("who", ["grid_head", "grid_worker_ft"])
def test_phone_roles_go_back_to_their_own_list(client: Client, town: Town, who: str) -> None:
    case = reported(town)
    client.force_login(town.users[who])
    assert back_from(client, case) == "/m/"
    refused = client.get(f"/cases/{case.pk}/moves/close/")
    assert 'href="/m/">返回列表' in refused.content.decode()


def test_a_limit_in_a_year_without_holiday_data_says_so(client: Client, town: Town) -> None:
    """Over New Year a limit is still found, in plain weekdays, and the page says that it is a guess."""
    late = datetime(2026, 12, 28, 10, 0, tzinfo=SHANGHAI)
    story = Story(town, now=late).assigned()
    assert story.case.due_at == datetime(2027, 1, 4, 18, 0, tzinfo=SHANGHAI)
    client.force_login(town.users["dispatcher"])
    words = "2027 年节假日还没有录入，暂按周一至周五计算"
    assert words in client.get(f"/cases/{story.case.pk}/").content.decode()
    computed = story.case.due_at
    for column, said in (
        ("due_at", datetime(2027, 1, 20, 18, tzinfo=SHANGHAI)),
        ("ended_at", late),
    ):
        Case.objects.filter(pk=story.case.pk).update(**{column: said})
        page = client.get(f"/cases/{story.case.pk}/").content.decode()
        assert words not in page, f"nobody guessed: {column}"
        Case.objects.filter(pk=story.case.pk).update(due_at=computed, ended_at=None)
    assert words in client.get(f"/cases/{story.case.pk}/").content.decode()
    set_workday(day=date(2027, 1, 1), is_workday=False, name="元旦", by=None)
    assert words not in client.get(f"/cases/{story.case.pk}/").content.decode()
