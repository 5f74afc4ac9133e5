"""The life of a case, as one table. Buttons, services, API, admin, docs diagram and tests read it.

Source: domain brief §4A (基层呼叫 → 街道吹哨 → 部门报到 → 问题销号). Pure: no database here.
`MOVES` says who may take a case from where to where, what must be given and which clock runs.
What a move needs beyond its row (handler ≠ verifier, two-day return window …) is named in
`guards`; the functions of that name stand in `cases/services/guards.py`. What a row is made of:
`cases/table.py`.
"""

from collections.abc import Iterable

from cases.catalog import (
    CheckMethod,
    HangReason,
    Outcome,
    RejectReason,
    ReopenReason,
    ReturnReason,
    SupervisionLevel,
    VoidReason,
    WhistleKind,
)
from cases.statuses import ENDED, OPEN, TO_DISPATCH, Status, status_choices
from cases.table import CENTRE, GRID, REMARK, Clock, Kind, Move, Need, Who

__all__ = [
    "BY_NAME", "ENDED", "HANDLING_MOVES", "JUDGING_MOVES", "MOVES", "OPEN", "TO_DISPATCH", "Clock",
    "Kind", "Move", "Need", "Status", "Who", "moves_from", "status_choices",
]  # fmt: skip


def _note(label: str, help_text: str = "", *, required: bool = True) -> Need:
    return Need("note", label, Kind.TEXT, required, help=help_text)


def _choice(
    name: str, label: str, choices: Iterable[tuple[str, str]], *, required: bool = True
) -> Need:
    return Need(name, label, Kind.CHOICE, required, tuple(choices))


