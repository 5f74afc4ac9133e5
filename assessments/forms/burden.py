"""减负账: what each duty costs a grid in a month, from the forms and from what was really entered.

A duty names the forms it is done with and counts, per grid, how often it was done. Times are rows of
the tables; minutes are the recorded ones where a row keeps them, else estimated by `formcost.RULE`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Min, Sum
from django.forms import Form

from assessments.fairness import of_grid_q
from assessments.formcost import Cost, cost_of, mean_cost
from assessments.forms.quarters import NoteForm, ScoreForm
from assessments.models import AssessmentStep
from cases.forms.report import ReportForm
from cases.models import Case, CaseEvent
from cases.table import Kind
from cases.workflow import BY_NAME
from councils.forms.minutes import MinutesForm
from councils.meetingflow import TAKEN_PLACE
from councils.models import Meeting
from gridparty.lib.periods import Month
from partybuilding.forms.five import RecordForm
from partybuilding.forms.means import PatrolForm
from partybuilding.models import BoardItem, Patrol
from residents.campaigns.questions import seconds_a_door
from residents.forms.care import CareTagForm, NeedForm
from residents.forms.events import BirthForm, EndForm, MoveInForm
from residents.forms.visits import VisitForm
from residents.models import Campaign, CampaignVisit, CareTag, LifeEvent, Need, Visit

STEPS = ("accept", "self_handle", "contact", "call_up", "verify_pass", "verify_fail")


@dataclass(frozen=True)
class Done:
    """How often a grid did it, and the seconds: recorded by the rows, or estimated."""

    times: int = 0
    seconds: float = 0
    recorded: bool = False


@dataclass(frozen=True)
class Duty:
    """`done(month, cost, where)` returns {grid: Done} of the grids in `where`, a queryset of their ids;
    `forms` are what it is filled in with."""

    code: str
    label: str
    who: str
    cost: Cost
    done: Callable[[Month, Cost, Any], dict[int, Done]]
    forms: tuple[type[Form], ...] = ()


DUTIES: dict[str, Duty] = {}
Counting = Callable[[Month, Cost, Any], dict[int, Done]]


def duty(
    code: str, label: str, *, who: str, forms: Iterable[type[Form]] = (), cost: Cost | None = None
) -> Callable[[Counting], Counting]:  # fmt: skip
    """Register the decorated function as how often a duty is done."""

    def register(done: Counting) -> Counting:
        filled = tuple(forms)
        known = cost if cost is not None else mean_cost(map(cost_of, filled))
        DUTIES[code] = Duty(code, label, who, known, done, filled)
        return done

    return register


def _times(rows: Any, grid: str, cost: Cost, where: Any) -> dict[int, Done]:
    counted = rows.order_by().filter(**{f"{grid}__in": where}).values_list(grid)
    return {
        key: Done(many, many * cost.seconds) for key, many in counted.annotate(many=Count("pk"))
    }


def _between(column: str, month: Month) -> dict[str, Any]:
    return {f"{column}__gte": month.start, f"{column}__lt": month.end}


def _days(column: str, month: Month) -> dict[str, Any]:
    return {f"{column}__gte": month.first_day, f"{column}__lt": month.end_day}


def cost_of_moves(names: Iterable[str]) -> Cost:
    """Return the mean cost of moves of a case, from the table's inputs."""
    weights = {
        Kind.TEXT: (15, 1), Kind.CHOICE: (6, 2), Kind.FLAG: (2, 1), Kind.MOMENT: (8, 1),
        Kind.NUMBER: (8, 1),
    }  # fmt: skip
    costs = []
    for name in names:
        cost = Cost()
        for need in BY_NAME[name].needs:
            seconds, taps = weights.get(need.kind, (6, 2))
            cost = cost.with_field(seconds, taps, required=need.required)
        if BY_NAME[name].photos is not None:
            cost = cost.with_field(20, 3, required=bool(BY_NAME[name].photos))
        costs.append(cost)
    return mean_cost(costs)


def _events(month: Month) -> Any:
    """What the grids' people did with cases in the month; nothing is written before it happened."""
    return CaseEvent.objects.filter(
        of_grid_q("actor"), recorded_at__gte=month.start, **_between("at", month)
    )


@duty("report", "事项上报", who="网格员、楼道长", forms=(ReportForm,))
def _reports(month: Month, cost: Cost, where: Any) -> dict[int, Done]:
    rows = Case.objects.filter(of_grid_q("reporter_user"), **_between("created_at", month))
    return _times(rows, "grid", cost, where)


@duty("feedback", "事项反馈办结", who="网格员", cost=cost_of_moves(["feedback"]))
def _feedback(month: Month, cost: Cost, where: Any) -> dict[int, Done]:
    rows = _events(month).filter(move="feedback")
    return _times(rows, "case__grid", cost, where)


@duty("steps", "事项核实、联系、核查", who="网格长", cost=cost_of_moves(STEPS))
def _steps(month: Month, cost: Cost, where: Any) -> dict[int, Done]:
    rows = _events(month).filter(move__in=STEPS)
    return _times(rows, "case__grid", cost, where)


@duty("visit", "入户走访登记", who="网格员", forms=(VisitForm,))
def _visits(month: Month, cost: Cost, where: Any) -> dict[int, Done]:
    return _times(Visit.objects.filter(**_days("day", month)), "household__grid", cost, where)


