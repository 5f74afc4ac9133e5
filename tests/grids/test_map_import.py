"""Loading a map file: matching, checks, all or nothing; by command and in the browser."""

import json
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from gridparty.lib.coordinates import wgs_to_gcj
from grids.geometry import area_m2, from_geojson
from grids.models import Building, CommunityShape, Grid, GridShape
from grids.services import close_grid
from grids.services.mapload import load_map
from orgs.models import ImportJob
from orgs.tasks import run_import_jobs
from tests.grids.squares import SIDE, SOUTH, WEST, collection, draw, feature, middle, square
from tests.grids.test_places import DAY
from tests.town import Town, make_building, make_grid


def as_bytes(*features: Any) -> bytes:
    return json.dumps(collection(*features)).encode()


def load(town: Town, *features: Any, **options: Any) -> Any:
    return load_map(data=as_bytes(*features), communities=[town.community], by=None, **options)


def refused(town: Town, *features: Any) -> list[str]:
    with pytest.raises(ValidationError) as refusal:
        load(town, *features)
    assert not GridShape.objects.exists()
    return refusal.value.messages


def test_outlines_find_their_grid_by_code_or_name(town: Town) -> None:
    first = feature(square(0), 网格编码=town.grid.code)
    second = feature(square(1), name="第2网格")
    loaded = load(town, first, second)
    assert loaded.counts["create"] == GridShape.objects.count() == 2
    assert load(town, first, second).counts["unchanged"] == 2
    assert GridShape.objects.get(grid=town.grid).version == 1
    assert (
        load(town, feature(square(0, 0, 0.004), code=float(town.grid.code))).counts["update"] == 1
    )


