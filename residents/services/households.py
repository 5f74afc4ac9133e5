"""Households: set up, edit, close. Every write grows `version`, so that two editors notice."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from gridparty.lib.text import clean_prose, has_nul
from grids.doors import NO_UNIT, parse_room, parse_unit
from grids.models import Building, Entrance
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import User
from residents.models import Household, door_key
from residents.services.campaigns import join_open_campaigns

describe_actions(
    household__create="新建住户",
    household__edit="修改住户",
    household__close="销户",
)
STALE = "这一户刚被别人改过，您填的内容还在下面。请对照最新内容后再保存一次。"


@transaction.atomic
def create_household(
    *,
    building: Building,
    entrance: Entrance | None,
    room: str,
    by: User | None,
    number: str = "",
    kind: str = Household.Kind.ORDINARY,
    occupancy: str = "",
    note: str = "",
    second_in_room: bool = False,
) -> Household:
    """Register a household behind a door; its scope is that of the building.

    ValidationError: a bad room, an entrance of another building, or a room that has a household
    already (code "room_taken") unless `second_in_room` says that two share it (shared rental).
    """
    if entrance is not None and entrance.building_id != building.pk:
        raise ValidationError({"entrance": f"“{entrance}”不在{building}。"})
    building = Building.objects.select_for_update().select_related("compound").get(pk=building.pk)
    raw, room = read_room(room)
    if not second_in_room:
        _require_free(building, entrance, room)
    household = Household.objects.create(
        building=building, entrance=entrance, room=room, room_raw=raw,
        sort_key=_key(building, entrance, room), grid_id=building.grid_id,
        community_id=building.community_id, street_id=building.street_id,
        district_id=building.district_id, **_plain(number, kind, occupancy, note),
    )  # fmt: skip
    join_open_campaigns(household)
    record(by=by, action="household.create", target=household, street=household.street_id)
    return household


@transaction.atomic
def edit_household(
    *,
    household: Household,
    version: int,
    by: User | None,
    entrance: Entrance | None,
    room: str,
    number: str = "",
    kind: str = Household.Kind.ORDINARY,
    occupancy: str = "",
    note: str = "",
) -> Household:
    """Change a household that was read at `version`; ValidationError "stale" when it moved on."""
    if entrance is not None and entrance.building_id != household.building_id:
        raise ValidationError({"entrance": f"“{entrance}”不在{household.building}。"})
    raw, room = read_room(room)
    values = _plain(number, kind, occupancy, note)
    building = household.building
    if (entrance, room) != (household.entrance, household.room):
        values["sort_key"] = _key(building, entrance, room)
    touch(household, version, entrance=entrance, room=room, room_raw=raw, **values)
    household.refresh_from_db()
    record(by=by, action="household.edit", target=household, street=household.street_id)
    return household


@transaction.atomic
def set_occupancy(
    *, household: Household, version: int, occupancy: str, by: User | None
) -> Household:
    """Change nothing of a household but its occupancy."""
    if occupancy not in Household.Occupancy.values:
        raise ValidationError({"occupancy": "请选择房屋状态。"})
    touch(household, version, occupancy=occupancy)
    household.refresh_from_db()
    record(by=by, action="household.edit", target=household, street=household.street_id)
    return household


@transaction.atomic
def close_household(*, household: Household, version: int, on: date, by: User | None) -> Household:
    """Close a household nobody lives in any more; its history stays."""
    living = household.residencies.filter(end=None).count()
    if living:
        raise ValidationError(f"这一户还有 {living} 人，请先办理迁出。", code="people")
    touch(household, version, closed_on=on)
    household.refresh_from_db()
    record(by=by, action="household.close", target=household, street=household.street_id)
    return household


def touch(household: Household, version: int | None, **values: Any) -> None:
    """Write `values` and the next version, if the household still is at `version` (None: any).

    Exactly one row decides. ValidationError with code "stale" when somebody was faster, "closed"
    when the household has been closed.
    """
    rows = Household.objects.filter(pk=household.pk, closed_on=None)
    if version is not None:
        rows = rows.filter(version=version)
    if rows.update(version=F("version") + 1, updated_at=timezone.now(), **values) != 1:
        if Household.objects.filter(pk=household.pk).exclude(closed_on=None).exists():
            raise ValidationError("这一户已经销户，不能再改。", code="closed")
        raise ValidationError(STALE, code="stale")


def entrance_named(building: Building, unit: str) -> Entrance | None:
    """Return the entrance people mean by `unit`; blank means the only one, or that there is none.

    ValidationError at "unit" names the entrances there are.
    """
    entrances = {one.name: one for one in building.entrances.order_by("sort_key")}
    label = parse_unit(unit)
    if not label and len(entrances) <= 1:
        return next(iter(entrances.values()), None)
    found = entrances.get(label or NO_UNIT)
    if found is None:
        known = "、".join(entrances) or "（没有登记单元）"
        raise ValidationError({"unit": f"该楼栋的单元有：{known}。"})
    return found


def read_room(text: str) -> tuple[str, str]:
    """Return (as written, canonical): 501室 → 501; ValidationError when too long or unstorable."""
    raw = one_line(text, label="房号", longest=40, required=False)
    return raw, parse_room(raw).room[:40]


def _plain(number: str, kind: str, occupancy: str, note: str) -> dict[str, Any]:
    if has_nul(note):
        raise ValidationError({"note": "备注里有不可见的空字符，请删除后重新填写。"})
    note = clean_prose(note)
    if len(note) > 500:
        raise ValidationError({"note": f"备注最多 500 个字，现在是 {len(note)} 个。"})
    number = one_line(number, label="户编号", longest=40, required=False)
    return {"number": number, "kind": kind, "occupancy": occupancy, "note": note}


def _key(building: Building, entrance: Entrance | None, room: str) -> str:
    return door_key(
        compound=building.compound.name,
        building=building.name,
        unit=entrance.name if entrance else "",
        room=room,
    )


def _require_free(building: Building, entrance: Entrance | None, room: str) -> None:
    if not room:
        return
    same = Household.objects.open().filter(building=building, entrance=entrance, room=room)
    if same.exists():
        raise ValidationError(
            "这个房号已有一户。如果是合租或一房两户，请勾选“同一房号另立一户”。", code="room_taken"
        )
