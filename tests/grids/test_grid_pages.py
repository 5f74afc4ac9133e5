"""The pages of grids: who sees what, figures that equal their lists, forms and exports."""

import csv
import io
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from grids.catalog import GridKind, GridStatus
from grids.models import Building, Grid, TeamTemplate
from grids.services import add_legacy_code, create_grid
from grids.views import lists
from orgs.models import AuditEntry
from orgs.paging import keyset_page
from orgs.workbook import plain_cell
from tests.town import Town, make_building, make_grid, make_household

SEES_COMMUNITY = ["community_staff", "community_secretary", "corridor_head", "volunteer"]
SEES_BRANCH = ["branch_secretary"]
SEES_GRID = ["grid_head", "grid_worker_ft", "grid_worker_pt", "police_contact", "grid_informant"]
DRAWS = ["street_admin", "community_staff", "community_secretary"]


def names(answer: Any) -> set[str]:
    return (
        {row["grid"].code for row in answer.context["rows"]} if "rows" in answer.context else set()
    )


def test_each_role_sees_the_grids_of_its_area(town: Town, enter: Any) -> None:
    own, sister, far = town.grid.code, town.sister_grid.code, town.far_grid.code
    everything = {own, sister, far, town.other_grid.code}
    expected: dict[str, Any] = dict.fromkeys(
        ["sysadmin", "auditor", "district_official"], frozenset(everything)
    )
    expected |= dict.fromkeys(
        ["street_admin", "dispatcher", "partner_unit"], frozenset({own, sister, far})
    )
    expected |= dict.fromkeys(SEES_COMMUNITY + SEES_BRANCH, frozenset({own, sister}))
    expected |= dict.fromkeys([*SEES_GRID, "group_leader"], frozenset({own}))
    expected |= {"other_grid_head": {town.other_grid.code}, "sister_grid_head": {sister}}
    expected |= {"other_street_admin": {town.other_grid.code}}
    for who, codes in expected.items():
        assert names(enter(who).get("/grids/")) == codes, who


def test_strangers_get_404_and_the_wrong_role_403(town: Town, enter: Any, client: Client) -> None:
    pages = [
        f"/grids/{town.grid.pk}/", f"/grids/{town.grid.pk}/board/", f"/grids/{town.grid.pk}/edit/",
        f"/grids/{town.grid.pk}/team/", f"/grids/{town.grid.pk}/status/",
        f"/grids/{town.grid.pk}/codes/new/", f"/grids/{town.grid.pk}/buildings/new/",
        f"/grids/{town.grid.pk}/buildings/move/", f"/grids/buildings/{town.building.pk}/",
        f"/grids/buildings/{town.building.pk}/entrances/new/",
    ]  # fmt: skip
    for who in ("other_street_admin", "other_grid_head", "other_community_staff"):
        for page in pages:
            assert enter(who).get(page).status_code == 404, (who, page)
    writes = pages[3:5] + pages[6:8] + pages[9:]
    for who in ("dispatcher", "auditor", "grid_head", "grid_worker_ft"):
        for page in writes:
            assert enter(who).get(page).status_code == 403, (who, page)
    for who in DRAWS:
        for page in pages:
            assert enter(who).get(page).status_code == 200, (who, page)
    assert enter("grid_head").get(pages[2]).status_code == 200  # VE of the own grid
    assert enter("revisitor").get("/grids/").status_code == 403
    assert "不能查看网格" in enter("revisitor").get("/grids/").content.decode()
    for page in ["/grids/", *pages]:
        assert client.get(page).status_code == 302


