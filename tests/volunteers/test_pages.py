"""Every page of voluntary work: it opens, keeps to its scope, and costs the same for many rows."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests.town import Town
from tests.volunteers.help import helper, open_resource, published, scheduled
from tests.volunteers.village import Village, project_of, settle
from volunteers.services.activities import move_activity
from volunteers.services.claims import send_to
from volunteers.services.teams import create_team
from volunteers.urls import urlpatterns

Enter = Callable[[str], Client]


@pytest.fixture
def village(town: Town, media: Any) -> Village:
    return settle(town)


def addresses(village: Village) -> dict[str, str]:
    """Every address of the app, filled in with the village's rows."""
    rows: dict[str, list[Any]] = {
        "need": [village.need.pk], "need_claim": [village.need.pk], "need_send": [village.need.pk],
        "resource": [village.resource.pk], "resource_edit": [village.resource.pk],
        "claim": [village.claim.pk], "claim_project": [village.claim.pk],
        "agreement": [village.claim.pk], "team_leave": [village.team.pk, 1],
        "redeem": [village.volunteer.pk], "certificate": [village.volunteer.pk],
        "person_status": [village.volunteer.pk, "paused"],
        "reverse_points": [village.volunteer.pk, village.entry.pk],
        "photos": [village.past.pk], "photo": [village.past.photos.get().pk],
        "served": [village.past.pk], "evaluate": [village.past.pk],
        "hours_enter": [village.past.pk], "problem": [village.evaluation.pk],
        "signup_cancel": [village.signup.pk], "signup_confirm": [village.signup.pk],
        "check_in": [village.token], "hours_decide": [village.hours.pk],
        "move": ["activity", village.past.pk, "publish"],
    }  # fmt: skip
    for name in ("shift_edit", "join", "ask", "ask_stop", "code", "roll"):
        rows[name] = [village.coming.pk]
    for name in ("activity", "activity_edit", "shift_new", "activity_ics"):
        rows[name] = [village.past.pk]
    for name in ("project", "project_edit", "project_claim", "project_review"):
        rows[name] = [village.project.pk]
    for name in ("team", "team_edit", "team_join"):
        rows[name] = [village.team.pk]
    for name in ("person", "person_edit"):
        rows[name] = [village.volunteer.pk]
    return {
        str(one.name): reverse(f"volunteers:{one.name}", args=rows.get(str(one.name), ()))
        for one in urlpatterns
    }


# Answered by no role's GET: buttons only, or not in this state.
BUTTONS = {
    "team_join", "team_leave", "person_status", "reverse_points", "problem", "join", "ask_stop",
    "signup_cancel", "signup_confirm",
}  # fmt: skip
# Of no row: lists, which show Sun what is Sun's.
LISTS = {
    "board", "overview", "counts", "served_people", "covered", "calendar", "calendar_ics", "needs",
    "resources", "resource_new", "claims", "projects", "project_new", "matrix", "brands", "teams",
    "team_new", "me", "people", "person_new", "members", "activities", "activity_new", "hours",
}  # fmt: skip


def test_every_page_opens_for_the_community(village: Village, enter: Enter) -> None:
    client = enter("community_staff")
    found = {name: client.get(url).status_code for name, url in addresses(village).items()}
    odd = {
        name: status
        for name, status in found.items()
        if status not in (200, 302) and not (name in BUTTONS and status == 405)
    }
    # No agreement yet; nothing to claim, decide or take over in this state; not a volunteer herself.
    assert odd == {
        "agreement": 404, "need_claim": 404, "project_claim": 403, "hours_decide": 403,
        "hours_enter": 403,
    }  # fmt: skip


@pytest.mark.parametrize(
    "who",
    ["street_admin", "community_secretary", "branch_secretary", "grid_head", "grid_worker_ft",
     "grid_worker_pt", "corridor_head", "volunteer", "partner_unit", "district_official",
     "dispatcher", "group_leader"],
)  # fmt: skip
def test_no_role_meets_a_fault(village: Village, enter: Enter, who: str) -> None:
    client = enter(who)
    for name, url in addresses(village).items():
        assert client.get(url).status_code in (200, 302, 403, 404, 405), f"{who} {name}"
        if name not in ("person_status", "board"):
            assert client.post(url).status_code in (200, 302, 400, 403, 404, 405), f"{who} {name}"


