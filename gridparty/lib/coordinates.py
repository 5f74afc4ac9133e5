"""WGS-84 and GCJ-02, the shifted coordinates every public base map of China is drawn in.

Points are (longitude, latitude) in degrees. The shift is the published approximation (GB 20263 asks
for it; the formula is common knowledge); going back is by iteration, exact to a few centimetres.
"""

from math import cos, pi, radians, sin, sqrt

Point = tuple[float, float]

_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323
# Where the shift applies, and where a grid of ours can lie.
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
METRES_PER_DEGREE = 111_320.0


def is_in_china(lon: float, lat: float) -> bool:
    """Say whether the point lies in the box around China; NaN does not."""
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH


def wgs_to_gcj(lon: float, lat: float) -> Point:
    """Return where a point of WGS-84 stands on a Chinese base map (300–700 m away)."""
    if not is_in_china(lon, lat):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    wave = 20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (wave + 20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (wave + 20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    curve = 1.0 - _ECCENTRICITY * sin(radians(lat)) ** 2
    root = sqrt(curve)
    north = north * 180.0 / (_AXIS * (1.0 - _ECCENTRICITY) / (curve * root) * pi)
    east = east * 180.0 / (_AXIS / root * cos(radians(lat)) * pi)
    return lon + east, lat + north


def gcj_to_wgs(lon: float, lat: float) -> Point:
    """Return the WGS-84 point that a base map shows at this place."""
    guess_lon, guess_lat = lon, lat
    for _ in range(6):
        shown_lon, shown_lat = wgs_to_gcj(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + lon - shown_lon, guess_lat + lat - shown_lat
    return guess_lon, guess_lat