def test_figures_equal_their_lists(town: Town, enter: Any) -> None:
    create_grid(community=town.community, name="园区", kind=GridKind.EXCLUSIVE, by=None)
    create_grid(community=town.community, name="地块", kind=GridKind.RESERVED, by=None)
    Grid.objects.filter(pk=town.far_grid.pk).update(status=GridStatus.CLOSED)
    client = enter("street_admin")
    page = client.get("/grids/").context
    assert [figure["value"] for figure in page["stats"]] == [4, 2, 1, 1]
    for figure in page["stats"]:
        assert client.get(figure["url"]).context["page"].count == figure["value"], figure
    assert {gap["label"] for gap in page["gaps"]} == {
        "无党支部", "队伍不齐", "无网格长", "户数偏离", "未画边界",
    }  # fmt: skip
    for gap in page["gaps"]:
        assert client.get(gap["url"]).context["page"].count == gap["count"], gap
    for gap in ("building", "merge"):
        assert client.get(f"/grids/?gap={gap}").context["page"].count == 0


def test_search_finds_names_codes_and_old_codes(town: Town, enter: Any) -> None:
    add_legacy_code(grid=town.sister_grid, system="petition", code="XF-9", by=None)
    client = enter("street_admin")
    assert names(client.get("/grids/?q=xf-9")) == {town.sister_grid.code}
    assert names(client.get(f"/grids/?q={town.far_grid.code}")) == {town.far_grid.code}
    assert names(client.get("/grids/?q=第2")) == {town.sister_grid.code}
    assert "没有符合条件" in client.get("/grids/?q=没有").content.decode()
    assert names(client.get(f"/grids/?community={town.sister_community.pk}")) == {
        town.far_grid.code
    }


@pytest.mark.parametrize("query", ["kind=castle", "community=abc", "community=999999", "gap=x"])
def test_a_bad_filter_is_told(town: Town, enter: Any, query: str) -> None:
    answer = enter("street_admin").get(f"/grids/?{query}")
    assert answer.status_code == 400
    assert "条件有误" in answer.content.decode()


def test_another_streets_community_is_no_choice(town: Town, enter: Any) -> None:
    answer = enter("street_admin").get(f"/grids/?community={town.other_community.pk}")
    assert answer.status_code == 400


def test_a_nul_in_a_filter_is_refused(town: Town, enter: Any) -> None:
    assert enter("street_admin").get("/grids/?q=%00").status_code == 400


def test_pages_follow_one_another(town: Town, enter: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for serial in range(3, 8):
        make_grid(town.community, serial, town.branch)
    client = enter("community_staff")
    monkeypatch.setattr(lists, "keyset_page", partial(keyset_page, size=3))
    seen, url = [], "/grids/"
    while url:
        page = client.get(url).context["page"]
        seen += [grid.code[-3:] for grid in page.rows]
        url = f"/grids/{page.next_url}" if page.next_url else ""
    assert seen == [f"{n:03d}" for n in range(1, 8)]
    last = client.get(
        f"/grids/?after={Grid.objects.get(code__endswith='001006', community=town.community).pk}"
    )
    back = client.get(f"/grids/{last.context['page'].previous_url}").context["page"]
    assert [grid.code[-3:] for grid in back.rows] == ["004", "005", "006"]
    assert client.get("/grids/?after=abc").status_code == 200


def test_the_list_asks_the_same_queries_for_more_rows(town: Town, enter: Any) -> None:
    client = enter("street_admin")
    client.get("/grids/")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/grids/").status_code == 200
        return len(seen)

    before = queries()
    for serial in range(10, 30):
        make_building(make_grid(town.community, serial, town.branch), "新苑", f"{serial}栋")
    assert queries() == before


def test_a_grid_asks_the_same_queries_for_more_buildings(town: Town, enter: Any) -> None:
    client = enter("street_admin")
    url = f"/grids/{town.grid.pk}/"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(10, 25):
        make_household(make_building(town.grid, "新苑", f"{number}栋"), "101")
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


def test_the_export_holds_what_is_shown(town: Town, enter: Any) -> None:
    Grid.objects.filter(pk=town.grid.pk).update(name="=HYPERLINK(1)")
    client = enter("community_staff")
    shown = names(client.get("/grids/?kind=residential"))
    answer = client.get("/grids/export.csv?kind=residential")
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row[0] for row in rows[1:]} == shown
    assert rows[1][1] == "'=HYPERLINK(1)"
    book = load_workbook(io.BytesIO(client.get("/grids/export.xlsx?kind=residential").content))
    sheet = book.active
    assert sheet is not None
    assert sheet["A1"].value == "网格清单"
    assert {sheet.cell(row, 1).value for row in range(4, sheet.max_row + 1)} == shown
    assert sheet["B4"].data_type == "s"
    assert AuditEntry.objects.filter(action="grid.export").count() == 2
    assert enter("revisitor").get("/grids/export.csv").status_code == 403
    assert client.get("/grids/export.csv?kind=bad").status_code == 404


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert plain_cell(text) == f"'{text}"


