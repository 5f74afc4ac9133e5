"""Door numbers as people write them, turned into one canonical form (domain brief §6.3).

Canonical labels are '3栋', 'A3栋', '2单元', '501'; a building without units has the unit '无',
which is not the same as '' (nobody wrote it down). Nothing here raises and nothing is guessed:
what cannot be read stays as it was written, with a Chinese sentence in `problems`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from gridparty.lib.text import chinese_number, is_blank_word, natural_key, squash
from grids.doorwords import STEMS, fold, looks_like_date

NO_UNIT = "无"

_NO_UNIT_WORDS = frozenset(["无", "無", "无单元", "不分单元", "没有单元", "0单元"])

_NUMBER = rf"(?:[A-Z]{{0,2}}[0-9]{{1,4}}[A-Z]?(?:-[0-9]{{1,2}})?|[A-Z]|[{STEMS}])"
_BUILDING_MARK = "(?:号楼|号栋|号幢|#楼|#栋|#幢|栋楼|幢楼|栋|幢|座|#)"
_BUILDING = re.compile(rf"第?({_NUMBER})(?:{_BUILDING_MARK}|楼|号)?")
_UNIT_MARK = "(?:单元|门栋|梯|门(?!面|市|卫|房))"
_UNIT = re.compile(
    rf"第?((?:[0-9]{{1,2}}(?:-[0-9]{{1,2}})?|[A-Z][0-9]?|[{STEMS}]))(?:{_UNIT_MARK})?"
)
_ROOM_END = "(?:号室|号房|室|房|号|户)?"

# A dash before a floor is a minus: 3栋-1层02.
_GAP = "(?:-(?![0-9]+[层楼]))*"
_ADDRESS = re.compile(rf"(?P<before>.*?)第?(?P<b>{_NUMBER}){_BUILDING_MARK}{_GAP}(?P<rest>.*)")
_BLOCK_AS_UNIT = re.compile(r"(?P<u>[A-Z]|[0-9]{1,2})座-*(?P<rest>.+)")
_WITH_UNIT = re.compile(
    rf"第?(?P<u>[A-Z]?[0-9]{{1,2}}(?:-[0-9]{{1,2}})?|[A-Z]|[{STEMS}]){_UNIT_MARK}-*(?P<rest>.*)"
)
_UNIT_DASH_ROOM = re.compile(rf"(?P<u>[0-9]{{1,2}})-(?P<r>[0-9]{{3,5}}[A-Z]?){_ROOM_END}")
_DASHED = re.compile(
    r"(?P<before>.*?)(?<![0-9A-Z-])(?P<b>[A-Z]{0,2}[0-9]{1,3}|[A-Z])-(?P<u>[0-9]{1,2})-"
    rf"(?P<r>[0-9]{{1,5}}[A-Z]?(?:-[0-9]{{2,5}})?){_ROOM_END}"
)
_BUILDING_DASH_ROOM = re.compile(
    rf"(?P<before>.*?)(?<![0-9A-Z-])(?P<b>[A-Z]{{1,2}}[0-9]{{1,3}}|[0-9]{{1,2}}|[A-Z])-(?P<r>[0-9]{{3,5}}[A-Z]?){_ROOM_END}"
)

_PLAIN_ROOM = re.compile(rf"([0-9]{{1,6}})([A-HJKMNP-Z]?){_ROOM_END}")
_JOINED_ROOMS = re.compile(rf"([0-9]{{3,5}})[-/,、+和]([0-9]{{1,5}}){_ROOM_END}")
_ON_FLOOR = re.compile(rf"(-?[0-9]{{1,2}})[层楼](?:([0-9]{{1,4}}[A-Z]?){_ROOM_END})?(.*)")
_BASEMENT = re.compile(r"(?:地下室|地下|负|B)-?([0-9]{1,2})(?:[层楼])?-?.*")
_FLOOR_DASH_FLAT = re.compile(rf"0*([0-9]{{1,2}})-([0-9]{{2}}){_ROOM_END}")
_RUN_TOGETHER = re.compile(r"0[0-9]{6}|[0-9]{7,}")
_MISTYPED_DIGITS = re.compile(r"[0-9OIL]{3,5}")
_DIGIT_FOR_LETTER = str.maketrans("OIL", "011")

_ADMINISTRATIVE = re.compile(
    r"^.*(?:街道办事处|街道|[镇乡]|社区居委会|居民委员会|居委会|社区|村委会)"
    r"|^(?:[^省市]{2,8}省)?[^省市]{2,8}市(?:[^区县]{1,6}[区县])?"
)
_ROAD = re.compile(r"^.*(?:路|街|大道|巷|弄)[0-9]+号(?:院|大院)?")

AMBIGUOUS = "门牌数字连在一起，分不清楼栋、单元和房号"
ONLY_FLOOR = "只有楼层，没有房号"
UNREADABLE = "房号里又写了楼栋或单元，看不懂"
LETTER_IN_ROOM = "房号里的字母已按数字读取"
LOOKS_LIKE_DATE = "门牌被表格改成了日期，请把该列设为文本后重填"


@dataclass(frozen=True, slots=True)
class Door:
    """One door. '' means not written; `unit` '无' means the building has no units."""

    compound: str = ""
    building: str = ""
    unit: str = ""
    floor: int | None = None
    room: str = ""
    raw: str = ""
    problems: tuple[str, ...] = ()

    @property
    def sort_key(self) -> str:
        """Natural order of compound, building, unit, room in one string."""
        return "|".join(map(_sort_part, self.parts))

    @property
    def parts(self) -> tuple[str, str, str, str]:
        """(compound, building, unit, room)."""
        return self.compound, self.building, self.unit, self.room


_sort_part = lru_cache(maxsize=65536)(natural_key)


def _without_zeros(number: str) -> str:
    """'A03' → 'A3', '03-01' → '3-1'; a lone zero stays."""
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", number)


def _unit_label(number: str) -> str:
    bare = _without_zeros(number)
    return NO_UNIT if bare == "0" else f"{bare}单元"


@lru_cache(maxsize=16384)
def parse_building(text: str) -> str:
    """The canonical building label: 3幢, ３#, 三号楼, 03栋, 3 → '3栋'; '' when nothing is written.

    Names stay (综合楼). An estate or area in front stays too (东区3栋): it may tell two apart.
    """
    word = fold(text)
    if is_blank_word(word):
        return ""
    found = _BUILDING.fullmatch(word)
    if found:
        return f"{_without_zeros(found[1])}栋"
    found = _ADDRESS.fullmatch(word)
    if found and not found["rest"]:
        return fold(f"{found['before']}{_without_zeros(found['b'])}栋")
    return word


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> str:
    """The canonical unit label: 二单元, 2, 2门, 02单元 → '2单元'; 无单元 → '无'; blank → ''."""
    if squash(text) in _NO_UNIT_WORDS:
        return NO_UNIT
    word = fold(text)
    if is_blank_word(word):
        return ""
    if word.isdigit() and len(word) <= 2:
        return _unit_label(word)
    found = _UNIT.fullmatch(word)
    value = chinese_number(word) if found is None else None
    if value is not None:
        return _unit_label(str(value))
    return _unit_label(found[1]) if found else word


@lru_cache(maxsize=65536)
def parse_room(text: str) -> Door:
    """Read a room cell, which may carry more than the room: 1单元1404室, 2-501, 3-2-501, 3栋501."""
    if is_blank_word(text):
        return Door(raw=text)
    word = fold(text)
    if looks_like_date(word):
        return Door(raw=text, problems=(LOOKS_LIKE_DATE,))
    for pattern in (_DASHED, _WITH_UNIT, _UNIT_DASH_ROOM):
        found = pattern.fullmatch(word)
        if found:
            parts = found.groupdict()
            if parts.get("before"):
                break
            # Alone, a numeral is a number: the 二 of 1门二.
            inner = _room_only(fold(parts.get("r") or parts.get("rest") or ""))
            return replace(
                inner,
                building=f"{_without_zeros(parts['b'])}栋" if "b" in parts else "",
                unit=_unit_label(parts["u"]),
                raw=text,
            )
    if _ADDRESS.fullmatch(word) or _DASHED.fullmatch(word):
        return replace(parse_address(word), raw=text)
    return replace(_room_only(word), raw=text)


@lru_cache(maxsize=16384)
def parse_address(text: str) -> Door:
    """Read a whole address or door number; roads and offices in front are dropped.

    3栋501 says there is no unit ('无'); 阳光花园3栋 leaves unit and room unknown ('').
    """
    if is_blank_word(text):
        return Door(raw=text)
    word = fold(text)
    if looks_like_date(word):
        return Door(raw=text, problems=(LOOKS_LIKE_DATE,))
    found = _ADDRESS.fullmatch(word)
    if found:
        door = _after_building(found["rest"])
    else:
        found = _DASHED.fullmatch(word)
        if found:
            door = replace(_room_only(found["r"]), unit=_unit_label(found["u"]))
        else:
            found = _BUILDING_DASH_ROOM.fullmatch(word)
            door = replace(_room_only(found["r"]), unit=NO_UNIT) if found else Door()
    if found:
        label = f"{_without_zeros(found['b'])}栋"
        return replace(door, compound=_estate(found["before"]), building=label, raw=text)
    if any(character.isdigit() for character in word):
        return replace(parse_room(word), raw=text)
    return Door(compound=_estate(word) or word, raw=text)


def _after_building(rest: str) -> Door:
    """What stands behind the building: unit and room, or a room alone (then there is no unit)."""
    for pattern in (_WITH_UNIT, _UNIT_DASH_ROOM):
        found = pattern.fullmatch(rest)
        if found:
            parts = found.groupdict()
            # Alone, a numeral is a number: the 二 of 1门二.
            inner = _room_only(fold(parts.get("r") or parts.get("rest") or ""))
            return replace(inner, unit=_unit_label(parts["u"]))
    block = _BLOCK_AS_UNIT.fullmatch(rest)
    if block:
        return replace(_room_only(fold(block["rest"])), unit=f"{_without_zeros(block['u'])}座")
    return replace(_room_only(fold(rest)), unit=NO_UNIT) if rest else Door()


@lru_cache(maxsize=4096)
def _name(text: str) -> str:
    return "" if is_blank_word(text) else squash(text)


def _estate(before: str) -> str:
    """The estate name in front of a building, without offices, roads and street numbers."""
    return _ROAD.sub("", _ADMINISTRATIVE.sub("", before)).strip("-,.()（）")


def _room_only(word: str) -> Door:
    """Read a folded room without building or unit."""
    if is_blank_word(word):
        return Door()
    if _RUN_TOGETHER.fullmatch(word):
        return Door(room=word, problems=(AMBIGUOUS,))
    found = _PLAIN_ROOM.fullmatch(word)
    if found:
        room = found[1].lstrip("0")
        return Door(room=f"{room}{found[2]}", floor=_floor_of(room)) if room else Door()
    found = _JOINED_ROOMS.fullmatch(word)
    if found:
        first, last = found[1].lstrip("0"), found[2].lstrip("0")
        return (
            _room_only(first or last)
            if not (first and last)
            else Door(room=f"{first}-{last}", floor=_floor_of(first))
        )
    found = _FLOOR_DASH_FLAT.fullmatch(word)
    if found:
        floor = int(found[1])
        return Door(room=f"{floor}-{found[2]}", floor=floor)
    if _MISTYPED_DIGITS.fullmatch(word):
        mended = _room_only(word.translate(_DIGIT_FOR_LETTER))
        return replace(mended, problems=(*mended.problems, LETTER_IN_ROOM))
    if any(pattern.fullmatch(word) for pattern in (_ADDRESS, _WITH_UNIT, _DASHED)):
        return Door(problems=(UNREADABLE,))
    found = _ON_FLOOR.fullmatch(word)
    if found:
        floor = int(found[1])
        if found[2] and not found[3]:
            return Door(room=_on_floor(floor, found[2]), floor=floor)
        return Door(room=word, floor=floor, problems=() if found[3] else (ONLY_FLOOR,))
    found = _BASEMENT.fullmatch(word)
    if found:
        return Door(room=word, floor=-int(found[1]))
    return Door(room=word)


def _on_floor(floor: int, flat: str) -> str:
    """The room on a floor: 5楼501 is 501; 5楼02 is 502, because 02 is there on every floor."""
    if flat.isdigit() and len(flat) <= 2:
        return f"{floor}{int(flat):02d}" if floor > 0 else f"负{-floor}层{int(flat):02d}"
    return flat.lstrip("0")


def _floor_of(room: str) -> int | None:
    """501 → 5, 1404 → 14; other lengths say nothing about the floor."""
    return int(room[:-2]) if len(room) in (3, 4) else None


@lru_cache(maxsize=4096)
def _parse_building_cell(text: str) -> Door:
    """Read a building cell, which may carry a whole address."""
    door = Door() if _BUILDING.fullmatch(fold(text)) else parse_address(text)
    if door.unit or door.room:
        return door
    return Door(compound=door.compound, building=parse_building(text))


def join_door(compound: str, building: str, unit: str, room: str) -> Door:
    """One door from the separate cells of a row, any of which may carry more than its own part.

    A cell's own column wins over what another cell says; contradictions are named in `problems`.
    """
    inside = parse_room(room)
    if inside.unit and not (inside.building or building or parse_unit(unit)):
        # Nothing else names the building: then 3-501 does.
        whole = parse_address(room)
        inside = whole if whole.building else inside
    outside = _parse_building_cell(building)
    label = outside.building or inside.building
    estate = _name(compound) or outside.compound or inside.compound
    if estate and label.startswith(estate) and len(label) > len(estate):
        label = label[len(estate) :]
    entrance = parse_unit(unit) or inside.unit or outside.unit
    clashes = [
        f"房号里写的是{mine}，前面的列写的是{theirs}"
        for mine, theirs in ((inside.building, label), (inside.unit, entrance))
        if mine and theirs and mine != theirs and mine != NO_UNIT
    ]
    last = inside if inside.room else outside
    return Door(
        compound=estate,
        building=label,
        unit=entrance,
        floor=last.floor,
        room=last.room,
        raw=" ".join(part for part in (compound, building, unit, room) if part),
        problems=(*inside.problems, *clashes),
    )
