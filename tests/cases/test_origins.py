"""Where a case was found: the visit or the campaign's door leads to the report and back."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.indicators import TEAM_SOURCES
from cases.models import Case, CaseOrigin, Category
from grids.models import Grid
from residents.models import Visit
from tests.residents.rounds import door_of, opened
from tests.town import Town

pytestmark = pytest.mark.django_db


def _visit(town: Town) -> Visit:
    return Visit.objects.create(
        household=town.households[0], visitor=town.users["grid_head"], day=timezone.localdate(),
        outcome="home",
    )  # fmt: skip


def _report(client: Any, town: Town, **origin: Any) -> Any:
    form = {
        "grid": town.grid.pk, "building": town.building.pk, "category": _category(client),
        "text": "走访时发现楼道堆物", "source": "visit", **origin,
    }  # fmt: skip
    return client.post(reverse("cases:report"), form)


def _category(client: Any) -> Any:
    return Category.objects.get(slug="other-other").pk


def test_from_the_visit_to_the_case_and_back(town: Town, enter: Any) -> None:
    visit, client = _visit(town), enter("grid_head")
    page = client.get(reverse("residents:visit", args=[visit.pk])).content.decode()
    assert f"visit={visit.pk}" in page and "由此上报的事项" not in page
    form = client.get(f"/cases/new/?grid={town.grid.pk}&visit={visit.pk}").context["form"]
    assert str(form["visit"].value()) == str(visit.pk)
    assert _report(client, town, visit=visit.pk).status_code == 302
    case = Case.objects.get()
    assert case.origin.visit == visit
    page = client.get(reverse("residents:visit", args=[visit.pk])).content.decode()
    assert "由此上报的事项" in page and case.case_no in page
    link = reverse("residents:visit", args=[visit.pk])
    assert link in client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    # A department reads the case, never the household behind it.
    seen = enter("dispatcher").get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert link in seen or not Visit.objects.visible_to(town.users["dispatcher"]).exists()


def test_what_a_campaign_finds_has_a_source_of_its_own(town: Town, enter: Any) -> None:
    campaign = opened(town.community, grids=[town.grid], name="燃气软管排查")
    door, client = door_of(campaign, town.households[0]), enter("grid_head")
    form = client.get(f"/cases/new/?grid={town.grid.pk}&door={door.pk}").context["form"]
    assert form["source"].value() == "campaign"
    assert _report(client, town, door=door.pk, source="campaign").status_code == 302
    assert [row.case.case_no for row in client.get("/cases/?source=campaign").context["rows"]] == [
        Case.objects.get().case_no
    ]
    assert "专项排查" in client.get("/cases/").content.decode()
    assert Case.objects.get().source in TEAM_SOURCES


def test_from_the_door_of_a_campaign_and_back(town: Town, enter: Any) -> None:
    campaign = opened(town.community, grids=[town.grid], name="燃气软管排查")
    door, client = door_of(campaign, town.households[0]), enter("grid_head")
    address = reverse("residents:campaign_door", args=[campaign.pk, door.pk])
    assert f"door={door.pk}" in client.get(address).content.decode()
    assert _report(client, town, door=door.pk).status_code == 302
    case = Case.objects.get()
    assert case.origin.door == door
    assert case.case_no in client.get(address).content.decode()
    detail = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert address in detail and "燃气软管排查" in detail
    looking = enter("street_admin").get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert address not in looking, "whoever may not walk there gets no link"


def test_somebody_elses_visit_or_another_grids_is_not_kept(town: Town, enter: Any) -> None:
    visit = _visit(town)
    client = enter("other_grid_head")
    grid = Grid.objects.visible_to(town.users["other_grid_head"])[0]
    form = {"grid": grid.pk, "category": _category(client), "text": "别处的走访",
            "source": "visit", "visit": visit.pk}  # fmt: skip
    assert client.post(reverse("cases:report"), form).status_code == 400
    assert not Case.objects.exists() and not CaseOrigin.objects.exists()
