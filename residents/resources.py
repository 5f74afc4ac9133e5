"""The roster as an import job: what the browser's upload runs through, in the background."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone

from gridparty.lib.masking import mask_name
from grids.locate import communities_under
from orgs import sealedfiles
from orgs.importers import ImportCancelled, ImportRefused, beat, importer
from orgs.models import ImportJob
from orgs.tables.base import table
from orgs.tables.importing import register_importer
from residents.campaigns.table import DeploymentTable
from residents.models import RosterMapping
from residents.roster.apply import Result
from residents.roster.errors import RosterFileError
from residents.roster.lines import pack_lines
from residents.roster.mapping import SheetMapping, propose
from residents.roster.report import write_report
from residents.roster.sheets import Sheet
from residents.services.roster import care_words, import_roster
from residents.services.undo import undo_batches

LONGEST_NAME = 4


@importer("roster")
class RosterImporter:
    """A household roster into the communities under the job's node, within the uploader's area.

    Of the job's `options`: `is_full` (the list is complete) and `buildings` (for these),
    `mappings` (how sheets are read, chosen for this file).
    """

    def preview(self, job: ImportJob) -> None:
        """Judge every row. A file whose header is not understood is previewed without counts:
        its columns can then be chosen on the mapping page."""
        try:
            result = _run(job, sealedfiles.read(job.stored_as), dry_run=True)
        except RosterFileError as error:
            if not job.mapping.get("sheets"):
                raise ImportRefused(error.message_zh) from error
            job.mapping["error"] = error.message_zh
            job.counts = {}
            return
        _report(job, result)
        job.total = result.counts.rows

    def apply(self, job: ImportJob) -> None:
        data = sealedfiles.read(job.stored_as)
        try:
            result = _run(job, data, dry_run=False)
        except RosterFileError as error:
            raise ImportRefused(error.message_zh) from error
        _report(job, result)
        job.total = job.progress = result.counts.rows
        report = write_report(data, result)
        job.result_stored_as = sealedfiles.store(report, folder="imports/results")
        if result.not_reached:
            job.counts["not_reached"] = result.not_reached
            raise ImportCancelled

    def undo(self, job: ImportJob) -> None:
        undo_batches(job)


def _run(job: ImportJob, data: bytes, *, dry_run: bool) -> Result:
    return import_roster(
        data=data,
        communities=communities_under(job.under.division_code or ""),
        today=timezone.localdate(),
        by=job.uploaded_by,
        within=job.uploaded_by,
        dry_run=dry_run,
        job_id=job.pk,
        on_batch=lambda done: _goes_on(job, done, dry_run),
        choose=lambda sheets: choose_mappings(job, sheets) if dry_run else chosen_mappings(job),
        is_full=bool(job.options.get("is_full")),
        full_buildings=set(job.options.get("buildings", ())),
    )


def _goes_on(job: ImportJob, done: int, dry_run: bool) -> bool:
    """Say whether to go on; what a cancelled import has written by then is still reported."""
    try:
        beat(job, done)
    except ImportCancelled:
        if dry_run:
            raise
        return False
    return True


def _report(job: ImportJob, result: Result) -> None:
    """Put the numbers into the job, and every row and finding into its sealed file."""
    job.counts = result.counts.as_dict() | {
        "not_people": len(result.parsed.skips),
        "kinds": result.kinds(),
        "gone": len(result.gone),
        "absent": {str(building): count for building, count in result.absent.items()},
        "covered": sorted(result.covered),
    }
    before = job.lines_stored_as
    job.lines_stored_as = sealedfiles.store(pack_lines(result), folder="imports/lines")
    sealedfiles.delete(before)


def choose_mappings(job: ImportJob, sheets: list[Sheet]) -> Sequence[SheetMapping]:
    """Decide how the sheets are read and note it in the job: as chosen for this file, else as the
    community read this header before, else as proposed.

    `sure` says that nobody needs to look: chosen, remembered, or every column understood.
    """
    is_flag = care_words().__contains__
    chosen = [SheetMapping.from_json(one) for one in job.options.get("mappings", ())]
    proposed = propose(sheets, chosen, is_flag)
    sure = bool(chosen) and bool(job.options.get("mapping_sure"))
    if not chosen:
        prints = {one.fingerprint for one in proposed if one.fingerprint}
        kept = RosterMapping.objects.filter(community=job.under, fingerprint__in=prints)
        remembered = {one.fingerprint: one for one in kept}
        chosen = [SheetMapping.from_json(one.mapping) for one in remembered.values()]
        if chosen:
            proposed = propose(sheets, chosen, is_flag)
            kept.update(used_at=timezone.now())
        sure = all(
            one.fingerprint in remembered or not (one.unknown or one.missing)
            for one in proposed
            if one.shape
        )
    job.mapping = {"sheets": [_masked(one).as_json() for one in proposed], "sure": sure}
    return proposed


def _masked(sheet: SheetMapping) -> SheetMapping:
    """A short text in a column nobody knows may be a name: it is masked like one."""
    return replace(
        sheet,
        columns=tuple(
            column
            if column.field
            else replace(
                column,
                samples=tuple(
                    mask_name(text) if len(text) <= LONGEST_NAME else text
                    for text in column.samples
                ),
            )
            for column in sheet.columns
        ),
    )


def chosen_mappings(job: ImportJob) -> Sequence[SheetMapping]:
    """How the preview read the file; the import reads it in no other way."""
    return [SheetMapping.from_json(one) for one in job.mapping.get("sheets", ())]


def file_facts(job: ImportJob) -> list[dict[str, Any]]:
    """Return for each sheet that was read its shape, header row and columns, to be shown."""
    facts = []
    for one in chosen_mappings(job):
        facts.append(
            {
                "name": one.sheet,
                "shape": one.shape_label,
                "header_row": one.header_row,
                "columns": [column.header for column in one.columns if column.field],
                "unknown": list(one.unknown),
                "used": one.use,
            }
        )
    return facts


register_importer(table(DeploymentTable))
