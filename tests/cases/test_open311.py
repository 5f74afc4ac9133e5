"""Open311 GeoReport v2: what the specification asks, and what must not be told."""

from __future__ import annotations

import io
import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.test import Client

from cases.models import AppKey, AppReport, Case, Category, CategoryQuestion, ExternalOrder
from cases.services import contact_for, reveal_contact
from cases.services.apps import give_key
from cases.services.orders import place_order
from cases.statuses import Status
from tests.cases.cast import Story, photo
from tests.cases.open311 import V2, filed, refusal, send, the_app, the_key  # noqa: F401
from tests.grids.squares import draw
from tests.town import Town


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


# --- services ------------------------------------------------------------------------------------


def test_services_are_the_categories_in_both_formats(client: Client, town: Town) -> None:
    listed = client.get(f"{V2}/services.json")
    assert listed["Content-Type"] == "application/json"
    rows = {row["service_code"]: row for row in listed.json()}
    assert rows["facilities-lamp"]["group"] == "市政设施"
    assert rows["facilities-lamp"]["metadata"] is True
    assert (
        rows["suggestion-suggestion"]["metadata"] is False
        and rows["suggestion-suggestion"]["type"] == "realtime"
    )
    assert "facilities" not in rows  # a group is no service
    xml = client.get(f"{V2}/services.xml?jurisdiction_id=349901")
    assert xml["Content-Type"] == "text/xml"
    assert xml.content.isascii() and xml.content.startswith(b'<?xml version="1.0" encoding="utf-8"')
    tree = ET.fromstring(xml.content)
    assert tree.tag == "services" and {one.tag for one in tree} == {"service"}
    assert "路灯" in [one.findtext("service_name") for one in tree]
    assert {one.findtext("metadata") for one in tree} == {"true", "false"}


def test_a_definition_lists_the_questions(client: Client, town: Town) -> None:
    found = client.get(f"{V2}/services/facilities-road.json").json()
    assert found["service_code"] == "facilities-road"
    (attribute,) = found["attributes"]
    assert attribute["datatype"] == "singlevaluelist" and attribute["order"] == 1
    assert {"key": "坑洞", "name": "坑洞"} in attribute["values"]
    tree = ET.fromstring(client.get(f"{V2}/services/facilities-road.xml").content)
    assert tree.findtext("attributes/attribute/values/value/key") == "坑洞"
    assert client.get(f"{V2}/services/suggestion-suggestion.json").json()["attributes"] == []
    assert "service_code" in refusal(client.get(f"{V2}/services/nothing.json"), 404)


def test_discovery_names_the_endpoint(client: Client, db: None) -> None:
    found = client.get("/open311/discovery.json").json()
    assert found["endpoints"][0]["url"].endswith("/open311/v2")
    tree = ET.fromstring(client.get("/open311/discovery.xml").content)
    assert [one.text for one in tree.findall("endpoints/endpoint/formats/format")] == [
        "text/xml", "application/json",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "path", ["services.json", "requests.json", "requests/1.json", "servicerequestupdates.json"]
)
def test_an_unknown_jurisdiction_is_not_found(client: Client, town: Town, path: str) -> None:
    for code in ("999999", "city.gov"):
        answer = client.get(f"{V2}/{path}", {"jurisdiction_id": code})
        assert "jurisdiction_id" in refusal(answer, 404)


@pytest.mark.parametrize("path", ["nothing.json", "services.html.json", "requests/1/2.json"])
def test_unknown_addresses_answer_in_the_specification_s_form(
    client: Client, db: None, path: str
) -> None:
    refusal(client.get(f"{V2}/{path}"), 404)
    assert client.delete(f"{V2}/requests.json").status_code == 405


# --- reporting -----------------------------------------------------------------------------------


def test_a_report_becomes_a_case_at_its_coordinate(client: Client, key: str, town: Town) -> None:
    draw(town.grid, 0)
    shape = town.grid.shape
    point = {
        "long": str((shape.west + shape.east) / 2),
        "lat": str((shape.south + shape.north) / 2),
    }
    case = filed(client, key, town, address_id=None, first_name="军", last_name="李",
                 phone="16900001234", **point)  # fmt: skip
    assert (case.grid, case.source, case.status) == (town.grid, "open311", Status.REPORTED)
    assert case.reporter_name == "李军" and case.reporter_phone.reveal() == "16900001234"
    shown = client.get(f"{V2}/requests/{case.case_no}.json", {"api_key": key}).json()[0]
    assert shown["description"] == "楼道灯不亮。" and shown["status"] == "open"
    assert shown["long"] == pytest.approx(float(point["long"]))
    assert "李军" not in json.dumps(shown, ensure_ascii=False)


def test_the_answer_in_xml(client: Client, key: str, town: Town) -> None:
    tree = ET.fromstring(send(client, key, town, "xml").content)
    assert tree.tag == "service_requests"
    assert tree.findtext("request/service_request_id") == Case.objects.get().case_no
    assert tree.find("request/account_id") is not None


def test_an_address_is_found_in_the_street_of_the_key(client: Client, key: str, town: Town) -> None:
    case = filed(client, key, town, address_id=None, address_string="阳光花园1栋门前")
    assert case.building == town.building


