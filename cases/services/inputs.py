"""Reading a move's inputs, as the table's `needs` describe them: ids, texts or instances."""

import math
from datetime import datetime
from typing import Any

from django.db.models import Exists
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from cases.catalog import MAX_NOTE
from cases.models import Case, Category, SlaClass, ZoneLimit
from cases.services.refusals import MoveRefused, invalid
from cases.workflow import Kind, Move, Need
from gridparty.lib.text import clean_prose, has_nul, row_id, squash
from grids.catalog import GridStatus
from grids.models import Grid
from orgs.models import Unit

_TRUE = ("1", "true", "on", "yes")
_LIMITS = {"place": 100, "measure": 200, "longitude": 180, "latitude": 90}
NO_SUCH_CASE = "没有找到这个编号的事项，请核对后再填。"


class BadInput(ValueError):
    """One input is wrong; the message is the sentence for its field."""


def clean_inputs(move: Move, case: Case, raw: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return the inputs by name, each in its Python form; raise MoveRefused("invalid") with all errors.

    Units, categories and SLA classes may come as instances, ids, slugs or codes.
    """
    errors: dict[str, str] = {}
    cleaned: dict[str, Any] = {}
    known = {need.name for need in move.needs}
    for name in raw:
        if name not in known:
            errors[name] = f"“{move.label}”不需要“{name}”这一项。"
    for need in move.needs:
        try:
            value = _clean(need, raw.get(need.name), case, now)
        except BadInput as error:
            errors[need.name] = str(error)
            continue
        if need.required and value in (None, "", []):
            verb = "填写" if need.kind == Kind.TEXT else "选择"
            errors[need.name] = f"请{verb}{need.label}。"
        cleaned[need.name] = value
    _helpers_are_others(cleaned, errors)
    if errors:
        raise invalid(errors)
    return cleaned


def _helpers_are_others(cleaned: dict[str, Any], errors: dict[str, str]) -> None:
    lead, helpers = cleaned.get("unit"), cleaned.get("co_units")
    if lead is not None and helpers and lead in helpers:
        errors["co_units"] = "牵头单位不能同时是协办单位。"


def _clean(need: Need, value: Any, case: Case, now: datetime) -> Any:
    if need.kind == Kind.TEXT:
        return clean_text(value, need.label, _LIMITS.get(need.name, MAX_NOTE))
    if need.kind == Kind.FLAG:
        return value is True or str(value or "").lower() in _TRUE
    if need.kind == Kind.UNITS:
        return _units(value, case)
    if value in (None, ""):
        return "" if need.kind == Kind.CHOICE else None
    if need.kind == Kind.CHOICE:
        return _choice(need, value)
    if need.kind == Kind.UNIT:
        return _units([value], case)[0]
    if need.kind == Kind.CATEGORY:
        return find_category(value)
    if need.kind == Kind.SLA:
        return find_sla(value)
    if need.kind == Kind.CASE:
        return _case(value, case)
    if need.kind == Kind.GRID:
        return _grid(value, case)
    if need.kind == Kind.NUMBER:
        return _number(value, _LIMITS[need.name])
    return _moment(value, now)


def clean_text(value: Any, label: str, limit: int) -> str:
    """Return prose fit to store; raises BadInput for NUL or too long (with both counts)."""
    text = "" if value is None else str(value)
    if has_nul(text):
        raise BadInput(f"{label}里有不可见的空字符，请删除后重新提交。")
    text = clean_prose(text)
    if len(text) > limit:
        raise BadInput(
            f"{label}有 {len(text)} 字，最多 {limit} 字，请删减 {len(text) - limit} 字。"
        )
    return text


def _choice(need: Need, value: Any) -> str:
    if str(value) not in {code for code, _ in need.choices}:
        raise BadInput(f"{need.label}不在可选范围内。")
    return str(value)


def _units(value: Any, case: Case) -> list[Unit]:
    """Return the units in the order given; they must serve the case's street."""
    if value in (None, ""):
        return []
    items = (
        list(value) if isinstance(value, list | tuple | set) or hasattr(value, "model") else [value]
    )
    given = [item for item in items if item not in (None, "")]
    if given and all(isinstance(item, Unit) and item.serves(case.street) for item in given):
        return list(dict.fromkeys(given))
    ids = [_id_of(item) for item in given]
    found = {unit.pk: unit for unit in Unit.objects.serving(case.street).filter(pk__in=ids)}
    if any(unit_id not in found for unit_id in ids):
        raise BadInput("所选单位不存在、已停用，或不服务于本街道。")
    return [found[unit_id] for unit_id in dict.fromkeys(ids)]


def _id_of(item: Any) -> int:
    number = row_id(str(getattr(item, "pk", item)))
    if number is None:
        raise BadInput("单位编号应为数字。")
    return number


def find_category(value: Any) -> Category:
    """Return the active category given as instance, id or slug; raises BadInput."""
    if isinstance(value, Category):
        return value
    key = str(value)
    number = row_id(key)
    lookup = {"slug": key} if number is None else {"pk": number}
    rows = Category.objects.filter(is_active=True, **lookup).select_related("sla_class")
    rows = rows.annotate(zoned=Exists(ZoneLimit.objects.filter(is_active=True)))
    found = None if has_nul(key) else rows.first()
    if found is None:
        raise BadInput("类别不存在或已停用。")
    return found


def find_sla(value: Any) -> SlaClass:
    """Return the active SLA class given as instance, id or code; raises BadInput."""
    if isinstance(value, SlaClass):
        return value
    key = str(value)
    number = row_id(key)
    lookup = {"code": key} if number is None else {"pk": number}
    found = None if has_nul(key) else SlaClass.objects.filter(is_active=True, **lookup).first()
    if found is None:
        raise BadInput("办理时限类别不存在或已停用。")
    return found


def _case(value: Any, case: Case) -> Case:
    """Return the case given as instance or number, of the same street; raises BadInput."""
    if isinstance(value, Case):
        return value
    key = squash(value)
    found = None
    if key.isascii() and key.isdigit():
        found = Case.objects.filter(street=case.street_id, case_no=key).first()
    if found is None:
        raise BadInput(NO_SUCH_CASE)
    return found


def _grid(value: Any, case: Case) -> Grid:
    """Return the grid given as instance or id, in use and of the same street; raises BadInput."""
    number = row_id(str(getattr(value, "pk", value)))
    rows = Grid.objects.filter(street=case.street_id).exclude(status=GridStatus.CLOSED)
    found = rows.filter(pk=number or 0).first()
    if found is None:
        raise BadInput("请选择本街道在用的网格。")
    return found


def _number(value: Any, limit: int) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise BadInput("请填写数字。") from None
    if not math.isfinite(number) or abs(number) > limit:
        raise BadInput("坐标超出范围。")
    return number


def _moment(value: Any, now: datetime) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else parse_datetime(str(value))
    except ValueError:
        moment = None
    if moment is None:
        raise BadInput("时间写法不对，例如 2026-10-01 15:00。")
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    if moment <= now:
        raise BadInput("时限必须晚于现在。")
    return moment


__all__ = ["BadInput", "MoveRefused", "clean_inputs", "clean_text", "find_category", "find_sla"]
