"""Remembering how a community's files with a certain header are read."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from orgs.audit import describe_actions, record
from orgs.models import ImportJob, User
from orgs.services.jobs import preview_again
from residents.models import RosterMapping
from residents.roster.mapping import SheetMapping

describe_actions(roster__remember="记住花名册列对应", roster__forget="忘记花名册列对应")


@transaction.atomic
def choose_columns(
    *, job: ImportJob, sheets: Sequence[SheetMapping], sure: bool, by: User
) -> ImportJob:
    """Read the job's file anew in this way, and the next file with the same header likewise.

    Not `sure` (the header was moved): the columns are shown once more before they are kept.
    """
    options = {"mappings": [one.as_json() for one in sheets], "mapping_sure": sure}
    job = preview_again(job=job, by=by, options=options)
    if sure:
        kept = {one.fingerprint: _bare(one) for one in sheets if one.fingerprint and one.shape}
        for print_, one in kept.items():
            row, _made = RosterMapping.objects.update_or_create(
                community=job.under, fingerprint=print_,
                defaults={
                    "title": job.file_name, "mapping": one.as_json(),
                    "saved_by": by, "used_at": timezone.now(),
                },
            )  # fmt: skip
            record(by=by, action="roster.remember", target=row, street=job.street_id)
    return job


def _bare(sheet: SheetMapping) -> SheetMapping:
    """What is worth keeping: no samples of people, and no sheet left out by its name."""
    columns = tuple(replace(column, samples=()) for column in sheet.columns)
    return replace(sheet, columns=columns, use=True)


@transaction.atomic
def forget_mapping(*, mapping: RosterMapping, by: User) -> None:
    """Forget it: the next file with this header is shown for confirmation again."""
    record(by=by, action="roster.forget", target=mapping, street=mapping.community.get_root().pk)
    mapping.delete()
