"""Which routing rule a case meets, and why.

Rules are judged in memory: one query reads them, whatever number of cases is asked about.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cases.catalog import Level, Source
from cases.lines import CaseLine
from cases.models import Case, RoutingRule
from cases.rows import community_label
from orgs.models import Unit


@dataclass(frozen=True)
class Facts:
    """What a rule looks at in a case."""

    district_id: str
    street_id: int
    community_id: int
    grid_id: int
    category_id: int
    parent_category_id: int | None
    text: str
    source: str

    @classmethod
    def of(cls, case: Case | CaseLine) -> "Facts":
        parent = case.parent_category_id if isinstance(case, CaseLine) else case.category.parent_id
        return cls(
            case.district_id, case.street_id, case.community_id, case.grid_id, case.category_id,
            parent, case.text, case.source,
        )  # fmt: skip


@dataclass(frozen=True)
class Route:
    """A suggestion: the first rule that matches, and the facts it looked at."""

    rule: RoutingRule
    facts: Facts

    @cached_property
    def why(self) -> str:
        """Return the sentence that explains it (one query: a list only needs the unit)."""
        return why(self._told, self.facts)

    @cached_property
    def _told(self) -> RoutingRule:
        return RoutingRule.objects.in_order().get(pk=self.rule.pk)

    @property
    def advice(self) -> str:
        """Return the rest of the rule: level, limits, 指定承办; "" when it says nothing more."""
        rule = self._told
        parts = [
            f"层级：{Level(rule.level).label}" if rule.level else "",
            f"办理时限：{rule.sla_class.name}" if rule.sla_class else "",
            "指定承办" if rule.final else "",
        ]
        return "，".join(part for part in parts if part)


def matches(rule: RoutingRule, facts: Facts) -> bool:
    """Say whether every condition of the rule holds, and its unit serves the place."""
    if not _serves(rule.unit, facts):
        return False
    areas = (
        (rule.street_id, facts.street_id),
        (rule.community_id, facts.community_id),
        (rule.grid_id, facts.grid_id),
    )
    if any(wanted is not None and wanted != given for wanted, given in areas):
        return False
    if rule.category_id not in (None, facts.category_id, facts.parent_category_id):
        return False
    if rule.source and rule.source != facts.source:
        return False
    words = rule.word_list
    if not words:
        return True
    found = [word in facts.text for word in words]
    return all(found) if rule.words_mode == RoutingRule.Words.ALL else any(found)


def first_match(rules: Iterable[RoutingRule], facts: Facts) -> RoutingRule | None:
    return next((rule for rule in rules if matches(rule, facts)), None)


def why(rule: RoutingRule, facts: Facts) -> str:
    """Return "规则 7“道路归市政”：因为类别是“道路”，地点在幸福社区。"."""
    reasons = []
    if rule.category is not None:
        reasons.append(f"类别是“{rule.category.name}”")
    if rule.grid is not None:
        reasons.append(f"地点在{rule.grid.name}")
    elif rule.community is not None:
        reasons.append(f"地点在{community_label(rule.community)}")
    elif rule.street is not None:
        reasons.append(f"地点在{community_label(rule.street)}")
    words = [word for word in rule.word_list if word in facts.text]
    if words:
        reasons.append(f"描述里有“{'”“'.join(words)}”")
    if rule.source:
        reasons.append(f"来源是{Source(rule.source).label}")
    return f"{rule}：因为{'，'.join(reasons)}。" if reasons else f"{rule}：适用于所有事项。"


def _serves(unit: Unit, facts: Facts) -> bool:
    """Say whether the street may assign to the unit: `Unit.objects.serving` in memory."""
    if unit.street_id is not None:
        return unit.street_id == facts.street_id
    return unit.district_id == facts.district_id


def routes_of(cases: Sequence[Case | CaseLine], day: date) -> dict[int, Route]:
    """Return the suggestions by case id, for those that have one: one query for any number."""
    if not cases:
        return {}
    rules = list(RoutingRule.objects.in_force(day))
    found: dict[int, Route] = {}
    for case in cases:
        facts = Facts.of(case)
        rule = first_match(rules, facts)
        if rule is not None:
            found[case.pk] = Route(rule, facts)
    return found


def route_of(case: Case, day: date) -> Route | None:
    return routes_of([case], day).get(case.pk)
