"""Fixed words of the councils: levels, seats and the five parties, kinds of meetings. Pure.

五彩风车 (海恒): the grid's Party branch is the hub, five parties are its blades. A seat is of one
kind; which blade it stands for follows from the kind (domain brief HH-27, HS-16, HS-17).
"""

from django.db.models import TextChoices

from orgs.levels import UnitKind

# §4B: the agenda is published at least so many days before the meeting; a resolution is announced
# at least so many days; so many percent of the households objecting take it back to the table.
NOTICE_DAYS = 3
ANNOUNCE_DAYS = 5
OBJECTION_PERCENT = 20
RELAPSE_DAYS = 90
PARTIES_NEEDED = 3
MAX_PHOTOS = 9
MAX_TITLE, MAX_TEXT, MAX_NOTE = 60, 2000, 500


class CouncilLevel(TextChoices):
    GRID = "grid", "网格党群议事会"
    COMMUNITY = "community", "社区党建联席会议"


class Party(TextChoices):
    """The hub and the five blades."""

    BRANCH = "branch", "网格党支部"
    COMMITTEE = "committee", "居委会"
    OWNERS = "owners", "业委会"
    RESIDENTS = "residents", "居民"
    SOCIAL = "social", "社会组织"
    PROPERTY = "property", "物业公司"


HUB = Party.BRANCH
BLADES = (Party.COMMITTEE, Party.OWNERS, Party.RESIDENTS, Party.SOCIAL, Party.PROPERTY)


class SeatKind(TextChoices):
    BRANCH = "branch", "网格党支部"
    COMMITTEE = "committee", "居委会"
    OWNERS = "owners", "业委会"
    RESIDENT = "resident", "居民代表"
    CORRIDOR_HEAD = "corridor_head", "红色楼道长"
    FLOATING = "floating", "流动人口代表"
    SOCIAL_ORG = "social_org", "社会组织"
    PROPERTY = "property", "物业公司"
    PARTNER = "partner", "共建单位"
    RESIDENT_UNIT = "resident_unit", "驻区单位"
    ENTERPRISE = "enterprise", "非公企业"
    POLICE = "police", "公安"
    URBAN_MANAGEMENT = "urban_management", "城管"
    SUPERVISION = "supervision", "物管"
    OTHER = "other", "其他"


PARTY_OF: dict[str, str] = {
    SeatKind.BRANCH: Party.BRANCH,
    SeatKind.COMMITTEE: Party.COMMITTEE,
    SeatKind.OWNERS: Party.OWNERS,
    SeatKind.RESIDENT: Party.RESIDENTS,
    SeatKind.CORRIDOR_HEAD: Party.RESIDENTS,
    SeatKind.FLOATING: Party.RESIDENTS,
    SeatKind.SOCIAL_ORG: Party.SOCIAL,
    SeatKind.PROPERTY: Party.PROPERTY,
}
# Which seat a unit takes when it joins.
SEAT_OF_UNIT: dict[str, str] = {
    UnitKind.FUNCTIONAL_DEPARTMENT: SeatKind.OTHER,
    UnitKind.PARTNER: SeatKind.PARTNER,
    UnitKind.RESIDENT_UNIT: SeatKind.RESIDENT_UNIT,
    UnitKind.PROPERTY_COMPANY: SeatKind.PROPERTY,
    UnitKind.PRIVATE_ENTERPRISE: SeatKind.ENTERPRISE,
    UnitKind.SOCIAL_ORG: SeatKind.SOCIAL_ORG,
    UnitKind.POLICE: SeatKind.POLICE,
    UnitKind.URBAN_MANAGEMENT: SeatKind.URBAN_MANAGEMENT,
    UnitKind.PROPERTY_SUPERVISION: SeatKind.SUPERVISION,
    UnitKind.AGENCY: SeatKind.PARTNER,
    UnitKind.UNIVERSITY: SeatKind.RESIDENT_UNIT,
}


class MeetingKind(TextChoices):
    """黄山: 会商、议事、协调制度."""

    CONSULT = "consult", "会商"
    DELIBERATE = "deliberate", "议事"
    COORDINATE = "coordinate", "协调"


class Presence(TextChoices):
    PRESENT = "present", "到会"
    PROXY = "proxy", "委托他人"
    ABSENT = "absent", "缺席"


class TopicSource(TextChoices):
    RESIDENT = "resident", "居民提出"
    ONLINE = "online", "网上征集"
    HEAD = "head", "红色楼道长"
    VISIT = "visit", "走访"
    CASE = "case", "事项转来"
    BRANCH = "branch", "支部提出"
    OWNERS = "owners", "业委会提出"
    UNIT = "unit", "单位提出"


class Way(TextChoices):
    """How an opinion, a vote or an objection was given."""

    MEETING = "meeting", "会上当面"
    PAPER = "paper", "书面"
    PROXY = "proxy", "委托代交"
    PHONE = "phone", "电话"
    ONLINE = "online", "网上"


class RejectReason(TextChoices):
    PRIVATE = "private", "只涉及个别人，不属公共事务"
    LAW = "law", "不符合法律法规"
    CHANNEL = "channel", "应走信访、诉讼等渠道"
    BEYOND = "beyond", "超出社区权限"
    REPEATED = "repeated", "已有同样议题"


class Conclusion(TextChoices):
    ADOPTED = "adopted", "通过"
    DEFERRED = "deferred", "暂缓，下次再议"
    NO_CONSENSUS = "no_consensus", "未达成一致，提交上级议事"
    DISCUSSED = "discussed", "只作通报交流"


class Effect(TextChoices):
    GOOD = "good", "效果好"
    FAIR = "fair", "基本解决"
    POOR = "poor", "没有解决"


class PhotoKind(TextChoices):
    BEFORE = "before", "办理前"
    AFTER = "after", "办理后"
    MEETING = "meeting", "会议"
