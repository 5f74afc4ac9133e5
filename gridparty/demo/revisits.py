"""The monthly revisit of the demonstration: the real draw, and part of the answers."""

from datetime import datetime, timedelta
from random import Random

from cases.models import Case, Revisit
from cases.revisits import draw_due
from cases.services import rate_case, record_revisit
from cases.workflow import Status
from gridparty.demo.shapes import DEMO_COMMUNITY
from gridparty.demo.world import World
from gridparty.lib.periods import Month

ANSWERED = 0.6
# Few residents come back to say what they think.
RATED = 60
_NOTES = ("居民表示处理及时。", "已在现场看过，问题解决。", "居民希望以后多巡查。", "")


def build_revisits(world: World, now: datetime) -> None:
    """Draw the finished months; answer the older ones wholly, the last one for the most part."""
    draw_due(now)
    rng = world.setting.rng("revisits")
    last = str(Month.of(now).previous())
    pending = Revisit.objects.filter(state=Revisit.State.PENDING).exclude(assignee=None)
    rows = list(pending.select_related("assignee__person", "case__community").order_by("pk"))
    moment = now - timedelta(minutes=2 * len(rows) + 5)
    bad = _unhappy_one(rows, last)
    for revisit in rows:
        moment += timedelta(minutes=2)
        if revisit == bad or revisit.month != last or rng.random() < ANSWERED:
            _answer(revisit, rng, moment, is_bad=revisit == bad)
    _rate(rng, now)


def _rate(rng: Random, now: datetime) -> None:
    """Let some reporters of this month and the last say themselves what they think."""
    since = Month.of(now).previous().start
    own = Case.objects.filter(status=Status.CLOSED, closed_at__gte=since, source="web")
    for case in own.order_by("-closed_at", "pk")[:RATED:3]:
        answer = rng.choice(("satisfied", "satisfied", "satisfied", "basically", "unsatisfied"))
        # Two days after the closing: past the lock of the month nobody may rate any more.
        at = min(now, (case.closed_at or now) + timedelta(days=2))
        rate_case(
            report=case, satisfaction=answer, reason="speed", now=at,
            note="等的时间长了一点。" if answer == "unsatisfied" else "",
        )  # fmt: skip


def _unhappy_one(rows: list[Revisit], month: str) -> Revisit | None:
    """Pick the case whose resident is not content: in the demo community, so it can be followed."""
    near = [
        one
        for one in rows
        if one.month == month
        and one.case.status == Status.CLOSED
        and not one.asked.anonymous
        and one.case.community.division_code == DEMO_COMMUNITY
    ]
    return near[0] if near else None


def _answer(revisit: Revisit, rng: Random, moment: datetime, *, is_bad: bool) -> None:
    by = revisit.assignee
    if by is None:
        return
    if revisit.asked.anonymous:
        record_revisit(
            revisit=revisit, by=by, method="site", reached=True, now=moment,
            solved="partly" if rng.random() < 0.1 else "yes", note="已到现场查看。",
        )  # fmt: skip
        return
    if is_bad:
        record_revisit(
            revisit=revisit, by=by, method="phone", reached=True, solved="no",
            satisfaction="unsatisfied", reason="result", now=moment,
            note="居民反映处理后没几天又出现同样的问题。",
        )  # fmt: skip
        return
    if rng.random() < 0.08:
        record_revisit(
            revisit=revisit, by=by, method="phone", reached=False, note="电话无人接听。", now=moment
        )
        return
    basically = rng.random() < 0.25
    record_revisit(
        revisit=revisit, by=by, method=rng.choice(("phone", "phone", "door")), reached=True,
        solved="partly" if basically and rng.random() < 0.3 else "yes",
        satisfaction="basically" if basically else "satisfied", note=rng.choice(_NOTES), now=moment,
    )  # fmt: skip
