"""Reads of the monthly 五个一. Wall, figures, calendar, to-dos and export share these."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from grids.querysets import count_of, related_rows
from orgs.roles import SEES
from partybuilding.scope import branch_q
from partybuilding.workflow import OPEN_ITEMS, ItemStatus

if TYPE_CHECKING:
    from partybuilding.models import BoardItem, BranchMeeting, MonthlyBoard  # noqa: F401


class BoardQuerySet(models.QuerySet["MonthlyBoard"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "BoardQuerySet":
        """Boards of the branches in the user's area."""
        return self.filter(branch_q(user, letters))

    def of_month(self, first_day: date) -> "BoardQuerySet":
        return self.filter(month=first_day)

    def with_items(self, **where: Any) -> "BoardQuerySet":
        """Boards with at least one item like that."""
        rows = related_rows(self.model, "items").filter(board=OuterRef("pk"), **where)
        return self.filter(Exists(rows))

    def without_items(self, **where: Any) -> "BoardQuerySet":
        rows = related_rows(self.model, "items").filter(board=OuterRef("pk"), **where)
        return self.filter(~Exists(rows))

    def complete(self) -> "BoardQuerySet":
        """All five items confirmed."""
        rows = related_rows(self.model, "items").exclude(status=ItemStatus.CONFIRMED)
        return self.filter(~Exists(rows.filter(board=OuterRef("pk"))))

    def open(self) -> "BoardQuerySet":
        return self.with_items(status__in=OPEN_ITEMS)

    def to_confirm(self) -> "BoardQuerySet":
        return self.with_items(status=ItemStatus.SUBMITTED)

    def sent_back(self) -> "BoardQuerySet":
        return self.with_items(status=ItemStatus.RETURNED)

    def late(self) -> "BoardQuerySet":
        """With an item nobody has recorded although the days of grace are over."""
        return self.with_items(status__in=OPEN_ITEMS, late=True)

    def due_soon(self, day: date, within: int = 10) -> "BoardQuerySet":
        """With open items, and due within so many days."""
        return self.open().filter(due_on__gte=day, due_on__lte=day + timedelta(days=within))

    def for_list(self) -> "BoardQuerySet":
        items: Any = related_rows(self.model, "items")
        confirmed = items.filter(status=ItemStatus.CONFIRMED)
        return (
            self.select_related("branch", "community")
            .prefetch_related(Prefetch("items", queryset=items.order_by("place")))
            .annotate(done_count=count_of(confirmed, "board"))
        )


class ItemQuerySet(models.QuerySet["BoardItem"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "ItemQuerySet":
        boards = related_rows(self.model, "board").visible_to(user, letters)
        return self.filter(board__in=boards.values("pk"))

    def open(self) -> "ItemQuerySet":
        return self.filter(status__in=OPEN_ITEMS)

    def confirmed(self) -> "ItemQuerySet":
        return self.filter(status=ItemStatus.CONFIRMED)

    def for_list(self) -> "ItemQuerySet":
        return self.select_related("board__branch", "board__community", "meeting")


class BranchMeetingQuerySet(models.QuerySet["BranchMeeting"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "BranchMeetingQuerySet":
        boards = related_rows(self.model, "board").visible_to(user, letters)
        return self.filter(board__in=boards.values("pk"))

    def between(self, start: Any, end: Any) -> "BranchMeetingQuerySet":
        return self.filter(Q(held_at__gte=start) & Q(held_at__lt=end))

    def for_list(self) -> "BranchMeetingQuerySet":
        return self.select_related("board__branch").annotate(
            item_count=count_of(related_rows(self.model, "items"), "meeting")
        )
