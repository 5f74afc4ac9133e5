"""The dashboard by month, quarter and year: figures equal lists, comparisons, wall, export, queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.counting import pairs
from assessments.indicators import RATES
from cases.models import Case
from gridparty.lib.periods import Month, Quarter, Span, Year, read_period
from tests.assessments.test_numbers import JUNE, NOW, some_cases
from tests.town import Town

PERIODS = ("2026-06", "2026Q2", "2026")


@pytest.mark.parametrize("text", PERIODS)
@pytest.mark.parametrize("grouping", ["community", "grid", "unit"])
def test_many_rates_at_once_are_each_rate(town: Town, text: str, grouping: str) -> None:
    some_cases(town)
    period = read_period(text)
    times = (period, period.previous())
    cases = Case.objects.visible_to(town.users["street_admin"])
    found = pairs(RATES.values(), grouping, times, NOW, cases)
    for one in RATES.values():
        for when in times:
            assert found[one.code, str(when)] == one.by(grouping, when, NOW, cases), one.code


def test_nothing_asked_is_nothing(db: None) -> None:
    assert pairs([], "grid", [JUNE], NOW, Case.objects.all()) == {}


@pytest.mark.parametrize(
    "who", ["district_official", "street_admin", "community_secretary", "grid_head"]
)
@pytest.mark.parametrize("kind", [Month, Quarter, Year])
def test_every_figure_with_a_case_list_equals_it(
    busy: Town, client: Client, who: str, kind: Any
) -> None:
    client.force_login(busy.users[who])
    page = client.get(reverse("assessments:dashboard"), {"month": str(kind.of(timezone.now()))})
    assert page.status_code == 200
    figures = [*page.context["counts"], *page.context["hot"]]
    figures += [one for one in page.context["zeros"] if one.label == "矛盾纠纷零激化"]
    for figure in figures:
        listed = client.get(figure.url)
        assert listed.context["page"].count == figure.value, figure
    for figure in page.context["rates"]:
        if figure.value is not None:
            assert client.get(figure.url).context["rate"] == figure.value, figure


def test_the_zeros_lead_to_their_lists(busy: Town, client: Client) -> None:
    client.force_login(busy.users["community_secretary"])
    page = client.get(reverse("assessments:dashboard"))
    labels = [figure.label for figure in page.context["zeros"]]
    assert labels == ["社情民意零盲点", "居民服务零距离", "矛盾纠纷零激化", "关爱帮扶零缺失"]
    for figure in page.context["zeros"]:
        assert client.get(figure.url).status_code == 200, figure


def test_who_may_not_see_residents_gets_numbers_without_a_list(busy: Town, client: Client) -> None:
    client.force_login(busy.users["district_official"])
    page = client.get(reverse("assessments:dashboard"))
    urls = {figure.label: figure.url for figure in page.context["zeros"]}
    assert urls["社情民意零盲点"] == urls["关爱帮扶零缺失"] == ""


def test_another_street_does_not_count(busy: Town, client: Client) -> None:
    client.force_login(busy.users["other_street_admin"])
    page = client.get(reverse("assessments:dashboard"), {"month": "2026"})
    own = Case.objects.filter(street=busy.other_street).count()
    assert page.context["counts"][0].value <= own
    foreign = client.get(reverse("assessments:dashboard"), {"node": busy.street.pk})
    assert foreign.status_code == 404


@pytest.mark.parametrize(
    "text",
    ["2026-13", "abc", "2099", "2099Q1", "2099-01", "1900-01", "1900", "1901-02-28..1901-03-01"],
)
def test_a_period_that_is_none_or_to_come_is_not_found(
    town: Town, client: Client, text: str
) -> None:
    client.force_login(town.users["street_admin"])
    assert client.get(reverse("assessments:dashboard"), {"month": text}).status_code == 404


def test_days_of_ones_own_choice_are_a_period(busy: Town, client: Client) -> None:
    client.force_login(busy.users["street_admin"])
    today = timezone.localdate()
    address, first = reverse("assessments:dashboard"), today - timedelta(days=40)
    page = client.get(address, {"from": str(first), "to": str(today)})
    assert page.context["month"] == Span(first, today)
    for figure in [*page.context["counts"], *page.context["hot"]]:
        assert client.get(figure.url).context["page"].count == figure.value, figure
    wrong = {
        "都填上": {"from": str(first)},
        "不能早于": {"from": str(today), "to": str(first)},
        "格式": {"from": "x", "to": "y"},
        "还没到": {"from": str(today + timedelta(days=3)), "to": str(today + timedelta(days=4))},
        "太早": {"from": "1900-01-01", "to": "1900-03-01"},
        "最长三年": {"from": "2001-01-01", "to": str(today)},
    }
    for words, asked in wrong.items():
        assert words in client.get(address, asked, follow=True).content.decode(), asked


def test_the_wall_renews_itself_and_leads_back(busy: Town, client: Client) -> None:
    client.force_login(busy.users["street_admin"])
    page = client.get(reverse("assessments:dashboard"), {"wall": "1"}).content.decode()
    assert '<meta http-equiv="refresh" content="300">' in page
    assert "退出大屏" in page
    assert "主菜单" not in page


def test_the_table_is_exported_as_shown_by_who_may(busy: Town, client: Client) -> None:
    address = reverse("assessments:dashboard_export")
    client.force_login(busy.users["street_admin"])
    book = client.get(address, {"month": "2026"})
    assert book.status_code == 200
    assert book["Content-Type"].endswith("spreadsheetml.sheet")
    client.force_login(busy.users["dept_handler"])
    shown = client.get(reverse("assessments:dashboard"))
    assert shown.context["may_export"] == (client.get(address).status_code == 200)


def test_its_queries_do_not_grow_with_cases(
    town: Town, client: Client, django_assert_max_num_queries: Any
) -> None:
    some_cases(town, 120)
    client.force_login(town.users["street_admin"])
    client.get(reverse("assessments:dashboard"))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("assessments:dashboard"), {"month": "2026Q2"})
    assert urlsplit(page.context["own_url"]).path == reverse("assessments:dashboard")
