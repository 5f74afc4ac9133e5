"""Fetching is the permission check: out of scope is 404, in scope without the letter is 403."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from orgs.roles import PERSONAL_ROLES, SEES, STATS, Noun
from orgs.scope import grants_with, refusal, require


def fetch(rows: Any, user: Any, noun: str, letters: str = SEES, **lookup: Any) -> Any:
    """Return the one row of `rows` (a queryset with `visible_to`) on which the user may act.

    `letters` are tried on this very row: a role that may edit elsewhere may not edit here.
    """
    require(user, noun, SEES)
    found = get_object_or_404(rows.visible_to(user), **lookup)
    if letters != SEES and not may(rows, user, letters, found):
        raise PermissionDenied(refusal(user, noun, letters))
    return found


def may(rows: Any, user: Any, letters: str, row: Any) -> bool:
    """Say whether the user holds any of the letters on this row."""
    return bool(rows.visible_to(user, letters).filter(pk=row.pk).exists())


def counts_homes(user: Any) -> bool:
    """Say whether a grid's number of households is for the user: those with a territory."""
    grants = grants_with(user, Noun.RESIDENT, SEES + STATS)
    return any(grant.role not in PERSONAL_ROLES for grant in grants)
