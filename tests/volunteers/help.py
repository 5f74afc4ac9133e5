"""Short ways to a need, a volunteer, an activity; the people are the town's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from residents.models import Need
from residents.services import create_need, move_need
from tests.cases.cast import photo
from tests.town import Town, make_person, person_of
from volunteers.models import Activity, Resource, Shift, Volunteer
from volunteers.services.activities import add_photos, draft_activity, move_activity
from volunteers.services.lives import take_step
from volunteers.services.resources import offer_resource
from volunteers.services.signups import add_shift
from volunteers.services.teams import register_volunteer

DAY = timedelta(days=1)


def published(town: Town, **facts: Any) -> Need:
    """A need of the first household, for others to read."""
    given = {"kind": "company", "text": "想有人陪着去体检", "source": "visit", "privacy": "open",
             "public_text": "一位老人想有人陪着去体检"}  # fmt: skip
    need = create_need(household=town.households[0], by=None, **given | facts)
    return move_need(need=need, move="publish", by=town.users["grid_head"])


def open_resource(town: Town, **facts: Any) -> Resource:
    given: dict[str, Any] = {"kind": "people", "title": "学生陪伴队", "need_kinds": ["company"], "capacity": 5,
             "grids": []}  # fmt: skip
    resource = offer_resource(
        unit=town.partner, community=town.community, street=town.street,
        by=town.users["partner_unit"], **given | facts,
    )  # fmt: skip
    take_step(row=resource, name="open", by=town.users["community_staff"])
    return resource


def helper(town: Town, name: str = "", who: str = "", **facts: Any) -> Volunteer:
    """A volunteer of the community: somebody new, or the hat of one of the cast."""
    person = person_of(town.users[who]) if who else make_person(name or "郑帮手")
    return register_volunteer(community=town.community, by=None, person=person, **facts)


def activity(town: Town, lead: Volunteer | None = None, **facts: Any) -> Activity:
    given = {"title": "清洁家园", "kind": "clean", "place": "社区广场", "safety_note": "注意车辆",
             "lead": lead.person if lead else person_of(town.users["grid_head"])}  # fmt: skip
    return draft_activity(community=town.community, by=None, **given | facts)


def shift(row: Activity, start: datetime, hours: float = 2, capacity: int = 2) -> Shift:
    return add_shift(
        activity=row, starts_at=start, ends_at=start + timedelta(hours=hours), capacity=capacity,
        by=None,
    )  # fmt: skip


def scheduled(town: Town, *, capacity: int = 2, ahead: timedelta = DAY, **facts: Any) -> Shift:
    """A shift of an activity one can sign up for."""
    row = activity(town, **facts)
    one = shift(row, timezone.now() + ahead, capacity=capacity)
    move_activity(activity=row, name="publish", by=None)
    return Shift.objects.select_related("activity").get(pk=one.pk)


def pass_by(one: Shift, ago: timedelta = timedelta(hours=3)) -> Shift:
    """Let the shift lie in the past, as time does."""
    start = timezone.now() - ago
    Shift.objects.filter(pk=one.pk).update(
        starts_at=start, ends_at=start + (one.ends_at - one.starts_at)
    )
    one.refresh_from_db()
    Activity.objects.filter(pk=one.activity_id).update(starts_at=one.starts_at, ends_at=one.ends_at)
    one.activity.refresh_from_db()
    return one


def with_photo(town: Town, row: Activity) -> None:
    add_photos(activity=row, uploads=[photo()], by=town.users["community_staff"])
