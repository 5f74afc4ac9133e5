"""The transfer sheet (工单转办表) of another system, in both directions and in one layout."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from cases.models import ExchangeLog, ExternalOrder, ExternalSystem, SheetColumn
from cases.order_answers import Answer, answers_of
from cases.order_cells import moment_cell, prose_cell, read_limit, read_moment
from cases.scope import streets_served
from cases.services.exchange import log_exchange
from cases.services.orders import Order, receive_order
from cases.services.refusals import MoveRefused
from gridparty.lib.china_time import minute_text
from gridparty.lib.masking import mask_in_text, mask_name, mask_phone
from gridparty.lib.workdays import WorkCalendar
from grids.addressbook import AddressBook
from orgs.models import ImportJob, OrgUnit
from orgs.roles import EDIT, Noun
from orgs.tables.base import Column, Outcome, Row, Table, table
from orgs.tables.cells import CellError, is_masked, read_phone, read_yes_no
from orgs.tables.engine import EXAMPLE_WORD, Result
from orgs.workdays import work_calendar

CHUNK = 500
COLUMNS: tuple[Column, ...] = (
    Column(
        "external_id", "工单编号",
        ("工单号", "工单编码", "受理编号", "案件编号", "事件编号", "诉求编号", "流水号", "任务号",
         "external_id", "id"),
        required=True, width=20, help="对方系统的编号。同一编号再来，只更新、不重复建。",
        example=EXAMPLE_WORD,
    ),
    Column(
        "received_at", "来电时间",
        ("受理时间", "诉求时间", "登记时间", "上报时间", "转办时间", "反映时间", "received_at"),
        width=17, example="2026-06-03 09:20", clean=moment_cell,
    ),
    Column(
        "caller_name", "来电人",
        ("来电人姓名", "诉求人", "反映人", "联系人", "姓名", "市民姓名", "caller_name"),
        width=10, mask=mask_name, example="张某",
    ),
    Column(
        "caller_phone", "联系电话",
        ("来电号码", "联系方式", "手机号", "手机号码", "电话", "反映电话", "caller_phone"),
        width=14, mask=mask_phone, example="16900000001", help="打了星号的号码不存。",
    ),
    Column(
        "text", "诉求内容",
        ("工单内容", "问题描述", "事件描述", "反映内容", "主要内容", "诉求描述", "内容", "text"),
        required=True, width=50, mask=mask_in_text, example="楼道灯不亮，晚上看不见路。",
        clean=prose_cell,
    ),
    Column(
        "address", "地点",
        ("事发地址", "事发地点", "发生地点", "诉求地址", "地址", "事件地点", "详细地址", "问题地点",
         "address"),
        width=28, example="阳光花园1栋2单元", help="写到小区和楼栋，平台据此找到网格；找不到的由街道定位。",
    ),
    Column(
        "category_word", "诉求分类",
        ("工单分类", "事项分类", "问题分类", "诉求类别", "事件类别", "类别", "分类", "类别编码", "分类编码",
         "category"),
        width=16, example="市政设施-路灯", help="对方的叫法或编码，在“分类对照”里对应到本平台的类别。",
    ),
    Column(
        "due_at", "办理时限",
        ("办结时限", "办理期限", "反馈时限", "截止时间", "要求办结时间", "要求反馈时间", "due_at"),
        width=17, example="2026-06-10 18:00", clean=moment_cell,
        help="具体时间，或“5个工作日”（从来电时间算）。",
    ),
    Column("confidential", "是否保密", ("保密", "confidential"), width=8, example="否"),
    Column(
        "note", "备注", ("处理要求", "转办意见", "派单意见", "办理要求", "note"), width=24,
        mask=mask_in_text, clean=prose_cell,
    ),
    Column("case_no", "平台编号", ("事项编号",), width=24, help="导出时由平台填写，导入时不看。"),
    Column("result", "办理结果", width=12, help="导出时由平台填写，导入时不看。"),
    Column("words", "办理情况", width=40, help="导出时由平台填写，导入时不看。", clean=prose_cell),
    Column("ended_at", "办结时间", width=17, help="导出时由平台填写，导入时不看。", clean=moment_cell),
    Column("satisfaction", "满意度", width=10, help="导出时由平台填写，导入时不看。"),
)  # fmt: skip
# What a header nobody knows may be said to be.
KNOWN = tuple((column.name, column.label) for column in COLUMNS if "导出时" not in column.help)


class OrderTable(Table):
    """The orders of one system; each upload belongs to the street whose centre the user is."""

    noun = Noun.CASE
    letters = EDIT
    columns = COLUMNS
    most_rows = 20_000
    batch = 50
    notes = (
        "同一张表再传一次，不会重复建事项；时限或内容变了的，更新工单并记入事项的办理经过。",
        "导出的表和来件同一版式，后面加上办理结果、办理情况、办结时间、满意度，可以直接回传。",
    )

    def __init__(self) -> None:
        self.orders: Any = None  # what to export; None: all the user sees
        self._street: OrgUnit | None = None
        self._system: ExternalSystem | None = None
        self._book: AddressBook | None = None
        self._calendar: WorkCalendar | None = None

    def open_to(self, user: Any) -> bool:
        return bool(streets_served(user))

    def meet(self, user: Any) -> None:
        """Learn the headers the user's street has explained before."""
        served = streets_served(user)
        learned = SheetColumn.objects.filter(system__code=self.kind, street_id__in=served[:1])
        more: dict[str, list[str]] = {}
        for header, name in learned.values_list("header", "column"):
            more.setdefault(name, []).append(header)
        self.columns = tuple(  # type: ignore[misc]
            replace(one, aliases=(*one.aliases, *more.get(one.name, []))) for one in COLUMNS
        )

    def key(self, row: Row) -> str:
        return row["external_id"]

    def write(self, row: Row, user: Any) -> Outcome:
        if row["external_id"].startswith(EXAMPLE_WORD):
            return Outcome.EXAMPLE
        try:
            received = receive_order(
                system=self._the_system(), street=self._the_street(user), order=self._order(row),
                by=user, book=self._addresses(user),
            )  # fmt: skip
        except MoveRefused as refusal:
            if refusal.code == "not_allowed":
                raise PermissionDenied(refusal.message) from None
            raise ValidationError(
                {_COLUMN_OF.get(name, name): text for name, text in refusal.fields.items()}
                or refusal.message
            ) from None
        row.remark = received.remark
        return Outcome(received.outcome)

    def rows(self, user: Any) -> Iterable[Sequence[str]]:
        orders = self.orders
        if orders is None:
            orders = ExternalOrder.objects.visible_to(user).filter(system__code=self.kind)
        chunk: list[ExternalOrder] = []
        for order in orders.for_list().iterator(chunk_size=CHUNK):
            chunk.append(order)
            if len(chunk) == CHUNK:
                yield from _lines(chunk)
                chunk = []
        yield from _lines(chunk)

    def done(self, job: ImportJob, result: Result) -> None:
        log_exchange(
            system=self._the_system(), street=job.street, way=ExchangeLog.Way.IN,
            carrier=job.file_name, digest=job.file_hash, job=job,
            rows=result.counts["rows"], counts=result.counts, by=job.uploaded_by,
        )  # fmt: skip

    def _order(self, row: Row) -> Order:
        """Return what the row says; ValidationError at the column that cannot be read."""
        received = row.read("received_at", read_moment)
        phone = row["caller_phone"]
        return Order(
            external_id=row["external_id"], text=row["text"], address=row["address"],
            category_word=row["category_word"], received_at=received,
            due_at=row.read("due_at", self._limit(received)), note=row["note"],
            confidential=row.read(
                "confidential", lambda text: read_yes_no(text, default=False), False
            ),
            caller_name=row["caller_name"].replace("*", "某"),
            caller_phone="" if is_masked(phone) else _first(row.read("caller_phone", read_phone, "")),
        )  # fmt: skip

    def _limit(self, received: datetime | None) -> Callable[[str], datetime]:
        if self._calendar is None:
            self._calendar = work_calendar()
        calendar = self._calendar

        def read(text: str) -> datetime:
            if received is None and text.strip()[-1:] in ("日", "天", "时", "内"):
                raise CellError("没有来电时间，算不出时限；请写具体时间，如 2026-06-05 18:00。")
            return read_limit(text, received or timezone.now(), calendar)

        return read

    def _the_system(self) -> ExternalSystem:
        if self._system is None:
            self._system = ExternalSystem.objects.get(code=self.kind)
        return self._system

    def _the_street(self, user: Any) -> OrgUnit:
        if self._street is None:
            served = streets_served(user)
            if not served:
                raise PermissionDenied("外部工单由街道指挥中心接收。")
            self._street = OrgUnit.objects.get(pk=served[0])
        return self._street

    def _addresses(self, user: Any) -> AddressBook:
        if self._book is None:
            self._book = AddressBook(self._the_street(user))
        return self._book