def test_a_place_nobody_knows_waits_under_a_token(client: Client, key: str, town: Town) -> None:
    answer = send(
        client, key, town, address_id=None, address_string="不知道哪里", phone="16900001234"
    )
    (told,) = answer.json()
    assert "service_request_id" not in told
    waiting = client.get(f"{V2}/tokens/{told['token']}.json").json()
    assert waiting == [{"service_request_id": None, "token": told["token"]}]
    order = ExternalOrder.objects.get()
    assert order.problem and order.street == town.street
    assert order.caller_phone.reveal() == "16900001234"
    case = place_order(order=order, grid=town.grid, by=town.users["dispatcher"])
    assert case.category.slug == "suggestion-suggestion" and case.source == "open311"
    found = client.get(f"{V2}/tokens/{told['token']}.json").json()
    assert found[0]["service_request_id"] == case.case_no
    mine = client.get(f"{V2}/requests/{case.case_no}.json", {"api_key": key}).json()[0]
    assert mine["description"] == "楼道灯不亮。"
    refusal(client.get(f"{V2}/tokens/nothing.json"), 404)
    Story(town, case).step("reject", "grid_head", reason="duplicate", note="已有人反映")
    assert not ExternalOrder.objects.to_hand_back().exists()  # the app asks for it itself


def test_answers_to_questions_stand_in_the_text(client: Client, key: str, town: Town) -> None:
    case = filed(
        client, key, town, service_code="safety-ebike",
        **{"attribute[seen][]": ["飞线充电", "入户充电"]},
    )  # fmt: skip
    assert case.text == "楼道灯不亮。\n看到的情况：飞线充电、入户充电"


@pytest.mark.parametrize(
    ("datatype", "answer", "told"),
    [
        ("number", "三", "数字"), ("datetime", "昨天", "时间"), ("string", "", "必须"),
        ("singlevaluelist", "丙", "甲、乙"), ("multivaluelist", ["甲", "丙"], "甲、乙"),
        ("string", ["一", "二"], "一个答案"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_named(
    client: Client, key: str, town: Town, datatype: str, answer: Any, told: str
) -> None:
    CategoryQuestion.objects.create(
        category=Category.objects.get(slug="suggestion-suggestion"), code="q", label="问题",
        datatype=datatype, options="甲\n乙", required=True,
    )  # fmt: skip
    said = refusal(send(client, key, town, **{"attribute[q]": answer}), 400)
    assert told in said and "attribute[q]" in said
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("more", "status", "told"),
    [
        ({"service_code": None}, 400, "service_code"),
        ({"service_code": "nothing"}, 404, "service_code"),
        ({"service_code": "facilities"}, 404, "service_code"),
        ({"address_id": None}, 400, "lat"),
        ({"address_id": None, "lat": "31"}, 400, "一起"),
        ({"address_id": None, "lat": "x", "long": "1"}, 400, "数字"),
        ({"address_id": None, "lat": "nan", "long": "1"}, 400, "之间"),
        ({"address_id": None, "lat": "91", "long": "1"}, 400, "之间"),
        ({"address_id": "349901001001999"}, 400, "网格编码"),
        ({"description": "长" * 4001}, 400, "4000"),
        ({"description": "a\0b"}, 400, "空字符"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"jurisdiction_id": "999999"}, 404, "jurisdiction_id"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(
    client: Client, key: str, town: Town, more: dict[str, Any], status: int, told: str
) -> None:
    assert told in refusal(send(client, key, town, **more), status)
    assert not Case.objects.exists() and not AppReport.objects.exists()


def test_a_body_that_is_no_form_is_refused(client: Client, key: str) -> None:
    answer = client.post(f"{V2}/requests.json", {"api_key": key}, content_type="application/json")
    assert "x-www-form-urlencoded" in refusal(answer, 400)


def test_writing_needs_a_key_in_force(client: Client, app: AppKey, key: str, town: Town) -> None:
    assert "api_key" in refusal(send(client, "", town), 403)
    assert "无效" in refusal(send(client, "wrong", town), 403)
    renewed = give_key(app=app, by=None)
    refusal(send(client, key, town), 403)
    assert send(client, renewed, town).status_code == 200
    AppKey.objects.update(is_active=False)
    refusal(send(client, renewed, town), 403)
    AppKey.objects.update(is_active=True, expires_on="2020-01-01")
    refusal(send(client, renewed, town), 403)
    refusal(client.get(f"{V2}/requests.json", {"api_key": "wrong"}), 403)


def test_the_same_report_sent_twice_is_one_case(client: Client, key: str, town: Town) -> None:
    body = {
        "api_key": key, "service_code": "suggestion-suggestion", "address_id": town.grid.code,
        "description": "楼道灯不亮。",
    }  # fmt: skip
    for _ in range(2):
        answer = client.post(f"{V2}/requests.json", body, headers={"Idempotency-Key": "abc"})
        assert answer.json()[0]["service_request_id"] == Case.objects.get().case_no


def test_a_photo_comes_with_the_report(client: Client, key: str, town: Town, media: Any) -> None:
    picture = photo()
    picture.name = "a.jpg"  # type: ignore[attr-defined]
    case = filed(client, key, town, media=picture)
    assert case.attachments.count() == 1
    broken = io.BytesIO(b"no picture")
    broken.name = "a.jpg"  # type: ignore[attr-defined]
    refusal(send(client, key, town, media=broken), 400)


def test_a_contact_of_elsewhere_is_sealed_and_asked_for(
    client: Client, key: str, town: Town
) -> None:
    case = filed(client, key, town, phone="111111111", email="a@example.org")
    assert not case.reporter_phone and "@" not in case.text
    assert contact_for(case, town.users["grid_head"]).level == "masked"
    client.force_login(town.users["grid_head"])
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "留有其他联系方式" in page and "a@example.org" not in page and "查看电话" in page
    told = reveal_contact(case=case, by=town.users["grid_head"], purpose="核实")
    assert (told.phone, told.other) == ("", "111111111、a@example.org")
