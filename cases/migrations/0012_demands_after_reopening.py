"""Cases in their third round were supervised without a demand that anybody could lift: it is added."""

from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef

BATCH = 500


def add_demands(apps: Any, schema_editor: Any) -> None:
    demands = apps.get_model("cases", "Supervision").objects
    events = apps.get_model("cases", "CaseEvent").objects.filter(move="reply")
    standing = demands.filter(case=OuterRef("pk"), lifted_at=None)
    cases = apps.get_model("cases", "Case").objects.filter(
        ~Exists(standing), cycle__gte=3, supervised_at__isnull=False, lifted_at=None, ended_at=None
    )
    new = []
    for case in cases.order_by("pk"):
        # No reply is owed any more: it was given, and the case's trail has it.
        given = None
        if case.reply_due_at is None:
            replies = events.filter(case_id=case.pk, at__gte=case.supervised_at)
            given = replies.order_by("-id").first()
        new.append(demands.model(
            case_id=case.pk, cycle=case.cycle, level="yellow", issued_at=case.supervised_at,
            reply_by=case.reply_due_at or case.supervised_at,
            demand=f"已重开 {case.cycle - 1} 次，请说明为什么没有解决、怎样解决和完成时间。",
            **({} if given is None else {
                "reply": given.note, "replied_by_id": given.actor_id, "replied_at": given.at,
                "replied_label": given.org_label,
            }),
        ))  # fmt: skip
    demands.bulk_create(new, batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_street_times")]

    operations = [migrations.RunPython(add_demands, migrations.RunPython.noop)]
