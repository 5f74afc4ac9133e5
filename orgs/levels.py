"""Tiers, forms and kinds of the tree and of units. Pure; labels are what users read.

Tier and form are separate facts: 海恒 is a 党委 at tier 1, its communities are 党总支 at tier 2;
a three-level tree (黄山) begins at tier 2 (domain rule: report, §0.2 of the field notes).
"""

from django.db.models import IntegerChoices, TextChoices


class Tier(IntegerChoices):
    STREET = 1, "街道级"
    COMMUNITY = 2, "社区级"
    BRANCH = 3, "网格支部级"
    GROUP = 4, "楼栋小组级"


class OrgForm(TextChoices):
    WORKING_COMMITTEE = "working_committee", "党工委"
    COMMITTEE = "committee", "党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"
    GROUP = "group", "党小组"


FORMS_AT_TIER: dict[int, frozenset[str]] = {
    Tier.STREET: frozenset({OrgForm.WORKING_COMMITTEE, OrgForm.COMMITTEE}),
    Tier.COMMUNITY: frozenset({OrgForm.COMMITTEE, OrgForm.GENERAL_BRANCH, OrgForm.BRANCH}),
    Tier.BRANCH: frozenset({OrgForm.BRANCH, OrgForm.GENERAL_BRANCH}),
    Tier.GROUP: frozenset({OrgForm.GROUP}),
}
ROOT_TIERS = frozenset({Tier.STREET, Tier.COMMUNITY})


class OrgStatus(TextChoices):
    ACTIVE = "active", "在用"
    ABOLISHED = "abolished", "已撤销"


class CoverageKind(TextChoices):
    BUILDING = "building", "楼栋"
    LANE = "lane", "街巷"
    ESTATE = "estate", "小区"


class RegionLevel(IntegerChoices):
    PROVINCE = 1, "省级"
    CITY = 2, "地级"
    DISTRICT = 3, "县级"
    STREET = 4, "乡级"
    COMMUNITY = 5, "村级"


REGION_CODE_LENGTH: dict[int, int] = {1: 2, 2: 4, 3: 6, 4: 9, 5: 12}


class UnitKind(TextChoices):
    FUNCTIONAL_DEPARTMENT = "functional_department", "职能部门"
    PARTNER = "partner", "共建单位"
    RESIDENT_UNIT = "resident_unit", "驻区单位"
    PROPERTY_COMPANY = "property_company", "物业公司"
    PRIVATE_ENTERPRISE = "private_enterprise", "非公企业"
    SOCIAL_ORG = "social_org", "社会组织"
    POLICE = "police", "公安"
    URBAN_MANAGEMENT = "urban_management", "城管"
    PROPERTY_SUPERVISION = "property_supervision", "物管"
    AGENCY = "agency", "市县机关"
    UNIVERSITY = "university", "高校"


class PostKind(TextChoices):
    SECRETARY = "secretary", "书记"
    DEPUTY_SECRETARY = "deputy_secretary", "副书记"
    ORGANISATION = "organisation", "组织委员"
    PUBLICITY = "publicity", "宣传委员"
    DISCIPLINE = "discipline", "纪检委员"
    GROUP_LEADER = "group_leader", "党小组组长"


class SourceIdentity(TextChoices):
    """Where leading members come from (宣城: 966 branch leaders and group heads)."""

    COMMITTEE = "committee", "社区“两委”"
    GRID_HEAD = "grid_head", "网格长"
    CORRIDOR_HEAD = "corridor_head", "红色楼道长"
    PROPERTY = "property", "物业公司"
    RESIDENT = "resident", "热心居民"
    AGENCY = "agency", "机关单位"
    OTHER = "other", "其他"
