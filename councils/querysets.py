"""Reads of the councils. Lists, figures and pages share these."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from councils.catalog import PARTY_OF, Presence
from councils.meetingflow import AHEAD, TAKEN_PLACE
from councils.workflow import OPEN, PUBLIC, STAGE_OF, Status
from grids.querysets import count_of, related_rows
from grids.scope import territory_q
from orgs.models import Unit
from orgs.querysets import UnitQuerySet
from orgs.roles import SEES, Noun
from orgs.scope import Grant

if TYPE_CHECKING:
    from councils.models import Council, CouncilSeat, Meeting, Topic  # noqa: F401


def _seated(grant: Grant, user: Any) -> Q:
    """A unit sees the councils it has a seat in; people with personal roles those of their node."""
    if grant.unit_id is not None:
        return Q(seats__unit_id=grant.unit_id, seats__end=None)
    return Q(community_id=grant.org_id) | Q(street_id=grant.org_id)


class CouncilQuerySet(models.QuerySet["Council"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "CouncilQuerySet":
        """Councils of the user's territory; units those they sit in."""
        area = territory_q(user, Noun.TOPIC, letters, building="", personal=_seated)
        return self.filter(pk__in=self.model._default_manager.filter(area).values("pk"))

    def standing(self) -> "CouncilQuerySet":
        return self.filter(ended_on=None)

    def overdue(self, day: date) -> "CouncilQuerySet":
        """Standing councils with a slot of the cadence that has passed without a meeting."""
        late = related_rows(self.model, "meetings").late(day).filter(council=OuterRef("pk"))
        return self.standing().filter(Exists(late))

    def term_ends_within(self, last: date) -> "CouncilQuerySet":
        return self.standing().filter(term_end__lte=last)

    def for_list(self) -> "CouncilQuerySet":
        """With names, seats, meetings held, topics open and the day of the last meeting."""
        meetings = related_rows(self.model, "meetings").filter(status__in=TAKEN_PLACE)
        topics = related_rows(self.model, "topics").filter(status__in=OPEN)
        last = meetings.filter(council=OuterRef("pk")).order_by("-starts_at").values("starts_at")
        return self.select_related("community", "grid", "chair").annotate(
            seat_count=count_of(related_rows(self.model, "seats").filter(end=None), "council"),
            held_count=count_of(meetings, "council"),
            open_count=count_of(topics, "council"),
            last_held=Subquery(last[:1]),
        )


class SeatQuerySet(models.QuerySet["CouncilSeat"]):
    def standing(self) -> "SeatQuerySet":
        return self.filter(end=None)

    def of_party(self, party: str) -> "SeatQuerySet":
        return self.filter(kind__in=[kind for kind, of in PARTY_OF.items() if of == party])


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "MeetingQuerySet":
        councils = related_rows(self.model, "council").visible_to(user, letters)
        return self.filter(council__in=councils.values("pk"))

    def held(self) -> "MeetingQuerySet":
        return self.filter(status__in=TAKEN_PLACE)

    def ahead(self) -> "MeetingQuerySet":
        return self.filter(status__in=AHEAD)

    def late(self, day: date) -> "MeetingQuerySet":
        """Slots of the cadence that ended before `day` without a meeting."""
        return self.ahead().filter(due_by__lt=day)

    def between(self, start: Any, end: Any) -> "MeetingQuerySet":
        return self.held().filter(starts_at__gte=start, starts_at__lt=end)

    def units(self) -> "UnitQuerySet":
        """The distinct units that were represented at these meetings (592家单位)."""
        came = related_rows(self.model, "attendances").exclude(presence=Presence.ABSENT)
        return Unit.objects.filter(
            pk__in=came.filter(meeting__in=self.values("pk")).values("seat__unit")
        )

    def for_list(self) -> "MeetingQuerySet":
        came = related_rows(self.model, "attendances").exclude(presence=Presence.ABSENT)
        return self.select_related("council__community", "council__grid").annotate(
            came_count=count_of(came, "meeting"),
            seat_count=count_of(related_rows(self.model, "attendances"), "meeting"),
            item_count=count_of(related_rows(self.model, "items"), "meeting"),
        )


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "TopicQuerySet":
        """Topics of the user's territory; units those of the councils they sit in."""
        area = territory_q(user, Noun.TOPIC, letters, building="", personal=self._invited)
        return self.filter(area)

    def _invited(self, grant: Grant, user: Any) -> Q:
        if grant.unit_id is not None:
            council = related_rows(self.model, "council")
            seated = related_rows(council.model, "seats").filter(unit_id=grant.unit_id, end=None)
            return Q(council__in=seated.values("council"), status__in=PUBLIC)
        where = Q(community_id=grant.org_id) | Q(street_id=grant.org_id)
        return where & Q(status__in=PUBLIC)

    def open(self) -> "TopicQuerySet":
        return self.filter(status__in=OPEN)

    def public(self) -> "TopicQuerySet":
        """What residents may read: topics that have passed the screening."""
        return self.filter(status__in=PUBLIC)

    def collecting(self, day: date) -> "TopicQuerySet":
        return self.filter(status=Status.COLLECTING).exclude(collect_until__lt=day)

    def in_stage(self, stage: str) -> "TopicQuerySet":
        return self.filter(status__in=[status for status, of in STAGE_OF.items() if of == stage])

    def solved(self) -> "TopicQuerySet":
        return self.filter(status=Status.CLOSED)

    def to_look_again(self, day: date) -> "TopicQuerySet":
        """Closed topics whose 90-day look is due."""
        return self.solved().filter(look_again_on__lte=day, looked_at=None)

    def announced_out(self, day: date) -> "TopicQuerySet":
        """Resolutions whose announcement is over and nobody has acted yet."""
        return self.filter(status=Status.RESOLVED, announce_until__lt=day)

    def with_late_tasks(self, day: date) -> "TopicQuerySet":
        late = related_rows(self.model, "tasks").filter(due__lt=day, done_on=None)
        return self.open().filter(Exists(late.filter(topic=OuterRef("pk"))))

    def objected_to(self) -> "TopicQuerySet":
        return self.annotate(objected=Count("objections")).filter(objected__gt=0)

    def for_list(self) -> "TopicQuerySet":
        likes = count_of(related_rows(self.model, "likes"), "topic")
        opinions = count_of(related_rows(self.model, "opinions"), "topic")
        return self.select_related("council", "community__region", "grid").annotate(
            like_count=Coalesce(likes, 0), opinion_count=opinions
        )

    def for_detail(self) -> "TopicQuerySet":
        return self.select_related(
            "council", "community", "grid", "origin", "street", "created_by__person"
        )

    def newest_solved(self) -> "TopicQuerySet":
        return self.solved().order_by(F("closed_on").desc(nulls_last=True), "-id")
