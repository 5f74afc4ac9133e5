"""What a request on cases costs the web and the database, against a hello page with a signed-in user.

Eight clients, gunicorn with two sync workers, loopback only. CPU is read from /proc: of the workers
and, on PostgreSQL, of the database's processes for this database. The ratios count; a table of CPU
milliseconds and queries with their ceilings is printed, with few cases and with many.
GRIDPARTY_BENCH_CASES: how many (default 100,000; 1000000 for the figures of record).
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection

from benchmarks.bench_case_list import build_ground, fill_cases
from benchmarks.run import Figure

FEW = 10_000
TOTAL = int(os.environ.get("GRIDPARTY_BENCH_CASES", "100000"))
CLIENTS, REQUESTS, WARM = 8, 120, 24
ROUNDS = 2
PATIENCE = 600  # seconds a request may take on a busy machine before the run is given up
TICK = os.sysconf("SC_CLK_TCK")
# CPU in ms and queries at most.
LIMITS = {"intake": (10, 15), "list of fifty": (15, 10), "detail": (12, 12), "transition": (12, 15)}
# With TOTAL cases a request may cost this many times what it costs with FEW.
GROWTH = 1.5
SWEEP_SECONDS, DRAW_SECONDS = 2.0, 1.0
Ask = tuple[str, str, dict[str, Any] | None]


def run() -> list[Figure]:
    if not Path("/proc/self/stat").exists():
        print("cases: CPU is read from /proc, which this system does not have", file=sys.stderr)
        return []
    user = build_ground()["street"]
    found, done = {}, 0
    for total in sorted({min(FEW, TOTAL), TOTAL}):
        fill_cases(total, already=done)
        found[total] = figures_of(user)
        done = total
    few, many = min(found), max(found)
    print(f"\n{'CPU ms (queries)':24} {'at most':>10} {few:>12,} {many:>12,}", file=sys.stderr)
    figures = []
    for name, (seconds, queries) in found[many].items():
        limit = LIMITS.get(name.removesuffix(", API"))
        before = found[few][name]
        print(
            f"{name:24} {'{} ({})'.format(*limit) if limit else '':>10} "
            f"{before[0] * 1000:>7.1f} ({before[1]:>2}) {seconds * 1000:>7.1f} ({queries:>2})",
            file=sys.stderr,
        )  # fmt: skip
        if limit:
            hello = found[many]["hello"][0]
            figures += [
                Figure(f"case {name}: CPU of web and database", seconds, hello, 8, "hello, signed in"),
                Figure(f"case {name}: with {many:,}", seconds, before[0], GROWTH, f"with {few:,}"),
            ]  # fmt: skip
    return [*figures, sweep_figure(), *draw_figures()]


def figures_of(user: Any) -> dict[str, tuple[float, int]]:
    """Return the CPU seconds and the queries of each request, by name."""
    from cases.models import Case
    from grids.models import Grid

    mine = Case.objects.filter(street=user.grants[0].org_id).order_by("pk")
    grid = Grid.objects.filter(street=user.grants[0].org_id)[0].pk
    open_ones = list(mine.filter(ended_at=None).values_list("pk", flat=True)[: REQUESTS * 4])
    report = {"text": "路灯不亮", "category": "other-other", "grid": grid}
    urge = {"note": "请尽快"}

    def one(n: int) -> int:
        return int(open_ones[n % len(open_ones)])

    asks: dict[str, Callable[[int], Ask]] = {
        "hello": lambda n: ("GET", "/bench-hello/", None),
        "list of fifty": lambda n: ("GET", "/cases/", None),
        "list of fifty, API": lambda n: ("GET", "/api/v1/cases/", None),
        "detail": lambda n: ("GET", f"/cases/{one(n)}/", None),
        "detail, API": lambda n: ("GET", f"/api/v1/cases/{one(n)}/", None),
        "intake, API": lambda n: ("POST", "/api/v1/cases/", report),
        "transition, API": lambda n: ("POST", f"/api/v1/cases/{one(n)}/transitions/urge/", urge),
    }
    cookie = sign_in(user)
    queries = {name: count_queries(user, ask(REQUESTS - 1)) for name, ask in asks.items()}
    with web() as (port, workers):
        best: dict[str, float] = {}
        for _ in range(ROUNDS):  # in turns: other work on the machine hits all alike
            for name, ask in asks.items():
                used = measure(port, workers, cookie, ask)
                best[name] = min(used, best.get(name, used))
    return {name: (best[name], queries[name]) for name in asks}


class Took(NamedTuple):
    """Seconds of CPU (this process and the database's) and of the clock on the wall."""

    cpu: float
    wall: float

    def __str__(self) -> str:
        return f"{self.cpu * 1000:.0f} ms CPU, {self.wall * 1000:.0f} ms on the wall"


def timed(work: Callable[[], Any]) -> Took:
    """Run `work` once. On a busy machine the wall says more about the others than about us."""
    pids = []
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pids = [cursor.fetchone()[0]]
    own, database, wall = time.process_time(), sum(map(_cpu, pids)), time.perf_counter()
    work()
    spent = time.process_time() - own + sum(map(_cpu, pids)) - database
    return Took(spent, time.perf_counter() - wall)


def sweep_figure() -> Figure:
    """A sweep that finds nothing new among the open cases."""
    from django.utils import timezone

    from cases.models import Case
    from cases.services import scan_clocks

    later = timezone.now() + timedelta(minutes=1)
    first = timed(lambda: scan_clocks(later))
    again = min(timed(lambda: scan_clocks(later)) for _ in range(5))
    count = Case.objects.open().count()
    print(
        f"sweep over {TOTAL:,} cases, {count:,} open: {again} (at most 2 s); "
        f"the first of all, with every notice: {first}", file=sys.stderr,
    )  # fmt: skip
    return Figure("case sweep with nothing new, CPU", again.cpu, SWEEP_SECONDS, 1, "two seconds")


def draw_figures() -> list[Figure]:
    """The draw of the last finished month, the first time and once more."""
    from django.utils import timezone

    from cases.models import Case, RevisitDraw
    from cases.revisits import draw_month
    from gridparty.lib.periods import Month

    now = timezone.now()
    month = Month.of(now).previous()
    closed = Case.objects.filter(closed_at__gte=month.start, closed_at__lt=month.end).count()
    first = timed(lambda: draw_month(month, now=now))
    again = timed(lambda: draw_month(month, now=now))
    drawn = sum(len(draw.case_nos) for draw in RevisitDraw.objects.filter(month=str(month)))
    print(
        f"draw of a month: {closed:,} closed of {TOTAL:,}, {drawn:,} drawn: {first} "
        f"(at most 1 s); again: {again}", file=sys.stderr,
    )  # fmt: skip
    return [
        Figure("monthly draw, CPU", first.cpu, DRAW_SECONDS, 1, "one second"),
        Figure("monthly draw again, CPU", again.cpu, DRAW_SECONDS, 1, "one second"),
    ]


def sign_in(user: Any) -> str:
    """Return the Cookie header of a session with a CSRF token."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "orgs.backends.AccountBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}; csrftoken={'c' * 32}"


def count_queries(user: Any, ask: Ask) -> int:
    """Return the reads and writes of one request, as the tests of the ceilings count them."""
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    method, path, data = ask
    if path == "/bench-hello/":
        return 2
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user, backend="orgs.backends.AccountBackend")
    client.get("/cases/")
    with CaptureQueriesContext(connection) as queries:
        client.generic(method, path, json.dumps(data) if data else "", "application/json")
    words = [query["sql"].split()[0] for query in queries]
    return sum(word in ("SELECT", "INSERT", "UPDATE", "DELETE") for word in words)


@contextmanager
def web() -> Iterator[tuple[int, list[int]]]:
    """Gunicorn on the benchmark's database; yields its port and the ids of its two workers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    row = connection.settings_dict
    url = f"sqlite:///{row['NAME']}"
    if connection.vendor == "postgresql":
        who = f"{row['USER']}:{row['PASSWORD']}" if row["PASSWORD"] else row["USER"]
        url = f"postgres://{who}@{row['HOST']}:{row['PORT']}/{row['NAME']}"
    command = [
        "-m",
        "gunicorn",
        "benchmarks.hello",
        "--workers",
        "2",
        "--timeout",
        str(PATIENCE),
        "--bind",
        f"127.0.0.1:{port}",
    ]
    server = subprocess.Popen(
        [sys.executable, *command], env=os.environ | {"DATABASE_URL": url},
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stderr is not None
        workers: list[int] = []
        for line in server.stderr:
            if "Booting worker" in line:
                workers.append(int(line.rsplit(maxsplit=1)[1]))
            if len(workers) == 2:
                break
        threading.Thread(target=server.stderr.read, daemon=True).start()
        yield port, workers
    finally:
        server.terminate()
        server.wait(30)


def measure(port: int, workers: list[int], cookie: str, ask: Callable[[int], Ask]) -> float:
    """Return the CPU seconds of one request, averaged over REQUESTS by CLIENTS at once."""
    burst(port, cookie, ask, range(WARM))
    before = cpu_of(workers)
    burst(port, cookie, ask, range(WARM, WARM + REQUESTS))
    return (cpu_of(workers) - before) / REQUESTS


def burst(port: int, cookie: str, ask: Callable[[int], Ask], numbers: range) -> None:
    errors: list[str] = []
    headers = {"Cookie": cookie, "X-CSRFToken": "c" * 32, "Content-Type": "application/json"}

    def work(own: range) -> None:
        for number in own:
            method, path, data = ask(number)
            client = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            try:
                client.request(method, path, json.dumps(data) if data else None, headers)
                answer = client.getresponse()
                body = answer.read()
            except OSError as error:
                errors.append(f"{path}: {error}")
                return
            finally:
                client.close()
            if answer.status not in (200, 201):
                errors.append(f"{path}: {answer.status} {body[:300]!r}")

    threads = [threading.Thread(target=work, args=(numbers[n::CLIENTS],)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise RuntimeError(f"{len(errors)} requests failed, the first: {errors[0]}")


def cpu_of(workers: list[int]) -> float:
    """Return the CPU seconds used by the workers and the database's processes for them so far."""
    pids = list(workers)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid()"
            )
            pids += [pid for (pid,) in cursor.fetchall()]
    return sum(_cpu(pid) for pid in pids)


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICK
