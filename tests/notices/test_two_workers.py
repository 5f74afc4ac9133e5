"""Two workers at once never send a message twice, on both databases."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from notices.catalog import MessageState
from notices.models import OutboxMessage
from notices.services import deliver
from notices.transports import base
from tests.town import make_user


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: Counter[str] = Counter()
    way = base.Transport("email", "电子邮件", lambda parcel: sent.update([parcel.to]))
    monkeypatch.setitem(base._transports, "email", way)
    for number in range(40):
        user = make_user(f"u{number}", "某")
        user.email = f"{number}@example.org"
        user.save()
        OutboxMessage.objects.create(
            kind="case.next", key=str(number), transport="email", user=user, title="t", urgency=2,
            not_before=timezone.now(),
        )  # fmt: skip
    errors: list[BaseException] = []
    gate = threading.Barrier(2)

    def work() -> None:
        try:
            gate.wait()
            deliver(clock=timezone.now)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    workers: list[Any] = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    assert len(sent) == 40
    assert set(sent.values()) == {1}
    assert OutboxMessage.objects.filter(state=MessageState.SENT).count() == 40
