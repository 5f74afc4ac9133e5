"""Scope: where a user's roles reach. `visible_to` on every queryset is built from these values.

Denormalised scope columns are named alike on every large table: `district` (6-digit region
code), `street` (the root of the tree, which may be a community in a three-level tree),
`community` and `grid`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from orgs.roles import CAPABILITIES, EVERYWHERE_ROLES, SEES, VERB_LABELS, Noun, Role

if TYPE_CHECKING:
    from orgs.models import User

NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Grant:
    """One role in force at one node; the node's tree numbers save a query later."""

    role: str
    label: str = ""
    region_code: str = ""
    org_id: int | None = None
    tier: int | None = None
    tree_id: int | None = None
    lft: int | None = None
    rght: int | None = None
    unit_id: int | None = None
    unit_street_id: int | None = None
    unit_district: str = ""

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)

    def holds(self, noun: str, letters: str) -> bool:
        held = CAPABILITIES.get((self.role, noun), "")
        return any(letter in held for letter in letters)

    @property
    def is_everywhere(self) -> bool:
        return self.role in EVERYWHERE_ROLES


def grants_with(user: Any, noun: str, letters: str = SEES) -> list[Grant]:
    """Return the user's grants that hold any of `letters` on `noun` (none for anonymous)."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    return [grant for grant in user.grants if grant.holds(noun, letters)]


def can(user: Any, noun: str, letters: str) -> bool:
    """Say whether any role of the user holds any of `letters` on `noun`, wherever it is."""
    return bool(grants_with(user, noun, letters))


def require(user: Any, noun: str, letters: str) -> None:
    """Raise PermissionDenied with a sentence unless `can(user, noun, letters)`."""
    if not can(user, noun, letters):
        raise PermissionDenied(refusal(user, noun, letters))


def refusal(user: Any, noun: str, letters: str) -> str:
    roles = "、".join(dict.fromkeys(grant.role_label for grant in getattr(user, "grants", ())))
    verb = VERB_LABELS.get(letters[0], "操作")
    return f"您的角色（{roles or '无'}）不能{verb}{Noun(noun).label}。如有需要，请联系上级管理员。"


def any_of(parts: Iterable[Q]) -> Q:
    """OR the parts together; nothing visible when there are none (deny by default)."""
    result = NOTHING
    for part in parts:
        result |= part
    return result


def has_role(user: "User", *roles: str) -> bool:
    return any(grant.role in roles for grant in user.grants)
