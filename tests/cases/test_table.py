"""The table walked exhaustively: every move, from every status, by every member of the cast."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from cases.diagram import diagram
from cases.models import Case, CaseEvent, CaseTask
from cases.scope import waiting_q
from cases.services import MoveRefused, move, sides_of, transitions_for
from cases.services.guards import GUARDS
from cases.workflow import BY_NAME, ENDED, MOVES, OPEN, Kind, Status, Who, moves_from
from tests.cases.cast import Story, photo, reported
from tests.town import Town

# How to bring a case into each status.
ROADS = {
    Status.REPORTED: lambda story: story,
    Status.ACCEPTED: lambda story: story.accepted(),
    Status.CALLED: lambda story: story.called(),
    Status.ASSIGNED: lambda story: story.assigned(),
    Status.WHISTLED: lambda story: story.whistled(),
    Status.CHECKED_IN: lambda story: story.checked_in(),
    Status.HANDLING: lambda story: story.handling(),
    Status.RETURNED: lambda story: story.assigned().step(
        "return_back", "dept_handler", reason="not_our_duty", note="三定方案"
    ),
    Status.FEEDBACK: lambda story: story.fed_back(),
    Status.SPLIT: lambda story: story.called().step("split", "community_staff", note="换灯管"),
    Status.VERIFIED: lambda story: story.verified(),
    Status.REOPENED: lambda story: story.closed().step(
        "reopen", "community_staff", reason="relapse", note="又坏了"
    ),
    Status.CLOSED: lambda story: story.closed(),
    Status.REJECTED: lambda story: story.step(
        "reject", "grid_head", reason="out_of_scope", note="请向供电公司反映"
    ),
    Status.HUNG: lambda story: story.hung(),
    Status.MERGED: lambda story: story.step(
        "merge", "community_staff", main=reported(story.town).case_no
    ),
    Status.WITHDRAWN: lambda story: story.step("withdraw", None, as_reporter=True),
    Status.VOID: lambda story: story.step("void", "street_admin", reason="test", note="演练"),
}
# The sides of the cast towards a public report of the first grid, while the department has a task.
SIDES = {
    "grid_head": {Who.GRID_HEAD},
    "grid_worker_ft": {Who.GRID_WORKER},
    "community_staff": {Who.COMMUNITY},
    "community_secretary": {Who.COMMUNITY},
    "street_admin": {Who.STREET, Who.STREET_ADMIN},
    "dispatcher": {Who.STREET},
    "second_dispatcher": {Who.STREET},
    "district_official": {Who.DISTRICT},
    "dept_handler": {Who.UNIT},
}


def inputs_for(town: Town, name: str, case: Case) -> dict[str, Any]:
    """Every required input of a move, well formed."""
    samples: dict[Kind, object] = {
        Kind.TEXT: "说明", Kind.UNIT: town.second_department, Kind.CHOICE: None,
        Kind.MOMENT: (case.due_at or timezone.now()) + timedelta(days=3),
        Kind.CASE: reported(town).case_no if name == "merge" else None,
    }  # fmt: skip
    return {
        need.name: need.choices[0][0] if need.kind == Kind.CHOICE else samples[need.kind]
        for need in BY_NAME[name].needs
        if need.required
    }


def test_every_status_can_be_reached_and_every_open_one_left() -> None:
    assert set(ROADS) == set(Status)
    for status in Status:
        leads_on = [
            entry for entry in moves_from(status) if entry.target not in (None, Status.VOID)
        ]
        assert bool(leads_on) == (status in OPEN or status in (Status.CLOSED, Status.REJECTED)), (
            status
        )


def test_every_guard_of_the_table_exists_and_is_used() -> None:
    named = {guard for entry in MOVES for guard in entry.guards}
    assert named == set(GUARDS)


@pytest.mark.parametrize("status", list(Status))
def test_it_allows_a_move_only_if_the_table_does(town: Town, status: Status) -> None:
    case = ROADS[status](Story(town)).case
    assert case.status == status
    assert case.is_open == (status not in ENDED)
    has_task = CaseTask.objects.filter(case=case, ended_at=None).exists()
    for key, user in town.users.items():
        expected = set() if key == "dept_handler" and not has_task else SIDES.get(key, set())
        assert set(sides_of(case, user)) == expected, key
        offered = {entry.name for entry in transitions_for(case, user)}
        for entry in MOVES:
            if not entry.sources:
                continue
            by_table = status in entry.sources and bool(expected & set(entry.who))
            if not by_table:
                assert entry.name not in offered, (key, entry.name)
                with pytest.raises(MoveRefused) as refused:
                    move(case=case, name=entry.name, by=user, **inputs_for(town, entry.name, case))
                outsider = not expected & set(entry.who)
                assert refused.value.code == ("not_allowed" if outsider else "wrong_state")
                assert refused.value.message.endswith("。")
            elif not entry.guards:
                assert entry.name in offered, (key, entry.name)
    case.refresh_from_db()
    assert case.status == status, "a refused move writes nothing"


@pytest.mark.parametrize("status", list(Status))
def test_it_makes_every_move_it_offers(town: Town, status: Status) -> None:
    """Each offered move works, with its event, its version and its target."""
    story = ROADS[status](Story(town))
    sister = ROADS[status](Story(town)).case
    for key in SIDES:
        for entry in transitions_for(sister, town.users[key]):
            case = ROADS[status](Story(town)).case
            pictures = [photo()] if entry.photos is not None else []
            after = move(
                case=case, name=entry.name, by=town.users[key], photos=pictures,
                **inputs_for(town, entry.name, case),
            )  # fmt: skip
            assert after.status == entry.leads_to(status)
            assert after.version == case.version + 1
            assert after.is_open == (after.status not in ENDED)
            event = CaseEvent.objects.filter(case=case).order_by("-id")[0]
            assert (event.move, event.from_status, event.to_status) == (
                entry.name, status, after.status,
            )  # fmt: skip
            assert event.actor == town.users[key]
            assert event.attachments.count() == len(pictures)
    assert story.case.status == status


def test_it_offers_the_public_only_adding_withdrawing_appealing_and_reopening(town: Town) -> None:
    for status, road in ROADS.items():
        case = road(Story(town)).case
        offered = {entry.name for entry in transitions_for(case, None, as_reporter=True)}
        assert offered == {
            Status.REPORTED: {"withdraw", "supplement"}, Status.CLOSED: {"reopen"},
            Status.REJECTED: {"appeal"},
        }.get(status, {"supplement"} if status in OPEN else set())  # fmt: skip
        assert transitions_for(case, None) == []


# A hung case waits for the day of its review, a split one for its parts.
@pytest.mark.parametrize(
    "status", [status for status in OPEN if status not in (Status.HUNG, Status.SPLIT)]
)
def test_every_open_case_waits_for_somebody(town: Town, status: Status) -> None:
    case = ROADS[status](Story(town)).case
    waiting = [
        key for key, user in town.users.items() if Case.objects.filter(waiting_q(user), pk=case.pk)
    ]
    assert waiting, f"{status} waits for nobody"
    for key in waiting:
        assert transitions_for(case, town.users[key]), key


def test_the_diagram_in_docs_is_up_to_date() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "case-workflow.md"
    assert page.read_text(encoding="utf-8") == diagram(), "run manage.py case_diagram"


def test_a_transition_costs_few_queries(town: Town) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    story = Story(town).called()
    with CaptureQueriesContext(connection) as queries:
        story.step("assign", "dispatcher", unit=town.department)
    real = [query for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(real) <= 15, [query["sql"][:80] for query in real]
