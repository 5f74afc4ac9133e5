"""积分: an append-only ledger. Earned by rule, redeemed, corrected only by a reversing entry."""

from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum

from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import User
from orgs.roles import EDIT
from residents.models import Need
from volunteers.models import Hours, PointRule, PointsEntry, StarLevel, Volunteer
from volunteers.services.places import require_community
from volunteers.workflow import HoursStatus

describe_actions(points__redeem="兑换积分", points__reverse="冲正积分")
Reason = PointsEntry.Reason
ZERO = Decimal("0.0")


def rules() -> dict[str, Decimal]:
    """Return the numbers of the points rule by code."""
    return dict(PointRule.objects.values_list("code", "value"))


def earn(*, hours: Hours, by: User | None) -> None:
    """Write the points of confirmed hours: once; a fulfilled wish adds its own line."""
    if PointsEntry.objects.filter(hours=hours, reverses=None, reversed_by=None).exists():
        return
    rule = rules()
    counted = min(hours.credited, rule["cap"]) if rule["cap"] else hours.credited
    points = counted * rule["hour"] * (rule["lead"] if hours.leads else 1)
    points = points.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    _write(hours.volunteer, points, Reason.HOURS, by, hours=hours, note=hours.activity.title)
    need = hours.activity.need
    if need is not None and need.source == Need.Source.WISH:
        _write(hours.volunteer, rule["wish"], Reason.WISH, by, hours=hours, note="圆微心愿")


def reverse_hours(*, hours: Hours, by: User | None, note: str) -> None:
    """Take back what these hours earned, line by line."""
    for entry in PointsEntry.objects.filter(hours=hours, reverses=None, reversed_by=None):
        _reverse(entry, by, note)


@transaction.atomic
def reverse_entry(*, entry: PointsEntry, note: str, by: User) -> PointsEntry:
    """Correct a line by its opposite; a line can be reversed once, a reversal never."""
    require_community(entry.volunteer.community, by, EDIT)
    Volunteer.objects.select_for_update().get(pk=entry.volunteer_id)
    if entry.reverses_id is not None or PointsEntry.objects.filter(reverses=entry).exists():
        raise ValidationError("这一笔已经冲正过，不能再冲正。")
    made = _reverse(entry, by, one_line(note, label="冲正原因", longest=100))
    record(by=by, action="points.reverse", target=entry)
    return made


@transaction.atomic
def redeem(*, volunteer: Volunteer, points: Decimal, note: str, by: User) -> PointsEntry:
    """Exchange points for goods or services (never cash), not more than there are."""
    require_community(volunteer.community, by, EDIT)
    Volunteer.objects.select_for_update().get(pk=volunteer.pk)
    have = balance(volunteer)
    if points <= 0 or points > have:
        raise ValidationError({"points": f"现有 {have} 分，请填大于 0、不超过它的数。"})
    note = one_line(note, label="兑换什么", longest=100)
    made = _write(volunteer, -points, Reason.REDEEM, by, note=note)
    record(by=by, action="points.redeem", target=volunteer, street=volunteer.street_id)
    return made


def balance(volunteer: Volunteer) -> Decimal:
    """Return the sum of the ledger."""
    return (
        PointsEntry.objects.filter(volunteer=volunteer).aggregate(sum=Sum("delta"))["sum"] or ZERO
    )


def total_hours(volunteer: Volunteer) -> Decimal:
    """Return the confirmed hours."""
    rows = volunteer.hours.filter(status=HoursStatus.CONFIRMED)
    return rows.aggregate(sum=Sum("credited"))["sum"] or ZERO


def stars_for(hours: Decimal) -> int:
    """Return the stars for so many hours, 0 below the first."""
    level = StarLevel.objects.filter(hours__lte=hours).order_by("-hours").first()
    return level.stars if level else 0


def _reverse(entry: PointsEntry, by: User | None, note: str) -> PointsEntry:
    return _write(
        entry.volunteer, -entry.delta, Reason.REVERSAL, by, hours=entry.hours, reverses=entry,
        note=note[:100],
    )  # fmt: skip


def _write(
    volunteer: Volunteer, delta: Decimal, reason: str, by: User | None, *,
    hours: Hours | None = None, reverses: PointsEntry | None = None, note: str = "",
) -> PointsEntry:  # fmt: skip
    entry = PointsEntry(
        volunteer=volunteer, delta=delta, reason=reason, by=by, hours=hours, reverses=reverses,
        note=note[:100],
    )  # fmt: skip
    entry.save()
    return entry
