"""The page of a person: in scope, masked by role, with homes, hats, history, and who looked."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orgs.models import AuditEntry
from residents.models import CareKind, Residency
from residents.services import add_care_tag, add_resident, end_residency, move_to
from tests.residents.test_households_services import citizen_id, identity
from tests.town import Town, make_person

SETTLED = date(2026, 1, 1)


@pytest.fixture
def wang(town: Town) -> Residency:
    return add_resident(
        household=town.households[0], name="王小明", relation="户主", by=None, start=SETTLED,
        identity=identity(number=citizen_id()), phone="16900001234",
    )  # fmt: skip


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_it_is_found_by_those_in_scope_only(town: Town, enter: Any, wang: Residency) -> None:
    url = f"/residents/people/{wang.person_id}/"
    for who in ("sister_grid_head", "other_grid_head", "other_street_admin"):
        assert enter(who).get(url).status_code == 404, who
    for who in ("sysadmin", "auditor", "volunteer", "revisitor", "dept_handler"):
        assert enter(who).get(url).status_code == 403, who
    outsider = make_person("无户人")
    assert enter("grid_head").get(f"/residents/people/{outsider.pk}/").status_code == 404
    assert enter("grid_head").get("/residents/people/999999/").status_code == 404


def test_names_are_whole_for_keepers_and_masked_for_readers(
    town: Town, enter: Any, wang: Residency
) -> None:
    url = f"/residents/people/{wang.person_id}/"
    keeper, reader = text(enter("grid_head").get(url)), text(enter("dispatcher").get(url))
    assert "王小明" in keeper
    assert "王小明" not in reader
    assert "王*明" in reader
    for page in (keeper, reader):
        assert "169****1234" in page
        assert "16900001234" not in page
        assert citizen_id() not in page


def test_it_shows_homes_mates_and_history(town: Town, enter: Any, wang: Residency) -> None:
    today = timezone.localdate()
    move_to(residency=wang, to=town.households[1], on=today, by=None)
    add_resident(household=town.households[1], name="李二", relation="配偶", by=None)
    page = enter("community_staff").get(f"/residents/people/{wang.person_id}/")
    doors = [(stay.door[-3:], stay.residency.end) for stay in page.context["homes"]]
    assert doors == [("102", None), ("101", today)]
    assert [one["name"] for one in page.context["household_mates"]] == ["李二"]
    assert [line.title for line in page.context["events"]] == ["迁入", "迁出"]
    # The corridor head's own household is the first: the second home is not hers to see.
    narrow = enter("corridor_head").get(f"/residents/people/{wang.person_id}/")
    assert [stay.door[-3:] for stay in narrow.context["homes"]] == ["101"]
    assert narrow.context["household_mates"] == []
    assert "此人现在不住在您负责的范围内" in text(narrow)


def test_tags_follow_the_library_s_own_rules(town: Town, enter: Any, wang: Residency) -> None:
    for code in ("hardship", "left_behind_child"):
        kind = CareKind.objects.get(code=code)
        add_care_tag(residency=wang, kind=kind, level="red", start=SETTLED, by=None)
    url = f"/residents/people/{wang.person_id}/"
    seen = {
        who: [tag.kind.code for tag in enter(who).get(url).context["tags"]]
        for who in ("grid_head", "street_admin", "corridor_head")
    }
    assert seen == {
        "grid_head": ["hardship", "left_behind_child"],
        "street_admin": ["hardship"],
        "corridor_head": [],
    }


def test_every_look_is_on_record_and_shown_to_who_may_read_it(
    town: Town, enter: Any, wang: Residency
) -> None:
    url = f"/residents/people/{wang.person_id}/"
    assert "谁看过这个人" not in text(enter("grid_head").get(url))
    assert AuditEntry.objects.filter(action="person.view").count() == 1
    page = enter("street_admin").get(url)
    assert [look.actor for look in page.context["looks"]] == [town.users["grid_head"]]


def test_the_dead_have_no_phone_and_no_post(town: Town, enter: Any, wang: Residency) -> None:
    end_residency(residency=wang, on=timezone.localdate(), reason="died", by=None)
    page = text(enter("grid_head").get(f"/residents/people/{wang.person_id}/"))
    assert "登记死亡" in page
    assert "169****1234" not in page
    assert "待交接" not in page


def test_queries_do_not_grow_with_the_family(town: Town, enter: Any, wang: Residency) -> None:
    client, url = enter("grid_head"), f"/residents/people/{wang.person_id}/"
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(6):
        row = add_resident(household=town.households[0], name=f"客{number}", by=None)
        end_residency(residency=row, on=timezone.localdate(), reason="moved_out", by=None)
        add_resident(household=town.households[0], name=f"住{number}", by=None)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) <= len(few) + 1
    home = f"/residents/{town.households[0].pk}/"
    with CaptureQueriesContext(connection) as page:
        assert client.get(home).status_code == 200
    assert len(page) < 40