@duty("life", "人口变动登记", who="网格员、社区", forms=(MoveInForm, EndForm, BirthForm))
def _life(month: Month, cost: Cost, where: Any) -> dict[int, Done]:
    rows = LifeEvent.objects.filter(**_between("entered_at", month)).exclude(by=None)
    return _times(rows, "household__grid", cost, where)


@duty("care", "重点人群登记", who="网格员、社区", forms=(CareTagForm,))
def _care(month: Month, cost: Cost, where: Any) -> dict[int, Done]:
    rows = CareTag.objects.filter(
        person__residencies__end=None, added_by__isnull=False, **_days("start", month)
    )
    # Not a path: that would join the residencies anew, and count former homes too.
    return _times(
        rows.annotate(home=F("person__residencies__household__grid")), "home", cost, where
    )


@duty("need", "需求登记", who="网格员", forms=(NeedForm,))
def _needs(month: Month, cost: Cost, where: Any) -> dict[int, Done]:
    rows = Need.objects.filter(visit=None, **_between("created_at", month)).exclude(created_by=None)
    return _times(rows, "household__grid", cost, where)


@duty("campaign", "专项排查上门", who="网格员、下沉人员", cost=Cost(0, 0, 0, 0))
def _campaigns(month: Month, cost: Cost, where: Any) -> dict[int, Done]:
    """Each round has questions of its own; its time is what was shown before it was opened."""
    rows = CampaignVisit.objects.filter(door__grid__in=where, **_between("at", month)).order_by()
    counted = list(rows.values_list("door__campaign", "door__grid").annotate(many=Count("pk")))
    rounds = Campaign.objects.prefetch_related("questions").in_bulk({key for key, *_ in counted})
    found: dict[int, Done] = {}
    for key, grid, many in counted:
        had = found.get(grid, Done())
        seconds = many * seconds_a_door(rounds[key].questions.all())
        found[grid] = Done(had.times + many, had.seconds + seconds)
    return found


@duty("patrol", "党员巡查登记", who="党员、网格员", forms=(PatrolForm,))
def _patrols(month: Month, cost: Cost, where: Any) -> dict[int, Done]:
    """The minutes of a patrol are written down by whoever made it."""
    made = Patrol.objects.filter(grid__in=where, **_between("at", month))
    rows = made.order_by().values_list("grid")
    return {
        grid: Done(many, minutes * 60, recorded=True)
        for grid, many, minutes in rows.annotate(many=Count("pk"), minutes=Sum("minutes"))
    }


@duty("five", "“五个一”填报", who="支部书记", forms=(RecordForm,))
def _five(month: Month, cost: Cost, where: Any) -> dict[int, Done]:
    """A branch of several grids fills it in once: it stands at the first of them."""
    rows = BoardItem.objects.filter(submitted_by__isnull=False, **_between("first_at", month))
    found: dict[int, int] = defaultdict(int)
    first = rows.order_by().annotate(grid=Min("board__branch__branch_grids"))
    for grid in first.filter(grid__in=where).values_list("grid", flat=True):
        found[grid] += 1
    return {grid: Done(many, many * cost.seconds) for grid, many in found.items()}


@duty("council", "议事会纪要", who="网格长、支部书记", forms=(MinutesForm,))
def _councils(month: Month, cost: Cost, where: Any) -> dict[int, Done]:
    rows = Meeting.objects.filter(status__in=TAKEN_PLACE, **_between("starts_at", month))
    return _times(rows, "council__grid", cost, where)


@duty("self_review", "季度自评", who="网格长", forms=(NoteForm,))
def _self_reviews(month: Month, cost: Cost, where: Any) -> dict[int, Done]:
    rows = AssessmentStep.objects.filter(move="submit", **_between("at", month))
    return _times(rows, "assessment__grid", cost, where)


@dataclass
class Line:
    """A duty in a month over some grids."""

    duty: Duty
    times: int = 0
    seconds: float = 0
    recorded: bool = False
    by_grid: dict[int, Done] = field(default_factory=dict)

    @property
    def hours(self) -> float:
        return round(self.seconds / 3600, 1)


def account(month: Month, grids: Any) -> list[Line]:
    """Return what every duty took in the month in these grids (a queryset): a few queries a duty."""
    lines, where = [], grids.order_by().values("pk")
    for one in DUTIES.values():
        line = Line(one)
        for grid, done in one.done(month, one.cost, where).items():
            line.by_grid[grid] = done
            line.times += done.times
            line.seconds += done.seconds
            line.recorded = line.recorded or done.recorded
        lines.append(line)
    return lines


def minutes_by_grid(lines: Iterable[Line]) -> dict[int, tuple[int, float]]:
    """Return {grid: (times, minutes)} over all duties."""
    found: dict[int, tuple[int, float]] = defaultdict(lambda: (0, 0.0))
    for line in lines:
        for grid, done in line.by_grid.items():
            times, minutes = found[grid]
            found[grid] = (times + done.times, minutes + done.seconds / 60)
    return dict(found)


def scheme_hours(by_hand: int, grids: int) -> int:
    """Return the whole hours a year a scheme's items by hand cost: four quarters, each grid once."""
    return -(-int(4 * by_hand * grids * cost_of(ScoreForm).seconds) // 3600)
