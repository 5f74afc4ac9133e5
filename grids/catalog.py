"""Kinds of grids, other systems and the size rule. Pure."""

from django.db.models import TextChoices


class GridKind(TextChoices):
    RESIDENTIAL = "residential", "住宅小区"
    EXCLUSIVE = "exclusive", "专属"
    RESERVED = "reserved", "预留"


class GridStatus(TextChoices):
    ACTIVE = "active", "在用"
    RESERVED = "reserved", "预留"
    CLOSED = "closed", "已撤销"


class PropertyStatus(TextChoices):
    MANAGED = "managed", "有物业"
    SEMI_MANAGED = "semi_managed", "准物业"
    UNMANAGED = "unmanaged", "无物业"
    COMMUNITY_RUN = "community_run", "社区托管"


class LegacySystem(TextChoices):
    PARTY = "party", "党建"
    GOVERNANCE = "governance", "综治"
    PETITION = "petition", "信访"
    URBAN = "urban", "城管"
    OTHER = "other", "其他"


class SlotSource(TextChoices):
    """Where the person in a team slot must come from."""

    TWO_COMMITTEES = "two_committees", "社区“两委”"
    STREET = "street", "乡镇（街道）"
    PAIRED_UNIT = "paired_unit", "联建单位"
    FULL_TIME = "full_time", "专职"
    POLICE = "police", "公安"
    FIVE_ELDERS = "five_elders", "“五老”"
    CORRIDOR_HEAD = "corridor_head", "红色楼道长"
    VOLUNTEER = "volunteer", "志愿者"
    CHECKED_IN_MEMBER = "checked_in_member", "报到党员"
    PROPERTY = "property", "物业"
    UNIT = "unit", "单位"
    OTHER = "other", "其他"


# 海恒 draws a grid around "about 500 resident households"; outside the band it only warns.
TARGET_HOUSEHOLDS = 500
MIN_HOUSEHOLDS = 300
MAX_HOUSEHOLDS = 700


def size_warning(households: int) -> str:
    """Return a sentence when a residential grid is far from 500 households, else ""."""
    if households < MIN_HOUSEHOLDS:
        return f"{households} 户，少于 {MIN_HOUSEHOLDS} 户，可考虑与相邻网格合并。"
    if households > MAX_HOUSEHOLDS:
        return f"{households} 户，多于 {MAX_HOUSEHOLDS} 户，可考虑拆分。"
    return ""
