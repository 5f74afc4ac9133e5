"""The life of a red corridor head as a table (domain brief §4E). Pure.

nominated → consented → approved by the branch → published → serving → evaluated → renewed or ended.
Buttons, forms, services, docs and tests read this table. Party membership is not asked for.
"""

from dataclasses import dataclass

from django.db.models import TextChoices

from orgs.roles import APPROVE, EDIT

YEARS = (1, 2, 3)
# What a list of heads shows, how loads are grouped, and what a household may lack.
SHOWN = {
    "duty": "在任",
    "preparing": "筹备中",
    "branch": "待支部批准",
    "expiring30": "30 天内到期",
    "expiring60": "60 天内到期",
    "moved": "已不住本社区",
    "ended": "已离任",
    "all": "全部",
}
LOADS = {"0": "0 户", "1-7": "1–7 户", "8-12": "8–12 户", "13-15": "13–15 户", "16": "15 户以上"}
NOBODY, STAND_IN = "none", "temporary"
GAPS = {NOBODY: "没有楼道长", STAND_IN: "党小组组长临时代管"}


class HeadState(TextChoices):
    NOMINATED = "nominated", "已提名"
    CONSENTED = "consented", "本人同意"
    APPROVED = "approved", "支部批准"
    PUBLISHED = "published", "公示中"
    SERVING = "serving", "在任"
    EVALUATED = "evaluated", "已评议"
    DECLINED = "declined", "未就任"
    ENDED = "ended", "已离任"


IN_DUTY = (HeadState.SERVING, HeadState.EVALUATED)
PREPARING = (HeadState.NOMINATED, HeadState.CONSENTED, HeadState.APPROVED, HeadState.PUBLISHED)
OPEN = PREPARING + IN_DUTY
# Who is through: nothing of them hangs at the door any more.
OVER = (HeadState.DECLINED, HeadState.ENDED)


class Background(TextChoices):
    """Where heads come from: 机关单位在职党员、社区党员干部群众 (report)."""

    AGENCY_MEMBER = "agency_member", "机关单位在职党员"
    COMMUNITY_MEMBER = "community_member", "社区党员"
    CADRE = "cadre", "社区干部"
    RESIDENT = "resident", "热心群众"


class Grade(TextChoices):
    EXCELLENT = "excellent", "优秀"
    GOOD = "good", "称职"
    BASIC = "basic", "基本称职"
    POOR = "poor", "不称职"


class EndReason(TextChoices):
    TERM = "term", "任期届满"
    OWN_WISH = "own_wish", "本人申请"
    HEALTH = "health", "身体原因"
    MOVED_OUT = "moved_out", "搬离本社区"
    DIED = "died", "去世"
    POOR = "poor", "评议不称职"
    OTHER = "other", "其他"


@dataclass(frozen=True)
class HeadMove:
    """One step: where from, where to, the letter it needs on heads, and the facts it asks for."""

    name: str
    label: str
    sources: tuple[HeadState, ...]
    target: HeadState
    letter: str
    asks: tuple[str, ...] = ("on",)
    hint: str = ""


MOVES: dict[str, HeadMove] = {
    move.name: move
    for move in (
        HeadMove(
            "consent", "登记本人同意", (HeadState.NOMINATED,), HeadState.CONSENTED, EDIT,
            ("on", "shows_phone"), "请当面或电话征得本人同意。",
        ),
        HeadMove(
            "decline", "本人不同意", (HeadState.NOMINATED,), HeadState.DECLINED, EDIT, ("on", "note")
        ),
        HeadMove(
            "approve", "支部批准", (HeadState.CONSENTED,), HeadState.APPROVED, APPROVE,
            ("on", "note"), "“依据”可填会议日期或文号。",
        ),
        HeadMove(
            "reject", "支部不批准", (HeadState.CONSENTED,), HeadState.DECLINED, APPROVE,
            ("on", "note"),
        ),
        HeadMove(
            "publish", "张贴公示", (HeadState.APPROVED,), HeadState.PUBLISHED, EDIT, ("on",),
            "打印楼道公示牌，贴在单元门口。",
        ),
        HeadMove(
            "object", "公示有异议", (HeadState.PUBLISHED,), HeadState.DECLINED, EDIT, ("on", "note")
        ),
        HeadMove(
            "take_up", "开始任职", (HeadState.PUBLISHED,), HeadState.SERVING, EDIT, ("on", "years")
        ),
        HeadMove(
            "evaluate", "登记评议", IN_DUTY, HeadState.EVALUATED, EDIT, ("on", "grade", "note"),
            "一年一评，也可在任期届满前评议。",
        ),
        HeadMove(
            "renew", "续任", (HeadState.EVALUATED,), HeadState.SERVING, APPROVE, ("on", "years")
        ),
        HeadMove(
            "end", "离任", (HeadState.PUBLISHED, *IN_DUTY), HeadState.ENDED, EDIT,
            ("on", "reason", "note"), "联系户先由党小组组长临时代管，再重新分配。",
        ),
    )
}  # fmt: skip


def moves_from(state: str) -> list[HeadMove]:
    """Return the moves that start at `state`, in the order of the table."""
    return [move for move in MOVES.values() if state in move.sources]
