"""Voluntary work done and to come: activities of the report's kinds, who came, hours and points.

XC-23 counts 政策宣传, 清洁环境 and 帮扶走访 as 760, 580 and 1,200 over a city; one street of it shows
a tenth. HH-23 counts 175 services of 海恒's six teams.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from gridparty.demo.officehours import at
from gridparty.demo.photos import draw_photos
from gridparty.demo.shapes import DEMO_COMMUNITY, HUANGSHAN, XUANCHENG
from gridparty.demo.volunteering import Helpers
from gridparty.demo.world import World
from gridparty.lib.china_time import local_date
from grids.models import Grid
from orgs import sealedfiles
from orgs.models import Unit
from residents.models import Residency
from volunteers.asking import helpers_in, slot_of
from volunteers.catalog import ActivityKind, Side
from volunteers.credit import credit
from volunteers.matching import why
from volunteers.matching.reasons import as_rows
from volunteers.models import (
    Activity,
    ActivityPhoto,
    Ask,
    Evaluation,
    Hours,
    HoursDay,
    PointsEntry,
    Project,
    Served,
    Shift,
    SignUp,
    Step,
    Team,
    Volunteer,
)
from volunteers.services.asking import start_asking
from volunteers.services.places import columns_of
from volunteers.workflow import ActivityStatus, HoursStatus, ProjectStatus, SignUpStatus

SERVICES = 175  # HH-23
STREET = ((ActivityKind.POLICY, 76), (ActivityKind.CLEAN, 58), (ActivityKind.AID, 120))
UNIONS = 30
_TITLES = {
    ActivityKind.POLICY: ("惠民政策进楼栋", "医保参保宣讲", "反诈宣传入户"),
    ActivityKind.CLEAN: ("楼道杂物清理", "背街小巷大扫除", "河边捡垃圾"),
    ActivityKind.AID: ("困难家庭走访", "送温暖上门", "独居老人走访"),
    ActivityKind.CARE: ("社区老人日间陪伴", "为老理发", "老人手机课"),
}
_NOTES = (
    "路滑慢行，结伴上门。",
    "穿防滑鞋，戴手套。",
    "注意来往车辆，穿红马甲。",
    "先敲门说明来意，不进卧室。",
)
_TEXTS = ("来得准时，讲得耐心。", "希望每月都来一次。", "老人很高兴。", "做得细，楼道干净多了。")
_HALVES = (time(9), time(14, 30), time(19))


@dataclass
class Plan:
    """A session before it is a row."""

    here: Helpers
    day: date
    kind: ActivityKind
    title: str
    project: Project | None = None
    team: Team | None = None
    unit: Unit | None = None


@dataclass
class Session:
    """An activity with its one shift and who is in it."""

    activity: Activity
    shift: Shift
    people: Sequence[Volunteer] = ()


class Busy:
    """Draws people who are not yet somewhere that day."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._taken: set[tuple[int, date]] = set()

    def draw(self, people: Sequence[Volunteer], day: date, many: int) -> list[Volunteer]:
        free = [one for one in people if (one.pk, day) not in self._taken]
        found = self.rng.sample(free, min(many, len(free)))
        self._taken |= {(one.pk, day) for one in found}
        return found


def hold_sessions(
    world: World, helpers: dict[int, Helpers], projects: Sequence[Project], now: datetime
) -> None:
    """Write what was held over the past ten months and what people can sign up for."""
    rng = world.setting.rng("sessions")
    busy = Busy(rng)
    plans = [
        *_of_projects(world, helpers, projects, rng), *_of_the_street(world, helpers, rng),
        *_of_unions(world, helpers, rng),
    ]  # fmt: skip
    held = _write(plans, busy, rng, now)
    _let_the_volunteer_help(world, held)
    _attend(held, rng, now)
    _look_back(held, rng)
    _photograph(world, held)
    coming = _write(_to_come(world, helpers, projects, rng), busy, rng, now)
    _sign_up(world, coming)
    _invite(world, coming, now)


def _past_day(world: World, rng: Random, spread: int = 300) -> date:
    return world.setting.today - timedelta(days=rng.randint(2, spread))


