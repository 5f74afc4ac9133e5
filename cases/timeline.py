"""What happened to a case, in words: for colleagues in full, for the reporter the public part."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from cases.catalog import Outcome, RejectReason, Source
from cases.milestones import milestones, standing
from cases.models import Attachment, Case, CaseEvent, Category, SlaClass
from cases.words import moment_words
from cases.workflow import BY_NAME, Kind, Need, Who
from gridparty.lib.china_time import local
from orgs.models import Unit

# The notes written for the reporter to read.
TOLD = ("reject", "wait")


@dataclass(frozen=True)
class Entry:
    """One line of the history: what, who, when, the given facts, and the photos of that step."""

    title: str
    when: datetime
    who: str = ""
    note: str = ""
    facts: Sequence[tuple[str, str]] = ()
    photos: Sequence[Attachment] = ()
    tone: str = ""
    cycle: int = 1


def events_of(case: Case) -> list[CaseEvent]:
    """Return the case's events with actors and photos (two queries)."""
    return list(
        case.events.select_related("actor__person").prefetch_related("attachments").order_by("id")
    )


def timeline(events: Sequence[CaseEvent], *, hide_reporter: bool) -> list[Entry]:
    """Return the history for colleagues, oldest first; `hide_reporter` leaves reporters unnamed."""
    names = _Names(events)
    return [
        Entry(
            title=event.label,
            when=event.at,
            who=_who(event, hide_reporter),
            note=event.note,
            facts=_facts(event, names),
            photos=list(event.attachments.all()),
            tone=BY_NAME[event.move].tone if event.move in BY_NAME else "",
            cycle=event.cycle,
        )
        for event in events
    ]


def public_timeline(events: Iterable[CaseEvent]) -> list[Entry]:
    """Return what the reporter may read: the table's public sentences, own words, own photos."""
    entries = []
    for event in standing(events):
        move = BY_NAME.get(event.move)
        if move is None or not move.public:
            continue
        own = event.role == Who.REPORTER
        facts: list[tuple[str, str]] = []
        if event.move == "reject":
            facts.append(("原因", _label(RejectReason.choices, event.data.get("reason"))))
        if event.move == "feedback":
            facts.append(("办理结果", _label(Outcome.choices, event.data.get("outcome"))))
        entries.append(
            Entry(
                title=move.public,
                when=event.at,
                note=event.note if own or event.move in TOLD else "",
                facts=facts,
                photos=list(event.attachments.all()) if own else (),
                cycle=event.cycle,
            )
        )
    return entries


def milestone_bar(events: Iterable[CaseEvent], case: Case) -> list[dict[str, Any]]:
    """Return the four milestones as components/milestones.html wants them."""
    return [
        {"label": step.label, "state": step.state, "when": _short(step.when)}
        for step in milestones(events, case.status, case.cycle)
    ]


def _short(moment: Any) -> str:
    return f"{local(moment):%m-%d %H:%M}" if isinstance(moment, datetime) else ""


def _who(event: CaseEvent, hide_reporter: bool) -> str:
    if event.role == Who.REPORTER and hide_reporter:
        return "反映人（保密）"
    if event.actor is None:
        return "反映人" if event.role == Who.REPORTER else "系统自动"
    side = str(Who(event.role).label) if event.role in Who.values else ""
    place = event.org_label or side
    return f"{event.actor.display_name}（{place}）" if place else event.actor.display_name


class _Names:
    """Names behind the ids in the events' data: one query per kind that occurs."""

    def __init__(self, events: Iterable[CaseEvent]) -> None:
        wanted: dict[Kind, set[int]] = {Kind.UNIT: set(), Kind.CATEGORY: set(), Kind.SLA: set()}
        for event in events:
            for need in _needs(event):
                kind = Kind.UNIT if need.kind == Kind.UNITS else need.kind
                value = event.data.get(need.name)
                if kind in wanted and value is not None:
                    wanted[kind].update(value if isinstance(value, list) else [value])
            if "task_unit" in event.data:
                wanted[Kind.UNIT].add(event.data["task_unit"])
        models: dict[Kind, Any] = {Kind.UNIT: Unit, Kind.CATEGORY: Category, Kind.SLA: SlaClass}
        self._names = {
            kind: dict(models[kind].objects.filter(pk__in=ids).values_list("pk", "name"))
            for kind, ids in wanted.items()
            if ids
        }

    def of(self, kind: Kind, value: Any) -> str:
        known = self._names.get(Kind.UNIT if kind == Kind.UNITS else kind, {})
        ids = value if isinstance(value, list) else [value]
        return "、".join(known.get(one, "（已删除）") for one in ids)


def _needs(event: CaseEvent) -> tuple[Need, ...]:
    move = BY_NAME.get(event.move)
    return move.needs if move else ()


def _facts(event: CaseEvent, names: _Names) -> list[tuple[str, str]]:
    facts = []
    if event.move == "report":
        facts.append(("来源", _label(Source.choices, event.data.get("source"))))
    if event.data.get("task_unit") and not event.data.get("lead", True):
        facts.append(("协办", names.of(Kind.UNIT, event.data["task_unit"])))
    for need in _needs(event):
        value = event.data.get(need.name)
        if value in (None, "", []) or need.kind == Kind.NUMBER:
            continue
        facts.append((need.label, _value(need, value, event, names)))
    return facts


def _value(need: Need, value: Any, event: CaseEvent, names: _Names) -> str:
    if need.kind == Kind.CHOICE:
        return _label(need.choices, value)
    if need.kind == Kind.FLAG:
        return "是"
    if need.kind == Kind.MOMENT:
        return moment_words(parse_datetime(str(value)), event.at)
    if need.kind in (Kind.UNIT, Kind.UNITS, Kind.CATEGORY, Kind.SLA):
        return names.of(need.kind, value)
    return str(value)


def _label(choices: Iterable[tuple[str, str]], value: Any) -> str:
    return str(dict(choices).get(value, value or "—"))
