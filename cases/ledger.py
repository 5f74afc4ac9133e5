"""The register as a generated view: which cases a list holds, and what each column says.

Nothing is typed twice: every cell comes from the case, its history and its tasks. A chunk of rows
costs a fixed number of queries. No reporter is named: a colleague's report names the colleague.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from cases.catalog import HangReason, Satisfaction, Solved, Source, SupervisionLevel
from cases.ledger_columns import LABELS
from cases.models import (
    Attachment,
    Case,
    CaseEvent,
    CaseTask,
    LedgerEntry,
    LedgerScheme,
    Revisit,
    Supervision,
)
from cases.querysets import CaseQuerySet
from cases.rows import community_label, place_of
from cases.workflow import Status
from gridparty.lib.china_time import minute_text
from gridparty.lib.periods import Month

CHUNK = 500
_NOT_COUNTED = (Status.VOID, Status.WITHDRAWN, Status.MERGED)
_DISPATCHES = ("self_handle", "assign", "transfer", "whistle")


def cases_of(cases: CaseQuerySet, which: str, month: Month) -> CaseQuerySet:
    """Narrow `cases` (limited by the caller) to those of one list, in the order of the register."""
    if which == "reported":
        found = cases.filter(created_at__gte=month.start, created_at__lt=month.end)
        # What was numbered and voided later stays: a register has no gaps.
        numbered = Exists(LedgerEntry.objects.filter(case=OuterRef("pk")))
        return found.filter(numbered | ~Q(status__in=_NOT_COUNTED)).order_by("id")
    still_open = Q(ended_at=None) | Q(status=Status.CLOSED, closed_at__gte=month.end)
    found = cases.filter(still_open, created_at__lt=month.end)
    if which == "assigned":
        found = found.filter(Q(lead_unit__isnull=False) | Q(holder_user__isnull=False))
    return found.order_by("id")


@dataclass
class Around:
    """What the cells of a chunk need besides the cases; all by case id."""

    entries: dict[int, LedgerEntry] = field(default_factory=dict)
    events: dict[int, dict[str, CaseEvent]] = field(default_factory=lambda: defaultdict(dict))
    tasks: dict[int, list[CaseTask]] = field(default_factory=lambda: defaultdict(list))
    revisits: dict[int, Revisit] = field(default_factory=dict)
    photos: dict[int, int] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    supervisions: dict[int, Supervision] = field(default_factory=dict)
    hung: dict[int, str] = field(default_factory=dict)


def around(cases: Sequence[Case], scheme: LedgerScheme) -> Around:
    """Read it for up to CHUNK cases: eight queries."""
    ids = [case.pk for case in cases]
    found = Around()
    for entry in LedgerEntry.objects.filter(scheme=scheme, case__in=ids):
        found.entries[entry.case_id] = entry
    wanted = (*_DISPATCHES, "feedback", "close")
    events = CaseEvent.objects.filter(case__in=ids, move__in=wanted).select_related("actor__person")
    for event in events.order_by("id"):
        name = "dispatch" if event.move in _DISPATCHES else event.move
        found.events[event.case_id][name] = event
    tasks = CaseTask.objects.filter(case__in=ids, returned_at=None)
    for task in tasks.select_related("unit", "signed_by__person").order_by("id"):
        found.tasks[task.case_id].append(task)
    for revisit in Revisit.objects.filter(case__in=ids).exclude(done_at=None).order_by("id"):
        found.revisits[revisit.case_id] = revisit
    photos = Attachment.objects.filter(case__in=ids, move="feedback").order_by()
    found.photos = dict(photos.values_list("case").annotate(n=Count("pk")))
    merged = Case.objects.filter(merged_into__in=ids).order_by()
    found.merged = dict(merged.values_list("merged_into").annotate(n=Count("pk")))
    for supervision in Supervision.objects.filter(case__in=ids, lifted_at=None).order_by("id"):
        found.supervisions[supervision.case_id] = supervision
    hung = CaseEvent.objects.filter(case__in=ids, move="ask_hang").order_by("id")
    found.hung = {case: data.get("reason", "") for case, data in hung.values_list("case", "data")}
    return found


def _note(case: Case, facts: Around, name: str) -> str:
    event = facts.events[case.pk].get(name)
    return event.note if event and event.cycle == case.cycle else ""


def _finder(case: Case, facts: Around) -> str:
    if case.confidential:
        return "（保密）"
    return case.reporter_user.display_name if case.reporter_user else "居民"


def _lead(case: Case, facts: Around) -> str:
    if case.lead_unit:
        return case.lead_unit.name
    return "网格自办" if case.holder_user else ""


def _person(case: Case, facts: Around) -> str:
    lead = [task for task in facts.tasks[case.pk] if task.is_lead and task.cycle == case.cycle]
    signer = lead[-1].signed_by if lead else case.holder_user
    return signer.display_name if signer else ""


def _helpers(case: Case, facts: Around) -> str:
    tasks = facts.tasks[case.pk]
    return "、".join(
        task.unit.name for task in tasks if not task.is_lead and task.cycle == case.cycle
    )


def _closer(case: Case, facts: Around) -> str:
    event = facts.events[case.pk].get("close")
    if case.closed_at is None or event is None:
        return ""
    return event.actor.display_name if event.actor else ""


def _revisit(case: Case, facts: Around) -> str:
    revisit = facts.revisits.get(case.pk)
    if revisit is None:
        return ""
    if not revisit.solved:
        return "未联系上"
    parts = [str(Solved(revisit.solved).label)]
    if revisit.satisfaction:
        parts.append(str(Satisfaction(revisit.satisfaction).label))
    return "、".join(parts)


def _legacy(case: Case, facts: Around) -> str:
    return "是" if facts.hung.get(case.pk) == HangReason.HISTORY else ""


def _supervision(case: Case, facts: Around) -> str:
    row = facts.supervisions.get(case.pk)
    return str(SupervisionLevel(row.level).label) if row else ""


def _result(case: Case, facts: Around) -> str:
    kept = case.fed_back_on_time
    return "" if kept is None else ("按期" if kept else "超期")


def _evidence(case: Case, facts: Around) -> str:
    count = facts.photos.get(case.pk, 0)
    return f"照片 {count} 张" if count else ""


def _remark(case: Case, facts: Around) -> str:
    parts = [f"第 {case.cycle} 轮" if case.cycle > 1 else ""]
    parts.append(f"返工 {case.rework_count} 次" if case.rework_count else "")
    return "，".join(part for part in parts if part)


def _serial(case: Case, facts: Around) -> str:
    entry = facts.entries.get(case.pk)
    return entry.label if entry else ""


Cell = Callable[[Case, Around], Any]
CELLS: dict[str, Cell] = {
    "serial": _serial,
    "number": lambda case, facts: case.case_no,
    "source": lambda case, facts: str(Source(case.source).label),
    "found_at": lambda case, facts: minute_text(case.created_at),
    "finder": _finder,
    "community": lambda case, facts: community_label(case.community),
    "grid": lambda case, facts: case.grid.name,
    "place": lambda case, facts: place_of(case),
    "text": lambda case, facts: case.text,
    "category": lambda case, facts: case.category.name,
    "urgency": lambda case, facts: case.sla_class.name,
    "measure": lambda case, facts: _note(case, facts, "feedback"),
    "lead": _lead,
    "person": _person,
    "helpers": _helpers,
    "due": lambda case, facts: minute_text(case.due_at),
    "progress": lambda case, facts: case.status_label,
    "done_at": lambda case, facts: minute_text(case.fed_back_at),
    "closer": _closer,
    "closed_at": lambda case, facts: minute_text(case.closed_at),
    "revisit": _revisit,
    "reports": lambda case, facts: 1 + facts.merged.get(case.pk, 0),
    "legacy": _legacy,
    "task": lambda case, facts: _note(case, facts, "dispatch"),
    "step_due": lambda case, facts: minute_text(case.step_due_at) if case.is_open else "",
    "evidence": _evidence,
    "leader": lambda case, facts: "",  # 包保领导 is filled in by hand
    "supervision": _supervision,
    "result": _result,
    "remark": _remark,
}


@dataclass(frozen=True)
class LedgerRow:
    case: Case
    columns: Sequence[str]
    cells: list[Any]
    late: bool

    @property
    def labelled(self) -> list[tuple[str, str, Any]]:
        """Return (column, label, cell) for pages."""
        named = zip(self.columns, self.cells, strict=True)
        return [(name, LABELS[name][0], cell) for name, cell in named]


def for_ledger(cases: CaseQuerySet) -> CaseQuerySet:
    """Return the cases with what the cells read of them."""
    return cases.select_related(
        "category", "grid", "community__region", "lead_unit", "sla_class", "building__compound",
        "reporter_user__person", "holder_user__person",
    )  # fmt: skip


def ledger_rows(
    cases: Sequence[Case], scheme: LedgerScheme, columns: Sequence[str], now: datetime
) -> list[LedgerRow]:
    """Return the rows of up to CHUNK cases (read with `for_ledger`)."""
    facts = around(cases, scheme)
    return [
        LedgerRow(
            case,
            columns,
            [CELLS[name](case, facts) for name in columns],
            late=case.is_open and case.due_at is not None and case.due_at < now
            and case.fed_back_at is None,
        )
        for case in cases
    ]  # fmt: skip


def all_rows(
    cases: CaseQuerySet, scheme: LedgerScheme, columns: Sequence[str], now: datetime
) -> Iterable[list[Any]]:
    """Yield the cells of every case, in chunks."""
    chunk: list[Case] = []
    for case in for_ledger(cases).iterator(chunk_size=CHUNK):
        chunk.append(case)
        if len(chunk) == CHUNK:
            yield from (row.cells for row in ledger_rows(chunk, scheme, columns, now))
            chunk = []
    yield from (row.cells for row in ledger_rows(chunk, scheme, columns, now))


def header_of(columns: Sequence[str]) -> list[tuple[str, int]]:
    return [LABELS[name] for name in columns]


def fingerprint(title: str, header: Sequence[Any], rows: Sequence[Any]) -> str:
    """Return the SHA-256 of a frozen list: its title, header and rows as canonical JSON."""
    text = json.dumps([title, list(header), list(rows)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
