"""The guards the table names. Each returns None, or the refusal that would be raised."""

from collections.abc import Callable
from datetime import timedelta

from cases.catalog import EMERGENCY, FROM_OUTSIDE, Level
from cases.clocks import APPEAL_DAYS, REOPEN_DAYS
from cases.models import CaseTask
from cases.services import requests, supervising
from cases.services.actors import Act, open_tasks
from cases.services.inputs import NO_SUCH_CASE
from cases.services.refusals import MoveRefused, invalid, not_allowed, wrong_state
from cases.workflow import Status, Who

Guard = Callable[[Act], MoveRefused | None]


def can_call_higher(act: Act) -> MoveRefused | None:
    """A level calls the next one: the grid from its own level, the community from grid or own."""
    level = act.case.level
    if level == Level.STREET or (
        level == Level.COMMUNITY and act.case.street_id == act.case.community_id
    ):
        return wrong_state("已经呼叫到最高一级，请等待派遣。")
    if level == Level.COMMUNITY and Who.COMMUNITY not in act.sides:
        return not_allowed("已呼叫到社区，由社区决定是否继续向街道呼叫。")
    return None


def final_is_for_the_street(act: Act) -> MoveRefused | None:
    if act.given("final") and Who.STREET not in act.sides:
        return invalid({"final": "只有街道可以指定承办单位。"})
    return None


def second_return_needs_the_street(act: Act) -> MoveRefused | None:
    """After two returns the street rules who handles it (指定承办)."""
    if act.case.status == Status.RETURNED and Who.STREET not in act.sides:
        returned = CaseTask.objects.filter(case=act.case, cycle=act.case.cycle, is_lead=True)
        if returned.exclude(returned_at=None).count() >= 2:
            return not_allowed("已被退回两次，须由街道裁定并指定承办单位。")
    return None


def unverified_only_in_emergency(act: Act) -> MoveRefused | None:
    if act.case.status == Status.REPORTED and act.case.sla_class.code != EMERGENCY:
        return not_allowed("尚未核实立案；只有紧急事项可以先吹哨后核实。")
    return None


def has_not_arrived(act: Act) -> MoveRefused | None:
    if act.task is None or not act.task.whistled:
        return wrong_state("本单位没有被吹哨，不需要报到。")
    return wrong_state("本单位已经报到。") if act.task.arrived_at else None


def has_not_signed(act: Act) -> MoveRefused | None:
    return wrong_state("本单位已经签收。") if act.task and act.task.signed_at else None


def whistled_arrive_first(act: Act) -> MoveRefused | None:
    if act.task and act.task.whistled and act.task.arrived_at is None:
        return wrong_state("请先到场报到，再签收。")
    return None


def within_return_window(act: Act) -> MoveRefused | None:
    until = act.task.return_until if act.task else None
    if until is not None and act.now > until:
        return wrong_state("已超过 2 个工作日的退回期限，如确不属本单位职责，请联系派单单位转办。")
    return wrong_state("本单位已签收，不能退回。") if act.task and act.task.signed_at else None


def returns_once(act: Act) -> MoveRefused | None:
    """A holder returns a case at most once; the second time it stays or the street rules."""
    if act.task is None:
        return None
    earlier = CaseTask.objects.filter(case=act.case, unit=act.task.unit).exclude(returned_at=None)
    return (
        not_allowed("本单位已退回过一次，不能再次退回；如有异议，由街道裁定。")
        if earlier.exists()
        else None
    )


def not_designated(act: Act) -> MoveRefused | None:
    return not_allowed("街道已指定本单位承办，不能退回。") if act.task and act.task.final else None


def whistled_is_for_the_street(act: Act) -> MoveRefused | None:
    if act.case.whistled_at and Who.STREET not in act.sides:
        return not_allowed("街道吹哨的事项由街道转办。")
    return None


def is_the_handler(act: Act) -> MoveRefused | None:
    """A department's case is fed back by it, a grid's own case by the grid."""
    if act.side == Who.UNIT:
        if act.task and act.task.signed_at is None:
            return wrong_state("请先签收，再反馈。")
        return None
    return not_allowed("本事项由其他单位承办，由承办单位反馈。") if act.case.lead_unit_id else None


def has_not_fed_back(act: Act) -> MoveRefused | None:
    return wrong_state("本单位已经反馈。") if act.task and act.task.fed_back_at else None


def helpers_fed_back(act: Act) -> MoveRefused | None:
    """The lead feeds back last, or says that the helpers need not."""
    if act.inputs is None or act.is_helper or act.given("waive"):
        return None
    waiting = [
        task.unit.name
        for task in open_tasks(act.case)
        if not task.is_lead and task.fed_back_at is None and task.waived_at is None
    ]
    if waiting:
        names = "、".join(waiting)
        return invalid({"waive": f"协办单位{names}还没有反馈；如无需反馈，请勾选此项。"})
    return None


def photo_if_asked(act: Act) -> MoveRefused | None:
    if act.inputs is None or act.is_helper or act.photo_count:
        return None
    if act.case.category.needs_photo:
        return invalid({"photos": "这类事项反馈时须附办理后的照片。"})
    return None


def is_not_the_handler(act: Act) -> MoveRefused | None:
    if act.user is not None and act.user.pk in act.handlers:
        return not_allowed("您办理过这件事项，须由其他人核查和销号。")
    return None


def own_work_is_checked_above(act: Act) -> MoveRefused | None:
    """What the grid handled itself is checked by the community."""
    if act.case.lead_unit_id is None and Who.COMMUNITY not in act.sides:
        return not_allowed("网格自行办理的事项由社区核查。")
    return None


