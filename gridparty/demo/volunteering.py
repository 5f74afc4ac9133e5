"""志愿 of the demonstration: 海恒's six teams and 42 projects from 32 units, 宣城's four groups.

The figures are the report's (HH-23…27, XC-22, HS-25); the names of the projects are invented after
its two examples, “微爱接力” and “邻里和谐”.
"""

from datetime import timedelta
from random import Random
from typing import NamedTuple

from gridparty.demo.shapes import DEMO_COMMUNITY, HAIHENG, HUANGSHAN, XUANCHENG
from gridparty.demo.world import CommunityFacts, GridFacts, TreeFacts, World
from gridparty.lib.periods import Quarter
from orgs.models import OrgUnit, Person, Unit
from residents.models import Need, Residency
from volunteers.catalog import ActivityKind, ResourceKind, Skill, TeamKind, Times
from volunteers.models import (
    Project,
    ProjectCategory,
    ProjectReview,
    Resource,
    Team,
    TeamMember,
    Volunteer,
)
from volunteers.services.places import columns_of
from volunteers.workflow import ProjectStatus, ResourceStatus

SIX = (TeamKind.HOME, TeamKind.CHARITY, TeamKind.NEIGHBOURS, TeamKind.CIVILITY, TeamKind.SAFETY,
       TeamKind.CULTURE)  # fmt: skip
FOUR = (TeamKind.RETIRED, TeamKind.YOUTH, TeamKind.WOMEN, TeamKind.ELDERS)
_K = ActivityKind
# By category: kind of activity, brand of the first project, six projects. 7 × 6 = 42.
PROJECTS = {
    "relay": (_K.AID, "微爱接力", "助老送餐接力 旧衣新暖捐赠站 微心愿点亮行动 爱心义诊进楼栋 困难家庭结对帮扶 爱心物资接力"),
    "harmony": (_K.OTHER, "邻里和谐", "邻里百家宴 楼道小板凳议事 邻里维修互助 老邻居调解室 邻里亲子运动会 换物跳蚤市场"),
    "guard": (_K.PATROL, "红色先锋夜巡", "红色先锋夜巡 飞线充电劝导 防诈骗敲门行动 汛期值守 消防通道清障 校门口护学岗"),
    "civility": (_K.CLEAN, "桶边十分钟", "垃圾分类桶边督导 文明养犬倡导 共享单车摆放 文明交通劝导 移风易俗宣讲 周末清洁日"),
    "culture": (_K.CULTURE, "家门口的课堂", "社区书画课堂 庐剧进小区 剪纸体验课 红色故事会 社区合唱团 端午邀邻包粽"),
    "children": (_K.CHILDREN, "四点半课堂", "四点半课堂 暑期安全课 科普进社区 心理陪伴小屋 亲子阅读角 青少年法治课"),
    "elders": (_K.CARE, "银龄伴行", "智能手机课堂 银龄理发日 独居老人陪伴 老年健康体检 助浴上门 金婚照拍摄"),
}  # fmt: skip
_OTHER_THAN_RUNNING = {
    5: ProjectStatus.OPEN, 11: ProjectStatus.REVIEW, 16: ProjectStatus.OPEN,
    23: ProjectStatus.DONE, 29: ProjectStatus.REVIEW, 35: ProjectStatus.EVALUATED,
    41: ProjectStatus.DRAFT,
}  # fmt: skip
_OFFERS = (
    (ResourceKind.PEOPLE, "学生志愿陪伴队", ("company", "school"), 30, "人次", "周末"),
    (ResourceKind.VENUE, "报告厅和活动室", ("other", "school"), 12, "场", "工作日晚上"),
    (ResourceKind.SERVICE, "上门小修小补", ("repair",), 20, "次", "工作日"),
    (ResourceKind.GOODS, "米面油爱心包", ("goods",), 60, "份", "节前"),
    (ResourceKind.SERVICE, "义诊和用药咨询", ("medical",), 10, "场", "每月第一个周六"),
    (ResourceKind.TECH, "手机使用教学", ("policy", "other"), 15, "场", "工作日下午"),
    (ResourceKind.INFO, "岗位信息和面试辅导", ("job",), 40, "人次", "工作日"),
    (ResourceKind.FUND, "助学微基金", ("school", "goods"), 8, "份", "学期初"),
)


class Home(NamedTuple):
    """Where a volunteer lives."""

    person: int
    building: int | None
    grid: int


