"""What a case that ends means for the resolution it came from."""

from typing import Any

from django.dispatch import receiver

from cases.catalog import Source
from cases.models import Case
from cases.signals import case_moved
from cases.workflow import ENDED, Move, Status
from councils.models import TopicTask
from councils.services import finish_task
from gridparty.lib.china_time import local_date


@receiver(case_moved)
def follow_the_case(*, case: Case, move: Move, event: Any, **who: Any) -> None:
    """A closed case ticks its task off, a reopened one opens it again; other ends free the task."""
    if case.source != Source.TOPIC:  # most cases: no look-up
        return
    task = TopicTask.objects.filter(case=case).select_related("topic").first()
    if task is None:
        return
    if case.status == Status.CLOSED and task.done_on is None:
        day = local_date(event.at)
        finish_task(task=task, on=day, result=f"事项 {case.case_no} 已销号", by=None)
    elif move.name in ("reopen", "unclose"):
        TopicTask.objects.filter(pk=task.pk).update(done_on=None, result="")
    elif case.status in ENDED and case.status != Status.CLOSED:
        # Rejected, merged, voided: the task must be handed on again or done by hand.
        TopicTask.objects.filter(pk=task.pk).update(case=None)
