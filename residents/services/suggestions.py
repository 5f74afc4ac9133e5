"""Suggestions for the care library: found anew each night, then confirmed or dismissed."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.fields import Sealed
from orgs.models import User
from residents.catalog import CARE_KINDS
from residents.models import CareKind, CareSuggestion, CareTag, Residency
from residents.services.care import add_care_tag
from residents.suggest import (
    ADVANCED_AGE,
    CHILD_AGE,
    OLD_AGE,
    Found,
    Member,
    full_years,
    suggestions,
)

describe_actions(care__dismiss="重点人群线索不登记")
State = CareSuggestion.State
LEVELS = {kind.code: kind.level for kind in CARE_KINDS}
BATCH = 1000
# Only where the year alone leaves it open is the birthday unsealed.
EDGES = (ADVANCED_AGE, OLD_AGE, CHILD_AGE)


@transaction.atomic
def refresh_suggestions(*, today: date) -> dict[str, int]:
    """Find suggestions in the whole register; return {"found": n, "gone": n, "returned": n}.

    Decided ones stay decided until their facts change; open ones whose reason is gone vanish.
    Running twice changes nothing.
    """
    kinds = dict(CareKind.objects.filter(is_active=True).values_list("code", "pk"))
    tagged = set(CareTag.objects.filter(end=None).values_list("person_id", "kind_id"))
    known = {(row.person_id, row.kind_id): row for row in CareSuggestion.objects.all()}
    seen: set[tuple[int, int]] = set()
    fresh: list[CareSuggestion] = []
    returned: list[CareSuggestion] = []
    for household, found in _found(today):
        kind = kinds.get(found.kind)
        key = (found.person, kind or 0)
        if kind is None or key in tagged or key in seen:
            continue
        seen.add(key)
        row = known.get(key)
        if row is None:
            fresh.append(_new(household, kind, found, today))
        elif row.facts != found.facts:
            returned.append(_again(row, household, found, today))
    gone = [row.pk for key, row in known.items() if row.state == State.OPEN and key not in seen]
    for start in range(0, len(gone), BATCH):
        CareSuggestion.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    CareSuggestion.objects.bulk_create(fresh, batch_size=BATCH)
    CareSuggestion.objects.bulk_update(
        returned,
        ["household", "reason", "facts", "state", "found_on", "decided_by", "decided_on",
         "decision_reason"],
        batch_size=BATCH,
    )  # fmt: skip
    return {"found": len(fresh), "gone": len(gone), "returned": len(returned)}


@transaction.atomic
def confirm_suggestion(
    *, suggestion: CareSuggestion, by: User, today: date, level: str = "", responsible: Any = None
) -> CareTag:
    """Register the person as suggested, at the level of the kind unless another is said."""
    suggestion = _waiting(suggestion)
    living = Residency.objects.filter(
        person=suggestion.person_id, household=suggestion.household_id, end=None
    )
    residency = living.select_related("person", "household").first()
    if residency is None:
        raise ValidationError("此人已不住在这一户，请刷新名单。", code="gone")
    tag = add_care_tag(
        residency=residency, kind=suggestion.kind, start=today, by=by, responsible=responsible,
        level=level or LEVELS.get(suggestion.kind.code, CareTag.Level.BLUE),
        basis=f"登记信息比对 {suggestion.reason}",
    )  # fmt: skip
    _decide(suggestion, State.CONFIRMED, by, today)
    return tag


@transaction.atomic
def dismiss_suggestion(
    *, suggestion: CareSuggestion, by: User, today: date, reason: str
) -> CareSuggestion:
    """Say that it does not apply, and why; it does not come back until the facts change."""
    suggestion = _waiting(suggestion)
    suggestion.decision_reason = one_line(reason, label="不登记的原因", longest=120)
    _decide(suggestion, State.DISMISSED, by, today)
    record(
        by=by, action="care.dismiss", target=suggestion, street=suggestion.household.street_id,
        detail={"person": suggestion.person_id, "kind": suggestion.kind.code},
    )  # fmt: skip
    return suggestion


def _found(today: date) -> Iterator[tuple[int, Found]]:
    """Yield (household id, finding), household after household."""
    rows = (
        Residency.objects.current(today)
        .filter(household__closed_on=None, person__died_on=None)
        .order_by("household_id", "id")
        .values_list(
            "household_id", "person_id", "relation", "status", "person__birth_year", "person__birth"
        )
        .iterator(chunk_size=2000)
    )
    for household, group in groupby(rows, key=lambda row: row[0]):
        members = [
            Member(person, _age(year, birth, today), relation, status)
            for _, person, relation, status, year, birth in group
        ]
        for found in suggestions(household, members):
            yield household, found


def _age(year: int | None, birth: Any, today: date) -> int | None:
    sealed = birth if isinstance(birth, Sealed) else Sealed(birth or "")
    on_edge = year is not None and today.year - year in EDGES
    birthday = date.fromisoformat(sealed.reveal()) if on_edge and sealed else None
    return full_years(year, today, birthday)


def _new(household: int, kind: int, found: Found, today: date) -> CareSuggestion:
    return CareSuggestion(
        person_id=found.person, kind_id=kind, household_id=household, reason=found.reason,
        facts=found.facts, found_on=today,
    )  # fmt: skip


def _again(row: CareSuggestion, household: int, found: Found, today: date) -> CareSuggestion:
    row.household_id, row.reason, row.facts = household, found.reason, found.facts
    row.state, row.found_on = State.OPEN, today
    row.decided_by = row.decided_on = None
    row.decision_reason = ""
    return row


def _waiting(suggestion: CareSuggestion) -> CareSuggestion:
    rows = CareSuggestion.objects.select_for_update(of=("self",))
    locked = rows.select_related("kind", "household").get(pk=suggestion.pk)
    if locked.state != State.OPEN:
        raise ValidationError(f"这条线索已处理：{locked.get_state_display()}。", code="decided")
    return locked


def _decide(suggestion: CareSuggestion, state: str, by: User, today: date) -> None:
    suggestion.state, suggestion.decided_by, suggestion.decided_on = state, by, today
    suggestion.save(update_fields=["state", "decided_by", "decided_on", "decision_reason"])
