"""The words volunteers are described by: kinds of teams and activities, skills, times. Pure.

Team kinds: the six teams of 海恒 and the four groups of 宣城 (report, HH-23 and XC-22).
"""

from django.db.models import TextChoices

from orgs.levels import UnitKind


class TeamKind(TextChoices):
    HOME = "home", "家园守护"
    CHARITY = "charity", "爱心公益"
    NEIGHBOURS = "neighbours", "和谐邻里"
    CIVILITY = "civility", "文明劝导"
    SAFETY = "safety", "平安携手"
    CULTURE = "culture", "文化传承"
    RETIRED = "retired", "退休党员"
    YOUTH = "youth", "青年"
    WOMEN = "women", "巾帼"
    ELDERS = "elders", "五老"


class ActivityKind(TextChoices):
    """政策宣传, 清洁环境 and 扶贫帮困走访 are counted by the report (XC-23)."""

    POLICY = "policy", "政策宣传"
    CLEAN = "clean", "清洁环境"
    AID = "aid", "扶贫帮困走访"
    PATROL = "patrol", "志愿巡查"
    WISH = "wish", "圆微心愿"
    CARE = "care", "敬老助残"
    CHILDREN = "children", "青少年服务"
    CULTURE = "culture", "文化文艺"
    CIVILITY = "civility", "文明劝导"
    SAFETY = "safety", "平安宣防"
    OTHER = "other", "其他"


class Skill(TextChoices):
    MEDICAL = "medical", "医疗护理"
    REPAIR = "repair", "水电维修"
    LAW = "law", "法律咨询"
    TEACH = "teach", "作业辅导"
    COMPANY = "company", "陪伴聊天"
    COUNSEL = "counsel", "心理疏导"
    MEDIATE = "mediate", "矛盾调解"
    ARTS = "arts", "文艺书画"
    HAIR = "hair", "理发缝补"
    DIGITAL = "digital", "手机电脑"
    DRIVE = "drive", "驾驶接送"
    SPEAK = "speak", "政策宣讲"
    PATROL = "patrol", "治安巡逻"
    LABOUR = "labour", "打扫搬运"


class Times(TextChoices):
    """When somebody is free: half days of working days and of weekends."""

    WORKDAY_AM = "workday_am", "工作日上午"
    WORKDAY_PM = "workday_pm", "工作日下午"
    WORKDAY_EVE = "workday_eve", "工作日晚上"
    WEEKEND_AM = "weekend_am", "周末上午"
    WEEKEND_PM = "weekend_pm", "周末下午"
    WEEKEND_EVE = "weekend_eve", "周末晚上"


class ResourceKind(TextChoices):
    VENUE = "venue", "场地"
    PEOPLE = "people", "人员"
    FUND = "fund", "资金"
    GOODS = "goods", "物资"
    TECH = "tech", "技术"
    SERVICE = "service", "服务"
    INFO = "info", "信息"


class Side(TextChoices):
    """Who speaks in an evaluation."""

    BENEFICIARY = "beneficiary", "服务对象"
    ORGANISER = "organiser", "组织者"


# Units that bring resources and take over needs; departments do so through cases.
PARTNER_KINDS = (
    UnitKind.PARTNER, UnitKind.RESIDENT_UNIT, UnitKind.PROPERTY_COMPANY,
    UnitKind.PRIVATE_ENTERPRISE, UnitKind.SOCIAL_ORG, UnitKind.AGENCY, UnitKind.UNIVERSITY,
)  # fmt: skip
# The seven categories of 海恒's 42 projects; a patrol is led by a Party member (HH-20, HH-27).
PROJECT_CATEGORIES = (
    ("relay", "微爱接力", False), ("harmony", "邻里和谐", False), ("guard", "红色守护", True),
    ("civility", "文明新风", False), ("culture", "文化传承", False), ("children", "护苗成长", False),
    ("elders", "银龄关爱", False),
)  # fmt: skip
# 星级 by total hours (national practice); rows, so that a city sets its own.
STARS = ((100, 1), (300, 2), (600, 3), (1000, 4), (1500, 5))
# 积分规则: 1 a full hour, the leader half as much again, a fulfilled wish 2 more (domain brief §4C).
POINT_RULES = (
    ("hour", "每小时积分", "1.0"), ("lead", "带队人倍数", "1.5"), ("wish", "圆微心愿加分", "2.0"),
    ("cap", "每次活动最多计分小时（0 不限）", "0.0"),
)  # fmt: skip


def words(codes: list[str], of: type[TextChoices]) -> str:
    """Return the labels of stored codes, 、 between them; codes no longer known are left out."""
    labels = dict(of.choices)
    return "、".join(str(labels[code]) for code in codes if code in labels)
