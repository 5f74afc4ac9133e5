from volunteers.models.activities import Activity, ActivityPhoto, Evaluation, Served, Shift, SignUp
from volunteers.models.asks import Ask
from volunteers.models.hours import Hours, HoursDay, PointRule, PointsEntry, StarLevel
from volunteers.models.lists import Claim, Project, ProjectCategory, ProjectReview, Resource
from volunteers.models.steps import Step
from volunteers.models.teams import Team, TeamMember, Volunteer

__all__ = [
    "Activity", "ActivityPhoto", "Ask", "Claim", "Evaluation", "Hours", "HoursDay", "PointRule",
    "PointsEntry", "Project", "ProjectCategory", "ProjectReview", "Resource", "Served", "Shift",
    "SignUp", "StarLevel", "Step", "Team", "TeamMember", "Volunteer",
]  # fmt: skip
