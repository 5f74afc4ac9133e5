"""`/healthz` answers 200 only when the database is there and migrated, and tells nothing else."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from gridparty import health


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    health.require_migrations.cache_clear()
    yield
    health.require_migrations.cache_clear()


@pytest.mark.django_db
def test_it_is_well(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_it_asks_the_database_once_per_probe_when_well(
    client: Client, django_assert_num_queries
) -> None:
    client.get("/healthz")
    with django_assert_num_queries(1):
        client.get("/healthz")


def test_it_tells_only_that_the_database_is_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args, **kwargs):
        raise OperationalError("connection to 10.0.0.1 as gridparty refused")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})


@pytest.mark.django_db
def test_it_is_unavailable_while_migrations_are_missing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: ["orgs.0002"])
    assert client.get("/healthz").status_code == 503


@pytest.mark.django_db
def test_it_only_answers_reads(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
