"""What came from outside today: a small 12345 sheet, one order without a place, and a split case."""

from datetime import datetime, timedelta

from cases.models import ExchangeLog, ExternalSystem
from cases.services import move, report_case
from cases.services.exchange import log_exchange
from cases.services.orders import Order, receive_order
from gridparty.demo.shapes import DEMO_GRID, HAIHENG
from gridparty.demo.world import World
from grids.addressbook import AddressBook

# text, category word, address (with the building's name), working days given
_SHEET = (
    ("来电人反映楼下路灯不亮，要求尽快修复。", "市政设施-路灯", "{spot}", 5),
    ("来电人反映楼道里堆放杂物，堵塞通道。", "环境卫生-楼道", "{spot}2单元", 3),
    ("来电人反映附近夜间施工噪声扰民。", "环境保护-噪声", "地铁口工地旁", 2),
)
_PARTS = ("修好楼道照明和消防应急灯。", "清理楼道堆放的杂物。")


def build_orders(world: World, now: datetime) -> None:
    """Take the sheet in as the command centre would, then split one report with two sides."""
    tree, facts = world.tree(HAIHENG.key), world.grid(DEMO_GRID)
    centre = tree.dispatcher or facts.community.staff
    if centre is None or facts.head is None or not facts.buildings:
        raise LookupError("nobody holds this role here")
    system = ExternalSystem.objects.get(code="hotline")
    book, spot = AddressBook(tree.root), facts.buildings[0]
    for number, (text, word, address, days) in enumerate(_SHEET, start=1):
        order = Order(
            external_id=f"{now:%Y%m%d}12345{number:03}", text=text, category_word=word,
            address=address.format(spot=spot), received_at=now - timedelta(hours=3),
            due_at=now + timedelta(days=days), caller_name="市民", caller_phone=f"1690000100{number}",
        )  # fmt: skip
        receive_order(system=system, street=tree.root, order=order, by=centre, book=book, now=now)
    log_exchange(
        system=system, street=tree.root, way=ExchangeLog.Way.IN, carrier="12345转办单.xlsx",
        rows=len(_SHEET), counts={"create": len(_SHEET)}, by=centre,
    )  # fmt: skip
    whole = report_case(
        by=None, building=spot, category="sanitation-clutter", now=now, anonymous=True,
        text="楼道灯坏了，杂物又堵着门，晚上进出很危险。",
    )  # fmt: skip
    move(case=whole, name="accept", by=facts.head, now=now, note="情况属实，予以立案。")
    for note in _PARTS:
        move(case=whole, name="split", by=centre, now=now, note=note)
