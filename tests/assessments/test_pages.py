"""Home, dashboard, quarters: figures that equal their lists, and nothing from another street."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.home import todos
from assessments.services import compute_quarter
from cases.models import Case, Category, SlaClass
from gridparty.lib.periods import Month, Quarter


@pytest.fixture
def cases(town):
    """Three open cases in the grid (one overdue), one in each other grid."""
    now = timezone.now()
    rows = []
    for number, grid in enumerate(
        [town.grid, town.grid, town.grid, town.sister_grid, town.far_grid, town.other_grid]
    ):
        due = now + timedelta(days=-3 if number == 0 else 3)
        rows.append(
            Case.objects.create(
                case_no=f"2026{number:014d}",
                tracking_code=f"P{number:07d}",
                text=f"问题{number}",
                district=grid.district,
                street=grid.street,
                community=grid.community,
                grid=grid,
                category=Category.objects.order_by("pk")[0],
                sla_class=SlaClass.objects.order_by("pk")[0],
                source="patrol",
                status="handling",
                due_at=due,
                clock_started_at=now,
            )
        )
    return rows


def figures(html: str) -> dict[str, int]:
    """Return {label: value} of the tiles."""
    pairs = re.findall(r'stat-label">(?:<svg.*?</svg>)?([^<]+)</span>\s*<span class="stat-value">(\d+)',
                       html, re.S)  # fmt: skip
    return {label.strip(): int(value) for label, value in pairs}


@pytest.mark.parametrize(
    "key",
    ["sysadmin", "auditor", "district_official", "street_admin", "dispatcher", "community_staff",
     "community_secretary", "branch_secretary", "group_leader", "grid_head", "grid_worker_ft",
     "grid_worker_pt", "police_contact", "grid_informant", "corridor_head", "dept_handler",
     "partner_unit", "volunteer", "revisitor"],
)  # fmt: skip
def test_everybody_has_a_home(client, town, cases, key):
    client.force_login(town.users[key])
    page = client.get("/")
    assert page.status_code == 200
    assert town.users[key].display_name in page.content.decode()


def test_visitors_are_sent_to_the_log_in(client, town):
    assert client.get("/").status_code == 302
    assert client.get("/dashboard/").status_code == 302


def test_a_count_on_the_home_page_equals_its_list(client, town, cases):
    for key in ("street_admin", "dispatcher", "community_staff", "grid_head", "dept_handler"):
        user = town.users[key]
        client.force_login(user)
        for todo in todos(user, timezone.now()):
            if "/cases/" in todo.url or "/m/" in todo.url:
                page = client.get(todo.url)
                assert page.status_code == 200
                listed = [case for case in cases if case.text in page.content.decode()]
                assert len(listed) == todo.count, (key, todo)


@pytest.mark.parametrize(
    ("key", "opened", "overdue"),
    [("district_official", 6, 1), ("street_admin", 5, 1), ("community_secretary", 4, 1),
     ("grid_head", 3, 1), ("other_street_admin", 1, 0)],
)  # fmt: skip
def test_the_dashboard_counts_the_users_area_only(client, town, cases, key, opened, overdue):
    client.force_login(town.users[key])
    page = client.get("/dashboard/")
    assert page.status_code == 200
    found = figures(page.content.decode())
    assert found["未结事项"] == opened
    assert found["办理超时"] == overdue
    assert found["本期上报"] == opened


def test_the_dashboard_opens_the_nodes_below(client, town, cases):
    client.force_login(town.users["street_admin"])
    page = client.get("/dashboard/", {"node": town.community.pk})
    assert figures(page.content.decode())["未结事项"] == 4


def test_a_node_of_another_street_is_not_there(client, town, cases):
    client.force_login(town.users["street_admin"])
    assert client.get("/dashboard/", {"node": town.other_community.pk}).status_code == 404
    url = reverse("assessments:rate_rows", args=["closed_rate"])
    assert client.get(url, {"grid": town.other_grid.pk}).status_code == 404


@pytest.mark.parametrize("query", ["month=2026-13", "month=x", "node=x", "node=999999999999"])
def test_what_is_no_month_or_node_is_not_there(client, town, query):
    client.force_login(town.users["street_admin"])
    assert client.get(f"/dashboard/?{query}").status_code == 404


def test_a_volunteer_may_not_see_the_dashboard(client, town):
    client.force_login(town.users["volunteer"])
    page = client.get("/dashboard/")
    assert page.status_code == 403
    assert "您的角色（志愿者）不能" in page.content.decode()


def test_a_rate_opens_the_cases_it_counts(client, town, cases):
    client.force_login(town.users["street_admin"])
    now = timezone.now()
    month = Month.of(now - timedelta(days=3))
    due = Case.objects.filter(street=town.street, due_at__gte=month.start, due_at__lt=month.end)
    url = reverse("assessments:rate_rows", args=["closed_rate"])
    page = client.get(url, {"month": str(month)}).content.decode()
    assert all(case.case_no in page for case in due)
    assert cases[-1].case_no not in page
    assert f"未计入 {due.count()}" in page


def test_dashboard_queries_do_not_grow_with_cases(
    client, town, cases, django_assert_max_num_queries
):
    client.force_login(town.users["street_admin"])
    with django_assert_max_num_queries(32):
        client.get("/dashboard/")


def test_quarters_show_own_grids_only_and_explain_a_score(client, town, cases):
    quarter = Quarter.of(timezone.now()).previous()
    compute_quarter(quarter=quarter, now=timezone.now(), by=None)
    client.force_login(town.users["community_secretary"])
    page = client.get("/assessments/").content.decode()
    assert "共 2 条" in page
    assert "东湖" not in page
    mine = town.grid.assessments.get()
    detail = client.get(reverse("assessments:quarter_detail", args=[mine.pk])).content.decode()
    assert "按期办结率" in detail
    assert "样本" in page or "不计入" in detail
    other = town.other_grid.assessments.get()
    address = reverse("assessments:quarter_detail", args=[other.pk])
    assert client.get(address).status_code == 404


def test_before_the_first_quarter_the_page_says_when_it_opens(client, town):
    client.force_login(town.users["street_admin"])
    assert "还没有考核草稿" in client.get("/assessments/").content.decode()
