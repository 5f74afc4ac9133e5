"""答复模板: chosen on the form of a move, filled in from the case, checked in the admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from cases.models import AnswerTemplate, Category
from cases.templating import templates_for
from tests.cases.cast import Story
from tests.town import Town

pytestmark = pytest.mark.django_db


def test_the_form_offers_what_fits_filled_in(town: Town, client: Any) -> None:
    case = Story(town).handling().case
    AnswerTemplate.objects.all().delete()
    make = AnswerTemplate.objects.create
    make(move="feedback", name="合适", text="{今天}{牵头单位}已处理{类别}，编号{编号}。")
    make(move="feedback", name="别的类别", text="x", category=Category.objects.get(slug="order"))
    make(move="feedback", name="停用", text="x", is_active=False)
    make(move="reject", name="别的动作", text="x")
    found = templates_for(case, "feedback", timezone.now())
    assert [name for name, _ in found] == ["合适"]
    assert case.case_no in found[0][1] and town.department.name in found[0][1]
    assert "{" not in found[0][1]
    client.force_login(town.users["dept_handler"])
    page = client.get(reverse("cases:move", args=[case.pk, "feedback"])).content.decode()
    assert found[0][1] in page and "用模板写" in page
    assert templates_for(case, "urge", timezone.now()) == []


def test_an_unknown_placeholder_is_refused_with_its_name() -> None:
    row = AnswerTemplate(name="错", move="feedback", text="您好{反映人}")
    with pytest.raises(ValidationError) as no:
        row.full_clean()
    assert "{反映人}" in no.value.message_dict["text"][0]


def test_the_first_texts_are_there_and_fit(town: Town) -> None:
    for row in AnswerTemplate.objects.all():
        row.full_clean()


def test_only_the_system_administrator_writes_for_everybody(town: Town, client: Any) -> None:
    form = {"name": "新", "move": "feedback", "text": "已办{类别}", "order": 1, "is_active": "on"}
    address = reverse("admin:cases_answertemplate_add")
    client.force_login(town.users["street_admin"])
    assert "您只能设置本街道的" in client.post(address, form).content.decode()
    assert not AnswerTemplate.objects.filter(name="新").exists()
    client.force_login(town.users["community_staff"])
    assert client.post(address, form).status_code in (302, 403)
    assert not AnswerTemplate.objects.filter(name="新").exists()
    client.force_login(town.users["sysadmin"])
    assert client.post(address, form).status_code == 302
    assert AnswerTemplate.objects.filter(name="新").exists()
