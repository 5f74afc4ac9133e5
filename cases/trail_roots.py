"""A root for each day over all events of that day, chained day to day: what `verify_trail` replays.

Hand a root to somebody outside (print it, send it up) and nobody can rewrite the days before it.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db.models import Min

from cases.chain import root_of
from cases.models import Case, CaseEvent, TrailRoot
from cases.services.chaining import check_trail
from gridparty.lib.china_time import SHANGHAI, local_date

# A day counts as ended some hours after midnight: transactions begun before it have committed.
SETTLED = timedelta(hours=3)


def write_due_roots(now: datetime) -> int:
    """Write the roots of all days that have ended and have none yet; returns how many (catches up)."""
    last = TrailRoot.objects.order_by("-day").first()
    if last is None:
        first = CaseEvent.objects.aggregate(first=Min("recorded_at"))["first"]
        if first is None:
            return 0
        day, previous = local_date(first), ""
    else:
        day, previous = last.day + timedelta(days=1), last.root
    written = 0
    while day < local_date(now - SETTLED):
        digests = _digests_of(day)
        root = root_of(previous, digests)
        TrailRoot.objects.get_or_create(day=day, defaults={"count": len(digests), "root": root})
        previous, day, written = root, day + timedelta(days=1), written + 1
    return written


def _digests_of(day: date) -> list[str]:
    """Return the digests written on that day, in order."""
    start = datetime.combine(day, time.min, tzinfo=SHANGHAI)
    rows = CaseEvent.objects.filter(
        recorded_at__gte=start, recorded_at__lt=start + timedelta(days=1)
    )
    return list(rows.order_by("id").values_list("digest", flat=True))


def broken_roots() -> Iterator[str]:
    """Yield a sentence for each day whose events no longer give its root."""
    previous = ""
    for stored in TrailRoot.objects.order_by("day").iterator():
        digests = _digests_of(stored.day)
        if root_of(previous, digests) != stored.root:
            yield (
                f"{stored.day:%Y-%m-%d} 的 {stored.count} 条记录与当日存证不符"
                f"（现有 {len(digests)} 条）。"
            )
        previous = stored.root


def broken_cases(case_no: str = "") -> Iterator[str]:
    """Yield a sentence for each case whose chain is broken (only one case when a number is given)."""
    cases = Case.objects.filter(case_no=case_no) if case_no else Case.objects.all()
    for case in cases.exclude(trail_head="").filter(events=None).order_by("id").iterator():
        yield f"事项 {case.case_no}：记录全部不见了。"
    events = CaseEvent.objects.filter(case__in=cases) if case_no else CaseEvent.objects.all()
    ordered = events.select_related("case").order_by("case_id", "id").iterator(chunk_size=2000)
    for _, group in groupby(ordered, key=lambda event: event.case_id):
        rows = list(group)
        case = rows[0].case
        found = check_trail(case.case_no, rows, case.trail_head)
        if found.fault:
            yield f"事项 {case.case_no}：{found.fault}。"