class Helpers(NamedTuple):
    """The volunteers of a community and its teams."""

    facts: CommunityFacts
    volunteers: list[Volunteer]
    teams: list[Team]


def register_helpers(world: World) -> dict[int, Helpers]:
    """Register volunteers who live in the grids and found the teams, by community."""
    rng = world.setting.rng("volunteers")
    found: dict[int, Helpers] = {}
    for tree in world.trees:
        for community in tree.communities:
            per_grid = 10 if community.plan.code == DEMO_COMMUNITY else 4
            homes = [home for grid in community.grids for home in _homes(grid, per_grid)]
            rows = Volunteer.objects.bulk_create(
                _volunteer(world, community.org, home, rng) for home in homes
            )
            volunteers = list(
                Volunteer.objects.filter(pk__in=[row.pk for row in rows])
                .select_related("person").order_by("pk")
            )  # fmt: skip
            teams = _teams(world, tree, community, volunteers, rng)
            found[community.org.pk] = Helpers(community, volunteers, teams)
    return found


def _homes(facts: GridFacts, many: int) -> list[Home]:
    """Some remembered members and neighbours first (they lead, one has a log-in), then others."""
    if not facts.buildings:
        return []
    first = [one.pk for one in (*facts.members[:3], *facts.neighbours[-3:])]
    grown = Residency.objects.filter(
        household__grid=facts.grid, end=None, person__birth_year__range=(1953, 2004)
    )
    rows = grown.filter(person__in=first).order_by("person")
    others = grown.exclude(person__in=first).order_by("-person")[:many]
    pairs = [
        pair
        for found in (rows, others)
        for pair in found.values_list("person", "household__building")
    ]
    homes = {person: Home(person, building, facts.grid.pk) for person, building in pairs}
    return list(homes.values())[: many + 1]


def _volunteer(world: World, community: OrgUnit, home: Home, rng: Random) -> Volunteer:
    today = world.setting.today
    return Volunteer(
        **columns_of(community), person_id=home.person, building_id=home.building,
        grid_id=home.grid, skills=rng.sample(Skill.values, rng.randint(1, 3)),
        interests=rng.sample(ActivityKind.values[:-1], rng.randint(1, 4)),
        times=rng.sample(Times.values, rng.randint(1, 4)),
        max_distance=rng.choice((1000, 3000, 3000, 10000)),
        status="applied" if rng.random() < 0.02 else "active",
        joined_on=today - timedelta(days=rng.randint(340, 900)),
    )  # fmt: skip


def _teams(
    world: World, tree: TreeFacts, community: CommunityFacts, volunteers: list[Volunteer], rng: Random
) -> list[Team]:  # fmt: skip
    """海恒: six teams in all; 宣城: the four groups in each community; 黄山: one a grid."""
    active = [row for row in volunteers if row.status == "active"]
    plans: list[tuple[str, TeamKind, list[GridFacts], Unit | None]] = []
    if community.plan.code == DEMO_COMMUNITY:
        plans = [(f"{kind.label}志愿服务队", kind, [], None) for kind in SIX]
    elif tree.plan is XUANCHENG:
        plans = [(f"{kind.label}先锋服务队", kind, [], None) for kind in FOUR]
    elif tree.plan is HUANGSHAN:
        unions = [unit for name, unit in tree.units.items() if "社会组织" in name]
        plans = [
            (f"{facts.grid.name}志愿服务队", SIX[number % 6], [facts], unions[number % 3])
            for number, facts in enumerate(community.grids)
            if facts.buildings
        ]
    made = []
    for number, (name, kind, grids, unit) in enumerate(plans):
        own = [row for row in active if not grids or row.grid_id == grids[0].grid.pk]
        members = own[number :: len(plans)] if not grids else own
        team = Team.objects.create(
            **columns_of(community.org), name=name, kind=kind, unit=unit,
            leader=members[0].person if members else None,
            specialities=sorted({code for row in members[:6] for code in row.skills})[:4],
            about=f"{community.plan.short}社区{kind.label}志愿者，就近服务邻里。",
            founded_on=world.setting.today - timedelta(days=rng.randint(1000, 2500)),
        )  # fmt: skip
        team.grids.set([facts.grid for facts in grids])
        TeamMember.objects.bulk_create(
            TeamMember(team=team, volunteer=row, start=row.joined_on) for row in members
        )
        made.append(team)
    return made


