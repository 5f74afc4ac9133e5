"""议题清单: the topics of a place in the register."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from cases.ledger_registry import LedgerList, Place, day, ledger_list
from councils.models import Topic
from councils.workflow import OPEN
from gridparty.lib.periods import Month
from orgs.models import User


@ledger_list
class Topics(LedgerList):
    code, note = "topics", "当月提出或仍在办理的议题"
    columns = (
        ("议题", 34), ("来源", 12), ("议事机构", 24), ("网格", 14), ("涉及户数", 9), ("状态", 12),
        ("决议", 40), ("提出日期", 12),
    )  # fmt: skip

    def rows(self, user: User, place: Place, month: Month) -> QuerySet[Any]:
        found = Topic.objects.visible_to(user).filter(
            Q(created_at__gte=month.start) | Q(status__in=OPEN), created_at__lt=month.end, **place
        )
        return found.select_related("council", "grid").order_by("id")

    def cells(self, row: Any) -> list[Any]:
        return [
            row.title, row.get_source_display(), str(row.council), row.grid.name if row.grid else "",
            row.households, row.status_label, row.resolution, day(row.created_at),
        ]  # fmt: skip

    def url(self, row: Any) -> str:
        return reverse("councils:topic", args=[row.pk])
