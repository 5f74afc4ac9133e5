"""Departments, partners and property companies of the three places.

合肥学院, 启迪科技城 and 海尔工业园 stand in the report, as do the social organisations 益和, 益乐 and
益善 of 黄山; all other names are generic.
"""

from gridparty.demo.shapes import HAIHENG, HUANGSHAN, XUANCHENG
from gridparty.demo.world import TreeFacts, World
from orgs.levels import UnitKind
from orgs.models import Unit

DEPARTMENTS = {
    "城市管理局": "市容秩序、违法建设、小广告、占道经营",
    "消防救援大队": "消防监督检查、消防设施、疏散通道",
    "住房和城乡建设局": "物业管理、房屋安全、电梯与维修资金",
    "市场监督管理局": "食品安全、消费纠纷、特种设备、油烟登记",
    "公安分局": "治安、犬只、流动人口与出租房",
    "生态环境局": "噪声、油烟、污水排放",
    "民政局": "社会救助、养老、残疾人和儿童关爱",
    "人力资源和社会保障局": "就业、社保、劳资纠纷",
    "市政园林管理处": "道路、路灯、井盖、管网、绿化",
    "供电公司": "停电抢修、线路隐患",
    "供水公司": "停水抢修、二次供水",
    "燃气公司": "燃气泄漏抢修、入户安检",
}
_PARTNERS = (  # 29, which with the three of the report makes 32
    "社区卫生服务中心", "综合文化站", "第一小学", "第二小学", "初级中学", "第一幼儿园", "第二幼儿园", "农贸市场服务公司",
    "邻里中心", "公交场站", "环卫作业公司", "园林养护公司", "快递服务站", "商业广场", "农商银行网点", "邮政支局",
    "通信营业厅", "零部件企业", "食品企业", "家电配套企业", "物流园", "软件园", "创客空间", "养老服务中心",
    "残疾人之家", "社会工作服务中心", "志愿服务协会", "律师事务所", "调解工作室",
)  # fmt: skip
_FORCES = ("城管执法中队", "环卫所", "市政园林所", "平安物业服务公司", "综治中心", "物业管理办公室")


def build_units(world: World) -> None:
    """Create the units of every tree and remember them by name."""
    for tree in world.trees:
        rows = [*_departments(tree), *_own_units(tree)]
        tree.units = {unit.name: unit for unit in Unit.objects.bulk_create(rows)}


def _departments(tree: TreeFacts) -> list[Unit]:
    return [
        Unit(
            name=name, kind=UnitKind.POLICE if name == "公安分局" else UnitKind.FUNCTIONAL_DEPARTMENT,
            district_id=tree.plan.district, duties=duties,
        )
        for name, duties in DEPARTMENTS.items()
    ]  # fmt: skip


def _own_units(tree: TreeFacts) -> list[Unit]:
    names: list[tuple[str, UnitKind]] = []
    if tree.plan is HAIHENG:
        names = [
            ("合肥学院", UnitKind.UNIVERSITY),
            ("启迪科技城", UnitKind.RESIDENT_UNIT),
            ("海尔工业园", UnitKind.RESIDENT_UNIT),
            *((f"驻区{name}", UnitKind.RESIDENT_UNIT) for name in _PARTNERS),
        ]
    elif tree.plan is XUANCHENG:
        names = [(f"区直机关联建单位{n}", UnitKind.AGENCY) for n in range(1, 11)]
    elif tree.plan is HUANGSHAN:
        names = [(name, UnitKind.PROPERTY_SUPERVISION) for name in _FORCES]
        names += [(f"{name}社会组织", UnitKind.SOCIAL_ORG) for name in ("益和", "益乐", "益善")]
    names += [
        (property_company(community.plan.short), UnitKind.PROPERTY_COMPANY)
        for community in tree.communities
    ]
    return [
        Unit(name=name, kind=kind, district_id=tree.plan.district, street=tree.root)
        for name, kind in names
    ]


def property_company(short: str) -> str:
    """Return the name of a community's property company."""
    return f"{short}物业服务中心"


def forces(tree: TreeFacts) -> list[Unit]:
    """Return the six units that send a force into every grid (黄山 "1+6"), in slot order."""
    return [tree.units[name] for name in _FORCES]
