"""网格划分: preview tells everything and changes nothing; adopting does it all, or nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.models import Case
from grids.catalog import GridKind, GridStatus
from grids.division_workflow import DIVISION_MOVES, DivisionKind, DivisionStatus
from grids.models import Building, BuildingTerm, Grid, GridDivision, GridShape
from grids.services import create_grid, move_buildings
from grids.services.divisions import (
    add_row,
    adopt_division,
    create_division,
    drop_row,
    preview_division,
    withdraw_division,
)
from orgs.models import AuditEntry
from residents.models import Household
from tests.cases.cast import reported
from tests.grids.squares import draw
from tests.town import Town, make_building, make_household

TODAY = date(2026, 6, 1)


@pytest.fixture
def second(town: Town) -> Building:
    """A second building of the first grid with one household, so that the grid can be split."""
    building = make_building(town.grid, "阳光花园", "3栋")
    make_household(building, "301")
    return building


def sheet(town: Town, **more: Any) -> GridDivision:
    more = {"title": "调整", "effective_on": TODAY, "by": town.users["community_secretary"], **more}
    return create_division(community=town.community, **more)


def split(town: Town, division: GridDivision, *buildings: Building, name: str = "第3网格") -> Any:
    return add_row(
        division=division, kind=DivisionKind.SPLIT, grid=town.grid, new_name=name,
        buildings=buildings, by=None,
    )  # fmt: skip


def adopted(town: Town, division: GridDivision) -> GridDivision:
    by = town.users["community_secretary"]
    preview_division(division=division, by=by)
    return adopt_division(division=division, by=by, today=TODAY)


def effects(division: GridDivision) -> dict[str, Any]:
    return {one["label"]: one for one in division.preview["effects"]}


def test_a_preview_tells_the_effect_and_changes_nothing(town: Town, second: Building) -> None:
    reported(town, building=second)
    division = sheet(town)
    split(town, division, second)
    preview_division(division=division, by=town.users["community_secretary"])
    assert division.status == DivisionStatus.PREVIEWED
    assert Grid.objects.count() == 4 and not BuildingTerm.objects.exists()
    assert Building.objects.get(pk=second.pk).grid == town.grid
    changed = {one["after"]["name"]: one for one in division.preview["grids"] if one["changed"]}
    assert set(changed) == {"第1网格", "第3网格"}
    assert changed["第3网格"]["before"] is None
    assert (
        changed["第3网格"]["after"]["buildings"],
        changed["第3网格"]["after"]["households"],
    ) == (1, 1)
    assert (
        changed["第1网格"]["before"]["households"],
        changed["第1网格"]["after"]["households"],
    ) == (3, 2)
    assert "少于 300 户" in changed["第3网格"]["after"]["warning"]
    told = effects(division)
    assert told["住户随楼栋转入新网格"]["count"] == 1
    assert told["未结事项随楼栋转入新网格"]["count"] == 1
    assert told["没有队伍的网格"]["lines"] == ["第3网格：还没有队伍，请接着安排网格长和队员"]
    assert "第1网格 网格长 李网格：不再看到 1 栋" in told["网格队伍看到的范围改变"]["lines"]


def test_adopting_a_split_moves_households_and_cases_and_keeps_the_history(
    town: Town, second: Building
) -> None:
    case = reported(town, building=second)
    division = sheet(town)
    row = split(town, division, second)
    adopted(town, division)
    row.refresh_from_db()
    new = row.result
    assert (new.code, new.party_branch, new.activated_on) == (
        f"{town.community.division_code}003", town.branch, TODAY,
    )  # fmt: skip
    assert Building.objects.get(pk=second.pk).grid == new
    assert Household.objects.get(building=second).grid == new
    assert Case.objects.get(pk=case.pk).grid == new
    term = BuildingTerm.objects.get()
    assert (term.building, term.grid, term.start, term.end) == (second, town.grid, None, TODAY)
    assert (
        AuditEntry.objects.get(action="division.adopt").actor == town.users["community_secretary"]
    )
    with pytest.raises(ValidationError, match="已采用，不能再做"):
        adopt_division(division=division, by=None, today=TODAY)


def test_merging_closes_the_grid_for_good_and_joins_the_ground(town: Town) -> None:
    draw(town.grid, 0)
    draw(town.sister_grid, 1)
    links = town.households[0].head_links.get()
    division = sheet(town)
    add_row(
        division=division, kind=DivisionKind.MERGE, grid=town.grid, target=town.sister_grid, by=None
    )
    adopted(town, division)
    told = effects(division)
    assert told["红色楼道长的联系户换了网格（联系不变）"]["count"] == 1
    assert "第1网格 网格长 李网格：随网格撤销离岗" in told["网格队伍看到的范围改变"]["lines"]
    town.grid.refresh_from_db()
    assert (town.grid.status, town.grid.successor) == (GridStatus.CLOSED, town.sister_grid)
    assert {home.grid for home in Household.objects.filter(building=town.building)} == {
        town.sister_grid
    }
    links.refresh_from_db()
    assert links.end is None
    joined = GridShape.objects.get(grid=town.sister_grid)
    assert (joined.west, joined.east) == (117.2, 117.21)
    # The code is never used again.
    assert create_grid(community=town.community, name="新", by=None).code.endswith("003")


def test_a_reserved_grid_is_activated_with_its_code(town: Town, second: Building) -> None:
    reserved = create_grid(community=town.community, name="预留", kind=GridKind.RESERVED, by=None)
    division = sheet(town)
    add_row(
        division=division, kind=DivisionKind.ACTIVATE, grid=reserved, by=None,
        new_kind=GridKind.RESIDENTIAL, buildings=[second],
    )  # fmt: skip
    adopted(town, division)
    after = Grid.objects.get(pk=reserved.pk)
    assert (after.code, after.status, after.activated_on) == (
        reserved.code,
        GridStatus.ACTIVE,
        TODAY,
    )
    assert list(after.buildings.all()) == [second]


def test_several_rows_hold_together_or_not_at_all(town: Town, second: Building) -> None:
    division = sheet(town)
    split(town, division, second)
    split(town, division, town.building, name="第2网格")  # the name is taken
    with pytest.raises(ValidationError, match=r"第 2 项（拆分网格 第1网格）.*已有名为“第2网格”"):
        preview_division(division=division, by=None)
    division.refresh_from_db()
    assert division.status == DivisionStatus.DRAFT
    assert Grid.objects.count() == 4
    assert Building.objects.get(pk=second.pk).grid == town.grid


def test_what_changed_since_the_preview_must_be_previewed_again(
    town: Town, second: Building
) -> None:
    division = sheet(town)
    split(town, division, second)
    preview_division(division=division, by=None)
    make_building(town.grid, "阳光花园", "8栋")
    with pytest.raises(ValidationError, match="又有变动，请重新预览"):
        adopt_division(division=division, by=None, today=TODAY)
    division.refresh_from_db()
    move_buildings(buildings=[second], to=town.sister_grid, by=None, on=TODAY)
    with pytest.raises(ValidationError, match="已不在这个网格"):
        preview_division(division=division, by=None)


def test_adopting_needs_a_preview_and_its_day(town: Town, second: Building) -> None:
    division = sheet(town, effective_on=TODAY + timedelta(days=1))
    split(town, division, second)
    with pytest.raises(ValidationError, match="到那天再采用"):
        adopt_division(division=division, by=None, today=TODAY)
    with pytest.raises(ValidationError, match="请先预览"):
        adopt_division(division=division, by=None, today=TODAY + timedelta(days=1))
    empty = sheet(town)
    with pytest.raises(ValidationError, match="还没有内容"):
        preview_division(division=empty, by=None)


def test_an_edit_after_the_preview_makes_it_a_draft_again(town: Town, second: Building) -> None:
    division = sheet(town)
    split(town, division, second)
    preview_division(division=division, by=None)
    row = division.rows.get()
    row.division = division
    drop_row(row=row, by=None)
    assert division.status == DivisionStatus.DRAFT
    stale = GridDivision.objects.get(pk=division.pk)
    split(town, division, second)
    with pytest.raises(ValidationError, match="别人刚刚改过"):
        split(town, stale, second)
    withdraw_division(division=division, by=None)
    with pytest.raises(ValidationError, match="已作废"):
        split(town, division, second)


@pytest.mark.parametrize(
    ("kind", "parts", "sentence"),
    [
        (DivisionKind.SPLIT, {"buildings": []}, "至少选一栋"),
        (DivisionKind.SPLIT, {"buildings": ["building", "second"]}, "至少要留一栋"),
        (DivisionKind.SPLIT, {"buildings": ["second"], "new_name": " "}, "请填写新网格名称"),
        (DivisionKind.MERGE, {"target": None}, "请选择划到哪个网格"),
        (DivisionKind.MERGE, {"target": "grid"}, "不能是它自己"),
        (DivisionKind.MERGE, {"target": "far_grid"}, "不属于幸福社区"),
        (DivisionKind.MOVE, {"target": "sister_grid", "buildings": ["far_building"]}, "不属于幸福社区"),
        (DivisionKind.ACTIVATE, {}, "不是预留网格"),
    ],
)  # fmt: skip
def test_a_row_that_makes_no_sense_is_refused(
    kind: str, parts: dict[str, Any], sentence: str, town: Town, second: Building
) -> None:
    known = {**vars(town), "second": second}
    parts = {"new_name": "新网格", **parts}
    if "buildings" in parts:
        parts["buildings"] = [known[name] for name in parts["buildings"]]
    if parts.get("target"):
        parts["target"] = known[parts["target"]]
    with pytest.raises(ValidationError, match=sentence):
        add_row(division=sheet(town), kind=kind, grid=town.grid, by=None, **parts)


def test_the_table_of_moves_ends_where_nothing_leaves() -> None:
    left = {source for move in DIVISION_MOVES.values() for source in move.sources}
    assert left == {DivisionStatus.DRAFT, DivisionStatus.PREVIEWED, DivisionStatus.ADOPTED}


def test_the_pages_of_a_sheet(town: Town, second: Building, enter: Any) -> None:
    staff, secretary = enter("community_staff"), enter("community_secretary")
    today = timezone.localdate().isoformat()
    form = {"community": town.community.pk, "title": "下半年调整", "effective_on": today}
    made = staff.post("/grids/divisions/new/", form)
    url = made["Location"]
    assert staff.get(f"{url}rows/new/split/").status_code == 200
    assert staff.get(f"{url}rows/new/nothing/").status_code == 404
    row = f"{url}rows/new/split/?grid={town.grid.pk}"
    assert staff.get(row).status_code == 200
    wrong = staff.post(row, {"new_name": "第3网格", "new_kind": "residential"})
    assert wrong.status_code == 400 and "第3网格" in wrong.content.decode()
    parts = {"new_name": "第3网格", "new_kind": "residential", "buildings": [second.pk]}
    assert staff.post(row, parts)["Location"] == url
    assert "阳光花园3栋" in staff.get(url).content.decode()
    staff.post(f"{url}preview/")
    page = staff.get(url)
    assert page.context["preview"]["moves"] and not page.context["may_adopt"]
    assert staff.post(f"{url}adopt/").status_code == 403
    assert secretary.get(url).context["may_adopt"]
    secretary.post(f"{url}adopt/")
    assert "第3网格" in secretary.get("/grids/").content.decode()
    assert secretary.get(url).context["division"].status == "adopted"
    assert "下半年调整" in secretary.get("/grids/divisions/").content.decode()


def test_sheets_are_for_those_who_draw_there(town: Town, enter: Any) -> None:
    division = sheet(town)
    url = f"/grids/divisions/{division.pk}/"
    expected = {
        "community_staff": 200, "street_admin": 200, "grid_head": 403, "volunteer": 403,
        "other_community_staff": 404, "other_street_admin": 404,
    }  # fmt: skip
    assert {who: enter(who).get(url).status_code for who in expected} == expected
    for act in ("preview", "adopt", "withdraw"):
        assert enter("other_street_admin").post(f"{url}{act}/").status_code == 404
    assert enter("community_staff").post(f"{url}nothing/").status_code == 404


def test_the_sheet_asks_as_often_for_many_grids(town: Town, second: Building, enter: Any) -> None:
    division = sheet(town)
    split(town, division, second)
    client = enter("community_secretary")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/grids/divisions/{division.pk}/").status_code == 200
        return len(asked)

    few = queries()
    for number in range(8):
        grid = create_grid(community=town.community, name=f"多{number}", by=None)
        make_household(make_building(grid, "新村", f"{number}栋"), "101")
    assert queries() == few
