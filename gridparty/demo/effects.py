"""跟踪问效 in the demonstration: closed cases taken in for a second look, some looked at already."""

from datetime import datetime, timedelta

from cases.effects import Effect
from cases.models import Case, EffectReview, LedgerScheme
from cases.services import MoveRefused
from cases.services.lasting import choose_reviews, record_review
from cases.workflow import Status
from gridparty.demo.shapes import DEMO_COMMUNITY
from gridparty.demo.world import World

CHOSEN = 12
LEFT = 3  # due looks nobody has made yet
_FOUND = (
    (Effect.LASTING, "到现场看过，没有反弹，周边居民认可。"),
    (Effect.LASTING, "电话问过反映人，问题没有再出现。"),
    (Effect.PARTLY, "楼道里又有少量杂物，已当场请住户清走。"),
)


def build_effects(world: World, now: datetime) -> None:
    """Take in what the demo community closed a month ago and later; show both schemes of the register."""
    LedgerScheme.objects.filter(code="need_resource_project").update(is_active=True)
    staff = next(
        one.staff
        for tree in world.trees
        for one in tree.communities
        if one.plan.code == DEMO_COMMUNITY and one.staff is not None
    )
    closed = Case.objects.filter(status=Status.CLOSED, community__division_code=DEMO_COMMUNITY)
    made: list[EffectReview] = []
    for case in closed.order_by("closed_at", "pk")[:CHOSEN]:
        moment = (case.closed_at or now) + timedelta(hours=1)
        made += choose_reviews(case=case, days=[30, 90], by=staff, now=moment)
    due = [review for review in made if review.due_on <= now.date()][:-LEFT]
    for number, review in enumerate(due):
        effect, note = _FOUND[number % len(_FOUND)]
        try:
            record_review(review=review, by=staff, effect=effect, note=note, now=now)
        except MoveRefused:  # the staff of a small tree may have handled it
            continue
