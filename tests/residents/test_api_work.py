"""/api/v1/campaigns/, /corridor-heads/ and /needs/: scope, figures, masking, filters."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from residents.models import Campaign, LinkedHousehold, Need
from residents.services import create_need
from tests.residents.heads import serve
from tests.residents.rounds import door_of, draft, knock, opened
from tests.town import LONG_AGO, Town, make_household

READERS = ("street_admin", "community_staff", "grid_head")


@pytest.fixture
def enter(town: Town) -> Any:
    def as_(who: str) -> APIClient:
        client = APIClient()
        client.force_authenticate(town.users[who])
        return client

    return as_


def results(client: APIClient, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/api/v1/{path}").json()["results"]
    return found


# ---- campaigns ----


def test_figures_count_the_doors_one_sees(town: Town, enter: Any) -> None:
    campaign = opened(town.community)
    knock(door_of(campaign, town.households[0]))
    whole = results(enter("community_staff"), "campaigns/")[0]["figures"]
    part = results(enter("grid_head"), "campaigns/")[0]["figures"]
    assert (whole["total"], whole["visited"], whole["todo"]) == (3, 1, 2)
    assert (part["total"], part["visited"]) == (2, 1)
    one = enter("grid_head").get(f"/api/v1/campaigns/{campaign.pk}/").json()
    assert one["figures"] == part
    buildings = enter("grid_head").get(f"/api/v1/campaigns/{campaign.pk}/buildings/").json()
    assert [(row["building"], row["total"]) for row in buildings] == [(town.building.pk, 2)]


def test_campaigns_follow_scope_and_hide_drafts(town: Town, enter: Any) -> None:
    campaign = opened(town.community)
    draft(town.community, name="草稿")
    assert len(results(enter("community_staff"), "campaigns/")) == 2
    assert len(results(enter("community_staff"), "campaigns/?state=open")) == 1
    assert len(results(enter("grid_head"), "campaigns/")) == 1
    stranger = enter("other_street_admin")
    assert results(stranger, "campaigns/") == []
    for path in ("", "buildings/"):
        assert stranger.get(f"/api/v1/campaigns/{campaign.pk}/{path}").status_code == 404
    assert enter("volunteer").get("/api/v1/campaigns/").status_code == 403


# ---- corridor heads ----


def test_heads_come_with_their_load(town: Town, enter: Any) -> None:
    home = town.households[1]
    head = serve(home, "赵红")
    LinkedHousehold.objects.create(head=head.person, household=home, start=LONG_AGO)
    for who in READERS:
        (row,) = results(enter(who), "corridor-heads/?state=serving")
        assert (row["name"], row["households"], row["grid"]) == ("赵红", 1, town.grid.pk)
    assert enter("other_street_admin").get(f"/api/v1/corridor-heads/{head.pk}/").status_code == 404
    assert "16900000001" not in enter("grid_head").get("/api/v1/corridor-heads/").content.decode()


# ---- needs ----


def test_needs_are_for_those_who_see_the_care_library(town: Town, enter: Any) -> None:
    need = create_need(
        household=town.households[0], kind="repair", text="扶手松了，电话 16900001234",
        source="visit", privacy="staff", by=town.users["community_staff"],
    )  # fmt: skip
    (row,) = results(enter("grid_head"), f"needs/?grid={town.grid.pk}&status=draft")
    assert row["text"] == "扶手松了，电话 169****1234"
    assert enter("sister_grid_head").get(f"/api/v1/needs/{need.pk}/").status_code == 404
    assert enter("dispatcher").get("/api/v1/needs/").status_code == 403
    assert results(enter("grid_head"), f"needs/?grid={town.sister_grid.pk}") == []
    assert enter("grid_head").get("/api/v1/needs/?status=nonsense").status_code == 400
    assert not Need.objects.exclude(pk=need.pk).exists()


@pytest.mark.parametrize("path", ["campaigns/", "corridor-heads/", "needs/"])
def test_more_rows_ask_no_more(town: Town, enter: Any, path: str) -> None:
    def fill(number: int) -> None:
        home = make_household(town.building, f"9{number:02d}")
        serve(home, f"楼长{number}")
        create_need(household=home, kind="repair", text="修灯", source="visit", by=None)
        opened(town.community, name=f"排查{number}")

    client = enter("community_staff")
    fill(1)
    with CaptureQueriesContext(connection) as few:
        client.get(f"/api/v1/{path}")
    for number in range(2, 6):
        fill(number)
    with CaptureQueriesContext(connection) as many:
        assert len(results(client, path)) == 5
    assert len(many) <= len(few)
    assert Campaign.objects.open().filter(ends_on__gte=timezone.localdate()).count() == 5
