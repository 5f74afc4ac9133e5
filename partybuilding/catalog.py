"""Fixed words of Party work. Pure."""

from django.db.models import TextChoices

from orgs.levels import UnitKind

MAX_PHOTOS = 9
MAX_LINE, MAX_TEXT = 200, 2000


class FiveKind(TextChoices):
    """海恒 “五个一”: what every grid branch does each month (domain brief §3C), in this order."""

    STUDY = "study", "开展一次学习"
    TELL = "tell", "通报一些情况"
    REPORT = "report", "汇报一块工作"
    CLAIM = "claim", "认领一批任务"
    CONSULT = "consult", "协商一些难题"


FIVE_SHORT: dict[str, str] = {
    FiveKind.STUDY: "学习", FiveKind.TELL: "通报", FiveKind.REPORT: "汇报", FiveKind.CLAIM: "认领",
    FiveKind.CONSULT: "协商",
}  # fmt: skip
# Recordable without counting as late until so many working days after the month.
GRACE_WORKDAYS = 3
# Half the members at least, for a study to count.
STUDY_PERCENT = 50
REPORT_CHARACTERS = 50
REMIND_ON = (20, 27)
# Points of a confirmed item: on time, late.
ON_TIME, LATE = 1.0, 0.5


class Channel(TextChoices):
    MEETING = "meeting", "会议"
    GROUP = "group", "工作群"
    NOTICE = "notice", "公告栏"


class PostCategory(TextChoices):
    """The eight kinds of posts members claim (中江: 一单一表一卡; domain brief §2.7)."""

    BUILDING_UP = "building_up", "组织建设"
    LAW = "law", "法律咨询与援助"
    AID = "aid", "助困扶残与就业援助"
    GOVERNANCE = "governance", "社区治理"
    HEALTH = "health", "健康医疗"
    CULTURE = "culture", "文化体育"
    SAFETY = "safety", "安全宣传与治安巡逻"
    OTHER = "other", "其他"


class DutyKind(TextChoices):
    """海恒: 党员责任区, 党员责任岗."""

    AREA = "area", "党员责任区"
    POST = "post", "党员责任岗"


class Grade(TextChoices):
    EXCELLENT = "excellent", "优秀"
    GOOD = "good", "合格"
    FAIR = "fair", "基本合格"
    POOR = "poor", "不合格"


# 优秀 for a fifth of a community's members at most; hours a year that reach the mark (邢台桥西: 50).
EXCELLENT_PERCENT = 20
TARGET_HOURS = 50
# Half-yearly re-confirmation is asked from these days on; one missed for longer is not asked any more.
RECONFIRM_DAYS = ((6, 25), (12, 25))
RECONFIRM_LATEST = 92


class Dimension(TextChoices):
    """宣城 “五联共治” (XC-12)."""

    PARTY = "party", "党建联抓"
    GOVERN = "govern", "治理联促"
    CHARITY = "charity", "公益联办"
    ENVIRONMENT = "environment", "环境联管"
    CIVILITY = "civility", "文明联树"


class JointKind(TextChoices):
    ACTIVITY = "activity", "活动"
    MEETING = "meeting", "联席会议"


class Half(TextChoices):
    FIRST = "first", "半年"
    YEAR = "year", "全年"


class JudgeSide(TextChoices):
    COMMUNITY = "community", "社区评单位"
    UNIT = "unit", "单位评社区"


EXPIRING_DAYS = 30
# A branch of so many members elects a committee; smaller ones a secretary (支部工作条例; unverified).
COMMITTEE_MEMBERS = 7
# Reminded half a year before a term is over. Years of a term by tier, offered in the form.
TERM_ENDS_SOON = 183
TERM_YEARS = {1: 5, 2: 5, 3: 3}
# An election may be put off for a year at most.
MOST_PUT_OFF = 366
# What lies outside is a slip of the keyboard: years of an election, years of a term.
FIRST_TERM_YEAR, MOST_TERM_YEARS = 1921, 10


class DisplayPart(TextChoices):
    """What of a member is shown to the public, each only if he has agreed to it (五亮, HH-15)."""

    NAME = "name", "姓名"
    PHOTO = "photo", "照片"
    IDENTITY = "identity", "亮身份"
    PLEDGE = "pledge", "亮承诺"
    ACTION = "action", "亮行动"
    SERVICE = "service", "亮服务"
    RESULT = "result", "亮成效"


FIVE_LIGHTS = (
    DisplayPart.IDENTITY, DisplayPart.PLEDGE, DisplayPart.ACTION, DisplayPart.SERVICE,
    DisplayPart.RESULT,
)  # fmt: skip


class FundSource(TextChoices):
    """Whose money it is (黄山: 市、区统筹划拨, HS-09)."""

    CITY = "city", "市级"
    DISTRICT = "district", "区县"
    STREET = "street", "街道"
    COMMUNITY = "community", "社区"
    UNIT = "unit", "共建单位"


class FundPurpose(TextChoices):
    ACTIVITY = "activity", "活动经费"
    VENUE = "venue", "阵地建设"
    GRID_SUBSIDY = "grid_subsidy", "网格工作补贴"
    OTHER = "other", "其他"


# 驻区企事业单位 (海恒: 32); 合肥学院 is one of them.
LOCAL_UNITS = (UnitKind.RESIDENT_UNIT, UnitKind.UNIVERSITY)
# What the report counts together: money for activities and venues.
SUPPORT = (FundPurpose.ACTIVITY, FundPurpose.VENUE)


class TrainingKind(TextChoices):
    CLASS = "class", "集中培训"
    LECTURE = "lecture", "党课"
    SITE = "site", "现场教学"
    ONLINE = "online", "线上学习"


# 黄山 “五基” (HS-07): four statements each, five points a statement. [design] the statements.
FIVE_BASICS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "org": ("基本组织", (
        ("org_set", "党支部和党小组按网格、楼栋设置到位"), ("org_committee", "支部班子配齐，没有空缺"),
        ("org_term", "按期换届，任期没有超过"), ("org_cover", "每名党员都编入党小组"),
    )),
    "team": ("基本队伍", (
        ("team_secretary", "书记年度培训达到学时"), ("team_members", "党员名册清楚，流动党员有联系"),
        ("team_grid", "网格队伍齐配"), ("team_heads", "红色楼道长联系到户"),
    )),
    "activity": ("基本活动", (
        ("act_five", "每月五个一按时完成"), ("act_day", "主题党日每月一次，有记录"),
        ("act_lecture", "每季度有党课"), ("act_service", "党员志愿服务常态开展"),
    )),
    "system": ("基本制度", (
        ("sys_council", "议事会按期召开"), ("sys_duty", "责任区、责任岗上墙"),
        ("sys_report", "党员两地报到有回执、有反馈"), ("sys_open", "党务公开、五亮公示"),
    )),
    "means": ("基本保障", (
        ("mean_people", "有人办事：专职网格员到位"), ("mean_money", "有钱办事：当年有活动经费"),
        ("mean_place", "有场所办事：有固定活动场所"), ("mean_file", "台账资料完整，能当场拿出来"),
    )),
}  # fmt: skip
BASIC_POINTS = 5
# The self-check is opened a month before a half-year ends.
BASICS_OPEN = ((6, 1), (12, 1))


class HonourLevel(TextChoices):
    NATION = "nation", "国家级"
    PROVINCE = "province", "省级"
    CITY = "city", "市级"
    DISTRICT = "district", "区县级"
    STREET = "street", "街道级"


class ProgrammeKind(TextChoices):
    BRAND = "brand", "党建品牌"
    PROJECT = "project", "党建项目"
