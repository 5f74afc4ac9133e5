"""Reading a pasted WeChat group."""

from __future__ import annotations

import pytest

from cases.chatlog import read_chat

DESKTOP = """张三 2026/11/30 9:12:33
3栋二单元楼道灯坏了，晚上看不见
[图片]

李四 2026/11/30 9:15
收到

1-302 王五 2026/11/30 9:20
@网格长 小区东门垃圾堆了三天没人清
电话16900000001
[微笑]

网格长 2026/11/30 9:21
好的，谢谢大家！
"""
COLONS = """张三:
3栋二单元楼道灯坏了

李四：东门井盖松动，很危险
地址：东门往北二十米

王五:
收到
"""
FORWARDED = """—————  2026-11-30  —————

张三  09:12

楼上漏水到我家厨房

李四  上午 9:15

楼下电动车乱停
[图片]
[图片]
"李四" 撤回了一条消息
"""
PLAIN = """3栋楼道灯坏了，请派人看看

好的

小区南门路面塌陷，
有老人差点摔倒
"""


def test_the_layout_of_the_desktop_client() -> None:
    log = read_chat(DESKTOP)
    assert [(one.sender, one.building, one.phone, one.pictures) for one in log.messages] == [
        ("张三", "3", "", 1), ("1-302 王五", "", "16900000001", 0),
    ]  # fmt: skip
    assert log.messages[0].when == "2026/11/30 9:12:33"
    assert log.messages[1].text == "小区东门垃圾堆了三天没人清\n电话16900000001"
    assert log.left_out == 2


def test_names_with_colons_but_no_labels() -> None:
    log = read_chat(COLONS)
    assert [one.sender for one in log.messages] == ["张三", "李四"]
    assert log.messages[1].text == "东门井盖松动，很危险\n地址：东门往北二十米"


def test_forwarded_records() -> None:
    log = read_chat(FORWARDED)
    assert [(one.sender, one.when, one.pictures) for one in log.messages] == [
        ("张三", "09:12", 0), ("李四", "上午 9:15", 2),
    ]  # fmt: skip


def test_plain_paragraphs() -> None:
    log = read_chat(PLAIN)
    assert [one.text for one in log.messages] == [
        "3栋楼道灯坏了，请派人看看", "小区南门路面塌陷，\n有老人差点摔倒",
    ]  # fmt: skip
    assert log.left_out == 1


@pytest.mark.parametrize("text", ["", "  \n\n", "收到", "[图片]", "张三 09:12", "——————", ":::"])
def test_nothing_to_report(text: str) -> None:
    assert read_chat(text).messages == ()


def test_one_person_in_a_row_is_one_report() -> None:
    log = read_chat(
        "张三 09:12\n电梯坏了\n张三 09:13\n二单元的那部，困过人\n李四 09:14\n确实，修了又坏"
    )
    assert [one.sender for one in log.messages] == ["张三", "李四"]
    assert log.messages[0].text == "电梯坏了\n二单元的那部，困过人"


def test_a_very_long_paste_is_read_in_bounds() -> None:
    text = "\n".join(f"居民{n} 09:12\n{n} 栋楼道灯坏了请来修" for n in range(3000))
    log = read_chat(text)
    assert len(log.messages) == 200 and log.left_out == 2800
