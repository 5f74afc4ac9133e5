"""Sweeps of the orgs app. Rows are the queue; a task that runs twice does nothing twice."""

import logging
import traceback
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from orgs import sealedfiles
from orgs.importers import ImportCancelled, ImportRefused, Undoable, importer_for
from orgs.models import IdempotentRequest, ImportJob
from orgs.services.jobs import claim_next_job, close_cancelled, fail_job, finish_stage
from orgs.services.quality import run_checks, run_waiting_rounds

KEEP_ANSWERS = timedelta(days=1)
logger = logging.getLogger(__name__)


@shared_task(name="orgs.tasks.run_import_jobs")  # type: ignore[untyped-decorator]
def run_import_jobs() -> int:
    """Preview or apply every waiting import job, one after the other; return how many."""
    done = 0
    while (job := claim_next_job()) is not None:
        run_job(job)
        done += 1
    return done


def run_job(job: ImportJob) -> None:
    """Run the stage the claimed job is in; an error ends the job with a sentence."""
    try:
        importer = importer_for(job.kind)
        if job.state == ImportJob.State.UPLOADED:
            importer.preview(job)
        elif job.state == ImportJob.State.UNDOING:
            if not isinstance(importer, Undoable):
                raise ImportRefused("这种导入不能撤销。")
            importer.undo(job)
        else:
            importer.apply(job)
        finish_stage(job)
    except ImportCancelled:
        logger.info("import job %s was cancelled while running", job.pk)
        if job.state == ImportJob.State.RUNNING:
            close_cancelled(job)
    except ImportRefused as refusal:
        fail_job(job, str(refusal))
    except Exception as error:
        # The message of a database error may quote a cell: only its kind and place are logged.
        frames = "".join(traceback.format_tb(error.__traceback__))
        logger.error("import job %s: %s\n%s", job.pk, type(error).__name__, frames)
        fail_job(job, "导入时出现内部错误，数据没有全部写入。请联系管理员，并告知任务编号。")


@shared_task(name="orgs.tasks.tidy")  # type: ignore[untyped-decorator]
def tidy() -> int:
    """Forget remembered API answers after a day, and uploaded files after KEEP_UPLOADS_DAYS."""
    now = timezone.now()
    keep = timedelta(days=settings.KEEP_UPLOADS_DAYS)
    forgotten, _ = IdempotentRequest.objects.filter(created_at__lt=now - KEEP_ANSWERS).delete()
    # A preview nobody confirmed is given up, so that its file does not lie here for ever.
    ImportJob.objects.filter(
        state=ImportJob.State.PREVIEWED, finished_at=None, created_at__lt=now - keep
    ).update(state=ImportJob.State.CANCELLED, finished_at=now - keep)
    old = ImportJob.objects.filter(finished_at__lte=now - keep).exclude(
        stored_as="", result_stored_as="", lines_stored_as=""
    )
    for job in old:
        for name in (job.stored_as, job.result_stored_as, job.lines_stored_as):
            sealedfiles.delete(name)
        forgotten += 1
    old.update(stored_as="", result_stored_as="", lines_stored_as="")
    forgotten += sealedfiles.delete_older(sealedfiles.UNCONFIRMED, now - KEEP_ANSWERS)
    return forgotten


@shared_task(name="orgs.tasks.check_integrity")  # type: ignore[untyped-decorator]
def check_integrity() -> int:
    """Run every integrity check for tonight's counts; return how many rows failed."""
    return sum(run_checks(day=timezone.localdate()).values())


@shared_task(name="orgs.tasks.run_check_rounds")  # type: ignore[untyped-decorator]
def run_check_rounds() -> int:
    """Run the rounds of checks somebody asked for; return how many."""
    return run_waiting_rounds()
