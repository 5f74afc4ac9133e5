"""A conflict side by side: what the register says, what the file says, and where they differ."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from gridparty.lib.masking import mask_birth_date, mask_id, mask_name, mask_phone, mask_room
from orgs.models import Gender, Person
from residents.models import Household, Residency, RosterConflict

_LABELS = {
    "name": "姓名", "gender": "性别", "id_kind": "证件类型", "id_number": "证件号码",
    "birth": "出生日期", "phone": "联系电话", "ethnicity": "民族", "political_status": "政治面貌",
    "education": "文化程度", "marriage": "婚姻状况", "workplace": "工作单位",
    "registered_address": "户籍地址", "remark": "备注",
}  # fmt: skip
_SEALED = ("id_number", "birth", "phone")


@dataclass(frozen=True)
class Side:
    """One field of both; `hint` says where two masked numbers part."""

    name: str
    label: str
    ours: str
    theirs: str
    differs: bool
    hint: str = ""


def sides_of(person: Person, filed: dict[str, str], *, full: bool) -> list[Side]:
    """Return the fields the file fills, those that differ first; numbers masked for everybody."""
    sides = [_side(name, person, filed[name], full) for name in _LABELS if filed.get(name)]
    return sorted(sides, key=lambda side: not side.differs)


def _side(name: str, person: Person, theirs: str, full: bool) -> Side:
    ours = getattr(person, name)
    plain = ours.reveal() if name in _SEALED else str(ours or "")
    hint = _parting(plain, theirs) if name in ("id_number", "phone") else ""
    return Side(
        name, _LABELS[name], _shown(name, plain, full), _shown(name, theirs, full),
        plain != theirs, hint,
    )  # fmt: skip


def _shown(name: str, value: str, full: bool) -> str:
    if not value:
        return ""
    if name == "gender":
        return str(Gender(value).label) if value in Gender.values else ""
    if name == "id_number":
        return mask_id(value)
    if name == "birth":
        return mask_birth_date(date.fromisoformat(value))
    if name == "phone":
        return "、".join(mask_phone(one) for one in value.split(";"))
    if not full and name == "name":
        return mask_name(value)
    return value if full else "••••"


def _parting(ours: str, theirs: str) -> str:
    """Which digits differ, so that a typing slip is seen without uncovering a number."""
    if not ours or ours == theirs or len(ours) != len(theirs):
        return ""
    places = [
        str(at) for at, (a, b) in enumerate(zip(ours, theirs, strict=True), start=1) if a != b
    ]
    return f"第 {'、'.join(places)} 位不同" if len(places) <= 4 else f"有 {len(places)} 位不同"


@dataclass(frozen=True)
class HomeLine:
    """A home of the person in the register; `url_pk` is None where the user may not go."""

    text: str
    url_pk: int | None
    since: date | None
    until: date | None
    reason: str


def homes_of(person: Person, user: Any) -> list[HomeLine]:
    """Return the person's homes, present ones first; of other areas only the community is named."""
    rows = Residency.objects.filter(person=person).select_related(
        "household__building__compound", "household__entrance", "household__community"
    )
    rows = rows.order_by("end", "-pk")
    mine = set(
        Household.objects.in_full_to(user)
        .filter(pk__in=[row.household_id for row in rows])
        .values_list("pk", flat=True)
    )
    lines = [
        HomeLine(
            text=row.household.door
            if row.household_id in mine
            else f"{row.household.community.name}的一户",
            url_pk=row.household_id if row.household_id in mine else None,
            since=row.start,
            until=row.end,
            reason=row.get_end_reason_display(),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: line.until is not None)


def filed_door(conflict: RosterConflict, door: dict[str, Any], *, full: bool) -> str:
    """Return the door the file names, with the room masked unless `full`."""
    entrances = {one.pk: one.name for one in conflict.building.entrances.all()}
    unit = entrances.get(door.get("entrance") or 0, "")
    room = door.get("room", "")
    unit = "" if unit == "无" else unit
    return f"{conflict.building}{unit}{room if full else mask_room(room)}"
