"""The outbox's runner: claim a parcel, hand it out, write what came of it.

At least once: a claim of a dead worker is taken up again with the same parcel id. Two workers take
different rows (skip locked, then compare-and-set), also on SQLite, where writers queue.
"""

import logging
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min
from django.urls import reverse
from django.utils import timezone

from notices.catalog import FLOOD, MOST_ATTEMPTS, MessageState, Urgency
from notices.kinds import label_of
from notices.models import Channel, OutboxMessage
from notices.times import pause
from notices.transports import Parcel, Refused, TryLater, transport_of

logger = logging.getLogger(__name__)
MINUTE = timedelta(minutes=1)
CHUNK = 500
State = MessageState
_dice = Random()


@dataclass(frozen=True)
class Claim:
    """Rows that leave as one parcel; `stamp` is this worker's, for the compare-and-set."""

    stamp: str
    batch: str
    rows: list[OutboxMessage]


def deliver(*, clock: Callable[[], datetime] = timezone.now, most: int = 500) -> dict[str, int]:
    """Send what is due, at most `most` parcels; returns {"sent": n, "later": n, "dead": n}."""
    done: Counter[str] = Counter()
    while done.total() < most and (claim := claim_next(clock())) is not None:
        done[_send(claim, clock)] += 1
    return {name: done[name] for name in ("sent", "later", "dead")}


def claim_next(now: datetime) -> Claim | None:
    """Take the next parcel, or None when nothing may go now."""
    while True:
        with transaction.atomic():
            first = _abandoned(now) or _due(now)
            if first is None:
                return None
            if first.attempts >= MOST_ATTEMPTS:
                _bury(first, "发送中多次中断")
            elif (limit := _full_until(first.channel_id, first.transport, now)) is not None:
                _postpone(first, limit)
            elif rows := _group(first, now):
                return _stamp(rows, first.batch or uuid.uuid4().hex, now)
            else:  # somebody else took them between our two looks
                return None


def _abandoned(now: datetime) -> OutboxMessage | None:
    rows = OutboxMessage.objects.abandoned(now).select_for_update(skip_locked=True)
    return rows.order_by("id").first()


def _due(now: datetime) -> OutboxMessage | None:
    rows = OutboxMessage.objects.due(now).select_for_update(skip_locked=True)
    return rows.order_by("not_before", "id").first()


def _full_until(channel: int | None, transport: str, now: datetime) -> datetime | None:
    """Return when the channel's limit per minute lets the next one through, None when now."""
    limit = transport_of(transport).per_minute
    if channel is None or limit is None:
        return None
    Channel.objects.select_for_update().get(pk=channel)  # two workers count one after the other
    recent = OutboxMessage.objects.filter(channel=channel, claimed_at__gt=now - MINUTE)
    batches = recent.order_by().values("batch").annotate(first=Min("claimed_at"))
    tries: list[datetime] = sorted(batches.values_list("first", flat=True))
    return tries[-limit] + MINUTE if len(tries) >= limit else None


def _postpone(first: OutboxMessage, until: datetime) -> None:
    """Let the whole channel wait; a claim of a dead worker goes back among the waiting."""
    rows = OutboxMessage.objects.filter(channel=first.channel_id)
    rows.filter(state=State.WAITING, not_before__lt=until).update(not_before=until)
    OutboxMessage.objects.filter(pk=first.pk).update(state=State.WAITING, not_before=until)
    if first.state == State.SENDING:
        rows.filter(batch=first.batch, state=State.SENDING).update(
            state=State.WAITING, not_before=until
        )


