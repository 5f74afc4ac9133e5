"""The life of a case, as one table. Buttons, services, API, admin, docs diagram and tests read it.

Source: domain brief §4A (基层呼叫 → 街道吹哨 → 部门报到 → 问题销号). Pure: no database here.
`MOVES` says who may take a case from where to where, what must be given and which clock runs.
What a move needs beyond its row (handler ≠ verifier, two-day return window …) is named in
`guards`; the functions of that name stand in `cases/services/guards.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from django.db.models import TextChoices

from cases.catalog import (
    CheckMethod,
    Outcome,
    RejectReason,
    ReopenReason,
    ReturnReason,
    VoidReason,
    WhistleKind,
)


class Status(TextChoices):
    REPORTED = "reported", "待核实"
    ACCEPTED = "accepted", "已立案"
    CALLED = "called", "已呼叫"
    ASSIGNED = "assigned", "待签收"
    WHISTLED = "whistled", "已吹哨"
    CHECKED_IN = "checked_in", "已报到"
    HANDLING = "handling", "办理中"
    RETURNED = "returned", "已退回"
    FEEDBACK = "feedback", "待核查"
    VERIFIED = "verified", "待销号"
    REOPENED = "reopened", "已重开"
    CLOSED = "closed", "已销号"
    REJECTED = "rejected", "不予受理"
    WITHDRAWN = "withdrawn", "已撤回"
    VOID = "void", "已作废"


def status_choices() -> list[tuple[str, str]]:
    """Return the choices; models name this function, so a new status needs no migration."""
    return list(Status.choices)


ENDED = frozenset({Status.CLOSED, Status.REJECTED, Status.WITHDRAWN, Status.VOID})
OPEN = tuple(status for status in Status if status not in ENDED)
TO_DISPATCH = (Status.ACCEPTED, Status.CALLED, Status.RETURNED, Status.REOPENED)


class Who(TextChoices):
    """The sides that act, each meant for this very case (its grid, its community, its unit…)."""

    GRID_HEAD = "grid_head", "网格长"
    GRID_WORKER = "grid_worker", "专职网格员"
    COMMUNITY = "community", "社区"
    STREET = "street", "街道"
    STREET_ADMIN = "street_admin", "街道党工委"
    DISTRICT = "district", "区县"
    UNIT = "unit", "承办单位"
    REPORTER = "reporter", "反映人"
    REVISITOR = "revisitor", "回访员"
    ANYONE = "anyone", "任何人"


GRID = (Who.GRID_HEAD, Who.GRID_WORKER)
CENTRE = (Who.COMMUNITY, Who.STREET)


class Clock(StrEnum):
    """What a move does to the clocks (amounts come from the SLA class)."""

    CHECK = "check"  # 核实: the grid verifies the report
    DISPATCH = "dispatch"  # the centre decides where it goes
    SIGN = "sign"  # a holder signs or arrives; the handling clock starts if it does not run
    HANDLE = "handle"  # only the handling clock runs
    REWORK = "rework"  # back to the handler with what is left, at most three working days
    VERIFY = "verify"  # the raiser's side looks at the result
    FINISH = "finish"  # the community writes it off
    STOP = "stop"  # ended
    KEEP = "keep"  # untouched


class Kind(StrEnum):
    """How an input is read; forms and API build their fields from it."""

    TEXT = "text"
    CHOICE = "choice"
    UNIT = "unit"
    UNITS = "units"
    CATEGORY = "category"
    SLA = "sla"
    FLAG = "flag"
    MOMENT = "moment"
    NUMBER = "number"


@dataclass(frozen=True)
class Need:
    """One input of a move: its name, label, kind; `choices` only for kind CHOICE."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""


def _note(label: str, help_text: str = "", *, required: bool = True) -> Need:
    return Need("note", label, Kind.TEXT, required, help=help_text)


def _choice(
    name: str, label: str, choices: Iterable[tuple[str, str]], *, required: bool = True
) -> Need:
    return Need(name, label, Kind.CHOICE, required, tuple(choices))


