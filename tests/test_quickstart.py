"""`manage.py quickstart`: starts everything, tells the address, stops cleanly, refuses clearly."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from gridparty.launcher import Launcher, LaunchError, Program, require_free_port
from gridparty.management.commands.quickstart import Command, read_port

REPO = Path(__file__).resolve().parent.parent
SECONDS = 120


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def environment(tmp_path: Path, port: int) -> dict[str, str]:
    """The environment of a fresh machine: embedded database and queue in a folder of their own."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
    known = {name: os.environ[name] for name in kept if name in os.environ}
    return known | {"GRIDPARTY_DATA_DIR": str(tmp_path / "data"), "PORT": str(port)}


def quickstart(environment: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "quickstart", "--no-input", "--no-demo", *options],
        cwd=REPO,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


def processes_with(text: str) -> list[str]:
    """Return the command lines of running processes whose environment holds `text` (Linux)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if text.encode() in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_it_brings_everything_up_and_leaves_no_process_behind(
    environment: dict[str, str], port: int
) -> None:
    done = quickstart(environment, "--check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"http://127.0.0.1:{port}/" in done.stdout
    assert "已停止" in done.stdout
    assert (Path(environment["GRIDPARTY_DATA_DIR"]) / "gridparty.sqlite3").exists()
    assert processes_with(environment["GRIDPARTY_DATA_DIR"]) == []


def test_it_says_which_port_to_use_when_the_port_is_taken(
    environment: dict[str, str], port: int
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        done = quickstart(environment, "--check")
    assert done.returncode == 1
    assert f"端口 {port} 已被其他程序占用" in done.stderr
    assert f"PORT={port + 1} make run" in done.stderr
    assert not (Path(environment["GRIDPARTY_DATA_DIR"]) / "gridparty.sqlite3").exists()


def test_it_refuses_in_production(environment: dict[str, str]) -> None:
    secret = "k" * 50
    done = quickstart(
        environment
        | {
            "GRIDPARTY_ENV": "production",
            "SECRET_KEY": secret,
            "GRIDPARTY_KEYS": f"k1:{secret}",
            "GRIDPARTY_FINGERPRINT_KEY": secret,
            "GRIDPARTY_ALLOWED_HOSTS": "grid.example.org",
        }
    )
    assert done.returncode == 1
    assert "quickstart 只用于试用和演示" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_explains_an_unreachable_database(environment: dict[str, str]) -> None:
    done = quickstart(environment | {"DATABASE_URL": "postgres://u:hidden@127.0.0.1:1/x"})
    assert done.returncode == 1
    assert "连不上数据库" in done.stderr
    assert "hidden" not in done.stderr + done.stdout


def test_it_explains_a_database_of_an_earlier_trial(
    environment: dict[str, str], tmp_path: Path
) -> None:
    old = tmp_path / "old.sqlite3"
    with sqlite3.connect(old) as db:
        db.execute("CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app, name, applied)")
        db.execute(
            "INSERT INTO django_migrations VALUES (1, 'cases', '0001_initial', '2026-01-01')"
        )
    done = quickstart(environment | {"DATABASE_URL": f"sqlite:///{old}"})
    assert done.returncode == 1
    assert "更早的试用版" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_explains_an_unreachable_queue(environment: dict[str, str]) -> None:
    done = quickstart(environment | {"CELERY_BROKER_URL": "redis://127.0.0.1:1/0"})
    assert done.returncode == 1
    assert "连不上消息队列" in done.stderr


@pytest.mark.parametrize("text", ["abc", "0", "65536", "80 80", "-1", "８０００"])
def test_it_refuses_a_port_that_is_none(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(CommandError, match="PORT 应是"):
        read_port()


def test_it_refuses_a_host_of_another_machine(port: int) -> None:
    with pytest.raises(LaunchError, match="HOST="):
        require_free_port("no-such-host.invalid", port)


def test_it_ends_without_a_traceback_when_interrupted_early(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setenv("PORT", str(port))
    monkeypatch.setattr(Command, "prepare", interrupt)
    with pytest.raises(CommandError, match="已中断") as ended:
        call_command("quickstart")
    assert ended.value.returncode == 130


class TestLauncher:
    """Watching children, with tiny programs instead of servers."""

    WAITS = "import time; time.sleep(600)"
    DIES = "raise SystemExit(3)"
    STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"

    @pytest.fixture
    def launch(self, tmp_path: Path) -> Iterator[list[Launcher]]:
        made: list[Launcher] = []
        yield made
        for launcher in made:
            assert launcher.children == []

    def make(self, launch: list[Launcher], folder: Path, *sources: str) -> Launcher:
        names = ("甲", "乙", "丙")
        launch.append(
            Launcher(
                [
                    Program(name, [sys.executable, "-c", source])
                    for name, source in zip(names, sources, strict=False)
                ],
                folder,
                dict(os.environ),
            )
        )
        return launch[-1]

    def test_it_stops_all_when_one_dies(self, launch: list[Launcher], tmp_path: Path) -> None:
        launcher = self.make(launch, tmp_path, self.WAITS, self.DIES)
        with pytest.raises(LaunchError, match="乙意外退出（代码 3）"):
            launcher.run(lambda: False, lambda: None, ready_within=30)

    def test_it_gives_up_when_nothing_gets_ready(
        self, launch: list[Launcher], tmp_path: Path
    ) -> None:
        launcher = self.make(launch, tmp_path, self.WAITS)
        with pytest.raises(LaunchError, match="仍未就绪"):
            launcher.run(lambda: False, lambda: None, ready_within=0.1)

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_it_ends_quietly_on_a_signal(
        self, launch: list[Launcher], tmp_path: Path, number: signal.Signals
    ) -> None:
        before = signal.getsignal(number)
        launcher = self.make(launch, tmp_path, self.WAITS, self.WAITS)
        launcher.run(lambda: True, lambda: os.kill(os.getpid(), number), ready_within=30)
        assert signal.getsignal(number) is before

    def test_it_kills_a_child_that_does_not_listen(
        self, launch: list[Launcher], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("gridparty.launcher.STOP_SECONDS", 0.3)
        launcher = self.make(launch, tmp_path, self.STUBBORN)
        launcher.run(lambda: True, lambda: None, ready_within=30, check_only=True)
