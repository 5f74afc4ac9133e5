"""The teams' page, the forms around a member, the notice board and the codes of a building."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from grids.models import TeamTemplate
from orgs.fields import Sealed
from orgs.models import AuditEntry
from tests.town import Town, make_grid

Enter = Callable[[str], Client]


@pytest.fixture
def short(town: Town) -> Town:
    """The grid asks for 1+2+N and has only people of the former template; one term ends soon."""
    town.grid.team_template = TeamTemplate.objects.get(code="xuancheng-1-2-n")
    town.grid.save()
    member = town.grid.team.get(person=town.users["grid_head"].person)
    member.term_end = timezone.localdate() + timedelta(days=45)
    member.save()
    return town


def test_every_figure_counts_its_list(short: Town, enter: Enter) -> None:
    client = enter("community_staff")
    page = client.get("/grids/teams/")
    figures = {one["label"]: one for one in page.context["figures"]}
    assert figures["队伍齐配率"]["value"] == "0.0%"
    assert [figures[name]["value"] for name in ("岗位空缺", "30 天内到期", "60 天内到期")] == [
        3,
        0,
        1,
    ]
    for label, one in figures.items():
        if label != "队伍齐配率":
            assert client.get(one["url"]).context["count"] == one["value"], label
    assert "李网格" in client.get("/grids/teams/?show=60").content.decode()
    text = client.get("/grids/teams/export.csv?show=vacant").content.decode("utf-8-sig")
    assert text.count("网格长") == 1
    assert client.get("/grids/teams/?show=9").status_code == 400


def test_the_page_follows_scope_and_asks_no_more_for_more_grids(short: Town, enter: Enter) -> None:
    assert enter("other_street_admin").get("/grids/teams/").context["count"] == 0
    assert enter("revisitor").get("/grids/teams/").status_code == 403
    client = enter("street_admin")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/grids/teams/")
        return len(seen)

    queries()
    before = queries()
    for serial in range(5, 9):
        make_grid(short.community, serial, short.branch)
    assert queries() == before


def test_change_hand_over_and_refuse(short: Town, enter: Enter) -> None:
    client, grid = enter("community_staff"), short.grid
    member = grid.team.get(person=short.users["grid_worker_ft"].person)
    address = f"/grids/{grid.pk}/team/{member.pk}/"
    form = {"duties": "巡查", "term_end": "2028-01-01", "shows_phone": "on"}
    assert client.post(address, form).status_code == 302
    member.refresh_from_db()
    assert (member.duties, member.term_end, member.shows_phone) == ("巡查", date(2028, 1, 1), True)
    assert client.post(address, {**form, "term_end": "2001-01-01"}).status_code == 400
    assert "接任" in client.get(f"{address}replace/").content.decode()
    refused = client.post(f"{address}replace/", {"name": "", "start": "2026-03-02"})
    assert refused.status_code == 400
    assert enter("grid_head").get(address).status_code == 403
    assert enter("other_community_staff").get(f"{address}replace/").status_code == 404


def test_the_board_has_a_code_and_shows_numbers_with_consent(short: Town, enter: Enter) -> None:
    client, address = enter("volunteer"), f"/grids/{short.grid.pk}/board/"
    member = short.grid.team.get(person=short.users["grid_head"].person)
    member.person.phone = Sealed.of("16900000001")
    member.person.save()
    text = client.get(address).content.decode()
    assert "李网格" in text
    assert "16900000001" not in text
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in text
    assert not AuditEntry.objects.filter(action="grid.board").exists()
    member.shows_phone = True
    member.save()
    answer = client.get(f"{address}?size=a3")
    assert "16900000001" in answer.content.decode()
    assert answer.context["size"] == "a3"
    assert AuditEntry.objects.filter(action="grid.board").count() == 1
    assert client.get(f"{address}?size=x").context["size"] == "a4"


def test_a_building_has_a_label_for_each_entrance(town: Town, enter: Enter) -> None:
    page = enter("grid_head").get(f"/grids/buildings/{town.building.pk}/codes/")
    assert page.context["labels"] == ["1单元", "2单元"]
    assert page.content.decode().count("<svg xmlns") == 2
    other = enter("other_grid_head").get(f"/grids/buildings/{town.building.pk}/codes/")
    assert other.status_code == 404


def test_the_code_opens_the_form_at_its_building(town: Town, client: Client) -> None:
    page = client.get(f"/report/?grid={town.grid.code}&building={town.building.pk}")
    assert page.context["form"]["building"].value() == town.building.pk
    for wrong in (town.other_building.pk, "abc", "9" * 30):
        page = client.get(f"/report/?grid={town.grid.code}&building={wrong}")
        assert page.status_code == 200
        assert page.context["form"]["building"].value() is None


def test_a_photo_is_shown_with_consent_and_erased_with_it(
    town: Town, enter: Enter, settings: Any, tmp_path: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    settings.MEDIA_ROOT = tmp_path
    member = town.grid.team.get(person=town.users["grid_head"].person)
    address = f"/grids/{town.grid.pk}/team/{member.pk}/"
    staff = enter("community_staff")
    out = io.BytesIO()
    Image.new("RGB", (40, 56), "grey").save(out, "PNG")

    def send(**more: Any) -> Any:
        photo = SimpleUploadedFile("me.png", out.getvalue(), "image/png")
        with django_capture_on_commit_callbacks(execute=True):
            return staff.post(address, {"photo": photo} | more)

    assert "公开照片要本人同意" in send().content.decode()
    assert send(shows_photo="on").status_code == 302
    shown = enter("grid_head").get(f"{address}photo/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert (
        f"{address}photo/"
        in enter("grid_head").get(f"/grids/{town.grid.pk}/board/").content.decode()
    )
    assert enter("other_street_admin").get(f"{address}photo/").status_code == 404
    (stored,) = tmp_path.rglob("*.bin")
    assert b"JFIF" not in stored.read_bytes()  # sealed
    assert staff.post(address, {"shows_photo": "on"}).status_code == 302  # kept
    assert stored.exists()
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(address, {"duties": ""})
    assert not stored.exists()
    assert enter("grid_head").get(f"{address}photo/").status_code == 404


def test_what_is_no_photo_is_refused_at_its_field(town: Town, enter: Enter) -> None:
    member = town.grid.team.get(person=town.users["grid_head"].person)
    bad = SimpleUploadedFile("me.jpg", b"not a photo", "image/jpeg")
    answer = enter("community_staff").post(
        f"/grids/{town.grid.pk}/team/{member.pk}/", {"photo": bad, "shows_photo": "on"}
    )
    assert answer.status_code == 400
    assert "这不是照片" in answer.content.decode()
