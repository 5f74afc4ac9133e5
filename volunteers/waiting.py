"""What waits for the user in voluntary work: sentences with counts that equal their lists."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from orgs.roles import APPROVE, CREATE, EDIT, Noun, Role
from orgs.scope import can, has_role
from volunteers.models import Activity, Ask, Claim, Hours, Project, Resource, SignUp, Volunteer
from volunteers.workflow import ClaimStatus, HoursStatus, ProjectStatus, ResourceStatus


@dataclass(frozen=True)
class Waiting:
    """One sentence with its count and the list behind it."""

    sentence: str
    count: int
    url: str
    icon: str
    level: str = ""


def waiting_for(user: Any, now: datetime) -> list[Waiting]:
    """Return what waits, nothing that counts zero."""
    return [
        one for one in (*_to_approve(user), *_to_lead(user, now), *_own(user, now)) if one.count
    ]


def _to_approve(user: Any) -> Iterator[Waiting]:
    if not can(user, Noun.VOLUNTEER, APPROVE):
        return

    def at(name: str, status: str) -> str:
        return f"{reverse(f'volunteers:{name}')}?status={status}"

    claims = Claim.objects.visible_to(user).filter(status=ClaimStatus.ASKED)
    yield Waiting("条单位认领等您确认", claims.count(), at("claims", "asked"), "hand-thumbs-up")
    offered = Resource.objects.visible_to(user).filter(status=ResourceStatus.OFFERED)
    yield Waiting("项资源等您审核", offered.count(), at("resources", "offered"), "inbox")
    review = Project.objects.visible_to(user).filter(status=ProjectStatus.REVIEW)
    yield Waiting("个志愿项目等您审核", review.count(), at("projects", "review"), "clipboard-check")
    hours = Hours.objects.visible_to(user)
    submitted = hours.filter(status=HoursStatus.SUBMITTED)
    yield Waiting("条志愿时长等您确认", submitted.count(), at("hours", "submitted"), "clock")
    appealed = hours.filter(status=HoursStatus.APPEALED)
    yield Waiting(
        "条时长申诉等您裁定", appealed.count(), at("hours", "appealed"), "chat-left-text", "yellow"
    )
    if has_role(user, Role.COMMUNITY_SECRETARY):
        late = hours.filter(status=HoursStatus.LATE)
        yield Waiting("条时长补录等您审批", late.count(), at("hours", "late"), "clock", "yellow")
    if can(user, Noun.VOLUNTEER, CREATE + EDIT):
        applied = Volunteer.objects.visible_to(user).filter(status=Volunteer.Status.APPLIED)
        yield Waiting(
            "位居民申请成为志愿者", applied.count(), at("people", "applied"), "person-plus"
        )


def _to_lead(user: Any, now: datetime) -> Iterator[Waiting]:
    if user.person_id is None:
        return
    over = Activity.objects.visible_to(user).led_by(user).overdue_to_submit(now)
    yield Waiting(
        "次您带队的活动已结束，等您提交时长", over.count(),
        f"{reverse('volunteers:activities')}?when=past&status=scheduled&mine=on", "send", "yellow",
    )  # fmt: skip


def _own(user: Any, now: datetime) -> Iterator[Waiting]:
    asks = Ask.objects.of(user).open().filter(shift__starts_at__gt=now)
    asked = asks.select_related("shift").order_by("answer_by", "id").first()
    if asked is not None:
        yield Waiting(
            "个志愿活动邀请您参加，请答复", asks.count(),
            reverse("volunteers:me") if asks.count() > 1 else reverse("volunteers:activity", args=[asked.shift.activity_id]),
            "heart",
        )  # fmt: skip
    mine = SignUp.objects.of(user).filter(to_confirm=True, shift__ends_at__gte=now)
    first = mine.exclude(status="cancelled").select_related("shift").first()
    if first is not None:
        yield Waiting(
            "个已报名的班次改了时间，请确认", mine.exclude(status="cancelled").count(),
            reverse("volunteers:activity", args=[first.shift.activity_id]), "clock", "yellow",
        )  # fmt: skip