def plan_projects(world: World, helpers: dict[int, Helpers]) -> list[Project]:
    """42 projects: twelve in the first community of 海恒, six in each of the others."""
    rng, today = world.setting.rng("projects"), world.setting.today
    tree = world.tree(HAIHENG.key)
    units = _thirty_two(tree)
    names = [
        (code, kind, brand if place == 0 else "", name)
        for code, (kind, brand, words) in PROJECTS.items()
        for place, name in enumerate(words.split())
    ]
    # Round the categories, so that every community has some of each.
    names = [names[place * 6 + turn] for turn in range(6) for place in range(7)]
    categories = {row.code: row for row in ProjectCategory.objects.all()}
    made = []
    for number, (code, kind, brand, name) in enumerate(names):
        place = 0 if number < 12 else 1 + (number - 12) // 6
        here = helpers[tree.communities[place].org.pk]
        status = _OTHER_THAN_RUNNING.get(number, ProjectStatus.RUNNING)
        led = status not in (ProjectStatus.DRAFT, ProjectStatus.REVIEW, ProjectStatus.OPEN)
        team = here.teams[number % len(here.teams)] if here.teams and led else None
        project = Project.objects.create(
            **columns_of(here.facts.org), category=categories[code], name=name, brand=brand,
            kind=kind, about=f"由{units[number % 32].name}牵头，在网格里定期开展“{name}”。",
            lead_unit=units[number % 32], lead_team=team,
            lead_person=_lead(here, categories[code].member_leads, rng) if led else None,
            sessions=rng.choice((6, 8, 12)), target_people=rng.choice((60, 120, 200)),
            budget=rng.choice((None, 2000, 5000, 8000)), funding="党组织服务群众专项经费",
            goal="居民满意，能长期办下去", starts_on=today - timedelta(days=300),
            ends_on=today + timedelta(days=120), status=status,
        )  # fmt: skip
        grids = [facts.grid for facts in here.facts.grids if facts.buildings]
        project.grids.set(rng.sample(grids, min(len(grids), rng.randint(2, 4))))
        made.append(project)
    _review(world, made)
    return made


def _thirty_two(tree: TreeFacts) -> list[Unit]:
    """The units at the table of 海恒's joint conference, in the order they were named."""
    own = [unit for unit in tree.units.values() if unit.street_id and "物业" not in unit.name]
    return own[:32]


def _lead(here: Helpers, member: bool, rng: Random) -> Person:
    members = [one for facts in here.facts.grids for one in facts.members[:3]]
    if member and members:
        return rng.choice(members)
    return rng.choice(here.volunteers).person


def _review(world: World, projects: list[Project]) -> None:
    """The joint conference looked at what was running last quarter."""
    quarter = Quarter.of(world.setting.today).previous()
    verdicts = ProjectReview.Verdict
    ProjectReview.objects.bulk_create(
        ProjectReview(
            project=project, quarter=str(quarter), held_on=quarter.end_day - timedelta(days=5),
            verdict=verdicts.ADJUST if number % 9 == 8 else verdicts.GO_ON,
            note="居民参加面还不够，下季换到晚上办。" if number % 9 == 8 else "居民欢迎，继续办。",
        )
        for number, project in enumerate(projects)
        if project.status == ProjectStatus.RUNNING
    )  # fmt: skip


def offer_resources(world: World) -> list[Resource]:
    """Each of the 32 units offers something; two wait for the community's review."""
    tree, rng = world.tree(HAIHENG.key), world.setting.rng("resources")
    buildings = [house for facts in tree.grids() for house in facts.buildings[:1]]
    kinds = set(Need.Kind.values)
    made = []
    for number, unit in enumerate(_thirty_two(tree)):
        kind, title, helps, capacity, measure, times = _OFFERS[number % len(_OFFERS)]
        assert kinds.issuperset(helps)
        made.append(
            Resource(
                **columns_of(tree.communities[0].org) | {"community": None}, unit=unit, kind=kind,
                title=title, need_kinds=list(helps), capacity=capacity, measure=measure,
                times=times, contact="工会联络员", building=rng.choice(buildings),
                status=ResourceStatus.OFFERED if number in (9, 21) else ResourceStatus.OPEN,
                available_from=world.setting.today - timedelta(days=200),
                valid_until=world.setting.today + timedelta(days=rng.choice((20, 120, 300))),
            )
        )  # fmt: skip
    return Resource.objects.bulk_create(made)
