"""Reads of the assessments app."""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models.functions import Coalesce

from assessments.doubtflow import DoubtStatus
from assessments.scoring import MIN_SAMPLE
from assessments.workflow import AppealStatus, BulletinStatus, Status
from grids.scope import grids_of_team, territory_q
from orgs.roles import SEES, Noun, Role
from orgs.scope import any_of, grants_with, has_role

if TYPE_CHECKING:
    from assessments.models import (  # noqa: F401
        Appeal,
        Bulletin,
        Doubt,
        QuarterAssessment,
        ReportTemplate,
        RollupCell,
    )


class QuarterAssessmentQuerySet(models.QuerySet["QuarterAssessment"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "QuarterAssessmentQuerySet":
        return self.filter(territory_q(user, Noun.ASSESSMENT, letters, building=""))

    def for_list(self) -> "QuarterAssessmentQuerySet":
        """What the quarter's page shows, ranked; two queries whatever the number of rows."""
        return (
            self.select_related("grid", "community", "scheme")
            .prefetch_related("items__reviewer__person", "scheme__items")
            .order_by(
                models.F("total").desc(nulls_last=True),
                models.F("public_service").desc(nulls_last=True),
                "grid__code",
            )
        )

    def with_sample(self) -> "QuarterAssessmentQuerySet":
        """With `sample`: how many rows the scored figures rest on."""
        figures = models.Q(items__full__gt=0, items__manual=False)
        return self.annotate(sample=Coalesce(models.Sum("items__denominator", filter=figures), 0))

    def enough_samples(self) -> "QuarterAssessmentQuerySet":
        """Those with a total worth comparing."""
        sampled: Any = self.with_sample()
        found: QuarterAssessmentQuerySet = sampled.filter(
            total__isnull=False, sample__gte=MIN_SAMPLE
        )
        return found

    def waiting_for(self, user: Any) -> "QuarterAssessmentQuerySet":
        """Those whose next step is the user's: to assess himself, to endorse, to settle."""
        return self.filter(any_of(_waiting(grant, user) for grant in user.grants))


class RollupCellQuerySet(models.QuerySet["RollupCell"]):
    def visible_to(self, user: Any) -> "RollupCellQuerySet":
        """Cells are of whole streets: for whoever sees districts or more (`tallies.rollups_of`)."""
        return self.filter(territory_q(user, Noun.CASE, grid="pk", building=""))


def _waiting(grant: Any, user: Any) -> models.Q:
    if grant.role == Role.GRID_HEAD:
        return models.Q(status=Status.SELF_REVIEW, grid__in=grids_of_team(user, Role.GRID_HEAD))
    if grant.role == Role.COMMUNITY_SECRETARY:
        own = models.Q(community=grant.org_id, status=Status.COMMUNITY_REVIEW)
        # A tree whose root is the community: its secretary settles, too.
        return own | models.Q(street=grant.org_id, status=Status.STREET_REVIEW)
    if grant.role == Role.STREET_ADMIN:
        return models.Q(street=grant.org_id, status=Status.STREET_REVIEW)
    return models.Q(pk__in=[])


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "AppealQuerySet":
        seen = apps.get_model("assessments", "QuarterAssessment").objects
        return self.filter(assessment__in=seen.visible_to(user, letters).values("pk"))

    def open(self) -> "AppealQuerySet":
        return self.filter(status=AppealStatus.OPEN)


class DoubtQuerySet(models.QuerySet["Doubt"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "DoubtQuerySet":
        return self.filter(territory_q(user, Noun.ASSESSMENT, letters, building=""))

    def waiting_for(self, user: Any) -> "DoubtQuerySet":
        """Open ones the user answers for, and those he wanted looked at."""
        settles: Any = models.Q(pk__in=[])
        for grant in user.grants:
            if grant.role == Role.COMMUNITY_SECRETARY:
                settles |= models.Q(community=grant.org_id, status=DoubtStatus.OPEN)
            if grant.role in (Role.STREET_ADMIN, Role.COMMUNITY_SECRETARY):
                settles |= models.Q(street=grant.org_id, status=DoubtStatus.TO_CHECK)
        return self.filter(settles)

    def for_list(self) -> "DoubtQuerySet":
        return self.select_related("grid", "community").prefetch_related("steps__by__person")


def streets_keeping_templates(user: Any) -> list[int | None] | None:
    """Return the streets whose report templates the user keeps; None: all, and those for all."""
    if has_role(user, Role.SYSADMIN):
        return None
    return [grant.org_id for grant in user.grants if grant.role == Role.STREET_ADMIN]


class ReportTemplateQuerySet(models.QuerySet["ReportTemplate"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "ReportTemplateQuerySet":
        """Those for all streets, and those of the user's streets; to write, only what is his to keep."""
        grants = grants_with(user, Noun.ASSESSMENT, letters)
        if not grants:
            return self.none()
        if any(grant.is_everywhere for grant in grants):
            return self
        roots: Any = models.Q(street__tree_id__in=[grant.tree_id or 0 for grant in grants])
        for grant in grants:
            if grant.region_code:
                roots |= models.Q(street__division_code__startswith=grant.region_code)
        return self.filter(roots | models.Q(street=None))

    def kept_by(self, user: Any) -> "ReportTemplateQuerySet":
        """Those the user may withdraw: the system administrator's, and a street's own."""
        streets = streets_keeping_templates(user)
        return self if streets is None else self.filter(street__in=streets)

    def in_use(self) -> "ReportTemplateQuerySet":
        return self.filter(withdrawn_at=None)

    def for_list(self) -> "ReportTemplateQuerySet":
        return self.select_related("street", "by__person").order_by("-id")


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "BulletinQuerySet":
        """Issued ones go to everybody of the street and the departments named; drafts to its office."""
        grants = grants_with(user, Noun.ASSESSMENT, letters)
        return self.filter(any_of(_reach(grant) for grant in grants))

    def issued(self) -> "BulletinQuerySet":
        return self.filter(status=BulletinStatus.ISSUED)

    def for_list(self) -> "BulletinQuerySet":
        return self.select_related("street", "issued_by__person").order_by("-id")


def _reach(grant: Any) -> models.Q:
    issued = models.Q(status=BulletinStatus.ISSUED)
    if grant.is_everywhere:
        return models.Q(pk__isnull=False)
    if grant.unit_id is not None:
        items = apps.get_model("assessments", "BulletinItem").objects.filter(unit=grant.unit_id)
        return issued & models.Q(pk__in=items.values("bulletin_id"))
    if grant.region_code:
        return issued & models.Q(street__division_code__startswith=grant.region_code)
    own = models.Q(street_id=grant.org_id)
    return own | (issued & models.Q(street__tree_id=grant.tree_id or 0))
