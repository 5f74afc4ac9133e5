"""Trying a routing rule on past cases before it is switched on: read once, judged in memory."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cases.models import RoutingRule
from cases.querysets import CaseQuerySet
from cases.routing import Facts, first_match, matches
from gridparty.lib.china_time import local_date

PERIODS = (30, 90, 365)
MOST_CASES = 5000
# A rule that meets this share of everything is hardly a rule.
NEARLY_ALL = 0.9
KINDS = (
    ("matched", "符合这条规则"), ("taken", "先被别的规则接走"), ("agreed", "最后确实由该单位牵头"),
    ("other", "最后由别的单位牵头"),
)  # fmt: skip


@dataclass
class Trial:
    """What the rule would have met; ids by kind, so that a page lists exactly what it counts.

    `taken`: an earlier rule speaks first. `agreed`, `other`: where this rule would have spoken,
    who led in the end? Only cases that ended with a lead unit can answer that.
    """

    seen: int = 0
    ids: dict[str, list[int]] = field(default_factory=lambda: {kind: [] for kind, _ in KINDS})
    shadows: Counter[RoutingRule] = field(default_factory=Counter)
    robbed: Counter[RoutingRule] = field(default_factory=Counter)

    @property
    def before(self) -> list[tuple[RoutingRule, int]]:
        """Return the earlier rules that speak first, with how often."""
        return self.shadows.most_common()

    @property
    def after(self) -> list[tuple[RoutingRule, int]]:
        """Return the later rules that would be asked less, with how often."""
        return self.robbed.most_common()

    @property
    def effective(self) -> int:
        """Return how many cases the rule would really have decided."""
        return len(self.ids["matched"]) - len(self.ids["taken"])

    @property
    def agreement(self) -> int | None:
        """Return the share in percent of the decided cases that ended there; None without any."""
        known = len(self.ids["agreed"]) + len(self.ids["other"])
        return round(100 * len(self.ids["agreed"]) / known) if known else None

    @property
    def warnings(self) -> list[str]:
        matched, sentences = len(self.ids["matched"]), []
        if self.seen and matched >= NEARLY_ALL * self.seen:
            sentences.append(
                f"这条规则几乎符合所有事项（{matched} ÷ {self.seen}）。请加上类别、地点或关键词。"
            )
        if self.seen and not matched:
            sentences.append("这段时间没有一件事项符合。请检查条件是不是太窄，或者写错了。")
        if matched and self.effective == 0:
            sentences.append("符合的事项全部先被前面的规则接走，这条规则不会起作用。请调小规则号。")
        if self.agreement is not None and self.agreement < 50:
            sentences.append(
                f"起作用的事项里只有 {self.agreement}% 最后由该单位牵头，多数去了别的单位。"
            )
        return sentences


def try_rule(rule: RoutingRule, cases: CaseQuerySet, *, days: int, now: datetime) -> Trial:
    """Try `rule` on the newest of `cases` (limited to whose rule it is) of the last `days`.

    Void, withdrawn and merged cases are left out. Two queries.
    """
    day = local_date(now)
    others = [other for other in RoutingRule.objects.in_force(day) if other.pk != rule.pk]
    earlier = [other for other in others if (other.order, other.pk) < (rule.order, rule.pk)]
    later = others[len(earlier) :]
    recent = cases.counted().filter(created_at__gte=now - timedelta(days=days))
    rows = recent.order_by("-id").values_list(
        "pk", "district_id", "street_id", "community_id", "grid_id", "category_id", "category__parent_id", "text",
        "source", "ended_at", "lead_unit_id",
    )[:MOST_CASES]  # fmt: skip
    trial = Trial()
    for row in rows:
        trial.seen += 1
        pk, ended_at, lead_unit_id = row[0], row[9], row[10]
        facts = Facts(*row[1:9])
        if not matches(rule, facts):
            continue
        trial.ids["matched"].append(pk)
        first = first_match(earlier, facts)
        if first is not None:
            trial.ids["taken"].append(pk)
            trial.shadows[first] += 1
            continue
        robbed = first_match(later, facts)
        if robbed is not None:
            trial.robbed[robbed] += 1
        if ended_at is not None and lead_unit_id is not None:
            trial.ids["agreed" if lead_unit_id == rule.unit_id else "other"].append(pk)
    return trial
