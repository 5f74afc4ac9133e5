"""The Party life of one person, for his own page and for the page of a resident."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from orgs.models import OrgPost, OrgUnit, PartyMember, Person
from partybuilding.checkin_lists import year_of
from partybuilding.models import (
    CheckIn,
    MemberDisplay,
    MemberDuty,
    Training,
    TrainingAttendance,
)
from volunteers.models import Hours


@dataclass(frozen=True)
class PartyLife:
    """What there is of it; `hours` and `training_hours` are of the year."""

    member: PartyMember | None
    posts: list[OrgPost]
    duties: list[MemberDuty]
    check_ins: list[CheckIn]
    displays: list[MemberDisplay]
    hours: Decimal
    trainings: int
    training_hours: Decimal

    def __bool__(self) -> bool:
        return bool(self.member or self.posts or self.duties or self.check_ins or self.trainings)


def life_of(person: Person | None, day: date, *, user: Any = None) -> PartyLife:
    """Return it as the person himself sees it; with `user`, as far as that reader may see."""
    key = person.pk if person is not None else -1
    first, end = year_of(day)
    members = PartyMember.objects.filter(person=key, left_on=None)
    posts = OrgPost.objects.filter(person=key, start__lte=day).exclude(end__lt=day)
    duties = MemberDuty.objects.filter(person=key).open()
    check_ins = CheckIn.objects.filter(person=key).live()
    displays = MemberDisplay.objects.filter(person=key).standing()
    hours = Hours.objects.filter(
        volunteer__person=key, status="confirmed", start__date__gte=first, start__date__lt=end
    )
    came = TrainingAttendance.objects.filter(
        person=key, training__held_on__gte=first, training__held_on__lt=end
    )
    if user is not None:
        reach = OrgUnit.objects.visible_to(user).values("pk")
        members, posts = members.filter(org_unit__in=reach), posts.filter(org_unit__in=reach)
        duties, check_ins = duties.visible_to(user), check_ins.visible_to(user)
        displays, hours = displays.visible_to(user), hours.visible_to(user)
        came = came.filter(training__in=Training.objects.visible_to(user).values("pk"))
    return PartyLife(
        member=members.select_related("org_unit").first(),
        posts=list(posts.select_related("org_unit")), duties=list(duties.for_list()),
        check_ins=list(check_ins.for_list()), displays=list(displays), trainings=came.count(),
        hours=hours.aggregate(total=Sum("credited"))["total"] or Decimal(0),
        training_hours=came.aggregate(total=Sum("training__hours"))["total"] or Decimal(0),
    )  # fmt: skip