def test_sun_of_another_street_gets_404(village: Village, enter: Enter) -> None:
    client = enter("other_community_staff")
    for name, url in addresses(village).items():
        for answer in (client.get(url), client.post(url)):
            if name in LISTS:
                assert answer.status_code in (200, 302, 400, 403, 404, 405), name
                if name != "board":
                    page = answer.content.decode()
                    assert "陪老人体检" not in page, name
                    assert "郑帮手" not in page, name
            elif name == "hours_enter" or name in BUTTONS:
                assert answer.status_code in (404, 405), name
            else:
                assert answer.status_code == 404, name


def test_who_has_nothing_to_do_with_it_reads_why(village: Village, enter: Enter) -> None:
    for who in ("dept_handler", "revisitor", "sysadmin", "auditor"):
        assert enter(who).get("/volunteers/activities/").status_code == 403
    assert Client().get("/volunteers/").status_code == 302
    board = Client().get("/volunteering/")
    assert board.status_code == 200
    assert "一位老人想有人陪着去体检" not in board.content.decode(), "it is taken already"
    assert "清洁家园" in board.content.decode()


def test_a_volunteer_reads_no_names_of_others(village: Village, enter: Enter) -> None:
    client = enter("volunteer")
    for url in ("/volunteers/people/", f"/volunteers/teams/{village.team.pk}/",
                f"/volunteers/activities/{village.past.pk}/",
                f"/volunteers/activities/{village.coming.activity_id}/"):  # fmt: skip
        assert "郑帮手" not in client.get(url).content.decode()
    assert client.get(f"/volunteers/people/{village.other.pk}/").status_code == 404
    assert client.get(f"/volunteers/people/{village.volunteer.pk}/").status_code == 200


def test_a_page_that_offers_names_is_only_for_those_who_may_use_it(
    village: Village, enter: Enter
) -> None:
    of = addresses(village)
    client = enter("volunteer")
    for name in ("activity_edit", "shift_new", "photos", "served", "evaluate", "project_edit",
                 "project_review", "resource_edit"):  # fmt: skip
        answer = client.get(of[name])
        assert answer.status_code in (403, 404), name
        assert "郑帮手" not in answer.content.decode()
    assert "郑帮手" in enter("community_staff").get(of["activity_edit"]).content.decode()


MANY = [
    "/volunteers/", "/volunteers/activities/", "/volunteers/needs/", "/volunteers/resources/",
    "/volunteers/projects/", "/volunteers/claims/?status=all", "/volunteers/teams/",
    "/volunteers/people/", "/volunteers/hours/?status=all", "/volunteers/calendar/",
    "/volunteers/projects/matrix/", "/volunteers/projects/brands/", "/volunteers/counts/",
    "/volunteers/counts/served/", "/volunteers/counts/grids/", "/volunteering/",
]  # fmt: skip


def test_more_rows_cost_no_more_queries(town: Town, village: Village, enter: Enter) -> None:
    client = enter("community_staff")

    def count(url: str) -> int:
        with CaptureQueriesContext(connection) as log:
            assert client.get(url).status_code == 200
        return len(log)

    def grow(number: int) -> None:
        create_team(community=town.community, name=f"队{number}", kind="youth", by=None,
                    leader=helper(town, f"帮手{number}"))  # fmt: skip
        need = published(town)
        send_to(need=need, unit=town.partner, resource=open_resource(town), quantity=1, by=None)
        scheduled(town, project=village.project, grid=town.grid, ahead=timedelta(days=number + 2))
        project_of(town, f"项目{number}")

    grow(1)
    for url in MANY:
        client.get(url)  # sessions, content types
    few = {url: count(url) for url in MANY}
    for number in range(2, 6):
        grow(number)
    more = {url: count(url) for url in MANY}
    assert more == few


def figures_on(page: str) -> list[tuple[str, int]]:
    """(address, number) of the cards and of the parts of rates."""
    cards = re.findall(r'<a class="stat[^"]*" href="([^"#]+)">.*?stat-value">([\d.]+)<', page, re.S)
    parts = re.findall(r'<a href="([^"]+)">[^\d<]+(\d+)</a>', page)
    waiting = re.findall(r'<a href="([^"]+)"><strong class="num">(\d+)</strong>', page)
    found = cards + parts + waiting
    return [(url.replace("&amp;", "&"), int(many)) for url, many in found if "." not in many]


