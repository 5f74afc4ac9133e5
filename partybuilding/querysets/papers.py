"""Reads of policy documents, their receipts, and honours."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from grids.querysets import count_of, related_rows
from orgs.models import RoleAssignment, User
from orgs.roles import SEES, Noun
from partybuilding.scope import community_q, streets_of

if TYPE_CHECKING:
    from partybuilding.models import Honour, PolicyPaper  # noqa: F401


class PaperQuerySet(models.QuerySet["PolicyPaper"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "PaperQuerySet":
        """Papers of the user's community, and those of the whole street."""
        area = community_q(user, letters, below=letters == SEES)
        if letters == SEES:
            area |= Q(community=None, street__tree_id__in=streets_of(user, Noun.PARTY))
        return self.filter(area)

    def standing(self) -> "PaperQuerySet":
        return self.filter(withdrawn_on=None)

    def asked_of(self, user: Any) -> "PaperQuerySet":
        """Papers the user has been asked to read."""
        asked = related_rows(self.model, "receipts").filter(user=user, paper=OuterRef("pk"))
        return self.standing().filter(Exists(asked))

    def unread_by(self, user: Any) -> "PaperQuerySet":
        asked = related_rows(self.model, "receipts").filter(
            user=user, paper=OuterRef("pk"), read_at=None
        )
        return self.standing().filter(Exists(asked))

    def overdue(self, day: date) -> "PaperQuerySet":
        """Past their day, and not read by everybody."""
        unread = related_rows(self.model, "receipts").filter(paper=OuterRef("pk"), read_at=None)
        return self.standing().filter(read_by__lt=day).filter(Exists(unread))

    def for_list(self) -> Any:
        receipts = related_rows(self.model, "receipts")
        return self.select_related("community", "street").annotate(
            asked_count=count_of(receipts, "paper"),
            read_count=count_of(receipts.exclude(read_at=None), "paper"),
        )


class HonourQuerySet(models.QuerySet["Honour"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "HonourQuerySet":
        area = community_q(user, letters, below=letters == SEES)
        if letters == SEES:
            area |= Q(community=None, street__tree_id__in=streets_of(user, Noun.PARTY))
        return self.filter(area)

    def for_list(self) -> "HonourQuerySet":
        return self.select_related("org")


def readers_below(org: Any, roles: list[str]) -> Any:
    """The log-ins that hold one of the roles at the organisation or below it."""
    posts = RoleAssignment.objects.in_force().filter(
        role__in=roles, org_unit__tree_id=org.tree_id, org_unit__lft__gte=org.lft,
        org_unit__rght__lte=org.rght,
    )  # fmt: skip
    return User.objects.filter(is_active=True, pk__in=posts.values("user"))