_REMARK = _note("备注", required=False)
_LEAD = Need("unit", "牵头单位", Kind.UNIT)
_HELPERS = Need("co_units", "协办单位", Kind.UNITS, required=False)
_FINAL = Need("final", "指定承办（不得退回）", Kind.FLAG, required=False, help="仅街道可用")


@dataclass(frozen=True)
class Move:
    """One row of the table. `target` None: the status stays. `sources` empty: creates the case.

    `helpers_stay`: done by a helping unit (协办) the move is recorded but the case stays where it is.
    `photos`: None none taken, False optional, True required. `public` is what the reporter reads.
    """

    name: str
    label: str
    sources: tuple[Status, ...]
    target: Status | None
    who: tuple[Who, ...]
    needs: tuple[Need, ...] = (_REMARK,)
    guards: tuple[str, ...] = ()
    clock: Clock = Clock.KEEP
    helpers_stay: bool = False
    photos: bool | None = None
    public: str = ""
    tone: str = "primary"
    icon: str = "arrow-right"

    def need(self, name: str) -> Need | None:
        return next((need for need in self.needs if need.name == name), None)

    def leads_to(self, source: Status) -> Status:
        """Return the status after this move from `source`."""
        return self.target or source


MOVES: tuple[Move, ...] = (
    Move(
        "report", "上报", (), Status.REPORTED, (Who.ANYONE,),
        needs=(), clock=Clock.CHECK, photos=False, public="已收到您反映的问题，网格将尽快核实。",
        icon="megaphone",
    ),
    Move(
        "accept", "核实立案", (Status.REPORTED,), Status.ACCEPTED, (*GRID, *CENTRE),
        needs=(
            Need("category", "类别", Kind.CATEGORY, required=False, help="不选则不改"),
            Need("sla_class", "办理时限", Kind.SLA, required=False, help="不选则按类别"),
            _note("核实情况", required=False),
        ),
        clock=Clock.DISPATCH, photos=False, public="经核实，已立案。", icon="check2-square",
    ),
    Move(
        "reject", "不予受理", (Status.REPORTED,), Status.REJECTED, (*GRID, *CENTRE),
        needs=(
            _choice("reason", "原因", RejectReason.choices),
            _note("给反映人的说明", "反映人会看到这段话"),
        ),
        clock=Clock.STOP, public="不予受理。", tone="danger", icon="x-octagon",
    ),
    Move(
        "withdraw", "撤回", (Status.REPORTED,), Status.WITHDRAWN, (Who.REPORTER,),
        clock=Clock.STOP, public="已由反映人撤回。", tone="secondary", icon="arrow-counterclockwise",
    ),
    Move(
        "self_handle", "自行办理", (Status.ACCEPTED, Status.REOPENED), Status.HANDLING, GRID,
        clock=Clock.HANDLE, public="网格已着手办理。", icon="tools",
    ),
    Move(
        "call_up", "呼叫上级", (Status.ACCEPTED, Status.REOPENED, Status.CALLED), Status.CALLED,
        (*GRID, Who.COMMUNITY), needs=(_note("呼叫原因"),), guards=("can_call_higher",),
        clock=Clock.DISPATCH, photos=False, public="已向上级呼叫，请求支援。", icon="telephone-outbound",
    ),
    Move(
        "assign", "交办", TO_DISPATCH, Status.ASSIGNED, CENTRE,
        needs=(_LEAD, _HELPERS, _FINAL, _note("交办意见", required=False)),
        guards=("final_is_for_the_street", "second_return_needs_the_street"),
        clock=Clock.SIGN, public="已交办到责任单位。", icon="send",
    ),
    Move(
        "whistle", "吹哨", (*TO_DISPATCH, Status.REPORTED), Status.WHISTLED, (Who.STREET,),
        needs=(
            _LEAD, _HELPERS,
            _choice("whistle_kind", "哨种", WhistleKind.choices, required=False),
            Need("arrive_by", "到场时限", Kind.MOMENT, required=False, help="不填则按办理时限"),
            _FINAL, _note("吹哨事由"),
        ),
        guards=("unverified_only_in_emergency",),
        clock=Clock.SIGN, public="街道已吹哨，召集部门到场。", icon="broadcast",
    ),
    Move(
        "check_in", "报到", (Status.WHISTLED, Status.CHECKED_IN, Status.HANDLING),
        Status.CHECKED_IN, (Who.UNIT,),
        needs=(
            Need("place", "到场地点"), Need("longitude", "经度", Kind.NUMBER, required=False),
            Need("latitude", "纬度", Kind.NUMBER, required=False), _REMARK,
        ),
        guards=("has_not_arrived",), helpers_stay=True,
        clock=Clock.SIGN, photos=False, public="部门已到场报到。", icon="geo-alt",
    ),
    Move(
        "take", "签收", (Status.ASSIGNED, Status.CHECKED_IN, Status.HANDLING), Status.HANDLING,
        (Who.UNIT,), guards=("has_not_signed", "whistled_arrive_first"), helpers_stay=True,
        clock=Clock.HANDLE, public="责任单位已签收，正在办理。", icon="pen",
    ),
    Move(
        "return_back", "退回", (Status.ASSIGNED, Status.WHISTLED), Status.RETURNED, (Who.UNIT,),
        needs=(_choice("reason", "退回原因", ReturnReason.choices), _note("依据", "写明法规或职责分工")),
        guards=("within_return_window", "returns_once", "not_designated"), helpers_stay=True,
        clock=Clock.DISPATCH, tone="warning", icon="reply",
    ),
    Move(
        "transfer", "转办",
        (Status.ASSIGNED, Status.WHISTLED, Status.CHECKED_IN, Status.HANDLING), Status.ASSIGNED,
        CENTRE,
        needs=(_LEAD, _HELPERS, _FINAL, _note("转办原因")),
        guards=("final_is_for_the_street", "whistled_is_for_the_street"),
        clock=Clock.SIGN, public="已转由其他单位办理。", tone="warning", icon="shuffle",
    ),
    Move(
        "contact", "联系反映人",
        (Status.ACCEPTED, Status.CALLED, Status.ASSIGNED, Status.WHISTLED, Status.CHECKED_IN,
         Status.HANDLING),
        None, (*GRID, Who.COMMUNITY, Who.UNIT), needs=(_note("联系情况"),),
        tone="secondary", icon="telephone",
    ),
    Move(
        "feedback", "反馈办结", (Status.HANDLING,), Status.FEEDBACK, (*GRID, Who.UNIT),
        needs=(
            _choice("outcome", "办理结果", Outcome.choices), _note("办理情况"),
            Need("waive", "协办单位无需另行反馈", Kind.FLAG, required=False),
        ),
        guards=("is_the_handler", "has_not_fed_back", "helpers_fed_back", "photo_if_asked"),
        helpers_stay=True,
        clock=Clock.VERIFY, photos=False, public="责任单位已反馈办理结果，正在核查。", icon="chat-left-text",
    ),
    Move(
        "verify_pass", "核查通过", (Status.FEEDBACK,), Status.VERIFIED,
        (Who.GRID_HEAD, Who.COMMUNITY),
        needs=(_choice("method", "核查方式", CheckMethod.choices), _REMARK),
        guards=("is_not_the_handler", "own_work_is_checked_above"),
        clock=Clock.FINISH, photos=False, public="网格已核查，确认办结。", icon="patch-check",
    ),
    Move(
        "verify_fail", "核查不通过", (Status.FEEDBACK,), Status.HANDLING,
        (Who.GRID_HEAD, Who.COMMUNITY), needs=(_note("不通过原因"),),
        guards=("is_not_the_handler", "own_work_is_checked_above"),
        clock=Clock.REWORK, photos=False, public="核查未通过，已退回重新办理。", tone="warning",
        icon="arrow-repeat",
    ),
    Move(
        "close", "销号", (Status.VERIFIED,), Status.CLOSED, CENTRE,
        guards=("is_not_the_handler", "street_closes_what_it_whistled"),
        clock=Clock.STOP, public="已销号。如未解决，15 日内可申请重开。", icon="journal-check",
    ),
    Move(
        "reopen", "重开", (Status.CLOSED,), Status.REOPENED,
        (Who.REPORTER, Who.REVISITOR, Who.COMMUNITY, Who.STREET),
        needs=(_choice("reason", "原因", ReopenReason.choices), _note("重开原因")),
        guards=("reporter_within_days",),
        clock=Clock.DISPATCH, photos=False, public="已重新办理。", tone="warning",
        icon="arrow-clockwise",
    ),
    Move(
        "urge", "催办", OPEN, None, (*CENTRE, Who.DISTRICT), needs=(_note("催办意见"),),
        tone="warning", icon="bell",
    ),
    Move(
        "supervise", "督办", OPEN, None, (Who.STREET, Who.DISTRICT),
        needs=(_note("督办要求"),), tone="danger", icon="exclamation-diamond",
    ),
    Move(
        "void", "作废", tuple(status for status in Status if status != Status.VOID), Status.VOID,
        (Who.STREET_ADMIN,),
        needs=(_choice("reason", "原因", VoidReason.choices), _note("说明")),
        clock=Clock.STOP, public="已作废。", tone="danger", icon="trash3",
    ),
)  # fmt: skip
BY_NAME: dict[str, Move] = {move.name: move for move in MOVES}
# Separation of duties: who handled may not judge; who handled or judged may not revisit.
HANDLING_MOVES = ("self_handle", "check_in", "take", "feedback")
JUDGING_MOVES = ("verify_pass", "verify_fail", "close")