def test_household_figures_are_for_those_who_may_know(town: Town, enter: Any) -> None:
    url = f"/grids/{town.grid.pk}/"
    for who, count in (
        ("street_admin", 2), ("grid_head", 2), ("district_official", 2), ("corridor_head", None),
        ("partner_unit", None), ("grid_informant", None), ("sysadmin", None),
    ):  # fmt: skip
        assert enter(who).get(url).context["household_count"] == count, who
    assert enter("district_official").get(url).context["list_url"] == ""
    linked = enter("grid_head").get(url).context
    assert enter("grid_head").get(linked["list_url"]).context["page"].count == 2


def test_both_sides_and_the_team_are_shown(town: Town, enter: Any) -> None:
    page = enter("community_staff").get(f"/grids/{town.grid.pk}/").content.decode()
    for words in ("幸福第一网格党支部", town.grid.code, "李网格", "阳光花园1栋", "公示牌"):
        assert words in page
    board = enter("volunteer").get(f"/grids/{town.grid.pk}/board/").content.decode()
    assert "李网格" in board


def test_a_new_grid_by_form(town: Town, enter: Any) -> None:
    client = enter("community_staff")
    typed = {"community": town.community.pk, "name": "第1网格", "kind": "residential"}
    refused = client.post("/grids/new/", typed)
    assert refused.status_code == 400
    assert "已有名为" in refused.content.decode()
    assert 'value="第1网格"' in refused.content.decode()
    done = client.post("/grids/new/", {**typed, "name": "新格", "party_branch": town.branch.pk})
    grid = Grid.objects.get(name="新格")
    assert done["Location"] == f"/grids/{grid.pk}/"
    assert grid.party_branch == town.branch
    elsewhere = client.post("/grids/new/", {**typed, "community": town.far_grid.community_id})
    assert elsewhere.status_code == 400


def test_editing_by_drawers_and_by_the_head(town: Town, enter: Any) -> None:
    url = f"/grids/{town.grid.pk}/edit/"
    head = enter("grid_head")
    assert "party_branch" not in head.get(url).context["form"].fields
    head.post(url, {"name": "花园", "area_note": "东", "party_branch": "", "kind": "exclusive"})
    town.grid.refresh_from_db()
    assert (town.grid.name, town.grid.area_note) == ("花园", "东")
    assert (town.grid.kind, town.grid.party_branch) == (GridKind.RESIDENTIAL, town.branch)
    staff = enter("community_staff")
    typed = {"name": "花园", "kind": "residential", "party_branch": "", "team_template": ""}
    refused = staff.post(url, typed)
    assert "还有 5 人" in refused.content.decode()
    template = TeamTemplate.objects.get(code="test").pk
    assert staff.post(url, {**typed, "team_template": template}).status_code == 302
    town.grid.refresh_from_db()
    assert town.grid.party_branch is None