def street_closes_what_it_whistled(act: Act) -> MoveRefused | None:
    if Who.COMMUNITY not in act.sides and act.case.whistled_at is None:
        return not_allowed("由社区销号；街道只对吹哨事项销号。")
    return None


def reporter_within_days(act: Act) -> MoveRefused | None:
    closed = act.case.closed_at
    others = set(act.sides) & (set(act.move.who) - {Who.REPORTER})
    if not others and closed and act.now > closed + timedelta(days=REOPEN_DAYS):
        return wrong_state(f"销号已超过 {REOPEN_DAYS} 天，不能再申请重开。请重新上报。")
    return None


def appeals_once(act: Act) -> MoveRefused | None:
    """A refusal is appealed once, within fifteen days."""
    if act.case.appealed_at:
        return wrong_state("已经申诉过一次，社区的答复是最后答复。")
    ended = act.case.ended_at
    if ended and act.now > ended + timedelta(days=APPEAL_DAYS):
        return wrong_state(f"已超过 {APPEAL_DAYS} 天，不能再申诉。请重新上报。")
    return None


def appeal_is_judged_above(act: Act) -> MoveRefused | None:
    """The grid refused; on appeal the community looks at it."""
    above = Who.COMMUNITY in act.sides or Who.STREET in act.sides
    return (
        None if above or not act.case.appealed_at else not_allowed("反映人已申诉，由社区重新核实。")
    )


def others_do_not_wait_on_it(act: Act) -> MoveRefused | None:
    """Reports of others have been joined to it: it is no longer the reporter's alone."""
    if act.case.merged.exists():
        return wrong_state("已有他人反映的同一问题并入这件，不能撤回。")
    return None


def is_no_part(act: Act) -> MoveRefused | None:
    """One level of parts only, so no case can wait for itself."""
    return wrong_state("分件不能再拆，请在原事项上再拆一件。") if act.case.parent_id else None


def community_splits_within_itself(act: Act) -> MoveRefused | None:
    grid = act.given("grid")
    if grid is not None and Who.STREET not in act.sides and grid.community_id != act.case.community_id:  # fmt: skip
        return invalid({"grid": "请选择本社区的网格；跨社区的由街道拆件。"})
    return None


def parts_are_over(act: Act) -> MoveRefused | None:
    if not act.case.was_split:
        return None
    waiting = act.case.parts.filter(ended_at=None).count()
    return wrong_state(f"还有 {waiting} 件分件没有办结。") if waiting else None


def _gathered(act: Act) -> bool:
    """Whether the result that is checked was put together from parts."""
    if not act.case.was_split:
        return False
    given = act.case.events.filter(to_status=Status.FEEDBACK).exclude(from_status=Status.FEEDBACK)
    last = given.order_by("-id").first()
    return last is not None and last.move == "gather"


def was_gathered(act: Act) -> MoveRefused | None:
    return None if _gathered(act) else wrong_state("这件事项没有分件办理，请用“核查不通过”。")


def was_not_gathered(act: Act) -> MoveRefused | None:
    return wrong_state("分件办理的事项请用“核查不通过，继续分办”。") if _gathered(act) else None


def whole_still_waits(act: Act) -> MoveRefused | None:
    """A part is reopened only while the whole waits for its parts; afterwards the whole is."""
    whole = act.case.parent
    if whole is None or whole.status == Status.SPLIT:
        return None
    return wrong_state(
        f"原事项 {whole.case_no} 已是“{whole.status_label}”，请在原事项上核查不通过或重开，再办分件。"
    )


def came_from_outside(act: Act) -> MoveRefused | None:
    if act.case.source not in FROM_OUTSIDE:
        return wrong_state("这件事项不是外部系统转来的。")
    return None


def merges_into_another(act: Act) -> MoveRefused | None:
    """The main case is another open one; the community merges within itself."""
    main = act.given("main")
    if main is None:
        return None
    if Who.STREET not in act.sides and main.community_id != act.case.community_id:
        return invalid({"main": NO_SUCH_CASE})
    if main.pk == act.case.parent_id:
        return invalid({"main": "不能并入拆出它的原事项。"})
    if main.pk == act.case.pk:
        return invalid({"main": "不能并入它自己，请填写另一件事项的编号。"})
    if main.merged_into_id:
        return invalid({"main": f"该事项已并入 {main.merged_into.case_no}，请改填这个编号。"})
    if not main.is_open:
        return invalid({"main": f"该事项是“{main.status_label}”，只能并入未办结的事项。"})
    return None


GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (
        can_call_higher, final_is_for_the_street, second_return_needs_the_street,
        unverified_only_in_emergency, has_not_arrived, has_not_signed, whistled_arrive_first,
        within_return_window, returns_once, not_designated, whistled_is_for_the_street,
        is_the_handler, has_not_fed_back, helpers_fed_back, photo_if_asked, is_not_the_handler,
        own_work_is_checked_above, street_closes_what_it_whistled, reporter_within_days,
        is_no_part, community_splits_within_itself, parts_are_over, was_gathered,
        was_not_gathered, whole_still_waits, came_from_outside, others_do_not_wait_on_it, appeals_once, appeal_is_judged_above, merges_into_another,
        *requests.GUARDS, *supervising.GUARDS,
    )
}  # fmt: skip


def first_refusal(act: Act) -> MoveRefused | None:
    """Return why the move is refused in the end, None when it may be done."""
    return next((no for name in act.move.guards if (no := GUARDS[name](act))), None)
