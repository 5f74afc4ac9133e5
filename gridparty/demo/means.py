"""Funds, trainings and patrols of the demonstration, in the sizes of the report.

黄山: 96 trainings with some 1,200 person-times, 267 万 for activities and venues, 403 万 of subsidies
for grid work (HS-08…10).
"""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.db.models import Q

from cases.models import Case
from gridparty.demo.shapes import HAIHENG, HUANGSHAN
from gridparty.demo.world import TreeFacts, World
from gridparty.lib.china_time import local_date
from orgs.models import Person
from partybuilding.models import (
    FundAllocation,
    FundLine,
    MemberDuty,
    Patrol,
    Training,
    TrainingAttendance,
)

_FUNDS = (  # (source, purpose, 万元, title)
    ("city", "activity", 120, "网格党组织活动经费"), ("district", "venue", 147, "党群服务阵地建设"),
    ("city", "grid_subsidy", 250, "网格工作补贴（市级）"), ("district", "grid_subsidy", 153, "网格工作补贴（区级）"),
)  # fmt: skip
_SPENT = (("宣传栏和公示牌", 6), ("党群服务站改造", 18), ("主题党日活动", 3))
_COURSES = (
    "网格党务实务",
    "矛盾纠纷调解",
    "党章党规专题",
    "应急处置演练",
    "群众工作方法",
    "居民议事主持",
)
_PLACES = ("社区党校", "党群服务中心", "市委党校")
_SESSIONS, _A_SESSION = 96, 13


def build_means(world: World, now: datetime) -> None:
    """Money and courses in 黄山 and 海恒, rounds of the grid workers of 海恒."""
    mountain, haiheng = world.tree(HUANGSHAN.key), world.tree(HAIHENG.key)
    _money(mountain, now, 1)
    _money(haiheng, now, 2)
    _courses(mountain, now, _SESSIONS)
    _courses(haiheng, now, 24)
    _rounds(haiheng, now)


def _money(tree: TreeFacts, now: datetime, parts: int) -> None:
    today = local_date(now)
    lines = []
    for source, purpose, amount, title in _FUNDS:
        fund = FundAllocation.objects.create(
            street=tree.root, district_id=tree.plan.district, source=source, purpose=purpose,
            community=tree.root if tree.root.tier == 2 else None, year=today.year,
            amount=Decimal(amount * 10_000) / parts, title=f"{today.year} 年{title}",
            doc_no=f"组通〔{today.year}〕{amount} 号", allotted_on=today - timedelta(days=200),
        )  # fmt: skip
        for number, (what, cost) in enumerate(_SPENT):
            if purpose != "grid_subsidy":
                paid = today - timedelta(days=40 * (number + 1)) if number < 2 else None
                lines.append(
                    FundLine(
                        allocation=fund, what=what, amount=Decimal(cost * 10_000), paid_on=paid,
                        planned_at=now - timedelta(days=120),
                    )
                )  # fmt: skip
    for community in tree.communities if tree.root.tier == 1 else ():
        fund = FundAllocation.objects.create(
            street=tree.root, district_id=tree.plan.district, community=community.org,
            source="street", purpose="activity", year=today.year, amount=Decimal(60_000),
            title=f"{today.year} 年{community.plan.short}网格活动经费",
            allotted_on=today - timedelta(days=150),
        )  # fmt: skip
        lines += [
            FundLine(allocation=fund, what="主题党日和义诊", amount=Decimal(8_000),
                     paid_on=today - timedelta(days=30), planned_at=now - timedelta(days=60)),
            FundLine(allocation=fund, what="宣传栏更新", amount=Decimal(12_500),
                     planned_at=now - timedelta(days=5)),
        ]  # fmt: skip
    FundLine.objects.bulk_create(lines)


def _courses(tree: TreeFacts, now: datetime, sessions: int) -> None:
    root, rng = tree.root, Random(f"courses:{tree.plan.key}")
    leaders = list(
        Person.objects.filter(Q(posts__end=None, posts__org_unit__tree_id=root.tree_id))
        .distinct()
        .order_by("pk")
    )
    today = local_date(now)
    rows = [
        Training(
            street=root, district_id=tree.plan.district, org=root,
            community=root if root.tier == 2 else None, topic=_COURSES[number % len(_COURSES)],
            kind=("class", "lecture", "site", "online")[number % 4], hours=Decimal(1 + number % 3),
            held_on=today - timedelta(days=3 + number * 330 // sessions),
            place=_PLACES[number % len(_PLACES)], teacher="特邀讲师",
        )
        for number in range(sessions)
    ]  # fmt: skip
    Training.objects.bulk_create(rows)
    TrainingAttendance.objects.bulk_create(
        TrainingAttendance(training=row, person=person)
        for row in rows
        for person in rng.sample(leaders, min(_A_SESSION, len(leaders)))
    )


def _rounds(tree: TreeFacts, now: datetime) -> None:
    """Rounds of the last weeks; some found what is a case now."""
    cases = list(Case.objects.filter(street=tree.root, source="patrol").order_by("pk")[:12])
    by_grid = {case.grid_id: case for case in cases}
    duties = dict(MemberDuty.objects.open().values_list("grid", "pk"))
    rows = []
    for facts in tree.grids():
        if facts.head is None:
            continue
        for number in range(4):
            case = by_grid.pop(facts.grid.pk, None) if number == 0 else None
            rows.append(
                Patrol(
                    district_id=facts.grid.district_id, street_id=facts.grid.street_id,
                    community_id=facts.grid.community_id, grid=facts.grid, by=facts.head,
                    at=now - timedelta(days=number * 6, hours=2 + number), minutes=30 + 5 * number,
                    route="沿楼栋走一圈，看楼道和车棚", case=case, duty_id=duties.get(facts.grid.pk),
                    finding="发现问题，已上报" if case else "",
                )
            )  # fmt: skip
    Patrol.objects.bulk_create(rows)
