"""志愿 of the demonstration, step by step: people and teams, the three lists, sessions, matches."""

from datetime import datetime

from gridparty.demo.matches import match_needs
from gridparty.demo.sessions import hold_sessions
from gridparty.demo.volunteering import offer_resources, plan_projects, register_helpers
from gridparty.demo.world import World


def build_volunteers(world: World, now: datetime) -> None:
    """Six teams and 42 projects in 海恒, the four groups in 宣城, a team a grid in 黄山."""
    helpers = register_helpers(world)
    projects = plan_projects(world, helpers)
    resources = offer_resources(world)
    hold_sessions(world, helpers, projects, now)
    match_needs(world, projects, resources)
