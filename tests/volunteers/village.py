"""One of everything in 幸福社区, so that every page has something to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from residents.models import Need
from tests.town import Town, person_of
from tests.volunteers.help import helper, open_resource, pass_by, published, scheduled, with_photo
from volunteers.models import (
    Activity,
    Ask,
    Claim,
    Evaluation,
    Hours,
    PointsEntry,
    Project,
    ProjectCategory,
    Resource,
    Shift,
    SignUp,
    Team,
    Volunteer,
)
from volunteers.services.activities import move_activity, note_served
from volunteers.services.asking import start_asking
from volunteers.services.attendance import call_roll
from volunteers.services.claims import move_claim, send_to
from volunteers.services.evaluations import evaluate
from volunteers.services.projects import claim_project, draft_project, move_project
from volunteers.services.signups import sign_up
from volunteers.services.teams import create_team


@dataclass
class Village:
    need: Need
    resource: Resource
    claim: Claim
    project: Project
    team: Team
    volunteer: Volunteer
    other: Volunteer
    past: Activity
    coming: Shift
    signup: SignUp
    hours: Hours
    entry: PointsEntry
    evaluation: Evaluation
    ask: Ask
    token: str


def project_of(
    town: Town, name: str = "邻里维修互助", code: str = "harmony", **facts: Any
) -> Project:
    today = timezone.localdate()
    given: dict[str, Any] = {
        "name": name, "category": ProjectCategory.objects.get(code=code), "about": "互相帮忙",
        "kind": "care", "starts_on": today - timedelta(days=9), "ends_on": today + timedelta(days=90),
        "grids": [town.grid], "brand": "邻里和谐",
    }  # fmt: skip
    return draft_project(community=town.community, by=None, **given | facts)


def running(town: Town, lead: Volunteer, **facts: Any) -> Project:
    project = project_of(town, **facts)
    for name in ("submit", "approve"):
        move_project(project=project, name=name, by=None)
    return claim_project(project=project, by=None, person=lead.person)


def settle(town: Town) -> Village:
    """A need taken over, a project that ran once, one shift to come, hours, points, an ask."""
    me, other = helper(town, who="volunteer", skills=["company"]), helper(town, "郑帮手")
    team = create_team(
        community=town.community, name="爱心公益队", kind="charity", by=None, leader=other
    )
    resource, need = open_resource(town), published(town)
    claim = send_to(need=need, unit=town.partner, resource=resource, quantity=1, by=None)
    move_claim(claim=claim, name="accept", by=None)
    project = running(town, other)
    shift = scheduled(town, title="陪老人体检", project=project, grid=town.grid, kind="care",
                      lead=other, need=need, capacity=5)  # fmt: skip
    signup = sign_up(shift=shift, volunteer=me, by=None)
    pass_by(shift)
    call_roll(
        shift=shift, times={signup.pk: (shift.starts_at, shift.ends_at)},
        by=town.users["community_staff"],
    )  # fmt: skip
    with_photo(town, shift.activity)
    move_activity(activity=shift.activity, name="submit", by=None)
    move_activity(activity=shift.activity, name="confirm", by=None)
    note_served(activity=shift.activity, people=[person_of(town.users["group_leader"])], others=3,
                summary="都到了", by=None)  # fmt: skip
    said = evaluate(activity=shift.activity, side="beneficiary", rating=5, text="谢谢", by=None,
                    problem="楼道灯坏了")  # fmt: skip
    coming = scheduled(town, title="清洁家园", capacity=3, ahead=timedelta(days=4), lead=other)
    start_asking(shift=coming, by=None)
    ask = Ask.objects.get(shift=coming, volunteer=me)
    waiting = sign_up(shift=scheduled(town, ahead=timedelta(days=9)), volunteer=me, by=None)
    return Village(
        need=need, resource=resource, claim=Claim.objects.get(pk=claim.pk), project=project,
        team=team, volunteer=me, other=other, past=shift.activity, coming=coming, signup=waiting,
        hours=Hours.objects.get(), entry=PointsEntry.objects.get(), evaluation=said, ask=ask,
        token=coming.token,
    )  # fmt: skip
