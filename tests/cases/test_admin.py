"""The admin of cases: readable in scope, closed to writing, configuration for the administrator."""

from __future__ import annotations

import pytest
from django.test import Client

from cases.models import AnswerTemplate, Category, SlaClass, ZoneLimit
from orgs.models import AuditEntry
from tests.cases.cast import Story
from tests.town import Town


def sign_in(town: Town, key: str) -> Client:
    browser = Client()
    browser.force_login(
        town.users[key], backend="orgs.backends.AccountBackend"
    )  # fmt: skip
    return browser


def test_a_case_is_read_in_scope_and_never_written(town: Town) -> None:
    case = Story(town, reporter_name="郑测试", reporter_phone="16912345678").closed().case
    browser = sign_in(town, "street_admin")
    assert case.case_no in browser.get("/admin/cases/case/").content.decode()
    address = f"/admin/cases/case/{case.pk}/change/"
    page = browser.get(address).content.decode()
    assert "销号" in page
    assert "郑测试" not in page and "16912345678" not in page
    assert browser.post(address, {"status": "void"}).status_code == 403
    assert browser.post(f"/admin/cases/case/{case.pk}/delete/").status_code == 403
    assert browser.get("/admin/cases/case/add/").status_code == 403
    case.refresh_from_db()
    assert case.status == "closed"
    assert sign_in(town, "other_street_admin").get(address).status_code == 404
    assert sign_in(town, "sysadmin").get(address).status_code == 403


@pytest.mark.parametrize("model", ["category", "slaclass"])
def test_the_administrator_edits_the_configuration_and_others_read(town: Town, model: str) -> None:
    for key, add in (("sysadmin", 200), ("street_admin", 403)):
        browser = sign_in(town, key)
        assert browser.get(f"/admin/cases/{model}/").status_code == 200
        assert browser.get(f"/admin/cases/{model}/add/").status_code == add


def test_a_street_keeps_its_own_limits_and_templates(town: Town) -> None:
    everywhere = AnswerTemplate.objects.create(move="feedback", name="全平台的", text="已处理。")
    browser = sign_in(town, "street_admin")
    text = {
        "move": "feedback",
        "name": "本街道的",
        "text": "已处理{类别}。",
        "order": 0,
        "is_active": "on",
    }
    address = "/admin/cases/answertemplate/"
    refused = browser.post(f"{address}add/", text)
    assert "您只能设置本街道的" in refused.content.decode()
    foreign = browser.post(f"{address}add/", text | {"street": town.other_street.pk})
    assert foreign.status_code == 200 and "有效的选项" in foreign.content.decode()
    assert browser.post(f"{address}add/", text | {"street": town.street.pk}).status_code == 302
    own = AnswerTemplate.objects.get(name="本街道的")
    assert AuditEntry.objects.get(action="admin.add").street_id == town.street.pk
    page = browser.get(address).content.decode()
    assert "全平台的" in page and "本街道的" in page
    change = f"{address}{everywhere.pk}/change/"
    assert browser.post(change, text | {"street": town.street.pk}).status_code == 403
    assert sign_in(town, "other_street_admin").get(f"{address}{own.pk}/change/").status_code == 404
    assert sign_in(town, "sysadmin").get(f"{address}{own.pk}/change/").status_code == 200

    limit = {
        "category": Category.objects.get(slug="order-occupation").pk, "reason": "学校周边", "is_active": "on",
        "sla_class": SlaClass.objects.get(code="urgent").pk,
    }  # fmt: skip
    zones = "/admin/cases/zonelimit/"
    assert "您只能设置本街道的" in browser.post(f"{zones}add/", limit).content.decode()
    foreign = browser.post(f"{zones}add/", limit | {"grid": town.other_grid.pk})
    assert foreign.status_code == 200 and not ZoneLimit.objects.exists()
    assert browser.post(f"{zones}add/", limit | {"grid": town.grid.pk}).status_code == 302
    row = ZoneLimit.objects.get()
    assert sign_in(town, "other_street_admin").get(f"{zones}{row.pk}/change/").status_code == 404
    assert not ZoneLimit.objects.visible_to(town.users["grid_head"], "E").exists()


def test_a_changed_category_is_kept_and_recorded(town: Town) -> None:
    row = Category.objects.get(slug="praise")
    data = {
        "slug": "praise", "name": "点赞", "order": row.order, "sla_class": row.sla_class_id,
        "level": "grid", "is_active": "on",
        "questions-TOTAL_FORMS": "0", "questions-INITIAL_FORMS": "0",
    }  # fmt: skip
    answer = sign_in(town, "sysadmin").post(f"/admin/cases/category/{row.pk}/change/", data)
    assert answer.status_code == 302, answer.content.decode()
    row.refresh_from_db()
    assert row.name == "点赞"
    assert AuditEntry.objects.filter(action="admin.change").exists()


def test_revisits_and_draws_are_listed(town: Town) -> None:
    from tests.cases.test_revisits import drawn

    revisit = drawn(town)
    browser = sign_in(town, "community_staff")
    assert revisit.case.case_no in browser.get("/admin/cases/revisit/").content.decode()
    page = browser.get(f"/admin/cases/revisitdraw/{revisit.draw_id}/change/").content.decode()
    assert revisit.draw.seed in page
    assert sign_in(town, "other_street_admin").get("/admin/cases/revisitdraw/").status_code == 200
    gone = sign_in(town, "other_street_admin").get(
        f"/admin/cases/revisitdraw/{revisit.draw_id}/change/"
    )
    assert gone.status_code == 404
