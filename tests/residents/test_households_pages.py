"""The pages of households: scope, masking, finding people without a trace, conflicts, reveals."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orgs.models import AuditEntry
from residents.models import CareKind, Household, Residency
from residents.services import add_care_tag, add_resident
from residents.services.reveal import DAILY_LIMIT
from tests.residents.test_households_services import citizen_id, identity
from tests.town import Town, make_household

SEES = {
    "street_admin": 4, "dispatcher": 4, "community_staff": 3, "community_secretary": 3,
    "branch_secretary": 3, "grid_head": 2, "grid_worker_ft": 2, "grid_worker_pt": 2,
    "police_contact": 2, "group_leader": 2, "corridor_head": 1, "sister_grid_head": 1,
    "other_grid_head": 1, "other_street_admin": 1, "other_community_staff": 1,
    "second_dispatcher": 4,
}  # fmt: skip
KEEPS = ["community_staff", "grid_head", "grid_worker_ft"]


@pytest.fixture
def wang(town: Town) -> Residency:
    """王小明, head of the first household, with papers and a phone."""
    return add_resident(
        household=town.households[0], name="王小明", relation="户主", by=None,
        identity=identity(number=citizen_id()), phone="16900001234",
    )  # fmt: skip


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_each_role_sees_the_households_of_its_area(town: Town, enter: Any) -> None:
    for who in town.users:
        answer = enter(who).get("/residents/")
        if who in SEES:
            assert answer.context["page"].count == SEES[who], who
        else:
            assert answer.status_code == 403, who
            assert "不能查看居民档案" in text(answer)


def test_strangers_get_404_everywhere(town: Town, enter: Any, wang: Residency) -> None:
    pk, person = town.households[0].pk, wang.pk
    pages = [
        f"/residents/{pk}/", f"/residents/{pk}/edit/", f"/residents/{pk}/close/",
        f"/residents/{pk}/people/new/", f"/residents/{pk}/people/{person}/",
        f"/residents/{pk}/people/{person}/end/", f"/residents/{pk}/people/{person}/reveal/",
        f"/residents/{pk}/people/{person}/care/",
    ]  # fmt: skip
    for who in ("other_street_admin", "other_grid_head", "sister_grid_head"):
        for page in pages:
            assert enter(who).get(page).status_code == 404, (who, page)
    for who in ("dispatcher", "grid_worker_pt", "branch_secretary", "corridor_head"):
        for page in pages[1:7]:
            assert enter(who).get(page).status_code == 403, (who, page)
    for who in ("sysadmin", "auditor", "district_official", "dept_handler", "volunteer"):
        for page in pages:
            assert enter(who).get(page).status_code == 403, (who, page)
    for who in KEEPS:
        for page in pages:
            assert enter(who).get(page).status_code == 200, (who, page)
    crossed = f"/residents/{town.households[1].pk}/people/{person}/"
    assert enter("grid_head").get(crossed).status_code == 404


def test_lists_mask_for_everybody(town: Town, enter: Any, wang: Residency) -> None:
    for who in ("community_staff", "dispatcher"):
        page = text(enter(who).get("/residents/"))
        assert "王*明" in page
        assert "169****1234" in page
        assert "王小明" not in page
        assert "16900001234" not in page
    assert "阳光花园1栋1单元101" in text(enter("community_staff").get("/residents/"))
    dispatcher = text(enter("dispatcher").get("/residents/"))
    assert "阳光花园1栋1单元1**" in dispatcher
    assert "阳光花园1栋1单元101" not in dispatcher


def test_the_detail_is_full_for_keepers_and_audited(
    town: Town, enter: Any, wang: Residency
) -> None:
    url = f"/residents/{town.households[0].pk}/"
    for who, name in (
        ("grid_head", "王小明"), ("community_staff", "王小明"), ("corridor_head", "王小明"),
        ("dispatcher", "王*明"), ("grid_worker_pt", "王*明"), ("street_admin", "王*明"),
    ):  # fmt: skip
        answer = enter(who).get(url)
        assert name in text(answer), who
        for hidden in (citizen_id(), "16900001234", "1980-01-01"):
            assert hidden not in text(answer), who
        assert "no-store" in answer["Cache-Control"]
    entries = AuditEntry.objects.filter(action="resident.view", target_kind="residents.household")
    assert {entry.actor.username for entry in entries if entry.actor} >= {"grid_head", "dispatcher"}
    assert all("王" not in str(entry.detail) for entry in entries)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("王小明", 1), ("王", 1), ("wxm", 1), ("WX", 1), ("16900001234", 1), ("169 0000 1234", 1),
        (citizen_id(), 1), ("1栋1单元101", 1), ("101", 1), ("阳光花园", 3), ("1栋", 2),
        ("阳光花园1栋1单元102", 1), ("李", 0), ("16900009999", 0), ("9栋", 0), ("349901", 0),
    ],
)  # fmt: skip
def test_one_box_finds_people_and_doors(
    town: Town, enter: Any, wang: Residency, typed: str, found: int
) -> None:
    answer = enter("community_staff").post("/residents/", {"q": typed})
    assert answer.status_code == 200
    assert answer.context["page"].count == found
    assert len(answer.context["rows"]) == found


def test_who_sees_masked_finds_doors_only(town: Town, enter: Any, wang: Residency) -> None:
    client = enter("dispatcher")
    for typed in ("王小明", "wxm", "16900001234", citizen_id()):
        assert client.post("/residents/", {"q": typed}).context["page"].count == 0, typed
    assert client.post("/residents/", {"q": "1栋1单元101"}).context["page"].count == 1


def test_nobody_finds_beyond_the_own_scope(town: Town, enter: Any, wang: Residency) -> None:
    for who in ("other_community_staff", "sister_grid_head"):
        assert enter(who).post("/residents/", {"q": citizen_id()}).context["page"].count == 0


def test_search_keeps_no_trace(town: Town, enter: Any, wang: Residency) -> None:
    client = enter("community_staff")
    answer = client.post("/residents/", {"q": citizen_id()})
    assert citizen_id() not in answer.headers.get("Location", "")
    assert citizen_id() not in str(dict(client.session))
    page = text(answer)
    assert f"?q={citizen_id()}" not in page
    assert client.post("/residents/", {"q": ""}).status_code == 400
    assert client.post("/residents/", {"q": "王\0"}).status_code == 400


def test_filters_narrow_and_bad_ones_are_told(town: Town, enter: Any) -> None:
    client = enter("community_staff")
    Household.objects.filter(pk=town.households[0].pk).update(occupancy="rented")
    for query, count in (
        (f"grid={town.grid.pk}", 2), (f"building={town.sister_building.pk}", 1),
        ("occupancy=rented", 1), ("kind=collective", 0), ("closed=1", 0),
        (f"grid={town.grid.pk}&building={town.building.pk}", 2),
    ):  # fmt: skip
        assert client.get(f"/residents/?{query}").context["page"].count == count, query
    for query in ("grid=x", "occupancy=castle", f"grid={town.other_grid.pk}", "building=9999999"):
        assert client.get(f"/residents/?{query}").status_code == 400, query


def test_an_empty_register_says_what_to_do(town: Town, enter: Any) -> None:
    Household.objects.filter(pk=town.other_household.pk).update(closed_on=date(2026, 1, 1))  # type: ignore[union-attr]
    page = text(enter("other_community_staff").get("/residents/"))
    assert "还没有登记住户" in page
    assert "新建住户" in page


def test_the_list_asks_the_same_queries_for_more_rows(
    town: Town, enter: Any, wang: Residency
) -> None:
    client = enter("community_staff")
    client.get("/residents/")
    with CaptureQueriesContext(connection) as few:
        client.get("/residents/")
    for number in range(200, 230):
        home = make_household(town.building, str(number))
        add_resident(household=home, name="张三", relation="户主", by=None)
    with CaptureQueriesContext(connection) as many:
        assert client.get("/residents/").context["page"].count == 33
    assert len(many) == len(few)


def test_a_household_asks_the_same_queries_for_more_people(
    town: Town, enter: Any, wang: Residency
) -> None:
    client, url = enter("grid_head"), f"/residents/{town.households[0].pk}/"
    kind = CareKind.objects.get(code="hardship")
    add_care_tag(residency=wang, kind=kind, level="red", start=date(2026, 1, 1), by=None)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(5):
        one = add_resident(household=town.households[0], name=f"王{number}", by=None)
        add_care_tag(residency=one, kind=kind, level="red", start=date(2026, 1, 1), by=None)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


def test_a_household_and_its_people_by_form(town: Town, enter: Any) -> None:
    client = enter("grid_head")
    typed = {"building": town.building.pk, "unit": "一单元", "room": "101", "kind": "ordinary"}
    refused = client.post("/residents/new/", typed)
    assert (refused.status_code, "已有一户" in text(refused)) == (400, True)
    wrong = client.post("/residents/new/", {**typed, "unit": "9单元"})
    assert "1单元、2单元" in text(wrong)
    done = client.post("/residents/new/", {**typed, "room": "601"})
    home = Household.objects.get(room="601")
    assert done["Location"] == f"/residents/{home.pk}/"
    url = f"/residents/{home.pk}/people/new/"
    person = {"name": "赵一", "gender": "0", "relation": "户主", "id_number": citizen_id()}
    bad = client.post(url, {**person, "id_number": "349901198001010019", "phone": "12"})
    assert bad.status_code == 400
    assert 'value="赵一"' in text(bad)
    assert set(bad.context["form"].errors) == {"id_number", "phone"}
    assert client.post(url, {**person, "phone": "16900001111"}).status_code == 302
    lives = home.residencies.get()
    assert (lives.is_head, lives.person.gender, lives.person.birth_year) == (True, "1", 1980)
    elsewhere = client.post("/residents/new/", {**typed, "building": town.sister_building.pk})
    assert elsewhere.status_code == 400


def test_a_conflict_keeps_what_was_typed(town: Town, enter: Any) -> None:
    url = f"/residents/{town.households[0].pk}/edit/"
    one, two = enter("grid_head"), enter("community_staff")
    form = one.get(url).context["form"]
    typed = {"unit": "1单元", "room": "108", "kind": "ordinary", "version": form.initial["version"]}
    assert two.post(url, {**typed, "room": "107"}).status_code == 302
    late = one.post(url, typed)
    assert late.status_code == 400
    assert "刚被别人改过" in text(late)
    assert 'value="108"' in text(late)
    assert "阳光花园1栋1单元107" in text(late)
    version = late.context["form"]["version"].value()
    assert one.post(url, {**typed, "version": version}).status_code == 302
    assert Household.objects.get(pk=town.households[0].pk).room == "108"


def test_editing_a_person(town: Town, enter: Any, wang: Residency) -> None:
    client, url = enter("grid_head"), f"/residents/{town.households[0].pk}/people/{wang.pk}/"
    page = text(client.get(url))
    assert citizen_id() not in page
    assert "现在是 349901" not in page  # masked: 3499**********…
    version = Household.objects.get(pk=town.households[0].pk).version
    typed = {
        "name": "王晓明", "gender": "1", "relation": "户主", "workplace": "学校", "version": version,
    }  # fmt: skip
    assert client.post(url, typed).status_code == 302
    wang.person.refresh_from_db()
    assert (wang.person.name, wang.person.phone.reveal()) == ("王晓明", "16900001234")
    stale = client.post(url, typed)
    assert "刚被别人改过" in text(stale)
    assert "现在的内容" in text(stale)


def test_moving_out_and_heads_by_form(town: Town, enter: Any, wang: Residency) -> None:
    client, base = enter("grid_head"), f"/residents/{town.households[0].pk}"
    second = add_resident(household=town.households[0], name="李二", by=None)
    assert client.post(f"{base}/people/{second.pk}/head/", {"on": "2026-01-01"}).status_code == 302
    second.refresh_from_db()
    assert second.is_head
    end = f"{base}/people/{wang.pk}/end/"
    assert client.post(end, {"reason": "moved_out", "on": "2999-01-01"}).status_code == 400
    today = timezone.localdate().isoformat()
    assert client.post(end, {"reason": "moved_out", "on": today}).status_code == 302
    page = client.get(f"{base}/")
    assert [one.name for one in page.context["residents"]] == ["李二"]
    assert "曾经居住（1 人）" in text(page)
    assert "另有 1 人已迁出" in text(enter("dispatcher").get(f"{base}/"))


def test_care_tags_by_form(town: Town, enter: Any, wang: Residency) -> None:
    client, base = enter("grid_head"), f"/residents/{town.households[0].pk}"
    kind = CareKind.objects.get(code="hardship")
    typed = {"kind": kind.pk, "level": "yellow", "start": "2026-03-02"}
    assert client.post(f"{base}/people/{wang.pk}/care/", typed).status_code == 302
    assert "困难家庭" in text(client.get(f"{base}/"))
    assert "困难家庭" not in text(enter("corridor_head").get(f"{base}/"))
    assert enter("dispatcher").get(f"{base}/people/{wang.pk}/care/").status_code == 403
    tag = wang.person.care_tags.get()
    assert enter("sister_grid_head").get(f"{base}/care/{tag.pk}/end/").status_code == 404
    assert (
        client.post(f"{base}/care/{tag.pk}/end/", {"reason": "", "end": "2026-04-01"}).status_code
        == 400
    )
    assert (
        client.post(
            f"{base}/care/{tag.pk}/end/", {"reason": "脱困", "end": "2026-04-01"}
        ).status_code
        == 302
    )
    assert "困难家庭" not in text(client.get(f"{base}/"))


def test_a_number_is_shown_once_with_a_purpose(town: Town, enter: Any, wang: Residency) -> None:
    client = enter("grid_head")
    url = f"/residents/{town.households[0].pk}/people/{wang.pk}/reveal/"
    assert citizen_id() not in text(client.get(url))
    unsaid = client.post(url, {"field": "id_number", "purpose": "other", "detail": ""})
    assert (unsaid.status_code, citizen_id() in text(unsaid)) == (400, False)
    shown = client.post(url, {"field": "id_number", "purpose": "入户核实"})
    assert citizen_id() in text(shown)
    assert "no-store" in shown["Cache-Control"]
    assert citizen_id() not in text(client.get(url))
    entry = AuditEntry.objects.get(action="resident.reveal")
    assert (entry.actor, entry.purpose) == (town.users["grid_head"], "入户核实")
    assert "还可查看 49 次" in text(client.get(url))


def test_too_many_reveals_are_refused(town: Town, enter: Any, wang: Residency) -> None:
    client = enter("grid_head")
    url = f"/residents/{town.households[0].pk}/people/{wang.pk}/reveal/"
    typed = {"field": "phone", "purpose": "联系本人"}
    for _ in range(DAILY_LIMIT):
        assert client.post(url, typed).status_code == 200
    refused = client.post(url, typed)
    assert refused.status_code == 429
    assert "达到上限" in text(refused)
    assert "16900001234" not in text(refused)


def test_closing_by_form(town: Town, enter: Any) -> None:
    client, url = enter("grid_head"), f"/residents/{town.households[1].pk}/close/"
    assert client.post(url, {"on": "2026-03-02", "version": "7"}).status_code == 400
    assert client.post(url, {"on": "2026-03-02", "version": "1"}).status_code == 302
    assert client.get("/residents/?closed=1").context["page"].count == 1
    assert "已于 2026年3月2日 销户" in text(client.get(f"/residents/{town.households[1].pk}/"))
