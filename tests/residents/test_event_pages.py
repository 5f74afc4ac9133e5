"""Life events by form: one short page each; strangers 404, readers 403, mistakes named in place."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from orgs.models import OrgPost
from residents.models import Household, LifeEvent, LinkedHousehold, Rental, Residency
from residents.services import add_resident, start_rental
from tests.residents.test_households_services import citizen_id, identity
from tests.town import LONG_AGO, Town, make_household

TODAY = timezone.localdate().isoformat()
SETTLED = date(2026, 1, 1)


@pytest.fixture
def wang(town: Town) -> Residency:
    return add_resident(
        household=town.households[0], name="王小明", relation="户主", by=None, start=SETTLED,
        identity=identity(number=citizen_id()), phone="16900001234",
    )  # fmt: skip


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_strangers_get_404_and_readers_403(town: Town, enter: Any, wang: Residency) -> None:
    rental = start_rental(household=town.households[0], landlord="房东", start=SETTLED, by=None)
    base = f"/residents/{town.households[0].pk}"
    pages = [f"{base}/{name}/" for name in ("move-in", "birth", "split", "merge", "rent")]
    pages.append(f"{base}/rent/{rental.pk}/end/")
    pages += [f"{base}/people/{wang.pk}/{name}/" for name in ("end", "head", "marry", "apart")]
    for page in pages:
        assert enter("other_grid_head").get(page).status_code == 404, page
        assert enter("dispatcher").get(page).status_code == 403, page
        assert enter("grid_head").get(page).status_code == 200, page
        answer = enter("grid_head").post(page, {"on": "2999-01-01"})
        assert answer.status_code == 400, page
        assert LifeEvent.objects.exclude(kind="rented").count() == 0


def test_moving_in_and_birth_by_form(town: Town, enter: Any) -> None:
    client, base = enter("grid_head"), f"/residents/{town.households[1].pk}"
    typed = {"name": "赵一", "relation": "户主", "on": TODAY, "phone": "169", "origin": "外省"}
    answer = client.post(f"{base}/move-in/", typed)
    assert answer.status_code == 400
    assert 'value="赵一"' in text(answer)
    assert client.post(f"{base}/move-in/", {**typed, "phone": "16900005555"}).status_code == 302
    born = {"name": "赵小", "gender": "2", "on": TODAY, "relation": "子女"}
    assert client.post(f"{base}/birth/", born).status_code == 302
    page = client.get(f"{base}/")
    assert [one.name for one in page.context["residents"]] == ["赵一", "赵小"]
    assert [line.title for line in page.context["events"]] == ["出生", "迁入"]
    assert "外省" in text(page)


def test_a_move_names_the_door_and_says_what_is_unclear(
    town: Town, enter: Any, wang: Residency
) -> None:
    client = enter("grid_head")
    url = f"/residents/{town.households[0].pk}/people/{wang.pk}/end/"
    moves = {"reason": "moved_out", "on": TODAY}
    for door, words in (
        ("1栋", "请写到房号"), ("1栋1单元999", "没有这一户"), ("2栋1单元201", "没有这一户"),
    ):  # fmt: skip
        answer = client.post(url, {**moves, "to": door})
        assert answer.status_code == 400
        assert words in text(answer)
    make_household(town.building, "102")
    assert "不止一户" in text(client.post(url, {**moves, "to": "1栋1单元102"}))
    assert "只有迁出" in text(client.post(url, {"reason": "died", "on": TODAY, "to": "x"}))
    make_household(town.building, "105")
    assert client.post(url, {**moves, "to": "阳光花园1栋1单元105"}).status_code == 302
    assert Residency.objects.get(person=wang.person, end=None).household.room == "105"


def test_death_leads_to_the_handover_and_hides_the_phone(
    town: Town, enter: Any, wang: Residency
) -> None:
    OrgPost.objects.create(
        person=wang.person, org_unit=town.group, kind="group_leader", start=LONG_AGO
    )
    LinkedHousehold.objects.create(head=wang.person, household=town.households[1], start=LONG_AGO)
    add_resident(household=town.households[0], name="李二", relation="配偶", by=None)
    client = enter("grid_head")
    url = f"/residents/{town.households[0].pk}/people/{wang.pk}/end/"
    answer = client.post(url, {"reason": "died", "on": TODAY}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/residents/people/{wang.person_id}/"
    page = text(answer)
    assert "请在这一户指定新的户主" in page
    assert "待交接（2 项）" in page
    assert "党小组组长" in page
    assert "联系 1 户" in page
    assert "登记死亡" in page
    assert "169****1234" not in page


def test_split_merge_and_rent_by_form(town: Town, enter: Any, wang: Residency) -> None:
    client, home = enter("community_staff"), town.households[0]
    son = add_resident(household=home, name="王大", relation="子女", by=None, start=SETTLED)
    base = f"/residents/{home.pk}"
    asked = {"leaving": [son.pk], "head": son.pk, "on": TODAY, "room": "108", "unit": "9"}
    assert "单元有" in text(client.post(f"{base}/split/", asked))
    assert client.post(f"{base}/split/", {**asked, "unit": "2"}).status_code == 302
    new = Household.objects.get(room="108")
    assert str(new.entrance) == "2单元"
    assert client.post(f"{base}/rent/", {"landlord": "房东", "start": TODAY}).status_code == 302
    rental = Rental.objects.get()
    over = {"on": TODAY, "occupancy": "owned"}
    assert client.post(f"{base}/rent/{rental.pk}/end/", over).status_code == 302
    into = {"into": "1栋1单元101", "on": TODAY}
    assert client.post(f"/residents/{new.pk}/merge/", into).status_code == 302
    assert client.get(f"/residents/{new.pk}/").context["may_edit"] is False


def test_marriage_and_living_apart_by_form(town: Town, enter: Any, wang: Residency) -> None:
    client, base = enter("grid_head"), f"/residents/{town.households[0].pk}/people/{wang.pk}"
    assert "请选择同户的配偶" in text(client.post(f"{base}/marry/", {"on": TODAY}))
    assert client.post(f"{base}/marry/", {"on": TODAY, "name": "李小红"}).status_code == 302
    apart = {"kind": "away", "elsewhere": "外地某处", "on": TODAY}
    assert client.post(f"{base}/apart/", apart).status_code == 302
    page = text(client.get(f"/residents/{town.households[0].pk}/"))
    assert "户在人不在：外地某处" in page
    assert "外地某处" not in text(enter("dispatcher").get(f"/residents/{town.households[0].pk}/"))
    assert client.post(f"{base}/apart/", {"on": TODAY}).status_code == 302
    assert not wang.separations.filter(end=None).exists()
