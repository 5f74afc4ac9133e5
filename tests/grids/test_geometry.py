"""Outlines are judged before they are stored: every usual mistake has its sentence."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grids.geometry import (
    ShapeFault,
    area_m2,
    count_holes,
    overlap_m2,
    read_outline,
    read_point,
    to_geojson,
)
from tests.grids.squares import square


def polygon(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(point) for point in points]]}


A, B, C, D = (117.20, 31.78), (117.21, 31.78), (117.21, 31.79), (117.20, 31.79)


@pytest.mark.parametrize(
    ("geometry", "sentence"),
    [
        (None, "没有图形"),
        ({"type": "Polygon"}, "没有图形"),
        ({"type": "Polygon", "coordinates": []}, "边界里没有点"),
        ({"type": "MultiPolygon", "coordinates": []}, "没有图形"),
        ({"type": "LineString", "coordinates": [[117, 31], [118, 32]]}, "应为多边形"),
        (polygon(A, B, C, D), "没有闭合"),
        (polygon(A, B, A), "至少要 3 个"),
        (polygon(A, C, B, D, A), "自己和自己相交"),
        (polygon(*[(lat, lon) for lon, lat in (A, B, C, D, A)]), "写反了"),
        (polygon((500000, 3500000), (500100, 3500000), (500100, 3500100), (500000, 3500000)), "投影坐标"),
        (polygon((2.3, 48.8), (2.4, 48.8), (2.4, 48.9), (2.3, 48.8)), "不在中国"),
        (polygon(A, B, (float("nan"), 31.79), A), "不是数字"),
        ({"type": "Polygon", "coordinates": [[["117", "31"]] * 4]}, "不是数字"),
        ({"type": "Polygon", "coordinates": [[[True, 31]] * 4]}, "不是数字"),
        ({"type": "Polygon", "coordinates": [[[117]] * 4]}, "没有经度和纬度"),
        ({"type": "Polygon", "coordinates": [117, 31]}, "不是点的列表"),
        (polygon(A, (117.2000001, 31.78), (117.2000001, 31.7800001), A), "面积几乎为零"),
        ({"type": "Polygon", "coordinates": [[list(A)] * 6000]}, "超过 5000 个点"),
    ],
)  # fmt: skip
def test_a_wrong_outline_is_refused_with_its_reason(geometry: Any, sentence: str) -> None:
    with pytest.raises(ShapeFault, match=sentence):
        read_outline(geometry)


def test_holes_are_kept_and_counted_and_stray_ones_refused() -> None:
    outer, inner = square(0)["coordinates"][0], square(0.25, 0.25, 0.002)["coordinates"][0]
    with_hole = {"type": "Polygon", "coordinates": [outer, inner]}
    assert count_holes(read_outline(with_hole)) == 1
    assert len(to_geojson(read_outline(with_hole))["coordinates"]) == 2
    stray = {"type": "Polygon", "coordinates": [outer, square(3)["coordinates"][0]]}
    with pytest.raises(ShapeFault, match="空洞不在边界里面"):
        read_outline(stray)


def test_neighbours_share_no_ground_but_overlapping_squares_do() -> None:
    one, next_to, across = (read_outline(square(at)) for at in (0, 1, 0.5))
    assert overlap_m2(one, next_to) == 0
    assert overlap_m2(one, across) == pytest.approx(area_m2(one) / 2, rel=0.01)
    # Half a metre of an unsteady hand along 500 m of border is no overlap.
    assert overlap_m2(one, read_outline(square(0.999))) == 0


def test_a_square_of_half_a_kilometre_is_measured_in_square_metres() -> None:
    # 0.005° of latitude are 556 m, of longitude at 31.78° north 473 m.
    assert area_m2(read_outline(square(0))) == pytest.approx(556 * 473, rel=0.01)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)


@given(json_values, st.sampled_from(["Polygon", "MultiPolygon"]))
def test_whatever_a_file_says_is_an_outline_or_a_sentence(value: Any, kind: str) -> None:
    for geometry in (value, {"type": kind, "coordinates": value}):
        try:
            outline = read_outline(geometry)
        except ShapeFault:
            continue
        assert read_outline(to_geojson(outline)).equals(outline)


@given(json_values)
def test_whatever_is_no_point_has_a_sentence(value: Any) -> None:
    try:
        lon, lat = read_point(value)
    except ShapeFault:
        return
    assert 72 < lon < 138 and 0 < lat < 56
