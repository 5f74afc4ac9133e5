"""Short ways into Party work; the actors are the town's."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from gridparty.lib.china_time import SHANGHAI
from partybuilding import services
from partybuilding.models import CheckIn, MonthlyBoard
from partybuilding.services import Evidence, MeetingFacts
from tests.cases.cast import photo, reported
from tests.councils.cast import council_of, topic_of
from tests.town import Town

JUNE = date(2026, 6, 1)
MAY = datetime(2026, 5, 6, 12, 0, tzinfo=SHANGHAI)
NOON = datetime(2026, 6, 10, 12, 0, tzinfo=SHANGHAI)
WORK = "本月排查楼道堆物二十一处，联系物业清走十八处，余下三处正在做工作，计划下周全部清完，并安排党员每周巡查两次，防止反弹，请支部监督。"


def june(town: Town) -> Any:
    """The board of the town's branch for June."""
    services.open_boards(today=JUNE)
    return MonthlyBoard.objects.get(branch=town.branch, month=JUNE)


def meeting(**more: Any) -> MeetingFacts:
    facts: dict[str, Any] = {
        "held_at": NOON - timedelta(days=1), "place": "党群服务站", "topic": "主题党日", "host": "支书成",
        "expected": 8, "came": 6, "absent": "外出 2 人", "hours": Decimal("1.5"),
        "minutes": "学习文件，通报情况，协商难题。", "photos": [photo()],
    }  # fmt: skip
    return MeetingFacts(**{**facts, **more})


def evidence(town: Town, **more: Any) -> Evidence:
    """Everything five items ask for, by one meeting."""
    facts: dict[str, Any] = {
        "meeting": meeting(), "told": "社区下月停水检修\n消防检查结果", "channel": "meeting",
        "reporter": "祖长河", "work": WORK, "comment": "做得扎实", "claimer": "祖长河",
        "conclusion": "同意划线禁停。",
    }  # fmt: skip
    if "cases" not in more:
        facts["cases"] = [reported(town)]
    if "topics" not in more:
        facts["topics"] = [topic_of(council_of(town))]
    return Evidence(**{**facts, **more})


def record(town: Town, board: Any, *kinds: str, now: datetime = NOON, **more: Any) -> Any:
    return services.record_items(
        board=board, kinds=kinds, evidence=evidence(town, **more), now=now,
        by=town.users["branch_secretary"],
    )  # fmt: skip


def invited(town: Town, roster: str = "钱在职 13800001111") -> Any:
    services.invite(unit=town.partner, roster=roster, by=town.users["partner_unit"], now=MAY)
    return CheckIn.objects.order_by("-id").first()


def applied(town: Town, **more: Any) -> Any:
    facts: dict[str, Any] = {
        "unit": town.partner, "name": "钱在职", "phone": "13800001111", "community": town.community,
        "place": "阳光花园1栋1单元301", "skills": ["law"], "wishes": ["safety"], "now": MAY,
    }  # fmt: skip
    invited(town)
    return services.apply(**{**facts, **more})


def accepted(town: Town, **more: Any) -> Any:
    return services.accept(
        check_in=applied(town, **more), by=town.users["community_staff"], now=MAY
    )


def engaged(town: Town, **more: Any) -> Any:
    one = accepted(town, **more)
    services.claim_duty(
        grid=one.grid, person=one.person, kind="post", category="safety", duties="周末巡楼",
        start=date(2026, 5, 6), by=None, check_in=one,
    )  # fmt: skip
    one.refresh_from_db()
    return one
