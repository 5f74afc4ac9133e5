"""A month and a half of cases in every state, reported and moved through the real services."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from cases.catalog import Source
from cases.models import Case, CaseOrigin
from cases.services import report_case
from cases.workflow import Status
from gridparty.demo import stories
from gridparty.demo.officehours import any_time, at, later, workday_before
from gridparty.demo.people import FEMALE, MALE, People
from gridparty.demo.photos import Album, draw_photos
from gridparty.demo.shapes import DEMO_COMMUNITY, DEMO_GRID, HAIHENG, OTHER_GRID, XUANCHENG
from gridparty.demo.stories import Play, Story
from gridparty.demo.topics import TOPICS, Topic
from gridparty.demo.world import GridFacts, TreeFacts, World
from gridparty.lib.china_time import local_date
from gridparty.lib.periods import Month, Quarter
from grids.catalog import GridStatus
from orgs.models import User
from orgs.workdays import work_calendar
from residents.models import Visit

DAYS = 45
_STORIES: tuple[tuple[Story, int], ...] = (
    (stories.settled_in_grid, 46),
    (stories.assigned, 24),
    (stories.whistled, 13),
    (stories.sent_back, 4),
    (stories.done_twice, 4),
    (stories.rejected, 3),
    (stories.withdrawn, 2),
)
# The statuses shown in the demo grid on purpose, with a story that passes through each.
_SHOWN: tuple[tuple[Status, Story], ...] = (
    (Status.REPORTED, stories.assigned),
    (Status.ACCEPTED, stories.assigned),
    (Status.CALLED, stories.assigned),
    (Status.ASSIGNED, stories.assigned),
    (Status.WHISTLED, stories.whistled),
    (Status.CHECKED_IN, stories.whistled),
    (Status.HANDLING, stories.assigned),
    (Status.HANDLING, stories.settled_in_grid),
    (Status.HUNG, stories.hung),
    (Status.MERGED, stories.merged),
    (Status.RETURNED, stories.sent_back),
    (Status.FEEDBACK, stories.assigned),
    (Status.FEEDBACK, stories.settled_in_grid),
    (Status.VERIFIED, stories.assigned),
    (Status.CLOSED, stories.whistled),
    (Status.REJECTED, stories.rejected),
    (Status.WITHDRAWN, stories.withdrawn),
    (Status.VOID, stories.voided),
)
_SHOWN_ELSEWHERE = (
    (Status.REPORTED, stories.assigned),
    (Status.HANDLING, stories.settled_in_grid),
    (Status.FEEDBACK, stories.assigned),
)

# Left lying for as many working days: what the ladder from 催办 to 问责 is shown with.
_LEFT_LYING = (13, 14, 15, 16, 17)


@dataclass(frozen=True)
class Report:
    """When, where and about what somebody reports, and how the case will go."""

    moment: datetime
    tree: TreeFacts
    facts: GridFacts
    topic: Topic
    story: Story
    limit: datetime
    stop: Status | None = None
    haste: float = 1.0


class Reporter:
    """Plans the reports of all places, then plays them in the order of time."""

    def __init__(self, world: World, people: People, now: datetime) -> None:
        self.world = world
        self.people = people
        self.now = now
        self.rng = world.setting.rng("cases")
        self.calendar = work_calendar()
        draw_photos(self.rng)  # the stories keep their order of chance
        self.photos = Album(world.setting.rng("album"))

    def build(self) -> None:
        """Play everything, oldest first, so that numbers and lists follow the calendar."""
        scale = self.world.setting.scale
        planned = self._shown()
        for tree in self.world.trees:
            count = scale.cases if tree.plan is HAIHENG else scale.other_cases
            planned += [self._random(tree) for _ in range(count)]
        for report in sorted(planned, key=lambda one: one.moment):
            self._play(report)
        self._link_visits()

    def _link_visits(self) -> None:
        """Lead the visit cases of the demo grid back to a visit in the same building before them."""
        found = Case.objects.filter(
            grid__code=DEMO_GRID, source=Source.VISIT, building__isnull=False
        )
        visits = list(Visit.objects.filter(household__grid__code=DEMO_GRID).order_by("day", "pk")
                      .values_list("household__building_id", "day", "pk"))  # fmt: skip
        origins = []
        for case in found.order_by("pk"):
            before = [
                pk for building, day, pk in visits
                if building == case.building_id and day <= local_date(case.created_at)
            ]  # fmt: skip
            if before:
                origins.append(CaseOrigin(case=case, visit_id=before[-1]))
        CaseOrigin.objects.bulk_create(origins)

    # ---- planning ----

    def _random(self, tree: TreeFacts) -> Report:
        moment = self._moment()
        limit = self.now
        if moment.date() > self.now.date() - timedelta(days=21) and self.rng.random() < 0.1:
            # Somebody let it lie: the source of red lights.
            limit = min(self.now, later(moment, self.rng.uniform(1, 20), self.calendar))
        topic = self.rng.choices(TOPICS, [one.weight for one in TOPICS])[0]
        story = self.rng.choices([one for one, _ in _STORIES], [w for _, w in _STORIES])[0]
        return Report(moment, tree, self._somewhere(tree), topic, story, limit)

    def _moment(self) -> datetime:
        """Return a moment of the last 45 days, sometimes of the quarter before."""
        today = self.world.setting.today
        first = min(today - timedelta(days=DAYS), Month.of(today).previous().first_day)
        quarter_end = Quarter.of(today).first_day
        if self.rng.random() < 0.15:
            return any_time(quarter_end - timedelta(days=self.rng.randint(12, 40)), self.rng)
        day = today - timedelta(days=self.rng.randint(0, (today - first).days))
        return min(any_time(day, self.rng), self.now - timedelta(minutes=self.rng.randint(5, 90)))

    def _somewhere(self, tree: TreeFacts) -> GridFacts:
        """Return an active grid; every fourth case of 海恒 is in the demo community."""
        grids = [facts for facts in tree.grids() if facts.grid.status == GridStatus.ACTIVE]
        if tree.plan is HAIHENG and self.rng.random() < 0.25:
            near = [one for one in grids if one.community.plan.code == DEMO_COMMUNITY]
            return near[0] if self.rng.random() < 0.35 else self.rng.choice(near)
        return self.rng.choice(grids)

    def _shown(self) -> list[Report]:
        """Plan each status in the demo grid, first for 城市管理局; a few in the other street's."""
        ours = [topic for topic in TOPICS if topic.department == "城市管理局"]
        here, there = self.world.tree(HAIHENG.key), self.world.tree(XUANCHENG.key)
        planned = [self._show(here, DEMO_GRID, ours, *one) for one in _SHOWN]
        planned += [
            self._show(here, DEMO_GRID, TOPICS, Status.HANDLING, stories.assigned, days=days)
            for days in _LEFT_LYING
        ]
        if self.world.setting.scale.homes is None:
            planned += [self._show(here, DEMO_GRID, TOPICS, *one) for one in _SHOWN]
        return planned + [self._show(there, OTHER_GRID, TOPICS, *one) for one in _SHOWN_ELSEWHERE]

    def _show(
        self, tree: TreeFacts, code: str, topics: Sequence[Topic], status: Status, story: Story,
        days: int = 0,
    ) -> Report:  # fmt: skip
        """Plan one case that stops at `status`, reported one to five working days ago."""
        days = days or self.rng.choice((1, 1, 2, 3, 5))
        day = workday_before(self.world.setting.today, days, self.calendar)
        moment = at(day, time(8, 40)) + timedelta(minutes=self.rng.randrange(40))
        facts, topic = self.world.grid(code), self._fitting(topics, story)
        return Report(moment, tree, facts, topic, story, self.now, stop=status, haste=0.1)

    def _fitting(self, topics: Sequence[Topic], story: Story) -> Topic:
        """Emergencies are whistled without being accepted first: not what a story has to show."""
        calm = [one for one in topics if one.slug != "safety-gas"]
        return self.rng.choice(calm if story is stories.whistled else list(topics))

    # ---- playing ----

    def _play(self, report: Report) -> Case:
        case = self._report(report)
        play = Play(
            case=case, topic=report.topic, facts=report.facts, tree=report.tree, rng=self.rng,
            calendar=self.calendar, moment=report.moment, limit=report.limit, photos=self.photos,
            stop=report.stop, haste=report.haste, lateness=0.0 if report.stop else 0.12,
        )  # fmt: skip
        if case.status == report.stop:
            return case
        return stories.run(report.story, play)

    def _report(self, report: Report) -> Case:
        facts, rng = report.facts, self.rng
        building = rng.choice(facts.buildings) if facts.buildings else None
        spot = str(building) if building else f"{facts.grid.name.removesuffix('专属网格')}东门"
        by, source, who = self._sender(report)
        pictures = [io.BytesIO(rng.choice(self.photos))] if rng.random() < 0.35 else []
        return report_case(
            by=by, text=rng.choice(report.topic.texts).format(spot=spot), grid=facts.grid,
            category=report.topic.slug, building=building, address="" if building else spot,
            source=source, photos=pictures, now=report.moment, **who,
        )  # fmt: skip

    def _sender(self, report: Report) -> tuple[User | None, Source, dict[str, Any]]:
        """Return the log-in, the source, and what is noted of the person behind it."""
        facts, tree = report.facts, report.tree
        grid = facts.worker or facts.head
        senders: list[tuple[User | None, Source, int]] = [
            (grid, Source.PATROL, 30),
            (grid, Source.VISIT, 10),
            (facts.head, Source.WECHAT, 12),
            (None, Source.WEB, 30),
            (tree.dispatcher or facts.community.staff, Source.HOTLINE, 10),
            *((user, Source.CORRIDOR_HEAD, 12) for user in facts.reporters[:1]),
            *((user, Source.MEMBER, 5) for user in facts.reporters[1:]),
        ]
        by, source, _ = self.rng.choices(senders, [weight for _, _, weight in senders])[0]
        if source == Source.WEB and self.rng.random() < 0.15:
            return by, source, {"anonymous": True}
        if source in (Source.WEB, Source.WECHAT, Source.HOTLINE):
            return by, source, self._resident(self.rng)
        return by, source, {}

    def _resident(self, rng: Random) -> dict[str, Any]:
        gender = rng.choice((MALE, FEMALE))
        name = self.people.surname() + self.people.given_name(gender, rng.randint(1950, 2000))
        return {"reporter_name": name, "reporter_phone": self.people.mobile()}


def build_cases(world: World, people: People, now: datetime) -> None:
    """Report and move the cases of all places up to `now`."""
    Reporter(world, people, now).build()
