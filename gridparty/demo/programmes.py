"""Brands and projects of the demonstration, with the work done under their names."""

from datetime import datetime, timedelta

from gridparty.demo.shapes import HAIHENG, HUANGSHAN, XUANCHENG
from gridparty.demo.world import World
from gridparty.lib.china_time import local_date
from orgs.models import OrgUnit, Unit
from partybuilding import services
from partybuilding.models import FundAllocation, JointRecord, PolicyPaper, Programme, Training

_BRANDS = (  # (tree, kind, name, slogan, what it does)
    (XUANCHENG.key, "brand", "蜂巢共筑", "支部建在网格，红管家在身边",
     "以网格党支部为巢，联点共建单位、红色楼道长、志愿者共同治理。"),
    (HUANGSHAN.key, "brand", "双网融合", "党建网格和治理网格并成一张网",
     "党建网格和综治网格合并编号，一支队伍管到底。"),
    (HAIHENG.key, "brand", "绣花海恒", "红色网格，绣花功夫",
     "力量下沉网格、资源汇聚网格，每月五个一，季度双百分。"),
    (HAIHENG.key, "project", "微爱接力", "一人一小时，邻里有人帮", "党员带头，志愿者接力照看独居老人和困难家庭。"),
)  # fmt: skip


def build_programmes(world: World, now: datetime) -> None:
    """Each with the units of its place; trainings, funds, documents and joint work linked."""
    today = local_date(now)
    for key, kind, name, slogan, text in _BRANDS:
        root = world.tree(key).root
        one = services.begin_programme(
            org=root, kind=kind, name=name, slogan=slogan, text=text, by=None,
            started_on=today - timedelta(days=300), units=list(Unit.objects.serving(root)[:8]),
        )  # fmt: skip
        _link(one, root)


def _link(one: Programme, root: OrgUnit) -> None:
    work = {
        "record": JointRecord.objects.filter(alliance__street=root).order_by("-pk")[:6],
        "training": Training.objects.filter(street=root).order_by("-pk")[:4],
        "fund": FundAllocation.objects.filter(street=root, purpose="activity").order_by("pk")[:1],
        "paper": PolicyPaper.objects.filter(street=root).order_by("-pk")[:1],
    }
    if any(work.values()):
        services.link_work(
            programme=one, by=None, **{name: list(rows) for name, rows in work.items()}
        )
