"""志愿 of the demonstration, step by step: people and teams, the three lists, sessions, matches."""

from datetime import datetime

from councils.models import Topic, TopicProject
from councils.workflow import Status
from gridparty.demo.matches import match_needs
from gridparty.demo.sessions import hold_sessions
from gridparty.demo.volunteering import offer_resources, plan_projects, register_helpers
from gridparty.demo.world import World
from volunteers.models import Project


def build_volunteers(world: World, now: datetime) -> None:
    """Six teams and 42 projects in 海恒, the four groups in 宣城, a team a grid in 黄山."""
    helpers = register_helpers(world)
    projects = plan_projects(world, helpers)
    resources = offer_resources(world)
    hold_sessions(world, helpers, projects, now)
    match_needs(world, projects, resources)
    _grow_from_a_topic(projects)


def _grow_from_a_topic(projects: list[Project]) -> None:
    """A topic under way about charging has set going the project that talks people round."""
    topic = Topic.objects.filter(status=Status.EXECUTING).order_by("pk").first()
    project = next((one for one in projects if "充电" in one.name), None)
    if topic is not None and project is not None and topic.community_id == project.community_id:
        TopicProject.objects.create(topic=topic, project=project)
