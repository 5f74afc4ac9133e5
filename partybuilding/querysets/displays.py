"""Reads of the five displays."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from grids.scope import territory_q
from orgs.roles import SEES, Noun
from orgs.scope import Grant
from partybuilding.scope import NOTHING
from partybuilding.workflow import SHOWN_ONCE, DisplayStatus

if TYPE_CHECKING:
    from partybuilding.models import MemberDisplay  # noqa: F401


def _own(grant: Grant, user: Any) -> Q:
    return NOTHING if grant.unit_id is not None else Q(person_id=user.person_id or -1)


class DisplayQuerySet(models.QuerySet["MemberDisplay"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "DisplayQuerySet":
        """Displays of the user's grids; a member with a log-in reads his own."""
        personal = _own if letters == SEES else None
        return self.filter(territory_q(user, Noun.PARTY, letters, building="", personal=personal))

    def standing(self) -> "DisplayQuerySet":
        return self.filter(status__in=SHOWN_ONCE)

    def public(self) -> "DisplayQuerySet":
        """What residents may read: posted, with the member's consent."""
        return self.filter(status=DisplayStatus.POSTED, agreed_on__isnull=False)

    def for_list(self) -> "DisplayQuerySet":
        return self.select_related("person", "grid", "community")
