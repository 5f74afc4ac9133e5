"""Suggested categories on 1,377 real messages to a mayor's mailbox, against always naming the commonest.

Seven tenths teach, the rest are asked (fixed shuffle). Two figures are rates of failure: how often
the right label is not first, and not among the first three, as a share of the same failure of the
majority floor. The third is time per suggestion against cutting the text into pairs. The messages
are read from the sample data beside the repository and never copied.
"""

from __future__ import annotations

import csv
import lzma
import random
import time
from collections import Counter
from pathlib import Path

from benchmarks.run import Figure

REPO = Path(__file__).resolve().parent.parent
MESSAGES = "complaints/tipdm2020_labelled_raw_text.csv.xz"
TAUGHT = 0.7


def run() -> list[Figure]:
    from gridparty.lib.bayes import Counts, Ranker, features, learn

    path = REPO.parent / "shared" / "data" / MESSAGES
    if not path.exists():
        return []
    rows = read_messages(path)
    cut = int(len(rows) * TAUGHT)
    taught, asked = rows[:cut], rows[cut:]
    counts: Counts = {}
    for text, label in taught:
        learn(counts, label, text)
    ranker = Ranker(counts)
    common = [label for label, _ in Counter(label for _, label in taught).most_common(3)]
    started = time.perf_counter()
    ranked = [ranker.rank(text) for text, _ in asked]
    seconds = (time.perf_counter() - started) / len(asked)
    started = time.perf_counter()
    for text, _ in asked:
        features(text)
    cutting = (time.perf_counter() - started) / len(asked)
    figures = []
    for top, limit in ((1, 0.35), (3, 0.15)):
        pairs = list(zip(ranked, asked, strict=True))
        wrong = sum(label not in names[:top] for names, (_, label) in pairs) / len(asked)
        floor = sum(label not in common[:top] for _, label in asked) / len(asked)
        note = f"share wrong, {len(taught)} taught, {len(asked)} asked, 7 labels"
        figures.append(Figure(f"suggested category, top {top}", wrong, floor, limit, note))
    figures.append(Figure("one suggestion", seconds, cutting, 20, "cutting the text into pairs"))
    return figures


def read_messages(path: Path) -> list[tuple[str, str]]:
    """Return (title and body, label), shuffled the same way every time."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        rows = [(f"{row['title']}。{row['body']}", row["level1"]) for row in csv.DictReader(file)]
    random.Random(1).shuffle(rows)
    return rows
