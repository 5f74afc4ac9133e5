"""Orders of other systems: received by their own number, placed, answered. Nothing comes twice."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from cases.catalog import MAX_NOTE, MAX_TEXT
from cases.models import Case, CategoryCode, ExternalOrder, ExternalSystem
from cases.scope import streets_served
from cases.services.inputs import BadInput, clean_text
from cases.services.moves import move
from cases.services.refusals import invalid, not_allowed, wrong_state
from cases.services.reports import report_case
from gridparty.lib.china_time import local
from gridparty.lib.text import squash
from grids.addressbook import AddressBook
from grids.models import Building, Grid
from orgs import audit
from orgs.fields import Sealed
from orgs.models import OrgUnit, User

# Cases of a category nobody has mapped are filed here, and the word is listed for the street.
UNSORTED = "other-other"
_LOCK = 0x6F72646572  # names the advisory lock of a street's orders
LENGTHS = {"external_id": 64, "address": 200, "category_word": 80, "note": MAX_NOTE}
LABELS = {
    "external_id": "工单编号", "text": "诉求内容", "address": "地点", "category_word": "诉求分类",
    "note": "备注", "caller_name": "来电人",
}  # fmt: skip


@dataclass(frozen=True)
class Order:
    """What the other system says; `caller_phone` "" when it is not told or masked."""

    external_id: str
    text: str
    address: str = ""
    category_word: str = ""
    received_at: datetime | None = None
    due_at: datetime | None = None
    note: str = ""
    confidential: bool = False
    caller_name: str = ""
    caller_phone: str = ""

    @property
    def digest(self) -> str:
        """Return a fingerprint of what is said; the caller, often masked, does not count."""
        said = {name: value for name, value in asdict(self).items() if "caller" not in name}
        return hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Received:
    """What became of it: "create", "update" or "unchanged"; `remark` is worth telling."""

    outcome: str
    order: ExternalOrder
    remark: str = ""


@transaction.atomic
def receive_order(
    *, system: ExternalSystem, street: OrgUnit, order: Order, by: User,
    book: AddressBook | None = None, now: datetime | None = None,
) -> Received:  # fmt: skip
    """Take an order in: a new one becomes a case, or waits for its grid; a known one is compared.

    `book` saves reading the street's addresses for each of many. Raises MoveRefused by field.
    """
    if street.pk not in streets_served(by):
        raise not_allowed("外部工单由街道指挥中心接收。")
    if not system.is_active:
        raise wrong_state(f"“{system.name}”已停用，不再接收工单。")
    order = _clean(order)
    now = now or timezone.now()
    _lock(street)
    known = ExternalOrder.objects.select_for_update(of=("self",)).filter(
        system=system, street=street, external_id=order.external_id
    )
    found = known.select_related("case").first()
    if found is not None and found.digest == order.digest:
        return Received("unchanged", found)
    row = found or ExternalOrder(system=system, street=street, external_id=order.external_id)
    changes = _changes(row, order) if found else []
    _copy(order, row, now)
    remark = ""
    if row.case is None:
        _place(row, by, book or AddressBook(street), now)
        remark = f"待定位：{row.problem}" if row.problem else ""
    row.save()
    if found is not None and found.case is not None and changes:
        remark = _tell(row, changes, by, now)
    audit.record(
        by=by, action="order.update" if found else "order.receive", target=row, street=street.pk,
        detail={"system": system.code, "placed": row.case_id is not None},
    )  # fmt: skip
    return Received("update" if found else "create", row, remark)


@transaction.atomic
def place_order(
    *, order: ExternalOrder, grid: Grid, by: User, building: Building | None = None,
    category: Any = None, now: datetime | None = None,
) -> Case:  # fmt: skip
    """Say in which grid a waiting order lies: it becomes a case. Raises MoveRefused."""
    if order.street_id not in streets_served(by):
        raise not_allowed("外部工单由街道指挥中心定位。")
    row = ExternalOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if row.case_id is not None:
        raise wrong_state("这件工单已被定位，请刷新后查看。")
    if grid.street_id != row.street_id:
        raise invalid({"grid": "请选择本街道的网格。"})
    case = _become_case(row, grid, building, by, now or timezone.now(), category)
    row.save()
    audit.record(by=by, action="order.place", target=row, street=row.street_id)
    return case


def _lock(street: OrgUnit) -> None:
    """Let two files of one street come in one after the other: their rows would wait crosswise."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK << 20 | street.pk])


