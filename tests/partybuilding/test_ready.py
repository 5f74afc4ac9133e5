"""三有 lights and the half-yearly 五基: counts equal lists, halves opened once, answered, confirmed."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from partybuilding import services
from partybuilding.models import BasicsCheck, GridVenue
from partybuilding.services.ready import CODES
from partybuilding.waiting import waiting_for
from tests.partybuilding.test_means import fund

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 1)


def refuses(words):
    return pytest.raises(ValidationError, match=words)


def check_of(town, today=JUNE):
    services.open_basics(today=today)
    return BasicsCheck.objects.get(branch=town.branch, half=date(2026, 1, 1))


def test_a_half_is_opened_once_also_a_week_late_and_across_the_year(town):
    assert services.open_basics(today=date(2026, 5, 31)) == 0
    assert services.open_basics(today=date(2026, 6, 8)) == 3
    assert services.open_basics(today=date(2026, 6, 9)) == 0
    assert services.open_basics(today=date(2026, 7, 2)) == 0
    # The worker stood still all December: the second half is opened in January.
    assert services.open_basics(today=date(2027, 1, 3)) == 3
    halves = BasicsCheck.objects.filter(branch=town.branch).values_list("half", flat=True)
    assert sorted(halves) == [date(2026, 1, 1), date(2026, 7, 1)]
    assert BasicsCheck.objects.get(branch=town.branch, half=date(2026, 7, 1)).due_on == date(
        2026, 12, 31
    )


def test_answered_confirmed_and_sent_back(town):
    check = check_of(town)
    secretary, branch = town.users["community_secretary"], town.users["branch_secretary"]
    with refuses("差距和打算"):
        services.answer_basics(check=check, ticked=CODES[:3], remark="", by=branch)
    assert "个支部的五基自查还没填" in [one.sentence for one in waiting_for(branch, timezone.now())]
    services.answer_basics(check=check, ticked=[*CODES[:18], "x"], remark="年底前补齐", by=branch)
    assert check.score == 90
    assert [points for _, points, _ in check.parts] == [20, 20, 20, 20, 10]
    with pytest.raises(PermissionDenied):
        services.move_basics(check=check, name="confirm", by=town.users["grid_head"])
    services.move_basics(check=check, name="send_back", by=secretary, note="写明时间")
    services.answer_basics(check=check, ticked=CODES, remark="", by=secretary)
    with refuses("另一位同志"):
        services.move_basics(check=check, name="confirm", by=secretary)
    services.move_basics(check=check, name="confirm", by=town.users["community_staff"])
    with refuses("不能填报"):
        services.answer_basics(check=check, ticked=CODES, remark="", by=branch)


def test_a_venue_is_kept_by_those_of_the_grid(town):
    facts = {"grid": town.grid, "name": "党群服务站", "address": "1栋北", "since": date(2026, 1, 1)}
    for who in ("other_street_admin", "partner_unit", "dispatcher"):
        with pytest.raises(PermissionDenied):
            services.add_venue(by=town.users[who], **facts)
    venue = services.add_venue(by=town.users["branch_secretary"], **facts)
    with refuses("不能早于"):
        services.end_venue(venue=venue, on=date(2025, 1, 1), by=town.users["branch_secretary"])
    services.end_venue(venue=venue, on=date(2026, 2, 1), by=town.users["branch_secretary"])
    with refuses("已经停用"):
        services.end_venue(venue=venue, on=date(2026, 2, 1), by=town.users["branch_secretary"])


def test_the_three_lights_equal_their_lists(town, enter):
    year = timezone.localdate().year
    fund(town, org=town.sister_community, by=None, year=year)
    services.add_venue(
        grid=town.grid, name="站", address="1栋", since=date(2026, 1, 1),
        by=town.users["community_staff"],
    )  # fmt: skip
    client = enter("street_admin")
    answer = client.get(reverse("partybuilding:three_have"))
    counts = {figure.label: figure.value for figure in answer.context["figures"]}
    assert (counts["在用网格"], counts["有钱办事"], counts["有场所办事"]) == (3, 1, 1)
    for figure in answer.context["figures"]:
        assert client.get(figure.url).context["page"].count == figure.value, figure.label


@pytest.mark.parametrize("who", ["other_street_admin", "other_community_staff", "other_grid_head"])
def test_outsiders_get_404(town, enter, who):
    check = check_of(town)
    venue = services.add_venue(
        grid=town.grid, name="站", address="1栋", since=date(2026, 1, 1), by=None
    )
    client = enter(who)
    for name, pk in (("basics", check.pk), ("grid_ready", town.grid.pk), ("venue_new", town.grid.pk),
                     ("venue_end", venue.pk)):  # fmt: skip
        assert client.get(reverse(f"partybuilding:{name}", args=[pk])).status_code == 404, name


def test_the_pages_open_export_and_cost_the_same(town, enter, django_assert_max_num_queries):
    check = check_of(town)
    venue = services.add_venue(
        grid=town.grid, name="站", address="1栋", since=date(2026, 1, 1), by=None
    )
    client = enter("community_secretary")
    for name, args in (
        ("three_have", []), ("grid_ready", [town.grid.pk]), ("venue_new", [town.grid.pk]),
        ("venue_end", [venue.pk]), ("basics_list", []), ("basics", [check.pk]),
        ("basics_form", [check.pk, "submit"]),
    ):  # fmt: skip
        assert client.get(reverse(f"partybuilding:{name}", args=args)).status_code == 200, name
    page = reverse("partybuilding:basics_form", args=[check.pk, "submit"])
    refused = client.post(page, {"org": ["org_set"], "remark": ""})
    assert refused.status_code == 400
    assert client.post(page, {"org": ["org_set"], "remark": "年底改完"}).status_code == 302
    for name in ("three_have", "basics_list"):
        assert b"".join(client.get(reverse(f"partybuilding:{name}") + "?file=xlsx"))[:2] == b"PK"
    answer = client.get(reverse("partybuilding:basics_list"))
    for figure in answer.context["figures"]:
        assert client.get(figure.url).context["page"].count == figure.value
    street = enter("street_admin")
    lists = [reverse("partybuilding:three_have"), reverse("partybuilding:basics_list")]
    counts = {}
    for address in lists:
        with django_assert_max_num_queries(80) as seen:
            street.get(address)
        counts[address] = len(seen)
    GridVenue.objects.create(
        district=town.district, street=town.street, community=town.community, grid=town.sister_grid,
        name="亭", address="2栋",
    )  # fmt: skip
    for address in lists:
        with django_assert_max_num_queries(counts[address]):
            street.get(address)
