"""A resolution becomes a service project of the volunteers."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from councils.models import Topic, TopicProject
from councils.services.tasks import TAKES_TASKS
from orgs.audit import describe_actions, record
from orgs.models import User
from volunteers.models import Project
from volunteers.services.projects import draft_project

describe_actions(topic__project="决议转服务项目")


@transaction.atomic
def project_from_topic(*, topic: Topic, by: User | None, **facts: Any) -> Project:
    """Draft a project for what was resolved; `facts` as in `draft_project`."""
    if topic.status not in TAKES_TASKS:
        raise ValidationError(f"议题现在是“{topic.status_label}”，形成决议后才能立项。")
    project = draft_project(community=topic.community, by=by, **facts)
    TopicProject.objects.create(topic=topic, project=project)
    record(
        by=by, action="topic.project", target=topic, street=topic.street_id,
        detail={"project": project.pk},
    )  # fmt: skip
    return project
