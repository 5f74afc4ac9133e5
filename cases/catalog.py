"""Defaults and closed lists of the cases app. Pure; the rows they seed are editable in the admin.

Categories: domain brief §3G. SLA classes: §2.5 (reading of Beijing, Shandong and 宁国 rules).
"""

from dataclasses import dataclass

from django.db.models import TextChoices


class Source(TextChoices):
    PATROL = "patrol", "网格员巡查"
    VISIT = "visit", "走访"
    CAMPAIGN = "campaign", "专项排查"
    WEB = "web", "居民扫码（网页）"
    WECHAT = "wechat", "微信群"
    HOTLINE = "hotline", "12345转办"
    GOVERNANCE = "governance", "综治一网清"
    CORRIDOR_HEAD = "corridor_head", "红色楼道长"
    MEMBER = "member", "党员"
    LEADER = "leader", "领导交办"
    TOPIC = "topic", "议事转化"
    COUNTER = "counter", "来电来访"
    OPEN311 = "open311", "开放接口"


# Orders of other systems, which want an answer in their own time.
FROM_OUTSIDE = (Source.HOTLINE, Source.GOVERNANCE)
# What residents send themselves: open registers show these, and nothing a colleague wrote.
FROM_RESIDENTS = (Source.WEB, Source.OPEN311)
# What a colleague may say; the open interface says itself.
BY_HAND = [choice for choice in Source.choices if choice[0] != Source.OPEN311]


class Level(TextChoices):
    """How high the case has been called: 小事不出网格, 大事不出社区."""

    GRID = "grid", "网格"
    COMMUNITY = "community", "社区"
    STREET = "street", "街道"


class LimitUnit(TextChoices):
    MINUTES = "minutes", "分钟"
    HOURS = "hours", "小时"
    WORKDAYS = "workdays", "工作日"


class WhistleKind(TextChoices):
    ENFORCEMENT = "enforcement", "综合执法哨"
    KEY_WORK = "key_work", "重点工作哨"
    EMERGENCY = "emergency", "应急处置哨"
    DAILY = "daily", "日常事项哨"


class Arrival(TextChoices):
    """How a department answered a whistle; read from its own arrival clock, never typed."""

    ON_TIME = "on_time", "按时到场"
    LATE = "late", "迟到"
    NO_SHOW = "no_show", "未到场"


ARRIVAL_POINTS = {Arrival.ON_TIME: 100, Arrival.LATE: 60, Arrival.NO_SHOW: 0}
# Marks of 1 to 5 for 解决 and 态度; up to LOW_MARK a reason is asked for.
MARKS = ((5, "很好"), (4, "较好"), (3, "一般"), (2, "较差"), (1, "很差"))
POINTS_PER_MARK = 20
LOW_MARK = 2


class LowReason(TextChoices):
    SLOW = "slow", "推诿拖延"
    UNSOLVED = "unsolved", "问题没有解决"
    ATTITUDE = "attitude", "态度生硬"
    ALONE = "alone", "不与其他部门配合"
    OTHER = "other", "其他（写在说明里）"


class RejectReason(TextChoices):
    OUT_OF_SCOPE = "out_of_scope", "不属于受理范围"
    LEGAL_CHANNEL = "legal_channel", "应通过诉讼、仲裁、信访等渠道解决"
    CALL_EMERGENCY = "call_emergency", "紧急情况，请立即拨打 110、119 或 120"
    DUPLICATE = "duplicate", "重复反映"
    INSUFFICIENT = "insufficient", "信息不足，无法核实"
    MALICIOUS = "malicious", "恶意或虚假反映"


class ReturnReason(TextChoices):
    NOT_OUR_DUTY = "not_our_duty", "不属于本单位职责"
    NOT_OUR_AREA = "not_our_area", "不属于本单位管辖范围"
    NEEDS_OTHER_LEAD = "needs_other_lead", "应由其他单位牵头"
    UNCLEAR = "unclear", "情况不清，需补充核实"


class ReopenReason(TextChoices):
    REVISIT = "revisit", "回访未解决或不满意"
    REPORTER = "reporter", "反映人不认可办理结果"
    RELAPSE = "relapse", "问题反弹"
    UPPER_LEVEL = "upper_level", "上级要求重新办理"


class HangReason(TextChoices):
    """Why there is no condition to solve it now (挂账)."""

    HISTORY = "history", "历史遗留"
    OWNERSHIP = "ownership", "权属不清"
    FUNDS = "funds", "资金未落实"
    POLICY = "policy", "政策不明"


class SupervisionLevel(TextChoices):
    YELLOW = "yellow", "黄牌"
    RED = "red", "红牌"


class RequestKind(TextChoices):
    EXTENSION = "extension", "延期"
    HANG = "hang", "挂账"


class Pending(TextChoices):
    """A request that waits, by who answers it; a second extension is always the street's."""

    EXTENSION = "extension", "延期申请（社区答复）"
    EXTENSION_STREET = "extension_street", "延期申请（街道答复）"
    HANG = "hang", "挂账申请（街道答复）"


class VoidReason(TextChoices):
    DUPLICATE = "duplicate", "重复登记"
    TEST = "test", "测试数据"
    MISTAKE = "mistake", "登记错误"


class Outcome(TextChoices):
    """What the handler says of the result; the revisit is asked the same independently."""

    SOLVED = "solved", "已解决"
    PARTLY = "partly", "部分解决"
    EXPLAINED = "explained", "已解释说明"


