"""Learning categories from closed cases: each closing once, in portions, forever resumable."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction

from cases.models import Case, CaseEvent, CategoryCounts, LearningMark
from gridparty.lib.bayes import Counts, learn, trimmed

PORTION = 2000
# More pairs than this add nothing to a category but weight.
MOST_PAIRS = 4000
# A closing younger than this may belong to a transaction whose elder sister is still to come.
SETTLED = timedelta(minutes=10)
MARK = 1


def learn_categories(now: datetime) -> int:
    """Learn from the closings since the last run; return from how many cases."""
    learned = 0
    while portion := _learn_portion(now):
        learned += portion
    return learned


@transaction.atomic
def _learn_portion(now: datetime) -> int:
    """Learn from the next `PORTION` closings and move the mark, or do neither."""
    LearningMark.objects.get_or_create(pk=MARK)
    mark = LearningMark.objects.select_for_update().get(pk=MARK)
    closings = list(
        CaseEvent.objects.filter(
            pk__gt=mark.last_event, move="close", cycle=1, at__lt=now - SETTLED
        )
        .order_by("pk")
        .values_list("pk", "case_id")[:PORTION]
    )
    if not closings:
        return 0
    _add([case_id for _, case_id in closings])
    mark.last_event, mark.learned_at = closings[-1][0], now
    mark.save()
    return len(closings)


def _add(case_ids: list[int]) -> None:
    counts: Counts = {}
    cases: Counter[int] = Counter()
    for start in range(0, len(case_ids), 500):  # SQLite's limit on parameters
        rows = Case.objects.counted().filter(pk__in=case_ids[start : start + 500])
        for category_id, text in rows.values_list("category_id", "text"):
            learn(counts, str(category_id), text)
            cases[category_id] += 1
    known = CategoryCounts.objects.in_bulk(list(cases))
    for category_id, number in cases.items():
        row = known.get(category_id) or CategoryCounts(category_id=category_id)
        merged = Counter(row.pairs) + counts[str(category_id)]
        row.pairs = trimmed({"": merged}, MOST_PAIRS)[""]
        row.cases += number
        row.save()
