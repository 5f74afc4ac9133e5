"""The demonstration's rosters: one imported with work left to do, one that waits."""

from typing import Any

import pytest
from django.test import Client

from gridparty.demo.world import World
from orgs.models import ImportJob
from residents.models import RosterAbsence, RosterConflict

pytestmark = pytest.mark.django_db


def test_one_is_imported_and_one_waits(demo: World) -> None:
    done, waiting = ImportJob.objects.filter(kind="roster").order_by("pk")
    assert (done.state, waiting.state) == (ImportJob.State.DONE, ImportJob.State.PREVIEWED)
    assert done.counts["update"] and done.counts["create"] and done.counts["reject"]
    assert not waiting.mapping["sure"]


def test_contradictions_and_missing_people_wait_and_some_are_settled(demo: World) -> None:
    kinds = set(RosterConflict.objects.filter(state="open").values_list("kind", flat=True))
    assert {"home", "name", "id"} <= kinds
    assert RosterConflict.objects.filter(state="kept").count() == 1
    open_ones = RosterAbsence.objects.filter(state="open")
    assert set(open_ones.values_list("kind", flat=True)) == {"missing", "moved"}
    assert open_ones.values("building").distinct().count() == 1
    assert RosterAbsence.objects.filter(state="stays").count() == 1


def test_the_clerk_opens_every_page_of_them(demo: World) -> None:
    client: Any = Client()
    client.force_login(demo.users["community_staff"])
    job = ImportJob.objects.filter(kind="roster").earliest("pk").pk
    conflict = RosterConflict.objects.filter(state="open").latest("pk").pk
    pages = ("", f"{job}/", f"{job}/rows/", f"{job}/undo/", "missing/", "conflicts/",
             f"conflicts/{conflict}/", f"{job + 1}/columns/")  # fmt: skip
    for page in pages:
        assert client.get(f"/residents/imports/{page}").status_code == 200, page


def test_the_checks_have_run_and_some_counts_moved(demo: World) -> None:
    client: Any = Client()
    client.force_login(demo.users["community_staff"])
    page = client.get("/orgs/quality/").context
    assert page["last"] is not None
    assert page["shows_trend"]
    assert {row["trend"] for row in page["rows"]} - {"持平"}
