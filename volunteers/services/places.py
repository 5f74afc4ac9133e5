"""The scope columns of a community."""

from typing import Any

from django.core.exceptions import PermissionDenied

from orgs.levels import Tier
from orgs.models import OrgUnit, User
from orgs.roles import CREATE, EDIT
from volunteers.sides import staff_communities


def columns_of(community: OrgUnit) -> dict[str, Any]:
    """Return district, street and community for a new row."""
    root = community.get_root()
    return {
        "district_id": (community.division_code or root.division_code or "")[:6],
        "street": root,
        "community": community,
    }


def require_community(community: OrgUnit, by: User | None, letters: str = CREATE + EDIT) -> None:
    """Refuse when `by` may not do so in the community (None: the system may)."""
    if community.tier != Tier.COMMUNITY:
        raise PermissionDenied("请选择社区。")
    if by is not None and not staff_communities(by, letters).filter(pk=community.pk).exists():
        raise PermissionDenied("这个社区不在您的管理范围内。")
