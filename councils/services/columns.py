"""What each move of a topic writes besides the status. ValidationError by field."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError

from cases.catalog import Source
from cases.services import MoveRefused, report_case
from councils.catalog import MAX_NOTE, MAX_TEXT, RELAPSE_DAYS, Effect, RejectReason
from councils.services.guards import Act
from councils.services.texts import public_prose
from gridparty.lib.china_time import local_date
from grids.texts import one_line

Columns = dict[str, Any]


def columns_of(act: Act) -> Columns:
    """Return the columns of the act's move; most moves write none."""
    write = _COLUMNS.get(act.move.name)
    return write(act) if write else {}


def _reject(act: Act) -> Columns:
    if act.given.get("reason") not in RejectReason.values:
        raise ValidationError({"reason": "请选择原因。"})
    note = public_prose(act.text("note"), "note", "说明", MAX_NOTE, required=True)
    return {"reject_reason": act.given["reason"], "public_note": note}


def _turn(act: Act) -> Columns:
    """Report what needs no council as a case of its grid (议事转化)."""
    topic = act.topic
    if topic.grid is None:
        raise ValidationError("这个议题没有写明网格，不能转为事项。请先修改议题。")
    try:
        case = report_case(
            by=act.by, text=f"{topic.title}\n{topic.text}", category=act.given.get("category") or "",
            grid=topic.grid, source=Source.TOPIC, now=act.now,
        )  # fmt: skip
    except MoveRefused as refusal:
        raise ValidationError(list(refusal.fields.values()) or [refusal.message]) from None
    return {"origin": case}


def _take_up(act: Act) -> Columns:
    return {"council": act.given["meeting"].council}


def _resolve(act: Act) -> Columns:
    text = public_prose(act.text("resolution"), "resolution", "决议", MAX_TEXT, required=True)
    return {
        "resolution": text, "announced_on": local_date(act.now),
        "announce_until": act.given["announce_until"],
    }  # fmt: skip


def _supervise(act: Act) -> Columns:
    return {"supervisors": one_line(act.text("supervisors"), label="居民监督员", longest=200)}


def _close(act: Act) -> Columns:
    if act.given.get("effect") not in Effect.values:
        raise ValidationError({"effect": "请选择效果。"})
    today = local_date(act.now)
    return {
        "effect": act.given["effect"],
        "result": public_prose(act.text("result"), "result", "办理结果", MAX_TEXT, required=True),
        "closed_on": today, "looked_at": None,
        "look_again_on": today + timedelta(days=RELAPSE_DAYS),
    }  # fmt: skip


def _reopen(act: Act) -> Columns:
    return {"closed_on": None, "look_again_on": None}


_COLUMNS: dict[str, Callable[[Act], Columns]] = {
    "reject": _reject, "turn": _turn, "take_up": _take_up, "resolve": _resolve,
    "supervise": _supervise, "close": _close, "reopen": _reopen,
}  # fmt: skip
