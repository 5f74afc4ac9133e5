"""Reads of campaigns and deployments. A deployment opens the doors of its grid, nothing else."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

from grids.querysets import related_rows
from grids.scope import territory_q
from orgs.roles import CREATE, EDIT, GRID_ROLES, SEES, VIEW, Noun
from orgs.scope import any_of, can, grants_with
from residents.campaigns.states import MANY_TRIES, WAITING, DoorStatus, State

if TYPE_CHECKING:
    from residents.models import Campaign, CampaignDoor, Deployment  # noqa: F401

# What somebody sent into a grid may do there, while the round is open.
DEPLOYED = VIEW + EDIT


def deployed_to(user: Any, deployments: Any) -> list[tuple[int, int | None]]:
    """Return (grid, campaign or None for all) of the user's deployments today, read once a request."""
    if not getattr(user, "is_authenticated", False) or user.person_id is None:
        return []
    found: list[tuple[int, int | None]] | None = user.__dict__.get("_deployed_to")
    if found is None:
        mine = deployments.filter(person_id=user.person_id).in_force(timezone.localdate())
        found = sorted(set(mine.values_list("grid_id", "campaign_id")), key=str)
        user.__dict__["_deployed_to"] = found
    return found


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "CampaignQuerySet":
        """Rounds one may lead (the area lies in one's own), and opened ones with a door in view."""
        leads = self._led_by(user)
        if letters == CREATE:
            return self.filter(leads)
        doors = related_rows(self.model, "doors").visible_to(user, letters)
        inside = Q(pk__in=doors.order_by().values("campaign"))
        sees = can(user, Noun.CAMPAIGN, letters)
        return self.filter((leads if sees else Q(pk__in=[])) | (~Q(state=State.DRAFT) & inside))

    def _led_by(self, user: Any) -> Q:
        """Rounds whose area lies at or below a node where the user may start one."""
        return any_of(
            Q(under__tree_id=grant.tree_id, under__lft__gte=grant.lft, under__rght__lte=grant.rght)
            for grant in grants_with(user, Noun.CAMPAIGN, CREATE)
            if grant.tree_id is not None and grant.role not in GRID_ROLES
        )

    def open(self) -> "CampaignQuerySet":
        return self.filter(state=State.OPEN)

    def for_list(self) -> "CampaignQuerySet":
        return self.select_related("under", "street", "created_by__person")

    def over_on(self, day: date) -> "CampaignQuerySet":
        """Open rounds whose last day is past."""
        return self.open().filter(ends_on__lt=day)


class CampaignDoorQuerySet(models.QuerySet["CampaignDoor"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "CampaignDoorQuerySet":
        """Doors in the user's territory; for the deployed, those of their grid while it is open."""
        area = territory_q(user, Noun.CAMPAIGN, letters)
        if any(letter in DEPLOYED for letter in letters):
            area |= self._deployed_q(user)
        return self.filter(area)

    def _deployed_q(self, user: Any) -> Q:
        campaign: Any = self.model._meta.get_field("campaign").related_model
        pairs = deployed_to(user, related_rows(campaign, "deployments"))
        return any_of(
            Q(grid_id=grid, campaign__state=State.OPEN)
            & (Q(campaign_id=one) if one is not None else Q())
            for grid, one in pairs
        )

    def waiting(self) -> "CampaignDoorQuerySet":
        """Doors somebody still has to knock at."""
        return self.filter(status__in=WAITING)

    def nobody_home(self) -> "CampaignDoorQuerySet":
        """敲门无人 three times or more: does anybody live there?"""
        return self.filter(status=DoorStatus.ABSENT, tries__gte=MANY_TRIES)

    def by_door(self) -> "CampaignDoorQuerySet":
        return self.order_by("sort_key", "id")

    def for_list(self) -> "CampaignDoorQuerySet":
        return self.select_related(
            "household__building__compound", "household__entrance", "grid", "community",
            "last_by__person", "filled",
        )  # fmt: skip

    def figures(self) -> dict[str, int]:
        """Return how many doors: total, each status, and exceptions (无人 ×3). One query."""
        return self.order_by().aggregate(**_counts())

    def figures_by(self, column: str) -> dict[int, dict[str, int]]:
        """Return the figures by the id in `column` ("community_id", "grid_id", "building_id")."""
        rows = self.order_by().values(column).annotate(**_counts())
        return {row.pop(column): row for row in rows}


def _counts() -> dict[str, Count]:
    counts = {status.value: Count("pk", filter=Q(status=status)) for status in DoorStatus}
    far = Q(status=DoorStatus.ABSENT, tries__gte=MANY_TRIES)
    return {"total": Count("pk"), **counts, "exceptions": Count("pk", filter=far)}


class DeploymentQuerySet(models.QuerySet["Deployment"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "DeploymentQuerySet":
        """Deployments into grids of the user's area."""
        grids = related_rows(self.model, "grid")
        area = territory_q(user, Noun.CAMPAIGN, letters, grid="pk", building="buildings")
        return self.filter(grid__in=grids.filter(area).values("pk"))

    def in_force(self, day: date) -> "DeploymentQuerySet":
        return self.filter(start__lte=day).exclude(end__lt=day)

    def overlapping(self, first: date, last: date) -> "DeploymentQuerySet":
        """Deployments with a day in common with the period, both ends included."""
        return self.filter(start__lte=last).exclude(end__lt=first)

    def for_list(self) -> "DeploymentQuerySet":
        return self.select_related(
            "person", "from_unit", "from_org", "grid__community", "campaign"
        ).order_by("grid__code", F("end").desc(nulls_first=True), "start", "id")

    def heads(self) -> int:
        """Return how many people these are; one may serve in two grids."""
        return self.order_by().values("person").distinct().count()

    def count_by(self, column: str) -> dict[int | None, int]:
        """Return people by the id in `column`."""
        rows: Iterable[dict[str, Any]] = (
            self.order_by().values(column).annotate(people=Count("person", distinct=True))
        )
        return {row[column]: row["people"] for row in rows}
