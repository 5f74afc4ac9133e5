"""Suggested categories: the three that fit a text best. A suggestion only; nobody is bound by it.

Known are the words of `cases/keywords.py`, the categories' names, and what the nightly task has
learned from this installation's own closed cases.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from cases.keywords import KEYWORDS
from cases.models import Category, CategoryCounts, LearningMark
from gridparty.lib.bayes import Counts, Ranker, features

TOP = 3
# Fewer characters say nothing.
LEAST_CHARACTERS = 4
# One listed word weighs as much as this many cases in which it occurs.
WORD_WEIGHT = 3

Known = tuple[tuple[int, str, str, str], ...]  # id, slug, name, name of the first level


def suggest_categories(text: str, *, chosen: int | None = None) -> list[Category]:
    """Return up to three active categories, best first; none when the best is chosen already.

    Three queries; four when the night has brought something new.
    """
    if len(text.strip()) < LEAST_CHARACTERS:
        return []
    rows, ranker = _ready()
    ranked = ranker.rank(text)
    best = [int(label) for label in ranked[:TOP]]
    return [] if best[:1] == [chosen] else [rows[pk] for pk in best if pk != chosen]


def best_categories(texts: Sequence[str]) -> list[Category | None]:
    """Return the best category of each text, None where it says too little; as few queries as for one."""
    rows, ranker = _ready()
    found: list[Category | None] = []
    for text in texts:
        ranked = ranker.rank(text) if len(text.strip()) >= LEAST_CHARACTERS else []
        found.append(rows[int(ranked[0])] if ranked else None)
    return found


def _ready() -> tuple[dict[int, Category], Ranker]:
    rows = {row.pk: row for row in _choosable()}
    known = tuple(
        (row.pk, row.slug, row.name, row.parent.name if row.parent else "") for row in rows.values()
    )
    learned_at = LearningMark.objects.values_list("learned_at", flat=True).first()
    return rows, _ranker(known, learned_at)


def _choosable() -> list[Category]:
    """Return the active categories a case can be filed under: those without active children."""
    rows = list(Category.objects.filter(is_active=True).select_related("parent"))
    parents = {row.parent_id for row in rows}
    return [row for row in rows if row.pk not in parents]


@lru_cache(maxsize=2)
def _ranker(known: Known, learned_at: datetime | None) -> Ranker:
    """Return the ready counts; built anew when a category changes or the night brought cases."""
    counts = from_words(known)
    if learned_at is not None:
        ids = [row[0] for row in known]
        for category_id, pairs in CategoryCounts.objects.filter(category__in=ids).values_list(
            "category_id", "pairs"
        ):
            counts[str(category_id)].update(pairs)
    return Ranker(counts)


def from_words(known: Known) -> Counts:
    """Return counts from keywords and names alone, as if the words stood in a few cases."""
    counts: Counts = {}
    for category_id, slug, name, above in known:
        counts[str(category_id)] = Counter()
        for word in [name, above, *KEYWORDS.get(slug, "").split()]:
            for pair in features(word):
                counts[str(category_id)][pair] += WORD_WEIGHT if word != above else 1
    return counts
