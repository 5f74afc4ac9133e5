"""The daily sweep: meetings missed, announcements over, tasks late, closed topics to look at."""

from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse

from councils.models import Meeting, Topic, TopicTask
from councils.notices import due_meeting, due_topic, tell_due
from councils.workflow import OPEN

# A slot missed longer ago is history: a letter about it would call for nothing.
MISSED_LATEST = 60  # days


@transaction.atomic
def watch_councils(*, today: date) -> int:
    """Tell each of them once, whenever the sweep comes to run; returns how many there are."""
    since = today - timedelta(days=MISSED_LATEST)
    late = Meeting.objects.late(today).filter(council__ended_on=None, due_by__gte=since)
    meetings = [due_meeting(one) for one in late.select_related("council__grid")]
    topics = Topic.objects.select_related("grid")
    out = [
        due_topic(one, one.announce_until)
        for one in topics.announced_out(today)
        if one.announce_until is not None
    ]
    look = [
        due_topic(one, one.look_again_on)
        for one in topics.to_look_again(today)
        if one.look_again_on is not None
    ]
    tasks = TopicTask.objects.filter(due__lt=today, done_on=None, topic__status__in=OPEN)
    behind = {
        (task.topic_id, task.due): due_topic(task.topic, task.due)
        for task in tasks.select_related("topic__grid")
    }
    page = reverse("councils:topics")
    tell_due("council.late", meetings, f"{reverse('councils:meetings')}?show=late")
    tell_due("topic.out", out, f"{page}?show=out")
    tell_due("topic.look", look, f"{page}?show=look")
    tell_due("topic.late", list(behind.values()), f"{page}?show=late")
    return len(meetings) + len(out) + len(look) + len(behind)
