"""/api/v1/cases/: scope, transitions, conflicts, idempotent writes, photos, revisits."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIClient

from cases.models import Case, CaseEvent, Revisit
from cases.revisits import draw_month
from cases.serializers import CaseRowSerializer
from gridparty.lib.periods import Month
from orgs.workdays import work_calendar
from tests.cases.cast import NOON, Story, photo, reported
from tests.cases.test_revisits import JULY_FIRST
from tests.town import Town

CASES = "/api/v1/cases/"


def client(town: Town, key: str) -> APIClient:
    signed_in = APIClient()
    signed_in.force_authenticate(town.users[key])
    return signed_in


def url(case: Case, rest: str = "") -> str:
    return f"{CASES}{case.pk}/{rest}"


def upload(name: str = "照片.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo().getvalue(), "image/jpeg")


def test_it_lists_what_the_user_sees_newest_first(town: Town) -> None:
    cases = [reported(town) for _ in range(3)]
    reported(town, building=town.other_building)
    answer = client(town, "grid_head").get(CASES)
    assert answer.status_code == 200
    assert [row["id"] for row in answer.json()["results"]] == [case.pk for case in cases[::-1]]
    row = answer.json()["results"][0]
    assert (row["status_label"], row["light"], row["category"]) == ("待核实", "green", "suggestion")
    assert APIClient().get(CASES).status_code in (401, 403)
    assert client(town, "sysadmin").get(CASES).status_code == 403


def test_a_row_is_what_its_serializer_describes(town: Town) -> None:
    """The list is written out for speed (cases/api_rows.py); the schema shows the serializer."""
    cases = [reported(town), Story(town).assigned(), Story(town).closed()]
    context = {"now": timezone.now(), "calendar": work_calendar()}
    rows = client(town, "street_admin").get(CASES).json()["results"]
    assert len(rows) == 3 and {row["light"] for row in rows} > {""}
    described = CaseRowSerializer(Case.objects.order_by("-id"), many=True, context=context)
    assert rows == json.loads(JSONRenderer().render(described.data)), cases


def test_it_pages_by_keyset_and_filters(town: Town) -> None:
    cases = [reported(town) for _ in range(5)]
    Story(town, cases[0]).accepted()
    browser = client(town, "dispatcher")
    first = browser.get(CASES, {"limit": 2}).json()
    second = browser.get(first["next"]).json()
    assert [row["id"] for row in second["results"]] == [cases[2].pk, cases[1].pk]
    only = browser.get(CASES, {"status": "accepted"}).json()["results"]
    assert [row["id"] for row in only] == [cases[0].pk]
    assert (
        len(browser.get(CASES, {"category": "suggestion", "open": "true"}).json()["results"]) == 5
    )
    assert client(town, "grid_head").get(CASES, {"waiting": "true"}).json()["results"]
    bad = browser.get(CASES, {"status": "lost"})
    assert bad.status_code == 400 and "status" in bad.json()["fields"]


def test_the_list_costs_the_same_for_any_number_of_rows(town: Town) -> None:
    from django.db import connection

    counts = []
    for more in (1, 12):
        for _ in range(more):
            Story(town).assigned()
        user = town.users["dispatcher"]
        user.__dict__.pop("grants", None)
        with CaptureQueriesContext(connection) as queries:
            assert client(town, "dispatcher").get(CASES).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5


def test_the_detail_names_the_transitions_and_their_fields(town: Town) -> None:
    case = Story(town, reporter_name="郑测试", reporter_phone="16912345678").called().case
    body = client(town, "dispatcher").get(url(case)).json()
    offered = {one["name"]: one for one in body["transitions"]}
    assert set(offered) == {"assign", "whistle", "split", "urge", "supervise"}
    fields = {one["name"]: one for one in offered["whistle"]["fields"]}
    assert fields["unit"] == {
        "name": "unit", "label": "牵头单位", "kind": "unit", "required": True, "choices": [], "help": "",
    }  # fmt: skip
    assert ["emergency", "应急处置哨"] in fields["whistle_kind"]["choices"]
    assert body["contact"]["phone"] == "169****5678"
    assert [step["state"] for step in body["milestones"]] == ["done", "current", "todo", "todo"]
    assert "16912345678" not in str(body)


def test_it_reports_a_case(town: Town, media: object) -> None:
    data = {"text": "路灯不亮", "category": "facilities-lamp", "building": town.building.pk}
    answer = client(town, "grid_head").post(CASES, data)
    assert answer.status_code == 201, answer.json()
    assert Case.objects.get(pk=answer.json()["id"]).reporter_user == town.users["grid_head"]
    answer = client(town, "corridor_head").post(
        CASES, {**data, "photos": [upload(), upload()]}, format="multipart"
    )
    assert answer.status_code == 201, answer.json()
    photos = client(town, "corridor_head").get(f"{CASES}{answer.json()['id']}/attachments/").json()
    assert len(photos) == 2


def test_a_bad_report_names_its_fields_and_leaves_nothing(town: Town) -> None:
    browser = client(town, "grid_head")
    for data, fields in (
        ({}, {"text", "category"}),
        ({"text": "字" * 10_000, "category": "other-other", "grid": town.grid.pk}, {"text"}),
        ({"text": " ", "category": "x", "grid": town.grid.pk}, {"text", "category"}),
        ({"text": "灯", "category": "other-other"}, {"grid"}),
        ({"text": "灯", "category": "other-other", "grid": town.other_grid.pk}, {"grid"}),
        ({"text": "灯", "category": "other-other", "grid": 2**70}, {"grid"}),
    ):
        answer = browser.post(CASES, data)
        assert answer.status_code == 400
        assert set(answer.json()["fields"]) == fields, answer.json()
    assert browser.post(CASES, {"text": "a\0b", "category": "other-other"}).status_code == 400
    assert client(town, "auditor").post(CASES, {}).status_code == 403
    assert not Case.objects.exists()


def test_a_repeated_send_makes_one_case(town: Town) -> None:
    browser = client(town, "grid_head")
    data = {"text": "路灯不亮", "category": "other-other", "grid": town.grid.pk}
    first, second = (
        browser.post(CASES, data, headers={"Idempotency-Key": "key-1"}) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert Case.objects.count() == 1
    assert (
        browser.post(
            CASES, {**data, "text": "别的"}, headers={"Idempotency-Key": "key-1"}
        ).status_code
        == 422
    )


def test_a_transition_moves_the_case_and_repeats_harmlessly(town: Town) -> None:
    case = Story(town).called().case
    browser = client(town, "dispatcher")
    data = {"unit": town.department.pk, "note": "请到场", "version": case.version}
    answers = [
        browser.post(url(case, "transitions/whistle/"), data, headers={"Idempotency-Key": "w"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["status"] == "whistled"
    assert CaseEvent.objects.filter(case=case, move="whistle").count() == 1


def test_coming_second_is_a_conflict_with_a_sentence(town: Town) -> None:
    case = Story(town).called().case
    data = {"unit": town.department.pk, "version": case.version}
    assert (
        client(town, "dispatcher").post(url(case, "transitions/assign/"), data).status_code == 200
    )
    late = client(town, "second_dispatcher").post(url(case, "transitions/assign/"), data)
    assert late.status_code == 409
    assert late.json()["code"] == "stale"
    assert late.json()["detail"].startswith("已被他人处理：红星街道党工委于")
    del data["version"]
    late = client(town, "second_dispatcher").post(url(case, "transitions/assign/"), data)
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")


def test_refusals_have_their_codes(town: Town) -> None:
    case = Story(town).called().case
    dispatch = {"unit": town.department.pk}
    for key, name, data, code in (
        ("grid_informant", "assign", dispatch, 403),
        ("other_street_admin", "assign", dispatch, 404),
        ("dispatcher", "assign", {}, 400),
        ("dispatcher", "assign", {**dispatch, "colour": 1}, 400),
        ("dispatcher", "assign", {**dispatch, "now": "2020-01-01"}, 400),
        ("dispatcher", "assign", {**dispatch, "version": "one"}, 400),
        ("grid_head", "close", {}, 403),
        ("community_staff", "close", {}, 409),
        ("dispatcher", "fly", {}, 404),
        ("dispatcher", "report", {}, 404),
    ):
        answer = client(town, key).post(url(case, f"transitions/{name}/"), data)
        assert answer.status_code == code, (key, name, answer.json())
        assert answer.json()["detail"]
    case.refresh_from_db()
    assert case.status == "called"


def test_a_form_sends_several_units_and_photos(town: Town, media: object) -> None:
    case = Story(town).called().case
    data = {
        "unit": town.department.pk, "co_units": [town.second_department.pk], "note": "联合",
        "arrive_by": "2099-01-01T10:00",
    }  # fmt: skip
    answer = client(town, "dispatcher").post(
        url(case, "transitions/whistle/"), data, format="multipart"
    )
    assert answer.status_code == 200, answer.json()
    assert len(answer.json()["tasks"]) == 2
    data = {"place": "现场", "photos": [upload()]}
    browser = client(town, "dept_handler")
    answer = browser.post(url(case, "transitions/check_in/"), data, format="multipart")
    assert answer.status_code == 200, answer.json()
    history = browser.get(url(case, "events/")).json()
    assert [event["move"] for event in history] == [
        "report", "accept", "call_up", "whistle", "check_in",
    ]  # fmt: skip
    assert len(history[-1]["attachments"]) == 1


def test_a_photo_is_served_to_those_who_see_the_case(town: Town, media: object) -> None:
    case = reported(town, photos=[photo()])
    address = f"/api/v1/case-attachments/{case.attachments.get().pk}/file/"
    answer: Any = client(town, "grid_head").get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
    assert client(town, "other_grid_head").get(address).status_code == 404
    assert APIClient().get(address).status_code in (401, 403)
    case.attachments.get().file.delete(save=False)
    assert client(town, "grid_head").get(address).status_code == 404


def test_photos_may_follow(town: Town, media: object) -> None:
    case = reported(town, by=town.users["grid_head"])
    answer = client(town, "grid_head").post(
        url(case, "attachments/"), {"photos": [upload()]}, format="multipart"
    )
    assert answer.status_code == 201, answer.json()
    bad = SimpleUploadedFile("a.jpg", b"<html>", "image/jpeg")
    answer = client(town, "grid_head").post(
        url(case, "attachments/"), {"photos": [bad]}, format="multipart"
    )
    assert answer.status_code == 400 and "不是照片" in answer.json()["fields"]["photos"][0]
    answer = client(town, "dispatcher").post(
        url(case, "attachments/"), {"photos": [upload()]}, format="multipart"
    )
    assert answer.status_code == 403


def test_a_contact_needs_a_purpose(town: Town) -> None:
    case = reported(town, reporter_name="郑测试", reporter_phone="16912345678")
    browser = client(town, "grid_head")
    assert browser.post(url(case, "contact/"), {}).status_code == 400
    assert (
        browser.post(url(case, "contact/"), {"purpose": "约时间"}).json()["phone"] == "16912345678"
    )
    assert (
        client(town, "branch_secretary").post(url(case, "contact/"), {"purpose": "看"}).status_code
        == 403
    )


def test_the_history_hides_a_confidential_reporter(town: Town) -> None:
    story = Story(town, category="security-clue", by=town.users["corridor_head"],
                  reporter_name="赵楼道")  # fmt: skip
    story.assigned()
    history = client(town, "dept_handler").get(url(story.case, "events/")).json()
    assert history[0]["actor_name"] == ""
    assert "赵楼道" not in str(history)


@pytest.fixture
def revisit(town: Town) -> Revisit:
    case = Story(town, now=NOON).closed().case
    draw_month(Month(2026, 6), now=JULY_FIRST)
    Revisit.objects.update(locks_at="2999-01-01T00:00:00+08:00")
    return Revisit.objects.get(case=case)


def test_a_revisit_is_recorded_and_reopens_the_case(town: Town, revisit: Revisit) -> None:
    address = f"/api/v1/revisits/{revisit.pk}/"
    browser = client(town, "revisitor")
    assert [row["id"] for row in browser.get("/api/v1/revisits/").json()["results"]] == [revisit.pk]
    assert client(town, "other_street_admin").get(address).status_code == 404
    assert client(town, "grid_head").get(address).status_code == 403
    assert browser.post(f"{address}record/", {"method": "phone"}).status_code == 400
    data: dict[str, Any] = {"method": "phone", "reached": True, "solved": "no"}
    assert set(browser.post(f"{address}record/", data).json()["fields"]) == {"satisfaction"}
    data |= {"satisfaction": "unsatisfied", "reason": "result"}
    answer = browser.post(f"{address}record/", data)
    assert answer.status_code == 200, answer.json()
    assert answer.json()["decision"] == "reopen"
    revisit.case.refresh_from_db()
    assert revisit.case.status == "reopened"
    assert browser.post(f"{address}record/", data).status_code == 409


def test_a_revisit_is_assigned_and_decided(town: Town, revisit: Revisit) -> None:
    address = f"/api/v1/revisits/{revisit.pk}/"
    to = town.users["revisitor"].pk
    assert client(town, "dispatcher").post(f"{address}assign/", {"to": to}).status_code == 200
    assert client(town, "dispatcher").post(f"{address}assign/", {"to": 10**6}).status_code == 400
    data = {
        "method": "phone", "reached": True, "solved": "no", "satisfaction": "unsatisfied",
        "reason": "unreasonable",
    }  # fmt: skip
    assert client(town, "revisitor").post(f"{address}record/", data).status_code == 200
    decision = {"outcome": "explain", "note": "已解释"}
    answer = client(town, "community_staff").post(f"{address}decide/", decision)
    assert answer.status_code == 200, answer.json()
    assert answer.json()["decision"] == "explain"


def test_categories_are_public_among_users(town: Town) -> None:
    rows = client(town, "volunteer").get("/api/v1/case-categories/").json()
    assert {"slug": "safety-gas", "parent": "safety", "sla_class": "emergency"}.items() <= next(
        row for row in rows if row["slug"] == "safety-gas"
    ).items()
