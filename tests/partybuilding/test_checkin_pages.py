"""The pages of 两地报到: the desk, the phone, the unit's side, figures and cost."""

from datetime import date
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from docx import Document

from orgs.models import Person
from partybuilding import services
from partybuilding.checkin_lists import unit_numbers
from partybuilding.models import CheckIn, Confirmation, FeedbackCard
from residents.models import Residency
from tests.partybuilding.cast import MAY, engaged, invited

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def test_a_card_goes_to_the_unit_and_back(town, enter):
    engaged(town)
    services.draft_cards(today=date(2026, 7, 1))
    card = FeedbackCard.objects.get()
    unit, staff = enter("partner_unit"), enter("community_staff")
    page = reverse("partybuilding:card", args=[card.pk])
    assert unit.get(page).status_code == 404
    with pytest.raises(PermissionDenied):
        services.move_card(card=card, name="send", by=town.users["partner_unit"], note="好")
    send = reverse("partybuilding:card_move", args=[card.pk, "send"])
    assert staff.post(send, {"note": ""}).status_code == 400
    assert staff.post(send, {"note": "服务热心"}).status_code == 302
    shown = unit.get(page).content.decode()
    assert "钱在职" in shown and "服务热心" in shown and "301" not in shown
    answer = unit.get(reverse("partybuilding:card_word", args=[card.pk]))
    words = Document(BytesIO(b"".join(answer)))
    assert words.tables[0].rows[1].cells[0].text == "钱在职"
    unit.post(reverse("partybuilding:card_move", args=[card.pk, "receive"]))
    card.refresh_from_db()
    assert card.status == "received"


def test_the_member_on_his_phone(town, client):
    invited(town)
    door = services.door_of(town.partner)
    page = reverse("partybuilding:checkin_apply", args=[door.token])
    typed = {
        "name": "钱在职", "phone": "13800001111", "community": town.community.pk,
        "place": "阳光花园1栋1单元301", "wishes": ["safety"],
    }  # fmt: skip
    refused = client.post(page, typed)
    assert refused.status_code == 400
    assert "阳光花园1栋1单元301" in refused.content.decode()
    answer = client.post(page, {**typed, "agree": "on"})
    one = CheckIn.objects.get()
    mine = reverse("partybuilding:checkin_mine", args=[one.token])
    assert answer["Location"] == mine
    shown = client.get(mine).content.decode()
    assert "钱在职" not in shown and "13800001111" not in shown
    assert "认领</button>" not in shown
    services.accept(check_in=one, by=town.users["community_staff"], now=MAY)
    duty = {
        "act": "duty",
        "kind": "area",
        "category": "safety",
        "duties": "巡楼",
        "start": "2026-05-07",
    }
    assert client.post(mine, duty).status_code == 400
    assert client.post(mine, {**duty, "buildings": [town.building.pk]}).status_code == 302
    services.ask_confirmations(today=date(2026, 7, 1))
    assert "半年确认" in client.get(mine).content.decode()
    client.post(mine, {"act": "here"})
    assert Confirmation.objects.get().still_here is True
    assert client.get(reverse("partybuilding:checkin_mine", args=["wrong"])).status_code == 404


def test_the_unit_reads_its_own_people_without_their_homes(town, enter):
    one = engaged(town)
    page = reverse("partybuilding:checkin", args=[one.pk])
    shown = enter("partner_unit").get(page).content.decode()
    assert "钱在职" in shown and "301" not in shown and "暂停服务" not in shown
    assert "13800001111" not in shown
    assert enter("dept_handler").get(page).status_code == 404
    staff = enter("community_staff").get(page).content.decode()
    assert "阳光花园1栋1单元301" in staff and "暂停服务" in staff


@pytest.mark.parametrize("who", ["other_street_admin", "other_community_staff", "other_grid_head"])
def test_outsiders_get_404(town, enter, who):
    one = engaged(town)
    services.draft_cards(today=date(2026, 7, 1))
    client = enter(who)
    addresses = [("checkin", one.pk), ("checkin_slip", one.pk), ("checkin_duty", one.pk)]
    addresses += [("duty", one.duties.get().pk), ("card", FeedbackCard.objects.get().pk)]
    for name, pk in addresses:
        assert client.get(reverse(f"partybuilding:{name}", args=[pk])).status_code == 404, name
    for name in ("checkins", "duties", "cards"):
        assert client.get(reverse(f"partybuilding:{name}")).context["page"].count == 0


