"""An app of others that reports over the open interface, with a key everybody may try."""

from datetime import datetime

from cases.models import AppKey, Category
from cases.services.apps import AppAsk, set_key, take_report, take_update
from gridparty.demo.shapes import DEMO_GRID, HAIHENG
from gridparty.demo.world import World

# Printed at every start, like the log-ins' password; refused in production with them.
API_KEY = "gridparty-demo-open311"


def build_apps(world: World, now: datetime) -> None:
    """Two reports with a place, one that waits for it, and one more word to the first."""
    tree, spot = world.tree(HAIHENG.key), world.grid(DEMO_GRID).buildings[0]
    app = AppKey(
        name="随手拍（演示应用）", contact="演示单位", street=tree.root, publishes=True
    )  # fmt: skip
    set_key(app=app, key=API_KEY)
    lamp = Category.objects.get(slug="facilities-lamp")
    road = Category.objects.get(slug="facilities-road")
    point = (spot.longitude, spot.latitude) if spot.longitude and spot.latitude else None
    first = take_report(
        app=app, now=now,
        ask=AppAsk(
            category=lamp, text="楼前的路灯三天不亮了。\n灯杆编号：HH-0312", point=point,
            address=f"{spot}门前", account_id="demo-1",
        ),
    )  # fmt: skip
    take_report(
        app=app, now=now,
        ask=AppAsk(category=road, text="盲道砖碎了一片。\n是什么损坏：盲道破损", address=f"{spot}东侧"),
    )  # fmt: skip
    take_report(
        app=app, now=now, ask=AppAsk(category=road, text="路口有个坑，下雨积水。", address="菜市场路口")
    )  # fmt: skip
    if first.case is not None:
        take_update(
            app=app, case=first.case, update_id="demo-1", text="旁边那一盏也不亮了。", reopen=False,
            now=now,
        )  # fmt: skip
