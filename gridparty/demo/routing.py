"""Routing rules of every street, and one hot issue: four neighbours about the same street lamp."""

from datetime import datetime, timedelta

from cases.catalog import Level, Source
from cases.models import Category, RoutingRule, SlaClass, ZoneLimit
from cases.services import report_case
from gridparty.demo.shapes import DEMO_GRID, HAIHENG
from gridparty.demo.world import TreeFacts, World
from grids.catalog import GridStatus

# order, name, category, words, unit, level
_RULES = (
    (1, "燃气归燃气公司", "safety-gas", "", "燃气公司", Level.STREET),
    (2, "消防归消防大队", "safety-fire", "", "消防救援大队", Level.STREET),
    (3, "停电归供电公司", "", "停电、电线", "供电公司", Level.STREET),
    (4, "停水归供水公司", "", "停水、水压", "供水公司", Level.STREET),
    (5, "路灯井盖归市政", "facilities", "", "市政园林管理处", Level.STREET),
    (6, "油烟噪声归环保", "sanitation", "油烟、噪声", "生态环境局", Level.STREET),
    (7, "市容归城管", "order", "", "城市管理局", Level.STREET),
    (8, "物业纠纷归住建", "property", "", "住房和城乡建设局", Level.COMMUNITY),
)
_LAMP = (
    "{spot}门口路灯坏了，晚上看不清路。",
    "楼下路灯不亮，老人出门不方便。",
    "{spot}前的路灯坏了好几天了。",
    "路灯不亮，孩子放学回来太黑。",
)


def build_routing(world: World, now: datetime) -> None:
    """Write the rules of every tree, switched on; then the hot issue, reported just now."""
    categories = {category.slug: category for category in Category.objects.all()}
    for tree in world.trees:
        RoutingRule.objects.bulk_create(
            RoutingRule(
                order=order, name=name, street=tree.root, category=categories.get(slug),
                words=words, unit=tree.units[unit], level=level, is_active=True,
            )
            for order, name, slug, words, unit, level in _RULES
        )  # fmt: skip
    _limit_by_zone(world, categories)
    _report_one_problem_often(world.tree(HAIHENG.key), now)


def _limit_by_zone(world: World, categories: dict[str, Category]) -> None:
    """Two places where the same thing has to go faster; cases reported from now on follow them."""
    classes = {one.code: one for one in SlaClass.objects.all()}
    grid = world.grid(DEMO_GRID).grid
    ZoneLimit.objects.bulk_create(
        [
            ZoneLimit(category=categories["order-occupation"], grid=grid,
                      sla_class=classes["urgent"], reason="学校周边占道当日清理"),
            ZoneLimit(category=categories["sanitation"], community=grid.community,
                      sla_class=classes["urgent"], reason="文明城市创建重点社区"),
        ]
    )  # fmt: skip


def _report_one_problem_often(tree: TreeFacts, now: datetime) -> None:
    building = next(
        facts.buildings[0]
        for facts in tree.grids()
        if facts.buildings
        and facts.grid.status == GridStatus.ACTIVE
        and facts.grid.code != DEMO_GRID
    )
    for minutes, text in enumerate(reversed(_LAMP)):
        report_case(
            by=None, text=text.format(spot=building), category="facilities-lamp", building=building,
            source=Source.WEB, now=now - timedelta(minutes=len(_LAMP) - minutes),
        )  # fmt: skip
