"""What voluntary work tells whom: times and titles of activities, never who is helped."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Sum
from django.urls import reverse

from gridparty.lib.china_time import local
from notices.catalog import Urgency
from notices.kinds import Words, notice_kind
from notices.services import notify
from orgs.models import User
from volunteers.models import Activity, Claim, Hours, PointsEntry, Shift


@notice_kind("volunteer.asked", label="志愿活动邀请")
def asked(*, title: str, when: str, place: str) -> Words:
    return Words(f"邀请您参加：{title}", f"{when}，{place}。请答复能不能去，名额满了就不再等。")


@notice_kind("volunteer.moved_up", label="志愿候补转正", urgency=Urgency.IMPORTANT)
def moved_up(*, title: str, when: str) -> Words:
    return Words(f"候补转正：{title}", f"有人让出名额，您已报上 {when} 的班次。不能去请尽早取消。")


@notice_kind("volunteer.reminder", label="志愿活动提醒")
def reminder(*, title: str, when: str, place: str, safety: str) -> Words:
    return Words(f"明天有活动：{title}"[:80], f"{when}，{place}。安全提示：{safety}"[:500])


@notice_kind("volunteer.shift_moved", label="志愿班次改时间", urgency=Urgency.IMPORTANT)
def shift_moved(*, title: str, when: str) -> Words:
    return Words(f"班次改了时间：{title}", f"新的时间是 {when}。您的名额还在，请确认能不能去。")


@notice_kind("volunteer.cancelled", label="志愿活动取消", urgency=Urgency.IMPORTANT)
def cancelled(*, title: str, when: str) -> Words:
    return Words(f"活动取消：{title}", f"{when} 的活动取消了，不用再去。")


@notice_kind("volunteer.hours", label="志愿时长已确认")
def hours_confirmed(*, title: str, hours: str, points: str) -> Words:
    return Words(
        f"谢谢您参加：{title}", f"计入 {hours} 小时，积分 {points} 分。有出入 7 天内可以申诉。"
    )


@notice_kind("volunteer.claim", label="需求对接")
def claim_news(*, about: str, what: str) -> Words:
    return Words(f"{what}：{about}", "请打开查看，按约定的时间答复或办理。")


def users_of(volunteers: Iterable[int]) -> list[int]:
    """Return the log-ins of volunteers; who has none is phoned by whoever leads."""
    rows = User.objects.filter(person__volunteer__in=list(volunteers), is_active=True)
    return list(rows.values_list("pk", flat=True))


def tell_asked(*, shift: Shift, volunteers: Iterable[int], wave: int, now: datetime) -> None:
    facts = {"when": when_of(shift), "place": shift.activity.place}
    _tell("volunteer.asked", shift, volunteers, f"ask:{shift.pk}:{wave}", now, **facts)


def tell_moved_up(*, shift: Shift, volunteers: Iterable[int], signups: Iterable[int]) -> None:
    key = f"moved-up:{shift.pk}:{max(signups, default=0)}"
    _tell("volunteer.moved_up", shift, volunteers, key, when=when_of(shift))


def tell_moved(*, shift: Shift, volunteers: Iterable[int]) -> None:
    key = f"shift:{shift.pk}:{shift.starts_at:%Y%m%d%H%M}-{shift.ends_at:%H%M}"
    _tell("volunteer.shift_moved", shift, volunteers, key, when=when_of(shift))


def tell_cancelled(*, shift: Shift, volunteers: Iterable[int]) -> None:
    _tell("volunteer.cancelled", shift, volunteers, f"off:{shift.pk}", when=when_of(shift))


def tell_reminder(*, shift: Shift, volunteers: Iterable[int], now: datetime) -> None:
    key = f"tomorrow:{shift.pk}:{shift.starts_at:%Y%m%d%H%M}"
    _tell(
        "volunteer.reminder", shift, volunteers, key, now, when=when_of(shift),
        place=shift.activity.place, safety=shift.activity.safety_note,
    )  # fmt: skip


def tell_hours(*, hours: Hours) -> None:
    """Thank somebody: what counts, and the points it brought."""
    earned = PointsEntry.objects.filter(hours=hours).aggregate(sum=Sum("delta"))["sum"] or 0
    users = users_of([hours.volunteer_id])
    if users:
        notify(
            kind="volunteer.hours", to=users, key=f"hours:{hours.pk}:{hours.credited}",
            street=hours.street_id, title=hours.activity.title[:60], hours=str(hours.credited),
            points=f"{earned}", link=reverse("volunteers:person", args=[hours.volunteer_id]),
        )  # fmt: skip


def tell_claim(*, claim: Claim, what: str, step: str) -> None:
    """Tell the unit that takes over a need, or the leader of the team."""
    need = claim.need
    about = f"{need.get_kind_display()}（{need.household.grid}）"
    leader = claim.team.leader_id if claim.team else None
    to: list[Any] = [claim.unit] if claim.unit else []
    if leader is not None:
        to = list(User.objects.filter(person=leader, is_active=True).values_list("pk", flat=True))
    if to:
        notify(
            kind="volunteer.claim", to=to, key=f"claim:{claim.pk}:{step}", street=claim.street_id,
            about=about[:60], what=what, link=reverse("volunteers:claim", args=[claim.pk]),
        )  # fmt: skip


def when_of(shift: Shift) -> str:
    start, end = local(shift.starts_at), local(shift.ends_at)
    return f"{start.month}月{start.day}日 {start:%H:%M}—{end:%H:%M}"


def _tell(
    kind: str, shift: Shift, volunteers: Iterable[int], key: str, now: datetime | None = None,
    **facts: Any,
) -> None:  # fmt: skip
    activity: Activity = shift.activity
    users = users_of(volunteers)
    if users:
        notify(
            kind=kind, to=users, key=key, street=activity.street_id, now=now,
            link=reverse("volunteers:activity", args=[activity.pk]), title=activity.title[:60],
            **facts,
        )  # fmt: skip
