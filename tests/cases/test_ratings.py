"""群众自评: the reporter says on the tracking page whether the handling was good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.indicators import INDICATORS
from cases.limits import RATINGS
from cases.models import Case, Rating, Revisit
from cases.services import MoveRefused, rate_case, rateable
from gridparty.lib.periods import Month
from orgs.models import AuditEntry
from tests.cases.cast import Story, reported
from tests.town import Town


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def closed(town: Town, client: Client | None = None, **more: Any) -> Case:
    """A written-off case; with a client, its code has been typed in there."""
    case = Story(town, **more).closed().case
    if client is not None:
        client.post("/track/", {"code": case.tracking_code})
    return case


def test_the_page_asks_once_it_is_written_off(client: Client, town: Town) -> None:
    case = Story(town).verified().case
    page = client.post("/track/", {"code": case.tracking_code}, follow=True).content.decode()
    assert "您满意吗" not in page
    Story(town, case).step("close", "community_staff")
    page = client.get("/track/").content.decode()
    assert "您满意吗" in page and 'href="/track/rate/"' in page
    form = client.get("/track/rate/").content.decode()
    for words in ("满意", "基本满意", "不满意", "问题没有解决好", "办得太慢"):
        assert words in form


def test_the_answer_is_a_row_of_its_own(client: Client, town: Town) -> None:
    case = closed(town, client)
    answer = client.post("/track/rate/", {"satisfaction": "satisfied", "note": "谢谢"})
    assert answer["Location"] == "/track/"
    row = Rating.objects.get()
    assert (row.case, row.report, row.cycle) == (case, case, 1)
    assert (row.satisfaction, row.reason, row.note) == ("satisfied", "", "谢谢")
    assert row.month == str(Month.of(timezone.now())) and row.changed_at is None
    assert not Revisit.objects.exists()
    page = client.get("/track/").content.decode()
    assert "您的评价：<strong>满意</strong>" in page and "修改评价" in page
    line = AuditEntry.objects.get(action="case.rate")
    assert "谢谢" not in str(line.detail)


def test_it_is_given_once_and_changed_in_place(client: Client, town: Town) -> None:
    closed(town, client)
    client.post("/track/rate/", {"satisfaction": "satisfied"})
    assert 'value="satisfied" required id' not in client.get("/track/").content.decode()
    client.post(
        "/track/rate/", {"satisfaction": "unsatisfied", "reason": "result", "note": "灯又坏了"}
    )
    row = Rating.objects.get()
    assert (row.satisfaction, row.reason) == ("unsatisfied", "result")
    assert row.changed_at is not None
    details = AuditEntry.objects.filter(action="case.rate").order_by("id")
    assert [line.detail["was"] for line in details] == ["", "satisfied"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.create(
            case=row.case, report=row.report, month=row.month, satisfaction="satisfied"
        )


def test_the_words_of_the_unsatisfied_go_with_the_reopening(client: Client, town: Town) -> None:
    case = closed(town, client)
    client.post(
        "/track/rate/", {"satisfaction": "unsatisfied", "reason": "result", "note": "灯又坏了"}
    )
    page = client.get("/track/").content.decode()
    assert "没有解决，申请重开" in page and "您写的话会带过去" in page
    assert "灯又坏了</textarea>" in client.get("/track/reopen/").content.decode()
    client.post("/track/reopen/", {"note": "灯又坏了", "version": case.version})
    case.refresh_from_db()
    assert (case.status, case.cycle) == ("reopened", 2)
    # The new cycle has not been written off: nothing to rate, and the old answer stays.
    assert "您满意吗" not in client.get("/track/").content.decode()
    assert client.post("/track/rate/", {"satisfaction": "satisfied"}).status_code == 409
    assert Rating.objects.get().satisfaction == "unsatisfied"


def test_satisfied_words_are_not_a_complaint(client: Client, town: Town) -> None:
    closed(town, client)
    client.post("/track/rate/", {"satisfaction": "satisfied", "note": "很快"})
    assert "很快" not in client.get("/track/reopen/").content.decode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "请选择“您对办理结果满意吗”"),
        ({"satisfaction": "great"}, "选择一个有效的选项"),
        ({"satisfaction": "unsatisfied"}, "请选择哪里不满意"),
        ({"satisfaction": "unsatisfied", "reason": "rain"}, "选择一个有效的选项"),
        ({"satisfaction": "satisfied", "note": "长" * 1001}, "说明有 1001 字，最多 1000 字"),
        ({"satisfaction": "satisfied", "website": "http://spam"}, "提交没有通过检查"),
    ],
)
def test_a_bad_answer_is_named_and_kept(
    client: Client, town: Town, data: dict[str, str], sentence: str
) -> None:
    closed(town, client)
    answer = client.post("/track/rate/", {"note": "楼道还是黑", **data})
    text = answer.content.decode()
    assert answer.status_code == 400 and sentence in text
    assert not Rating.objects.exists()
    if "note" not in data:
        assert "楼道还是黑" in text


def test_an_address_that_rates_too_much_waits(client: Client, town: Town) -> None:
    closed(town, client)
    for _ in range(RATINGS.times):
        client.post("/track/rate/", {"satisfaction": "satisfied"})
    answer = client.post("/track/rate/", {"satisfaction": "basically"})
    assert answer.status_code == 429 and "请稍后再试" in answer.content.decode()
    assert Rating.objects.get().satisfaction == "satisfied"


def test_it_needs_the_code(client: Client, town: Town) -> None:
    closed(town)
    assert client.get("/track/rate/")["Location"] == "/track/"
    answer = client.post("/track/rate/", {"satisfaction": "satisfied"})
    assert answer["Location"] == "/track/" and not Rating.objects.exists()


@pytest.mark.parametrize("road", ["accepted", "handling", "verified"])
def test_what_is_not_written_off_is_not_rated(client: Client, town: Town, road: str) -> None:
    case = getattr(Story(town), road)().case
    client.post("/track/", {"code": case.tracking_code})
    assert "还没有办结销号" in client.get("/track/rate/").content.decode()
    answer = client.post("/track/rate/", {"satisfaction": "satisfied"})
    assert answer.status_code == 409 and "还没有办结销号" in answer.content.decode()


def test_it_ends_with_the_answers_of_the_months_revisit(client: Client, town: Town) -> None:
    case = closed(town)
    assert case.closed_at is not None
    found = rateable(case)
    assert found is not None
    assert found.until == Month.of(case.closed_at).end + timedelta(days=15)
    just_before = found.until - timedelta(seconds=1)
    rate_case(report=case, satisfaction="basically", now=just_before)
    with pytest.raises(MoveRefused, match="截止") as refused:
        rate_case(report=case, satisfaction="satisfied", now=found.until)
    assert refused.value.http_status == 409
    Case.objects.filter(pk=case.pk).update(closed_at=case.closed_at - timedelta(days=80))
    client.post("/track/", {"code": case.tracking_code})
    assert "修改评价" not in client.get("/track/").content.decode()
    assert "截止" in client.get("/track/rate/").content.decode()


def test_everybody_merged_into_it_has_a_word(client: Client, town: Town) -> None:
    main = Story(town).verified()
    other = Story(town).case
    Case.objects.filter(pk=other.pk).update(
        status="merged", merged_into=main.case, ended_at=timezone.now()
    )
    client.post("/track/", {"code": other.tracking_code})
    assert "您满意吗" not in client.get("/track/").content.decode()
    main.step("close", "community_staff")
    assert "您满意吗" in client.get("/track/").content.decode()
    client.post(
        "/track/rate/", {"satisfaction": "unsatisfied", "reason": "speed", "note": "等太久"}
    )
    row = Rating.objects.get()
    assert (row.case, row.report) == (main.case, other)
    assert "社区和街道看得到" in client.get("/track/").content.decode()
    rate_case(report=main.case, satisfaction="satisfied")
    month, now = Month.of(timezone.now()), timezone.now()
    assert INDICATORS["self_satisfaction_rate"].total(month, now, Case.objects.all()) == (1, 2)


def test_the_case_page_shows_it_to_those_who_see_the_case(
    town: Town, enter: Callable[[str], Client]
) -> None:
    case = closed(town)
    rate_case(report=case, satisfaction="unsatisfied", reason="speed", note="等太久")
    for who in ("grid_head", "community_staff", "dispatcher"):
        page = enter(who).get(f"/cases/{case.pk}/").content.decode()
        assert "反映人自评" in page and "等太久" in page and "办理效率" in page, who
    assert enter("other_street_admin").get(f"/cases/{case.pk}/").status_code == 404
    assert not Rating.objects.visible_to(town.users["other_street_admin"]).exists()


def test_it_is_counted_apart_and_the_figure_is_the_list(
    town: Town, enter: Callable[[str], Client]
) -> None:
    for answer in ("satisfied", "basically", "unsatisfied"):
        rate_case(report=closed(town), satisfaction=answer, reason="result")
    reported(town)
    month, now = Month.of(timezone.now()), timezone.now()
    scope = Case.objects.visible_to(town.users["street_admin"])
    assert INDICATORS["self_satisfaction_rate"].total(month, now, scope) == (2, 3)
    assert INDICATORS["satisfaction_rate"].total(month, now, scope) == (0, 0)
    path = f"/dashboard/self_satisfaction_rate/?month={month}"
    page = enter("street_admin").get(path)
    assert page.status_code == 200 and page.context["total"] == 3
    assert len(page.context["page"].rows) == 3


def test_the_pages_cost_few_queries(client: Client, town: Town) -> None:
    case = closed(town, client)

    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    before = count("/track/")
    rate_case(report=case, satisfaction="satisfied")
    assert count("/track/") == before <= 14
    assert count("/track/rate/") <= 8
