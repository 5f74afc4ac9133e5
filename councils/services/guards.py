"""The guards that the table of topics names. Each raises ValidationError with a sentence."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError

from councils.catalog import (
    ANNOUNCE_DAYS,
    BLADES,
    HUB,
    NOTICE_DAYS,
    OBJECTION_PERCENT,
    PARTIES_NEEDED,
    Conclusion,
    CouncilLevel,
)
from councils.meetingflow import TAKEN_PLACE, MeetingStatus
from councils.models import Council, Meeting, Topic
from councils.quorum import objections_of, parties_at, parties_seated
from councils.work import open_work
from councils.workflow import Move, Status
from gridparty.lib.china_time import local_date
from orgs.models import User


@dataclass
class Act:
    """One attempt at a move."""

    topic: Topic
    move: Move
    by: User | None
    now: datetime
    given: dict[str, Any] = field(default_factory=dict)
    photo_count: int = 0  # photos that come with this move

    def text(self, name: str) -> str:
        return str(self.given.get(name) or "")


def meeting_is_announced(act: Act) -> None:
    """A meeting of the right council, ahead, called at least three days before it begins."""
    meeting = act.given.get("meeting")
    if not isinstance(meeting, Meeting):
        raise ValidationError({"meeting": "请选择会议。没有会议的，请先发会议通知。"})
    topic = act.topic
    council = meeting.council
    if act.move.name == "take_up":
        if council.level != CouncilLevel.COMMUNITY or council.community_id != topic.community_id:
            raise ValidationError({"meeting": "请选择本社区党建联席会议的会议。"})
    elif council.pk != topic.council_id:
        raise ValidationError({"meeting": "请选择本议事机构的会议。"})
    if meeting.status != MeetingStatus.CALLED or meeting.starts_at is None:
        raise ValidationError({"meeting": "这次会议还没有发通知，或已经开过。"})
    if meeting.starts_at < act.now + timedelta(days=NOTICE_DAYS):
        raise ValidationError(
            {"meeting": f"议题要提前 {NOTICE_DAYS} 天公布，请选更晚的会议，或把会议改期。"}
        )


def parties_are_seated(act: Act) -> None:
    """The hub and at least three of the five parties have a seat, so that they can be invited."""
    council = act.given["meeting"].council
    seated = parties_seated(council)
    missing = [str(party.label) for party in BLADES if party not in seated]
    if HUB not in seated:
        raise ValidationError("议事机构里没有网格党支部的席位，请先补上。")
    if len(BLADES) - len(missing) < PARTIES_NEEDED:
        raise ValidationError(f"五方至少要有 {PARTIES_NEEDED} 方参加，还缺：{'、'.join(missing)}。")


def meeting_was_held(act: Act) -> None:
    """The minutes of a meeting with this topic stand: hub, three parties and those concerned came."""
    item = act.topic.items.last()
    if item is None or item.meeting.status not in TAKEN_PLACE:
        raise ValidationError("请先记会议纪要，再开始协商。")
    came = parties_at(item.meeting)
    if HUB not in came:
        raise ValidationError(
            "网格党支部没有到会，这次会议不能议题。请先“下次再议”，再列入另一次会议。"
        )
    if sum(party in came for party in BLADES) < PARTIES_NEEDED:
        names = "、".join(str(party.label) for party in BLADES if party in came) or "无"
        raise ValidationError(
            f"五方到会不足 {PARTIES_NEEDED} 方（到会：{names}），不能议题。"
            "请先“下次再议”，补请后列入另一次会议。"
        )
    if act.topic.stakeholders and not item.heard:
        missed = f"直接相关的“{act.topic.stakeholders}”没有到会也没有带来意见，不能议题。"
        another = "请先“下次再议”，补请后列入另一次会议。"
        if item.meeting.status == MeetingStatus.ARCHIVED:
            raise ValidationError(f"{missed}纪要已归档，不能补记，{another}")
        raise ValidationError(f"{missed}到会了的请补记纪要；没到的，{another}")


def its_meeting_took_place(act: Act) -> None:
    """A topic leaves the agenda of a meeting ahead only by being withdrawn or with the meeting."""
    if act.topic.status != Status.AGENDA:
        return
    item = act.topic.items.last()
    if item is not None and item.meeting.status not in TAKEN_PLACE:
        raise ValidationError("会议还没有开，或还没有记纪要。要换时间的，请把会议改期。")


def was_adopted(act: Act) -> None:
    """The newest meeting that spoke of it adopted it; after objections, a meeting held since."""
    if act.topic.status == Status.ESCALATED:
        return  # decided by the residents' assembly, outside the councils
    item = act.topic.items.filter(meeting__in=Meeting.objects.held()).last()
    if item is None or item.conclusion != Conclusion.ADOPTED:
        raise ValidationError("会议纪要里这个议题的结论不是“通过”，不能形成决议。")
    back = act.topic.events.filter(move="back").last()
    starts = item.meeting.starts_at
    if back is not None and (starts is None or starts < back.at):
        raise ValidationError("收到较多异议后还没有再开会。请先“下次再议”，重新列入会议。")


def announced_long_enough(act: Act) -> None:
    until = act.given.get("announce_until")
    first = local_date(act.now) + timedelta(days=ANNOUNCE_DAYS)
    if until is None or until < first:
        raise ValidationError(
            {"announce_until": f"决议至少公示 {ANNOUNCE_DAYS} 天，请选 {first:%Y-%m-%d} 或以后。"}
        )


def announcement_is_over(act: Act) -> None:
    if act.topic.announcement_runs(local_date(act.now)):
        raise ValidationError(
            f"公示到 {act.topic.announce_until:%Y-%m-%d} 才结束，期满后再组织实施。"
        )


def objections_are_few(act: Act) -> None:
    """Less than a fifth of the households concerned object (§4B)."""
    standing = objections_of(act.topic)
    if standing.too_many:
        raise ValidationError(
            f"{standing.count} 户有异议，占涉及户数的 {standing.percent}%，"
            f"达到 {OBJECTION_PERCENT}% 的应“重新协商”。"
        )


def a_higher_council_stands(act: Act) -> None:
    topic = act.topic
    if topic.council.level == CouncilLevel.COMMUNITY:
        return  # goes to the residents' assembly
    higher = Council.objects.standing().filter(community=topic.community_id, grid=None)
    if not higher.exists():
        raise ValidationError("本社区还没有社区党建联席会议，请先成立，再提交。")


def somebody_has_a_task(act: Act) -> None:
    if not act.topic.tasks.exists():
        raise ValidationError("请先把决议分成任务，写明谁来办、什么时候办完。")


def tasks_are_done(act: Act) -> None:
    waiting = open_work(act.topic)
    if waiting:
        shown = "；".join(waiting[:5])
        raise ValidationError(f"还有 {len(waiting)} 项没有办完：{shown}。办完后再继续。")


def shows_what_changed(act: Act) -> None:
    if not act.photo_count and not act.topic.photos.filter(kind="after").exists():
        raise ValidationError({"photos": "请上传至少一张办理后的照片，和办理前对比公示。"})


GUARDS: dict[str, Callable[[Act], None]] = {
    guard.__name__: guard
    for guard in (
        meeting_is_announced, parties_are_seated, meeting_was_held, its_meeting_took_place,
        was_adopted, announced_long_enough, announcement_is_over, objections_are_few, a_higher_council_stands,
        somebody_has_a_task, tasks_are_done, shows_what_changed,
    )
}  # fmt: skip
