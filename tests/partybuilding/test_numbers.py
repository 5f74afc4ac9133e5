"""报告数字: every count is its list's, in the reader's scope; the groups of the 党建 bar."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from orgs.levels import UnitKind
from orgs.models import OrgPost, PartyMember, Unit
from partybuilding import services
from partybuilding.models import FundAllocation
from partybuilding.numbers import NUMBERS, groups_for
from tests.town import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def some(town):
    """A little of several kinds, in two streets."""
    for org, street in ((town.community, town.street), (town.other_community, town.other_street)):
        services.record_training(
            org=org, topic="网格党务", kind="class", held_on=date(2024, 5, 1), hours=Decimal(2),
            place="党校", people=[make_person("学员甲"), make_person("学员乙")], by=None,
        )  # fmt: skip
        FundAllocation.objects.create(
            street=street, district=town.district, source="city", purpose="venue", year=2024,
            amount=Decimal(2_670_000), title="阵地建设", allotted_on=date(2024, 5, 1),
        )  # fmt: skip
    for org, kind in ((town.branch, "secretary"), (town.group, "group_leader")):
        person = make_person("带头人")
        PartyMember.objects.create(person=person, org_unit=org)
        OrgPost.objects.create(person=person, org_unit=org, kind=kind, start=date(2024, 1, 1))
    Unit.objects.create(name="示范大学", kind=UnitKind.UNIVERSITY, street=town.street)
    return town


def numbers(user):
    return {one.code: one for _, row in groups_for(user) for one in row}


def test_each_number_is_what_its_list_counts(some, client):
    for name in ("street_admin", "community_secretary", "branch_secretary"):
        user = some.users[name]
        client.force_login(user)
        found = numbers(user)
        for one in NUMBERS:
            if one.code not in found:
                continue
            counted = found[one.code]
            if one.bare:
                assert not counted.url, "a number without a list is no link"
                continue
            page = client.get(counted.url)
            if one.code == "members":
                assert page.context["total"] == counted.value
                page = client.get(page.context["rows"][0][2])
            assert page.status_code == 200, (name, one.code)
            assert page.context["page"].count == counted.value, (name, one.code)
    found = numbers(some.users["street_admin"])
    values = {code: found[code].value for code in ("leaders", "members", "trainings", "trained")}
    assert values == {"leaders": 2, "members": 2, "trainings": 1, "trained": 2}
    assert found["support"].value == 2_670_000 and found["partners"].value >= 1


def test_the_page_shows_and_exports_them_and_counts_in_few_queries(
    some, client, django_assert_max_num_queries
):
    client.force_login(some.users["street_admin"])
    page = reverse("partybuilding:numbers")
    client.get(page)
    with django_assert_max_num_queries(2 * len(NUMBERS)):
        text = client.get(page).content.decode()
    assert "支部班子成员和党小组长" in text and "267" in text
    answer = client.get(page, {"file": "xlsx"})
    assert "spreadsheet" in answer["Content-Type"]
    client.force_login(some.users["volunteer"])
    assert client.get(page).status_code == 403


def test_who_sees_only_statistics_gets_the_count_by_street(some, client):
    user = some.users["district_official"]
    assert numbers(user)["teams"].url == reverse("partybuilding:number", args=["teams"])
    client.force_login(user)
    page = client.get(reverse("partybuilding:number", args=["grids"]))
    rows = {root: many for root, many, _ in page.context["rows"]}
    assert set(rows) == {some.street, some.other_street}
    assert page.context["total"] == numbers(user)["grids"].value == sum(rows.values())
    for code in ("units", "nonsense", "deployed"):
        assert client.get(reverse("partybuilding:number", args=[code])).status_code == 404


def test_units_are_listed_by_kind(some, client):
    client.force_login(some.users["community_secretary"])
    page = client.get(reverse("partybuilding:partners"), {"kind": "local"})
    assert "示范大学" in page.content.decode() and page.context["page"].count == 2
    client.force_login(some.users["partner_unit"])
    assert client.get(reverse("partybuilding:partners")).status_code == 403


def test_the_bar_has_few_groups_and_says_where_one_is(some, client):
    client.force_login(some.users["street_admin"])
    page = client.get(reverse("partybuilding:papers"))
    groups = page.context["sections"]
    assert len(groups) <= 5 and sum(len(one.sections) for one in groups) >= 19
    now = [one for one in groups if one.now]
    assert [one.now.label for one in now] == ["政策文件"]
    text = page.content.decode()
    assert text.count('<details class="tab-group"') == 4 and 'aria-current="page"' in text
    client.force_login(some.users["partner_unit"])
    groups = client.get(reverse("partybuilding:cards")).context["sections"]
    assert [one.label for one in groups] == ["党员先锋", "共建联建"]
    assert client.get(reverse("partybuilding:start")).status_code == 302