def test_every_fault_names_feature_and_grid_and_nothing_is_written(town: Town) -> None:
    crossing = square(3)
    ring = crossing["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    swapped = {"type": "Polygon", "coordinates": [[[y, x] for x, y in square(4)["coordinates"][0]]]}
    closed = make_grid(town.community, 9, None)
    close_grid(grid=closed, on=DAY, by=None)
    messages = refused(
        town,
        feature(square(0), code=town.grid.code),
        feature(square(1), code="349901001001777"),
        feature(square(2)),
        feature(crossing, code=town.sister_grid.code),
        feature(swapped, name="第2网格"),
        feature(square(5), code=town.far_grid.code),
        feature(square(6), code=town.grid.code),
        feature(square(7), code=closed.code),
        feature(None, name="月亮"),
        "不是图形",
    )
    assert [message.partition("：")[0] for message in messages] == [
        "第 2 个图形（349901001001777）", "第 3 个图形", f"第 4 个图形（{town.sister_grid.code}）",
        "第 5 个图形（第2网格）", f"第 6 个图形（{town.far_grid.code}）",
        f"第 7 个图形（{town.grid.code}）", f"第 8 个图形（{closed.code}）", "第 9 个图形（月亮）",
        "第 10 个图形",
    ]  # fmt: skip
    said = "\n".join(messages)
    for words in (
        "没有编码为 349901001001777 的网格", "请在属性里写“网格编码”", "网格“第2网格”：边界自己和自己相交",
        "在文件里已经画过（第 4 个图形", "已经画过（第 1 个图形", "已经撤销", "也没有叫“月亮”的网格",
    ):  # fmt: skip
        assert words in said


def test_a_file_in_gcj_02_is_stored_in_wgs_84(town: Town) -> None:
    shifted = {
        "type": "Polygon",
        "coordinates": [[list(wgs_to_gcj(*point)) for point in square(0)["coordinates"][0]]],
    }
    load(town, feature(shifted, code=town.grid.code), gcj=True)
    shape = GridShape.objects.get(grid=town.grid)
    assert [shape.west, shape.south] == pytest.approx([WEST, SOUTH], abs=1e-6)


def test_overlaps_and_gaps_are_told_before_anything_is_written(town: Town) -> None:
    draw(town.sister_grid, 1)
    wide = square(0, 0, 3 * SIDE)
    wide["coordinates"][0] = [[x, min(y, SOUTH + SIDE)] for x, y in wide["coordinates"][0]]
    loaded = load(
        town,
        feature(square(0, 0, 0.006), code=town.grid.code),
        feature(wide, code=town.community.division_code),
        dry_run=True,
    )
    said = [str(issue) for issue in loaded.plan.issues]
    assert any(s.startswith("网格“第1网格”：与网格“第2网格”重叠约") for s in said)
    assert any("没有网格覆盖" in s and s.startswith("社区“幸福社区党委”") for s in said)
    assert any("画到了社区“幸福社区党委”的边界外" in s for s in said)
    assert not loaded.plan.errors and not CommunityShape.objects.exists()
    with pytest.raises(ValidationError, match="重叠"):
        load(town, feature(square(0, 0, 0.006), code=town.grid.code), accept_overlaps=False)


def test_a_neighbourhood_without_gaps_raises_nothing(town: Town) -> None:
    both = square(0)
    both["coordinates"][0][1][0] = both["coordinates"][0][2][0] = WEST + 2 * SIDE
    loaded = load(
        town,
        feature(square(0), code=town.grid.code),
        feature(square(1), code=town.sister_grid.code),
        feature(both, code=town.community.division_code),
    )
    assert loaded.plan.issues == []
    assert CommunityShape.objects.get(community=town.community).version == 1


def test_buildings_are_placed_by_their_door(town: Town) -> None:
    point = {"type": "Point", "coordinates": list(middle(0))}
    loaded = load(
        town,
        feature(point, 小区="阳光花园", 楼栋="1幢"),
        feature(square(1), kind="building", name="阳光花园2号楼"),
        feature(point, kind="building", name="不认识的楼"),
        feature(square(1), kind="compound", name="阳光花园"),
    )
    assert (loaded.counts["buildings"], loaded.plan.ignored) == (2, 1)
    assert [str(one) for one in loaded.plan.issues] == [
        "第 3 个图形（不认识的楼）：没有找到对应的楼栋，这个点没有导入。"
    ]
    assert Building.objects.get(pk=town.building.pk).latitude == middle(0)[1]
    assert Building.objects.get(pk=town.sister_building.pk).longitude == pytest.approx(middle(1)[0])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "不是有效的 GeoJSON"), (b"{", "不是有效的 GeoJSON"), (b"\xff\xfe\x00", "不是有效的"),
        (b"[" * 100_000, "不是有效的"), (b"PK\x03\x04...", "压缩文件"), (b"<kml/>", "KML"),
        (b"[]", "FeatureCollection"), (b'{"type": "Topology"}', "TopoJSON"),
        (b'{"type": "FeatureCollection", "features": []}', "没有图形"),
        (b'{"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:4547"}},"features":[1]}', "EPSG:4547"),
    ],
)  # fmt: skip
def test_what_is_no_map_says_so(data: bytes, sentence: str, town: Town) -> None:
    with pytest.raises(ValidationError, match=sentence):
        load_map(data=data, communities=[town.community], by=None)


def test_a_real_block_is_read(town: Town, shared_data: Callable[[str], Path]) -> None:
    """257 footprints and 10 compounds: the compounds serve as grids once they carry codes."""
    data = shared_data("geo/osm_beijing_cau_buildings_compounds.geojson").read_bytes()
    document = json.loads(data)
    compounds = [one for one in document["features"] if one["properties"]["kind"] == "compound"]
    for serial, one in enumerate(compounds, start=11):
        one["properties"] = {"code": make_grid(town.community, serial, None).code}
    make_building(town.grid, "学生公寓", "3栋")
    loaded = load(town, *document["features"])
    assert (loaded.counts["grids"], GridShape.objects.count()) == (10, 10)
    assert area_m2(from_geojson(GridShape.objects.order_by("area_m2")[0].geometry)) > 1_000
    unknown = [one for one in loaded.plan.issues if "没有找到对应的楼栋" in one.message]
    assert len(unknown) + loaded.counts["buildings"] >= 255
    assert Building.objects.placed().get().name == "3栋"


