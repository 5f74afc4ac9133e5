"""The pages and the interface of external orders: who gets in, placing, mapping, handing back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from cases.models import Case, CategoryCode, ExchangeLog, ExternalOrder, ExternalSystem, SheetColumn
from cases.order_table import YiwangqingTable
from orgs.tables.reading import read_tables
from orgs.tasks import run_import_jobs
from tests.cases.cast import Story
from tests.orgs.tables import again
from tests.town import Town

PAGES = ["", "mapping/", "log/", "json/"]
PUSH = {
    "external_id": "YWQ1", "text": "有人占道经营", "address": "阳光花园1栋", "category": "0301",
    "due_at": "2026-06-10T18:00:00+08:00", "caller_name": "张某", "caller_phone": "16900000001",
}  # fmt: skip


def api(town: Town, who: str) -> APIClient:
    client = APIClient()
    client.force_authenticate(town.users[who])
    return client


def push(town: Town, *orders: dict[str, Any], who: str = "dispatcher", **headers: str) -> Any:
    return api(town, who).post(
        "/api/v1/external-orders/", {"system": "yiwangqing", "orders": orders}, format="json",
        headers=headers,
    )  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_are_the_street_centres(town: Town, enter: Any, page: str) -> None:
    for who in ("dispatcher", "street_admin"):
        assert enter(who).get(f"/cases/orders/{page}").status_code == 200
    for who in ("grid_head", "community_staff", "dept_handler", "district_official"):
        assert enter(who).get(f"/cases/orders/{page}").status_code == 403


def test_an_order_is_placed_on_its_page_by_its_own_street_only(town: Town, enter: Any) -> None:
    push(town, {**PUSH, "address": "不清楚"})
    order = ExternalOrder.objects.get()
    url = f"/cases/orders/{order.pk}/place/"
    assert enter("other_street_admin").get(url).status_code == 404
    client = enter("dispatcher")
    listed = client.get("/cases/orders/?tab=waiting").content.decode()
    assert url in listed and "地点里没有认出" in listed
    assert client.post(url, {}).status_code == 400
    assert client.post(url, {"grid": town.other_grid.pk}).status_code == 400
    answer = client.post(url, {"grid": town.grid.pk})
    case = Case.objects.get()
    assert answer.url == f"/cases/{case.pk}/"
    page = client.get(answer.url).content.decode()
    assert "YWQ1" in page and "2026年6月10日 18:00" in page
    assert client.get(url).url == f"/cases/{case.pk}/"


def test_answers_go_back_once_and_are_logged(town: Town, enter: Any) -> None:
    push(town, PUSH)
    client = enter("dispatcher")
    assert client.post("/cases/orders/answers/yiwangqing/").status_code == 302, "nothing yet"
    Story(town, Case.objects.get()).closed()
    home = client.get("/").content.decode()
    assert "件外部工单已办结，等您回传答复" in home
    answer = client.post("/cases/orders/answers/yiwangqing/")
    sheet = read_tables(answer.content)[0].rows
    assert sheet[1][0] == "YWQ1" and "已解决" in sheet[1]
    assert not ExternalOrder.objects.to_hand_back().exists()
    log = ExchangeLog.objects.filter(way="out").get()
    assert (log.rows, log.street) == (1, town.street)
    assert client.post("/cases/orders/answers/yiwangqing/").status_code == 302


def test_words_and_headers_are_mapped_on_the_page(town: Town, enter: Any) -> None:
    push(town, PUSH)
    code = CategoryCode.objects.get()
    client = enter("dispatcher")
    assert "未对照" in client.get("/cases/orders/mapping/").content.decode()
    category = Case.objects.get().category
    url = f"/cases/orders/mapping/{code.pk}/"
    client.post(url, {f"c{code.pk}-category": category.pk})
    code.refresh_from_db()
    assert code.category == category
    assert enter("other_street_admin").post(url, {}).status_code == 404
    system = ExternalSystem.objects.get(code="hotline")
    sent = {"system": system.pk, "header": "件号", "column": "external_id"}
    client.post("/cases/orders/mapping/", sent)
    assert SheetColumn.objects.get().header == "件号"
    assert client.post("/cases/orders/mapping/", {**sent, "column": "x"}).status_code == 400


@pytest.mark.parametrize("text", ["", "[", "{}", '{"orders": []}', "[1]", "\x00"])
def test_a_bad_json_file_is_told_at_its_field(town: Town, enter: Any, text: str) -> None:
    file = SimpleUploadedFile("a.json", text.encode())
    answer = enter("dispatcher").post("/cases/orders/json/", {"system": "yiwangqing", "file": file})
    assert answer.status_code == 400


def test_a_json_file_is_checked_like_a_sheet(town: Town, enter: Any) -> None:
    client = enter("dispatcher")
    file = SimpleUploadedFile("a.json", json.dumps({"orders": [PUSH]}).encode())
    answer = client.post("/cases/orders/json/", {"system": "yiwangqing", "file": file})
    run_import_jobs()
    assert "新增" in client.get(answer.url).content.decode()


def test_the_interface_takes_each_order_once(town: Town) -> None:
    first = push(town, PUSH, {**PUSH, "external_id": "YWQ2", "text": ""})
    assert first.data["counts"] == {"create": 1, "update": 0, "unchanged": 0, "error": 1}
    assert first.data["results"][0]["case_no"] == Case.objects.get().case_no
    assert push(town, PUSH).data["counts"]["unchanged"] == 1
    changed = push(town, {**PUSH, "due_at": "2026-06-12T18:00:00+08:00"}).data
    assert changed["counts"]["update"] == 1
    assert ExchangeLog.objects.count() == 3


def test_what_came_by_the_interface_is_known_again_in_a_sheet(town: Town) -> None:
    """Seconds and the zone, which a sheet does not write, make no other order of it."""
    push(town, {**PUSH, "due_at": "2026-06-12T10:00:42.5Z"})
    counts = again(YiwangqingTable(), town.users["dispatcher"])
    assert (counts["unchanged"], counts["rows"]) == (1, 1)
    assert (
        push(town, {**PUSH, "due_at": "2026-06-12T18:00:07+08:00"}).data["counts"]["unchanged"] == 1
    )
    assert Case.objects.get().events.count() == 1


def test_the_same_key_gets_the_same_answer(town: Town) -> None:
    key = {"Idempotency-Key": "push-1"}
    first = push(town, PUSH, **key)
    again = push(town, PUSH, **key)
    assert again.data == first.data and again["Idempotent-Replay"] == "true"
    assert Case.objects.count() == ExchangeLog.objects.count() == 1


def test_the_interface_is_the_centres(town: Town) -> None:
    assert push(town, PUSH, who="grid_head").status_code == 403
    assert push(town, PUSH, who="district_official").status_code == 403
    push(town, PUSH)
    assert api(town, "other_street_admin").get("/api/v1/external-orders/").data["results"] == []


def test_answers_are_pulled(town: Town) -> None:
    push(town, PUSH)
    Story(town, Case.objects.get()).closed()
    pulled = api(town, "dispatcher").get("/api/v1/external-orders/?answered=true").data["results"]
    assert [(one["external_id"], one["result"], one["answer"]) for one in pulled] == [
        ("YWQ1", "已解决", "已更换灯管")
    ]
    assert ExchangeLog.objects.filter(way="out", carrier="/api/v1/external-orders/").exists()


def test_the_list_does_not_ask_more_for_more_rows(town: Town, enter: Any) -> None:
    client, counts = enter("dispatcher"), []
    for first, last in ((0, 2), (2, 14)):
        push(town, *({**PUSH, "external_id": f"Y{number}"} for number in range(first, last)))
        with CaptureQueriesContext(connection) as asked:
            client.get("/cases/orders/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
