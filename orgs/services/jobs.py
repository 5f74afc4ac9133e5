"""Import jobs: submit, confirm, cancel, and the runner's compare-and-set moves."""

import hashlib
import logging
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gridparty.lib.text import clean_text
from orgs import sealedfiles
from orgs.audit import describe_actions, record
from orgs.models import ImportJob, OrgUnit, User

describe_actions(
    import__submit="上传导入文件",
    import__confirm="确认导入",
    import__again="调整列对应后重新检查",
    import__cancel="取消导入",
    import__stopped="导入中途停止",
    import__undo="撤销导入",
    import__undone="导入已撤销",
)
State = ImportJob.State
STALE_AFTER = timedelta(minutes=2)
MOST_ATTEMPTS = 3
OPEN_STATES = (State.UPLOADED, State.PREVIEWED, State.CONFIRMED, State.RUNNING)
logger = logging.getLogger(__name__)


def submit_import(
    *,
    kind: str,
    under: OrgUnit,
    file_name: str,
    data: bytes,
    by: User | None,
    options: dict[str, Any] | None = None,
) -> ImportJob:
    """Store the uploaded file sealed and queue its preview. The caller checks size and scope.

    `options` are what the uploader said about the file; the importer of the kind knows the keys.
    """
    if not data:
        raise ValidationError("文件是空的，请重新选择。")
    stored_as = sealedfiles.store(data, folder=f"imports/{kind}")
    try:
        with transaction.atomic():
            job = ImportJob.objects.create(
                kind=kind,
                under=under,
                street=under.get_root(),
                uploaded_by=by,
                file_name=_short_name(file_name),
                file_hash=hashlib.sha256(data).hexdigest(),
                stored_as=stored_as,
                options=options or {},
            )
            record(by=by, action="import.submit", target=job, street=job.street_id)
            hint_runner()
    except BaseException:
        sealedfiles.delete(stored_as)
        raise
    return job


def confirm_import(
    *, job: ImportJob, by: User | None, options: dict[str, Any] | None = None
) -> ImportJob:
    """Let a previewed job be applied; a second confirmation is refused with a sentence."""
    if job.state == State.PREVIEWED and not job.counts:
        raise ValidationError("还没有读到居民，请先核对列对应。", code="unread")
    return _decide(job, (State.PREVIEWED,), State.CONFIRMED, "import.confirm", by, options)


def preview_again(*, job: ImportJob, by: User | None, options: dict[str, Any]) -> ImportJob:
    """Read a previewed file anew, with what has been said about it since."""
    return _decide(job, (State.PREVIEWED,), State.UPLOADED, "import.again", by, options)


def cancel_import(*, job: ImportJob, by: User | None) -> ImportJob:
    """Stop a job that is not finished; rows already written stay and are counted."""
    return _decide(job, OPEN_STATES, State.CANCELLED, "import.cancel", by)


def undo_import(*, job: ImportJob, by: User | None) -> ImportJob:
    """Queue taking back what a job wrote; only within UNDO_DAYS of its end."""
    last = undo_until(job)
    if last is None or last < timezone.now():
        raise ValidationError(f"导入完成超过 {settings.UNDO_DAYS} 天，不能再撤销。", code="late")
    return _decide(job, (State.DONE, State.CANCELLED), State.UNDOING, "import.undo", by)


def undo_until(job: ImportJob) -> datetime | None:
    """Return the last moment at which the job may be undone; None while it is not finished."""
    return job.finished_at and job.finished_at + timedelta(days=settings.UNDO_DAYS)


def kept_until(job: ImportJob) -> datetime:
    """Return when the uploaded file and its result are deleted."""
    return (job.finished_at or job.created_at) + timedelta(days=settings.KEEP_UPLOADS_DAYS)


@transaction.atomic
def _decide(
    job: ImportJob,
    sources: tuple[State, ...],
    target: State,
    action: str,
    by: User | None,
    options: dict[str, Any] | None = None,
) -> ImportJob:
    values: dict[str, Any] = {"state": target, "attempts": 0, "heartbeat_at": None}
    if options:
        values["options"] = {**job.options, **options}
    if target != State.UNDOING:
        values["finished_at"] = timezone.now() if target == State.CANCELLED else None
    changed = ImportJob.objects.filter(pk=job.pk, state__in=sources).update(**values)
    job.refresh_from_db()
    if not changed:
        raise ValidationError(
            f"这个导入任务现在是“{job.get_state_display()}”，不能再做这项操作。", code="conflict"
        )
    record(by=by, action=action, target=job, street=job.street_id)
    hint_runner()
    return job


