"""Tasks of a resolution: add, finish by hand, or hand on as a case."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from cases.catalog import Source
from cases.models import Category
from cases.services import MoveRefused, report_case
from councils.models import Topic, TopicTask
from councils.services.texts import prose
from councils.workflow import Status
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import Unit, User

describe_actions(
    topic__task="分解决议任务", topic__task_done="完成决议任务", topic__task_case="决议任务转事项",
)  # fmt: skip
TAKES_TASKS = (Status.RESOLVED, Status.EXECUTING)


@transaction.atomic
def add_task(
    *, topic: Topic, what: str, due: date, by: User | None, unit: Unit | None = None, who: str = ""
) -> TopicTask:
    """Add a task to a resolution that is announced or being carried out.

    ValidationError: nobody answers for it, or a due day before the announcement.
    """
    if topic.status not in TAKES_TASKS:
        raise ValidationError(f"议题现在是“{topic.status_label}”，形成决议后才能分解任务。")
    who = one_line(who, label="责任人", longest=40, required=False)
    if unit is None and not who:
        raise ValidationError({"who": "请写明责任单位或责任人。"})
    if topic.announced_on and due < topic.announced_on:
        raise ValidationError({"due": "完成时限不能早于决议公示。"})
    task = TopicTask.objects.create(
        topic=topic, what=one_line(what, label="任务", longest=200), unit=unit, who=who, due=due,
        created_by=by,
    )  # fmt: skip
    record(
        by=by, action="topic.task", target=topic, street=topic.street_id, detail={"task": task.pk}
    )
    return task


@transaction.atomic
def finish_task(*, task: TopicTask, on: date, result: str, by: User | None) -> TopicTask:
    """Tick a task off with what came of it. One with a case is ticked off by the case."""
    if task.case_id is not None and by is not None:
        raise ValidationError("这项任务已转为事项，事项销号后自动完成。")
    text = prose(result, "result", "完成情况", 300, required=True)
    rows = TopicTask.objects.filter(pk=task.pk, done_on=None)
    if rows.update(done_on=on, result=text) != 1:
        raise ValidationError("这项任务已经完成。", code="stale")
    topic = task.topic
    record(
        by=by, action="topic.task_done", target=topic, street=topic.street_id,
        detail={"task": task.pk},
    )  # fmt: skip
    task.refresh_from_db()
    return task


@transaction.atomic
def task_to_case(*, task: TopicTask, category: Category | int | str, by: User) -> TopicTask:
    """Report the task as a case; it is done when the case is written off (销号)."""
    fresh = (
        TopicTask.objects.select_for_update(of=("self",))
        .select_related("topic__grid")
        .get(pk=task.pk)
    )
    topic = fresh.topic
    if fresh.done_on is not None or fresh.case_id is not None:
        raise ValidationError("这项任务已经完成，或已转为事项。", code="stale")
    if topic.grid is None:
        raise ValidationError("这个议题没有写明网格，不能转为事项。")
    try:
        fresh.case = report_case(
            by=by, text=f"议题“{topic.title}”决议任务：{fresh.what}", category=category,
            grid=topic.grid, source=Source.TOPIC,
        )  # fmt: skip
    except MoveRefused as refusal:
        raise ValidationError(list(refusal.fields.values()) or [refusal.message]) from None
    fresh.save(update_fields=["case"])
    record(
        by=by, action="topic.task_case", target=topic, street=topic.street_id,
        detail={"task": fresh.pk, "case": fresh.case_id},
    )  # fmt: skip
    return fresh
