"""What is asked twice: the same question in several forms, or in a campaign though the register knows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assessments.formcost import fields_of
from assessments.forms.burden import DUTIES
from gridparty.lib.bigrams import alike, bigrams
from gridparty.lib.text import squash
from residents.forms.register import HouseholdForm, ResidentForm

# Nobody can say these once for all.
EACH_TIME = {"备注", "说明", "照片", "现场照片", "日期", "状态", "类别", "缓急"}
ALIKE = 0.8


@dataclass(frozen=True)
class Repeat:
    """A question, and everything that asks it."""

    question: str
    asked_in: tuple[str, ...]


def repeats_of_forms() -> list[Repeat]:
    """Return the labels that stand in the forms of two or more duties, the most asked first."""
    asked: dict[str, list[str]] = defaultdict(list)
    for one in DUTIES.values():
        for form in one.forms:
            for field in fields_of(form).values():
                label = squash(str(field.label or ""))
                if label and label not in EACH_TIME and one.label not in asked[label]:
                    asked[label].append(one.label)
    found = [Repeat(label, tuple(where)) for label, where in asked.items() if len(where) > 1]
    return sorted(found, key=lambda one: (-len(one.asked_in), one.question))


def known_already() -> dict[str, frozenset[str]]:
    """Return {label: its pairs of characters} of what the register holds of homes and people."""
    labels = (
        str(field.label or "")
        for form in (HouseholdForm, ResidentForm)
        for field in fields_of(form).values()
    )
    return {
        label: frozenset(bigrams(label))
        for label in labels
        if len(label) > 1 and label not in EACH_TIME
    }


def repeats_of_campaigns(campaigns: Iterable[Any]) -> list[Repeat]:
    """Return the questions of rounds that the register answers, or another of the rounds asks."""
    known = known_already()
    groups: list[tuple[str, frozenset[str], list[str]]] = []
    for one in campaigns:
        for question in one.questions.all():
            pairs = frozenset(bigrams(question.text))
            same = next((group for group in groups if alike(group[1], pairs) >= ALIKE), None)
            if same is None:
                same = (question.text, pairs, [])
                groups.append(same)
                same[2].extend(
                    f"居民档案“{label}”"
                    for label, letters in known.items()
                    if letters and letters <= pairs
                )
            if one.name not in same[2]:
                same[2].append(one.name)
    return [Repeat(text, tuple(where)) for text, _, where in groups if len(where) > 1]
