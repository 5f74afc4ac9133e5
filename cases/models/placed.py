"""Settings that hold for the whole installation or for one street: who reads and who keeps them."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from orgs.models import OrgUnit
from orgs.roles import ADMIN_ROLES, EDIT, SEES, Noun, Role
from orgs.scope import any_of, grants_with


def trees_kept(user: Any) -> set[int]:
    """Return the ids of the trees whose settings the user keeps: those of the street's administrator."""
    return {
        grant.tree_id
        for grant in grants_with(user, Noun.CASE, SEES)
        if grant.tree_id is not None and grant.role == Role.STREET_ADMIN
    }


class PlacedQuerySet(models.QuerySet[Any]):
    """Of models whose `PLACES` name the columns that narrow them to an organisation's ground."""

    def visible_to(self, user: Any, letters: str = SEES) -> Self:
        """Return the street's own rows, readable with those of the whole installation.

        The system administrator keeps those of the whole installation and sees all.
        """
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.none()
        if any(grant.role == Role.SYSADMIN for grant in user.grants):
            return self.all()
        trees = trees_kept(user)
        if letters != EDIT:
            trees |= {
                grant.tree_id for grant in grants_with(user, Noun.CASE, SEES)
                if grant.tree_id is not None and grant.role in ADMIN_ROLES
            }  # fmt: skip
        places: dict[str, str] = self.model.PLACES
        own = any_of(Q(**{f"{node}__tree_id__in": trees}) for node in places.values())
        everywhere = Q(**dict.fromkeys(places))
        return self.filter(own if letters == EDIT else own | everywhere)


def root_of(row: Any) -> OrgUnit | None:
    """Return the organisation whose tree the row's place lies in, None for the whole installation."""
    for column, node in row.PLACES.items():
        if getattr(row, f"{column}_id") is not None:
            found: Any = row
            for step in node.split("__"):
                found = getattr(found, step)
            return found  # type: ignore[no-any-return]
    return None
