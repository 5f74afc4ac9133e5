"""The loop on one kind of device for everybody: report, whistle, check-in, feedback, close, rate, look again."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from cases.models import AnswerTemplate, Case, EffectReview
from cases.templating import seed_templates
from tests.browser.conftest import follow
from tests.browser.test_story import PageAs, check_layout, choose, street, submit
from tests.town import Town

__all__ = ["street"]
CHAT = "张三 2026/11/30 9:12\n1栋二单元楼道灯坏了，晚上看不见\n\n李四 2026/11/30 9:15\n收到\n"


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_every_role_walks_the_loop(
    street: Town, page_as: PageAs, phone: dict[str, Any], desk: dict[str, Any], size: str,
    tmp_path: Any, settings: Any,
) -> None:  # fmt: skip
    settings.MEDIA_ROOT = tmp_path / "media"
    seed_templates(AnswerTemplate)
    device, users = {"phone": phone, "desk": desk}[size], street.users

    # A resident reports without a log-in.
    resident = page_as(None, device)
    resident.goto("/report/")
    for name in ("红星街道", "幸福社区", "第1网格"):
        follow(resident.get_by_role("link", name=name))
    resident.get_by_label("您要反映什么问题").fill("楼道里堆满纸箱，电动车也推不进来。")
    resident.get_by_label("问题类别").select_option(label="其他事项")
    check_layout(resident)
    submit(resident, "提交")
    code = resident.locator("#tracking-code").inner_text()
    case = Case.objects.get(tracking_code=code)
    address = f"/cases/{case.pk}/"

    def act(who: str, link: str, said: str, **fields: str) -> Any:
        page = page_as(users[who], device)
        page.goto(address)
        check_layout(page)
        target = page.get_by_role("link", name=link, exact=True)
        if not target.first.is_visible():
            page.locator(".case-actions [data-bs-toggle=dropdown]").click()
        follow(target.first)
        page.wait_for_url(f"**{address}moves/**")
        page.wait_for_load_state()
        for label, value in fields.items():
            page.get_by_label(label).first.fill(value)
        check_layout(page)
        return page, said, link

    def done(step: tuple[Any, str, str]) -> None:
        page, said, link = step
        submit(page, link)
        expect(page.locator(".messages")).to_contain_text(said)
        check_layout(page)

    done(act("grid_head", "核实立案", "已立案", 核实情况="情况属实"))
    done(act("grid_head", "呼叫上级", "已呼叫", 呼叫原因="需要城管支持"))
    whistle = act("dispatcher", "吹哨", "已吹哨", 吹哨事由="请到场会商")
    whistle[0].get_by_label("牵头单位").select_option(label="城市管理局")
    done(whistle)
    done(act("dept_handler", "报到", "已报到", 到场地点="1 栋楼道"))
    done(act("dept_handler", "签收", "办理中"))
    feedback = act("dept_handler", "反馈办结", "待核查")
    choose(feedback[0], "已解决")
    feedback[0].get_by_label("用模板写").select_option(label="现场处置完毕")
    written = feedback[0].get_by_label("办理情况")
    assert "城市管理局工作人员到" in written.input_value()
    assert "{" not in written.input_value()
    done(feedback)
    verify = act("grid_head", "核查通过", "待销号")
    choose(verify[0], "现场查看")
    done(verify)
    done(act("dispatcher", "销号", "已销号"))

    # The resident, still known by the code, follows it and rates.
    resident.goto("/track/")
    expect(resident.locator(".plain-status")).to_have_text("已办结销号")
    check_layout(resident)
    follow(resident.get_by_role("link", name="去评价"))
    choose(resident, "满意")
    submit(resident, "提交评价")
    check_layout(resident)

    # The community takes it in for a second look; the sheet prints.
    staff = page_as(users["community_staff"], device)
    staff.goto(address)
    staff.get_by_label("30 天", exact=True).check()
    submit(staff, "列入跟踪问效")
    expect(staff.locator(".messages")).to_contain_text("已列入跟踪问效")
    assert EffectReview.objects.get().case == case
    for page_of_hers in (f"{address}sheet/", "/cases/effects/?tab=waiting", "/cases/ledger/"):
        staff.goto(page_of_hers)
        check_layout(staff)

    # Words of a group become drafts, and one of them a case.
    head = page_as(users["grid_head"], device)
    head.goto("/cases/new/paste/")
    head.get_by_label("群聊文字").fill(CHAT)
    submit(head, "读成草稿")
    expect(head.locator("main .panel")).to_have_count(1)
    check_layout(head)
    head.get_by_label("类别").first.select_option(label="路灯")
    submit(head, "上报勾选的")
    expect(head.locator(".messages")).to_contain_text("已上报 1 件")
