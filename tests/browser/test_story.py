"""The whole loop in a real browser: a resident's photo of a manhole becomes a closed, revisited case.

Every step is played on the device it is played on in life, and photographed: docs/images/story-*.png
(written with GRIDPARTY_SHOTS=1).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Page, expect

from cases.models import Case, Category, Revisit, SlaClass
from cases.revisits import draw_month
from cases.seed import seed_catalog
from gridparty.lib.periods import Month
from tests.browser.conftest import follow
from tests.town import Town, build_town

PageAs = Callable[..., Page]
Shot = Callable[..., Path]

# A sticky bar is painted in its place only a frame after scrolling.
SETTLED = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))"


@pytest.fixture
def street(transactional_db: None) -> Town:
    """The town, committed, so that the live server sees it; an earlier live test has emptied all."""
    cache.clear()
    seed_catalog(Category, SlaClass)
    return build_town()


def manhole(path: Path, *, mended: bool) -> Path:
    """Draw a street with a manhole, broken or mended; no photo of a real place."""
    picture = Image.effect_noise((1280, 960), 26).convert("RGB")
    picture = Image.blend(picture, Image.new("RGB", picture.size, "#8b8f93"), 0.72)
    draw = ImageDraw.Draw(picture)
    for x in range(0, 1280, 160):
        draw.line((x, 0, x - 120, 960), fill="#7a7e82", width=3)
    draw.ellipse((380, 270, 900, 720), fill="#3f4347", outline="#2a2d30", width=14)
    if mended:
        for y in range(330, 690, 44):
            draw.line((460, y, 820, y), fill="#5d6267", width=12)
    else:
        draw.polygon([(520, 360), (760, 330), (830, 520), (690, 640), (560, 590)], fill="#0d0e0f")
        draw.polygon([(150, 860), (250, 560), (350, 860)], fill="#e8590c", outline="#ffffff")
        draw.rectangle((190, 730, 310, 770), fill="#ffffff")
    picture.filter(ImageFilter.SMOOTH).save(path, "JPEG", quality=88)
    return path


def check_layout(page: Page) -> None:
    """Nothing sticks out sideways."""
    width, inner = page.evaluate("[document.scrollingElement.scrollWidth, window.innerWidth]")
    assert width <= inner, f"{page.url} is {width} wide on {inner}"


def submit(page: Page, name: str) -> None:
    follow(page.locator("main").get_by_role("button", name=name, exact=True))


def choose(page: Page, label: str) -> None:
    """Tick a radio or check box by its words."""
    page.locator("main label", has_text=re.compile(rf"^\s*{label}\s*$")).click()


def test_the_story(
    street: Town, page_as: PageAs, phone: dict[str, Any], desk: dict[str, Any], shot: Shot,
    tmp_path: Path, settings: Any,
) -> None:  # fmt: skip
    settings.MEDIA_ROOT = tmp_path / "media"
    users = street.users
    phone["device_scale_factor"] = 1.5  # sharp enough for a page of documentation
    numbered = iter(range(1, 99))

    def keep(page: Page, name: str) -> None:
        check_layout(page)
        page.wait_for_load_state("networkidle")
        page.evaluate(SETTLED)
        shot(page, f"story-{next(numbered):02d}-{name}")

    # 1. A resident finds the grid, writes, takes a photo, and gets a code.
    resident = page_as(None, phone)
    resident.goto("/report/")
    follow(resident.get_by_role("link", name="红星街道"))
    follow(resident.get_by_role("link", name="幸福社区"))
    keep(resident, "choose-place")
    follow(resident.get_by_role("link", name="第1网格"))
    resident.get_by_label("您要反映什么问题").fill(
        "3 单元门口的井盖破了一个大洞，老人小孩路过很危险。"
    )
    resident.set_input_files("input[type=file]", manhole(tmp_path / "broken.jpg", mended=False))
    expect(resident.locator(".photo-list canvas")).to_be_visible()
    resident.get_by_label("具体位置").fill("3 单元门口")
    resident.get_by_label("问题类别").select_option(label="井盖")
    resident.get_by_label("怎么称呼您").fill("钱阿姨")
    resident.get_by_label("联系电话").fill("16900000021")
    resident.evaluate("window.scrollTo(0, 0)")
    keep(resident, "resident-reports")
    submit(resident, "提交")
    code = resident.locator("#tracking-code").inner_text()
    assert re.fullmatch(r"[A-Z2-9]{8}", code)
    assert code not in resident.url
    keep(resident, "tracking-code")
    case = Case.objects.get(tracking_code=code)

    # 2. The grid head finds it on the phone, looks, accepts it, and calls for help.
    head = page_as(users["grid_head"], phone)
    head.goto("/m/")
    expect(head.locator(".stream-item")).to_have_count(1)
    expect(head.locator(".today-line")).to_contain_text("今天要办 1 件")
    keep(head, "grid-head-today")
    follow(head.get_by_role("link", name="核实立案"))
    head.get_by_label("核实情况").fill("已到现场，井盖破损属实，已放警示锥。")
    submit(head, "核实立案")
    expect(head.locator(".messages")).to_contain_text("已立案")
    keep(head, "grid-head-accepts")
    follow(head.get_by_role("link", name="呼叫上级"))
    head.get_by_label("呼叫原因").fill("需要城管部门更换井盖")
    submit(head, "呼叫上级")
    expect(head.locator(".messages")).to_contain_text("已呼叫")
    keep(head, "grid-head-calls")

    # 3. The street finds it at the desk and whistles.
    dispatcher = page_as(users["dispatcher"], desk)
    dispatcher.goto("/cases/")
    follow(dispatcher.get_by_role("link", name="待派遣"))
    expect(dispatcher.locator("tbody tr")).to_have_count(1)
    keep(dispatcher, "street-desk")
    follow(dispatcher.locator("tbody a").first)
    keep(dispatcher, "street-looks")
    follow(dispatcher.get_by_role("link", name="吹哨", exact=True))
    dispatcher.get_by_label("牵头单位").select_option(label="城市管理局")
    choose(dispatcher, "日常事项哨")
    dispatcher.get_by_label("吹哨事由").fill("请到场会商，尽快更换井盖")
    keep(dispatcher, "street-whistles")
    submit(dispatcher, "吹哨")
    expect(dispatcher.locator(".messages")).to_contain_text("已吹哨")

    # 4. The department arrives, takes the case, mends it, and feeds back.
    department = page_as(users["dept_handler"], phone)
    department.goto("/m/")
    follow(department.get_by_role("link", name="报到", exact=True))
    department.get_by_label("到场地点").fill("阳光花园 3 单元门口")
    keep(department, "department-checks-in")
    submit(department, "报到")
    expect(department.locator(".messages")).to_contain_text("已报到")
    follow(department.get_by_role("link", name="签收", exact=True))
    submit(department, "签收")
    expect(department.locator(".messages")).to_contain_text("办理中")
    follow(department.get_by_role("link", name="反馈办结"))
    choose(department, "已解决")
    department.get_by_label("办理情况").fill("已更换新井盖并加固。")
    department.set_input_files("input[type=file]", manhole(tmp_path / "new.jpg", mended=True))
    expect(department.locator(".photo-list canvas")).to_be_visible()
    department.locator("form fieldset").first.evaluate(
        "box => box.scrollIntoView({behavior: 'instant'})"
    )
    keep(department, "department-feeds-back")
    submit(department, "反馈办结")
    expect(department.locator(".messages")).to_contain_text("待核查")

    # 5. The grid head looks at the result; the community writes it off.
    head.goto("/m/")
    follow(head.get_by_role("link", name="核查通过"))
    choose(head, "现场查看")
    keep(head, "grid-head-verifies")
    submit(head, "核查通过")
    expect(head.locator(".messages")).to_contain_text("待销号")
    community = page_as(users["community_staff"], desk)
    community.goto("/cases/?stage=finish")
    follow(community.locator("tbody a").first)
    keep(community, "community-looks")
    follow(community.get_by_role("link", name="销号", exact=True))
    submit(community, "销号")
    expect(community.locator(".messages")).to_contain_text("已销号")
    keep(community, "closed")

    # 6. The resident follows it with the code, on another phone.
    neighbour = page_as(None, phone)
    neighbour.goto("/track/")
    neighbour.get_by_label("查询码").fill(code.lower())
    submit(neighbour, "查询")
    expect(neighbour.locator(".plain-status")).to_have_text("已办结销号")
    assert code not in neighbour.url
    keep(neighbour, "resident-follows")

    # 7. The month ends; the draw picks the case; the revisitor hears 不满意; it reopens.
    last_month = Month.of(timezone.now()).previous()
    Case.objects.filter(pk=case.pk).update(closed_at=last_month.end - timedelta(days=1))
    assert draw_month(last_month).cases == [case.case_no]
    revisitor = page_as(users["revisitor"], desk)
    revisitor.goto("/cases/revisits/")
    keep(revisitor, "revisit-drawn")
    follow(revisitor.locator("tbody a").first)
    choose(revisitor, "联系上了")
    choose(revisitor, "未解决")
    choose(revisitor, "不满意")
    choose(revisitor, "办理结果")
    revisitor.get_by_label("备注").fill("新井盖松动，车一压就响。")
    expect(revisitor.get_by_label("马上重开这件事项")).to_be_checked()
    keep(revisitor, "revisit-unsatisfied")
    submit(revisitor, "登记")
    expect(revisitor.locator(".messages")).to_contain_text("已重开")
    assert Revisit.objects.get().satisfaction == "unsatisfied"
    case.refresh_from_db()
    assert (case.status, case.cycle) == ("reopened", 2)

    # 8. It is back, in its second round.
    community.goto(f"/cases/{case.pk}/")
    expect(community.locator(".case-kicker")).to_contain_text("第 2 轮")
    expect(community.locator(".timeline-item").first).to_contain_text("新井盖松动")
    keep(community, "reopened")


def test_the_pages_fit_a_phone_and_say_why_not(
    street: Town, page_as: PageAs, phone: dict[str, Any], faults: Any, tmp_path: Path, settings: Any
) -> None:  # fmt: skip
    settings.MEDIA_ROOT = tmp_path / "media"
    faults.allow("400|409")
    page = page_as(street.users["grid_head"], phone)
    page.goto("/cases/new/")
    page.get_by_label("发生了什么").fill("字" * 2001)
    page.get_by_label("类别").select_option(label="井盖")
    submit(page, "上报")
    expect(page.locator("#id_text_error")).to_contain_text("有 2001 字，最多 2000 字")
    assert len(page.get_by_label("发生了什么").input_value()) == 2001
    check_layout(page)
    not_a_photo = tmp_path / "x.jpg"
    not_a_photo.write_bytes(b"not a picture")
    page.get_by_label("发生了什么").fill("井盖破损")
    page.set_input_files("input[type=file]", not_a_photo)
    submit(page, "上报")
    expect(page.locator("main")).to_contain_text("请重新选择照片")
    expect(page.get_by_label("发生了什么")).to_have_value("井盖破损")
    page.set_input_files("input[type=file]", manhole(tmp_path / "ok.jpg", mended=False))
    submit(page, "上报")
    expect(page.locator(".messages")).to_contain_text("已上报")
    check_layout(page)
    for address in ("/m/", "/m/?tab=reported", "/cases/", "/report/", "/track/"):
        page.goto(address)
        check_layout(page)
