"""A confidential reporter is nowhere to be read for who handles: every page, file and API answer is walked."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client

from cases.models import Case
from cases.services import contact_for
from tests.cases.cast import Story
from tests.town import Town

Enter = Callable[[str], Client]
NAME, PHONE = "郑测试", "16912345678"
HANDLERS = ("dept_handler", "grid_head", "grid_worker_ft", "community_staff", "community_secretary")


def surfaces(case: Case) -> Iterator[str]:
    """Every address that shows something of a case to somebody signed in."""
    yield from (f"/cases/{case.pk}/", "/cases/", "/m/", "/")
    yield from (f"/cases/?q={word}" for word in (NAME, "郑", case.case_no))
    yield from ("/cases/export/", "/cases/hot/?least=1", "/cases/hot/?least=1&export=1")
    yield f"/cases/hot/list/?grid={case.grid_id}&building={case.building_id}&category={case.category_id}"
    yield f"/cases/new/similar/?building={case.building_id}&category={case.category_id}&text={case.text}"
    yield from ("/cases/ledger/", "/cases/ledger/export/")
    yield from ("/cases/whistles/", "/cases/whistles/ranking/", "/cases/revisits/")
    yield from (f"/api/v1/cases/{case.pk}/", f"/api/v1/cases/{case.pk}/events/")
    yield from (f"/api/v1/cases/?search={NAME}", "/api/v1/cases/")
    yield from (f"/admin/cases/case/{case.pk}/change/", f"/admin/cases/case/?q={NAME}")
    yield from (f"/cases/{case.pk}/moves/{name}/" for name in ("take", "urge", "reply", "assign"))


def words_of(answer: Any) -> str:
    """Return all a person could read in the answer, also inside a workbook."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if data[:2] == b"PK":
        book = ZipFile(io.BytesIO(data))
        data = b"".join(book.read(name) for name in book.namelist())
    return str(data, "utf-8", "replace")


def leaks(client: Client, case: Case, *secrets: str) -> list[str]:
    found = []
    for address in surfaces(case):
        text = words_of(client.get(address, follow=True)).replace(f'value="{NAME}"', "")
        text = text.replace(NAME, "") if "q=" in address or "search=" in address else text
        found += [f"{address} shows {secret}" for secret in secrets if secret in text]
    return found


@pytest.mark.parametrize("who", HANDLERS)
def test_a_resident_who_reported_in_confidence_is_nowhere(
    enter: Enter, town: Town, who: str
) -> None:
    story = Story(town, category="security-clue", reporter_name=NAME, reporter_phone=PHONE)
    case = story.assigned().case
    assert leaks(enter(who), case, NAME, "郑*试", PHONE, "169****5678") == []


@pytest.mark.parametrize("who", HANDLERS)
def test_a_log_in_that_reported_in_confidence_is_nowhere(
    enter: Enter, town: Town, who: str
) -> None:
    """赵楼道 left no contact: only the log-in would give the name away."""
    by = town.users["corridor_head"]
    case = Story(town, category="security-clue", by=by, reporter_name="").assigned().case
    assert contact_for(case, town.users[who]).level == "hidden"
    name = by.display_name
    assert leaks(enter(who), case, name, f"{name[0]}*{name[-1]}") == []


def test_the_street_still_reads_who_reported(enter: Enter, town: Town) -> None:
    by = town.users["corridor_head"]
    case = Story(town, category="security-clue", by=by).assigned().case
    assert by.display_name in enter("dispatcher").get(f"/cases/{case.pk}/").content.decode()
    assert "查询码" in enter("corridor_head").get(f"/cases/{case.pk}/").content.decode()
