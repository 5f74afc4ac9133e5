"""Other apps add panels to a household's page; they show in order, and None shows nothing."""

from typing import Any

import pytest
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from residents import panels
from residents.panels import Panel, household_panel, panels_of_household
from tests.town import Town


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    autodiscover_modules("panels")  # once; those of the apps stay out of this test
    monkeypatch.setattr(panels, "_of_households", [])

    @household_panel(30)
    def last(household: Any, user: Any, day: Any) -> Panel | None:
        return Panel("components/empty.html", {"who": user.pk})

    @household_panel(10)
    def first(household: Any, user: Any, day: Any) -> Panel | None:
        return Panel("components/messages.html")

    @household_panel(20)
    def hidden(household: Any, user: Any, day: Any) -> Panel | None:
        return None


@pytest.mark.usefixtures("registered")
def test_panels_come_in_order_and_may_decline(town: Town, enter: Any) -> None:
    user = town.users["grid_head"]
    shown = panels_of_household(town.households[0], user, timezone.localdate())
    assert [panel.template for panel in shown] == [
        "components/messages.html",
        "components/empty.html",
    ]
    assert shown[1].facts == {"who": user.pk}
    page = enter("grid_head").get(f"/residents/{town.households[0].pk}/")
    assert len(page.context["panels"]) == 2
