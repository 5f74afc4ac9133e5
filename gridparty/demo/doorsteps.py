"""What happened at the doors: visits of the last quarter, needs, proposed changes, suggestions."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from gridparty.demo.bulk import insert
from gridparty.demo.families import VACANT
from gridparty.demo.shapes import DEMO_GRID
from gridparty.demo.world import GridFacts, World
from orgs.models import User
from residents.models import ChangeRequest, Household, Need, Residency, Visit
from residents.services import create_need, move_need, propose_change
from residents.services.changes import Proposal
from residents.services.suggestions import refresh_suggestions
from residents.services.visitchecks import draw_due_checks
from residents.visit_rules import KNOCKS_UNTIL_EMPTY, Outcome

PERIOD = 85
OPINIONS = (
    "楼道灯晚上不亮，希望修一下。", "小区充电桩太少，排不上队。", "希望多组织老人体检。",
    "楼下垃圾桶清运再勤一点。", "建议在北门加一块停车指示牌。",
)  # fmt: skip
NEEDS = (
    ("company", "老人想有人每周陪着说说话", "一位独居老人想有人每周陪着说说话", "wish", "open"),
    ("repair", "卫生间扶手松了，想请人修", "一位老人家里的扶手松了，想请人修一修", "visit", "open"),
    ("medical", "腿脚不便，想有人陪着去医院复查", "", "care", "staff"),
    ("school", "孩子放学后没人辅导作业", "一名小学生想有人放学后辅导作业", "survey", "open"),
    ("policy", "想办高龄津贴，不清楚要什么材料", "", "resident", "staff"),
)


class Door(NamedTuple):
    """A home of the grid: its id, who heads it ("" nobody), and how it is used."""

    home: int
    head: int | None
    occupancy: str


def build_doorsteps(world: World) -> None:
    """Fill the care library's neighbours: everything hangs on the homes already there."""
    rng, today = world.setting.rng("doorsteps"), world.setting.today
    rows: list[tuple[Any, ...]] = []
    for tree in world.trees:
        for facts in tree.grids():
            visitor = facts.worker or facts.head
            if facts.buildings and visitor is not None:
                share = 0.45 if facts.grid.code == DEMO_GRID else 0.12
                rows += _visits(facts, visitor, share, today, rng)
    insert(
        Visit,
        ("household_id", "visitor_id", "day", "outcome", "met_id", "hazards", "opinion"),
        sorted(rows, key=lambda row: str(row[2])),
    )
    facts = world.grid(DEMO_GRID)
    assert facts.head is not None
    _never_in(facts, facts.head, today)
    _needs(facts, facts.head)
    _changes(facts, facts.head)
    refresh_suggestions(today=today)
    draw_due_checks(today=today)


def _visits(
    facts: GridFacts, visitor: User, share: float, today: date, rng: Random
) -> Iterator[tuple[Any, ...]]:
    for door in _doors(facts):
        if door.occupancy == VACANT or rng.random() > share:
            continue
        day = today - timedelta(days=rng.randrange(1, PERIOD))
        lot = rng.random()
        reached = door.head is not None and lot < 0.84
        home = reached and lot < 0.7
        outcome = Outcome.HOME if home else Outcome.PHONE if reached else Outcome.NOBODY
        if lot > 0.99:
            outcome = Outcome.REFUSED
        hazards = '["cable"]' if home and lot < 0.03 else '["gas"]' if home and lot < 0.05 else "[]"
        opinion = rng.choice(OPINIONS) if reached and rng.random() < 0.06 else ""
        met = door.head if reached else None
        yield (door.home, visitor.pk, day.isoformat(), outcome.value, met, hazards, opinion)


def _doors(facts: GridFacts) -> list[Door]:
    heads = dict(
        Residency.objects.filter(household__grid=facts.grid, is_head=True, end=None).values_list(
            "household", "person"
        )
    )
    homes = Household.objects.filter(grid=facts.grid).order_by("sort_key", "id")
    return [Door(pk, heads.get(pk), use) for pk, use in homes.values_list("pk", "occupancy")]


def _never_in(facts: GridFacts, visitor: User, today: date) -> None:
    """One home where nobody has opened three times running, for 空户待核."""
    empty = Residency.objects.filter(end=None).values("household")
    home = (
        Household.objects.filter(grid=facts.grid).exclude(occupancy=VACANT)
        .exclude(pk__in=Visit.objects.values("household")).exclude(pk__in=empty)
        .order_by("sort_key", "id").first()
    ) or Household.objects.filter(grid=facts.grid).exclude(occupancy=VACANT).order_by("id").last()  # fmt: skip
    Visit.objects.bulk_create(
        Visit(
            household=home, visitor=visitor, day=today - timedelta(days=5 * left),
            outcome=Outcome.NOBODY,
        )
        for left in range(KNOCKS_UNTIL_EMPTY, 0, -1)
    )  # fmt: skip


def settled_homes(facts: GridFacts, many: int) -> list[Residency]:
    """The heads of some homes of the demo grid."""
    rows = Residency.objects.filter(household__grid=facts.grid, is_head=True, end=None)
    return list(rows.select_related("household", "person").order_by("household__sort_key")[:many])


def _needs(facts: GridFacts, by: User) -> None:
    for residency, (kind, text, public, source, privacy) in zip(
        settled_homes(facts, len(NEEDS)), NEEDS, strict=False
    ):
        need = create_need(
            household=residency.household, residency=residency, by=by, kind=kind, text=text,
            public_text=public, source=source, privacy=privacy,
            urgency=Need.Urgency.SOON if source == "care" else Need.Urgency.ORDINARY,
        )  # fmt: skip
        if privacy == Need.Privacy.OPEN:
            move_need(need=need, move="publish", by=by)


def _changes(facts: GridFacts, by: User) -> None:
    """Two proposals that wait for the community: a new phone, a home used otherwise."""
    heads = settled_homes(facts, 12)[-2:]
    if len(heads) < 2:
        return
    new_phone = Proposal(ChangeRequest.Kind.PHONE, heads[0], {"phone": "16912340001"})
    propose_change(household=heads[0].household, proposal=new_phone, by=by)
    now = "owned" if heads[1].household.occupancy == Household.Occupancy.RENTED else "rented"
    rented = Proposal(ChangeRequest.Kind.OCCUPANCY, None, {"occupancy": now})
    propose_change(household=heads[1].household, proposal=rented, by=by)
