"""The demonstration's rounds and cadres: one over, one under way, who was sent sees it."""

from typing import Any

import pytest
from django.test import Client

from gridparty.demo.world import World
from residents.campaigns.states import State
from residents.models import Campaign, CampaignVisit, Deployment
from residents.services.rounds import sweep_campaigns
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db


def test_one_round_is_over_and_one_under_way(demo: World) -> None:
    over, running = Campaign.objects.order_by("pk")
    assert (over.state, running.state) == (State.CLOSED, State.OPEN)
    done = over.doors.figures()
    assert done["todo"] < done["total"] / 5
    half = running.doors.figures()
    assert 0 < half["visited"] < half["total"]
    assert half["exceptions"] + done["exceptions"] > 0
    assert running.doors.filter(status="visited", filled=None).count() == 0
    assert CampaignVisit.objects.filter(at__gt=NOW).count() == 0


def test_nothing_of_it_is_due(demo: World) -> None:
    assert sweep_campaigns(NOW) == {"closed": 0, "added": 0, "purged": 0}


def test_cadres_are_in_the_grids_of_haiheng(demo: World) -> None:
    today = demo.setting.today
    sent = Deployment.objects.in_force(today)
    assert sent.heads() == 24
    assert set(sent.values_list("grid__street__division_code", flat=True)) == {"340177405"}


def test_the_cast_opens_the_pages(demo: World) -> None:
    running = Campaign.objects.get(state=State.OPEN)
    for who, todo in (("grid_worker", True), ("partner_unit", True), ("community_staff", True)):
        client: Any = Client()
        client.force_login(demo.users[who])
        assert client.get(f"/residents/campaigns/{running.pk}/").status_code == 200, who
        todos = client.get("/").context["todos"]
        assert any(running.name in one.sentence for one in todos) == todo, who