def _of_projects(
    world: World, helpers: dict[int, Helpers], projects: Sequence[Project], rng: Random
) -> Iterator[Plan]:
    over = (ProjectStatus.RUNNING, ProjectStatus.DONE, ProjectStatus.EVALUATED)
    going = [one for one in projects if one.status in over]
    # One in six has not begun yet: 项目落地率 below 100 %.
    begun = [one for number, one in enumerate(going) if number % 6 != 5]
    for number in range(SERVICES):
        project = begun[number % len(begun)]
        yield Plan(
            helpers[project.community_id], _past_day(world, rng), ActivityKind(project.kind),
            project.name, project, project.lead_team, project.lead_unit,
        )  # fmt: skip


def _of_the_street(world: World, helpers: dict[int, Helpers], rng: Random) -> Iterator[Plan]:
    tree = world.tree(XUANCHENG.key)
    agencies = [unit for name, unit in tree.units.items() if name.startswith("区直机关")]
    for kind, many in STREET:
        for number in range(many):
            here = helpers[tree.communities[number % len(tree.communities)].org.pk]
            yield Plan(
                here, _past_day(world, rng), kind, rng.choice(_TITLES[kind]),
                team=rng.choice(here.teams), unit=agencies[number % len(agencies)],
            )  # fmt: skip


def _of_unions(world: World, helpers: dict[int, Helpers], rng: Random) -> Iterator[Plan]:
    """What 益和, 益乐 and 益善 did with the grids' teams (HS-24, HS-25)."""
    here = helpers[world.tree(HUANGSHAN.key).communities[0].org.pk]
    for number in range(UNIONS):
        team = here.teams[number % len(here.teams)]
        kind = (ActivityKind.CARE, ActivityKind.AID)[number % 2]
        title = rng.choice(_TITLES[kind])
        yield Plan(here, _past_day(world, rng), kind, title, team=team, unit=team.unit)


def _to_come(
    world: World, helpers: dict[int, Helpers], projects: Sequence[Project], rng: Random
) -> list[Plan]:
    running = [one for one in projects if one.status == ProjectStatus.RUNNING]
    demo = [one for one in running if one.community.division_code == DEMO_COMMUNITY]
    chosen = [*demo[:8], *running[12::4]]
    return [
        Plan(
            helpers[one.community_id], world.setting.today + timedelta(days=2 + number),
            ActivityKind(one.kind), one.name, one, one.lead_team, one.lead_unit,
        )
        for number, one in enumerate(chosen)
    ]  # fmt: skip


def _write(plans: Sequence[Plan], busy: Busy, rng: Random, now: datetime) -> list[Session]:
    """Write activities, each with one shift; `people[0]` leads."""
    rows, people, starts = [], [], []
    for plan in plans:
        grids = [facts.grid for facts in plan.here.facts.grids if facts.buildings]
        start = at(plan.day, rng.choice(_HALVES))
        active = [one for one in plan.here.volunteers if one.status == "active"]
        who = busy.draw(active, plan.day, rng.randint(4, 7))
        past = start < now
        starts.append(start)
        rows.append(
            Activity(
                **columns_of(plan.here.facts.org), title=plan.title, kind=plan.kind,
                project=plan.project, team=plan.team, unit=plan.unit, grid=_grid(grids, rng),
                place=f"{plan.here.facts.plan.short}社区党群服务中心集合",
                about=f"{plan.title}，欢迎附近的志愿者参加。", safety_note=rng.choice(_NOTES),
                lead=who[0].person if who else None, minors_welcome=rng.random() < 0.2,
                starts_at=start, ends_at=start + timedelta(hours=2),
                skills=[rng.choice(plan.team.specialities)]
                if plan.team and plan.team.specialities and rng.random() < 0.4 else [],
                status=ActivityStatus.CONFIRMED if past else ActivityStatus.SCHEDULED,
                served_others=rng.randint(8, 60) if past else 0,
                summary="按计划完成，居民反映好。" if past else "",
            )
        )  # fmt: skip
        people.append(who)
    Activity.objects.bulk_create(rows)
    shifts = Shift.objects.bulk_create(
        Shift(
            activity=row, starts_at=start, ends_at=start + timedelta(hours=2),
            capacity=max(len(who), 4) + (3 if number % 3 else 0),
        )
        for number, (row, who, start) in enumerate(zip(rows, people, starts, strict=True))
    )  # fmt: skip
    return [Session(*found) for found in zip(rows, shifts, people, strict=True)]


