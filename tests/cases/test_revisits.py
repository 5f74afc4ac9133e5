"""The monthly draw and what its answers do."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cases.commitment import grid_seed, month_seed
from cases.models import Case, Revisit, RevisitAttempt, RevisitDraw
from cases.revisits import Closed, draw_due, draw_month, quota_of, sample
from cases.services import (
    MoveRefused,
    assign_revisit,
    decide_revisit,
    eligible_revisitors,
    record_revisit,
)
from cases.workflow import Status
from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.periods import Month
from grids.models import Grid
from orgs.models import RoleAssignment
from orgs.roles import Role
from tests.cases.cast import NOON, Story
from tests.town import LONG_AGO, Town, make_user

JUNE = Month(2026, 6)
JULY_FIRST = datetime(2026, 7, 1, 6, tzinfo=SHANGHAI)
YES: dict[str, Any] = {
    "method": "phone",
    "reached": True,
    "solved": "yes",
    "satisfaction": "satisfied",
}
NO: dict[str, Any] = {
    "method": "phone", "reached": True, "solved": "no", "satisfaction": "unsatisfied",
    "reason": "result", "note": "灯又坏了",
}  # fmt: skip


NAMED: dict[str, Any] = {"reporter_name": "张小三", "reporter_phone": "16900000011"}


def close_many(town: Town, grid: Grid, count: int, **more: Any) -> list[Case]:
    """Closed cases written directly: the draw is about numbers."""
    template = Story(town).case
    first = Case.objects.count()
    return Case.objects.bulk_create(
        Case(
            **{
                "case_no": f"20260603{first + number:06d}",
                "tracking_code": f"{first + number:08d}", "text": "已办结",
                "district_id": grid.district_id, "street_id": grid.street_id,
                "community_id": grid.community_id, "grid": grid,
                "category_id": template.category_id, "sla_class_id": template.sla_class_id,
                "source": "web", "status": Status.CLOSED, "closed_at": NOON, "ended_at": NOON,
                **more,
            }
        )
        for number in range(count)
    )  # fmt: skip


def drawn(town: Town) -> Revisit:
    """One case gone all the way round in June, and its revisit."""
    case = Story(town, now=NOON, **NAMED).closed().case
    draw_month(JUNE, now=JULY_FIRST)
    return Revisit.objects.get(case=case)


@pytest.mark.parametrize(
    ("population", "quota"),
    [(0, 0), (1, 1), (3, 3), (4, 3), (30, 3), (31, 4), (100, 10), (101, 11)],
)
def test_it_draws_a_tenth_but_at_least_three(population: int, quota: int) -> None:
    assert quota_of(population) == quota


def test_the_sample_depends_on_seed_and_numbers_only() -> None:
    cases = [Closed(pk, f"{pk:018d}", 1, 1, False) for pk in range(200)]
    first = sample(cases, "a")
    assert first == sample(cases[::-1], "a")
    assert len(first) == 20 and first != sample(cases, "b")
    must = Closed(999, f"{999:018d}", 1, 1, True)
    assert must in sample([*cases, must], "a")


def test_every_case_has_the_same_chance() -> None:
    """4,000 draws of 3 from 10: each case is drawn about 1,200 times (chi-square, 9 degrees)."""
    cases = [Closed(pk, f"{pk:018d}", 1, 1, False) for pk in range(10)]
    hits = [0] * 10
    for seed in range(4000):
        for one in sample(cases, str(seed)):
            hits[one.pk] += 1
    chi_square = sum((hit - 1200) ** 2 / 1200 for hit in hits)
    assert chi_square < 27.9  # 0.1 %


def test_the_draw_is_by_grid_frozen_and_the_same_on_every_run(town: Town) -> None:
    close_many(town, town.grid, 45)
    close_many(town, town.sister_grid, 2)
    first = draw_month(JUNE, now=JULY_FIRST)
    assert (first.grids, first.closed, len(first.cases), first.created) == (2, 47, 7, 7)
    again = draw_month(JUNE, now=JULY_FIRST + timedelta(days=3))
    assert (again.cases, again.created) == (first.cases, 0)
    draw = RevisitDraw.objects.get(grid=town.grid)
    assert draw.seed == grid_seed(month_seed(JUNE), town.grid.code) and len(draw.seed) == 64
    numbers = Case.objects.filter(grid=town.grid, status=Status.CLOSED)
    replay = sample(
        [Closed(case.pk, case.case_no, case.grid_id, case.street_id, False) for case in numbers],
        draw.seed,
    )
    assert [one.case_no for one in replay] == draw.case_nos, "anyone can replay the draw"
    assert Revisit.objects.count() == 7
    # A case that reopens later does not change the list.
    Case.objects.filter(case_no=first.cases[0]).update(status=Status.REOPENED)
    assert draw_month(JUNE, now=JULY_FIRST).cases == first.cases


def test_emergencies_supervised_and_reopened_cases_are_all_drawn(town: Town) -> None:
    close_many(town, town.grid, 50)
    from cases.models import SlaClass

    special = [
        *close_many(town, town.grid, 2, sla_class_id=SlaClass.objects.get(code="emergency").pk),
        *close_many(town, town.grid, 2, supervised_at=NOON),
        *close_many(town, town.grid, 2, cycle=2),
    ]
    result = draw_month(JUNE, now=JULY_FIRST)
    assert {case.case_no for case in special} <= set(result.cases)
    assert RevisitDraw.objects.get().quota == 6


def test_only_cases_closed_in_the_month_count(town: Town) -> None:
    start = datetime(2026, 6, 1, tzinfo=SHANGHAI)
    end = datetime(2026, 7, 1, tzinfo=SHANGHAI)
    inside = close_many(town, town.grid, 1, closed_at=start)
    inside += close_many(town, town.grid, 1, closed_at=end - timedelta(microseconds=1))
    close_many(town, town.grid, 1, closed_at=end)
    close_many(town, town.grid, 1, closed_at=start - timedelta(microseconds=1))
    close_many(town, town.grid, 1, status=Status.VOID)
    assert draw_month(JUNE, now=JULY_FIRST).cases == sorted(case.case_no for case in inside)


def test_an_unfinished_month_is_refused_with_a_sentence(town: Town) -> None:
    with pytest.raises(ValueError, match="还没有结束"):
        draw_month(JUNE, now=JULY_FIRST - timedelta(hours=6, seconds=1))
    with pytest.raises(CommandError, match="还没有结束"):
        call_command("draw_revisits", "--month", "2999-01")
    with pytest.raises(CommandError, match="2026-10 这样的格式"):
        call_command("draw_revisits", "--month", "June")


def test_the_command_prints_one_json_object(town: Town) -> None:
    past = datetime(2026, 2, 3, tzinfo=SHANGHAI)
    case = close_many(town, town.grid, 1, closed_at=past, ended_at=past)[0]
    for created in (1, 0):
        out = StringIO()
        call_command("draw_revisits", "--month", "2026-02", "--json", stdout=out)
        assert json.loads(out.getvalue()) == {
            "month": "2026-02", "grids": 1, "closed": 1, "sampled": 1, "created": created,
            "cases": [case.case_no],
        }  # fmt: skip


def test_a_missed_run_catches_up_three_months(town: Town) -> None:
    for month in (3, 4, 5, 6):
        moment = datetime(2026, month, 10, tzinfo=SHANGHAI)
        close_many(town, town.grid, 1, closed_at=moment)
    results = draw_due(datetime(2026, 7, 20, 6, tzinfo=SHANGHAI))
    assert [(one.month, one.created) for one in results] == [
        ("2026-04", 1), ("2026-05", 1), ("2026-06", 1),
    ]  # fmt: skip
    assert [one.created for one in draw_due(datetime(2026, 7, 20, 7, tzinfo=SHANGHAI))] == [0, 0, 0]
    late = Revisit.objects.get(month="2026-04")
    assert late.locks_at == datetime(2026, 8, 4, 6, tzinfo=SHANGHAI), "late draws keep 15 days"


def test_the_draw_costs_a_fixed_number_of_queries(
    town: Town, django_assert_max_num_queries: Any
) -> None:
    close_many(town, town.grid, 300)
    close_many(town, town.sister_grid, 300)
    with django_assert_max_num_queries(22):
        draw_month(JUNE, now=JULY_FIRST)


def test_revisitors_take_turns_and_never_meet_their_own_cases(town: Town) -> None:
    second = make_user("second_revisitor", "回访员吴")
    RoleAssignment.objects.create(
        user=second, role=Role.REVISITOR, org_unit=town.street, start=LONG_AGO
    )
    close_many(town, town.grid, 40)
    draw_month(JUNE, now=JULY_FIRST)
    assert {
        user.pk: Revisit.objects.filter(assignee=user).count()
        for user in (town.users["revisitor"], second)
    } == {town.users["revisitor"].pk: 2, second.pk: 2}


def test_a_revisitor_who_closed_the_case_is_passed_over(town: Town) -> None:
    RoleAssignment.objects.create(
        user=town.users["community_staff"], role=Role.REVISITOR, org_unit=town.street,
        start=LONG_AGO,
    )  # fmt: skip
    for _ in range(3):
        Story(town, now=NOON).closed()
    draw_month(JUNE, now=JULY_FIRST)
    assert set(Revisit.objects.values_list("assignee__username", flat=True)) == {"revisitor"}


def test_without_a_revisitor_the_street_assigns_one(town: Town) -> None:
    RoleAssignment.objects.filter(role=Role.REVISITOR).delete()
    revisit = drawn(town)
    assert revisit.assignee is None
    RoleAssignment.objects.create(
        user=town.users["volunteer"], role=Role.REVISITOR, org_unit=town.street, start=LONG_AGO
    )
    to = town.users["volunteer"]
    assert list(eligible_revisitors(revisit)) == [to]
    for key, code in (("grid_head", 403), ("other_street_admin", 403)):
        with pytest.raises(MoveRefused) as refused:
            assign_revisit(revisit=revisit, to=to, by=town.users[key])
        assert refused.value.http_status == code
    with pytest.raises(MoveRefused) as refused:
        assign_revisit(revisit=revisit, to=town.users["dept_handler"], by=town.users["dispatcher"])
    assert refused.value.http_status == 400
    assert assign_revisit(revisit=revisit, to=to, by=town.users["dispatcher"]).assignee == to


def test_a_satisfied_answer_leaves_the_case_closed(town: Town) -> None:
    revisit = drawn(town)
    done = record_revisit(revisit=revisit, by=town.users["revisitor"], now=JULY_FIRST, **YES)
    assert (done.state, done.solved, done.satisfaction) == ("done", "yes", "satisfied")
    assert done.case.status == Status.CLOSED
    with pytest.raises(MoveRefused) as refused:
        record_revisit(revisit=revisit, by=town.users["revisitor"], now=JULY_FIRST, **NO)
    assert refused.value.http_status == 409


def test_an_unsatisfied_answer_reopens_the_case(town: Town) -> None:
    revisit = drawn(town)
    done = record_revisit(revisit=revisit, by=town.users["revisitor"], now=JULY_FIRST, **NO)
    assert (done.decision, done.decision_due_at) == ("reopen", None)
    assert (done.case.status, done.case.cycle) == (Status.REOPENED, 2)
    event = done.case.events.order_by("-id")[0]
    assert (event.move, event.actor, event.role) == ("reopen", town.users["revisitor"], "revisitor")
    assert event.data["reason"] == "revisit"
    assert event.note == "回访：未解决，不满意。灯又坏了"


def test_an_unreasonable_demand_is_decided_by_the_community(town: Town) -> None:
    revisit = drawn(town)
    answer = {**NO, "solved": "partly", "reason": "unreasonable"}
    done = record_revisit(revisit=revisit, by=town.users["revisitor"], now=JULY_FIRST, **answer)
    assert done.case.status == Status.CLOSED
    assert done.decision_due_at == datetime(2026, 7, 6, 18, tzinfo=SHANGHAI)
    with pytest.raises(MoveRefused) as refused:
        decide_revisit(revisit=done, by=town.users["grid_head"], outcome="explain", note="好")
    assert refused.value.http_status == 403
    by = town.users["community_secretary"]
    with pytest.raises(MoveRefused) as refused:
        decide_revisit(revisit=done, by=by, outcome="explain", note=" ")
    assert list(refused.value.fields) == ["note"]
    done = decide_revisit(revisit=done, by=by, outcome="explain", note="已上门解释政策")
    assert done.decision == "explain"
    with pytest.raises(MoveRefused) as refused:
        decide_revisit(revisit=done, by=by, outcome="reopen", note="再办")
    assert refused.value.http_status == 409


def test_the_decision_may_be_to_reopen(town: Town) -> None:
    done = record_revisit(
        revisit=drawn(town), by=town.users["revisitor"], now=JULY_FIRST, reopen=False, **NO
    )
    by = town.users["community_secretary"]
    done = decide_revisit(revisit=done, by=by, outcome="reopen", note="重新安排")
    assert done.case.status == Status.REOPENED


def test_three_attempts_on_two_days_count_as_not_reached(town: Town) -> None:
    revisit = drawn(town)
    by = town.users["revisitor"]
    states = []
    for hours in (1, 2, 3, 30):
        moment = JULY_FIRST + timedelta(hours=hours)
        states.append(
            record_revisit(
                revisit=revisit, by=by, method="phone", reached=False, now=moment
            ).state
        )  # fmt: skip
    assert states == ["pending", "pending", "pending", "unreached"]
    assert RevisitAttempt.objects.filter(revisit=revisit).count() == 4


def test_whoever_took_part_cannot_revisit(town: Town) -> None:
    revisit = drawn(town)
    for key in ("community_staff", "grid_head", "dept_handler"):  # closed, verified, handled
        with pytest.raises(MoveRefused) as refused:
            record_revisit(revisit=revisit, by=town.users[key], now=JULY_FIRST, **YES)
        assert refused.value.http_status == 403
    other = record_revisit(revisit=revisit, by=town.users["dispatcher"], now=JULY_FIRST, **YES)
    assert other.state == "done"


def test_answers_lock_fifteen_days_after_the_month(town: Town) -> None:
    revisit = drawn(town)
    by = town.users["revisitor"]
    with pytest.raises(MoveRefused, match="已锁定"):
        record_revisit(
            revisit=revisit, by=by, now=datetime(2026, 7, 16, 6, 0, tzinfo=SHANGHAI), **YES
        )
    record_revisit(revisit=revisit, by=by, now=datetime(2026, 7, 16, 5, 59, tzinfo=SHANGHAI), **YES)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"method": "pigeon"}, "method"),
        ({"solved": ""}, "solved"),
        ({"satisfaction": "great"}, "satisfaction"),
        ({"satisfaction": "unsatisfied"}, "reason"),
        ({"note": "字" * 1001}, "note"),
        ({"note": "\0"}, "note"),
    ],
)
def test_a_bad_answer_is_named_at_its_field(
    town: Town, changes: dict[str, str], field: str
) -> None:
    revisit = drawn(town)
    with pytest.raises(MoveRefused) as refused:
        record_revisit(
            revisit=revisit, by=town.users["revisitor"], now=JULY_FIRST, **{**YES, **changes}
        )
    assert list(refused.value.fields) == [field]
    assert not RevisitAttempt.objects.exists()


def test_revisits_are_seen_by_their_revisitor_and_the_offices_above(town: Town) -> None:
    revisit = drawn(town)
    see = {
        key for key, user in town.users.items()
        if Revisit.objects.visible_to(user).filter(pk=revisit.pk).exists()
    }  # fmt: skip
    assert see == {
        "revisitor", "street_admin", "dispatcher", "second_dispatcher", "community_staff",
        "community_secretary", "district_official",
    }  # fmt: skip
