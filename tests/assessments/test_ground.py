"""The map coloured by a rate or by the score: the list beside it says the same as the list behind."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from assessments.indicators import RATES
from cases.models import Case
from tests.town import Town


def test_the_map_is_coloured_by_a_rate_and_each_colour_opens_its_list(
    busy: Town, enter: Callable[[str], Client]
) -> None:
    now = timezone.now()
    Case.objects.filter(grid=busy.grid).update(due_at=now, fed_back_at=now, verified_at=now)
    client = enter("street_admin")
    page = client.get("/grids/map/?layer=on_time_rate")
    assert page.status_code == 200
    shades = {row["grid"].pk: row["shade"] for row in page.context["rows"]}
    own = shades[busy.grid.pk]
    assert own.level == "green" and "按期办结率 100.00%" in own.text
    listed = client.get(own.url)
    assert f"（{listed.context['hit']}/{listed.context['total']}）" in own.text
    assert next(one["level"] for one in page.context["legend"]) == "green"
    choices = dict(page.context["form"].fields["layer"].choices)
    assert {"score", *RATES} <= set(choices)
    for layer in ("score", "rework_rate"):
        assert client.get(f"/grids/map/?layer={layer}").status_code == 200
