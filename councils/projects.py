"""What the service projects of a resolution have come to (为民办事, HH-27)."""

from django.urls import reverse

from councils.models import Topic
from councils.work import Work, topic_work
from volunteers.workflow import ProjectStatus

OVER = (ProjectStatus.DONE, ProjectStatus.EVALUATED, ProjectStatus.STOPPED)


@topic_work
def projects_of(topic: Topic) -> list[Work]:
    """Return the projects a resolution has set going; a stopped one holds nothing up."""
    return [
        Work(
            f"项目：{link.project.name}", reverse("volunteers:project", args=[link.project_id]),
            link.project.get_status_display(), link.project.status in OVER,
        )
        for link in topic.topic_projects.select_related("project")
    ]  # fmt: skip
