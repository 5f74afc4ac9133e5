"""跟踪问效: chosen after the closing, looked at on its day, a relapse reopens the case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, EffectReview
from cases.services import MoveRefused
from cases.services.lasting import choose_reviews, record_review, remind_due
from notices.models import Notification
from orgs.models import AuditEntry
from tests.cases.cast import NOON, Story
from tests.town import Town

pytestmark = pytest.mark.django_db


def _closed(town: Town, **more: Any) -> Case:
    return Story(town, now=NOON, **more).closed().case


def test_chosen_for_thirty_and_ninety_days_once(town: Town) -> None:
    case, staff = _closed(town), town.users["community_staff"]
    made = choose_reviews(case=case, days=[30, 90], by=staff, now=NOON)
    assert [str(one.due_on) for one in made] == ["2026-07-03", "2026-09-01"]
    with pytest.raises(MoveRefused, match="已经列入"):
        choose_reviews(case=case, days=[30], by=staff)
    with pytest.raises(MoveRefused, match="社区或街道"):
        choose_reviews(case=case, days=[30], by=town.users["grid_head"])
    assert AuditEntry.objects.filter(action="effect.choose").count() == 1


def test_only_closed_cases_are_chosen(town: Town) -> None:
    case = Story(town, now=NOON).handling().case
    with pytest.raises(MoveRefused, match="销号以后"):
        choose_reviews(case=case, days=[30], by=town.users["community_staff"])


def test_looked_at_on_its_day_by_somebody_who_did_not_handle_it(town: Town) -> None:
    case, staff = _closed(town), town.users["community_staff"]
    review = choose_reviews(case=case, days=[30], by=staff, now=NOON)[0]
    early, day = NOON + timedelta(days=29), NOON + timedelta(days=30)
    with pytest.raises(MoveRefused, match="才到核查日期"):
        record_review(review=review, by=staff, effect="lasting", note="没有反弹", now=early)
    with pytest.raises(MoveRefused, match="核查情况"):
        record_review(review=review, by=staff, effect="lasting", note=" ", now=day)
    with pytest.raises(MoveRefused, match="社区或街道"):
        record_review(
            review=review, by=town.users["dept_handler"], effect="lasting", note="好", now=day
        )
    done = record_review(review=review, by=staff, effect="lasting", note="现场正常", now=day)
    assert done.state == "done"
    with pytest.raises(MoveRefused, match="已经登记"):
        record_review(review=review, by=staff, effect="partly", note="又来", now=day)
    case.refresh_from_db()
    assert case.status == "closed"


def test_a_relapse_reopens_and_lapses_what_is_left(town: Town) -> None:
    case, staff = _closed(town), town.users["community_staff"]
    first, second = choose_reviews(case=case, days=[30, 90], by=staff, now=NOON)
    day = NOON + timedelta(days=31)
    record_review(review=first, by=staff, effect="relapsed", note="垃圾又堆起来了", now=day)
    case.refresh_from_db()
    second.refresh_from_db()
    assert (case.status, case.cycle, second.state) == ("reopened", 2, "lapsed")
    event = case.events.order_by("-id")[0]
    assert event.data["reason"] == "relapse" and event.note == "垃圾又堆起来了"


def test_what_was_supervised_is_taken_in_by_itself(town: Town) -> None:
    story = Story(town, now=NOON).handling().step("supervise", "street_admin", note="尽快办结")
    story.step("reply", "dept_handler", note="明天完成")
    story.step("feedback", "dept_handler", outcome="solved", note="已清理")
    story.step("verify_pass", "grid_head", method="on_site").step("close", "community_staff")
    review = EffectReview.objects.get()
    assert (review.days, review.chosen_by) == (30, None)
    assert not EffectReview.objects.exclude(case=story.case).exists()
    assert not EffectReview.objects.filter(case=_closed(town)).exists()


def test_the_community_is_told_once(town: Town) -> None:
    case = _closed(town)
    choose_reviews(case=case, days=[30], by=town.users["community_staff"], now=NOON)
    assert remind_due(NOON + timedelta(days=29)) == 0
    assert remind_due(NOON + timedelta(days=30)) == 1
    assert remind_due(NOON + timedelta(days=31)) == 0
    told = Notification.objects.filter(kind="case.effect")
    assert {one.user for one in told} >= {town.users["community_staff"]}
    assert town.users["dept_handler"] not in {one.user for one in told}


def test_the_pages(town: Town, client: Any) -> None:
    case = Story(town, now=timezone.now() - timedelta(days=40)).closed().case
    client.force_login(town.users["community_staff"])
    page = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert "列入跟踪问效" in page
    answer = client.post(
        reverse("cases:effect_choose", args=[case.pk]), {"days": ["30"]}, follow=True
    )
    assert "已列入跟踪问效" in answer.content.decode()
    none = client.post(reverse("cases:effect_choose", args=[case.pk]), {}, follow=True)
    assert "请选择" in none.content.decode()
    review = EffectReview.objects.get()
    assert "件销号的事项要跟踪核查" in client.get("/").content.decode()
    page = client.get(reverse("cases:effects"))
    assert page.context["count"] == 1 and case.case_no in page.content.decode()
    address = reverse("cases:effect", args=[review.pk])
    assert client.post(address, {"effect": "lasting", "note": ""}).status_code == 400
    form = {"effect": "lasting", "note": "回头看，没有反弹"}
    assert "已登记核查" in client.post(address, form, follow=True).content.decode()
    page = client.get(reverse("cases:effects"), {"tab": "done"})
    assert page.context["rate"] == 100 and page.context["done"] == 1
    file = client.get(reverse("cases:effects"), {"tab": "done", "export": "1"})
    assert file.status_code == 200 and "xlsx" in file["Content-Disposition"]
    client.force_login(town.users["other_community_staff"])
    assert client.get(address).status_code == 404
    assert client.get(reverse("cases:effects"), {"tab": "done"}).context["count"] == 0
