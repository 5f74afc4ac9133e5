"""The statuses of a case. Pure; what leads from one to another stands in `cases/workflow.py`."""

from django.db.models import TextChoices


class Status(TextChoices):
    REPORTED = "reported", "待核实"
    ACCEPTED = "accepted", "已立案"
    CALLED = "called", "已呼叫"
    ASSIGNED = "assigned", "待签收"
    WHISTLED = "whistled", "已吹哨"
    CHECKED_IN = "checked_in", "已报到"
    HANDLING = "handling", "办理中"
    HUNG = "hung", "挂账"
    RETURNED = "returned", "已退回"
    SPLIT = "split", "分件办理"
    FEEDBACK = "feedback", "待核查"
    VERIFIED = "verified", "待销号"
    REOPENED = "reopened", "已重开"
    CLOSED = "closed", "已销号"
    REJECTED = "rejected", "不予受理"
    MERGED = "merged", "已并案"
    WITHDRAWN = "withdrawn", "已撤回"
    VOID = "void", "已作废"


def status_choices() -> list[tuple[str, str]]:
    """Return the choices; models name this function, so a new status needs no migration."""
    return list(Status.choices)


ENDED = frozenset({Status.CLOSED, Status.REJECTED, Status.MERGED, Status.WITHDRAWN, Status.VOID})
OPEN = tuple(status for status in Status if status not in ENDED)
TO_DISPATCH = (Status.ACCEPTED, Status.CALLED, Status.RETURNED, Status.REOPENED)
