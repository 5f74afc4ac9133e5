"""What a tree write must hold to; each rule raises ValidationError with a sentence."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from gridparty.lib.text import clean_text, has_nul
from orgs.levels import FORMS_AT_TIER, ROOT_TIERS, OrgForm, Tier
from orgs.models import OrgUnit, User
from orgs.roles import Noun
from orgs.scope import can, refusal


def check_may(by: User | None, letters: str, *nodes: OrgUnit) -> None:
    """Refuse unless `by` holds `letters` on organisations at every node (None: the system may)."""
    if by is None:
        return
    if not can(by, Noun.ORG, letters):
        raise PermissionDenied(refusal(by, Noun.ORG, letters))
    by.__dict__.pop("grants", None)  # tree numbers may have moved since they were read
    wanted = {node.pk for node in nodes}
    if OrgUnit.objects.visible_to(by, letters).filter(pk__in=wanted).count() < len(wanted):
        raise PermissionDenied("这个组织不在您的管理范围内。")


def check_name(name: str) -> str:
    """Return the cleaned name; refuse an empty, overlong or unstorable one."""
    if has_nul(name):
        raise ValidationError({"name": "名称里有不可见的空字符，请删除后重填。"})
    cleaned = clean_text(name)
    longest = OrgUnit._meta.get_field("name").max_length or 80
    if not cleaned:
        raise ValidationError({"name": "请填写名称。"})
    if len(cleaned) > longest:
        raise ValidationError({"name": f"名称最多 {longest} 个字，现在是 {len(cleaned)} 个。"})
    return cleaned


def check_active(*nodes: OrgUnit) -> None:
    for node in nodes:
        if not node.is_active:
            raise ValidationError(f"“{node.name}”已撤销，不能再调整。")


def check_place(tier: int, parent: OrgUnit | None) -> None:
    """A child lies deeper than its parent (skipping a tier is allowed); roots are tier 1 or 2."""
    if parent is None and tier not in ROOT_TIERS:
        raise ValidationError({"parent": "只有街道级和社区级组织可以没有上级，请选择上级组织。"})
    if parent is not None and tier <= parent.tier:
        raise ValidationError(
            {
                "parent": f"{Tier(tier).label}组织不能设在{parent.get_tier_display()}的"
                f"“{parent.name}”下，下级的层级必须更低。"
            }
        )


def check_form(tier: int, org_form: str) -> None:
    if tier not in Tier.values:
        raise ValidationError({"tier": "层级只能是 1 到 4。"})
    if org_form not in FORMS_AT_TIER[tier]:
        allowed = "、".join(form.label for form in OrgForm if form in FORMS_AT_TIER[tier])
        raise ValidationError({"org_form": f"{Tier(tier).label}组织的形式只能是：{allowed}。"})


def check_unused_name(name: str, parent: OrgUnit | None, *, besides: int | None = None) -> None:
    """Refuse a live sibling of the same name. Roots are told apart by their division instead."""
    if parent is None:
        return
    twins = OrgUnit.objects.filter(parent=parent, name=name).active().exclude(pk=besides)
    if twins.exists():
        raise ValidationError({"name": f"“{parent.name}”下已有“{name}”。"})


def check_unused_division(code: str | None) -> None:
    if code and OrgUnit.objects.filter(division_code=code).exists():
        raise ValidationError({"division_code": f"区划代码 {code} 已有对应的组织。"})


def day_or_today(day: date | None) -> date:
    return day or timezone.localdate()