def _grid(grids: Sequence[Grid], rng: Random) -> Grid:
    return rng.choice(grids)


def _attend(held: Sequence[Session], rng: Random, now: datetime) -> None:
    """Sign people in and out, credit their hours; the newest sessions wait for confirmation."""
    mine = [one for one in held if one.activity.community.division_code == DEMO_COMMUNITY]
    newest = sorted(mine, key=lambda one: one.shift.starts_at)[-4:]
    open_ones = {one.activity.pk for one in newest}
    Activity.objects.filter(pk__in=open_ones).update(status=ActivityStatus.SUBMITTED)
    signups, hours = [], []
    for one in held:
        for number, volunteer in enumerate(one.people):
            missed = number > 2 and rng.random() < 0.06
            came = one.shift.starts_at - timedelta(minutes=rng.randint(0, 12))
            left = one.shift.ends_at + timedelta(minutes=rng.randint(-14, 14))
            signups.append(
                SignUp(
                    shift=one.shift, volunteer=volunteer,
                    status=SignUpStatus.NO_SHOW if missed else SignUpStatus.ATTENDED,
                    in_at=None if missed else came, out_at=None if missed else left,
                    by_roll_call=rng.random() < 0.3,
                    created_at=came - timedelta(days=rng.randint(1, 6)),
                )
            )  # fmt: skip
    SignUp.objects.bulk_create(signups)
    where = {one.shift.pk: one for one in held}
    for signup in signups:
        if signup.in_at is None or signup.out_at is None:
            continue
        one = where[signup.shift_id]
        days = credit(signup.in_at, signup.out_at, planned=timedelta(hours=2), taken={})
        done = one.activity.pk not in open_ones
        row = one.activity
        hours.append(
            Hours(
                district_id=row.district_id, street_id=row.street_id,
                community_id=row.community_id, volunteer_id=signup.volunteer_id, activity=row,
                signup=signup, start=signup.in_at, end=signup.out_at,
                credited=sum(days.values()), leads=row.lead_id == signup.volunteer.person_id,
                status=HoursStatus.CONFIRMED if done else HoursStatus.SUBMITTED,
                decided_at=min(one.shift.ends_at + timedelta(days=2), now) if done else None,
                created_at=one.shift.ends_at + timedelta(hours=1),
            )
        )  # fmt: skip
    Hours.objects.bulk_create(hours)
    HoursDay.objects.bulk_create(
        HoursDay(hours=one, day=local_date(one.start), credited=one.credited) for one in hours
    )
    _earn(hours)
    Step.objects.bulk_create(
        Step(subject="activity", row=one.activity.pk, move=move, at=one.shift.starts_at + ago)
        for one in held
        for move, ago in (
            ("publish", -timedelta(days=6)), ("submit", timedelta(hours=3)),
            ("confirm", timedelta(days=1)),
        )
        if move != "confirm" or one.activity.pk not in open_ones
    )  # fmt: skip


def _earn(hours: Sequence[Hours]) -> None:
    """One point an hour, half as much again for the leader, as the rule in `services.points`."""
    PointsEntry.objects.bulk_create(
        PointsEntry(
            volunteer_id=one.volunteer_id, hours=one, reason=PointsEntry.Reason.HOURS,
            delta=(one.credited * (Decimal("1.5") if one.leads else 1)).quantize(Decimal("0.1")),
            note=one.activity.title, at=one.decided_at or one.end,
        )
        for one in hours
        if one.status == HoursStatus.CONFIRMED
    )  # fmt: skip


