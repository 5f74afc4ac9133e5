"""Finding what a cell names: organisations by path, units by name. Only what the user reaches."""

from typing import Any

from django.core.exceptions import ValidationError

from gridparty.lib.text import clean_text, row_id
from orgs.models import OrgUnit, Unit

SEPARATOR = "/"
UNKNOWN = "没有找到，或不在您的管理范围内。"


def path_of(node: OrgUnit, names: dict[int, str]) -> str:
    """Return 海恒社区党委/耕云社区党总支; `names` keeps paths already made, by id."""
    if node.pk not in names:
        above = f"{path_of(node.parent, names)}{SEPARATOR}" if node.parent else ""
        names[node.pk] = f"{above}{node.name}"
    return names[node.pk]


def find_org(text: str, user: Any, letters: str, column: str) -> OrgUnit:
    """Return the live organisation a name or a path names; ValidationError at `column`."""
    parts = [clean_text(part) for part in text.split(SEPARATOR)]
    rows = OrgUnit.objects.visible_to(user, letters).active().filter(name=parts[-1])
    found = [one for one in rows.select_related("parent")[:50] if _is_below(one, parts[:-1])]
    if not found:
        raise ValidationError({column: UNKNOWN})
    if len(found) > 1:
        raise ValidationError(
            {column: "有几个同名组织，请写全路径，例如：街道党工委/社区党委/网格党支部。"}
        )
    org: OrgUnit = found[0]
    return org


def _is_below(node: OrgUnit, above: list[str]) -> bool:
    """Whether the names above stand over the node, in this order from the top down."""
    parent = node.parent
    for name in reversed(above):
        while parent is not None and parent.name != name:
            parent = parent.parent
        if parent is None:
            return False
        parent = parent.parent
    return True


def find_unit(text: str, user: Any, column: str) -> Unit:
    """Return the unit in use of this name that serves the user's area."""
    found = list(Unit.objects.visible_to(user).filter(name=clean_text(text), is_active=True)[:2])
    if not found:
        raise ValidationError({column: f"{UNKNOWN}请先登记单位。"})
    if len(found) > 1:
        raise ValidationError({column: "有两个同名单位，请先改名以便区分。"})
    return found[0]


def record_of(rows: Any, text: str) -> Any:
    """Return the row with this number (编号); ValidationError when the user does not reach it."""
    found = rows.filter(pk=row_id(text.removesuffix(".0"))).first()
    if found is None:
        raise ValidationError({"id": f"编号{UNKNOWN}新增的行请留空。"})
    return found
