"""Finding communities: under the code of a street or a community, and by the names people write."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from gridparty.lib.text import squash
from orgs.levels import Tier
from orgs.models import OrgUnit
from orgs.querysets import subtree_q
from orgs.roles import Noun
from orgs.scope import Grant, any_of, grants_with

# What people add to or leave off a community's own name (耕云居民委员会, 耕云社区党总支, 耕云).
_ENDINGS = re.compile(
    r"(社区居民委员会|社区居委会|居民委员会|居委会|村民委员会|村委会|社区党总支|社区党支部"
    r"|社区党委|党总支|党支部|党委|社区)$"
)


def communities_under(code: str) -> list[OrgUnit]:
    """Return the active communities of a street (9 digits, or 12 ending in 000) or the one (12).

    A street without a node of its own (three-level trees) is known by its communities' codes.
    ValidationError: no such code, or not loaded into the tree yet.
    """
    code = squash(code)
    if len(code) == 12 and code.endswith("000"):
        code = code[:9]
    if not (code.isascii() and code.isdigit() and len(code) in (9, 12)):
        raise ValidationError(f"代码“{code}”应为 9 位街道代码或 12 位社区代码。", code="code")
    nodes = OrgUnit.objects.active().select_related("region")
    node = nodes.filter(division_code=code).first()
    if node is not None:
        found = node.get_descendants(include_self=True).filter(tier=Tier.COMMUNITY)
        communities = list(found.active().select_related("region"))
    else:
        communities = list(nodes.filter(tier=Tier.COMMUNITY, division_code__startswith=code))
    if not communities:
        raise ValidationError(
            f"组织树里没有代码 {code} 的街道或社区。请检查代码，或先用 load_divisions 加 --streets 载入。",
            code="unknown",
        )
    return sorted(communities, key=lambda community: community.division_code or "")


def communities_where(user: Any, letters: str) -> Any:
    """Return the active communities with a code in whose area the user holds `letters` on grids."""
    area = any_of(_tree_q(grant) for grant in grants_with(user, Noun.GRID, letters))
    found = OrgUnit.objects.active().filter(area, tier=Tier.COMMUNITY)
    return found.exclude(division_code=None).order_by("division_code")


def _tree_q(grant: Grant) -> Q:
    return Q(pk__isnull=False) if grant.is_everywhere else subtree_q(grant)


def base_name(name: str) -> str:
    """Return a community's own name: 耕云居民委员会, 耕云社区党总支 → 耕云; never empty."""
    word = squash(name)
    return _ENDINGS.sub("", word) or word


def names_of(community: OrgUnit) -> set[str]:
    """Return every full name the community goes by: of the organisation and of its region."""
    names = {squash(community.name)}
    if community.region is not None:
        names.add(squash(community.region.name))
    return names


def pick_community(name: str, communities: Iterable[OrgUnit]) -> OrgUnit | None:
    """Return the one community this name means, exact names first; None when none or several."""
    candidates = list(communities)
    word, base = squash(name), base_name(name)
    exact = [one for one in candidates if word in names_of(one)]
    alike = exact or [one for one in candidates if base in {base_name(n) for n in names_of(one)}]
    return alike[0] if len(alike) == 1 else None