@pytest.mark.parametrize("url", ["/volunteers/", "/volunteers/counts/"])
def test_every_number_equals_its_list(town: Town, village: Village, enter: Enter, url: str) -> None:
    client = enter("community_staff")
    published(town)
    move_activity(activity=village.coming.activity, name="cancel", by=None, note="下雨")
    page = client.get(url).content.decode()
    numbers = figures_on(page)
    assert len(numbers) >= 2
    for address, many in numbers:
        listed = client.get(address).content.decode()
        shown = re.search(r'共 <strong class="num">(\d+)</strong>', listed)
        assert (int(shown[1]) if shown else 0) == many, address


def test_the_matrix_and_the_counts_lead_to_their_activities(village: Village, enter: Enter) -> None:
    client = enter("community_staff")
    for url in ("/volunteers/projects/matrix/", "/volunteers/counts/"):
        page = client.get(url).content.decode()
        links = re.findall(r'<td class="number"><a href="([^"]+)">(?:<strong>)?(\d+)', page)
        assert links, url
        for address, many in links:
            listed = client.get(address.replace("&amp;", "&")).content.decode()
            assert f'共 <strong class="num">{many}</strong>' in listed


def test_bad_filters_say_so_and_break_nothing(village: Village, enter: Enter) -> None:
    client = enter("community_staff")
    for url in ("activities/?kind=x", "activities/?month=20x6&grid=9999999999999999999",
                "needs/?show=none", "projects/?category=abc", "people/?skill=%00",
                "calendar/?month=abc", "counts/?year=0000&unit=-1", "counts/?year=9999", "counts/?year=9998", "activities/?when=held&month=9998-12",
                "activities/?month=2026Q9", "hours/?status=zz", "claims/?after=x"):  # fmt: skip
        assert client.get(f"/volunteers/{url}").status_code in (200, 400), url


@pytest.mark.parametrize(
    "name", ["activities", "needs", "resources", "projects", "claims", "teams"]
)
def test_a_list_leaves_as_a_workbook_with_its_rows(
    village: Village, enter: Enter, name: str
) -> None:
    url = f"/volunteers/{name}/?export=1&show=all&status=&when=all"
    answer = enter("community_staff").get(url)
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values)  # type: ignore[attr-defined, union-attr, arg-type]
    listed = enter("community_staff").get(url.replace("export=1&", "")).content.decode()
    many = re.search(r'共 <strong class="num">(\d+)</strong>', listed)
    assert many is not None
    assert sum(bool(row[0]) for row in rows) >= int(many[1])
    assert "export=1" in listed
    assert "郑帮手" not in str(rows), "leaders are masked"
    sun = b"".join(enter("other_community_staff").get(url).streaming_content)  # type: ignore[attr-defined, arg-type]
    others = str(list(load_workbook(BytesIO(sun)).active.values))  # type: ignore[union-attr]
    assert "陪老人体检" not in others
    assert "邻里维修互助" not in others


def test_people_do_not_leave_by_the_list(village: Village, enter: Enter) -> None:
    page = enter("community_staff").get("/volunteers/people/?export=1")
    assert page["Content-Type"].startswith("text/html")


def test_a_need_goes_into_a_project(village: Village, enter: Enter) -> None:
    client, url = enter("community_staff"), f"/volunteers/claims/{village.claim.pk}/project/"
    assert "列入项目" in client.get(f"/volunteers/claims/{village.claim.pk}/").content.decode()
    assert client.post(url, {"project": 0}).status_code == 400
    assert client.post(url, {"project": village.project.pk}).status_code == 302
    village.need.refresh_from_db()
    assert village.need.status == "in_project"
    page = client.get(f"/volunteers/projects/{village.project.pk}/").content.decode()
    assert village.need.public_text in page
    assert enter("partner_unit").get(url).status_code == 403


def test_the_calendar_file_names_nobody(village: Village, enter: Enter) -> None:
    for url in (
        "/volunteers/calendar.ics",
        f"/volunteers/activities/{village.past.pk}/calendar.ics",
    ):
        answer = enter("volunteer").get(url)
        text = answer.content.decode()
        assert answer["Content-Type"].startswith("text/calendar")
        assert text.startswith("BEGIN:VCALENDAR\r\n")
        assert text.endswith("END:VCALENDAR\r\n")
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
        assert "郑帮手" not in text


def test_the_certificate_counts_what_was_confirmed(village: Village, enter: Enter) -> None:
    page = enter("volunteer").get(f"/volunteers/people/{village.volunteer.pk}/certificate/")
    text = page.content.decode()
    assert "累计" in text
    assert "2.0" in text
    assert "幸福社区" in text
    assert "data-print" in text