# Minutes in which whoever made a move may take it back, while nobody has built on it.
UNDO = 10
_LEAD = Need("unit", "牵头单位", Kind.UNIT)
_HELPERS = Need("co_units", "协办单位", Kind.UNITS, required=False)
_FINAL = Need("final", "指定承办（不得退回）", Kind.FLAG, required=False, help="仅街道可用")


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
        guards=("appeal_is_judged_above",),
        clock=Clock.DISPATCH, photos=False, public="经核实，已立案。", icon="check2-square",
        undo_minutes=UNDO,
    ),
    Move(
        "reject", "不予受理", (Status.REPORTED,), Status.REJECTED, (*GRID, *CENTRE),
        needs=(
            _choice("reason", "原因", RejectReason.choices),
            _note("给反映人的说明", "反映人会看到这段话"),
        ),
        guards=("appeal_is_judged_above",),
        clock=Clock.STOP, public="不予受理。", tone="danger", icon="x-octagon",
    ),
    Move(
        "appeal", "申诉", (Status.REJECTED,), Status.REPORTED, (Who.REPORTER,),
        needs=(_note("申诉理由"),), guards=("appeals_once",),
        clock=Clock.CHECK, photos=False, public="已收到您的申诉，由社区重新核实。", tone="warning",
        icon="megaphone",
    ),
    Move(
        "merge", "并案", (Status.REPORTED, Status.ACCEPTED), Status.MERGED, CENTRE,
        needs=(Need("main", "并入的事项编号", Kind.CASE), REMARK),
        guards=("merges_into_another", "appeal_is_judged_above"),
        clock=Clock.STOP, public="与他人反映的是同一问题，已合并办理。",
        tone="secondary", icon="copy", undo_minutes=UNDO,
    ),
    Move(
        "withdraw", "撤回", (Status.REPORTED,), Status.WITHDRAWN, (Who.REPORTER,),
        guards=("others_do_not_wait_on_it",),
        clock=Clock.STOP, public="已由反映人撤回。", tone="secondary", icon="arrow-counterclockwise",
    ),
    Move(
        "self_handle", "自行办理", (Status.ACCEPTED, Status.REOPENED), Status.HANDLING, GRID,
        clock=Clock.HANDLE, public="网格已着手办理。", icon="tools", undo_minutes=UNDO,
    ),
    Move(
        "call_up", "呼叫上级", (Status.ACCEPTED, Status.REOPENED, Status.CALLED), Status.CALLED,
        (*GRID, Who.COMMUNITY), needs=(_note("呼叫原因"),), guards=("can_call_higher",),
        clock=Clock.DISPATCH, photos=False, public="已向上级呼叫，请求支援。", icon="telephone-outbound",
        undo_minutes=UNDO,
    ),
    Move(
        "assign", "交办", TO_DISPATCH, Status.ASSIGNED, CENTRE,
        needs=(_LEAD, _HELPERS, _FINAL, _note("交办意见", required=False)),
        guards=("final_is_for_the_street", "second_return_needs_the_street"),
        clock=Clock.SIGN, public="已交办到责任单位。", icon="send", undo_minutes=UNDO,
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
        "split", "拆出一件", (*TO_DISPATCH, Status.SPLIT), Status.SPLIT, CENTRE,
        needs=(
            _note("这一件要办什么", "另立一件，有自己的编号和期限，单独派单；原事项等各分件办结"),
            Need("category", "类别", Kind.CATEGORY, required=False, help="不选则和原事项相同"),
            Need("grid", "网格", Kind.GRID, required=False, help="不选则和原事项相同"),
        ),
        guards=("is_no_part", "community_splits_within_itself"),
        clock=Clock.HANDLE, photos=False, public="问题涉及几个方面，已分件办理。", icon="diagram-3",
    ),
    Move(
        "gather", "汇总反馈", (Status.SPLIT,), Status.FEEDBACK, CENTRE,
        needs=(_choice("outcome", "办理结果", Outcome.choices), _note("办理情况")),
        guards=("parts_are_over",),
        clock=Clock.VERIFY, photos=False, public="各个方面均已办理，正在核查。",
        icon="chat-left-text",
    ),
    Move(
        "check_in", "报到", (Status.WHISTLED, Status.CHECKED_IN, Status.HANDLING),
        Status.CHECKED_IN, (Who.UNIT,),
        needs=(
            Need("place", "到场地点"), Need("longitude", "经度", Kind.NUMBER, required=False),
            Need("latitude", "纬度", Kind.NUMBER, required=False), REMARK,
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
        undo_minutes=UNDO,
    ),
    Move(
        "ask_extension", "申请延期", (Status.HANDLING,), None, (*GRID, Who.UNIT),
        needs=(Need("until", "延期至", Kind.MOMENT), _note("延期理由")),
        guards=("leads_the_handling", "no_request_waits", "before_due", "extension_within_limits"),
        clock=Clock.DECIDE, tone="secondary", icon="hourglass-split",
    ),
    Move(
        "grant_extension", "同意延期", (Status.HANDLING,), None, CENTRE,
        guards=("extension_waits", "second_extension_is_for_the_street", "asker_does_not_decide"),
        clock=Clock.ANSWERED, public="因情况复杂，办理期限已延长。", icon="hourglass-split",
    ),
    Move(
        "refuse_extension", "不同意延期", (Status.HANDLING,), None, CENTRE,
        needs=(_note("不同意的理由"),),
        guards=("extension_waits", "second_extension_is_for_the_street", "asker_does_not_decide"),
        clock=Clock.ANSWERED, tone="warning", icon="x-octagon",
    ),
    Move(
        "ask_hang", "申请挂账", (Status.HANDLING,), None, (*GRID, Who.UNIT, Who.COMMUNITY),
        needs=(
            _choice("reason", "挂账原因", HangReason.choices),
            Need("measure", "临时措施"),
            Need("until", "下次复核时间", Kind.MOMENT, help="最长 90 天"), _note("情况说明"),
        ),
        guards=("leads_the_handling", "no_request_waits", "review_within_limits"),
        clock=Clock.DECIDE, tone="secondary", icon="dash-circle",
    ),
    Move(
        "grant_hang", "同意挂账", (Status.HANDLING,), Status.HUNG, (Who.STREET,),
        guards=("hang_waits", "asker_does_not_decide"),
        clock=Clock.HANG, public="因客观条件暂时不能解决，已列入挂账，定期复核。", icon="dash-circle",
    ),
    Move(
        "refuse_hang", "不同意挂账", (Status.HANDLING,), None, (Who.STREET,),
        needs=(_note("不同意的理由"),), guards=("hang_waits", "asker_does_not_decide"),
        clock=Clock.ANSWERED, tone="warning", icon="x-octagon",
    ),
    Move(
        "review_hang", "复核，继续挂账", (Status.HUNG,), None, CENTRE,
        needs=(Need("until", "下次复核时间", Kind.MOMENT, help="最长 90 天"), _note("复核情况")),
        guards=("review_within_limits",), clock=Clock.HANG, tone="secondary", icon="dash-circle",
    ),
    Move(
        "resume", "恢复办理", (Status.HUNG,), Status.HANDLING, CENTRE, needs=(_note("恢复原因"),),
        clock=Clock.RESUME, public="条件已具备，恢复办理。", icon="arrow-clockwise",
    ),
    Move(
        "wait", "等反映人补充", (Status.HANDLING,), None, (*GRID, Who.UNIT),
        needs=(_note("需要反映人补充什么", "反映人会看到这段话"),),
        guards=("leads_the_handling", "waits_once", "before_due"),
        public="需要您补充情况。", tone="secondary", icon="chat-left-text",
    ),
    Move(
        "answer", "反映人已补充", (Status.HANDLING,), None, (*GRID, Who.UNIT, Who.REPORTER),
        needs=(_note("补充的情况"),), guards=("is_waiting",),
        photos=False, public="已收到补充情况，继续办理。", tone="secondary", icon="chat-left-text",
    ),
    Move(
        "supplement", "补充情况", OPEN, None, (Who.REPORTER,), needs=(_note("补充的情况"),),
        guards=("is_not_waiting",), photos=False, public="已收到您补充的情况。", tone="secondary",
        icon="chat-left-text",
    ),
    Move(
        "contact", "联系反映人",
        (Status.ACCEPTED, Status.CALLED, Status.ASSIGNED, Status.WHISTLED, Status.CHECKED_IN,
         Status.HANDLING),
        None, (*GRID, Who.COMMUNITY, Who.UNIT), needs=(_note("联系情况"),),
        tone="secondary", icon="telephone",
    ),
    Move(
        "relay", "登记来件更新", OPEN, None, (Who.STREET,), needs=(_note("来件方有什么新情况"),),
        guards=("came_from_outside",), photos=False, tone="secondary", icon="chat-left-text",
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
        needs=(_choice("method", "核查方式", CheckMethod.choices), REMARK),
        guards=("is_not_the_handler", "own_work_is_checked_above"),
        clock=Clock.FINISH, photos=False, public="网格已核查，确认办结。", icon="patch-check",
    ),
    Move(
        "verify_fail", "核查不通过", (Status.FEEDBACK,), Status.HANDLING,
        (Who.GRID_HEAD, Who.COMMUNITY), needs=(_note("不通过原因"),),
        guards=("was_not_gathered", "is_not_the_handler", "own_work_is_checked_above"),
        clock=Clock.REWORK, photos=False, public="核查未通过，已退回重新办理。", tone="warning",
        icon="arrow-repeat",
    ),
    Move(
        "split_on", "核查不通过，继续分办", (Status.FEEDBACK,), Status.SPLIT,
        (Who.GRID_HEAD, Who.COMMUNITY), needs=(_note("不通过原因"),),
        guards=("was_gathered", "is_not_the_handler", "own_work_is_checked_above"),
        clock=Clock.REWORK, photos=False, public="核查未通过，继续办理。", tone="warning",
        icon="arrow-repeat",
    ),
    Move(
        "close", "销号", (Status.VERIFIED,), Status.CLOSED, CENTRE,
        guards=("is_not_the_handler", "street_closes_what_it_whistled"),
        clock=Clock.STOP, public="已销号。如未解决，15 日内可申请重开。", icon="journal-check",
    ),
    Move(
        "unclose", "回退销号", (Status.CLOSED,), Status.VERIFIED, (Who.STREET,),
        needs=(_note("回退原因", "例如：证明材料不实、销号对象搞错；问题又出现的请用“重开”"),),
        guards=("whole_still_waits",),
        clock=Clock.FINISH, photos=False, public="销号已撤回，正在重新核对。", tone="warning",
        icon="arrow-counterclockwise",
    ),
    Move(
        "reopen", "重开", (Status.CLOSED,), Status.REOPENED,
        (Who.REPORTER, Who.REVISITOR, Who.COMMUNITY, Who.STREET),
        needs=(_choice("reason", "原因", ReopenReason.choices), _note("重开原因")),
        guards=("reporter_within_days", "whole_still_waits"),
        clock=Clock.DISPATCH, photos=False, public="已重新办理。", tone="warning",
        icon="arrow-clockwise",
    ),
    Move(
        "urge", "催办", OPEN, None, (*CENTRE, Who.DISTRICT), needs=(_note("催办意见"),),
        tone="warning", icon="bell",
    ),
    Move(
        "supervise", "督办", OPEN, None, (Who.STREET, Who.DISTRICT),
        needs=(
            _choice("card", "级别", SupervisionLevel.choices, required=False),
            Need("reply_by", "回复期限", Kind.MOMENT, required=False, help="不填为 2 个工作日"),
            _note("督办要求"),
        ),
        tone="danger", icon="exclamation-diamond",
    ),
    Move(
        "reply", "回复督办", OPEN, None, (*GRID, Who.COMMUNITY, Who.UNIT),
        needs=(_note("回复内容"),), guards=("owes_a_reply",), photos=False,
        tone="warning", icon="reply",
    ),
    Move(
        "lift", "解除督办", OPEN, None, (Who.STREET, Who.DISTRICT), needs=(_note("解除意见"),),
        guards=("lifts_own_supervision",), tone="secondary", icon="shield-check",
    ),
    # What the platform does when a unit ends or a person leaves: nobody's button.
    Move(
        "hand_over", "改由承接单位办理", OPEN, None, (),
        needs=(Need("unit", "承接单位", Kind.UNIT),), photos=False, tone="secondary", icon="shuffle",
    ),
    Move(
        "hand_back", "承办单位撤销，退回派单",
        (Status.ASSIGNED, Status.WHISTLED, Status.CHECKED_IN, Status.HANDLING, Status.HUNG),
        Status.RETURNED, (), needs=(), clock=Clock.DISPATCH, photos=False, tone="secondary",
        icon="reply",
    ),
    Move(
        "let_go", "承办人离岗，交回网格", OPEN, None, (), needs=(), photos=False, tone="secondary",
        icon="person-x",
    ),
    Move(
        "void", "作废", tuple(status for status in Status if status != Status.VOID), Status.VOID,
        (Who.STREET_ADMIN,),
        needs=(_choice("reason", "原因", VoidReason.choices), _note("说明")),
        guards=("parts_are_over",), clock=Clock.STOP, public="已作废。", tone="danger", icon="trash3",
    ),
)  # fmt: skip
BY_NAME: dict[str, Move] = {move.name: move for move in MOVES}
# Separation of duties: who handled may not judge; who handled or judged may not revisit.
HANDLING_MOVES = ("self_handle", "check_in", "take", "feedback", "gather")
JUDGING_MOVES = ("verify_pass", "verify_fail", "split_on", "close")


def moves_from(status: str) -> list[Move]:
    """Return the moves that leave (or stay in) `status`, in the table's order."""
    return [move for move in MOVES if status in move.sources]
