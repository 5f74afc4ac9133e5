"""两地报到 of the demonstration: units' lists, members at every step, posts, cards of the last quarter."""

from datetime import datetime, timedelta
from random import Random

from gridparty.demo.shapes import HAIHENG, XUANCHENG
from gridparty.demo.world import GridFacts, TreeFacts, World
from gridparty.lib.china_time import local_date
from orgs.fields import Sealed
from orgs.models import Unit
from partybuilding.catalog import DutyKind, Grade, PostCategory
from partybuilding.models import Appraisal, CheckIn, Confirmation, FeedbackCard, MemberDuty
from partybuilding.services import ask_confirmations, draft_cards
from partybuilding.workflow import SERVING, CardStatus, CheckInStatus
from volunteers.catalog import Skill, Times

_DUTIES = {
    PostCategory.SAFETY: "每周末巡查楼道消防和电动车充电", PostCategory.LAW: "每月一次法律咨询",
    PostCategory.AID: "结对走访独居老人", PostCategory.GOVERNANCE: "收集意见，参加网格议事",
    PostCategory.HEALTH: "量血压、讲健康", PostCategory.CULTURE: "带居民唱歌跳舞写春联",
}  # fmt: skip
_STATES = (
    (CheckInStatus.INVITED, 0.12), (CheckInStatus.APPLIED, 0.16), (CheckInStatus.MATCHED, 0.20),
    (CheckInStatus.ACCEPTED, 0.32), (CheckInStatus.ACTIVE, 0.97), (CheckInStatus.SUSPENDED, 1.0),
)  # fmt: skip
_A_GRID = 12


def build_check_ins(world: World, now: datetime) -> None:
    """Members living in the grids, at the units of the street; most of them serve."""
    rng = world.setting.rng("check-ins")
    for key in (HAIHENG.key, XUANCHENG.key):
        tree = world.tree(key)
        units = [unit for unit in tree.units.values() if unit.street_id]
        _report(tree, units, rng, now)
    today = local_date(now)
    _appraise(rng, today.year - 1)
    ask_confirmations(today=today)
    some = (
        Confirmation.objects.filter(check_in__pk__gt=0).order_by("pk").values_list("pk", flat=True)
    )
    answered = [pk for pk in some if rng.random() < 0.9]
    for start in range(0, len(answered), 500):
        chunk = Confirmation.objects.filter(pk__in=answered[start : start + 500])
        chunk.update(still_here=True, answered_at=now - timedelta(days=1))
    draft_cards(today=today)
    cards = FeedbackCard.objects.order_by("pk").values_list("pk", flat=True)
    sent = [pk for pk in cards if pk % 3]
    FeedbackCard.objects.filter(pk__in=sent).update(
        status=CardStatus.SENT, sent_at=now - timedelta(days=3),
        remark="贵单位党员积极参加社区服务，认领的岗位都有落实。",
    )  # fmt: skip


def _report(tree: TreeFacts, units: list[Unit], rng: Random, now: datetime) -> None:
    rows: list[CheckIn] = []
    seats: list[tuple[CheckIn, GridFacts]] = []
    taken: set[int] = set()
    for facts in tree.grids():
        for person in facts.members[-_A_GRID:]:
            if person.pk in taken:
                continue
            taken.add(person.pk)
            unit = units[len(rows) % len(units)]
            row = _row(facts, unit, rng, now)
            row.person = person
            rows.append(row)
            seats.append((row, facts))
    CheckIn.objects.bulk_create(rows)
    for row in rows:
        if row.accepted_at:
            row.slip_no = f"BD{row.accepted_at.year}-{row.pk:06d}"
    CheckIn.objects.bulk_update(rows, ["slip_no"], batch_size=400)
    _duties(seats, rng)


def _row(facts: GridFacts, unit: Unit, rng: Random, now: datetime) -> CheckIn:
    luck = rng.random()
    status = next(state for state, upto in _STATES if luck <= upto)
    grid, began = facts.grid, now - timedelta(days=rng.randint(60, 500))
    row = CheckIn(
        unit=unit, status=status, invited_at=began, district_id=grid.district_id,
        street_id=grid.street_id,
        skills=rng.sample(Skill.values, 2), wishes=rng.sample(list(_DUTIES), 2),
        times=rng.sample(Times.values, 2),
    )  # fmt: skip
    if status == CheckInStatus.INVITED:
        return row
    building = facts.buildings[rng.randrange(len(facts.buildings))] if facts.buildings else None
    row.community_id, row.applied_at = grid.community_id, began + timedelta(days=2)
    row.place = Sealed.of(f"{building}" if building else grid.name)
    if status == CheckInStatus.APPLIED:
        row.applied_at = now - timedelta(days=rng.randint(0, 6))
        return row
    row.grid, row.building = grid, building
    if status != CheckInStatus.MATCHED:
        row.accepted_at = began + timedelta(days=4)
        row.received_at = began + timedelta(days=6) if rng.random() < 0.8 else None
    return row


def _duties(seats: list[tuple[CheckIn, GridFacts]], rng: Random) -> None:
    duties, buildings = [], []
    for row, facts in seats:
        if row.status != CheckInStatus.ACTIVE or row.accepted_at is None:
            continue
        kind = DutyKind.AREA if facts.buildings and rng.random() < 0.4 else DutyKind.POST
        category = PostCategory(rng.choice(list(_DUTIES)))
        grid = facts.grid
        duties.append(
            MemberDuty(
                district_id=grid.district_id, street_id=grid.street_id, grid=grid, kind=kind,
                community_id=grid.community_id, person=row.person, check_in=row, category=category,
                duties=_DUTIES[category], start=local_date(row.accepted_at),
            )
        )  # fmt: skip
        buildings.append(rng.choice(facts.buildings) if kind == DutyKind.AREA else None)
    MemberDuty.objects.bulk_create(duties)
    link = MemberDuty.buildings.through
    link.objects.bulk_create(
        link(memberduty=duty, building=building)
        for duty, building in zip(duties, buildings, strict=True)
        if building is not None
    )


def _appraise(rng: Random, year: int) -> None:
    """Last year's grades, 优秀 well under a fifth."""
    members = CheckIn.objects.filter(status__in=SERVING, accepted_at__year__lte=year)
    Appraisal.objects.bulk_create(
        Appraisal(
            check_in=one, year=year, comment="服务热心，岗位落实。",
            grade=Grade.EXCELLENT if rng.random() < 0.12 else Grade.GOOD,
        )
        for one in members.order_by("pk")
    )  # fmt: skip
