"""The roster as an import job: what the browser's upload runs through, in the background."""

from typing import Any

from django.utils import timezone

from gridparty.lib.masking import mask_id, mask_name
from gridparty.lib.text import squash
from grids.locate import communities_under
from orgs import sealedfiles
from orgs.importers import ImportCancelled, ImportRefused, beat, importer
from orgs.models import ImportJob
from residents.roster.apply import Result
from residents.roster.errors import RosterFileError
from residents.roster.issues import SEVERITY_LABELS, Issue
from residents.roster.outcome import LABELS, STORED, Outcome
from residents.roster.records import RosterRow
from residents.roster.report import write_report
from residents.services.roster import import_roster
from residents.services.undo import undo_batches

PREVIEW_ROWS = 50
PREVIEW_ISSUES = 500
SEVERITY_ORDER = ("error", "warn", "info")


@importer("roster")
class RosterImporter:
    """A household roster into the communities under the job's node, within the uploader's area."""

    def preview(self, job: ImportJob) -> None:
        result = _run(job, sealedfiles.read(job.stored_as), dry_run=True)
        job.counts = result.counts.as_dict() | {"not_people": len(result.parsed.skips)}
        job.total = result.counts.rows
        job.mapping = mapping_of(result)
        job.issues = issues_of(result)
        job.preview = rows_of(result)

    def apply(self, job: ImportJob) -> None:
        data = sealedfiles.read(job.stored_as)
        result = _run(job, data, dry_run=False)
        job.counts = result.counts.as_dict() | {"not_people": len(result.parsed.skips)}
        job.total = job.progress = result.counts.rows
        job.issues = issues_of(result)
        report = write_report(data, result)
        job.result_stored_as = sealedfiles.store(report, folder="imports/results")
        if result.not_reached:
            job.counts["not_reached"] = result.not_reached
            raise ImportCancelled

    def undo(self, job: ImportJob) -> None:
        undo_batches(job)


def _run(job: ImportJob, data: bytes, *, dry_run: bool) -> Result:
    try:
        return import_roster(
            data=data,
            communities=communities_under(job.under.division_code or ""),
            today=timezone.localdate(),
            by=job.uploaded_by,
            within=job.uploaded_by,
            dry_run=dry_run,
            job_id=job.pk,
            on_batch=lambda done: _goes_on(job, done, dry_run),
        )
    except RosterFileError as error:
        raise ImportRefused(error.message_zh) from error


def _goes_on(job: ImportJob, done: int, dry_run: bool) -> bool:
    """Say whether to go on; what a cancelled import has written by then is still reported."""
    try:
        beat(job, done)
    except ImportCancelled:
        if dry_run:
            raise
        return False
    return True


def mapping_of(result: Result) -> dict[str, Any]:
    """Return which sheets and columns were read as what, and which were not understood."""
    return {
        "sheets": [
            {
                "name": layout.sheet,
                "header_row": layout.header_row + 1,
                "columns": list(layout.headers.values()),
                "unknown": [*layout.unknown, *layout.repeated],
            }
            for layout in result.parsed.layouts
        ],
        "ignored": list(result.parsed.ignored_sheets),
    }


def issues_of(result: Result) -> list[dict[str, str]]:
    """Return up to PREVIEW_ISSUES findings, errors first; samples are masked already."""
    ranked = sorted(
        result.issues, key=lambda issue: (SEVERITY_ORDER.index(issue.severity), issue.row)
    )
    return [_shown(issue) for issue in ranked[:PREVIEW_ISSUES]]


def _shown(issue: Issue) -> dict[str, str]:
    return {
        "severity": issue.severity,
        "label": SEVERITY_LABELS[issue.severity],
        "cell": issue.cell,
        "column": issue.column,
        "message": issue.message,
        "sample": issue.sample,
    }


def rows_of(result: Result) -> list[dict[str, Any]]:
    """Return the first PREVIEW_ROWS person rows with their fate, masked."""
    pairs = zip(result.parsed.rows[:PREVIEW_ROWS], result.outcomes, strict=False)
    return [_row(row, outcome) for row, outcome in pairs]


def _row(row: RosterRow, outcome: Outcome) -> dict[str, Any]:
    door = squash(row.door.raw)  # an unknown building: as the file says it
    if row.place and row.household:
        home = row.household
        door = f"{row.place.compound}{row.place.building}{home.unit}{home.room}"
    return {
        "row": row.number,
        "outcome": LABELS[outcome],
        "level": "green" if outcome in STORED else "red",
        "door": door,
        "name": mask_name(row.name) if row.name else "",
        "relation": row.relation,
        "id_number": mask_id(row.id_number) if row.id_number else "",
    }
