"""The pages about red corridor heads: who sees whom, figures equal lists, preview then apply."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orgs.fields import Sealed
from residents.headship import HeadState
from residents.models import (
    CareKind,
    CareTag,
    CorridorHead,
    HeadContact,
    Household,
    LinkedHousehold,
)
from residents.services import move_head
from tests.residents.heads import BEGAN, fill, live_in, serve
from tests.residents.test_visits import photo as photo_file
from tests.town import LONG_AGO, Town

Enter = Callable[[str], Client]


@pytest.fixture
def homes(town: Town) -> list[Household]:
    """Twenty-four homes in 1栋; 赵楼道 lives in the fourth and is a head without households."""
    LinkedHousehold.objects.all().delete()
    Household.objects.filter(pk__in=[home.pk for home in town.households]).update(closed_on=BEGAN)
    return fill(town.building)


@pytest.fixture
def head(town: Town, homes: list[Household]) -> CorridorHead:
    person = town.users["corridor_head"].person
    assert person is not None
    homes[3].residencies.create(person=person, start=BEGAN)
    return serve(homes[3], "", person)


def link(head: CorridorHead, homes: list[Household]) -> None:
    for home in homes:
        LinkedHousehold.objects.create(head=head.person, household=home, start=LONG_AGO)


# ---- the list ----


@pytest.mark.parametrize(
    ("who", "count"),
    [
        ("street_admin", 1), ("dispatcher", 1), ("community_staff", 1), ("community_secretary", 1),
        ("branch_secretary", 1), ("grid_head", 1), ("grid_worker_ft", 1), ("group_leader", 1),
        ("sister_grid_head", 0), ("other_grid_head", 0), ("other_street_admin", 0),
    ],
)  # fmt: skip
def test_who_sees_which_heads(enter: Enter, head: CorridorHead, who: str, count: int) -> None:
    answer = enter(who).get("/residents/heads/")
    assert answer.status_code == 200
    assert answer.context["page"].count == count
    assert enter(who).get(f"/residents/heads/{head.pk}/").status_code == (200 if count else 404)


@pytest.mark.parametrize(
    "who", ["sysadmin", "auditor", "district_official", "volunteer", "dept_handler", "revisitor",
            "police_contact", "grid_worker_pt"],
)  # fmt: skip
def test_who_has_no_business_with_heads(enter: Enter, head: CorridorHead, who: str) -> None:
    for path in ("", "gaps/", "assign/", "new/", f"{head.pk}/", f"{head.pk}/board/"):
        assert enter(who).get(f"/residents/heads/{path}").status_code == 403, path


def test_every_figure_counts_its_list(
    town: Town, enter: Enter, head: CorridorHead, homes: list[Household]
) -> None:
    link(head, homes[:9])
    LinkedHousehold.objects.create(
        head=live_in(homes[9], "组长"), household=homes[9], start=LONG_AGO, temporary=True
    )
    waiting = serve(homes[20], "等批准")
    CorridorHead.objects.filter(pk=waiting.pk).update(state=HeadState.CONSENTED, start=None)
    gone = serve(homes[21], "搬走了")
    gone.person.residencies.update(end=BEGAN + timedelta(days=1))
    CorridorHead.objects.filter(pk=gone.pk).update(term_end=date(2025, 6, 1))
    client = enter("community_staff")
    page = client.get("/residents/heads/")
    figures = {one["label"]: one for one in page.context["figures"]}
    assert figures["在任楼道长"]["value"] == 2
    assert figures["未覆盖"]["value"] == 16
    assert "9 户" in figures["覆盖率"]["formula"]
    for label, one in figures.items():
        counted = client.get(one["url"]).context["page"].count
        assert label == "覆盖率" or counted == one["value"], label
    for bar in page.context["bars"]:
        assert client.get(bar["url"]).context["page"].count == bar["count"], bar
    assert sum(bar["count"] for bar in page.context["bars"]) == 2


def test_the_list_asks_no_more_for_more_heads(
    enter: Enter, head: CorridorHead, homes: list[Household]
) -> None:
    client = enter("community_staff")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get("/residents/heads/").status_code == 200
        return len(seen)

    queries()
    before = queries()
    for number in range(6):
        serve(homes[number + 5], f"增{number}")
    assert queries() == before


def test_a_bad_filter_is_named(enter: Enter, head: CorridorHead) -> None:
    assert enter("community_staff").get("/residents/heads/?show=9").status_code == 400
    assert enter("community_staff").get("/residents/heads/gaps/?gap=9").status_code == 400


def test_the_export_masks_phones(enter: Enter, head: CorridorHead) -> None:
    head.person.phone = Sealed.of("16900000001")
    head.person.save()
    text = enter("community_staff").get("/residents/heads/export.csv").content.decode("utf-8-sig")
    assert "赵楼道" in text
    assert "169****0001" in text
    assert enter("grid_head").get("/residents/heads/export.csv").status_code == 403


# ---- the life ----


def test_nominate_then_walk_the_table(town: Town, enter: Enter, homes: list[Household]) -> None:
    live_in(homes[0], "热心人")
    grid_head, branch = enter("grid_head"), enter("branch_secretary")
    form = {"grid": town.grid.pk, "name": "热心人", "background": "resident", "on": "2026-03-02"}
    assert grid_head.post("/residents/heads/new/", {**form, "name": "没有"}).status_code == 400
    answer = grid_head.post("/residents/heads/new/", form)
    found = CorridorHead.objects.get()
    address = f"/residents/heads/{found.pk}/"
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert "登记本人同意" in grid_head.get(address).content.decode()
    grid_head.post(f"{address}consent/", {"on": "2026-03-03"})
    assert grid_head.get(f"{address}approve/").status_code == 403
    assert "支部批准" in branch.get(address).content.decode()
    branch.post(f"{address}approve/", {"on": "2026-03-04", "note": "支委会"})
    late = branch.post(f"{address}approve/", {"on": "2026-03-04"})
    assert late.status_code == 400
    assert "刚被别人改过" in late.content.decode()
    for move, facts in (("publish", {}), ("take_up", {"years": "2"})):
        assert grid_head.post(f"{address}{move}/", {"on": "2026-03-09", **facts}).status_code == 302
    found.refresh_from_db()
    assert (found.state, found.term_end) == ("serving", date(2028, 3, 8))
    assert grid_head.get(f"{address}no_such_move/").status_code == 404


def test_namesakes_need_a_room(town: Town, enter: Enter, homes: list[Household]) -> None:
    live_in(homes[0], "同名")
    live_in(homes[5], "同名")
    form = {"grid": town.grid.pk, "name": "同名", "background": "cadre", "on": "2026-03-02"}
    answer = enter("community_staff").post("/residents/heads/new/", form)
    assert "有多位同名居民" in answer.content.decode()
    answer = enter("community_staff").post("/residents/heads/new/", {**form, "room": homes[5].room})
    assert answer.status_code == 302


def test_the_form_comes_filled_from_a_household(
    town: Town, enter: Enter, homes: list[Household]
) -> None:
    row = live_in(homes[0], "热心人").residencies.get()
    page = enter("community_staff").get(f"/residents/heads/new/?residency={row.pk}")
    assert page.context["form"].initial["name"] == "热心人"
    other = enter("other_community_staff").get(f"/residents/heads/new/?residency={row.pk}")
    assert other.context["form"].initial == {}


# ---- assigning ----


def test_preview_then_apply(town: Town, enter: Enter, head: CorridorHead) -> None:
    secretary = enter("community_secretary")
    address = f"/residents/heads/assign/?grid={town.grid.pk}"
    page = secretary.get(address)
    text = page.content.decode()
    assert "阳光花园1栋1单元111–612（12 户）" in text
    assert "仍未覆盖（9 户）" in text
    assert not LinkedHousehold.objects.exists()
    mark = re.search(r'name="mark" value="(\w+)"', text)
    assert mark is not None
    stale = secretary.post(address, {"mark": "0" * 16}, follow=True)
    assert "请看过新的预览" in stale.content.decode()
    assert not LinkedHousehold.objects.exists()
    done = secretary.post(address, {"mark": mark[1]}, follow=True)
    assert "已分配：15 户有变化，9 户未覆盖" in done.content.decode()
    assert "不用调整" in done.content.decode()
    assert LinkedHousehold.objects.filter(head=head.person).count() == 15


def test_an_area_may_be_a_community(town: Town, enter: Enter, head: CorridorHead) -> None:
    page = enter("community_staff").get(f"/residents/heads/assign/?community={town.community.pk}")
    assert len(page.context["proposal"].homes) == 25
    only = enter("grid_head").get(f"/residents/heads/assign/?community={town.community.pk}")
    assert len(only.context["proposal"].homes) == 24
    assert len(enter("grid_head").get("/residents/heads/assign/").context["proposal"].homes) == 24


@pytest.mark.parametrize(
    ("who", "status"),
    [("community_staff", 200), ("branch_secretary", 200), ("grid_head", 200),
     ("sister_grid_head", 404), ("other_community_staff", 404), ("street_admin", 403),
     ("dispatcher", 403), ("grid_worker_ft", 403), ("corridor_head", 403)],
)  # fmt: skip
def test_who_may_assign(
    town: Town, enter: Enter, head: CorridorHead, who: str, status: int
) -> None:
    for path in ("assign/", "assign/restore/"):
        answer = enter(who).get(f"/residents/heads/{path}?grid={town.grid.pk}")
        assert answer.status_code == status
    assert enter(who).post(f"/residents/heads/assign/?grid={town.grid.pk}").status_code in (
        302, 403, 404,
    )  # fmt: skip


def test_links_come_back(
    town: Town, enter: Enter, head: CorridorHead, homes: list[Household]
) -> None:
    link(head, homes[:9])
    LinkedHousehold.objects.update(end=timezone.localdate() - timedelta(days=1))
    address = f"/residents/heads/assign/restore/?grid={town.grid.pk}"
    client = enter("community_staff")
    bad = client.post(address, {"to": timezone.localdate().isoformat()})
    assert "请选择今天以前" in bad.content.decode()
    day = timezone.localdate() - timedelta(days=5)
    assert client.post(address, {"to": day.isoformat()}).status_code == 302
    assert LinkedHousehold.objects.of_heads().count() == 9


def test_nonsense_areas_are_not_found(enter: Enter, head: CorridorHead) -> None:
    for query in ("grid=abc", "grid=999999", "community=٣", "community=999999"):
        assert enter("community_staff").get(f"/residents/heads/assign/?{query}").status_code == 404


# ---- own households ----


def test_a_head_sees_little_of_his_households(
    town: Town, enter: Enter, head: CorridorHead, homes: list[Household]
) -> None:
    person = live_in(homes[0], "王小明")
    person.phone = Sealed.of("16900000001")
    person.save()
    CareTag.objects.create(
        person=person, kind=CareKind.objects.get(code="empty_nest"), start=LONG_AGO
    )
    link(head, homes[:3])
    client = enter("corridor_head")
    assert client.get("/residents/heads/")["Location"] == "/residents/mine/"
    text = client.get("/residents/mine/").content.decode()
    assert "阳光花园1栋1单元111" in text
    assert "169****0001" in text
    assert "需关心" in text
    for hidden in ("16900000001", "空巢", homes[5].door):
        assert hidden not in text


def test_one_tap_and_back(enter: Enter, head: CorridorHead, homes: list[Household]) -> None:
    link(head, homes[:3])
    client = enter("corridor_head")
    tap = f"/residents/heads/{head.pk}/homes/{homes[0].pk}/tap/"
    assert client.get(tap).status_code == 405
    assert client.post(tap)["Location"] == f"/residents/mine/#home-{homes[0].pk}"
    client.post(tap)
    assert HeadContact.objects.get().household == homes[0]
    page = client.get("/residents/mine/")
    assert page.context["done"] == 1
    assert "今天已联系" in page.content.decode()
    client.post(tap, {"undo": "1"})
    assert not HeadContact.objects.exists()
    assert client.post(f"/residents/heads/{head.pk}/homes/{homes[9].pk}/tap/").status_code == 404


def test_a_head_writes_what_he_heard_and_did(
    enter: Enter, head: CorridorHead, homes: list[Household]
) -> None:
    link(head, homes[:3])
    client = enter("corridor_head")
    today = timezone.localdate().isoformat()
    address = f"/residents/heads/{head.pk}/"
    form = {"how": "phone", "on": today, "note": "都好"}
    assert client.post(f"{address}homes/{homes[0].pk}/", form).status_code == 302
    assert HeadContact.objects.get().note == "都好"
    deed = {"what": "帮王奶奶换灯泡", "on": today, "households": [homes[0].pk]}
    assert client.post(f"{address}deeds/new/", deed).status_code == 302
    assert "受益 1 户" in client.get("/residents/mine/").content.decode()
    assert client.post(f"{address}deeds/new/", {"what": "", "on": today}).status_code == 400


def test_others_cannot_tick_for_a_head(
    enter: Enter, head: CorridorHead, homes: list[Household]
) -> None:
    link(head, homes[:3])
    tap = f"/residents/heads/{head.pk}/homes/{homes[0].pk}/tap/"
    for who, status in (
        ("volunteer", 403), ("other_grid_head", 404), ("grid_worker_ft", 403), ("grid_head", 302),
    ):  # fmt: skip
        assert enter(who).post(tap).status_code == status, who
    assert enter("grid_head").get("/residents/mine/").status_code == 403


def test_own_page_asks_no_more_for_more_homes(
    enter: Enter, head: CorridorHead, homes: list[Household]
) -> None:
    client = enter("corridor_head")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/residents/mine/")
        return len(seen)

    link(head, homes[:2])
    queries()
    before = queries()
    link(head, homes[2:12])
    assert queries() == before


# ---- the board ----


def test_the_board_shows_the_phone_only_with_consent(
    enter: Enter, head: CorridorHead, homes: list[Household]
) -> None:
    head.person.phone = Sealed.of("16900000001")
    head.person.save()
    link(head, homes[:12])
    client = enter("community_staff")
    text = client.get(f"/residents/heads/{head.pk}/board/").content.decode()
    assert "16900000001" not in text
    assert "阳光花园1栋1单元111–612（12 户）" in text
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in text
    head.shows_phone = True
    head.save()
    assert "16900000001" in client.get(f"/residents/heads/{head.pk}/board/").content.decode()
    assert enter("corridor_head").get(f"/residents/heads/{head.pk}/board/").status_code == 200


def test_the_photo_hangs_with_consent_and_goes_with_it(
    enter: Enter, head: CorridorHead, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    client = enter("community_staff")
    board, photo = f"/residents/heads/{head.pk}/board/", f"/residents/heads/{head.pk}/photo/"

    def send(**answers: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(f"{board}edit/", answers)

    refused = send(photo=photo_file())
    assert refused.status_code == 400
    assert "公开照片要本人同意" in refused.content.decode()
    assert send(shows_photo="on", photo=photo_file()).status_code == 302
    assert photo in client.get(board).content.decode()
    assert client.get(photo)["Content-Type"] == "image/jpeg"
    assert enter("sister_grid_head").get(photo).status_code == 404
    assert enter("corridor_head").post(f"{board}edit/", {}).status_code == 403
    (stored,) = (media / "heads").rglob("*.bin")
    send(shows_phone="on")
    assert client.get(photo).status_code == 404
    assert not stored.exists()
    # A photo stays no longer than the service.
    send(shows_photo="on", photo=photo_file())
    head.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        move_head(head=head, move="end", on=date(2026, 6, 1), reason="own_wish", by=None)
    assert not list((media / "heads").rglob("*.bin"))
    assert "照片和电话" not in client.get(board).content.decode()