def _look_back(held: Sequence[Session], rng: Random) -> None:
    """Whom care and aid served by name, and what both sides said."""
    elders: dict[int, list[int]] = {}
    old = Residency.objects.filter(end=None, person__birth_year__lte=1952)
    for grid, person in old.order_by("person").values_list("household__grid", "person"):
        if len(elders.setdefault(grid, [])) < 12:
            elders[grid].append(person)
    served, said = [], []
    for one in held:
        row = one.activity
        if row.kind in (ActivityKind.AID, ActivityKind.CARE):
            known = elders.get(row.grid_id or 0, [])
            helping = {helper.person_id for helper in one.people}
            for person in rng.sample(known, min(2, len(known))):
                if person not in helping:
                    served.append(Served(activity=row, person_id=person))
        if rng.random() < 0.3:
            said.append(
                Evaluation(
                    activity=row, side=Side.BENEFICIARY, rating=rng.choice((5, 5, 5, 4, 4, 3)),
                    text=rng.choice(_TEXTS), at=one.shift.ends_at,
                    problem="北门路灯坏了，老人晚上不好走。" if rng.random() < 0.06 else "",
                )
            )  # fmt: skip
    Served.objects.bulk_create(served)
    Evaluation.objects.bulk_create(said)


def _let_the_volunteer_help(world: World, held: Sequence[Session]) -> None:
    """The volunteer with a log-in has hours, points and something to appeal."""
    me = Volunteer.objects.select_related("person").get(person=world.users["volunteer"].person)
    mine = [one for one in held if one.activity.community_id == me.community_id]
    days = {local_date(one.shift.starts_at) for one in mine if me in one.people}
    for one in mine[::4]:
        day = local_date(one.shift.starts_at)
        if day not in days:
            days.add(day)
            one.people = [*one.people, me]


def _invite(world: World, coming: Sequence[Session], now: datetime) -> None:
    """Two shifts ask for helpers; the volunteer with a log-in has an ask to answer."""
    for one in coming[2:4]:
        start_asking(shift=one.shift, by=None, now=now)
    me = Volunteer.objects.get(person=world.users["volunteer"].person)
    shift = coming[5].shift
    if me.community_id != coming[5].activity.community_id:
        return
    helper = next(one for one in helpers_in(me.community, now) if one.id == me.pk)
    slot = slot_of(shift, 1)
    row = coming[5].activity
    Ask.objects.create(
        **columns_of(row.community), shift=shift, volunteer=me, worth=62, asked_at=now,
        reasons=as_rows(why(helper, slot)), answer_by=now + timedelta(days=1),
    )  # fmt: skip


def _photograph(world: World, held: Sequence[Session]) -> None:
    """A drawn picture for each session, sealed six times in all."""
    pictures = [
        sealedfiles.store(data, folder="activities")
        for data in draw_photos(world.setting.rng("activities"))
    ]
    ActivityPhoto.objects.bulk_create(
        ActivityPhoto(
            activity=one.activity, stored_as=pictures[number % len(pictures)], width=480, height=360
        )
        for number, one in enumerate(held)
    )


def _sign_up(world: World, coming: Sequence[Session]) -> None:
    """People have places; the first shift is full with two waiting, the demo volunteer has one."""
    me = world.users["volunteer"].person
    rows = []
    for number, one in enumerate(coming):
        people = [who for who in one.people if who.person != me]
        seats = people if number == 0 else people[: len(people) // 2 + 1]
        if number == 0:
            Shift.objects.filter(pk=one.shift.pk).update(capacity=max(len(seats) - 2, 1))
        for place, who in enumerate(seats):
            waits = number == 0 and place >= max(len(seats) - 2, 1)
            rows.append(
                SignUp(
                    shift=one.shift,
                    volunteer=who,
                    status=SignUpStatus.WAITING if waits else SignUpStatus.SIGNED,
                )
            )
    own = Volunteer.objects.filter(person=me).first()
    if own is not None and len(coming) > 1:
        rows.append(SignUp(shift=coming[1].shift, volunteer=own, status=SignUpStatus.SIGNED))
    SignUp.objects.bulk_create(rows)
