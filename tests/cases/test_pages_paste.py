"""微信群文字转上报: read, checked, sent once; what is wrong is said at its draft."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.urls import reverse

from cases.models import Case, Category
from tests.cases.cast import photo, reported
from tests.town import Town

pytestmark = pytest.mark.django_db
TEXT = """张三 2026/11/30 9:12:33
1栋二单元楼道灯坏了，晚上看不见
[图片]

李四 2026/11/30 9:15
收到

王五 2026/11/30 9:20
小区东门垃圾堆了三天没人清
电话16900000001
"""


def _drafts(town: Town, client: Any) -> Any:
    grid = town.building.grid
    return client.post(reverse("cases:paste"), {"grid": grid.pk, "text": TEXT})


def _filled(page: Any, **more: str) -> dict[str, Any]:
    """What the browser would send of the drafts' page."""
    data = {"grid": str(page.context["grid"].pk), "drafts": str(len(page.context["rows"]))}
    for row in page.context["rows"]:
        for bound in row["form"]:
            value = bound.value()
            if value not in (None, "", False):
                data[bound.html_name] = "on" if value is True else str(value)
    return data | more


def test_the_text_becomes_drafts_with_what_it_says(town: Town, client: Any) -> None:
    reported(town, text="小区东门的垃圾堆了三天没有人清", category="sanitation-rubbish")
    client.force_login(town.users["grid_head"])
    page = _drafts(town, client)
    assert page.status_code == 200
    forms = [row["form"] for row in page.context["rows"]]
    assert [form["reporter_name"].value() for form in forms] == ["张三", "王五"]
    assert forms[1]["reporter_phone"].value() == "16900000001"
    assert forms[0]["pictures"].value() == 1
    assert page.context["rows"][1]["similar"], "the open case about the same heap is shown"
    assert Case.objects.count() == 1, "nothing is sent before it has been checked"


def test_ticked_drafts_are_sent_once(town: Town, client: Any) -> None:
    client.force_login(town.users["grid_head"])
    page = _drafts(town, client)
    data = _filled(page, **{"d0-category": "", "d1-category": "sanitation-rubbish"})
    wrong = client.post(reverse("cases:paste"), data)
    assert wrong.status_code == 400 and "请选择“类别”" in wrong.content.decode()
    assert "小区东门垃圾堆了三天没人清" in wrong.content.decode()
    assert Case.objects.count() == 0
    category = Category.objects.get(slug="facilities-lamp")
    data |= {"d0-category": str(category.pk), "d1-category": str(category.pk)}
    for _ in range(2):
        assert client.post(reverse("cases:paste"), data).status_code == 302
    cases = list(Case.objects.order_by("id"))
    assert [case.source for case in cases] == ["wechat", "wechat"]
    assert cases[0].reporter_name == "张三" and cases[1].reporter_phone
    again = _drafts(town, client)
    assert [row["form"]["take"].value() for row in again.context["rows"]] == [False, False]
    assert cases[0].case_no in again.content.decode()


def test_pictures_of_the_group_go_with_their_draft(town: Town, client: Any) -> None:
    client.force_login(town.users["grid_head"])
    page = _drafts(town, client)
    assert 'name="d0-photos"' in page.content.decode()
    category = str(Category.objects.get(slug="facilities-lamp").pk)
    data: dict[str, Any] = _filled(page, **{"d0-category": category, "d1-category": category})
    bad = client.post(reverse("cases:paste"), data | {"d1-photos": [io.BytesIO(b"no picture")]})
    assert bad.status_code == 400 and "请重新选择照片" in bad.content.decode()
    assert Case.objects.count() == 1, "the first draft has been sent"
    again = client.post(reverse("cases:paste"), data | {"d1-photos": [photo(), photo()]})
    assert again.status_code == 302
    assert [case.attachments.count() for case in Case.objects.order_by("id")] == [0, 2]


def test_nothing_ticked_and_nothing_readable_are_said(town: Town, client: Any) -> None:
    client.force_login(town.users["grid_head"])
    data = _filled(_drafts(town, client))
    data.pop("d0-take"), data.pop("d1-take")
    page = client.post(reverse("cases:paste"), data)
    assert page.status_code == 400 and "没有勾选" in page.content.decode()
    empty = client.post(
        reverse("cases:paste"), {"grid": town.building.grid.pk, "text": "收到\n\n好的"}
    )
    assert empty.status_code == 400 and "没有读到" in empty.content.decode()
    long = client.post(
        reverse("cases:paste"), {"grid": town.building.grid.pk, "text": "长" * 30001}
    )
    assert long.status_code == 400 and "30001 字" in long.content.decode()


def test_a_refusal_stands_at_its_draft(town: Town, client: Any) -> None:
    client.force_login(town.users["grid_head"])
    page = _drafts(town, client)
    category = page.context["rows"][0]["form"].fields["category"].choices[1][1][0][0]
    data = _filled(page, **{"d0-category": str(category), "d1-category": str(category),
                            "d1-reporter_phone": "不是电话"})  # fmt: skip
    answer = client.post(reverse("cases:paste"), data)
    assert answer.status_code == 400
    assert "reporter_phone" in answer.context["rows"][1]["form"].errors
    assert Case.objects.count() == 1 and "已上报 1 件" in answer.content.decode()
    assert client.post(reverse("cases:paste"), data | {"d1-reporter_phone": ""}).status_code == 302
    assert Case.objects.count() == 2


def test_only_the_grids_in_reach(town: Town, client: Any) -> None:
    client.force_login(town.users["other_grid_head"])
    assert _drafts(town, client).status_code == 400
    client.force_login(town.users["revisitor"])
    assert client.get(reverse("cases:paste")).status_code == 403
