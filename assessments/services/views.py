"""Writes of saved views: one's own only."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from assessments.models import SavedView
from councils.services.texts import prose
from gridparty.lib.periods import Month, Period, Quarter, Year
from orgs.models import User

MOST = 20
RELATIVE: dict[str, type[Month] | type[Quarter] | type[Year]] = {
    "month": Month, "quarter": Quarter, "year": Year,
}  # fmt: skip


def period_kept(period: Period, now: Any) -> str:
    """Return "month", "quarter" or "year" for the one that runs now, else the period itself."""
    for name, kind in RELATIVE.items():
        if period == kind.of(now):
            return name
    return str(period)


def address_of(view: SavedView, now: Any) -> dict[str, str]:
    """Return what the dashboard's address says to open the view."""
    asked = dict(view.asked)
    kind = RELATIVE.get(asked["month"])
    return asked | ({"month": str(kind.of(now))} if kind else {})


@transaction.atomic
def save_view(*, name: str, asked: dict[str, str], by: User) -> SavedView:
    text = prose(name, "name", "名称", 20, required=True)
    User.objects.select_for_update().get(pk=by.pk)  # two tabs at once count one another
    mine = by.saved_views.all()
    if mine.count() >= MOST:
        raise ValidationError(f"常用看板最多 {MOST} 个，请先删去不用的。")
    if mine.filter(name=text).exists():
        raise ValidationError(f"您已有名为“{text}”的常用看板，请换个名称。")
    return SavedView.objects.create(user=by, name=text, asked=asked)


@transaction.atomic
def open_with(*, view: SavedView, by: User) -> None:
    """Make the view the one the dashboard opens with; once more, and it no longer is."""
    User.objects.select_for_update().get(pk=by.pk)  # two tabs at once would keep two
    was = by.saved_views.get(pk=view.pk).is_default
    by.saved_views.filter(is_default=True).update(is_default=False)
    by.saved_views.filter(pk=view.pk).update(is_default=not was)


def drop_view(*, view: SavedView, by: User) -> None:
    by.saved_views.filter(pk=view.pk).delete()
