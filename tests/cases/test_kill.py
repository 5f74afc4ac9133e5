"""kill -9 in the middle of a burst: every acknowledged move is there afterwards, none is half-done."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from typing import Any

import pytest
from django.db import connection
from rest_framework.authtoken.models import Token

from cases.models import Case, Supervision
from cases.services import scan_clocks
from cases.services.chaining import check_trail
from orgs.models import AuditEntry
from tests.cases.cast import NOON, Story
from tests.conftest import REPO
from tests.town import Town, build_town

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60.0  # the most anything here is waited for, in seconds


def environment() -> dict[str, str]:
    """The test's own database, for a process of its own."""
    row = connection.settings_dict
    url = f"sqlite:///{row['NAME']}"
    if connection.vendor == "postgresql":
        who = f"{row['USER']}:{row['PASSWORD']}@" if row["PASSWORD"] else f"{row['USER']}@"
        url = f"postgres://{who}{row['HOST']}:{row['PORT']}/{row['NAME']}"
    return os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "gridparty.settings"}


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process with a group of its own; whatever is left of it is killed at the end."""
    process = subprocess.Popen(
        [sys.executable, *command], cwd=REPO, env=environment(), start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield process
    finally:
        kill(process)
        assert process.stdout is not None
        process.stdout.close()


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL the process and its children; nobody gets to clean up."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)


def nobody_else_is_at_work() -> None:
    """Wait until PostgreSQL has noticed that its clients are gone; SQLite's locks died with them."""
    # Idle ones are threads of earlier tests that keep their connection open: they do no work.
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND state <> 'idle'"
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for _ in range(200):
                cursor.execute(others)
                if cursor.fetchone() == (0,):
                    return
                cursor.execute("SELECT pg_sleep(0.05)")
        raise AssertionError("a killed process still works in the database")


def read_until(process: subprocess.Popen[bytes], word: bytes) -> None:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if word in line:
            return
    raise AssertionError(b"".join(said).decode())


def web(port: int) -> Any:
    return running(
        "-m", "gunicorn", "gridparty.wsgi", "--workers", "2", "--bind", f"127.0.0.1:{port}"
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def post(port: int, token: str, path: str, data: dict[str, Any]) -> dict[str, Any] | None:
    """Return the answer of a move that was acknowledged, None when no answer came."""
    client = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
    try:
        client.request("POST", path, json.dumps(data), headers)
        answer = client.getresponse()
        body: dict[str, Any] = json.loads(answer.read())
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        client.close()
    assert answer.status == 200, body
    return body


class Burst:
    """Four people urge and assign as fast as they are answered; `told` is what was acknowledged."""

    def __init__(self, port: int, town: Town, cases: list[Case], enough: int) -> None:
        self.port, self.enough = port, enough
        self.told: list[tuple[int, int, str]] = []  # case, version, status
        self.reached, self.over = threading.Event(), threading.Event()
        self.unit = town.department.pk
        self.token = Token.objects.create(user=town.users["dispatcher"]).key
        self.threads = [
            threading.Thread(target=self.work, args=(cases[index::4],)) for index in range(4)
        ]

    def work(self, cases: list[Case]) -> None:
        for case in cases:
            for name, data in (("assign", {"unit": self.unit}), ("urge", {"note": "请尽快"})):
                if self.over.is_set():
                    return
                path = f"/api/v1/cases/{case.pk}/transitions/{name}/"
                body = post(self.port, self.token, path, data)
                if body is None:
                    return
                self.told.append((case.pk, body["version"], body["status"]))
                if len(self.told) >= self.enough:
                    self.reached.set()


def whole(case: Case) -> list[str]:
    """Return the moves of a case after checking that nothing of it is half-done."""
    events = list(case.events.order_by("id"))
    assert check_trail(case.case_no, events, case.trail_head).fault == ""
    assert events[-1].to_status == case.status
    entries = AuditEntry.objects.filter(target_kind="cases.case", target_id=str(case.pk))
    by_people = [event for event in events if not event.data.get("why")]
    assert case.version == len(by_people) == entries.count()
    tasks = case.tasks.filter(ended_at=None)
    assert [task.unit_id for task in tasks] == [case.lead_unit_id] * (case.status == "assigned")
    return [event.move for event in events]


def test_the_web_is_killed_in_a_burst_of_moves() -> None:
    town = build_town()
    cases = [Story(town).called().case for _ in range(24)]
    port, enough = free_port(), random.randint(3, 20)
    burst = Burst(port, town, cases, enough)
    with web(port) as server:
        read_until(server, b"Booting worker")
        for thread in burst.threads:
            thread.start()
        assert burst.reached.wait(PATIENCE), f"{len(burst.told)} of {enough} moves"
        kill(server)
        burst.over.set()
        for thread in burst.threads:
            thread.join(PATIENCE)
    nobody_else_is_at_work()
    assert len(burst.told) < 48, "the burst was over before the kill"
    for case in Case.objects.all():
        moves = whole(case)
        told = [(version, status) for pk, version, status in burst.told if pk == case.pk]
        if told:
            version, status = max(told)
            assert case.version >= version and status == "assigned" and "assign" in moves
    # Started again it goes on where it was.
    left = Case.objects.filter(status="called").first()
    assert left is not None
    with web(port) as server:
        read_until(server, b"Booting worker")
        path = f"/api/v1/cases/{left.pk}/transitions/assign/"
        assert post(port, burst.token, path, {"unit": burst.unit}) is not None
    assert whole(Case.objects.get(pk=left.pk))[-1] == "assign"


SWEEP = """
import django; django.setup()
from datetime import datetime
from cases.services import scan_clocks, sweep

def told(*given, batch=sweep._sweep_batch):
    done = batch(*given)
    print("batch", flush=True)
    return done

sweep.BATCH, sweep._sweep_batch = 2, told
scan_clocks(datetime.fromisoformat({now!r}))
"""


def test_the_worker_is_killed_in_the_sweep() -> None:
    town = build_town()
    for _ in range(6):
        Story(town, now=NOON).handling()
    clones = list(Case.objects.all())
    later = NOON + timedelta(days=40)
    with running("-c", SWEEP.format(now=later.isoformat())) as worker:
        for _ in range(random.randint(1, 5)):
            read_until(worker, b"batch")
        kill(worker)
    nobody_else_is_at_work()
    scan_clocks(later)
    for case in Case.objects.filter(pk__in=[case.pk for case in clones]):
        moves = [event.move for event in case.events.filter(actor=None).exclude(move="report")]
        assert sorted(moves) == ["supervise", "urge"]
        assert Supervision.objects.filter(case=case).count() == 1
        events = case.events.order_by("id")
        assert check_trail(case.case_no, events, case.trail_head).fault == ""
