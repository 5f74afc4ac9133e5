"""Reads of voluntary work. `visible_to(user)` is the one door to every list, count and file."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Q, Sum, Value
from django.db.models.functions import Coalesce

from gridparty.lib.china_time import SHANGHAI
from orgs.roles import SEES, Noun
from orgs.scope import any_of, grants_with
from volunteers.scope import area_of, area_q, is_staff_grant, units_of
from volunteers.workflow import (
    HOLDING,
    USABLE,
    ActivityStatus,
    AskStatus,
    ClaimStatus,
    HoursStatus,
    ProjectStatus,
    ResourceStatus,
    SignUpStatus,
)

if TYPE_CHECKING:
    from volunteers.models import (  # noqa: F401
        Activity,
        Ask,
        Claim,
        Hours,
        PointsEntry,
        Project,
        Resource,
        SignUp,
        Team,
        Volunteer,
    )

HELD = (ActivityStatus.SUBMITTED, ActivityStatus.CONFIRMED)


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, user: Any, letters: str = SEES) -> Self:
        """Teams of the user's communities."""
        return self.filter(area_q(user, letters))

    def active(self) -> Self:
        return self.filter(ended_on=None)

    def for_list(self) -> Self:
        """With leader, community and `size` (volunteers in it now)."""
        now = Count("memberships", filter=Q(memberships__end=None))
        return self.select_related("leader", "community", "unit").annotate(size=now)


class VolunteerQuerySet(models.QuerySet["Volunteer"]):
    def visible_to(self, user: Any, letters: str = SEES) -> Self:
        """Volunteers of the communities the user works in, of the user's unit, and oneself."""
        grants = grants_with(user, Noun.VOLUNTEER, letters)
        areas = any_of(area_of(grant) for grant in grants if is_staff_grant(grant))
        own = Q(person_id=getattr(user, "person_id", None) or -1) if grants else Q(pk__in=[])
        return self.filter(areas | own | Q(unit__in=units_of(user) if grants else []))

    def serving(self) -> Self:
        """Who may be asked: registered, not paused, not gone."""
        return self.filter(status="active")

    def asked_since(self, moment: datetime, *, yes: bool) -> Self:
        """Who was invited to something since then, or who was not."""
        asked = Q(asks__asked_at__gte=moment)
        return self.filter(asked).distinct() if yes else self.exclude(asked)

    def for_list(self) -> Self:
        """With person, community, home and `total` (confirmed hours)."""
        confirmed = Q(hours__status=HoursStatus.CONFIRMED)
        return self.select_related(
            "person", "community__region", "grid", "building__compound", "unit"
        ).annotate(total=Sum("hours__credited", filter=confirmed))


