"""The revisitor's list and questionnaire, and what the community and street do with them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from cases.models import Case, Revisit, RevisitDraw
from cases.revisits import draw_month
from cases.views import revisit_list
from gridparty.lib.periods import Month
from orgs.models import AuditEntry
from tests.cases.cast import Story
from tests.town import Town


@pytest.fixture
def drawn(town: Town) -> Revisit:
    """A closed case of last month, drawn for the street's revisitor."""
    now = timezone.now()
    case = Story(town, reporter_name="张小三", reporter_phone="16900000011").closed().case
    month = Month.of(now).previous()
    Case.objects.filter(pk=case.pk).update(closed_at=month.end - timedelta(days=2))
    draw_month(month)
    return Revisit.objects.get()


def answer(**more: Any) -> dict[str, Any]:
    return {
        "act": "record", "method": "phone", "reached": "yes", "solved": "yes",
        "satisfaction": "satisfied", "note": "", **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("who", "status", "count"),
    [
        ("revisitor", 200, 1), ("street_admin", 200, 1), ("dispatcher", 200, 1),
        ("community_staff", 200, 1), ("community_secretary", 200, 1), ("other_street_admin", 200, 0),
        ("grid_head", 403, 0), ("dept_handler", 403, 0), ("sysadmin", 403, 0),
    ],
)  # fmt: skip
def test_who_sees_the_list(
    client: Client, town: Town, drawn: Revisit, who: str, status: int, count: int
) -> None:
    client.force_login(town.users[who])
    page = client.get("/cases/revisits/")
    assert page.status_code == status
    if status == 200:
        assert len(page.context["rows"]) == count
        assert page.context["tabs_of_page"][0]["count"] == count
    expected = {200: 200 if count else 404, 403: 403}[status]
    assert client.get(f"/cases/revisits/{drawn.pk}/").status_code == expected


def test_it_calls_with_the_number_shown_once(client: Client, town: Town, drawn: Revisit) -> None:
    client.force_login(town.users["revisitor"])
    page = client.get(f"/cases/revisits/{drawn.pk}/").content.decode()
    assert "169****0011" in page and "查看电话" in page
    shown = client.post(f"/cases/{drawn.case_id}/contact/", {"reason": "回访"})
    assert "16900000011" in shown.content.decode()


def test_a_satisfied_answer_is_kept(client: Client, town: Town, drawn: Revisit) -> None:
    client.force_login(town.users["revisitor"])
    client.post(f"/cases/revisits/{drawn.pk}/", answer(note="说挺好"))
    drawn.refresh_from_db()
    assert (drawn.state, drawn.solved, drawn.satisfaction) == ("done", "yes", "satisfied")
    assert drawn.note == "说挺好"
    page = client.get(f"/cases/revisits/{drawn.pk}/")
    assert not page.context["forms"]
    assert "满意" in page.content.decode()


def test_an_unsatisfied_answer_reopens_at_once(client: Client, town: Town, drawn: Revisit) -> None:
    client.force_login(town.users["revisitor"])
    bad = answer(solved="no", satisfaction="unsatisfied", reason="result", reopen="on", note="还漏")
    result = client.post(f"/cases/revisits/{drawn.pk}/", bad, follow=True)
    assert "已重开" in result.content.decode()
    assert Case.objects.get(pk=drawn.case_id).status == "reopened"


def test_not_reopened_the_community_decides(client: Client, town: Town, drawn: Revisit) -> None:
    client.force_login(town.users["revisitor"])
    path = f"/cases/revisits/{drawn.pk}/"
    client.post(path, answer(satisfaction="unsatisfied", reason="attitude"))
    client.force_login(town.users["community_staff"])
    assert len(client.get("/cases/revisits/?tab=bad").context["rows"]) == 1
    page = client.post(path, {"act": "decide", "outcome": "", "note": ""})
    assert page.status_code == 400
    client.post(path, {"act": "decide", "outcome": "explain", "note": "已上门道歉"})
    drawn.refresh_from_db()
    assert drawn.decision == "explain"


def test_nobody_reached_is_an_attempt(client: Client, town: Town, drawn: Revisit) -> None:
    client.force_login(town.users["revisitor"])
    path = f"/cases/revisits/{drawn.pk}/"
    page = client.post(path, {"act": "record", "method": "phone", "reached": "no"}, follow=True)
    text = page.content.decode()
    assert "请换个时间再试" in text and "没有联系上" in text
    drawn.refresh_from_db()
    assert drawn.state == "pending" and drawn.attempts.count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reached": ""}, "请选择“是否联系上”"),
        ({"solved": ""}, "请选择“问题解决了吗”"),
        ({"satisfaction": ""}, "请选择“对办理满意吗”"),
        ({"satisfaction": "unsatisfied"}, "请选择“哪里不满意”"),
        ({"method": "pigeon"}, "选择一个有效的选项"),
        ({"note": "长" * 2000}, "备注有 2000 字，最多 1000 字"),
    ],
)
def test_bad_answers_are_named(
    client: Client, town: Town, drawn: Revisit, change: dict[str, str], sentence: str
) -> None:
    client.force_login(town.users["revisitor"])
    page = client.post(
        f"/cases/revisits/{drawn.pk}/",
        answer(note="原话", **change) if "note" not in change else answer(**change),
    )
    assert page.status_code == 400
    assert sentence in page.content.decode()
    drawn.refresh_from_db()
    assert drawn.state == "pending" and not drawn.attempts.exists()


