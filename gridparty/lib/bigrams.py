"""How alike two short Chinese texts are, by the pairs of characters they share.

No word list is needed, a mistyped character costs two pairs only, and it is fast enough to compare
a report with two hundred others while somebody waits.
"""

from __future__ import annotations

import re

from gridparty.lib.text import squash

_NOT_WORDS = re.compile(r"[\W_0-9]+")


def bigrams(text: str) -> list[str]:
    """Return the neighbouring pairs of characters, in order and with repeats.

    Marks and digits part the text (door numbers say where, not what); a lone character counts too.
    """
    pairs: list[str] = []
    for run in _NOT_WORDS.split(squash(text).lower()):
        if len(run) == 1:
            pairs.append(run)
        pairs += [run[at : at + 2] for at in range(len(run) - 1)]
    return pairs


def alike(one: set[str] | frozenset[str], other: set[str] | frozenset[str]) -> float:
    """Return 0.0 (nothing shared) to 1.0: shared pairs by the geometric mean of both sizes.

    Unlike Dice it does not punish the short report ("灯不亮") that a long one contains.
    """
    if not one or not other:
        return 0.0
    return len(one & other) / float((len(one) * len(other)) ** 0.5)