class CheckMethod(TextChoices):
    ON_SITE = "on_site", "现场查看"
    PHONE = "phone", "电话核实"


class Solved(TextChoices):
    YES = "yes", "已解决"
    PARTLY = "partly", "部分解决"
    NO = "no", "未解决"


class Satisfaction(TextChoices):
    SATISFIED = "satisfied", "满意"
    BASICALLY = "basically", "基本满意"
    UNSATISFIED = "unsatisfied", "不满意"


class UnsatisfiedReason(TextChoices):
    ATTITUDE = "attitude", "服务态度"
    SPEED = "speed", "办理效率"
    RESULT = "result", "办理结果"
    UNREASONABLE = "unreasonable", "诉求不合理"


class RevisitMethod(TextChoices):
    PHONE = "phone", "电话"
    DOOR = "door", "上门"
    ONLINE = "online", "网络"
    SITE = "site", "现场查看"  # nobody to ask: somebody looks


EMERGENCY = "emergency"
NORMAL = "normal"

MAX_TEXT = 2000
MAX_NOTE = 1000
MAX_PHOTOS = 9


@dataclass(frozen=True)
class SlaRow:
    """One SLA class; every limit is (amount, unit) or None for "no limit"."""

    code: str
    name: str
    check: tuple[int, str]
    sign: tuple[int, str]
    contact: tuple[int, str] | None
    handle: tuple[int, str]


_M, _H, _D = LimitUnit.MINUTES, LimitUnit.HOURS, LimitUnit.WORKDAYS
SLA_CLASSES = (
    SlaRow(EMERGENCY, "紧急", (2, _H), (30, _M), (1, _H), (24, _H)),
    SlaRow("urgent", "急办", (1, _D), (2, _H), (4, _H), (1, _D)),
    SlaRow(NORMAL, "一般", (1, _D), (1, _D), (1, _D), (5, _D)),
    SlaRow("complex", "复杂", (1, _D), (1, _D), (2, _D), (10, _D)),
    SlaRow("consult", "咨询", (1, _D), (1, _D), None, (2, _D)),
)


@dataclass(frozen=True)
class CategoryRow:
    """One category; `parent` is "" for the first level."""

    slug: str
    name: str
    parent: str = ""
    sla: str = NORMAL
    level: str = Level.GRID
    confidential: bool = False
    needs_photo: bool = False


def _group(
    slug: str,
    name: str,
    children: str,
    *,
    sla: str = NORMAL,
    level: str = Level.GRID,
    needs_photo: bool = False,
) -> list[CategoryRow]:
    """Read "slug name[!class][@level][*confidential]" lines into a first level with children."""
    rows = [CategoryRow(slug, name, sla=sla, level=level, needs_photo=needs_photo)]
    for word in children.split():
        key, label = word.split(":")
        confidential = label.endswith("*")
        label, _, own_sla = label.removesuffix("*").partition("!")
        rows.append(
            CategoryRow(
                f"{slug}-{key}", label, slug, own_sla or sla, level, confidential, needs_photo
            )
        )
    return rows


CATEGORIES: tuple[CategoryRow, ...] = (
    *_group(
        "safety",
        "公共安全",
        "fire:消防隐患!urgent falling:高空坠物!urgent ebike:电动车飞线!urgent gas:燃气!emergency "
        "dangerous-building:危房!emergency other:其他公共安全",
        needs_photo=True,
    ),
    *_group(
        "sanitation",
        "环境卫生",
        "rubbish:垃圾 sewage:污水 fumes:油烟 noise:噪声 clutter:楼道堆物 pests:除四害",
        needs_photo=True,
    ),
    *_group(
        "facilities",
        "市政设施",
        "road:道路 lamp:路灯 manhole:井盖!urgent pipes:管网!urgent greenery:绿化",
        level=Level.STREET,
        needs_photo=True,
    ),
    *_group(
        "property",
        "物业管理",
        "parking:停车 lift:电梯!urgent repair:维修 fees:收费 access:门禁 income:公共收益",
        level=Level.COMMUNITY,
    ),
    *_group(
        "dispute",
        "矛盾纠纷",
        "neighbours:邻里 family:家庭 property:物业纠纷 labour:劳资!complex "
        "consumer:消费 relocation:征迁!complex",
        level=Level.COMMUNITY,
    ),
    *_group(
        "order",
        "城市秩序",
        "occupation:占道 illegal-building:违建!complex parking:乱停 adverts:小广告 dogs:犬只",
        level=Level.STREET,
        needs_photo=True,
    ),
    *_group(
        "livelihood",
        "民生保障",
        "insurance:社保 relief:救助 jobs:就业 housing:住房 medical:就医 education:教育 "
        "elderly:养老 disabled:残疾人",
        level=Level.COMMUNITY,
    ),
    *_group("rental", "流动人口与出租房", "register:流动人口登记 rental:出租房管理"),
    *_group("security", "治安隐患", "clue:违法线索举报* hazard:治安隐患排查", sla="urgent"),
    *_group("policy", "政策咨询", "policy:政策咨询", sla="consult"),
    *_group("suggestion", "意见建议", "suggestion:意见建议"),
    *_group("praise", "表扬", "praise:表扬", sla="consult"),
    *_group("other", "其他", "utilities:停水停电停气!urgent other:其他事项"),
)
