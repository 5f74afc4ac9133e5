"""联点共建, 党建联盟 and 五联共治 of the demonstration: the report's thirty-two units of 海恒 among them."""

import io
from datetime import date, datetime, timedelta

from gridparty.demo.photos import draw_photos
from gridparty.demo.shapes import HAIHENG, XUANCHENG
from gridparty.demo.world import TreeFacts, World
from gridparty.lib.china_time import local_date
from orgs.levels import UnitKind
from partybuilding import services
from partybuilding.catalog import Dimension
from partybuilding.models import Pairing

_PLANS = {
    Dimension.PARTY: ("联合主题党日四次", "上好一堂联合党课"),
    Dimension.GOVERN: ("消防通道联合整治", "电动车飞线充电联合排查"),
    Dimension.CHARITY: ("社区义诊", "圆微心愿"),
    Dimension.ENVIRONMENT: ("背街小巷清洁日", "楼道堆物清理"),
    Dimension.CIVILITY: ("文明家庭评选", "邻里文化节"),
}  # fmt: skip
_LEADERS = ("王副局长", "李副主任", "张副书记", "陈副院长", "刘总经理")


def build_joint(world: World, now: datetime) -> None:
    """Pair most grids, found alliances, plan the year and write down what was done."""
    today = local_date(now)
    photos = draw_photos(world.setting.rng("joint"))
    for key in (HAIHENG.key, XUANCHENG.key):
        _pair(world.tree(key), today)
    for number in range(len(world.tree(HAIHENG.key).communities)):
        _alliance(world.tree(HAIHENG.key), number, today, photos)
    services.watch_joint(today=today)


def _pair(tree: TreeFacts, today: date) -> None:
    units = [
        unit for unit in tree.units.values()
        if unit.street_id and unit.kind != UnitKind.PROPERTY_COMPANY
    ]  # fmt: skip
    rows = []
    for number, facts in enumerate(tree.grids()):
        grid = facts.grid
        if grid.status != "active" or number % 9 == 7:
            continue
        left = 12 if number % 11 == 3 else -6 if number % 23 == 5 else 200 + number
        rows.append(
            Pairing(
                district_id=grid.district_id, street_id=grid.street_id, grid=grid,
                community_id=grid.community_id, unit=units[number % len(units)],
                leader=_LEADERS[number % len(_LEADERS)], contact="联络员", phone="0551-0000000",
                tasks="每季度一次联席会，认领微心愿，开展志愿服务。",
                start=today + timedelta(days=left - 730), end=today + timedelta(days=left),
            )
        )  # fmt: skip
    Pairing.objects.bulk_create(rows)


def _alliance(tree: TreeFacts, number: int, today: date, photos: list[bytes]) -> None:
    units = [unit for unit in tree.units.values() if unit.street_id][number * 5 : number * 5 + 7]
    community = tree.communities[number].org
    alliance = services.found_alliance(
        community=community, name=f"{tree.communities[number].plan.short}党建联盟", chair="社区书记",
        founded_on=today - timedelta(days=420), by=None, units=units,
        charter="组织联建、资源联享、活动联办、难题联解。每季度召开一次联席会议。",
    )  # fmt: skip
    done = 0
    for dimension, contents in _PLANS.items():
        for content in contents:
            item = services.plan(
                alliance=alliance, year=today.year, dimension=dimension, content=content, by=None,
                due=date(today.year, 12, 20), lead=units[done % len(units)], target="不少于一次",
            )  # fmt: skip
            done += 1
            if (done + number) % 4 == 0:
                continue
            held = today - timedelta(days=9 + 29 * (done % 10))
            if held.year != today.year:
                continue
            services.record_joint(
                alliance=alliance, item=item, kind="activity", dimension=dimension, title=content[:60],
                text="联盟单位一起参加，现场解决居民提出的问题。", held_on=held, people=18 + 7 * (done % 5),
                units=units[: 2 + done % 4], photos=[io.BytesIO(photos[done % len(photos)])], by=None,
            )  # fmt: skip