def _group(first: OutboxMessage, now: datetime) -> list[OutboxMessage]:
    """Return the rows that leave together with `first`: its parcel of old, or its digest."""
    rows = OutboxMessage.objects.select_for_update(skip_locked=True).order_by("id")
    if first.batch:
        return list(rows.filter(batch=first.batch, state=first.state))
    if first.phone or first.urgency == Urgency.EMERGENCY:
        return [first]
    alike = OutboxMessage.objects.due(now).filter(
        batch="", transport=first.transport, channel=first.channel_id, user=first.user_id,
        urgency__lt=Urgency.EMERGENCY, phone="",
    )  # fmt: skip
    if not first.digest and alike.count() <= FLOOD:
        return [first]
    return list(rows.filter(pk__in=alike.values("pk"), state=State.WAITING))


def _stamp(rows: list[OutboxMessage], batch: str, now: datetime) -> Claim:
    stamp, keys = uuid.uuid4().hex, [row.pk for row in rows]
    for start in range(0, len(keys), CHUNK):
        OutboxMessage.objects.filter(pk__in=keys[start : start + CHUNK]).update(
            state=State.SENDING, batch=batch, claim=stamp, claimed_at=now,
            attempts=F("attempts") + 1,
        )  # fmt: skip
    for row in rows:
        row.attempts += 1
    return Claim(stamp, batch, rows)


def _send(claim: Claim, clock: Callable[[], datetime]) -> str:
    first = claim.rows[0]
    try:
        transport_of(first.transport).send(_parcel(claim))
    except TryLater as failure:
        if first.attempts < MOST_ATTEMPTS:
            wait = failure.pause or pause(first.attempts, _dice)
            _finish(claim, state=State.WAITING, not_before=clock() + wait, last_error=str(failure))
            return "later"
        _finish(claim, state=State.DEAD, last_error=str(failure))
        return "dead"
    except Refused as failure:
        _finish(claim, state=State.DEAD, last_error=str(failure))
        return "dead"
    except Exception as error:  # the message may quote a number: only its kind is kept
        logger.error("outbox batch %s: %s", claim.batch, type(error).__name__)
        _finish(claim, state=State.DEAD, last_error=f"内部错误（{type(error).__name__}）")
        return "dead"
    _finish(claim, state=State.SENT, sent_at=clock(), last_error="", phone="")
    return "sent"


def _finish(claim: Claim, **columns: Any) -> None:
    """Write the outcome, unless another worker has taken the parcel up meanwhile."""
    OutboxMessage.objects.filter(
        batch=claim.batch, claim=claim.stamp, state=State.SENDING
    ).update(**columns)  # fmt: skip


def _bury(first: OutboxMessage, reason: str) -> None:
    OutboxMessage.objects.filter(batch=first.batch, state=first.state).update(
        state=State.DEAD, last_error=reason
    )


def _parcel(claim: Claim) -> Parcel:
    first = OutboxMessage.objects.select_related("channel", "user__person").get(pk=claim.rows[0].pk)
    channel = first.channel
    title, text, link = first.title, first.text, first.link
    if len(claim.rows) > 1:
        title, text, link = _digest(claim.rows)
    return Parcel(
        key=claim.batch, title=title, text=text, to=_address(first), urgency=first.urgency,
        url=f"{settings.NOTICE_SITE}{link}" if settings.NOTICE_SITE and link else "",
        address=channel.address.reveal() if channel else "",
        secret=channel.secret.reveal() if channel else "",
        template=channel.template if channel else "", expects=channel.expects if channel else "",
    )  # fmt: skip


def _address(message: OutboxMessage) -> str:
    if message.phone:
        return str(message.phone.reveal())
    if message.user is None:
        return ""
    if message.transport == "email":
        return message.user.email
    person = message.user.person
    return str(person.phone.reveal()).split(";")[0] if person else ""


def _digest(rows: list[OutboxMessage]) -> tuple[str, str, str]:
    """One message instead of many: how many of which kind."""
    counts = Counter(label_of(row.kind) for row in rows)
    lines = "\n".join(f"{label}：{count} 条" for label, count in counts.most_common(12))
    to_group = transport_of(rows[0].transport).to_group
    link = reverse("home") if to_group else reverse("notices:inbox")
    return f"{len(rows)} 条通知", lines, link