def test_a_second_answer_is_refused_with_a_sentence(
    client: Client, town: Town, drawn: Revisit
) -> None:
    client.force_login(town.users["revisitor"])
    client.post(f"/cases/revisits/{drawn.pk}/", answer())
    page = client.post(f"/cases/revisits/{drawn.pk}/", answer(solved="no"))
    assert page.status_code == 409
    assert "已由他人登记" in page.content.decode()
    drawn.refresh_from_db()
    assert drawn.solved == "yes"


def test_whoever_took_part_cannot_ask(client: Client, town: Town, drawn: Revisit) -> None:
    client.force_login(town.users["community_staff"])
    page = client.post(f"/cases/revisits/{drawn.pk}/", answer())
    assert page.status_code == 403
    assert "须由其他人回访" in page.content.decode()


def test_the_street_assigns_another_revisitor(client: Client, town: Town, drawn: Revisit) -> None:
    Revisit.objects.update(assignee=None)
    client.force_login(town.users["dispatcher"])
    assert "待指派" in client.get("/cases/revisits/").content.decode()
    path = f"/cases/revisits/{drawn.pk}/"
    refused = client.post(path, {"act": "assign", "to": town.users["grid_head"].pk})
    assert refused.status_code == 400
    client.post(path, {"act": "assign", "to": town.users["revisitor"].pk})
    drawn.refresh_from_db()
    assert drawn.assignee == town.users["revisitor"]


def test_an_unknown_act_is_refused(client: Client, town: Town, drawn: Revisit) -> None:
    client.force_login(town.users["revisitor"])
    assert client.post(f"/cases/revisits/{drawn.pk}/", {"act": "fly"}).status_code == 409


def test_the_lists_queries_do_not_grow(client: Client, town: Town, drawn: Revisit) -> None:
    client.force_login(town.users["revisitor"])

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/cases/revisits/")
        return len(queries)

    few = count()
    for _ in range(3):
        case = Story(town).closed().case
        Revisit.objects.create(
            case=case, draw=drawn.draw, month=drawn.month, assignee=drawn.assignee,
            locks_at=drawn.locks_at,
        )  # fmt: skip
    assert count() == few <= 16


def test_the_draws_page_replays_what_the_user_may_see(
    town: Town, enter: Callable[[str], Client]
) -> None:
    from tests.cases.test_revisits import drawn

    revisit = drawn(town)
    page = enter("dispatcher").get("/cases/revisits/draws/").content.decode()
    assert "都能由名单和种子得出" in page and revisit.draw.list_hash in page
    RevisitDraw.objects.update(listed=[])
    bent = enter("dispatcher").get("/cases/revisits/draws/").content.decode()
    assert "名单被改动过" in bent
    other = enter("other_street_admin").get("/cases/revisits/draws/").content.decode()
    assert "还没有抽样" in other and revisit.draw.list_hash not in other
    assert enter("dept_handler").get("/cases/revisits/draws/").status_code == 403


def test_the_list_is_narrowed_and_exported(
    client: Client, town: Town, drawn: Revisit, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(town.users["revisitor"])
    client.post(f"/cases/revisits/{drawn.pk}/", answer(satisfaction="basically", note="还行"))
    client.force_login(town.users["dispatcher"])
    chosen = f"?tab=done&month={drawn.month}&satisfaction=basically"
    page = client.get(f"/cases/revisits/{chosen}")
    assert [row["revisit"].pk for row in page.context["rows"]] == [drawn.pk]
    assert "共 1 条" in page.content.decode()
    other = client.get("/cases/revisits/?tab=done&satisfaction=unsatisfied")
    assert not other.context["rows"]
    assert [tab["count"] for tab in other.context["tabs_of_page"] if tab["active"]] == [0]
    wrong = client.get("/cases/revisits/?month=2026-13")
    assert wrong.status_code == 400 and "月份应在 1 到 12 之间" in wrong.content.decode()

    answered = client.get(page.context["export_url"].replace("?", "/cases/revisits/?"))
    sheet = load_workbook(io.BytesIO(b"".join(answered.streaming_content)))  # type: ignore[attr-defined]
    cells = [[str(cell or "") for cell in row] for row in sheet.worksheets[0].values]
    assert cells[0][0] == "回访登记表（已回访）" and "填报单位" in cells[-1][0]
    row = next(row for row in cells if drawn.case.case_no in row)
    assert {"已解决", "基本满意", "还行", "电话"} <= set(row)
    assert "16900000011" not in str(cells) and "张小三" not in str(cells)
    assert AuditEntry.objects.get(action="revisit.export").detail["rows"] == 1
    monkeypatch.setattr(revisit_list, "MOST_EXPORTED", 0)
    refused = client.get(page.context["export_url"].replace("?", "/cases/revisits/?"))
    assert refused.status_code == 400 and "一次最多导出 0 条" in refused.content.decode()