def hint_runner() -> None:
    """Ask for a sweep once the transaction commits. Only a hint: beat sweeps anyway."""
    transaction.on_commit(_send_hint, robust=True)


def _send_hint() -> None:
    try:
        current_app.send_task("orgs.tasks.run_import_jobs", retry=False)
    except Exception as error:  # a broker that is down must not undo an upload
        logger.warning("no broker for the import hint: %s", type(error).__name__)


def claim_next_job() -> ImportJob | None:
    """Take one job that waits, or whose worker died; exactly one runner wins each job."""
    now = timezone.now()
    silent = Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - STALE_AFTER)
    waiting = (State.UPLOADED, State.CONFIRMED, State.RUNNING, State.UNDOING)
    for job in ImportJob.objects.filter(silent, state__in=waiting).order_by("id"):
        if job.attempts >= MOST_ATTEMPTS:
            fail_job(job, "导入多次中断，请检查文件大小，或联系管理员。")
            continue
        state = State.RUNNING if job.state == State.CONFIRMED else State(job.state)
        won = ImportJob.objects.filter(silent, pk=job.pk, state=job.state).update(
            state=state,
            heartbeat_at=now,
            attempts=job.attempts + 1,
            started_at=job.started_at or now,
        )
        if won:
            job.refresh_from_db()
            return job
    return None


NEXT = {
    State.UPLOADED: State.PREVIEWED,
    State.RUNNING: State.DONE,
    State.UNDOING: State.UNDONE,
}
FOUND = (
    "mapping", "counts", "issues", "preview", "total", "result_stored_as", "lines_stored_as",
)  # fmt: skip


@transaction.atomic
def finish_stage(job: ImportJob) -> bool:
    """Save what the importer found and move on; False when it was cancelled meanwhile.

    A preview that finds what its uploader has seen and confirmed elsewhere goes on by itself.
    """
    after = NEXT[State(job.state)]
    if after == State.PREVIEWED and _is_confirmed(job):
        after = State.CONFIRMED
    values = {name: getattr(job, name) for name in FOUND}
    if after == State.DONE:
        values["finished_at"] = timezone.now()
    moved = ImportJob.objects.filter(pk=job.pk, state=job.state).update(
        state=after, attempts=0, heartbeat_at=None,
        progress=0 if after in (State.PREVIEWED, State.CONFIRMED) else job.progress, **values,
    )  # fmt: skip
    if moved and after == State.CONFIRMED:
        record(by=job.uploaded_by, action="import.confirm", target=job, street=job.street_id)
    if moved and after == State.UNDONE:
        record(
            by=None, action="import.undone", target=job, street=job.street_id,
            detail=job.counts.get("undo", {}),
        )  # fmt: skip
    return bool(moved)


def _is_confirmed(job: ImportJob) -> bool:
    """Whether the options name counts the uploader has `seen`, equal to those just found."""
    seen = job.options.get("seen")
    if not isinstance(seen, dict) or not seen or not job.mapping.get("sure", True):
        return False
    return all(job.counts.get(name) == count for name, count in seen.items())


@transaction.atomic
def close_cancelled(job: ImportJob) -> None:
    """Keep what a job that was cancelled in mid-import had done by then, and put it on record."""
    values = {name: getattr(job, name) for name in FOUND}
    ImportJob.objects.filter(pk=job.pk, state=State.CANCELLED).update(**values)
    record(by=None, action="import.stopped", target=job, street=job.street_id, detail=job.counts)


def fail_job(job: ImportJob, sentence: str) -> None:
    """End an unfinished job with the reason its uploader reads; a failed undo may be repeated."""
    rows = ImportJob.objects.filter(pk=job.pk)
    rows.filter(state=State.UNDOING).update(
        state=State.DONE, error=sentence[:300], heartbeat_at=None, attempts=0
    )
    rows.filter(state__in=OPEN_STATES).update(
        state=State.FAILED, error=sentence[:300], finished_at=timezone.now()
    )


def _short_name(file_name: str) -> str:
    """The file's own name without folders, short enough to store, its ending kept."""
    path = PurePath(clean_text(file_name.replace("\\", "/")))
    suffix = path.suffix[:10]
    return (path.name[: -len(path.suffix)] if path.suffix else path.name)[:180] + suffix or "文件"