def _clean(order: Order) -> Order:
    """Return the order with clean texts; raises MoveRefused("invalid") naming each field."""
    errors: dict[str, str] = {}
    cleaned: dict[str, Any] = {}
    for name, label in LABELS.items():
        limit = {"text": MAX_TEXT, "caller_name": 60}.get(name) or LENGTHS[name]
        try:
            cleaned[name] = clean_text(getattr(order, name), label, limit)
        except BadInput as error:
            errors[name] = str(error)
    for name in ("external_id", "text"):
        if name not in errors and not cleaned[name].strip():
            errors[name] = f"请填写{LABELS[name]}。"
    if errors:
        raise invalid(errors)
    cleaned["external_id"] = squash(cleaned["external_id"])
    return replace(
        order, received_at=_to_minute(order.received_at), due_at=_to_minute(order.due_at),
        **cleaned,
    )  # fmt: skip


def _to_minute(moment: datetime | None) -> datetime | None:
    """Return the time on the Shanghai clock without seconds, as sheets write it.

    What came by the interface and comes back in a sheet is the same order.
    """
    return local(moment).replace(second=0, microsecond=0) if moment else None


def _copy(order: Order, row: ExternalOrder, now: datetime) -> None:
    for name in (
        "text", "address", "category_word", "received_at", "due_at", "note", "confidential",
    ):  # fmt: skip
        setattr(row, name, getattr(order, name))
    row.digest, row.changed_at = order.digest, now
    if row.case_id is None:  # afterwards the case alone knows who called
        row.caller_name = order.caller_name
        row.caller_phone = Sealed.of(order.caller_phone)


def _changes(row: ExternalOrder, order: Order) -> list[str]:
    """Return what is new, as sentences for the case's history."""
    found = []
    if _to_minute(row.due_at) != order.due_at:
        until = f"{local(order.due_at):%Y年%m月%d日 %H:%M}" if order.due_at else "不限"
        found.append(f"办理时限改为{until}。")
    if row.text != order.text:
        found.append(f"诉求内容改为：{order.text}")
    if row.note != order.note:
        found.append(f"备注改为：{order.note or '（空）'}")
    if row.address != order.address:
        found.append(f"地点改为：{order.address or '（空）'}")
    if row.category_word != order.category_word:
        found.append(f"诉求分类改为：{order.category_word or '（空）'}")
    return found


def _tell(row: ExternalOrder, changes: list[str], by: User, now: datetime) -> str:
    """Write the changes into the case's history; a case that is over is left as it is."""
    assert row.case is not None
    case = row.case
    if not case.is_open:
        return f"事项 {case.case_no} 已结束；如需重新办理，请在事项页上重开。"
    note = f"{row.system.name}重新转来：{''.join(changes)}"
    move(case=case, name="relay", by=by, now=now, note=note[:MAX_NOTE])
    return f"已记入事项 {case.case_no}"


def _place(row: ExternalOrder, by: User, book: AddressBook, now: datetime) -> None:
    """Make the order a case if its address says where; else say why not."""
    found = book.find(row.address, row.text)
    row.problem = found.problem
    if found.grid_id is not None:
        grid = Grid.objects.get(pk=found.grid_id)
        building = Building.objects.filter(pk=found.building_id or 0).first()
        _become_case(row, grid, building, by, now)


def _become_case(
    row: ExternalOrder, grid: Grid, building: Building | None, by: User, now: datetime,
    category: Any = None,
) -> Case:  # fmt: skip
    case = report_case(
        by=by, text=row.text, category=category or category_of(row), grid=grid, building=building,
        address=row.address, source=row.system.source, reporter_name=row.caller_name,
        reporter_phone=row.caller_phone.reveal(), confidential=row.confidential, now=now,
        anonymous=not (row.caller_name or row.caller_phone or _app_contact(row)),
    )  # fmt: skip
    row.case, row.problem = case, ""
    row.caller_name, row.caller_phone = "", Sealed.of("")
    return case


def _app_contact(row: ExternalOrder) -> bool:
    """Say whether an app was left another way to the reporter."""
    report = getattr(row, "app_report", None)
    return bool(report and report.contact)


def category_of(row: ExternalOrder) -> Any:
    """Return our category for the other system's word; the word is kept for the street to map."""
    if not row.category_word:
        return UNSORTED
    code, _ = CategoryCode.objects.get_or_create(
        system=row.system, street=row.street, word=row.category_word
    )
    if code.category is not None and code.category.is_active:
        return code.category
    return UNSORTED


audit.describe_actions(
    order__receive="接收外部工单", order__update="更新外部工单", order__place="定位外部工单",
    order__hand_back="回传外部工单", order__map="对照外部分类或列名", order__pull="接口取回答复",
)  # fmt: skip
