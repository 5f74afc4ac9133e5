"""Indicators whose rows are no cases: teams, register, care, needs, heads, councils, branches.

Same registry, same rule: what counts is a queryset, so that a score leads to its list. Where a row
keeps no date of its own for a duty done, the state at the cut-off counts, and publicity freezes it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.urls import reverse

from assessments.fairness import of_grid_q
from assessments.indicators import Rows, indicator
from councils.meetingflow import TAKEN_PLACE, MeetingStatus
from councils.models import Meeting
from gridparty.lib.china_time import local_date
from gridparty.lib.periods import Period
from grids.models import Grid, GridTeamMember
from partybuilding.models import BoardItem, CheckIn
from partybuilding.workflow import ItemStatus
from residents.models import (
    CareTag,
    CorridorHead,
    HeadContact,
    Household,
    LifeEvent,
    LinkedHousehold,
    Need,
    Visit,
    VisitCheck,
)
from residents.needflow import NeedStatus
from residents.tasklist import care_homes, times_a_year
from residents.visit_rules import HomeClass, interval_days
from volunteers.models import Claim
from volunteers.workflow import ClaimStatus

PROMPT_DAYS = 7
# Who lived somewhere so long did live there: a short let is no entry taken back.
SHORT_STAY = timedelta(days=30)
KEPT_CLAIMS = (ClaimStatus.LIVE, ClaimStatus.DONE)
ARRIVALS = (LifeEvent.Kind.MOVED_IN, LifeEvent.Kind.BIRTH)
DEPARTURES = (LifeEvent.Kind.MOVED_OUT, LifeEvent.Kind.DEATH)
HOME = {
    "grid": "household__grid_id", "community": "household__community_id",
    "street": "household__street_id",
}  # fmt: skip
OWN = {"grid": "grid_id", "community": "community_id", "street": "street_id"}


def _last_day(period: Period, now: datetime) -> Any:
    """Return the day whose state counts: the last of the period, or today while it runs."""
    return min(period.end_day - timedelta(days=1), local_date(now))


@indicator(
    "five_rate",
    "五个一完成率",
    "按时完成并经社区确认的事项 ÷ 本期应完成的“五个一”事项",
    of_cases=False,
)
def five_rate(period: Period, now: datetime) -> Rows:
    # A branch answers for several grids: each of them carries its branch's rate.
    owed = BoardItem.objects.filter(
        board__month__gte=period.first_day, board__month__lt=period.end_day
    ).select_related("board__branch")
    done = Q(status=ItemStatus.CONFIRMED, late=False, confirmed_at__lte=now)
    columns = {
        "grid": "board__branch__branch_grids", "branch": "board__branch_id",
        "community": "board__community_id", "street": "board__street_id",
    }  # fmt: skip
    return Rows(owed, done, columns=columns, tell=_five)


def _five(item: Any) -> tuple[str, str]:
    return f"{item.board.label} {item}", reverse("partybuilding:board", args=[item.board_id])


@indicator("team_rate", "网格队伍齐配率", "人员配齐的必设岗位 ÷ 网格队伍的必设岗位", of_cases=False)
def team_rate(period: Period, now: datetime) -> Rows:
    day = _last_day(period, now)
    slots = "team_template__slots"
    serving = (
        GridTeamMember.objects.filter(slot=OuterRef(slots), grid=OuterRef("pk"), start__lte=day)
        .exclude(end__lt=day)
        .order_by()
        .values("slot")
        .annotate(many=Count("pk"))
        .values("many")
    )
    # A row is a grid with one slot of its template.
    asked = Grid.objects.filter(**{f"{slots}__minimum__gt": 0}).annotate(
        slot_name=F(f"{slots}__name"),
        minimum=F(f"{slots}__minimum"),
        filled=Coalesce(Subquery(serving, output_field=IntegerField()), 0),
    )
    columns = {"grid": "pk", "community": "community_id", "street": "street_id"}
    return Rows(asked, Q(filled__gte=F("minimum")), columns=columns, tell=_slot)


def _slot(grid: Any) -> tuple[str, str]:
    return f"{grid.slot_name}：应 {grid.minimum} 人，实 {grid.filled} 人", reverse(
        "grids:detail", args=[grid.pk]
    )


@indicator(
    "prompt_rate", "信息更新及时率",
    f"发生后 {PROMPT_DAYS} 天内登记的迁入、迁出、出生、死亡 ÷ 本期这类变动（{SHORT_STAY.days} 天内又改回来的及时登记不计）",
    of_cases=False,
)  # fmt: skip
def prompt_rate(period: Period, now: datetime) -> Rows:
    """Comings and goings only: changing the head of a household to and fro proves nothing."""
    prompt = Q(delay_days__lte=PROMPT_DAYS)
    known = LifeEvent.objects.filter(
        occurred_on__gte=period.first_day, occurred_on__lt=period.end_day, entered_at__lte=now
    )
    same = known.filter(
        person=OuterRef("person"), household=OuterRef("household"),
        occurred_on__gt=OuterRef("occurred_on") - SHORT_STAY,
        occurred_on__lt=OuterRef("occurred_on") + SHORT_STAY,
    ).order_by()  # fmt: skip
    taken_back = Q(kind__in=ARRIVALS) & Q(Exists(same.filter(kind__in=DEPARTURES))) | Q(
        kind__in=DEPARTURES
    ) & Q(Exists(same.filter(kind__in=ARRIVALS)))
    # A late one stays, whatever was entered after it.
    changes = (
        known.filter(kind__in=(*ARRIVALS, *DEPARTURES))
        .exclude(prompt & taken_back)
        .select_related("household__building__compound", "household__entrance")
    )
    return Rows(changes, prompt, columns=HOME, tell=_event)


def _event(event: Any) -> tuple[str, str]:
    words = f"{event.household} {event.get_kind_display()}，{event.delay_days} 天后登记"
    return words, reverse("residents:household", args=[event.household_id])


@indicator(
    "visit_rate",
    "入户走访覆盖率",
    "本期走访到的住户 ÷ 按走访频次本期应走访的住户（抽查不属实的走访不算）",
    of_cases=False,
)
def visit_rate(period: Period, now: datetime) -> Rows:
    """A home is owed a visit when its last one before the period is too old by the period's end."""
    day = _last_day(period, now)
    times = times_a_year()
    # What the call-back found untrue was no visit.
    visits = (
        Visit.objects.reached()
        .exclude(check_back__result=VisitCheck.Result.FALSE)
        .filter(household=OuterRef("pk"))
        .order_by()
    )
    before = visits.filter(day__lt=period.first_day).values("household")
    homes = (
        Household.objects.open()
        .exclude(occupancy=Household.Occupancy.VACANT)
        .annotate(
            last_before=Subquery(before.annotate(last=Max("day")).values("last")),
            is_care=Exists(care_homes()),
            seen=Exists(visits.filter(day__gte=period.first_day, day__lte=day)),
        )
    )
    rented = Q(occupancy=Household.Occupancy.RENTED)

    def owed(home_class: HomeClass) -> Q:
        limit = period.end_day - timedelta(days=interval_days(times[home_class]))
        return Q(last_before=None) | Q(last_before__lte=limit)

    due = homes.filter(
        Q(is_care=True) & owed(HomeClass.CARE)
        | Q(is_care=False) & rented & owed(HomeClass.RENTED)
        | Q(is_care=False) & ~rented & owed(HomeClass.ORDINARY)
    ).select_related("building__compound", "entrance")
    return Rows(due, Q(seen=True), columns=OWN, tell=_home)