def test_reserve_activate_close_by_form(town: Town, enter: Any) -> None:
    client = enter("street_admin")
    grid = create_grid(community=town.community, name="地块", kind=GridKind.RESERVED, by=None)
    url = f"/grids/{grid.pk}/status/"
    client.post(url, {"kind": "exclusive", "on": "2026-03-02"})
    grid.refresh_from_db()
    assert (grid.status, grid.activated_on) == (GridStatus.ACTIVE, date(2026, 3, 2))
    url = f"/grids/{town.grid.pk}/status/"
    assert "还有 1 栋楼" in client.post(url, {"on": "2026-03-02"}).content.decode()
    client.post(url, {"on": "2026-03-02", "successor": town.sister_grid.pk})
    assert Building.objects.get(pk=town.building.pk).grid == town.sister_grid
    assert "撤销" in client.get(f"/grids/{town.grid.pk}/").content.decode()


def test_the_team_page(town: Town, enter: Any) -> None:
    client = enter("community_staff")
    url = f"/grids/{town.far_grid.pk}/team/"
    assert client.get(url).status_code == 404  # another community
    url = f"/grids/{town.sister_grid.pk}/team/"
    slot = town.sister_grid.team.get().slot
    typed = {"slot": slot.pk, "name": "新来者", "start": "2026-03-02"}
    assert client.post(url, {**typed, "phone": "123"}).status_code == 400
    assert client.post(url, {**typed, "phone": "16900001234"}).status_code == 302
    member = town.sister_grid.team.get(person__name="新来者")
    assert "169****1234" in client.get(url).content.decode()
    leave = f"/grids/{town.sister_grid.pk}/team/{member.pk}/leave/"
    assert client.post(leave, {"end": "2020-01-01"}).status_code == 400
    assert client.post(leave, {"end": "2026-03-03"}).status_code == 302
    other = town.other_grid.team.get()
    crossed = f"/grids/{town.sister_grid.pk}/team/{other.pk}/leave/"
    assert client.get(crossed).status_code == 404


def test_a_team_form_finds_our_own_people(town: Town, enter: Any) -> None:
    client = enter("community_staff")
    url = f"/grids/{town.sister_grid.pk}/team/"
    slot = town.sister_grid.team.get().slot
    client.post(url, {"slot": slot.pk, "name": "李网格", "start": "2026-03-02"})
    assert town.sister_grid.team.filter(person=town.users["grid_head"].person).exists()


def test_buildings_are_added_divided_and_moved(town: Town, enter: Any) -> None:
    client = enter("community_staff")
    url = f"/grids/{town.grid.pk}/buildings/new/"
    assert (
        client.post(url, {"compound": "阳光花园", "name": "二幢"}).status_code == 400
    )  # 2栋 exists
    done = client.post(url, {"compound": "阳光花园", "name": "５幢", "floors": "6"})
    building = Building.objects.get(name="5栋")
    assert done["Location"] == f"/grids/buildings/{building.pk}/"
    client.post(f"/grids/buildings/{building.pk}/entrances/new/", {"name": "一单元"})
    assert building.entrances.get().name == "1单元"
    move = f"/grids/{town.grid.pk}/buildings/move/"
    stray = client.post(move, {"buildings": [town.far_building.pk], "to": town.sister_grid.pk})
    assert stray.status_code == 400
    client.post(move, {"buildings": [building.pk], "to": town.sister_grid.pk})
    building.refresh_from_db()
    assert building.grid == town.sister_grid


def test_old_codes_by_form(town: Town, enter: Any) -> None:
    client = enter("grid_head")
    client.post(f"/grids/{town.grid.pk}/codes/new/", {"system": "urban", "code": "CG1"})
    code = town.grid.legacy_codes.get()
    merge = f"/grids/{town.grid.pk}/codes/{code.pk}/merge/"
    assert client.get(merge).status_code == 405
    client.post(merge)
    code.refresh_from_db()
    assert code.merged_on is not None
    assert enter("sister_grid_head").post(merge).status_code == 404


def test_a_form_refuses_nul_and_keeps_nothing(town: Town, enter: Any) -> None:
    before = Grid.objects.count()
    typed = {"community": town.community.pk, "name": "甲\0乙", "kind": "residential"}
    assert enter("community_staff").post("/grids/new/", typed).status_code == 400
    assert Grid.objects.count() == before
