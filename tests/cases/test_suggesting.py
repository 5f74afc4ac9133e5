"""Suggested categories: from words alone, from closed cases, and where they show."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.catalog import CATEGORIES
from cases.keywords import KEYWORDS
from cases.models import Case, Category, CategoryCounts, LearningMark
from cases.services.learning import learn_categories
from cases.suggesting import suggest_categories
from gridparty.demo.topics import TOPICS
from tests.cases.cast import Story, reported
from tests.town import Town

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=1)


def slugs(text: str) -> list[str]:
    return [category.slug for category in suggest_categories(text)]


def test_every_shipped_category_has_words() -> None:
    parents = {row.parent for row in CATEGORIES}
    assert set(KEYWORDS) == {row.slug for row in CATEGORIES if row.slug not in parents}


def test_words_are_enough_to_begin_with() -> None:
    """Of the texts written for the demonstration; nobody chose the words by them."""
    asked = [
        (topic.slug, text.format(spot="阳光花园1栋")) for topic in TOPICS for text in topic.texts
    ]
    found = [(slug, slugs(text)) for slug, text in asked]
    assert sum(slug in names for slug, names in found) / len(found) > 0.8


def test_short_and_foreign_texts_get_nothing() -> None:
    assert slugs("灯") == []
    assert slugs("abc def ghi") == []


def test_it_names_at_most_three_and_is_silent_when_the_best_is_chosen() -> None:
    text = "路灯不亮，楼道垃圾没人清，邻居养狗太吵"
    first, second, third = suggest_categories(text)
    assert suggest_categories(text, chosen=first.pk) == []
    assert suggest_categories(text, chosen=second.pk) == [first, third]


def test_a_category_that_is_switched_off_is_not_suggested() -> None:
    Category.objects.filter(slug="facilities-lamp").update(is_active=False)
    assert "facilities-lamp" not in slugs("路灯不亮，灯坏了")


def test_it_learns_from_closed_cases_once(town: Town) -> None:
    text = "喷泉池的水泵又不转了"
    assert "suggestion-suggestion" not in slugs(text)
    for _ in range(3):
        Story(town, reported(town, category="suggestion-suggestion", text=text)).closed()
    reported(town, category="order-dogs", text=text)  # open: nothing to learn from yet
    now = timezone.now()
    assert learn_categories(now) == 0  # too fresh: an elder transaction may still be open
    assert learn_categories(now + LATER) == 3
    assert learn_categories(now + LATER) == 0
    row = CategoryCounts.objects.get()
    assert (row.category.slug, row.cases) == ("suggestion-suggestion", 3)
    assert row.pairs["喷泉"] == 3
    assert slugs(text)[0] == "suggestion-suggestion"


def test_a_reopened_case_teaches_once(town: Town) -> None:
    story = Story(town).closed()
    story.step("reopen", "community_staff", reason="relapse", note="又坏了")
    story.step("assign", "community_staff", unit=town.department).step("take", "dept_handler")
    story.step("feedback", "dept_handler", outcome="solved", note="好了")
    story.step("verify_pass", "grid_head", method="on_site").step("close", "community_staff")
    assert learn_categories(timezone.now() + LATER) == 1


def test_what_is_void_by_then_teaches_nothing(town: Town) -> None:
    story = Story(town).closed()
    story.step("void", "street_admin", reason="test", note="测试")
    learn_categories(timezone.now() + LATER)
    assert not CategoryCounts.objects.exists()
    assert LearningMark.objects.get().last_event > 0


def test_the_number_of_queries_is_fixed(town: Town) -> None:
    suggest_categories("路灯不亮，看不见路")
    reported(town)
    with CaptureQueriesContext(connection) as asked:
        suggest_categories("路灯不亮，看不见路")
    assert len(asked) == 2


def test_the_report_pages_offer_them_as_buttons(client: Client, town: Town) -> None:
    lamp = Category.objects.get(slug="facilities-lamp")
    sent = {"grid": town.grid.code, "text": "路灯不亮，晚上看不见路", "category": ""}
    chip = f'data-fill=\'{{"id_category": "{lamp.pk}"}}\''
    assert chip in client.post("/report/similar/", sent).content.decode()
    client.force_login(town.users["grid_head"])
    sent["grid"] = str(town.grid.pk)
    assert chip in client.post("/cases/new/similar/", sent).content.decode()
    sent["category"] = str(lamp.pk)
    assert chip not in client.post("/cases/new/similar/", sent).content.decode()


def test_accepting_offers_a_better_category_and_changes_nothing(client: Client, town: Town) -> None:
    case = reported(town, category="other-other", text="路灯不亮，晚上看不见路")
    client.force_login(town.users["grid_head"])
    page = client.get(f"/cases/{case.pk}/moves/accept/").content.decode()
    assert "现在是“其他事项”，也可能是：" in page
    assert Case.objects.get(pk=case.pk).category.slug == "other-other"
    right = reported(town, category="facilities-lamp", text="路灯不亮，晚上看不见路")
    assert "也可能是" not in client.get(f"/cases/{right.pk}/moves/accept/").content.decode()
