"""The job row is the queue: submit, preview, confirm, run, cancel, and a worker that died."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from orgs import importers, sealedfiles, services
from orgs.importers import ImportRefused, beat
from orgs.models import AuditEntry, IdempotentRequest, ImportJob
from orgs.services.jobs import MOST_ATTEMPTS, claim_next_job
from orgs.tasks import run_import_jobs, tidy
from tests.town import Town

State = ImportJob.State


class Recorder:
    """An importer that counts lines."""

    applied: list[int] = []

    def preview(self, job: ImportJob) -> None:
        text = sealedfiles.read(job.stored_as).decode()
        if "refuse" in text:
            raise ImportRefused("文件里没有数据行。")
        if "crash" in text:
            raise RuntimeError(text)
        job.total = len(text.splitlines())
        job.counts = {"rows": job.total}

    def apply(self, job: ImportJob) -> None:
        beat(job, job.total)
        self.applied.append(job.pk)
        job.counts = {**job.counts, "create": job.total}


@pytest.fixture(autouse=True)
def kind(monkeypatch, media):
    monkeypatch.setitem(importers._registry, "lines", Recorder)
    Recorder.applied = []


@pytest.fixture
def submit(town: Town):
    def go(data=b"a\nb\n", **asked):
        given = {"kind": "lines", "under": town.community, "file_name": "名册.xlsx", **asked}
        return services.submit_import(data=data, by=town.users["community_staff"], **given)

    return go


def test_a_job_goes_from_upload_to_done(submit, town: Town):
    job = submit()
    assert (job.state, job.street) == (State.UPLOADED, town.street)
    assert run_import_jobs() == 1
    job.refresh_from_db()
    assert (job.state, job.counts, job.total) == (State.PREVIEWED, {"rows": 2}, 2)
    assert run_import_jobs() == 0
    services.confirm_import(job=job, by=town.users["community_staff"])
    assert run_import_jobs() == 1
    job.refresh_from_db()
    assert (job.state, job.counts["create"], job.progress) == (State.DONE, 2, 2)
    assert job.finished_at
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert actions == {"import.submit", "import.confirm"}


def test_files_lie_sealed_on_disk(submit, media):
    job = submit("王小明,349901199001011236\n".encode())
    [path] = [path for path in Path(media).rglob("*") if path.is_file()]
    assert "王小明".encode() not in path.read_bytes()
    assert "王小明" in sealedfiles.read(job.stored_as).decode()
    assert path.stat().st_mode & 0o077 == 0


def test_an_empty_file_is_refused_and_leaves_nothing(submit, media):
    with pytest.raises(ValidationError, match="空的"):
        submit(b"")
    assert not list(Path(media).rglob("*.bin"))


def test_a_lost_row_takes_its_file_along(submit, media, monkeypatch):
    monkeypatch.setattr("orgs.services.jobs.record", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        submit()
    assert not ImportJob.objects.exists()
    assert not list(Path(media).rglob("*.bin"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("C:\\桌面\\名册.xlsx", "名册.xlsx"), ("../../etc/passwd", "passwd"), ("", "文件")],
)
def test_only_the_files_own_name_is_kept(submit, typed, kept):
    assert submit(file_name=typed).file_name == kept


def test_a_long_name_keeps_its_ending(submit):
    assert submit(file_name="长" * 300 + ".xlsx").file_name.endswith(".xlsx")


def test_a_refusal_is_shown_and_an_error_tells_nothing_personal(submit, caplog):
    refused, crashed, unknown = (
        submit(b"refuse"),
        submit(b"crash 349901199001011236"),
        submit(kind="nobody"),
    )
    assert run_import_jobs() == 3
    for job in (refused, crashed, unknown):
        job.refresh_from_db()
        assert job.state == State.FAILED
    assert refused.error == "文件里没有数据行。"
    assert "内部错误" in crashed.error
    assert "不认识" in unknown.error
    assert "RuntimeError" in caplog.text
    assert "349901199001011236" not in caplog.text


def test_a_second_confirmation_or_a_late_cancel_is_refused(submit):
    job = submit()
    with pytest.raises(ValidationError, match="已上传"):
        services.confirm_import(job=job, by=None)
    run_import_jobs()
    services.confirm_import(job=job, by=None)
    with pytest.raises(ValidationError, match="已确认"):
        services.confirm_import(job=job, by=None)
    run_import_jobs()
    with pytest.raises(ValidationError, match="已完成"):
        services.cancel_import(job=job, by=None)


def test_a_cancelled_job_is_not_run_and_a_running_one_stops(submit, monkeypatch):
    job = submit()
    services.cancel_import(job=job, by=None)
    assert run_import_jobs() == 0

    running = submit()
    run_import_jobs()
    services.confirm_import(job=running, by=None)

    def cancel_then_beat(self, job):
        services.cancel_import(job=ImportJob.objects.get(pk=job.pk), by=None)
        beat(job, 1)
        raise AssertionError("went on after the cancel")

    monkeypatch.setattr(Recorder, "apply", cancel_then_beat)
    run_import_jobs()
    running.refresh_from_db()
    assert running.state == State.CANCELLED


def test_a_cancel_that_nobody_noticed_wins(submit, monkeypatch):
    job = submit()

    def preview(self, job):
        services.cancel_import(job=ImportJob.objects.get(pk=job.pk), by=None)

    monkeypatch.setattr(Recorder, "preview", preview)
    run_import_jobs()
    job.refresh_from_db()
    assert job.state == State.CANCELLED


def test_a_job_of_a_dead_worker_is_picked_up_again(submit):
    job = submit()
    run_import_jobs()
    services.confirm_import(job=job, by=None)
    assert claim_next_job() == job  # a worker takes it and dies
    assert run_import_jobs() == 0
    ImportJob.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=3))
    assert run_import_jobs() == 1
    job.refresh_from_db()
    assert job.state == State.DONE
    assert Recorder.applied == [job.pk]


def test_a_job_that_kills_every_worker_is_given_up(submit):
    job = submit()
    for _ in range(MOST_ATTEMPTS):
        assert claim_next_job() == job
        ImportJob.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=3))
    assert claim_next_job() is None
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert "多次中断" in job.error


def test_two_sweeps_do_not_take_one_job(submit):
    first, second = submit(), submit()
    assert claim_next_job() == first
    assert claim_next_job() == second
    assert claim_next_job() is None


def test_a_broker_that_is_down_does_not_undo_an_upload(
    submit, monkeypatch, django_capture_on_commit_callbacks
):
    def down(*_, **__):
        raise ConnectionError

    monkeypatch.setattr("orgs.services.jobs.current_app.send_task", down)
    with django_capture_on_commit_callbacks(execute=True):
        job = submit()
    assert ImportJob.objects.get() == job


def test_old_uploads_and_answers_are_forgotten(submit, media, town: Town):
    job, fresh = submit(), submit()
    run_import_jobs()
    for each in (job, fresh):
        services.cancel_import(job=each, by=None)
    ImportJob.objects.filter(pk=job.pk).update(finished_at=timezone.now() - timedelta(days=31))
    request = IdempotentRequest.objects.create(
        user=town.users["grid_head"], key="k", request_hash="x", status=201
    )
    IdempotentRequest.objects.filter(pk=request.pk).update(
        created_at=timezone.now() - timedelta(days=2)
    )
    assert tidy() == 2
    job.refresh_from_db()
    assert job.stored_as == ""
    assert len(list(Path(media).rglob("*.bin"))) == 1
    assert not IdempotentRequest.objects.exists()
    assert tidy() == 0


def test_names_never_leave_the_folder(media):
    for name in ("../secret.bin", "/etc/passwd", "", "a/../../x"):
        with pytest.raises(ValueError, match="目录"):
            sealedfiles.read(name)
