"""Questions in the demonstration: the platform's own search, and a few answered ones."""

from datetime import datetime

from assessments.models import Doubt
from assessments.services import answer_doubt, search
from gridparty.demo.world import World
from orgs.models import RoleAssignment
from orgs.roles import Role

ANSWERS = (
    ("explain", Role.COMMUNITY_SECRETARY, "巡查时信号不好，回社区后一起补录，已看过纸质记录。"),
    ("doubt", Role.STREET_ADMIN, "请社区到现场看一次，下周例会回话。"),
)


def build_doubts(world: World, now: datetime) -> None:
    search(now)
    for doubt, (name, role, note) in zip(Doubt.objects.order_by("pk")[:2], ANSWERS, strict=False):
        where = doubt.community_id if role == Role.COMMUNITY_SECRETARY else doubt.street_id
        post = RoleAssignment.objects.filter(role=role, org_unit=where, end=None).first()
        if post is not None:
            answer_doubt(doubt=doubt, name=name, note=note, by=post.user, now=now)
