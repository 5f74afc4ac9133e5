"""The life of a topic (五彩风车) as one table; pages, services, docs and tests read it. Pure.

网格问事 → 协商议事 → 为民办事 → 自治管事 (domain brief §4B, HH-28, HH-29). `needs` names the facts a
move asks for; `guards` the functions in `councils/services/guards.py` that may refuse it.
"""

from dataclasses import dataclass

from django.db.models import TextChoices

from orgs.roles import APPROVE, EDIT


class Status(TextChoices):
    COLLECTING = "collecting", "征集意见"
    SCREENED = "screened", "审题通过"
    AGENDA = "agenda", "议题公布"
    DELIBERATING = "deliberating", "协商议事"
    ESCALATED = "escalated", "提交上级议事"
    RESOLVED = "resolved", "决议公示"
    EXECUTING = "executing", "组织实施"
    SUPERVISING = "supervising", "居民监督"
    CLOSED = "closed", "办结公示"
    REJECTED = "rejected", "未列入议题"
    TURNED = "turned", "转为事项办理"
    WITHDRAWN = "withdrawn", "已撤回"


class Stage(TextChoices):
    """The four stages everybody is shown."""

    ASK = "ask", "网格问事"
    DELIBERATE = "deliberate", "协商议事"
    ACT = "act", "为民办事"
    MANAGE = "manage", "自治管事"


STAGE_OF: dict[str, str] = {
    Status.COLLECTING: Stage.ASK,
    Status.SCREENED: Stage.ASK,
    Status.AGENDA: Stage.DELIBERATE,
    Status.DELIBERATING: Stage.DELIBERATE,
    Status.ESCALATED: Stage.DELIBERATE,
    Status.RESOLVED: Stage.DELIBERATE,
    Status.EXECUTING: Stage.ACT,
    Status.SUPERVISING: Stage.MANAGE,
    Status.CLOSED: Stage.MANAGE,
}
ENDED = (Status.CLOSED, Status.REJECTED, Status.TURNED, Status.WITHDRAWN)
OPEN = tuple(status for status in Status if status not in ENDED)
# What residents may read: everything that has passed the screening, and why something has not.
PUBLIC = (
    Status.SCREENED, Status.AGENDA, Status.DELIBERATING, Status.ESCALATED, Status.RESOLVED,
    Status.EXECUTING, Status.SUPERVISING, Status.CLOSED,
)  # fmt: skip
# Opinions are taken until the council has decided.
TAKES_OPINIONS = (Status.COLLECTING, Status.SCREENED, Status.AGENDA, Status.DELIBERATING)


@dataclass(frozen=True)
class Move:
    """One line: where from, where to, the letter it needs on topics, what it asks for."""

    name: str
    label: str
    sources: tuple[Status, ...]
    target: Status
    letter: str = EDIT
    needs: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    icon: str = "check2-circle"
    tone: str = "primary"
    hint: str = ""
    why: bool = False  # the note must be written


MOVES: tuple[Move, ...] = (
    Move(
        "screen", "审题通过", (Status.COLLECTING,), Status.SCREENED, APPROVE, ("note",),
        icon="check2-square", hint="属于公共事务、符合法律法规，才列为议题。",
    ),
    Move(
        "reject", "不列入议题", (Status.COLLECTING, Status.SCREENED), Status.REJECTED, APPROVE,
        ("reason", "note"), icon="x-octagon", tone="danger", hint="说明会公开，请不要写姓名。", why=True,
    ),
    Move(
        "turn", "转为事项", (Status.COLLECTING, Status.SCREENED), Status.TURNED, EDIT,
        ("category", "note"), icon="clipboard-check", tone="secondary",
        hint="不用商量就能办的事，直接作为事项上报。",
    ),
    Move(
        "set_agenda", "确定议题", (Status.SCREENED,), Status.AGENDA, EDIT, ("meeting", "note"),
        ("meeting_is_announced", "parties_are_seated"), icon="calendar-check",
        hint="选定会议并公布议题。请通知支部、五方代表和直接相关的人。",
    ),
    Move(
        "deliberate", "开始协商", (Status.AGENDA,), Status.DELIBERATING, EDIT, ("note",),
        ("meeting_was_held",), icon="chat-left-text",
    ),
    Move(
        "resolve", "形成决议", (Status.DELIBERATING, Status.ESCALATED), Status.RESOLVED, EDIT,
        ("resolution", "announce_until"), ("was_adopted", "announced_long_enough"), icon="award",
        hint="写明办什么、谁来办、什么时候办完。公示至少 5 天。",
    ),
    Move(
        "defer", "下次再议", (Status.AGENDA, Status.DELIBERATING), Status.SCREENED, EDIT, ("note",),
        ("its_meeting_took_place",), icon="hourglass-split", tone="secondary", why=True,
    ),
    Move(
        "escalate", "提交上级议事", (Status.DELIBERATING,), Status.ESCALATED, EDIT, ("note",),
        ("a_higher_council_stands",), icon="telephone-outbound", tone="warning",
        hint="网格议不成的，提交社区党建联席会议；联席会议议不成的，提交居民（代表）会议。", why=True,
    ),
    Move(
        "take_up", "列入上级议程", (Status.ESCALATED,), Status.AGENDA, EDIT, ("meeting", "note"),
        ("meeting_is_announced", "parties_are_seated"), icon="calendar-check",
    ),
    Move(
        "back", "异议较多，重新协商", (Status.RESOLVED,), Status.DELIBERATING, EDIT, ("note",),
        icon="arrow-counterclockwise", tone="warning", why=True,
    ),
    Move(
        "execute", "公示期满，组织实施", (Status.RESOLVED,), Status.EXECUTING, EDIT, ("note",),
        ("announcement_is_over", "objections_are_few", "somebody_has_a_task"), icon="tools",
    ),
    Move(
        "supervise", "交居民监督", (Status.EXECUTING,), Status.SUPERVISING, EDIT,
        ("supervisors", "note"), ("tasks_are_done",), icon="shield-check",
        hint="任务和由决议产生的事项都办完后，请居民监督员验看。",
    ),
    Move(
        "rework", "监督不通过", (Status.SUPERVISING,), Status.EXECUTING, EDIT, ("note",),
        icon="arrow-repeat", tone="warning", why=True,
    ),
    Move(
        "close", "办结公示", (Status.SUPERVISING,), Status.CLOSED, APPROVE, ("effect", "result"),
        ("tasks_are_done", "shows_what_changed"), icon="journal-check",
        hint="公示前后对比照片和办理结果。90 天后再看一次有没有反弹。",
    ),
    Move(
        "reopen", "反弹，重新办理", (Status.CLOSED,), Status.EXECUTING, EDIT, ("note",),
        icon="arrow-clockwise", tone="warning", why=True,
    ),
    Move(
        "withdraw", "撤回", (Status.COLLECTING, Status.SCREENED, Status.AGENDA), Status.WITHDRAWN,
        EDIT, ("note",), icon="arrow-counterclockwise", tone="secondary", why=True,
    ),
)  # fmt: skip
BY_NAME: dict[str, Move] = {move.name: move for move in MOVES}


def moves_from(status: str) -> list[Move]:
    """Return the moves that leave `status`, in the order of the table."""
    return [move for move in MOVES if status in move.sources]


def status_choices() -> list[tuple[str, str]]:
    """The choices as a callable: a new status needs no migration."""
    return list(Status.choices)
