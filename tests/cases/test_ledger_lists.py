"""Lists of the register that hold no cases: supervisions, topics, needs, resources, projects."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from cases.ledger_registry import other_lists
from cases.models import LedgerFreeze, LedgerScheme
from cases.services.ledgers import freeze_month
from gridparty.lib.china_time import SHANGHAI
from gridparty.lib.periods import Month
from residents.models import Need
from tests.cases.cast import NOON, Story
from tests.councils.cast import council_of, topic_of
from tests.town import Town

pytestmark = pytest.mark.django_db
AFTER = datetime(2026, 7, 2, 9, 0, tzinfo=SHANGHAI)


def page(client: Any, **query: Any) -> Any:
    shown = client.get("/cases/ledger/", query)
    assert shown.status_code == 200
    return shown


def test_every_shipped_scheme_names_lists_that_exist() -> None:
    for scheme in LedgerScheme.objects.all():
        scheme.is_active = True
        scheme.full_clean()
        assert len(scheme.lists) >= 3
    assert {"supervisions", "topics", "needs", "resources", "projects"} <= other_lists().keys()


def test_numbers_go_on_from_page_to_page(town: Town, enter: Any, monkeypatch: Any) -> None:
    for _ in range(3):
        Story(town, now=NOON).handling().step("supervise", "street_admin", note="三日内办结")
    monkeypatch.setattr("orgs.paging.keyset_page.__kwdefaults__", {"size": 2, "count": None})
    client = enter("community_staff")
    first = page(client, month="2026-06", list="supervised")
    assert [row.cells[0] for row in first.context["rows"]] == [1, 2]
    after = first.context["page"].next_url.rpartition("after=")[2]
    second = page(client, month="2026-06", list="supervised", after=after)
    assert [row.cells[0] for row in second.context["rows"]] == [3]


def test_supervisions_stand_beside_the_three_lists(town: Town, enter: Any) -> None:
    story = Story(town, now=NOON).handling().step("supervise", "street_admin", note="三日内办结")
    client = enter("community_staff")
    shown = page(client, month="2026-06", list="supervised")
    tab = next(one for one in shown.context["tabs_of_ledger"] if one["active"])
    assert (tab["label"], tab["count"], len(shown.context["rows"])) == ("督办事项清单", 1, 1)
    text = shown.content.decode()
    assert story.case.case_no in text and "三日内办结" in text and "打印事项单" not in text
    assert page(client, month="2026-05", list="supervised").context["rows"] == []
    assert page(enter("other_community_staff"), month="2026-06", list="supervised").context[
        "rows"
    ] == []  # fmt: skip
    file = client.get("/cases/ledger/export/", {"month": "2026-06", "list": "supervised"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "督办要求" in cells and "三日内办结" in cells
    sheets = client.get("/cases/ledger/sheets/", {"month": "2026-06", "list": "supervised"})
    assert sheets.status_code == 400


def test_topics_of_the_place(town: Town, enter: Any) -> None:
    topic = topic_of(council_of(town))
    month = f"{timezone.localdate():%Y-%m}"
    shown = page(enter("community_staff"), month=month, list="topic")
    assert topic.title in shown.content.decode()


def test_needs_by_their_public_words_only(town: Town, enter: Any) -> None:
    LedgerScheme.objects.filter(code="need_resource_project").update(is_active=True)
    scheme = LedgerScheme.objects.get(code="need_resource_project")
    Need.objects.create(
        household=town.households[0], kind="repair", source="visit", privacy="open",
        text="张某家的扶手松了", public_text="一位老人家里的扶手松了", status="published",
    )  # fmt: skip
    Need.objects.create(
        household=town.households[0], kind="repair", source="visit", text="不公开的话",
        status="published",
    )  # fmt: skip
    month = f"{timezone.localdate():%Y-%m}"
    shown = page(enter("community_staff"), month=month, scheme=scheme.pk)
    text = shown.content.decode()
    assert "一位老人家里的扶手松了" in text and "张某" not in text and "不公开的话" not in text
    for name in ("resource", "project"):
        assert page(enter("community_staff"), month=month, scheme=scheme.pk, list=name)


def test_a_frozen_month_keeps_these_lists_too(town: Town) -> None:
    Story(town, now=NOON).handling().step("supervise", "street_admin", note="三日内办结")
    made = freeze_month(
        scheme=LedgerScheme.objects.get(code="problem_task_duty"), scope=town.community,
        month=Month(2026, 6), by=town.users["community_staff"], now=AFTER,
    )  # fmt: skip
    kept = next(one for one in made if one.list_code == "supervised")
    assert len(kept.rows) == 1 and "三日内办结" in kept.rows[0]
    assert LedgerFreeze.objects.filter(list_code="topic").count() == 1
