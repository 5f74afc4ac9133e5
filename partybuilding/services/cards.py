"""The quarterly feedback card to a unit: drafted from what is known, remarked, sent, received."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gridparty.lib.periods import Quarter
from orgs.audit import describe_actions, record
from orgs.models import User
from partybuilding.models import CheckIn, FeedbackCard, MemberDuty
from partybuilding.notices import tell_card
from partybuilding.services.lives import take_step

describe_actions(card__draft="起草反馈卡")
MOST_QUARTERS = 4


def quarters_owed(today: date) -> list[Quarter]:
    """The quarter that has ended, and those a stopped worker missed since the last card."""
    last = FeedbackCard.objects.order_by("-quarter").values_list("quarter", flat=True).first()
    found = [Quarter.of(today).previous()]
    while last and found[0].previous() > Quarter.of(last) and len(found) < MOST_QUARTERS:
        found.insert(0, found[0].previous())
    return found


@transaction.atomic
def draft_cards(*, today: date) -> int:
    """Draft the cards of the ended quarter, one for each unit in each community; once."""
    return sum(_draft(quarter) for quarter in quarters_owed(today))


def _draft(quarter: Quarter) -> int:
    first, end = quarter.first_day, quarter.end_day
    served: Any = (
        CheckIn.objects.filter(accepted_at__lt=quarter.end, community__isnull=False)
        .filter(Q(ended_on=None) | Q(ended_on__gte=first))
        .with_hours(first, end)
        .order_by("pk")
    )
    duties: dict[int, list[int]] = {}
    held = MemberDuty.objects.filter(start__lt=end).filter(Q(end=None) | Q(end__gte=first))
    for check_in, duty in held.exclude(check_in=None).values_list("check_in", "pk"):
        if check_in is not None:
            duties.setdefault(check_in, []).append(duty)
    cards: dict[tuple[int, int], FeedbackCard] = {}
    for one in served:
        key = (one.unit_id, one.community_id or 0)
        card = cards.setdefault(
            key,
            FeedbackCard(
                unit_id=one.unit_id, community_id=one.community_id, quarter=first, rows=[],
                district_id=one.district_id, street_id=one.street_id,
            ),
        )  # fmt: skip
        hours: Any = one.hours
        card.rows.append(
            {
                "check_in": one.pk, "hours": f"{hours:.1f}", "duties": duties.get(one.pk, []),
                "status": one.status,
            }
        )  # fmt: skip
    before = FeedbackCard.objects.filter(quarter=first).count()
    FeedbackCard.objects.bulk_create(cards.values(), ignore_conflicts=True)
    made = FeedbackCard.objects.filter(quarter=first).count() - before
    if made:
        record(
            by=None, action="card.draft", target=FeedbackCard,
            detail={"quarter": str(quarter), "count": made},
        )  # fmt: skip
    return made


@transaction.atomic
def move_card(
    *, card: FeedbackCard, name: str, by: User, note: str = "", now: datetime | None = None
) -> FeedbackCard:
    """Send the card with the community's remark; the unit signs for it."""
    now = now or timezone.now()
    columns: dict[str, Any] = (
        {"sent_at": now, "remark": note} if name == "send" else {"received_at": now}
    )
    take_step(row=card, name=name, by=by, street=card.street_id, note=note, now=now, **columns)
    if name == "send":
        tell_card(card)
    return card
