"""The one household people mean by a door they write."""

from typing import Any

from django.core.exceptions import ValidationError

from grids.doors import parse_address
from residents.models import Household

MOST_NAMED = 5


def household_behind(homes: Any, written: str) -> Household:
    """Return the open household of `homes` (already in scope) behind `written`.

    ValidationError says what to write when the door is unclear, unknown or not the only one.
    """
    door = parse_address(written)
    if door.problems or not door.building or not door.room:
        raise ValidationError("请写到房号，例如 3栋2单元501。", code="door")
    rows = homes.open().with_door(door).select_related("building__compound", "entrance")
    found: list[Household] = list(rows.by_door()[: MOST_NAMED + 1])
    if not found:
        raise ValidationError("您负责的范围内没有这一户，请核对门牌。", code="unknown")
    if len(found) > 1:
        names = "、".join(dict.fromkeys(one.door for one in found[:MOST_NAMED]))
        raise ValidationError(f"有不止一户，请写清小区和单元：{names}。", code="many")
    return found[0]
