"""The admin of cases: readable in scope, closed to writing, configuration for the administrator."""

from __future__ import annotations

import pytest
from django.test import Client

from cases.models import Category
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


def test_a_changed_category_is_kept_and_recorded(town: Town) -> None:
    from orgs.models import AuditEntry

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
