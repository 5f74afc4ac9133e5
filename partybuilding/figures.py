"""The figures over the lists. Each is a queryset's count, with the address of that very list."""

from typing import Any

from django.urls import reverse

from councils.figures import Figure
from partybuilding.catalog import FIVE_SHORT, FiveKind
from partybuilding.models import BoardItem
from partybuilding.querysets.five import BoardQuerySet
from partybuilding.workflow import ItemStatus

__all__ = ["Figure", "wall_figures", "wall_kinds"]


def wall_shown(boards: BoardQuerySet, show: str) -> BoardQuerySet:
    """Return the boards one choice of the wall stands for; counts and list share it."""
    shown = {
        "done": boards.complete, "open": boards.open, "waiting": boards.to_confirm,
        "returned": boards.sent_back, "late": boards.late,
    }.get(show)  # fmt: skip
    return shown() if shown else boards


def wall_figures(boards: BoardQuerySet, month: str) -> list[Figure]:
    page = f"{reverse('partybuilding:wall')}?month={month}"
    words = (
        ("", "应完成的支部", ""), ("done", "五项全部完成", ""), ("waiting", "等社区确认", "yellow"),
        ("returned", "被退回", "yellow"), ("open", "还没填全", "yellow"), ("late", "逾期", "red"),
    )  # fmt: skip
    found = []
    for show, label, level in words:
        count = wall_shown(boards, show).count()
        url = f"{page}&show={show}" if show else page
        found.append(Figure(label, count, "个", url, level if count else ""))
    return found


def wall_kinds(boards: BoardQuerySet, month: str) -> list[dict[str, Any]]:
    """For each of the five: how many branches have it confirmed, and the list of those lacking it."""
    items = BoardItem.objects.filter(board__in=boards.values("pk"))
    total = boards.count()
    page = f"{reverse('partybuilding:wall')}?month={month}&kind="
    found = []
    for kind in FiveKind:
        done = items.filter(kind=kind, status=ItemStatus.CONFIRMED).count()
        found.append(
            {
                "label": FIVE_SHORT[kind], "done": done, "total": total, "missing": total - done,
                "percent": done * 100 // total if total else 0, "url": f"{page}{kind.value}",
            }
        )  # fmt: skip
    return found
