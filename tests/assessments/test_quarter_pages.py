"""The quarter's pages: each side's steps, lists behind figures, scope, queries."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from assessments.models import QuarterAssessment
from assessments.services import compute_quarter
from assessments.workflow import Status
from gridparty.lib.periods import Quarter
from tests.assessments.test_quarter import NOW, QUARTER
from tests.assessments.test_quarter_life import begin, mine
from tests.town import Town

PAGES = ("quarter_detail", "quarter_adjust", "quarter_revise", "quarter_appeal")


def test_another_street_sees_nothing(town: Town, drafts: Any, client: Client) -> None:
    client.force_login(town.users["other_street_admin"])
    row = mine(town)
    for name in PAGES:
        assert client.get(reverse(f"assessments:{name}", args=[row.pk])).status_code == 404
    rows = reverse("assessments:item_rows", args=[row.pk, "on_time_rate"])
    assert client.get(rows).status_code == 404
    listed = client.get(reverse("assessments:quarters"), {"quarter": str(QUARTER)})
    assert town.grid.name not in listed.content.decode().split("<main", 1)[1].split("社区")[0]
    step = client.post(
        reverse("assessments:street_step"),
        {"quarter": str(QUARTER), "street": town.street.pk, "move": "publish"},
    )
    assert step.status_code == 403


def test_the_pages_of_each_side(town: Town, drafts: Any, client: Client) -> None:
    begin(town)
    row = mine(town)
    address = reverse("assessments:quarter_detail", args=[row.pk])
    client.force_login(town.users["grid_head"])
    assert "提交自评" in client.get(address).content.decode()
    step = reverse("assessments:quarter_step", args=[row.pk, "submit"])
    refused = client.post(step, {"note": ""})
    assert refused.status_code == 400
    assert client.post(step, {"note": "本季办结及时"}).status_code == 302
    client.force_login(town.users["community_secretary"])
    assert "审核通过" in client.get(address).content.decode()
    assert client.get(reverse("assessments:quarter_adjust", args=[row.pk])).status_code == 403
    client.post(reverse("assessments:quarter_step", args=[row.pk, "endorse"]), {"note": ""})
    assert mine(town).status == Status.STREET_REVIEW
    client.force_login(town.users["street_admin"])
    item = row.items.get(manual=True)
    score = reverse("assessments:quarter_score", args=[row.pk, item.pk])
    assert client.post(score, {"points": "60", "reason": "看"}).status_code == 400
    assert client.post(score, {"points": "45", "reason": "抽查"}).status_code == 302
    page = client.get(address).content.decode()
    assert "抽查" in page
    assert "50 − 1 ×（100 − 90）= 40.00" in page


def test_a_figure_leads_to_its_list(town: Town, drafts: Any, client: Client) -> None:
    client.force_login(town.users["grid_head"])
    row = mine(town)
    for item in row.items.filter(manual=False):
        address = reverse("assessments:item_rows", args=[row.pk, item.indicator])
        for hit, expected in (("", item.denominator), ("1", item.numerator)):
            page = client.get(address, {"hit": hit})
            assert len(page.context["lines"]) + page.context["hidden"] == expected, item.indicator


def test_the_list_filters_counts_and_exports_alike(town: Town, drafts: Any, client: Client) -> None:
    client.force_login(town.users["street_admin"])
    address = reverse("assessments:quarters")
    page = client.get(address, {"quarter": str(QUARTER)})
    for figure in page.context["figures"]:
        if "appeals" not in figure["url"]:
            assert client.get(figure["url"]).context["count"] == figure["value"], figure
    few = client.get(address, {"quarter": str(QUARTER), "q": town.grid.name})
    named = QuarterAssessment.objects.filter(street=town.street, grid__name=town.grid.name)
    assert few.context["count"] == named.count()
    assert (
        client.get(reverse("assessments:quarters_export"), {"quarter": str(QUARTER)}).status_code
        == 200
    )
    assert client.get(address, {"quarter": "2026"}).status_code == 404


def test_its_queries_do_not_grow_with_grids(
    town: Town, scheme: Any, client: Client, django_assert_max_num_queries: Any
) -> None:
    from tests.town import make_grid

    for serial in range(3, 30):
        make_grid(town.community, serial, town.branch)
    compute_quarter(quarter=QUARTER, now=NOW, by=None)
    client.force_login(town.users["street_admin"])
    with django_assert_max_num_queries(20):
        client.get(reverse("assessments:quarters"), {"quarter": str(QUARTER)})
    with django_assert_max_num_queries(20):
        client.get(reverse("assessments:quarter_detail", args=[mine(town).pk]))


def test_a_quarter_label_reads() -> None:
    assert Quarter.parse("2026Q3").label
