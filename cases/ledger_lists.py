"""督办事项清单: the supervisions of a place and month in the register."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from cases.ledger_registry import LedgerList, Place, day, ledger_list
from cases.models import Case, Supervision
from gridparty.lib.periods import Month
from orgs.models import User


@ledger_list
class SupervisedMatters(LedgerList):
    """督办事项: who demanded what of whom, and whether it was answered."""

    code, note = "supervisions", "当月发出的督办"
    columns = (
        ("事项编号", 20), ("问题", 34), ("责任单位", 18), ("级别", 8), ("督办单位", 16), ("督办要求", 34),
        ("督办时间", 12), ("回复期限", 12), ("回复", 34), ("回复时间", 12), ("解除时间", 12),
    )  # fmt: skip

    def rows(self, user: User, place: Place, month: Month) -> QuerySet[Any]:
        cases = Case.objects.visible_to(user).filter(**place)
        found = Supervision.objects.filter(
            case__in=cases.order_by().values("pk"),
            issued_at__gte=month.start, issued_at__lt=month.end,
        )  # fmt: skip
        return found.select_related("case__lead_unit", "case__grid", "unit").order_by("id")

    def cells(self, row: Any) -> list[Any]:
        holder = row.unit or row.case.lead_unit
        return [
            row.case.case_no, row.case.summary, holder.name if holder else row.case.grid.name,
            row.get_level_display(), row.issued_label or "系统", row.demand, day(row.issued_at),
            day(row.reply_by), row.reply, day(row.replied_at), day(row.lifted_at),
        ]  # fmt: skip

    def url(self, row: Any) -> str:
        return reverse("cases:detail", args=[row.case_id])

    def late(self, row: Any) -> bool:
        return row.replied_at is None and row.lifted_at is None and row.case.is_open