class ResourceQuerySet(models.QuerySet["Resource"]):
    def visible_to(self, user: Any, letters: str = SEES) -> Self:
        """What is offered to the user's communities, and what the user's unit offers."""
        return self.filter(
            area_q(user, letters, shared=letters == SEES)
            | (
                Q(unit__in=units_of(user))
                if grants_with(user, Noun.VOLUNTEER, SEES)
                else Q(pk__in=[])
            )
        )

    def usable(self, day: date) -> Self:
        return self.filter(status__in=USABLE).exclude(valid_until__lt=day)

    def with_taken(self) -> Self:
        """Annotate `taken`: the quantity held by claims."""
        held = Q(claims__status__in=HOLDING)
        return self.annotate(taken=Sum("claims__quantity", filter=held, default=0))

    def offered(self) -> Self:
        """What has been open to needs, now or before."""
        return self.filter(status__in=(*USABLE, ResourceStatus.USED_UP))

    def used(self) -> Self:
        """Resources some claim has come to use."""
        return self.filter(claims__status__in=(ClaimStatus.LIVE, ClaimStatus.DONE)).distinct()

    def for_list(self) -> Self:
        return self.select_related("unit", "community", "street").with_taken()


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, user: Any, letters: str = SEES) -> Self:
        """Claims on the needs of the user's communities; a unit sees its own, a team leader the team's."""
        grants = grants_with(user, Noun.VOLUNTEER, letters)
        areas = any_of(area_of(grant) for grant in grants if is_staff_grant(grant))
        own = Q(unit__in=units_of(user)) | Q(team__leader_id=getattr(user, "person_id", None) or -1)
        return self.filter(areas | own) if grants_with(user, Noun.VOLUNTEER, SEES) else self.none()

    def holding(self) -> Self:
        return self.filter(status__in=HOLDING)

    def for_list(self) -> Self:
        return self.select_related(
            "need__household__grid", "unit", "team", "resource", "project", "community"
        )


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: Any, letters: str = SEES) -> Self:
        """Projects of the user's communities, and those the user's unit leads."""
        own = Q(lead_unit__in=units_of(user))
        rows = self.filter(area_q(user, letters) | own)
        return rows if grants_with(user, Noun.VOLUNTEER, SEES) else self.none()

    def running(self) -> Self:
        return self.filter(status=ProjectStatus.RUNNING)

    def landed(self, start: datetime, end: datetime) -> Self:
        """With at least one session held in the period (项目落地)."""
        held = Q(
            activities__status__in=HELD, activities__starts_at__gte=start,
            activities__starts_at__lt=end,
        )  # fmt: skip
        return self.filter(held).distinct()

    def for_list(self) -> Self:
        """With what lists show, and `held` (sessions held)."""
        held = Count("activities", filter=Q(activities__status__in=HELD), distinct=True)
        return self.select_related(
            "category", "community", "lead_unit", "lead_team", "lead_person"
        ).annotate(held=held)


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, user: Any, letters: str = SEES) -> Self:
        """Activities of the user's communities."""
        return self.filter(area_q(user, letters))

    def upcoming(self, now: datetime) -> Self:
        return self.filter(status=ActivityStatus.SCHEDULED, ends_at__gte=now)

    def public(self) -> Self:
        """What the board outside shows."""
        return self.filter(status=ActivityStatus.SCHEDULED, is_public=True)

    def held(self) -> Self:
        return self.filter(status__in=HELD)

    def between(self, start: datetime, end: datetime) -> Self:
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def led_by(self, user: Any) -> Self:
        return self.filter(lead_id=user.person_id or -1)

    def by_date(self) -> Self:
        """With `begins`, to list by: drafts without a shift yet come last."""
        return self.annotate(
            begins=Coalesce("starts_at", Value(datetime(2999, 1, 1, tzinfo=SHANGHAI)))
        )

    def overdue_to_submit(self, now: datetime) -> Self:
        """Over, and the hours not handed in."""
        return self.filter(status=ActivityStatus.SCHEDULED, ends_at__lt=now)

    def for_list(self) -> Self:
        """With what lists show, `places` and `taken`."""
        return self.select_related("community", "grid", "team", "project", "lead", "unit")


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def taking_part(self) -> Self:
        return self.filter(status__in=(SignUpStatus.SIGNED, SignUpStatus.ATTENDED))

    def waiting(self) -> Self:
        return self.filter(status=SignUpStatus.WAITING)

    def of(self, user: Any) -> Self:
        return self.filter(volunteer__person_id=user.person_id or -1)

    def for_list(self) -> Self:
        return self.select_related("volunteer__person", "shift__activity")


class AskQuerySet(models.QuerySet["Ask"]):
    def visible_to(self, user: Any, letters: str = SEES) -> Self:
        """Asks of the communities the user works in, of activities the user leads, and one's own."""
        grants = grants_with(user, Noun.VOLUNTEER, letters)
        if not grants_with(user, Noun.VOLUNTEER, SEES):
            return self.none()
        areas = any_of(area_of(grant) for grant in grants if is_staff_grant(grant))
        me = getattr(user, "person_id", None) or -1
        led = Q(shift__activity__lead=me) | Q(shift__activity__team__leader=me)
        return self.filter(areas | led | Q(volunteer__person=me))

    def open(self) -> Self:
        return self.filter(status=AskStatus.ASKED)

    def of(self, user: Any) -> Self:
        return self.filter(volunteer__person_id=user.person_id or -1)

    def since(self, moment: datetime) -> Self:
        return self.filter(asked_at__gte=moment)

    def for_list(self) -> Self:
        return self.select_related(
            "volunteer__person", "shift__activity__lead", "shift__activity__team", "community",
            "street",
        )  # fmt: skip


class HoursQuerySet(models.QuerySet["Hours"]):
    def visible_to(self, user: Any, letters: str = SEES) -> Self:
        """Hours of the activities' communities for those who work there, and one's own."""
        grants = grants_with(user, Noun.VOLUNTEER, letters)
        areas = any_of(area_of(grant) for grant in grants if is_staff_grant(grant))
        own = Q(volunteer__person_id=getattr(user, "person_id", None) or -1)
        return self.filter(areas | own) if grants_with(user, Noun.VOLUNTEER, SEES) else self.none()

    def counted(self) -> Self:
        """What stands, or may come to stand: nothing may overlap it."""
        return self.exclude(status=HoursStatus.REJECTED)

    def waiting(self) -> Self:
        return self.filter(
            status__in=(HoursStatus.LATE, HoursStatus.SUBMITTED, HoursStatus.APPEALED)
        )

    def for_list(self) -> Self:
        return self.select_related("volunteer__person", "activity", "community")


class PointsQuerySet(models.QuerySet["PointsEntry"]):
    """The ledger is append-only: neither update nor delete."""

    def update(self, **values: Any) -> int:
        raise TypeError("积分台账只能追加，更正请用冲正分录。")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("积分台账只能追加，更正请用冲正分录。")
