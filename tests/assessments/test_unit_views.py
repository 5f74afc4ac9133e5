"""Dashboards of departments, units and districts; a person's own saved views."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import QuarterAssessment, SavedView
from cases.models import Case
from gridparty.lib.periods import Month, Quarter
from orgs.models import Region, RoleAssignment
from partybuilding.models import Alliance, AllianceMember, JointRecord
from tests.assessments.test_quarter import QUARTER
from tests.town import Town


def record(town: Town, dimension: str, day: date, *units: Any) -> JointRecord:
    alliance, _ = Alliance.objects.get_or_create(
        name="幸福联盟", district=town.district, street=town.street, community=town.community,
        defaults={"chair": "王", "founded_on": date(2025, 1, 1)},
    )  # fmt: skip
    for unit in units:
        AllianceMember.objects.get_or_create(
            alliance=alliance, unit=unit, defaults={"start": date(2025, 1, 1)}
        )
    made = JointRecord.objects.create(
        alliance=alliance, kind="activity", dimension=dimension, title="共建", text="共建",
        held_on=day, people=5, by=town.users["community_staff"],
    )  # fmt: skip
    made.units.set(units)
    return made


def test_a_departments_dashboard_counts_its_cases_and_its_lists(
    busy: Town, enter: Callable[[str], Client]
) -> None:
    Case.objects.filter(street=busy.street).update(lead_unit=busy.department)
    for who in ("street_admin", "dept_handler", "district_official"):
        client = enter(who)
        page = client.get(f"/dashboard/?unit={busy.department.pk}&month=2026")
        assert page.status_code == 200, who
        figures = [*page.context["counts"], *page.context["hot"]]
        # A department sees what was given to it as a task: here nothing.
        assert any(one.value for one in figures) == (who != "dept_handler")
        figures += [one for line in page.context["lines"] for one in line.figures[:4]]
        for figure in figures:
            listed = client.get(figure.url)
            assert listed.context["page"].count == figure.value, (who, figure)
        for line in page.context["lines"]:
            assert f"unit={busy.department.pk}" in line.url  # the drill-down keeps it
            for one in line.figures[4:]:
                if one.value is not None:
                    rows = client.get(one.url)
                    assert one.formula == f"{rows.context['hit']}/{rows.context['total']}"
    stranger = enter("other_street_admin")
    assert stranger.get(f"/dashboard/?unit={busy.partner.pk}").status_code == 404


def test_a_units_dashboard_has_five_axes_and_opens_its_lists(
    town: Town, enter: Callable[[str], Client]
) -> None:
    today = timezone.localdate()
    quarter = Quarter.of(today)
    for number, dimension in enumerate(("party", "party", "charity")):
        record(town, dimension, quarter.first_day + timedelta(days=number), town.partner)
    record(town, "party", quarter.previous().first_day, town.partner)
    record(town, "party", quarter.first_day, town.department)
    address = f"/dashboard/units/{town.partner.pk}/"
    for who in ("partner_unit", "street_admin", "community_secretary"):
        client = enter(who)
        page = client.get(address)
        board = page.context["board"]
        assert board.figures[0].value == 3 and board.figures[0].beside.startswith("上期 1")
        assert [axis.count for axis in board.axes if axis.count] == [2, 1]
        assert sum(line.total for line in board.lines) == 3
        cells = [cell for line in board.lines for cell in line.cells if cell.value]
        for figure in (board.figures[0], board.figures[2], *board.by_dimension, *cells):
            assert client.get(figure.url).context["page"].count == figure.value, figure
    AllianceMember.objects.filter(unit=town.partner).delete()
    alone = enter("street_admin").get(address).context["board"]
    for figure in (alone.figures[2], *alone.by_dimension):
        assert enter("street_admin").get(figure.url).context["page"].count == figure.value, figure
    assert enter("other_street_admin").get(address).status_code == 404
    assert enter("revisitor").get(address).status_code == 403
    assert enter("partner_unit").get(f"/dashboard/units/{town.department.pk}/").status_code == 404
    assert enter("partner_unit").get(f"{address}?month=2026-10").status_code == 404
    listed = enter("street_admin").get("/dashboard/units/?q=示范").context["page"]
    assert [unit.pk for unit in listed.rows] == [town.partner.pk]


def test_the_queries_of_a_units_dashboard_do_not_grow(town: Town) -> None:
    from assessments.unitboard import unit_board

    today, user = timezone.localdate(), town.users["street_admin"]

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            unit_board(town.partner, Quarter.of(today), user, today)
        return len(caught)

    record(town, "party", today, town.partner)
    queries()  # what a user may do is read once
    before = queries()
    for dimension in ("charity", "party", "govern") * 4:
        record(town, dimension, today, town.partner)
    assert queries() == before


@pytest.fixture
def city(busy: Town) -> Town:
    """The other street lies in another district of the same city; the official answers for the city."""
    Region.objects.create(code="349902", name="邻区", level=3, parent_id="3499")
    busy.other_street.division_code = "349902002"
    busy.other_street.save(update_fields=["division_code"])
    moved = Case.objects.filter(pk__in=Case.objects.filter(street=busy.street).values("pk")[:20])
    moved.update(
        district="349902", street=busy.other_street, community=busy.other_community,
        grid=busy.other_grid,
    )  # fmt: skip
    Case.objects.filter(street=busy.other_street).update(district="349902")
    RoleAssignment.objects.filter(user=busy.users["district_official"]).update(region_id="3499")
    return busy


def test_a_city_has_a_row_for_each_district(city: Town, enter: Callable[[str], Client]) -> None:
    client = enter("district_official")
    page = client.get("/dashboard/?month=2026")
    lines = page.context["lines"]
    assert [line.name for line in lines] == ["示范区", "邻区"]
    for place in range(4):
        assert sum(line.figures[place].value for line in lines) == sum(
            line.figures[place].value
            for line in (
                one
                for line in lines
                for one in client.get(f"/dashboard/{line.url}").context["lines"]
            )
        )
    for line in lines:
        for figure in line.figures[:4]:
            assert client.get(figure.url).context["page"].count == figure.value, figure
        below = client.get(f"/dashboard/{line.url}")
        for figure in below.context["counts"]:
            assert client.get(figure.url).context["page"].count == figure.value, figure
    assert enter("street_admin").get("/dashboard/?district=349902").status_code == 404


def test_a_view_is_saved_opened_with_and_deleted(
    busy: Town, enter: Callable[[str], Client]
) -> None:
    client = enter("street_admin")
    this = str(Month.of(timezone.now()))
    where = f"month={this}&node={busy.community.pk}"
    client.post(f"/dashboard/views/save/?{where}", {"name": "幸福社区"})
    view = SavedView.objects.get()
    assert view.asked == {"month": "month", "node": str(busy.community.pk)}  # this month, always
    client.post(f"/dashboard/views/save/?{where}", {"name": "幸福社区"})
    client.post(f"/dashboard/views/save/?{where}", {"name": " "})
    assert SavedView.objects.count() == 1
    client.post(f"/dashboard/views/{view.pk}/default/")
    answer: Any = client.get("/dashboard/")
    assert answer.status_code == 302 and f"node={busy.community.pk}" in answer.url
    assert client.get(answer.url).context["place"].node == busy.community
    other = enter("community_secretary")
    assert other.post(f"/dashboard/views/{view.pk}/drop/").status_code == 404
    assert other.get("/dashboard/").status_code == 200
    SavedView.objects.update(asked={"month": "month", "node": str(busy.other_street.pk)})
    lost = client.get("/dashboard/")
    assert lost.status_code == 200 and "已看不到常用看板" in lost.content.decode()
    client.post(f"/dashboard/views/{view.pk}/default/")
    assert not SavedView.objects.get().is_default
    client.post(f"/dashboard/views/{view.pk}/drop/")
    assert not SavedView.objects.exists()
    for number in range(21):
        client.post(f"/dashboard/views/save/?{where}", {"name": f"第{number}个"})
    assert SavedView.objects.count() == 20


def test_the_way_up_keeps_the_department_and_the_ranking_its_place(
    city: Town, drafts: Any, enter: Callable[[str], Client]
) -> None:
    Case.objects.filter(street=city.street).update(lead_unit=city.department)
    client = enter("district_official")
    page = client.get(
        f"/dashboard/?month=2026&unit={city.department.pk}&district={city.district.pk}"
    )
    assert f"unit={city.department.pk}" in page.context["crumbs"][0]["url"]
    rows = QuarterAssessment.objects.filter(street=city.street)
    rows.update(district="349902")
    here = client.get(f"/assessments/?quarter={QUARTER}&district=349902")
    assert here.context["count"] == rows.count()
