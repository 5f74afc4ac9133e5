"""Needs of 海恒 on their way: published, claimed by units, met and spoken of."""

from datetime import timedelta

from gridparty.demo.doorsteps import settled_homes
from gridparty.demo.shapes import HAIHENG
from gridparty.demo.world import World
from residents.models import Need
from residents.services import create_need, move_need
from volunteers.models import Claim, Project, Resource
from volunteers.services.claims import move_claim, put_into_project, send_to
from volunteers.workflow import ProjectStatus, ResourceStatus

# kind, what staff read, what all read, where it came from
_WANTED = (
    ("company", "独居，子女在外地，想有人陪着复查", "一位独居老人想有人陪着去医院复查", "visit"),
    ("repair", "厨房水龙头漏水，找不到人修", "一户老人家里水龙头漏水，想请人修一修", "visit"),
    ("school", "孩子数学跟不上，想有人辅导", "一名初中生想有人辅导数学", "survey"),
    ("goods", "想要一床厚被子过冬", "一位老人想要一床厚被子过冬", "wish"),
    ("job", "下岗半年，想找份近的工作", "一位居民想在附近找份工作", "resident"),
    ("medical", "血压不稳，想有人定期量", "一位老人想有人定期上门量血压", "care"),
    ("company", "想学用手机和孙子视频", "一位老人想学用手机和家人视频", "wish"),
    ("policy", "高龄津贴材料不会准备", "一位老人想请人帮忙准备高龄津贴材料", "case"),
)
# What has become of each: still open, claimed, under way, met.
_ENDS = ("met", "met", "live", "sent", "", "met", "project", "")


def match_needs(world: World, projects: list[Project], resources: list[Resource]) -> None:
    """Take the needs of twelve homes in the demo community through the three lists."""
    community = world.tree(HAIHENG.key).communities[0]
    today = world.setting.today
    running = [
        one for one in projects
        if one.community_id == community.org.pk and one.status == ProjectStatus.RUNNING
    ]  # fmt: skip
    grids = [facts for facts in community.grids[1:] if facts.head is not None and facts.buildings]
    for number, (facts, wanted, end) in enumerate(zip(grids, _WANTED, _ENDS, strict=False)):
        kind, text, public, source = wanted
        home = settled_homes(facts, 1)[0]
        assert facts.head is not None
        need = create_need(
            household=home.household, residency=home, by=facts.head, kind=kind, text=text,
            public_text=public, source=source, privacy=Need.Privacy.OPEN,
            wanted_by=today + timedelta(days=14),
        )  # fmt: skip
        move_need(need=need, move="publish", by=facts.head)
        if end:
            fitting = [
                one for one in resources
                if kind in one.need_kinds and one.status == ResourceStatus.OPEN
            ]  # fmt: skip
            _follow(need, fitting[number % len(fitting)], end, running[number % len(running)])
        made = world.setting.today - timedelta(days=20 + number)
        Need.objects.filter(pk=need.pk).update(created_at=f"{made}T09:00:00+08:00")


def _follow(need: Need, resource: Resource, end: str, project: Project) -> None:
    claim = send_to(need=need, unit=resource.unit, resource=resource, quantity=1, by=None)
    if end != "sent":
        move_claim(claim=claim, name="accept", by=None)
    if end == "project":
        put_into_project(claim=claim, project=project, by=None)
    if end == "met":
        move_claim(claim=claim, name="deliver", by=None, note="按约定上门办好了。")
    ago = timedelta(days=9)
    row = Claim.objects.get(pk=claim.pk)
    matched = row.matched_at - ago if row.matched_at else None
    Claim.objects.filter(pk=claim.pk).update(
        created_at=row.created_at - 2 * ago, matched_at=matched
    )
    if end == "met":
        Need.objects.filter(pk=need.pk).update(wanted_by=(row.created_at - ago).date())
