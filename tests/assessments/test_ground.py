"""The map coloured by a rate or by the score: the list beside it says the same as the list behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils import timezone

from assessments.ground import _targets
from assessments.indicators import RATES
from assessments.models import AssessmentScheme, QuarterAssessment, SchemeItem
from cases.models import Case
from gridparty.lib.periods import Quarter
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


def test_each_grid_shows_its_own_newest_published_score(
    town: Town, drafts: Any, enter: Callable[[str], Client]
) -> None:
    def shade() -> Any:
        page = enter("street_admin").get("/grids/map/?layer=score")
        return {row["grid"].pk: row["shade"] for row in page.context["rows"]}.get(town.grid.pk)

    other = next(row for row in drafts.values() if row.grid_id != town.grid.pk)
    row = QuarterAssessment.objects.filter(grid=town.grid)
    row.update(status="final", total=95, grade="excellent")
    QuarterAssessment.objects.filter(pk=other.pk).update(status="final", quarter="2026Q4")
    assert (shade().level, "95 分，优秀" in shade().text) == ("green", True)
    row.update(total=0, grade="fail")
    assert (shade().level, " 0 分，不合格" in shade().text) == ("red", True)


def test_a_scheme_not_yet_in_force_sets_no_target(town: Town) -> None:
    quarter, one = Quarter(2026, 4), RATES["on_time_rate"]
    AssessmentScheme.objects.all().delete()
    for kind, day, target in (
        ("residential", "2026-01-01", 80), ("residential", "2027-01-01", 99), ("exclusive", "2026-02-01", 60),
    ):  # fmt: skip
        made = AssessmentScheme.objects.create(
            name="t", version=day, grid_kind=kind, valid_from=day
        )
        SchemeItem.objects.create(
            scheme=made, part="grid_work", indicator=one.code, full=5, target=target, slope=1
        )
    assert _targets(one, quarter) == {"residential": 80, "exclusive": 60}
