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
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.db import connection
from django.utils import timezone
from rest_framework.authtoken.models import Token

from cases.models import Case, Supervision
from cases.services.chaining import check_trail
from orgs.models import AuditEntry
from tests.cases.cast import Story
from tests.conftest import REPO
from tests.town import Town, build_town

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60.0  # the most anything here is waited for, in seconds


def environment(folder: Path) -> dict[str, str]:
    """The test's own database and a queue of its own, for a process of its own."""
    row = connection.settings_dict
    url = f"sqlite:///{row['NAME']}"
    if connection.vendor == "postgresql":
        who = f"{row['USER']}:{row['PASSWORD']}@" if row["PASSWORD"] else f"{row['USER']}@"
        url = f"postgres://{who}{row['HOST']}:{row['PORT']}/{row['NAME']}"
    return os.environ | {
        "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "gridparty.settings",
        "GRIDPARTY_DATA_DIR": str(folder), "CELERY_BROKER_URL": "filesystem://localhost/",
    }  # fmt: skip


@contextmanager
def running(folder: Path, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process with a group of its own; whatever is left of it is killed at the end."""
    process = subprocess.Popen(
        [sys.executable, *command], cwd=REPO, env=environment(folder), start_new_session=True,
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


def web(folder: Path, port: int) -> Any:
    return running(
        folder, "-m", "gunicorn", "gridparty.wsgi", "--workers", "2", "--bind", f"127.0.0.1:{port}"
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


# Celery's own worker; its batches are small and told, so that the kill falls between two of many.
WORKER = """
import django; django.setup()
from cases.services import sweep
from gridparty.celery import app

def told(*given, batch=sweep._sweep_batch):
    done = batch(*given)
    print("batch", flush=True)
    return done

sweep.BATCH, sweep._sweep_batch = 1, told
app.worker_main(["worker", "--pool=solo", "--loglevel=INFO", "--without-gossip", "--without-mingle"])
"""


def worker(folder: Path) -> Any:
    return running(folder, "-c", WORKER)


def ask_for_a_sweep(folder: Path) -> None:
    """Put into the queue what beat puts there every ten minutes."""
    (folder / "broker").mkdir(exist_ok=True)
    queue = {name: str(folder / "broker") for name in ("data_folder_in", "data_folder_out")}
    options = queue | {"control_folder": str(folder / "broker" / "control")}
    with Celery(broker="filesystem://localhost/", set_as_current=False) as beat:
        beat.conf.broker_transport_options = options
        beat.send_task("cases.tasks.scan_clocks")


def test_web_and_worker_are_killed_in_a_burst_of_moves(tmp_path: Path) -> None:
    town = build_town()
    cases = [Story(town).called().case for _ in range(24)]
    long_ago = timezone.now() - timedelta(days=40)
    late = [Story(town, now=long_ago).handling().case.pk for _ in range(8)]
    port, enough = free_port(), random.randint(3, 20)
    burst = Burst(port, town, cases, enough)
    with web(tmp_path, port) as server, worker(tmp_path) as sweeper:
        read_until(server, b"Booting worker")
        ask_for_a_sweep(tmp_path)
        read_until(sweeper, b"batch")
        for thread in burst.threads:
            thread.start()
        for _ in range(random.randint(0, 6)):
            read_until(sweeper, b"batch")
        assert burst.reached.wait(PATIENCE), f"{len(burst.told)} of {enough} moves"
        kill(server)
        kill(sweeper)
        burst.over.set()
        for thread in burst.threads:
            thread.join(PATIENCE)
    nobody_else_is_at_work()
    assert len(burst.told) < 48, "the burst was over before the kill"
    for case in Case.objects.exclude(pk__in=late):
        moves = whole(case)
        told = [(version, status) for pk, version, status in burst.told if pk == case.pk]
        if told:
            version, status = max(told)
            assert case.version >= version and status == "assigned" and "assign" in moves
    for case in Case.objects.filter(pk__in=late):
        assert_swept_as_far_as_its_stage(case)

    # Started again both go on where they were.
    left = Case.objects.filter(status="called").first()
    assert left is not None
    with web(tmp_path, port) as server, worker(tmp_path) as sweeper:
        read_until(server, b"Booting worker")
        ask_for_a_sweep(tmp_path)
        path = f"/api/v1/cases/{left.pk}/transitions/assign/"
        assert post(port, burst.token, path, {"unit": burst.unit}) is not None
        read_until(sweeper, b"succeeded")
    assert whole(Case.objects.get(pk=left.pk))[-1] == "assign"
    for case in Case.objects.filter(pk__in=late):
        assert case.overdue_stage == 2
        assert_swept_as_far_as_its_stage(case)


def assert_swept_as_far_as_its_stage(case: Case) -> None:
    """Neither a stage without its event, letter of demand and trail, nor one of them twice."""
    events = list(case.events.order_by("id"))
    assert check_trail(case.case_no, events, case.trail_head).fault == ""
    by_clock = [event.move for event in events if event.data.get("why") == "overdue"]
    assert by_clock == ["urge", "supervise"][: case.overdue_stage]
    assert Supervision.objects.filter(case=case).count() == (case.overdue_stage == 2)
