"""kill -9 of the worker in mid-import: resumed, the import equals one nobody disturbed."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from benchmarks.bench_divisions import scratch_url
from orgs import services as org_services
from orgs.models import ImportJob, Person
from orgs.tasks import run_import_jobs
from residents.models import Household, Residency, RosterConflict, RosterUndo
from tests.residents.rosters import citizen_id, person, sheet_rows, workbook
from tests.residents.test_import_roster import load
from tests.source import REPO
from tests.town import build_town

PEOPLE = 150
# Runs the queue as a worker does, and dies by SIGKILL itself after the second batch is written.
WORKER = """
import os, signal, sys
import django
django.setup()
from residents import resources
from orgs.tasks import run_import_jobs
beat = resources.beat
batches = []
def dying(job, done):
    batches.append(done)
    if len(batches) == 2:
        print("dying", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    return beat(job, done)
resources.beat = dying
run_import_jobs()
"""


def resident(number, **cells):
    facts = {
        "姓名": f"居民{number}", "房号": f"{1000 + number // 3}", "户编号": f"H{number // 3}",
        "与户主关系": "户主" if number % 3 == 0 else "其他", "证件号码": citizen_id(serial=number * 2 + 1),
    }  # fmt: skip
    return person(**(facts | cells))


def people():
    """Of 150 rows some are known and change, some are known and stay, one contradicts."""
    rows = [resident(number, 文化程度="本科" if number % 2 else "") for number in range(PEOPLE)]
    rows[10]["姓名"] = "改了姓名"
    return rows


def submit(town):
    staff = town.users["community_staff"]
    job = org_services.submit_import(
        kind="roster", under=town.community, file_name="册.xlsx", by=staff,
        data=workbook(sheet_rows(people())),
    )  # fmt: skip
    run_import_jobs()
    return org_services.confirm_import(job=job, by=staff)


def register():
    """Who lives where with what, and what is asked."""
    homes = Residency.objects.order_by("person__name").values_list(
        "person__name", "person__education", "household__room", "household__number", "relation",
        "is_head", "end",
    )  # fmt: skip
    asked = RosterConflict.objects.order_by("row").values_list("kind", "row", "state")
    return list(homes), list(asked), Household.objects.count(), Person.objects.count()


def finish(job):
    """Run the job to its end; returns its counts and the register."""
    run_import_jobs()
    job.refresh_from_db()
    assert job.state == ImportJob.State.DONE
    return {name: count for name, count in job.counts.items() if name != "seconds"}, register()


def kill_a_worker():
    done = subprocess.run(
        [sys.executable, "-c", WORKER],
        cwd=REPO,
        env={**os.environ, "GRIDPARTY_ROSTER_BATCH_ROWS": "30", "DATABASE_URL": scratch_url()},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    ImportJob.objects.filter(state="running").update(
        heartbeat_at=timezone.now() - timedelta(minutes=3)
    )


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_resumes_to_the_same_end_as_one_nobody_disturbed(settings):
    settings.ROSTER_BATCH_ROWS = 30
    # Where the other process looks, whatever this one was told before.
    settings.MEDIA_ROOT = settings.DATA_DIR / "media"
    town = build_town()
    load(town, *[resident(number) for number in range(60)])
    before = register()
    job = submit(town)
    kill_a_worker()
    written = Residency.objects.filter(import_job=job).count()
    assert RosterUndo.objects.filter(job=job).count() == 2
    assert written < PEOPLE - 60
    resumed = finish(job)
    assert resumed[0]["create"] == PEOPLE - 60
    assert (resumed[0]["update"], resumed[0]["conflict"]) == (30, 1)
    assert resumed[1][1] == [("name", 12, "open")]
    # Taken back, and done once more without a disturbance.
    org_services.undo_import(job=job, by=town.users["community_staff"])
    run_import_jobs()
    assert register() == before
    assert finish(submit(town)) == resumed
