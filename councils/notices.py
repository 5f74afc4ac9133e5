"""What the councils tell whom. Words carry councils, topics' public titles, days and counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from councils.models import Meeting, Topic, TopicEvent
from notices.catalog import Urgency
from notices.kinds import Words, notice_kind
from notices.services import notify
from orgs.models import RoleAssignment, Unit, User
from orgs.roles import Role

COMMUNITY = (Role.COMMUNITY_STAFF, Role.COMMUNITY_SECRETARY)
SCREENERS = (Role.COMMUNITY_SECRETARY, Role.BRANCH_SECRETARY)


@notice_kind("meeting.called", label="议事会议通知", urgency=Urgency.IMPORTANT)
def meeting_called(*, council: str, when: str, place: str, topics: str) -> Words:
    about = f"议题：{topics}。" if topics else "议题另行公布。"
    return Words(f"{council}会议通知", f"{when}，{place}。{about}不能到会的请说明原因或委托他人。")


@notice_kind("meeting.cancelled", label="议事会议取消", urgency=Urgency.IMPORTANT)
def meeting_cancelled(*, council: str, when: str, note: str) -> Words:
    return Words(f"{council}会议取消", f"原定 {when} 的会议不开了：{note}。")


@notice_kind("council.late", label="议事例会应开没开", urgency=Urgency.IMPORTANT)
def council_late(*, what: str) -> Words:
    return Words("议事例会应开没开", f"{what}上个周期没有开会，请尽快召开，或取消并写明原因。")


@notice_kind("topic.proposed", label="有新议题")
def topic_proposed(*, title: str, council: str) -> Words:
    return Words(f"新议题：{title}", f"{council}收到一个议题，请审题。")


@notice_kind("topic.escalated", label="议题提交上级议事")
def topic_escalated(*, title: str, council: str) -> Words:
    return Words(f"提交上级议事：{title}", f"{council}没有议成，请列入上级议程。")


@notice_kind("topic.out", label="决议公示期满")
def topic_out(*, what: str) -> Words:
    return Words("决议公示期满", f"{what}公示期满，请组织实施；异议较多的重新协商。")


@notice_kind("topic.late", label="决议任务超期", urgency=Urgency.IMPORTANT)
def topic_late(*, what: str) -> Words:
    return Words("决议任务超期", f"{what}有任务没按时完成，请督促。")


@notice_kind("topic.look", label="办结议题该回看")
def topic_look(*, what: str) -> Words:
    return Words("办结议题该回看", f"{what}办结满 90 天，请回看有没有反弹。")


def _branch_of(topic: Topic) -> int | None:
    return topic.grid.party_branch_id if topic.grid is not None else None


def _holders(orgs: Iterable[int | None], roles: Sequence[str]) -> dict[int, set[int]]:
    return RoleAssignment.objects.in_force().users_at(orgs, roles)


def _members(meeting: Meeting) -> list[User | Unit]:
    """Those with a standing seat who can be reached: log-ins of persons, units."""
    seats = list(meeting.council.seats.standing().select_related("unit"))
    people = User.objects.filter(is_active=True, person__in=[one.person_id for one in seats])
    return [*people, *{one.unit for one in seats if one.unit is not None}]


def _when(meeting: Meeting) -> str:
    if meeting.starts_at is None:
        return "本周期"
    at = timezone.localtime(meeting.starts_at)
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def tell_called(meeting: Meeting) -> None:
    """To everybody with a seat; a new day is told again."""
    topics = "、".join(item.topic.title for item in meeting.items.select_related("topic"))
    notify(
        kind="meeting.called", to=_members(meeting), now=meeting.called_at, street=meeting.council.street_id,
        key=f"meeting:{meeting.pk}:called:{meeting.starts_at:%Y%m%d%H%M}",
        link=reverse("councils:meeting", args=[meeting.pk]), council=meeting.council.name,
        when=_when(meeting), place=meeting.place, topics=topics,
    )  # fmt: skip


def tell_cancelled(meeting: Meeting) -> None:
    if meeting.called_at is None:  # nobody had been asked to come
        return
    notify(
        kind="meeting.cancelled", to=_members(meeting), street=meeting.council.street_id,
        key=f"meeting:{meeting.pk}:cancelled", link=reverse("councils:meeting", args=[meeting.pk]),
        council=meeting.council.name, when=_when(meeting), note=meeting.note,
    )  # fmt: skip


def tell_proposed(topic: Topic) -> None:
    people = _holders([topic.community_id, _branch_of(topic)], SCREENERS)
    notify(
        kind="topic.proposed", to=set().union(*people.values()), street=topic.street_id,
        now=topic.created_at, key=f"topic:{topic.pk}:proposed", link=reverse("councils:topic", args=[topic.pk]),
        title=topic.title, council=topic.council.name,
    )  # fmt: skip


def tell_escalated(topic: Topic, event: TopicEvent) -> None:
    people = _holders([topic.community_id], COMMUNITY)
    notify(
        kind="topic.escalated", to=set().union(*people.values()), street=topic.street_id,
        now=event.at, key=f"topic:{topic.pk}:escalated:{event.pk}", title=topic.title,
        link=reverse("councils:topic", args=[topic.pk]), council=topic.council.name,
    )  # fmt: skip


@dataclass(frozen=True)
class Due:
    """Something that fell due on `day`: whose it is (organisations), and what it is called."""

    day: date
    orgs: tuple[int | None, ...]
    street: int
    name: str


def due_topic(topic: Topic, day: date) -> Due:
    orgs = (topic.community_id, _branch_of(topic))
    return Due(day, orgs, topic.street_id, f"“{topic.title}”")


def due_meeting(meeting: Meeting) -> Due:
    council = meeting.council
    branch = council.grid.party_branch_id if council.grid is not None else None
    assert meeting.due_by is not None  # a slot of the cadence has its last day
    return Due(meeting.due_by, (council.community_id, branch), council.street_id, council.name)


def tell_due(kind: str, rows: Sequence[Due], link: str) -> None:
    """One letter an organisation for what fell due on the same day; told once."""
    groups: dict[tuple[int, date], list[Due]] = {}
    for row in rows:
        for org in row.orgs:
            if org is not None:
                groups.setdefault((org, row.day), []).append(row)
    people = _holders({org for org, _ in groups}, (*COMMUNITY, Role.BRANCH_SECRETARY))
    for (org, day), found in groups.items():
        first = found[0]
        what = first.name if len(found) == 1 else f"{first.name}等 {len(found)} 个"
        notify(
            kind=kind, to=people.get(org, set()), street=first.street,
            key=f"{kind}:{org}:{day}", link=link, what=what,
        )  # fmt: skip
