"""Every registered rate against a slow plain reading of its definition, and the page that shows them."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import openpyxl
import pytest
from django.test import Client

from assessments.indicators import GROUPINGS, RATES, Pair
from assessments.numbers import table
from assessments.scoring import MIN_SAMPLE
from cases.models import Case, Category, Rating, Revisit, RevisitDraw, SlaClass
from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.periods import Month, Quarter
from tests.town import Town

JUNE = Month(2026, 6)
NOW = datetime(2026, 7, 20, 9, tzinfo=SHANGHAI)
ENDED = {"closed", "void", "withdrawn", "merged", "rejected"}


def some_cases(town: Town, count: int = 240) -> list[Case]:
    """Cases of every kind around June, from a fixed seed; times that make no story are welcome."""
    rng = Random(9)
    grids = [town.grid, town.sister_grid, town.far_grid, town.other_grid]
    categories, sla = list(Category.objects.order_by("pk")), SlaClass.objects.order_by("pk")[0]
    units = [town.department, town.second_department, None]

    def when(chance: float = 0.8) -> datetime | None:
        start = datetime(2026, 5, 25, tzinfo=SHANGHAI)
        found = start + timedelta(hours=rng.randrange(24 * 60))
        return found if rng.random() < chance else None

    rows = []
    for number in range(count):
        grid, status = (
            rng.choice(grids),
            rng.choice(["handling", "feedback", "closed", "closed", *ENDED]),
        )
        rows.append(
            Case(
                case_no=f"20260601{number:010d}", tracking_code=f"N{number:07d}", text="测试",
                district=grid.district, street=grid.street, community=grid.community, grid=grid,
                category=rng.choice(categories), sla_class=sla, status=status,
                source=rng.choice(["patrol", "visit", "web", "hotline", "corridor_head"]),
                lead_unit=rng.choice(units), created_at=when(1) or NOW, due_at=when(),
                contact_due_at=when(), first_contact_at=when(), sign_due_at=when(), signed_at=when(),
                fed_back_at=when(), verified_at=when(), in_grid=rng.random() < 0.5,
                closed_at=when(1) if status == "closed" else None,
                rework_count=rng.choice([0, 0, 0, 1]), cycle=rng.choice([1, 1, 1, 2]),
                ended_at=NOW if status in ENDED else None,
            )
        )  # fmt: skip
    Case.objects.bulk_create(rows)
    _ask(rng, [case for case in rows if case.status == "closed"])
    return list(Case.objects.select_related("grid", "category"))


def _ask(rng: Random, closed: Iterable[Case]) -> None:
    draws: dict[tuple[str, int], RevisitDraw] = {}
    for case in closed:
        month = rng.choice(["2026-05", "2026-06"])
        draw = draws.get((month, case.grid_id)) or RevisitDraw.objects.create(
            month=month, grid=case.grid, population=1, quota=1, seed="0"
        )
        draws[month, case.grid_id] = draw
        solved = rng.choice(["", "yes", "partly", "no"])
        Revisit.objects.create(
            case=case, draw=draw, month=month, locks_at=NOW, solved=solved,
            satisfaction=rng.choice(["satisfied", "basically", "unsatisfied", ""]) if solved else "",
            done_at=NOW if solved else None, state="done" if solved else "pending",
        )  # fmt: skip
        said = rng.choice(["satisfied", "basically", "unsatisfied", ""])
        if said:
            Rating.objects.create(case=case, report=case, month=month, satisfaction=said)


# ---- the plain reference: one case, one question ----


def in_june(moment: datetime | None) -> bool:
    return moment is not None and (moment.astimezone(SHANGHAI).strftime("%Y-%m") == "2026-06")


def counted(case: Case) -> bool:
    return case.status not in ("void", "withdrawn", "merged")


def due(case: Case) -> bool:
    return counted(case) and in_june(case.due_at)


def before(first: datetime | None, second: datetime | None) -> bool:
    return first is not None and second is not None and first <= second


def responded(case: Case) -> bool:
    if before(case.first_contact_at, case.contact_due_at) and before(case.first_contact_at, NOW):
        return True
    if case.signed_at is None or case.signed_at > NOW:
        return False
    return case.sign_due_at is None or case.signed_at <= case.sign_due_at


def reworked(case: Case) -> bool:
    return case.rework_count > 0 or case.cycle > 1


def on_time(case: Case) -> bool:
    return before(case.fed_back_at, case.due_at) and before(case.verified_at, NOW)


Question = Callable[[Case], bool]
BY_CASE: dict[str, tuple[Question, Question]] = {
    "response_rate": (due, responded),
    "closed_rate": (due, lambda case: before(case.closed_at, NOW)),
    "on_time_rate": (due, on_time),
    "rework_rate": (lambda case: due(case) and (reworked(case) or before(case.fed_back_at, NOW)),
                    reworked),
    "self_discovery_rate": (lambda case: counted(case) and in_june(case.created_at),
                            lambda case: case.source in ("patrol", "visit", "corridor_head")),
    "in_grid_rate": (lambda case: due(case) and case.category.level == "grid",
                     lambda case: case.in_grid and before(case.closed_at, NOW)),
}  # fmt: skip
BY_REVISIT: dict[str, tuple[Callable[[Revisit], bool], Callable[[Revisit], bool]]] = {
    "resolution_rate": (lambda one: one.solved != "", lambda one: one.solved == "yes"),
    "satisfaction_rate": (lambda one: one.solved != "" and one.satisfaction != "",
                          lambda one: one.satisfaction in ("satisfied", "basically")),
}  # fmt: skip


def content(one: Rating) -> bool:
    return one.satisfaction in ("satisfied", "basically")


BY_RATING: dict[str, Callable[[Rating], bool]] = {"self_satisfaction_rate": content}


def key_of(case: Case, grouping: str) -> int | None:
    if grouping == "branch":
        return case.grid.party_branch_id
    key: int | None = getattr(case, GROUPINGS[grouping])
    return key


def plain(code: str, grouping: str, cases: list[Case]) -> dict[int, Pair]:
    """Count one by one, as somebody with a pencil would."""
    found: dict[int, list[bool]] = defaultdict(list)
    if code in BY_CASE:
        belongs, hits = BY_CASE[code]
        asked = [(case, hits(case)) for case in cases if belongs(case)]
    elif code in BY_RATING:
        by_id = {case.pk: case for case in cases}
        rated = Rating.objects.filter(month="2026-06", case__in=by_id)
        asked = [(by_id[one.case_id], BY_RATING[code](one)) for one in rated]
    else:
        counts, hit = BY_REVISIT[code]
        by_id = {case.pk: case for case in cases}
        asked = [
            (by_id[one.case_id], hit(one))
            for one in Revisit.objects.filter(month="2026-06")
            if counts(one) and one.case_id in by_id
        ]
    for case, is_hit in asked:
        key = key_of(case, grouping)
        if key is not None:
            found[key].append(is_hit)
    return {key: (sum(hits), len(hits)) for key, hits in found.items()}


def test_every_indicator_has_its_plain_reference() -> None:
    assert set(BY_CASE) | set(BY_REVISIT) | set(BY_RATING) == set(RATES)


def test_every_rate_equals_the_plain_count_in_every_grouping(town: Town) -> None:
    cases = some_cases(town)
    compared = 0
    for code, found in RATES.items():
        for grouping in GROUPINGS:
            expected = plain(code, grouping, cases)
            assert found.by(grouping, JUNE, NOW) == expected, (code, grouping)
            compared += len(expected)
    assert compared > 80
    of_street = [case for case in cases if case.street_id == town.street.pk]
    scope = Case.objects.filter(street=town.street)
    for code, found in RATES.items():
        assert found.by("grid", JUNE, NOW, scope) == plain(code, "grid", of_street), code
        total = found.total(JUNE, NOW, scope)
        assert total == plain(code, "street", of_street).get(town.street.pk, (0, 0)), code


@pytest.mark.parametrize("code", list(RATES))
def test_an_empty_database_has_no_groups_and_nothing_to_divide_by(town: Town, code: str) -> None:
    found = RATES[code]
    assert not any(found.by(grouping, JUNE, NOW) for grouping in GROUPINGS)
    assert found.total(Quarter(2026, 2), NOW, Case.objects.all()) == (0, 0)
    assert table(Case.objects.all(), "unit", JUNE, NOW, ranked_by=code) == []


def test_a_rate_knows_only_what_was_known_at_the_cut_off(town: Town) -> None:
    some_cases(town)
    early = datetime(2026, 6, 10, tzinfo=SHANGHAI)
    for code in ("response_rate", "closed_rate", "on_time_rate", "in_grid_rate"):
        then = sum(hit for hit, _ in RATES[code].by("street", JUNE, early).values())
        now = sum(hit for hit, _ in RATES[code].by("street", JUNE, NOW).values())
        assert then < now, code


# ---- the table ----


def test_few_samples_are_shown_and_never_ranked(town: Town) -> None:
    some_cases(town, count=60)
    groups = table(Case.objects.all(), "unit", JUNE, NOW, ranked_by="rework_rate")
    index = list(RATES).index("rework_rate")
    ranked = [group for group in groups if group.rank is not None]
    assert ranked and all(group.cells[index].denominator >= MIN_SAMPLE for group in ranked)
    rates = [group.cells[index].rate or 0 for group in ranked]
    assert rates == sorted(rates), "less rework stands first"
    few = table(Case.objects.filter(pk__in=Case.objects.values("pk")[:6]), "grid", JUNE, NOW,
                ranked_by="on_time_rate")  # fmt: skip
    assert few and all(group.rank is None for group in few if group.cells[4].denominator < 5)


def test_what_has_no_department_stands_in_a_row_of_its_own(town: Town) -> None:
    """网格自办, returned and not sent on yet: shown last, unranked, and the column adds up."""
    some_cases(town)
    Case.objects.filter(pk__in=Case.objects.order_by("pk").values("pk")[:20]).update(lead_unit=None)
    groups = table(Case.objects.all(), "unit", JUNE, NOW, ranked_by="on_time_rate")
    rest = groups[-1]
    assert (rest.pk, rest.rank) == (0, None) and "退回待派" in rest.name
    for index, found in enumerate(RATES.values()):
        whole = found.total(JUNE, NOW, Case.objects.all())
        assert whole == (
            sum(group.cells[index].numerator for group in groups),
            sum(group.cells[index].denominator for group in groups),
        ), found.code


def test_equal_rates_share_a_rank(town: Town) -> None:
    some_cases(town)
    Case.objects.update(due_at=NOW - timedelta(days=30), fed_back_at=NOW - timedelta(days=31),
                        verified_at=NOW - timedelta(days=30))  # fmt: skip
    groups = table(Case.objects.all(), "community", JUNE, NOW, ranked_by="on_time_rate")
    assert [group.rank for group in groups] == [1, 1, 1]


def test_its_queries_do_not_grow(town: Town, django_assert_max_num_queries: Any) -> None:
    some_cases(town)
    with django_assert_max_num_queries(len(RATES) + 2):
        table(Case.objects.all(), "grid", JUNE, NOW, ranked_by="on_time_rate")


# ---- the page ----


@pytest.mark.parametrize("grouping", list(GROUPINGS))
@pytest.mark.parametrize("period", ["2026-06", "2026Q2"])
def test_every_number_opens_the_list_it_counts(
    enter: Callable[[str], Client], town: Town, grouping: str, period: str
) -> None:
    some_cases(town, count=50)
    client = enter("street_admin")
    shown = client.get("/dashboard/numbers/", {"by": grouping, "month": period})
    assert shown.status_code == 200
    assert shown.context["rows"]
    for row in shown.context["rows"][:2]:
        for cell, url in row["cells"]:
            listed = client.get(url)
            assert listed.status_code == 200, url
            assert (listed.context["hit"], listed.context["total"]) == (
                cell.numerator, cell.denominator,
            ), url  # fmt: skip
            assert len(listed.context["page"].rows) == cell.denominator
        listed = client.get(row["reported_url"])
        assert listed.context["total"] == row["group"].reported


def test_another_street_is_neither_listed_nor_counted(
    enter: Callable[[str], Client], town: Town
) -> None:
    some_cases(town)
    page = enter("other_street_admin").get("/dashboard/numbers/", {"month": "2026-06"})
    assert [row["group"].name for row in page.context["rows"]] == ["东湖社区党委"]
    mine = enter("street_admin")
    assert mine.get(
        "/dashboard/closed_rate/", {"month": "2026-06", "branch": town.other_branch.pk}
    ).status_code == 404  # fmt: skip


def test_a_department_sees_its_own_row(enter: Callable[[str], Client], town: Town) -> None:
    page = enter("dept_handler").get("/dashboard/numbers/", {"by": "unit"})
    assert page.status_code == 200
    assert "还没有可统计的事项" in page.content.decode()


@pytest.mark.parametrize("query", ["by=planet", "sort=luck", "month=2026Q5", "month=2999-01"])
def test_what_is_no_grouping_rate_or_period_is_not_there(
    enter: Callable[[str], Client], query: str
) -> None:
    assert enter("street_admin").get(f"/dashboard/numbers/?{query}").status_code == 404


@pytest.mark.parametrize(
    ("key", "status"),
    [("street_admin", 200), ("community_secretary", 200), ("auditor", 403), ("volunteer", 403),
     ("revisitor", 403), ("partner_unit", 403)],
)  # fmt: skip
def test_who_may_look(enter: Callable[[str], Client], key: str, status: int) -> None:
    assert enter(key).get("/dashboard/numbers/").status_code == status


def test_the_export_says_both_counts(enter: Callable[[str], Client], town: Town) -> None:
    some_cases(town)
    file: Any = enter("street_admin").get("/dashboard/numbers/export/", {"month": "2026-06"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    header = [cell.value for cell in sheet[3]]
    assert header[:6] == ["名次", "社区", "上报件数", "响应率", "分子", "分母"]
    assert sheet["A1"].value == "2026年6月社区指标表"
    assert "填报人" in sheet.cell(sheet.max_row, 1).value
    assert enter("branch_secretary").get("/dashboard/numbers/export/").status_code == 403