def test_the_desk_pages_open(town, enter):
    one = engaged(town)
    client = enter("community_secretary")
    names = [
        ("checkins", []), ("units", []), ("duties", []), ("cards", []), 
        ("checkin", [one.pk]), ("checkin_slip", [one.pk]), ("checkin_duty", [one.pk]),
        ("checkin_confirm", [one.pk]), ("checkin_appraise", [one.pk]),
        ("checkin_form", [one.pk, "transfer"]), ("checkin_form", [one.pk, "match"]),
        ("checkin_move", [one.pk, "leave"]), 
        ("duty", [one.duties.get().pk]), ("duty_new", [town.grid.pk]),
        ("duty_end", [one.duties.get().pk]), ("duty_comment", [one.duties.get().pk]),
    ]  # fmt: skip
    for name, args in names:
        assert client.get(reverse(f"partybuilding:{name}", args=args)).status_code == 200, name
    for name in ("checkins", "units", "duties", "cards"):
        answer = client.get(reverse(f"partybuilding:{name}") + "?file=xlsx")
        assert answer.status_code == 200 and b"".join(answer)[:2] == b"PK", name


def test_counts_equal_lists(town, enter):
    engaged(town)
    services.invite(unit=town.partner, roster="孙二明 13800002222", by=None)
    for who in ("street_admin", "partner_unit"):
        client = enter(who)
        for name in ("checkins", "duties"):
            for figure in client.get(reverse(f"partybuilding:{name}")).context["figures"]:
                assert client.get(figure.url).context["page"].count == figure.value, figure.label
    mine = CheckIn.objects.visible_to(town.users["street_admin"])
    numbers = unit_numbers(mine, date(2026, 6, 1))[town.partner.pk]
    assert (numbers["listed"], numbers["reported"], numbers["serving"]) == (2, 1, 1)


def test_lists_cost_the_same_with_more_rows(town, enter, django_assert_max_num_queries):
    engaged(town)
    client = enter("street_admin")
    pages = [reverse(f"partybuilding:{name}") for name in ("checkins", "units", "duties", "cards")]
    counts = {}
    for page in pages:
        client.get(page)
        with django_assert_max_num_queries(80) as seen:
            client.get(page)
        counts[page] = len(seen)
    for number in range(4):
        phone = f"1380000333{number}"
        services.invite(unit=town.department, roster=f"党员甲 {phone}", by=None)
        one = services.apply(
            unit=town.department, name="党员甲", phone=phone, community=town.community,
            place="阳光花园1栋", now=MAY,
        )  # fmt: skip
        services.accept(check_in=one, by=town.users["community_staff"], now=MAY)
        services.claim_duty(
            grid=town.grid, person=one.person, kind="area", category="law", duties="普法",
            start=date(2026, 5, 6), by=None, check_in=one, buildings=[town.building],
        )  # fmt: skip
    services.draft_cards(today=date(2026, 7, 1))
    for page in pages:
        with django_assert_max_num_queries(counts[page] + 2):
            client.get(page)


def test_lists_are_handed_in_by_units_and_streets(town, enter):
    roster = {"unit": town.partner.pk, "roster": "钱在职 13800001111"}
    new = reverse("partybuilding:checkin_invite")
    assert enter("community_staff").get(new).status_code == 403
    for who in ("partner_unit", "street_admin"):
        client = enter(who)
        answer = client.post(new, roster, follow=True)
        assert answer.status_code == 200 and "报到码" in answer.content.decode(), who
    code = reverse("partybuilding:unit_code", args=[town.partner.pk])
    assert enter("other_street_admin").get(code).status_code == 404
    assert enter("community_staff").get(code).status_code == 403
    bad = enter("partner_unit").post(
        new, {"unit": town.department.pk, "roster": "钱在职 13800001111"}
    )
    assert bad.status_code == 400


def test_a_community_of_a_street_has_its_own_rate(town, enter):
    """Reported of those who live here: the unit's list below the street names no community."""
    engaged(town)
    services.invite(unit=town.partner, roster="孙二明 13800002222\n周三立 13800003333", by=None)
    for name, home in (("孙二明", town.sister_household), ("周三立", town.other_household)):
        person = Person.objects.get(name=name)
        Residency.objects.create(person=person, household=home, status="常住")
    rate = {}
    for who in ("community_secretary", "street_admin"):
        page = enter(who).get(reverse("partybuilding:units"))
        cells = {one["label"]: one["value"] for one in page.context["rows"][0]["cells"]}
        rate[who] = cells["报到率"]
    assert rate == {"community_secretary": "50%（1/2）", "street_admin": "33%（1/3）"}
    page = enter("community_secretary").get(reverse("partybuilding:checkins"), {"show": "all"})
    assert "孙二明" not in page.content.decode(), "who they are the unit knows"


def test_a_unit_nobody_of_which_has_reported_stands_in_the_list_with_zeros(town, enter):
    services.invite(unit=town.partner, roster="孙二明 13800002222", by=None)
    person = Person.objects.get(name="孙二明")
    Residency.objects.create(person=person, household=town.households[0], status="常住")
    page = enter("community_secretary").get(reverse("partybuilding:units"))
    (row,) = page.context["rows"]
    cells = {one["label"]: one for one in row["cells"]}
    assert cells["单位"]["value"] == town.partner.name and cells["报到率"]["value"] == "0%（0/1）"
    assert cells["名单"]["value"] == 0 and not cells["名单"]["url"]
