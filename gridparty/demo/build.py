"""The whole demonstration in one transaction: all of it, or nothing."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.utils import timezone

from gridparty.demo.accounts import CAST
from gridparty.demo.apps import build_apps
from gridparty.demo.bulletins import build_bulletins
from gridparty.demo.campaigns import build_campaigns
from gridparty.demo.cases import build_cases
from gridparty.demo.checks import build_checks
from gridparty.demo.councils import build_councils
from gridparty.demo.division import build_divisions
from gridparty.demo.doorsteps import build_doorsteps
from gridparty.demo.doubts import build_doubts
from gridparty.demo.effects import build_effects
from gridparty.demo.enlarge import enlarge
from gridparty.demo.ground import build_ground
from gridparty.demo.ladder import build_ladder
from gridparty.demo.leaders import build_leaders
from gridparty.demo.lifeevents import build_life_events
from gridparty.demo.notices import settle_notices
from gridparty.demo.orders import build_orders
from gridparty.demo.partywork import build_party_work
from gridparty.demo.people import People
from gridparty.demo.places import build_places
from gridparty.demo.profiles import Profile
from gridparty.demo.quarter import build_quarter
from gridparty.demo.recruiting import Recruiter
from gridparty.demo.residents import build_residents
from gridparty.demo.revisits import build_revisits
from gridparty.demo.rosters import build_rosters
from gridparty.demo.routing import build_routing
from gridparty.demo.scale import FULL, Scale, Setting
from gridparty.demo.teams import build_teams
from gridparty.demo.tree import build_trees
from gridparty.demo.units import build_units
from gridparty.demo.volunteers import build_volunteers
from gridparty.demo.world import World
from gridparty.lib.china_time import local_date
from orgs.audit import describe_actions, record
from orgs.models import OrgUnit, Unit, User

describe_actions(demo__build="生成演示数据")
Tell = Callable[[str, float], None]


def is_empty() -> bool:
    """Say whether the demonstration would meet nothing of anybody else's."""
    named = User.objects.filter(username__in=[account.username for account in CAST])
    return not (OrgUnit.objects.exists() or Unit.objects.exists() or named.exists())


def build(
    *, scale: Scale = FULL, seed: int = 1, now: datetime | None = None, tell: Tell | None = None,
    profiles: Sequence[Profile] = (),
) -> World:  # fmt: skip
    """Build everything as it stands at `now`; `tell(step, seconds)` hears about each step.

    With `profiles` those cities get the size of the report (minutes, not one).

    The database must be empty (`is_empty`). The same seed on the same day gives the same data.
    """
    now = now or timezone.now()
    world = World(Setting(scale, seed, local_date(now)))
    people = People(world.setting.rng("people"), world.setting.today)
    recruiter = Recruiter(world, people)
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("区划和组织", lambda: build_trees(world)),
        ("单位", lambda: build_units(world)),
        ("网格和楼栋", lambda: build_places(world)),
        ("地图", lambda: build_ground(world)),
        ("居民", lambda: build_residents(world, people)),
        ("统计信息", _count_on_short_queries),
        ("任职和账号", lambda: build_leaders(world, recruiter)),
        ("网格队伍", lambda: build_teams(world, recruiter)),
        ("走访和需求", lambda: build_doorsteps(world)),
        ("事项", lambda: build_cases(world, people, now)),
        ("催办督办问责", lambda: build_ladder(world, now)),
        ("派单规则和热点", lambda: build_routing(world, now)),
        ("外部工单和拆件", lambda: build_orders(world, now)),
        ("开放接口", lambda: build_apps(world, now)),
        ("专项排查和下沉", lambda: build_campaigns(world, people)),
        ("议事", lambda: build_councils(world, now)),
        ("党建", lambda: build_party_work(world, now)),
        ("回访", lambda: build_revisits(world, now)),
        ("志愿", lambda: build_volunteers(world, now)),
        ("跟踪问效", lambda: build_effects(world, now)),
        ("通知", lambda: settle_notices(now)),
        ("人口变动", lambda: build_life_events(world, people)),
        ("花名册导入", lambda: build_rosters(world, people)),
        ("网格划分", lambda: build_divisions(world)),
        ("数据检查", lambda: build_checks(now)),
        ("季度考核", lambda: build_quarter(world, now)),
        ("疑点", lambda: build_doubts(world, now)),
        ("月度通报", lambda: build_bulletins(now)),
    )
    steps += tuple(
        (f"{city.label}全量", partial(enlarge, world, people, recruiter, city, now))
        for city in profiles
    )
    with transaction.atomic():
        for name, step in steps:
            started = time.perf_counter()
            step()
            if tell is not None:
                tell(name, time.perf_counter() - started)
        record(
            by=None,
            action="demo.build",
            target=OrgUnit,
            detail={"scale": scale.name, "seed": seed, "profiles": [city.key for city in profiles]},
        )
    _gather_statistics()
    return world


def _count_on_short_queries() -> None:
    """Before thousands of small queries: planning must not cost more than they do.

    In a transaction this long nobody else gathers statistics of the rows just written; without
    them PostgreSQL once took a minute to find the first corridor head.
    """
    _gather_statistics()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = off; SET LOCAL join_collapse_limit = 1")


def _gather_statistics() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
