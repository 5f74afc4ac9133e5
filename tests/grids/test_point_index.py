"""The index answers like asking every outline in turn."""

from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, Polygon, box

from grids.point_index import PointIndex

# Overlapping, nested, far away, with a hole, and crooked; degrees.
OUTLINES = [
    box(0, 0, 1, 1), box(0.5, 0.5, 2, 2), box(10, 10, 10.01, 10.01),
    Polygon([(3, 0), (6, 0), (6, 3), (3, 3)], [[(4, 1), (5, 1), (5, 2), (4, 2)]]),
    Polygon([(0, 4), (3, 3.2), (2.2, 5), (3.5, 6.1), (1, 5.5)]),
]  # fmt: skip
INDEX = PointIndex(enumerate(OUTLINES))


@given(st.floats(-1, 11), st.floats(-1, 11))
def test_it_finds_what_a_search_through_all_finds(lon: float, lat: float) -> None:
    hits = [place for place, outline in enumerate(OUTLINES) if outline.covers(Point(lon, lat))]
    assert INDEX.find(lon, lat) == (hits[0] if hits else None)


def test_corners_belong_to_their_outline_and_nothing_to_no_outline() -> None:
    for place, outline in enumerate(OUTLINES):
        for lon, lat in outline.exterior.coords:
            assert INDEX.find(lon, lat) in (0, place)
    assert PointIndex([]).find(0, 0) is None
