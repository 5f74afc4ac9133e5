"""Tell somebody something: inbox rows at once, outbox rows for the ways out. Same key, told once."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from notices.catalog import MessageState, Urgency
from notices.kinds import Kind, Words, kind_of
from notices.models import Channel, Notification, OutboxMessage, Preference
from notices.times import next_digest
from orgs.fields import Sealed
from orgs.models import RoleAssignment, Unit, User

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Resident:
    """Somebody without a log-in who left a number: reached by SMS, if the street has a gateway."""

    phone: Sealed


Recipient = User | Unit | Channel | Resident | int  # an int is a user's id


@dataclass(frozen=True)
class Letter:
    """One of many notices of a kind: what `notify` takes for one."""

    to: Sequence[Recipient]
    key: str
    facts: dict[str, Any]
    link: str = ""


@dataclass(frozen=True)
class _Gateway:
    """The street's way to send SMS, looked for once and only when somebody asks."""

    street: int | None
    ways: Sequence[Channel] | None = None

    @property
    def known_absent(self) -> bool:
        return self.ways is not None and self.channel is None

    @cached_property
    def channel(self) -> Channel | None:
        if self.ways is not None:
            return next((one for one in self.ways if one.transport == "sms"), None)
        rows = Channel.objects.active().filter(transport="sms", street=self.street)
        return rows.order_by("id").first() if self.street else None


@dataclass(frozen=True)
class _Notice:
    kind: Kind
    key: str
    words: Words
    link: str
    street: int | None
    urgency: int
    now: datetime
    gateway: _Gateway


@transaction.atomic(savepoint=False)
def notify(
    *,
    kind: str,
    to: Iterable[Recipient],
    key: str,
    link: str = "",
    street: int | None = None,
    urgency: int | None = None,
    now: datetime | None = None,
    ways: Sequence[Channel] | None = None,
    **facts: Any,
) -> None:
    """Tell the recipients; a second call with the same key tells nobody twice.

    `facts` are what the kind's words ask for; `link` is a path of this site; `street` the root of
    the tree it happened in (whose gateway sends SMS, whose administrators see failures); `ways` its
    active channels, where the caller has read them. Call it
    inside the transaction of what it tells: then both stand, or neither.
    """
    letter = Letter(list(to), key, facts, link)
    notify_each(kind=kind, letters=[letter], street=street, urgency=urgency, now=now, ways=ways)


@transaction.atomic(savepoint=False)
def notify_each(
    *,
    kind: str,
    letters: Sequence[Letter],
    street: int | None = None,
    urgency: int | None = None,
    now: datetime | None = None,
    ways: Sequence[Channel] | None = None,
) -> None:
    """Do what `notify` does for many letters of one kind, each with words of its own.

    The number of queries does not grow with the letters, except by one for each that names units.
    """
    known = kind_of(kind)
    urgency = known.urgency if urgency is None else urgency
    now = now or timezone.now()
    to_users: list[tuple[_Notice, set[int]]] = []
    others: list[OutboxMessage] = []
    gateway = _Gateway(street, ways)
    for one in letters:
        told = _Notice(
            known, one.key, known.words(**one.facts), one.link, street, urgency, now, gateway
        )
        to_users.append((told, _user_ids(one.to)))
        others += _to_groups(told, [to for to in one.to if isinstance(to, Channel)])
        others += _to_residents(told, [to.phone for to in one.to if isinstance(to, Resident)])
    inbox = [_letter(told, user) for told, users in to_users for user in sorted(users)]
    if inbox:
        Notification.objects.bulk_create(inbox, ignore_conflicts=True)
    _queue([*_to_users(to_users), *others])


def _user_ids(recipients: Sequence[Recipient]) -> set[int]:
    found = {one for one in recipients if isinstance(one, int)}
    found |= {one.pk for one in recipients if isinstance(one, User)}
    units = [one for one in recipients if isinstance(one, Unit)]
    if units:
        posts = RoleAssignment.objects.in_force().filter(unit__in=units, user__is_active=True)
        found |= set(posts.values_list("user_id", flat=True))
    return found


def _letter(told: _Notice, user: int) -> Notification:
    return Notification(
        user_id=user, kind=told.kind.code, key=told.key, title=told.words.title[:80],
        text=told.words.text[:500], link=told.link, urgency=told.urgency, created_at=told.now,
    )  # fmt: skip


def _message(told: _Notice, transport: str, to: str, **more: Any) -> OutboxMessage:
    more.setdefault("text", told.words.text[:500])
    return OutboxMessage(
        kind=told.kind.code, key=f"{told.key}:{transport}:{to}", transport=transport,
        street_id=told.street, title=told.words.title[:80], link=told.link, urgency=told.urgency,
        created_at=told.now, **{"not_before": told.now, **more},
    )  # fmt: skip