def test_county_borders_are_no_grids(town: Town, shared_data: Callable[[str], Path]) -> None:
    document = json.loads(shared_data("geo/anhui_counties.geojson").read_bytes())
    messages = refused(town, *document["features"])
    assert len(messages) == 105
    assert messages[0].endswith("也没有叫“瑶海区”的网格。请写网格编码（15 位）。")


def test_the_command_checks_and_loads(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "map.geojson"
    path.write_bytes(as_bytes(feature(square(0), code=town.grid.code)))
    under = str(town.community.division_code)
    out = StringIO()
    call_command("load_map", str(path), under=under, dry_run=True, stdout=out)
    assert "没有写入" in out.getvalue() and not GridShape.objects.exists()
    call_command("load_map", str(path), under=under, json=True, stdout=(out := StringIO()))
    assert json.loads(out.getvalue()) == {
        "counts": {"create": 1, "grids": 1, "communities": 0, "buildings": 0}, "issues": [],
    }  # fmt: skip
    path.write_bytes(as_bytes(feature(square(0))))
    with pytest.raises(CommandError, match="第 1 个图形：没有网格编码"):
        call_command("load_map", str(path), under=under)
    with pytest.raises(CommandError, match="无法读取"):
        call_command("load_map", str(tmp_path / "none"), under=under)


def test_upload_preview_and_confirm_in_the_browser(town: Town, enter: Any, media: Path) -> None:
    client = enter("community_staff")

    def upload(*features: Any, kind: str = "map") -> ImportJob:
        file = SimpleUploadedFile("map.geojson", as_bytes(*features))
        form = {"under": town.community.pk, "kind": kind, "file": file}
        answer = client.post("/grids/imports/map/", form)
        assert answer.status_code == 302, answer.context["form"].errors
        run_import_jobs()
        return ImportJob.objects.latest("pk")

    bad = upload(feature(square(0), code="1"))
    page = client.get(f"/grids/imports/map/{bad.pk}/")
    assert "有 1 处错误，不能导入" in page.content.decode()
    good = upload(feature(square(0), code=town.grid.code))
    page = client.get(f"/grids/imports/map/{good.pk}/")
    assert "还没有写入任何数据" in page.content.decode() and not GridShape.objects.exists()
    client.post(f"/grids/imports/map/{good.pk}/confirm/")
    run_import_jobs()
    assert "已写入" in client.get(f"/grids/imports/map/{good.pk}/").content.decode()
    assert GridShape.objects.get().grid == town.grid
    # Somebody confirms a file with errors by hand: refused, and told.
    client.post(f"/grids/imports/map/{bad.pk}/confirm/")
    run_import_jobs()
    bad.refresh_from_db()
    assert bad.state == ImportJob.State.FAILED and "没有编码为 1 的网格" in bad.error
    assert Counter(ImportJob.objects.values_list("state", flat=True)) == {"failed": 1, "done": 1}


def test_uploads_are_for_those_who_draw_in_their_own_communities(
    town: Town, enter: Any, media: Path
) -> None:
    assert enter("grid_head").get("/grids/imports/map/").status_code == 403
    assert enter("community_staff").get("/grids/imports/nothing/").status_code == 404
    file = SimpleUploadedFile("map.geojson", as_bytes(feature(square(0), code=town.grid.code)))
    form = {"under": town.community.pk, "kind": "map", "file": file}
    answer = enter("other_community_staff").post("/grids/imports/map/", form)
    assert answer.status_code == 400
    assert "请在列出的社区里选择" in answer.content.decode()
    assert Grid.objects.count() == 4 and not ImportJob.objects.exists()
