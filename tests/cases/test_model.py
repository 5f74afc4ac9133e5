"""The life of cases walked at random: any move by anybody at any time, the truth checked after each.

Moves, sides and inputs are read from the workflow table, so a new row is walked without a change
here. GRIDPARTY_MODEL_EXAMPLES sets how many lives are walked; above the default they are random.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from cases.models import Case, CaseEvent, CaseRequest, CaseTask, Supervision
from cases.services import MoveRefused, move, scan_clocks, transitions_for, undo, undoable
from cases.services.chaining import check_trail
from cases.workflow import (
    BY_NAME,
    ENDED,
    HANDLING_MOVES,
    JUDGING_MOVES,
    MOVES,
    Kind,
    Move,
    Need,
    Status,
)
from tests.cases.cast import NOON, photo, reported
from tests.town import Town

FEW = 12
EXAMPLES = int(os.environ.get("GRIDPARTY_MODEL_EXAMPLES", FEW))
INSIDERS = (
    "grid_head", "grid_worker_ft", "community_staff", "community_secretary", "dispatcher",
    "second_dispatcher", "street_admin", "district_official", "dept_handler",
    "second_dept_handler",
)  # fmt: skip
OUTSIDERS = ("other_street_admin", "other_community_staff", "other_grid_head", "sister_grid_head")
NAMES = [entry.name for entry in MOVES if entry.sources]
CATEGORIES = ("suggestion", "safety-gas", "facilities-lamp", "sanitation-rubbish")


class Lives(RuleBasedStateMachine):
    """Up to three cases of one town; every example starts from the same rows."""

    def __init__(self, town: Town) -> None:
        super().__init__()
        self.town, self.now = town, NOON
        self.example = transaction.atomic()
        self.example.__enter__()
        self.cases = [reported(town, now=NOON).pk]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    # --- what may happen ------------------------------------------------------------------------

    @rule(category=st.sampled_from(CATEGORIES))
    def report(self, category: str) -> None:
        if len(self.cases) < 3:
            self.cases.append(reported(self.town, category=category, now=self.now).pk)

    @rule(minutes=st.sampled_from([1, 9, 60, 60 * 7, 60 * 24, 60 * 24 * 4, 60 * 24 * 30]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        scan_clocks(self.now)
        assert not any(scan_clocks(self.now).values()), "a stage is never reached twice"
        for pk in self.cases:
            self.check(pk)

    @rule(data=st.data())
    def act_as_offered(self, data: Any) -> None:
        """Somebody presses a button that is shown."""
        self.now += timedelta(seconds=1)
        case = self.pick(data)
        offers = [
            (who, entry.name)
            for who in (*INSIDERS, None)
            for entry in self.offers(case, who)
            if entry.target != Status.VOID
        ]
        if offers:
            who, name = data.draw(st.sampled_from(offers), label="offer")
            self.attempt(data, case, who, name)

    @rule(data=st.data(), name=st.sampled_from(NAMES))
    def act_at_random(self, data: Any, name: str) -> None:
        self.now += timedelta(seconds=1)
        who = data.draw(st.sampled_from([*INSIDERS, *OUTSIDERS, None]), label="who")
        self.attempt(data, self.pick(data), who, name)

    @rule(data=st.data(), who=st.sampled_from(INSIDERS))
    def take_back(self, data: Any, who: str) -> None:
        case, user = self.pick(data), self.town.users[who]
        self.now += timedelta(seconds=1)  # no two things happen in the same microsecond
        last = case.events.order_by("-id")[0]
        may = undoable(case, user, now=self.now) is not None
        try:
            after = undo(case=case, by=user, now=self.now)
        except MoveRefused:
            assert not may
        else:
            assert may and after.status == last.from_status and last.actor_id == user.pk
        self.check(case.pk)

    # --- the acting -----------------------------------------------------------------------------

    def pick(self, data: Any) -> Case:
        return Case.objects.get(pk=data.draw(st.sampled_from(self.cases), label="case"))

    def offers(self, case: Case, who: str | None) -> list[Move]:
        user = self.town.users[who] if who else None
        return transitions_for(case, user, as_reporter=who is None, now=self.now)

    def attempt(self, data: Any, case: Case, who: str | None, name: str) -> None:
        user = self.town.users[who] if who else None
        entry = BY_NAME[name]
        proven = who is None
        offered = entry in self.offers(case, who)
        inputs = {need.name: self.value(data, need) for need in entry.needs}
        pictures = [photo((4, 3))] if entry.photos is not None and data.draw(st.booleans()) else []
        try:
            after = move(
                case=case, name=name, by=user, as_reporter=proven, version=case.version,
                photos=pictures, now=self.now, **inputs,
            )  # fmt: skip
        except MoveRefused as refusal:
            assert not offered or refusal.code == "invalid", (name, who, refusal.message)
            assert refusal.message.endswith("。") or refusal.fields
            now = Case.objects.get(pk=case.pk)
            assert (now.version, now.trail_head) == (case.version, case.trail_head)
        else:
            assert offered, (name, who)
            assert who not in OUTSIDERS
            assert after.version == case.version + 1
            for field in Case._meta.concrete_fields:  # what is returned is what is stored
                stored = getattr(Case.objects.get(pk=case.pk), field.attname)
                assert getattr(after, field.attname) == stored, field.name
        self.check(case.pk)

    def value(self, data: Any, need: Need) -> Any:
        """A well-formed input; optional ones are left out now and then."""
        if not need.required and data.draw(st.booleans()):
            return None
        units = [self.town.department, self.town.second_department]
        numbers = list(Case.objects.filter(pk__in=self.cases).values_list("case_no", flat=True))
        days = data.draw(st.integers(1, 100)) if need.kind == Kind.MOMENT else 0
        of_kind: dict[Kind, Any] = {
            Kind.TEXT: st.just("说明"), Kind.UNIT: st.sampled_from(units),
            Kind.UNITS: st.lists(st.sampled_from(units), max_size=1), Kind.FLAG: st.booleans(),
            Kind.CATEGORY: st.sampled_from(CATEGORIES), Kind.CASE: st.sampled_from(numbers),
            Kind.MOMENT: st.just(self.now + timedelta(days=days)), Kind.NUMBER: st.just(31.8),
        }  # fmt: skip
        if need.choices:
            return data.draw(st.sampled_from([code for code, _ in need.choices]))
        return data.draw(of_kind.get(need.kind, st.none()), label=need.name)

    # --- what must hold -------------------------------------------------------------------------

    def check(self, pk: int) -> None:
        case = Case.objects.select_related("sla_class").get(pk=pk)
        events = list(case.events.order_by("id"))
        assert check_trail(case.case_no, events, case.trail_head).fault == ""
        self.events_equal_state(case, events)
        self.clocks_stand(case)
        self.rows_agree(case)
        self.duties_are_separate(events)
        for who in OUTSIDERS:
            assert not Case.objects.visible_to(self.town.users[who]).filter(pk=pk).exists(), who

    def events_equal_state(self, case: Case, events: list[CaseEvent]) -> None:
        status = ""
        for event in events:
            assert event.from_status == status, (event.move, event.from_status, status)
            status = event.to_status
        assert status == case.status
        by_clock = [event for event in events if event.actor_id is None and event.data.get("why")]
        assert case.version == len(events) - len(by_clock)
        assert case.cycle == 1 + sum(event.move == "reopen" for event in events)

    def clocks_stand(self, case: Case) -> None:
        sla = case.sla_class
        assert case.is_open == (case.status not in ENDED)
        if not case.is_open:
            assert case.step_due_at is None and case.reply_due_at is None
        started = case.clock_started_at
        for due in (case.due_at, case.original_due_at, case.contact_due_at):
            assert due is None or (started is not None and due >= started)
        if case.status == Status.HANDLING and sla.handle_limit:
            assert case.due_at is not None
        if case.status == Status.HUNG:
            assert case.due_at is None and case.step_due_at is not None
            assert case.left_workdays is not None and case.left_workdays >= 0
        if case.status == Status.SPLIT and sla.handle_limit:
            assert case.due_at is not None  # it waits for its parts: only the whole limit runs
        by_due = case.status in (Status.HANDLING, Status.SPLIT)
        if case.is_open and not by_due and sla.check_limit and sla.sign_limit:
            assert case.step_due_at is not None, case.status

    def rows_agree(self, case: Case) -> None:
        waiting = CaseRequest.objects.filter(case=case, state=CaseRequest.State.WAITING).count()
        assert waiting == bool(case.pending)
        leads = CaseTask.objects.filter(case=case, ended_at=None, is_lead=True)
        if case.is_open and case.lead_unit_id:
            assert [task.unit_id for task in leads] == [case.lead_unit_id]
        live = Supervision.objects.filter(case=case, lifted_at=None)
        if live.exists():
            assert case.is_supervised
        elif case.is_open:
            assert not case.is_supervised, "a flag that nobody could lift"
        if case.reply_due_at:
            assert live.filter(replied_at=None).exists()
        if case.merged_into_id:
            assert case.status == Status.MERGED and case.merged_into_id != case.pk

    def duties_are_separate(self, events: list[CaseEvent]) -> None:
        handled: dict[int, set[int]] = {}
        for event in events:
            if event.actor_id is None:
                continue
            if event.move in JUDGING_MOVES:
                assert event.actor_id not in handled.get(event.cycle, ()), event.move
            if event.move in HANDLING_MOVES:
                handled.setdefault(event.cycle, set()).add(event.actor_id)


@pytest.mark.usefixtures("media")
def test_any_walk_keeps_events_state_clocks_duties_and_scope(town: Town) -> None:
    """Seconds with the default; for hours of random walks set GRIDPARTY_MODEL_EXAMPLES."""
    for user in town.users.values():
        assert user.grants is not None  # roles are read once, outside the examples
    random_walk = EXAMPLES > FEW
    phases = [Phase.explicit, Phase.generate, *([Phase.shrink] if random_walk else [])]
    profile = settings(
        max_examples=EXAMPLES, stateful_step_count=25, deadline=None, database=None, phases=phases,
        derandomize=not random_walk, suppress_health_check=list(HealthCheck), print_blob=True,
    )  # fmt: skip
    machine: Any = lambda: Lives(town)  # noqa: E731 - the town is this test's own
    run_state_machine_as_test(machine, settings=profile)
