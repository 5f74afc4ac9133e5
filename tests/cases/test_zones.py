"""区域时限: the nearest row decides, the case says why; only new cases and changed categories ask."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cases.models import Case, Category, SlaClass, ZoneLimit
from cases.services.chaining import check_trail
from cases.zoning import why_this_limit
from tests.cases.cast import NOON, Story, reported
from tests.town import Town

pytestmark = pytest.mark.django_db


def _limit(sla: str, **where: Any) -> ZoneLimit:
    row = ZoneLimit(sla_class=SlaClass.objects.get(code=sla), reason="创建要求", **where)
    row.full_clean()
    row.save()
    return row


def _why(case: Case) -> str:
    return why_this_limit(case.events.order_by("id"))


def test_the_nearest_place_then_the_closer_category_decides(town: Town) -> None:
    rubbish = Category.objects.get(slug="sanitation-rubbish")
    grid = town.building.grid
    case = reported(town, category="sanitation-rubbish", now=NOON)
    assert (case.sla_class.code, _why(case)) == ("normal", "按类别的默认时限")
    _limit("complex", category=rubbish.parent)
    assert reported(town, category="sanitation-rubbish").sla_class.code == "complex"
    _limit("consult", category=rubbish)
    assert reported(town, category="sanitation-rubbish").sla_class.code == "consult"
    _limit("urgent", street=grid.street)
    assert reported(town, category="sanitation-rubbish").sla_class.code == "urgent"
    _limit("complex", community=grid.community, category=rubbish.parent)
    assert reported(town, category="sanitation-rubbish").sla_class.code == "complex"
    _limit("emergency", grid=grid, category=rubbish)
    case = reported(town, category="sanitation-rubbish")
    assert case.sla_class.code == "emergency"
    assert _why(case) == f"区域时限：{grid}·垃圾，创建要求"
    assert check_trail(case.case_no, case.events.order_by("id"), case.trail_head).fault == ""
    assert reported(town, category="suggestion").sla_class.code == "urgent"  # the street's row
    ZoneLimit.objects.update(is_active=False)
    assert reported(town, category="sanitation-rubbish").sla_class.code == "normal"


def test_accepting_under_another_category_asks_again_unless_a_limit_is_chosen(town: Town) -> None:
    _limit("urgent", category=Category.objects.get(slug="facilities-lamp"))
    story = Story(town).step("accept", "grid_head", category="facilities-lamp")
    assert story.case.sla_class.code == "urgent" and "区域时限" in _why(story.case)
    story = Story(town).step("accept", "grid_head", category="facilities-lamp", sla_class="complex")
    assert story.case.sla_class.code == "complex" and _why(story.case) == "核实立案时选定"
    story = Story(town).accepted()
    assert story.case.sla_class.code == "normal" and _why(story.case) == "按类别的默认时限"


def test_two_places_no_condition_and_the_same_twice_are_refused(town: Town) -> None:
    grid = town.building.grid
    with pytest.raises(ValidationError, match="只选一个"):
        _limit("urgent", grid=grid, community=grid.community)
    with pytest.raises(ValidationError, match="至少一项"):
        _limit("urgent")
    _limit("urgent", grid=grid)
    with pytest.raises(ValidationError, match="已经有一条"):
        _limit("complex", grid=grid)


def test_the_admin_writes_and_the_page_explains(town: Town, client: Any) -> None:
    client.force_login(town.users["sysadmin"])
    category = Category.objects.get(slug="suggestion-suggestion")
    sla = SlaClass.objects.get(code="urgent")
    form = {"category": category.parent_id, "sla_class": sla.pk, "reason": "文明城市创建",
            "is_active": "on"}  # fmt: skip
    answer = client.post(reverse("admin:cases_zonelimit_add"), form)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    case = reported(town, category="suggestion-suggestion")
    client.force_login(town.users["community_staff"])
    page = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert "区域时限：全平台·意见建议，文明城市创建" in page
