"""A small text classifier in plain Python: complement naive Bayes over pairs of characters.

It keeps counts only, so it learns one text at a time and forgets nothing it would need later. The
complement (how unlike the texts of all *other* labels) holds up when one label has a thousand
examples and another five. Source: Rennie et al., "Tackling the Poor Assumptions of Naive Bayes
Text Classifiers", 2003; measured by `benchmarks/bench_suggest.py`.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from gridparty.lib.bigrams import bigrams

# Longer texts wander off; what the matter is stands at the beginning.
MOST_CHARACTERS = 400
SMOOTHING = 1.0


def features(text: str) -> set[str]:
    """Return the pairs of characters a text is judged by, each once."""
    return set(bigrams(text[:MOST_CHARACTERS]))


Counts = dict[str, Counter[str]]


def learn(counts: Counts, label: str, text: str) -> None:
    """Add one labelled text to the counts."""
    counts.setdefault(label, Counter()).update(features(text))


def trimmed(counts: Counts, most: int) -> Counts:
    """Return the counts with the `most` commonest pairs of each label."""
    return {label: Counter(dict(pairs.most_common(most))) for label, pairs in counts.items()}


class Ranker:
    """Ready counts; `rank(text)` gives the labels, most likely first. Costs the text's length."""

    def __init__(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        self._labels = {label: sum(pairs.values()) for label, pairs in counts.items()}
        self._pairs: dict[str, dict[str, int]] = defaultdict(dict)
        for label, pairs in counts.items():
            for pair, count in pairs.items():
                self._pairs[pair][label] = count
        self._of_all = {pair: sum(found.values()) for pair, found in self._pairs.items()}
        self._total = sum(self._labels.values())

    def rank(self, text: str) -> list[str]:
        """Return the labels that share anything with the text, best first."""
        known = [pair for pair in features(text) if pair in self._of_all]
        scores = {label: self._score(label, known) for label in self._sharing(known)}
        return sorted(scores, key=lambda label: (-scores[label], label))

    def _sharing(self, known: Iterable[str]) -> set[str]:
        return {label for pair in known for label in self._pairs[pair]}

    def _score(self, label: str, known: list[str]) -> float:
        """Return how unlike the text is to everything that is not `label`."""
        rest = self._total - self._labels[label] + SMOOTHING * len(self._of_all)
        return -sum(
            math.log((self._of_all[pair] - self._pairs[pair].get(label, 0) + SMOOTHING) / rest)
            for pair in known
        )