def moves_from(status: str) -> list[Move]:
    """Return the moves that leave (or stay in) `status`, in the table's order."""
    return [move for move in MOVES if status in move.sources]


# The four words of the report's loop.
MILESTONES: tuple[tuple[str, str], ...] = (
    ("call_up", "基层呼叫"),
    ("whistle", "街道吹哨"),
    ("check_in", "部门报到"),
    ("close", "问题销号"),
)


class EventLike(Protocol):
    """What `milestones` reads of an event."""

    @property
    def move(self) -> str: ...
    @property
    def to_status(self) -> str: ...
    @property
    def at(self) -> object: ...
    @property
    def cycle(self) -> int: ...


@dataclass(frozen=True)
class Milestone:
    """One step of the loop: state is done, current, todo or skipped (other ways were taken)."""

    name: str
    label: str
    state: str
    when: object | None = None


# How many of the first steps can no longer come in a status, reached or not.
_PASSED: dict[str, int] = {
    Status.RETURNED: 1,  # sent out once: the centre sends it again, nobody calls
    **dict.fromkeys(
        (Status.ASSIGNED, Status.HANDLING, Status.FEEDBACK, Status.VERIFIED, *ENDED), 3
    ),
}


def milestones(events: Iterable[EventLike], status: str, cycle: int = 1) -> list[Milestone]:
    """Return the four steps of the given cycle with the time each was first reached.

    A step that was passed over (the grid settled it, or the community assigned it) is "skipped".
    """
    reached: dict[str, object] = {}
    for event in events:
        arrived = event.move != "check_in" or event.to_status == Status.CHECKED_IN
        if event.cycle == cycle and arrived:
            reached.setdefault(event.move, event.at)
    last = max((i for i, (name, _) in enumerate(MILESTONES) if name in reached), default=-1)
    passed = max(last, _PASSED.get(status, 0))
    steps: list[Milestone] = []
    current_given = status in ENDED
    for index, (name, label) in enumerate(MILESTONES):
        if name in reached:
            steps.append(Milestone(name, label, "done", reached[name]))
        elif index < passed:
            steps.append(Milestone(name, label, "skipped"))
        elif not current_given:
            steps.append(Milestone(name, label, "current"))
            current_given = True
        else:
            steps.append(Milestone(name, label, "skipped" if status in ENDED else "todo"))
    return steps