def _to_users(letters: Sequence[tuple[_Notice, set[int]]]) -> list[OutboxMessage]:
    """By the ways each user chose for the kind, where there is an address and a way.

    All letters are of one kind, street and time.
    """
    users = {user for _, to in letters for user in to}
    if not users:
        return []
    first = letters[0][0]
    if not settings.NOTICE_EMAIL and first.gateway.known_absent:
        return []
    chosen = {
        row.user_id: row for row in Preference.objects.filter(kind=first.kind.code, user__in=users)
    }
    ways = {
        user: tuple(chosen[user].transports) if user in chosen else first.kind.transports
        for user in users
    }
    asked = [user for user in users if ways[user]]
    if not asked:
        return []
    gateway = first.gateway.channel if any("sms" in ways[user] for user in asked) else None
    rows = User.objects.filter(pk__in=asked, is_active=True).select_related("person")
    active = {user.pk: user for user in rows}
    found = []
    for told, user in ((told, active[pk]) for told, to in letters for pk in to if pk in active):
        digest = user.pk in chosen and chosen[user.pk].digest and told.urgency < Urgency.EMERGENCY
        when = {"digest": digest, "not_before": next_digest(told.now) if digest else told.now}
        to = f"u{user.pk}"
        if "email" in ways[user.pk] and user.email and settings.NOTICE_EMAIL:
            found.append(_message(told, "email", to, user=user, **when))
        if "sms" in ways[user.pk] and gateway and user.person and user.person.phone:
            found.append(_message(told, "sms", to, user=user, channel=gateway, **when))
    return found


def _to_groups(told: _Notice, channels: list[Channel]) -> list[OutboxMessage]:
    """A group reads the public sentence only; a kind without one stays out of groups."""
    if not told.words.public:
        return []
    return [
        _message(told, one.transport, f"c{one.pk}", channel=one, text=told.words.public[:500])
        for one in channels
        if one.is_active
    ]


def _to_residents(told: _Notice, phones: list[Sealed]) -> list[OutboxMessage]:
    gateway = told.gateway.channel if any(phones) else None
    if gateway is None:
        return []
    return [
        _message(told, "sms", f"r{number}", phone=phone, channel=gateway)
        for number, phone in enumerate(phones)
        if phone
    ]


def _queue(messages: list[OutboxMessage]) -> None:
    if messages:
        OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True)
        hint_sender()


@transaction.atomic(savepoint=False)
def notify_counts(
    *,
    kind: str,
    what: str,
    counts: dict[int, int],
    key: str,
    link: str = "",
    street: int | None = None,
    now: datetime | None = None,
) -> None:
    """Add to one counted notice per user: {user id: how many more of `what`}.

    For sweeps that find thousands: every batch adds to the same letter (same key), so that a user
    reads one message with the sums. The kind's words get the sums as keywords.
    """
    if not counts:
        return
    known, now = kind_of(kind), now or timezone.now()
    blank = _Notice(known, key, Words(""), link, street, known.urgency, now, _Gateway(street))
    letters = [_letter(blank, user) for user in sorted(counts)]
    Notification.objects.bulk_create(letters, ignore_conflicts=True)
    rows = Notification.objects.select_for_update().filter(key=key, user__in=list(counts))
    mine = list(rows.order_by("user_id"))
    for letter in mine:
        sums: dict[str, int] = {**letter.facts}
        sums[what] = sums.get(what, 0) + counts[letter.user_id]
        words = known.words(**sums)
        letter.facts, letter.title, letter.text = sums, words.title[:80], words.text[:500]
        letter.read_at = None
    Notification.objects.bulk_update(mine, ["facts", "title", "text", "read_at"])
    _queue(_to_users([(blank, set(counts))]))
    texts = {letter.user_id: letter for letter in mine}
    waiting = OutboxMessage.objects.filter(
        key__startswith=f"{key}:", user__in=list(counts), state=MessageState.WAITING, batch=""
    )
    changed = list(waiting)
    for message in changed:
        letter = texts[message.user_id or 0]
        message.title, message.text = letter.title, letter.text
    OutboxMessage.objects.bulk_update(changed, ["title", "text"])


def hint_sender() -> None:
    """Ask for a sweep once the transaction commits. Only a hint: beat sweeps anyway."""
    transaction.on_commit(_send_hint, robust=True)


def _send_hint() -> None:
    try:
        current_app.send_task("notices.tasks.deliver", retry=False)
    except Exception as error:  # a broker that is down must not undo a move
        logger.warning("no broker for the notice hint: %s", type(error).__name__)
