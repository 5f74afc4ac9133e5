"""Shared fixtures. Sets the environment before Django reads its settings: no test writes to `var/`."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

REPO = Path(__file__).resolve().parent.parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
REQUIRE_SERVICES = os.environ.get("GRIDPARTY_REQUIRE_SERVICES") == "1"


def _redis_of_worker(url: str) -> str:
    """Give each worker its own Redis database, so that one may clear its cache."""
    number = int(WORKER.removeprefix("gw")) + 1 if WORKER.startswith("gw") else 0
    return urlunsplit(urlsplit(url)._replace(path=f"/{number}"))


_data_dir = Path(tempfile.mkdtemp(prefix=f"gridparty-tests-{WORKER}-"))
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ["GRIDPARTY_DATA_DIR"] = str(_data_dir)
os.environ["GRIDPARTY_ENV"] = "development"
os.environ["DJANGO_SETTINGS_MODULE"] = "gridparty.settings"
os.environ.pop("GRIDPARTY_DEBUG", None)
if os.environ.get("REDIS_URL"):
    os.environ["REDIS_URL"] = _redis_of_worker(os.environ["REDIS_URL"])


def pytest_configure(config: pytest.Config) -> None:
    """Start Django, with the database settings of tests; then load the fixed cast."""
    import django
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        # A file, not memory: threads (live server, concurrent writers) then behave as in real life.
        database.setdefault("TEST", {})["NAME"] = str(_data_dir / "test.sqlite3")
        database["OPTIONS"]["init_command"] = (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY;"
        )
    django.setup()
    config.pluginmanager.import_plugin("tests.town")
    if config.getoption("numprocesses", default=None):
        # Workers inherit this environment: found there, the settings would be read before the lines
        # above give each worker its own folder and Redis database.
        del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let rows made by migrations survive tests with real transactions, which empty the tables."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        options = dict(marker.kwargs) if marker else {}
        fixtures = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
        if fixtures or options.get("transaction"):
            options |= {"transaction": True, "serialized_rollback": True}
            item.add_marker(pytest.mark.django_db(**options), append=False)


def services_missing() -> str:
    """Say which service of the full installation this run lacks; empty when all are there."""
    from django.db import connection

    missing = []
    if connection.vendor != "postgresql":
        missing.append("PostgreSQL (DATABASE_URL)")
    if not os.environ.get("REDIS_URL"):
        missing.append("Redis (REDIS_URL)")
    return " and ".join(missing)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("services") and (missing := services_missing()):
        pytest.skip(f"needs {missing}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With GRIDPARTY_REQUIRE_SERVICES=1 a skipped `services` or `browser` test is a failure."""
    report = yield
    guarded = item.get_closest_marker("services") or item.get_closest_marker("browser")
    if REQUIRE_SERVICES and report.skipped and guarded:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} must not be skipped here: {reason}"
    return report


@pytest.fixture
def shared_data() -> Any:
    """Return a function: path below the sample data beside the repository, or skip the test."""

    def find(relative: str) -> Path:
        path = REPO.parent / "shared" / "data" / relative
        if not path.exists():
            pytest.skip(f"no sample data {relative} beside the repository")
        return path

    return find


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """Keep uploads of this test in a folder of its own, and return it."""
    folder = tmp_path / "media"
    folder.mkdir()
    settings.MEDIA_ROOT = folder
    return folder


@pytest.fixture
def celery_eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run Celery tasks at once, in this process, and let their errors through."""
    from gridparty.celery import app

    monkeypatch.setattr(app.conf, "task_always_eager", True)
    monkeypatch.setattr(app.conf, "task_eager_propagates", True)