def _home(home: Any) -> tuple[str, str]:
    return str(home), reverse("residents:household", args=[home.pk])


@indicator(
    "checkin_rate",
    "党员报到参与率",
    "本期有志愿服务工时的报到党员 ÷ 在岗服务的报到党员",
    of_cases=False,
)
def checkin_rate(period: Period, now: datetime) -> Rows:
    serving = CheckIn.objects.serving().filter(accepted_at__lt=period.end)
    rows = serving.with_hours(period.first_day, period.end_day).select_related("person", "unit")
    return Rows(rows, Q(hours__gt=0), columns=OWN, tell=_check_in)


def _check_in(one: Any) -> tuple[str, str]:
    return f"{one.person.name}（{one.unit}），本期 {one.hours:g} 小时", reverse(
        "partybuilding:checkin", args=[one.pk]
    )


@indicator(
    "council_rate", "议事会议召开率", "已召开的议事会议 ÷ 本期应召开的议事会议", of_cases=False
)
def council_rate(period: Period, now: datetime) -> Rows:
    owed = (
        Meeting.objects.filter(due_by__gte=period.first_day, due_by__lt=period.end_day)
        .exclude(status=MeetingStatus.CANCELLED)
        .select_related("council")
    )
    columns = {
        "grid": "council__grid_id", "community": "council__community_id",
        "street": "council__street_id",
    }  # fmt: skip
    held = Q(status__in=TAKEN_PLACE, starts_at__lte=now)
    return Rows(owed, held, columns=columns, tell=_meeting)


