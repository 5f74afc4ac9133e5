"""What the map and a grid's page show of scores: grids coloured by a rate or by the quarter's score."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from assessments.indicators import RATES, Indicator
from assessments.models import QuarterAssessment, SchemeItem
from assessments.scoring import MIN_SAMPLE, Grade, plain, rate_percent
from assessments.workflow import FROZEN
from cases.models import Case
from gridparty.lib.periods import Quarter
from grids.ground import GridPanel, Shade, grid_panel, map_layer
from grids.models import Grid
from grids.querysets import GridQuerySet
from orgs.roles import SEES, VIEW, Noun
from orgs.scope import can

# Where no scheme names a target; a rate so many points from it is yellow, further off red.
USUAL, USUAL_LOW, NEAR = 90, 5, 10
LEVELS = {Grade.EXCELLENT: "green", Grade.GOOD: "blue", Grade.PASS: "yellow", Grade.FAIL: "red"}
Shading = Callable[[GridQuerySet, Any], dict[int, Shade]]


def _sees_rates(user: Any) -> bool:
    return can(user, Noun.CASE, VIEW) and can(user, Noun.ASSESSMENT, VIEW)


def _sees_scores(user: Any) -> bool:
    return can(user, Noun.ASSESSMENT, SEES)


@map_layer("score", "最近公示的考核", shown_to=_sees_scores)
def by_score(grids: GridQuerySet, user: Any) -> dict[int, Shade]:
    """The grade of each grid's own newest published quarter; what had too few samples has none."""
    seen = QuarterAssessment.objects.visible_to(user).filter(status__in=FROZEN)
    later = seen.filter(grid=OuterRef("grid"), quarter__gt=OuterRef("quarter"))
    found = {}
    for row in seen.filter(~Exists(later), grid__in=grids.values("pk")):
        words = "没有总分" if row.total is None else f"{plain(row.total)} 分"
        url = reverse("assessments:quarter_detail", args=[row.pk])
        label = row.get_grade_display() or "样本不足"
        level = LEVELS[Grade(row.grade)] if row.grade else "grey"
        words = f"{Quarter.parse(row.quarter).label} {words}，{label}"
        found[row.grid_id] = Shade(level, words, url, label)
    return found


def _by_rate(one: Indicator) -> Shading:
    def shade(grids: GridQuerySet, user: Any) -> dict[int, Shade]:
        """This quarter's rate against the target of the grid's kind in force: three queries."""
        now = timezone.now()
        quarter = Quarter.of(now)
        targets = _targets(one, quarter)
        usual = USUAL_LOW if one.lower_is_better else USUAL
        kinds = dict(grids.order_by().values_list("pk", "kind"))
        cases = Case.objects.visible_to(user).filter(grid__in=grids.values("pk"))
        found = {}
        for pk, (hit, total) in one.by("grid", quarter, now, cases).items():
            url = f"{reverse('assessments:rate_rows', args=[one.code])}?month={quarter}&grid={pk}"
            found[pk] = _shade(one, hit, total, targets.get(kinds[pk], usual), url)
        return found

    return shade


def _targets(one: Indicator, quarter: Quarter) -> dict[str, int]:
    """Return the target by kind of grid, of the schemes in force when the quarter began."""
    rows = SchemeItem.objects.filter(
        indicator=one.code, full__gt=0, scheme__valid_from__lte=quarter.first_day
    ).order_by("scheme__valid_from", "scheme")
    return {kind: int(target) for kind, target in rows.values_list("scheme__grid_kind", "target")}


def _shade(one: Indicator, hit: int, total: int, target: int, url: str) -> Shade:
    words = f"{one.name} {rate_percent(hit, total)}%（{hit}/{total}）"
    if total < MIN_SAMPLE:
        return Shade("grey", f"{words}，样本不足", url, f"不足 {MIN_SAMPLE} 件")
    missed = hit * 100 / total - target if one.lower_is_better else target - hit * 100 / total
    side = "不高于" if one.lower_is_better else "达到"
    if missed <= 0:
        return Shade("green", words, url, f"{side} {target}%")
    if missed <= NEAR:
        return Shade("yellow", words, url, f"离 {target}% 不到 {NEAR} 个百分点")
    return Shade("red", words, url, f"离 {target}% 超过 {NEAR} 个百分点")


for _one in RATES.values():
    map_layer(_one.code, f"本季{_one.name}", shown_to=_sees_rates)(_by_rate(_one))


@grid_panel
def reports_of_grid(grid: Grid, user: Any) -> GridPanel | None:
    """The way to the grid's 一表通, for who may see it."""
    if not can(user, Noun.ASSESSMENT, SEES):
        return None
    if not Grid.objects.where_may(user, Noun.ASSESSMENT, SEES).filter(pk=grid.pk).exists():
        return None
    return GridPanel("assessments/grid_panel.html", {"grid": grid})
