"""Put the chain on events written before there was one."""

from itertools import groupby
from typing import Any

from django.db import migrations

from cases.chain import digest_of_event, digest_of_note


def seal(apps: Any, schema_editor: Any) -> None:
    """Walk each case's events in order; raw updates, for the model refuses to change an event."""
    events = apps.get_model("cases", "CaseEvent").objects
    cases = apps.get_model("cases", "Case").objects
    ordered = events.select_related("case").order_by("case_id", "id").iterator(chunk_size=2000)
    for case_id, group in groupby(ordered, key=lambda event: event.case_id):
        previous = ""
        for event in group:
            note_digest = digest_of_note(event.note)
            previous = digest_of_event(
                previous, case_no=event.case.case_no, cycle=event.cycle, move=event.move,
                from_status=event.from_status, to_status=event.to_status, at=event.at,
                actor_id=event.actor_id, role=event.role, org_label=event.org_label,
                note_digest=note_digest, data=event.data,
            )  # fmt: skip
            events.filter(pk=event.pk).update(note_digest=note_digest, digest=previous)
        cases.filter(pk=case_id).update(trail_head=previous)


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_trail_chain")]
    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