def _meeting(meeting: Any) -> tuple[str, str]:
    return f"{meeting.council} {meeting}", reverse("councils:meeting", args=[meeting.pk])


def at_home() -> dict[str, F]:
    """Return annotations home_grid, home_community, home_street of the residency already joined.

    A filter on person__residencies… of its own would join anew, and find former homes.
    """
    return {
        f"home_{name}": F(f"person__residencies__household__{key}") for name, key in OWN.items()
    }


@indicator(
    "care_rate", "重点人群服务率",
    "走访没有逾期的重点人群 ÷ 重点人群（网格人员登记、还没有别人复核的不计）", of_cases=False,
)  # fmt: skip
def care_rate(period: Period, now: datetime) -> Rows:
    day = _last_day(period, now)
    cared = (
        CareTag.objects.filter(start__lte=day, kind__is_active=True, person__residencies__end=None)
        .exclude(end__lte=day)
        .exclude(of_grid_q("added_by") & Q(reviewer=None))
        .annotate(**at_home())
        .select_related("person", "kind")
    )
    columns = {name: f"home_{name}" for name in OWN}
    return Rows(cared, Q(due_on__gte=day), columns=columns, tell=_care)


def _care(tag: Any) -> tuple[str, str]:
    due = f"应访 {tag.due_on:%Y-%m-%d}" if tag.due_on else "没有应访日期"
    return f"{tag.person.name} {tag.kind}，{due}", reverse("residents:person", args=[tag.person_id])


@indicator(
    "needs_rate", "需求满足率",
    "已满足的需求 ÷ 期望时间在本期的需求（网格自己登记、没有人认领过的不计，不论办没办）", of_cases=False,
)  # fmt: skip
def needs_rate(period: Period, now: datetime) -> Rows:
    # Somebody else kept his word: a unit or a team, not the keeper of the list. What nobody took over
    # stays out whether it was met or not, or only its misses would count.
    taken = Claim.objects.filter(need=OuterRef("pk"), status__in=KEPT_CLAIMS).order_by()
    wanted = (
        Need.objects.filter(wanted_by__gte=period.first_day, wanted_by__lt=period.end_day)
        .exclude(status__in=(NeedStatus.DRAFT, NeedStatus.WITHDRAWN))
        .exclude(of_grid_q("created_by") & ~Q(Exists(taken)))
        .select_related("household__building__compound", "household__entrance")
    )
    met = Q(status__in=(NeedStatus.MET, NeedStatus.EVALUATED))
    return Rows(wanted, met, columns=HOME, tell=_need)


def _need(need: Any) -> tuple[str, str]:
    words = f"{need.household} {need.get_kind_display()}，{need.get_status_display()}"
    return words, reverse("residents:household", args=[need.household_id])


@indicator("head_rate", "红色楼道长履职率", "每户都联系过的红色楼道长 ÷ 在任楼道长", of_cases=False)
def head_rate(period: Period, now: datetime) -> Rows:
    day = _last_day(period, now)
    links = LinkedHousehold.objects.filter(
        head=OuterRef("person"), temporary=False, start__lte=day
    ).exclude(end__lt=day)
    reached = HeadContact.objects.filter(
        head__person=OuterRef("head"), household=OuterRef("household"),
        on__gte=period.first_day, on__lte=day,
    )  # fmt: skip
    # Whoever has no household of his own yet has no duty to fail in.
    heads = CorridorHead.objects.in_duty(day).filter(Exists(links)).select_related("person")
    return Rows(heads, ~Exists(links.exclude(Exists(reached))), columns=OWN, tell=_head)  # type: ignore[arg-type]


def _head(head: Any) -> tuple[str, str]:
    return f"{head.person.name}（{head.where or head.person.name}）", reverse(
        "residents:head", args=[head.pk]
    )


def rows_of_grid(rows: Rows, grid: Grid) -> Any:
    """Return the rows that count for one grid."""
    return rows.queryset.filter(**{rows.column("grid"): grid.pk})


def judged(rows: Rows) -> Coalesce:
    """Return whether a row is a hit: of the row itself, for one grid may be several rows."""
    hit = ExpressionWrapper(rows.hits, output_field=BooleanField())
    return Coalesce(hit, Value(False))
