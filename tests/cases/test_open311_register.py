"""The open register: who reads what, updates, and the keys of apps."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from cases.models import AppKey, Case
from cases.services.apps import give_key
from cases.statuses import Status
from notices.models import Notification
from tests.cases.cast import Story, reported
from tests.cases.open311 import V2, filed, refusal, send, the_app, the_key  # noqa: F401
from tests.town import Town


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


# --- the register --------------------------------------------------------------------------------


def test_anybody_reads_that_a_report_exists_but_not_its_words(
    client: Client, key: str, town: Town
) -> None:
    case = filed(client, key, town, address_string="阳光花园1栋1单元101")
    for address in (f"{V2}/requests/{case.case_no}.json", f"{V2}/requests.json"):
        (row,) = client.get(address).json()
        assert row["service_request_id"] == case.case_no
        assert row["address"] == "幸福社区第1网格" and row["description"] is None
        assert row["lat"] is None and row["media_url"] is None
    AppKey.objects.update(publishes=True)
    assert client.get(f"{V2}/requests.json").json()[0]["description"] == "楼道灯不亮。"


def test_colleagues_cases_and_confidential_ones_are_not_in_it(
    client: Client, key: str, town: Town
) -> None:
    inner = reported(town, by=town.users["grid_head"], source="web")
    clue = filed(client, key, town, service_code="security-clue")
    assert clue.confidential
    assert client.get(f"{V2}/requests.json").json() == []
    for case in (inner, clue):
        refusal(client.get(f"{V2}/requests/{case.case_no}.json"), 404)
    mine = client.get(f"{V2}/requests.json", {"api_key": key}).json()
    assert [row["service_request_id"] for row in mine] == [clue.case_no]
    other = give_key(app=AppKey(name="别的应用", street=town.other_street), by=None)
    assert client.get(f"{V2}/requests.json", {"api_key": other}).json() == []


def test_the_register_is_searched(client: Client, key: str, town: Town) -> None:
    first = filed(client, key, town)
    second = filed(client, key, town, service_code="facilities-road", address_id=town.far_grid.code)
    Story(town, first).step("reject", "grid_head", reason="duplicate", note="已有人反映")

    def found(**args: str) -> set[str]:
        return {one["service_request_id"] for one in client.get(f"{V2}/requests.json", args).json()}

    assert found() == {first.case_no, second.case_no}
    assert found(status="closed") == {first.case_no}
    assert found(status="open,closed") == {first.case_no, second.case_no}
    assert found(service_code="facilities-road,nothing") == {second.case_no}
    assert found(service_request_id=f"{first.case_no}, x", status="open") == {first.case_no}
    assert found(start_date="2020-01-01T00:00:00Z", end_date="2020-02-01T00:00:00Z") == set()
    assert found(page="2", page_size="1") == {first.case_no}
    assert found(jurisdiction_id="349901002") == set()
    assert found(jurisdiction_id="349901001", status="", start_date="") == found()


@pytest.mark.parametrize(
    "args",
    [
        {"start_date": "2026-01-01"}, {"start_date": "2026-01-01T00:00:00"},
        {"end_date": "9999-12-31T00:00:00Z"}, {"start_date": "2026-02-30T00:00:00Z"},
        {"start_date": "2026-06-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
        {"status": "fixed"}, {"page": "0"}, {"page_size": "-1"}, {"page": "9" * 40},
    ],
)  # fmt: skip
def test_a_search_nobody_can_answer_is_refused(
    client: Client, town: Town, args: dict[str, str]
) -> None:
    for path in ("requests.json", "servicerequestupdates.json"):
        if path == "requests.json" or "status" not in args:
            refusal(client.get(f"{V2}/{path}", args), 400)


def test_queries_do_not_grow_with_rows(
    client: Client, key: str, town: Town, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        filed(client, key, town, description=f"路灯不亮{number}")
    with django_assert_max_num_queries(3):
        assert len(client.get(f"{V2}/requests.json", {"api_key": key}).json()) == 12
    with django_assert_max_num_queries(4):
        assert len(client.get(f"{V2}/servicerequestupdates.json", {"api_key": key}).json()) == 12
    with django_assert_max_num_queries(2):
        client.get(f"{V2}/services.json")


def test_answers_follow_the_schemas(client: Client, key: str, town: Town, shared_data: Any) -> None:
    case = filed(client, key, town)
    for schema, path in (
        ("service", "services.json"), ("service-definition", "services/facilities-road.json"),
        ("request", f"requests/{case.case_no}.json"),
    ):  # fmt: skip
        form = json.loads(shared_data(f"open311/schema_{schema}.json").read_text())
        for sent in ({}, {"api_key": key}):
            rows = client.get(f"{V2}/{path}", sent).json()
            for row in rows if isinstance(rows, list) else [rows]:
                jsonschema.validate(row, form)


# --- updates -------------------------------------------------------------------------------------


def test_updates_tell_what_reporters_read(client: Client, key: str, town: Town) -> None:
    case = filed(client, key, town)
    Story(town, case).step("reject", "grid_head", reason="insufficient", note="请写明楼栋")
    rows = client.get(f"{V2}/servicerequestupdates.json", {"api_key": key}).json()
    assert [row["status"] for row in rows] == ["open", "closed"]
    assert "请写明楼栋" in rows[1]["description"]
    assert (
        "请写明楼栋" not in client.get(f"{V2}/servicerequestupdates.json").json()[1]["description"]
    )
    tree = ET.fromstring(client.get(f"{V2}/servicerequestupdates.xml").content)
    assert tree.tag == "service_request_updates" and {one.tag for one in tree} == {"request_update"}


def update(client: Client, key: str, case: Case, **more: Any) -> Any:
    body = {
        "api_key": key, "service_request_id": case.case_no, "update_id": "u1", "status": "OPEN",
        "updated_datetime": "2026-06-01T08:00:00+08:00", "description": "旁边那盏也不亮。", **more,
    }  # fmt: skip
    return client.post(f"{V2}/servicerequestupdates.json", body)


def test_an_update_is_added_once(client: Client, key: str, town: Town) -> None:
    case = filed(client, key, town)
    first, again = update(client, key, case), update(client, key, case)
    assert first.json() == again.json()
    (event,) = case.events.filter(move="supplement")
    assert event.note == "旁边那盏也不亮。" and str(event.pk) == first.json()[0]["update_id"]


def test_an_update_reopens_what_was_not_solved(client: Client, key: str, town: Town) -> None:
    case = filed(client, key, town)
    Case.objects.filter(pk=case.pk).update(status=Status.VERIFIED)
    case.refresh_from_db()
    Story(town, case).step("close", "community_staff", note="已修好")
    assert "OPEN" in refusal(update(client, key, case, status="CLOSED"), 400)
    assert update(client, key, case, update_id="u2").status_code == 200
    case.refresh_from_db()
    assert case.status == Status.REOPENED


def test_only_the_app_that_sent_it_may_add_to_it(client: Client, key: str, town: Town) -> None:
    case, web = filed(client, key, town), reported(town)
    other = give_key(app=AppKey(name="别的应用", street=town.street), by=None)
    refusal(update(client, other, case), 404)
    refusal(update(client, key, web), 404)
    refusal(update(client, "", case), 403)
    assert "description" in refusal(update(client, key, case, description=""), 400)
    refusal(update(client, key, case, status="BROKEN"), 400)
    refusal(update(client, key, case, updated_datetime="yesterday"), 400)


def test_a_flood_of_updates_is_stopped(client: Client, key: str, town: Town) -> None:
    case = filed(client, key, town)
    for number in range(10):
        assert update(client, key, case, update_id=f"u{number}").status_code == 200
    assert "太多" in refusal(update(client, key, case, update_id="more"), 403)


def test_whoever_holds_the_case_hears_of_more_words(client: Client, key: str, town: Town) -> None:
    case = filed(client, key, town)
    before = Notification.objects.filter(user=town.users["grid_head"]).count()
    update(client, key, case)
    assert Notification.objects.filter(user=town.users["grid_head"]).count() == before + 1


def test_a_nul_in_the_path_is_not_found(client: Client, town: Town) -> None:
    for path in ("requests/%00.json", "services/%00.json", "tokens/a%00.json"):
        refusal(client.get(f"{V2}/{path}"), 404)


# --- keys ----------------------------------------------------------------------------------------


def test_a_street_gives_out_its_keys_and_sees_them_once(client: Client, town: Town) -> None:
    client.force_login(town.users["street_admin"])
    page = client.post(
        reverse("admin:cases_appkey_add"),
        {"name": "随手拍", "contact": "某公司", "street": town.street.pk, "is_active": "on"},
        follow=True,
    ).content.decode()
    app = AppKey.objects.get()
    assert "只显示这一次" in page and app.digest not in page
    shown = page.split("立即抄存）：")[1][:43]
    assert send(client, shown, town).status_code == 200
    address = reverse("admin:cases_appkey_change", args=[app.pk])
    client.force_login(town.users["other_street_admin"])
    assert client.get(address).status_code == 404
    client.force_login(town.users["grid_head"])
    assert client.get(address).status_code in (302, 403)


def test_the_command_gives_and_renews(client: Client, town: Town, capsys: Any) -> None:
    call_command("give_app_key", "随手拍", "--street", "349901001")
    first = capsys.readouterr().out.strip()
    assert send(client, first, town).status_code == 200
    call_command("give_app_key", "随手拍", "--street", "349901001", "--publishes")
    assert AppKey.objects.get().publishes
    refusal(send(client, first, town), 403)
    with pytest.raises(CommandError, match="没有找到街道"):
        call_command("give_app_key", "随手拍", "--street", "999999999")
