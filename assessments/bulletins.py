"""What the monthly bulletin says: the customary 宁国 table (field notes §2.5) out of its cases.

A case belongs to the month it was reported in, once it has been dispatched; it stands as it stood at
the cut-off. Who answers for it: its lead department, else the community whose grid handles it.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q

from assessments.models import Bulletin, BulletinItem, BulletinScheme
from assessments.scoring import rate_percent
from cases.catalog import Satisfaction
from cases.models import Case, Category, Revisit
from gridparty.lib.periods import Month
from gridparty.lib.text import natural_key
from orgs.models import OrgUnit, Unit

HOT_TOPICS = 5
TOP = 3
Result = BulletinItem.Result


def collect(
    street: OrgUnit, month: Month, scheme: BulletinScheme, cutoff: datetime
) -> list[BulletinItem]:
    """Return the unsaved items of a street's month, in the order of case numbers: one query."""
    line_of = {source: line["code"] for line in scheme.lines for source in line["sources"]}
    asked = Revisit.objects.filter(case=OuterRef("pk"), done_at__lte=cutoff).exclude(
        satisfaction=""
    )
    dispatched = Q(clock_started_at__isnull=False) | Q(cycle__gt=1)
    rows = (
        Case.objects.reported_in(month)
        .filter(dispatched, street=street, source__in=list(line_of))
        .annotate(
            answered=Exists(asked),
            unsatisfied=Exists(asked.filter(satisfaction=Satisfaction.UNSATISFIED)),
        )
        .order_by("case_no")
        .values(
            "pk", "lead_unit_id", "community_id", "source", "category__slug",
            "category__parent__slug", "closed_at", "fed_back_at", "due_at", "answered", "unsatisfied",
        )
    )  # fmt: skip
    return [
        BulletinItem(
            case_id=row["pk"], unit_id=row["lead_unit_id"], community_id=row["community_id"],
            row=f"unit-{row['lead_unit_id']}" if row["lead_unit_id"] else f"org-{row['community_id']}",
            line=line_of[row["source"]],
            topic=row["category__parent__slug"] or row["category__slug"],
            result=_result(row, cutoff), answered=row["answered"], unsatisfied=row["unsatisfied"],
        )
        for row in rows
    ]  # fmt: skip


def _result(row: Any, cutoff: datetime) -> str:
    if row["closed_at"] is None or row["closed_at"] > cutoff:
        return Result.OPEN
    kept = row["fed_back_at"] and row["due_at"] and row["fed_back_at"] <= row["due_at"]
    return Result.ON_TIME if kept else Result.LATE


def content_of(
    items: Sequence[BulletinItem], scheme: BulletinScheme, previous: Bulletin | None
) -> dict[str, Any]:
    """Return the bulletin's content: plain JSON, rates as texts in percent, None for no sample."""
    lines = [{"code": line["code"], "title": line["title"]} for line in scheme.lines]
    codes = [line["code"] for line in lines]
    by_row: dict[str, list[BulletinItem]] = {}
    for item in items:
        by_row.setdefault(item.row, []).append(item)
    names = _names(items)
    rows = [{"key": key, "name": names[key], **_figures(own, codes)} for key, own in by_row.items()]
    rows.sort(key=lambda row: (-row["total"], natural_key(row["name"])))
    _rank(rows, scheme.min_sample)
    total = {"key": "", "name": "合计", **_figures(items, codes)}
    return {
        "lines": lines, "rows": rows, "total": total, "topics": _topics(items),
        "min_sample": scheme.min_sample,
        "previous": _change(total, previous),
    }  # fmt: skip


def _figures(items: Sequence[BulletinItem], codes: Sequence[str]) -> dict[str, Any]:
    counted = Counter((item.line, item.result) for item in items)
    results = Counter(item.result for item in items)
    closed = results[Result.ON_TIME] + results[Result.LATE]
    answered = sum(item.answered for item in items)
    unsatisfied = sum(item.unsatisfied for item in items)
    return {
        "total": len(items),
        "lines": [[counted[code, result] for result in Result.values] for code in codes],
        "closed": closed,
        "on_time": results[Result.ON_TIME],
        "closed_rate": _text(rate_percent(closed, len(items))),
        "on_time_rate": _text(rate_percent(results[Result.ON_TIME], len(items))),
        "answered": answered,
        "unsatisfied": unsatisfied,
        "unsatisfied_rate": _text(rate_percent(unsatisfied, answered)),
    }


def _text(rate: Decimal | None) -> str | None:
    return None if rate is None else str(rate)


def _rank(rows: list[dict[str, Any]], min_sample: int) -> None:
    """Rank by 按时结案率; equal rates share a rank, rows under the minimum have none."""
    enough = [row for row in rows if row["total"] >= min_sample]
    enough.sort(key=lambda row: -Decimal(row["on_time_rate"]))
    ranks: dict[str, int] = {}
    for place, row in enumerate(enough, start=1):
        ranks.setdefault(row["on_time_rate"], place)
    for row in rows:
        row["rank"] = ranks[row["on_time_rate"]] if row["total"] >= min_sample else None


def _names(items: Iterable[BulletinItem]) -> dict[str, str]:
    units = {item.unit_id for item in items if item.unit_id}
    orgs = {item.community_id for item in items if not item.unit_id}
    found = dict(Unit.objects.filter(pk__in=units).values_list("pk", "name"))
    names = {f"unit-{pk}": name for pk, name in found.items()}
    for org in OrgUnit.objects.filter(pk__in=orgs).select_related("region"):
        names[f"org-{org.pk}"] = org.region.name if org.region else org.name
    return names


def _topics(items: Sequence[BulletinItem]) -> list[dict[str, Any]]:
    counted = Counter(item.topic for item in items).most_common(HOT_TOPICS)
    names = dict(Category.objects.filter(slug__in=[slug for slug, _ in counted]).values_list("slug", "name"))  # fmt: skip
    return [
        {"slug": slug, "name": names[slug], "count": count,
         "share": _text(rate_percent(count, len(items)))}
        for slug, count in counted
    ]  # fmt: skip


def _change(total: dict[str, Any], previous: Bulletin | None) -> dict[str, Any] | None:
    """Compare with the newest bulletin of the month before; None when there is none."""
    if previous is None:
        return None
    then = previous.content["total"]
    changes: dict[str, Any] = {"month": previous.month, "total": total["total"] - then["total"]}
    for name in ("closed_rate", "on_time_rate", "unsatisfied_rate"):
        both = total[name] is not None and then[name] is not None
        changes[name] = str(Decimal(total[name]) - Decimal(then[name])) if both else None
    return changes


def top_rows(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of the first three ranks, best first."""
    ranked = [row for row in content.get("rows", []) if row["rank"] and row["rank"] <= TOP]
    return sorted(ranked, key=lambda row: row["rank"])


def fingerprint_of(bulletin: Bulletin) -> str:
    """Return the SHA-256 of what is frozen: head, content and every case with how it was counted."""
    items = bulletin.items.order_by("case_id").values_list(
        "case_id", "row", "line", "topic", "result", "answered", "unsatisfied"
    )
    head = [bulletin.street_id, bulletin.month, bulletin.version, bulletin.cutoff.timestamp()]
    text = json.dumps(
        [head, bulletin.content, [list(item) for item in items]],
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    return hashlib.sha256(text.encode()).hexdigest()
