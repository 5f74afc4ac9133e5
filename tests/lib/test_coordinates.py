"""WGS-84 ↔ GCJ-02: known places, there and back, and the address of a base map."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridparty.lib.coordinates import gcj_to_wgs, wgs_to_gcj
from gridparty.lib.tiles import tile_source

lons, lats = st.floats(73.5, 135, allow_nan=False), st.floats(18, 53.5, allow_nan=False)


def test_a_known_place_stands_where_the_base_maps_show_it() -> None:
    # 天安门: WGS-84 116.391305, 39.905527 is shown at 116.397550, 39.906929.
    lon, lat = wgs_to_gcj(116.391305, 39.905527)
    assert [lon, lat] == pytest.approx([116.39755, 39.906929], abs=2e-5)


@given(lons, lats)
def test_there_and_back_is_within_centimetres(lon: float, lat: float) -> None:
    back = gcj_to_wgs(*wgs_to_gcj(lon, lat))
    assert list(back) == pytest.approx([lon, lat], abs=2e-7)


def test_places_abroad_are_not_shifted() -> None:
    assert wgs_to_gcj(2.35, 48.85) == (2.35, 48.85)


@pytest.mark.parametrize(
    ("template", "source"),
    [
        ("", ""),
        ("/tiles/{z}/{x}/{y}.png", ""),
        ("https://t.example.gov.cn/{z}/{x}/{y}.png", " https://t.example.gov.cn"),
        ("https://m0{s}.map.example/{z}/{x}/{y}", " https://*.map.example"),
    ],
)
def test_only_the_host_of_the_base_map_is_allowed(template: str, source: str) -> None:
    assert tile_source(template) == source


@pytest.mark.parametrize(
    "template",
    [
        "https://t.example/tiles.png",
        "javascript:{z}{x}{y}",
        "https://t.example; script-src *//{z}/{x}/{y}",
        "//t.example/{z}/{x}/{y}",
        "https://user@t.example/{z}/{x}/{y}",
    ],
)
def test_a_doubtful_base_map_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match="应"):
        tile_source(template)
