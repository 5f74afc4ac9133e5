"""Reading a map file: GeoJSON bytes in, features or a sentence out. Pure; geometries are judged later."""

import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from gridparty.lib.text import clean_text, squash

MAX_BYTES = 20 * 1024 * 1024
MOST_FEATURES = 20_000
GRID, COMMUNITY, BUILDING, OTHER = "grid", "community", "building", "other"
_KINDS = {
    "grid": GRID, "网格": GRID, "community": COMMUNITY, "社区": COMMUNITY,
    "building": BUILDING, "楼栋": BUILDING, "楼": BUILDING,
    "compound": OTHER, "小区": OTHER, "road": OTHER, "道路": OTHER,
}  # fmt: skip
_CODE = ("网格编码", "编码", "社区代码", "代码", "grid_code", "gridcode", "code")
_NAME = ("网格名称", "网格", "名称", "社区", "grid_name", "grid", "name")
_COMPOUND = ("小区", "compound", "estate", "residential_name")
_BUILDING = ("楼栋", "楼号", "building_name", "地址", "address", "name", "名称")
# The coordinate reference systems that are WGS-84 for our purposes; CGCS2000 differs by centimetres.
_DEGREES = ("CRS84", "4326", "4490")


@dataclass(frozen=True)
class Feature:
    """One drawn thing. `number` counts from 1; `code` is digits or ""; `geometry` is unjudged."""

    number: int
    kind: str
    code: str
    name: str
    compound: str
    building: str
    geometry: Any

    def __str__(self) -> str:
        label = self.code or self.name
        return f"第 {self.number} 个图形（{label[:30]}）" if label else f"第 {self.number} 个图形"


def read_map(data: bytes) -> list[Feature]:
    """Return the features of a GeoJSON file; ValidationError says what else it is."""
    if len(data) > MAX_BYTES:
        raise ValidationError(f"文件太大，最多 {MAX_BYTES // 1024 // 1024} MB。", code="large")
    document = _parsed(data)
    features = _features(document)
    if not features:
        raise ValidationError("文件里没有图形。", code="empty")
    if len(features) > MOST_FEATURES:
        raise ValidationError(f"图形超过 {MOST_FEATURES} 个，请按社区分开导入。", code="large")
    return [_feature(number, one) for number, one in enumerate(features, start=1)]


def _parsed(data: bytes) -> Any:
    if data.startswith(b"PK\x03\x04"):
        raise ValidationError(
            "这是压缩文件（可能是 Shapefile 或 KMZ）。请在绘图软件里另存为 GeoJSON。", code="format"
        )
    if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise ValidationError("这是 KML 或 XML 文件。请在绘图软件里另存为 GeoJSON。", code="format")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return json.loads(data.decode(encoding))
        except UnicodeDecodeError:
            continue
        except (ValueError, RecursionError):
            break
    raise ValidationError("文件不是有效的 GeoJSON，可能不完整。请重新导出。", code="format")


def _features(document: Any) -> list[Any]:
    if not isinstance(document, dict):
        raise ValidationError("文件不是 GeoJSON：最外层应为 FeatureCollection。", code="format")
    _require_degrees(document.get("crs"))
    if document.get("type") == "FeatureCollection" and isinstance(document.get("features"), list):
        return list(document["features"])
    if document.get("type") == "Feature":
        return [document]
    if document.get("type") == "Topology":
        raise ValidationError("这是 TopoJSON。请另存为 GeoJSON。", code="format")
    raise ValidationError("文件不是 GeoJSON：最外层应为 FeatureCollection。", code="format")


def _require_degrees(crs: Any) -> None:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if name and not any(known in name for known in _DEGREES):
        raise ValidationError(
            f"坐标系是 {name[:60]}。请转换为 WGS-84 经纬度（EPSG:4326）后再导入。", code="crs"
        )


def _feature(number: int, raw: Any) -> Feature:
    properties = raw.get("properties") if isinstance(raw, dict) else None
    if not isinstance(properties, dict):
        properties = {}
    said = {squash(str(key)).lower(): value for key, value in properties.items()}
    geometry = raw.get("geometry") if isinstance(raw, dict) else None
    code = "".join(char for char in _text(said, _CODE) if char.isascii() and char.isalnum())
    kind = _kind(said, code, geometry)
    return Feature(
        number=number,
        kind=kind,
        code=code if kind in (GRID, COMMUNITY) else "",
        name=_text(said, _NAME),
        compound=_text(said, _COMPOUND),
        building=_text(said, _BUILDING) if kind == BUILDING else "",
        geometry=geometry,
    )


def _kind(said: dict[str, Any], code: str, geometry: Any) -> str:
    named = _KINDS.get(squash(str(said.get("kind", said.get("类型", "")))).lower())
    if named:
        return named
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        return BUILDING
    if len(code) == 12 and code.isdigit():
        return COMMUNITY
    if not code and ("楼栋" in said or "building" in said):
        return BUILDING
    return GRID


def _text(said: dict[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = said.get(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # a code that a spreadsheet took for a number
        if isinstance(value, str | int) and not isinstance(value, bool):
            text = clean_text(str(value).replace("\0", ""))
            if text:
                return text[:80]
    return ""
