"""Deadlines and spans in plain words, as pages and lists say them. Pure."""

from datetime import datetime, timedelta

from cases.workflow import Status
from gridparty.lib.china_time import local

MINUTE, HOUR, DAY = 60, 3600, 86400


def span_words(span: timedelta) -> str:
    """Return a length of time in one unit: "5 分钟", "3 小时", "2 天" (rounded down, at least 1)."""
    seconds = int(abs(span.total_seconds()))
    if seconds < HOUR:
        return f"{max(1, seconds // MINUTE)} 分钟"
    if seconds < 2 * DAY:
        hours = seconds // HOUR
        return f"{hours} 小时" if hours < 24 else "1 天"
    return f"{seconds // DAY} 天"


def due_words(due: datetime | None, now: datetime) -> str:
    """Return "还剩 3 小时", "已超时 1 天", or "" when no clock runs."""
    if due is None:
        return ""
    return f"已超时 {span_words(now - due)}" if now > due else f"还剩 {span_words(due - now)}"


def moment_words(moment: datetime | None, now: datetime) -> str:
    """Return a time as people write it: "今天 16:20", "11月3日 16:20", with the year if not this one."""
    if moment is None:
        return ""
    there, here = local(moment), local(now)
    clock = f"{there:%H:%M}"
    if there.date() == here.date():
        return f"今天 {clock}"
    if there.date() == here.date() + timedelta(days=1):
        return f"明天 {clock}"
    if there.date() == here.date() - timedelta(days=1):
        return f"昨天 {clock}"
    day = f"{there.month}月{there.day}日"
    return f"{day} {clock}" if there.year == here.year else f"{there.year}年{day} {clock}"


# What a resident reads instead of the status.
PLAIN_STATUS: dict[str, str] = {
    Status.REPORTED: "已收到，等待网格核实",
    Status.ACCEPTED: "已立案，正在安排办理",
    Status.CALLED: "已立案，正在请上级安排办理",
    Status.ASSIGNED: "已交给责任单位，等待签收",
    Status.WHISTLED: "街道已召集部门，等待到场",
    Status.CHECKED_IN: "部门已到场",
    Status.HANDLING: "正在办理",
    Status.HUNG: "暂时没有条件解决，已列入挂账，定期复核",
    Status.MERGED: "与他人反映的是同一问题，合并办理",
    Status.SPLIT: "涉及几个方面，正在分件办理",
    Status.RETURNED: "正在重新安排办理单位",
    Status.FEEDBACK: "已办理，正在核查结果",
    Status.VERIFIED: "已核查办结，等待销号",
    Status.REOPENED: "已重开，正在重新安排办理",
    Status.CLOSED: "已办结销号",
    Status.REJECTED: "没有受理，原因见下",
    Status.WITHDRAWN: "已由您撤回",
    Status.VOID: "已作废",
}