# Names of a case's fields, where the refusal comes from reporting it.
_COLUMN_OF = {"reporter_name": "caller_name", "reporter_phone": "caller_phone", "grid": "address"}


def _first(numbers: str) -> str:
    return (numbers or "").split(";")[0]


def _lines(orders: Sequence[ExternalOrder]) -> Iterator[Sequence[str]]:
    answers = answers_of(orders)
    for order in orders:
        yield line_of(order, answers.get(order.pk, Answer(result="待定位")))


def line_of(order: ExternalOrder, answer: Answer) -> list[str]:
    """Return the order's row under COLUMNS; the caller masked."""
    case = order.case
    name = case.reporter_name if case else order.caller_name
    phone = case.reporter_phone if case else order.caller_phone
    return [
        order.external_id, minute_text(order.received_at), mask_name(name), phone.masked(mask_phone),
        order.text, order.address, order.category_word, minute_text(order.due_at),
        "是" if order.confidential else "", order.note, case.case_no if case else "",
        answer.result, answer.words, minute_text(answer.ended_at), answer.satisfaction,
    ]  # fmt: skip


@table
class HotlineTable(OrderTable):
    kind: ClassVar[str] = "hotline"
    title: ClassVar[str] = "12345 工单"


@table
class YiwangqingTable(OrderTable):
    kind: ClassVar[str] = "yiwangqing"
    title: ClassVar[str] = "综治“一网清”工单"
