"""Party work through the API: the same scope as the pages, no address, the writes of the services."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from cases.models import Category
from partybuilding import services
from partybuilding.models import BoardItem
from tests.partybuilding.cast import JUNE, applied, engaged, june, record
from tests.partybuilding.test_papers import paper
from tests.partybuilding.test_programmes import brand
from tests.partybuilding.test_terms import elect

pytestmark = pytest.mark.django_db
URL = "/api/v1/party-"
LISTS = (
    "boards", "check-ins", "duties", "pairings", "trainings", "funds", "terms", "programmes", "papers",
    "patrols",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _media(media):
    return media


@pytest.fixture
def call(town):
    def as_(who):
        client = APIClient()
        client.force_authenticate(town.users[who])
        return client

    return as_


def test_every_list_keeps_to_its_scope(call, town):
    june(town)
    engaged(town)
    brand(town)
    elect(town)
    paper(town)
    found = {}
    for name in LISTS:
        answer = call("community_staff").get(f"{URL}{name}/")
        assert answer.status_code == 200, name
        seen = {row["id"] for row in answer.json()["results"]}
        found[name] = len(seen)
        others = call("other_community_staff").get(f"{URL}{name}/").json()["results"]
        assert not seen & {row["id"] for row in others}, name
        assert call("revisitor").get(f"{URL}{name}/").status_code == 403, name
    for name in ("boards", "check-ins", "duties", "programmes", "terms", "papers"):
        assert found[name] == 1, name


def test_a_check_in_is_accepted_and_tells_no_address(call, town):
    one = applied(town)
    page = f"{URL}check-ins/{one.pk}/"
    text = call("community_staff").get(page).content.decode()
    assert "阳光花园" not in text and "钱在职" not in text and "钱" in text
    assert call("grid_head").post(f"{page}accept/").status_code == 403
    done = call("community_staff").post(f"{page}accept/")
    assert (done.status_code, done.json()["status"]) == (200, "accepted")
    assert call("community_staff").post(f"{page}accept/").status_code in (400, 409)
    rows = call("community_staff").get(f"{URL}check-ins/", {"status": "accepted"}).json()["results"]
    assert [row["id"] for row in rows] == [one.pk]


def test_an_item_is_confirmed_or_sent_back(call, town):
    board = june(town)
    record(town, board, "study")
    item = BoardItem.objects.get(board=board, kind="study")
    page = f"{URL}boards/{board.pk}/items/{item.pk}/"
    staff = call("community_staff")
    assert staff.post(f"{page}send_back/", {"note": ""}).status_code == 400
    assert call("grid_head").post(f"{page}confirm/").status_code == 403
    assert staff.post(f"{page}submit/").status_code == 404, "it has a form of its own"
    assert staff.post(f"{page}confirm/").json()["status"] == "confirmed"
    rows = staff.get(f"{URL}boards/", {"month": JUNE.isoformat()}).json()["results"]
    assert len(rows[0]["items"]) == 5


def test_a_paper_is_read_and_a_round_becomes_a_case(call, town):
    one = paper(town, now=timezone.now(), read_by=timezone.localdate() + timedelta(days=5))
    assert call("grid_head").post(f"{URL}papers/{one.pk}/read/").status_code == 204
    assert call("grid_head").post(f"{URL}papers/{one.pk}/read/").status_code in (400, 409)
    category = Category.objects.get(slug="suggestion")
    facts = {"grid": town.grid.pk, "route": "1 栋到 3 栋", "minutes": 30}
    made = call("grid_head").post(f"{URL}patrols/", facts)
    assert made.status_code == 201 and made.json()["case"] is None
    found = {**facts, "finding": "楼道堆物", "category": category.slug}
    assert call("grid_head").post(f"{URL}patrols/", found).json()["case_no"]
    far = {**facts, "grid": town.far_grid.pk}
    assert call("grid_head").post(f"{URL}patrols/", far).status_code == 400


def test_the_list_of_rounds_asks_no_more_for_more_rows(call, town, django_assert_max_num_queries):
    def walk():
        services.record_patrol(
            grid=town.grid, route="1 栋", minutes=30, by=town.users["grid_head"],
        )  # fmt: skip

    walk()
    client = call("community_staff")
    with django_assert_max_num_queries(30) as seen:
        assert client.get(f"{URL}patrols/").json()["results"][0]["community_name"]
    walk()
    with django_assert_max_num_queries(len(seen)):
        assert len(client.get(f"{URL}patrols/").json()["results"]) == 2


def test_the_admin_shows_the_tables(town, enter):
    one = elect(town)
    client = enter("community_staff")
    page = reverse("admin:partybuilding_committeeterm_changelist")
    assert "第一届" in client.get(page).content.decode()
    assert "第一届" not in enter("other_community_staff").get(page).content.decode()
    detail = reverse("admin:partybuilding_committeeterm_change", args=[one.pk])
    assert client.get(detail).status_code == 200
    assert client.post(detail, {"name": "改"}).status_code == 403
