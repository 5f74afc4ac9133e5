"""Reads of notices. An inbox is its owner's alone; channels and messages go by the tree."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from notices.catalog import STALE_AFTER, MessageState, Urgency
from notices.times import is_quiet
from orgs.levels import Tier
from orgs.roles import EDIT, GRID_ROLES, PERSONAL_ROLES, Noun
from orgs.scope import Grant, any_of, grants_with

if TYPE_CHECKING:
    from notices.models import Channel, Notification, OutboxMessage  # noqa: F401


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: Any) -> "NotificationQuerySet":
        return self.filter(user=user) if user.is_authenticated else self.none()

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)


def _placed(grant: Grant) -> bool:
    return grant.org_id is not None and grant.role not in GRID_ROLES | PERSONAL_ROLES


class ChannelQuerySet(models.QuerySet["Channel"]):
    def visible_to(self, user: Any, letters: str = EDIT) -> "ChannelQuerySet":
        """Channels of the streets and communities whose organisation the user keeps."""
        return self.filter(any_of(_area(one) for one in grants_with(user, Noun.ORG, letters)))

    def active(self) -> "ChannelQuerySet":
        return self.filter(is_active=True)

    def for_list(self) -> "ChannelQuerySet":
        return self.select_related("org", "street").order_by("-id")


def _area(grant: Grant) -> Q:
    if grant.is_everywhere:
        return Q(pk__isnull=False)
    if not _placed(grant):
        return Q(pk__in=[])
    return Q(street_id=grant.org_id) if grant.tier == Tier.STREET else Q(org_id=grant.org_id)


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def visible_to(self, user: Any, letters: str = EDIT) -> "OutboxQuerySet":
        """What was sent for the streets the user keeps; communities see their channels' only."""
        return self.filter(any_of(_sent(one) for one in grants_with(user, Noun.ORG, letters)))

    def due(self, now: datetime) -> "OutboxQuerySet":
        """Waiting messages that may go now; at night emergencies only."""
        due = self.filter(state=MessageState.WAITING, not_before__lte=now)
        return due.filter(urgency=Urgency.EMERGENCY) if is_quiet(now) else due

    def abandoned(self, now: datetime) -> "OutboxQuerySet":
        """Messages whose worker died while it sent them."""
        return self.filter(state=MessageState.SENDING, claimed_at__lt=now - STALE_AFTER)

    def dead(self) -> "OutboxQuerySet":
        return self.filter(state=MessageState.DEAD)

    def for_list(self) -> "OutboxQuerySet":
        return self.select_related("channel", "user__person").order_by("-id")


def _sent(grant: Grant) -> Q:
    if grant.is_everywhere:
        return Q(pk__isnull=False)
    if not _placed(grant):
        return Q(pk__in=[])
    if grant.tier == Tier.STREET:
        return Q(street_id=grant.org_id)
    return Q(channel__org_id=grant.org_id)
