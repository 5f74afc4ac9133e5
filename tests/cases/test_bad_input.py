"""What goes wrong around a case: a clock set back, a file gone, a flood of late cases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case, CaseEvent
from cases.services import scan_clocks
from cases.services.chaining import check_trail
from notices.models import Notification, OutboxMessage
from tests.cases.cast import NOON, Story, photo
from tests.town import Town


def test_a_clock_set_back_breaks_neither_history_nor_clocks(town: Town) -> None:
    story = Story(town, now=NOON).assigned()
    story.now = NOON - timedelta(hours=26)
    story.step("take", "dept_handler")
    case = story.case
    events = list(case.events.order_by("id"))
    assert check_trail(case.case_no, events, case.trail_head).fault == ""
    assert [event.move for event in events][-1] == "take", "the order is that of the writing"
    assert case.due_at is not None and case.due_at > NOON
    assert not any(scan_clocks(story.now).values())


def test_the_sweep_does_nothing_twice_when_the_clock_goes_back_between(town: Town) -> None:
    Story(town, now=NOON).handling()
    late = NOON + timedelta(days=40)
    first = scan_clocks(late)
    assert (first["urge"], first["supervise"]) == (1, 1)
    for moment in (late - timedelta(days=30), late, late + timedelta(minutes=1)):
        assert not any(scan_clocks(moment).values())


def test_a_photo_whose_file_is_gone_leaves_its_page_standing(
    client: Client, town: Town, media: Path
) -> None:
    case = Story(town, photos=[photo(), photo()]).handling().case
    gone = case.attachments.order_by("id")[0]
    Path(gone.file.path).unlink()
    client.force_login(town.users["dispatcher"])
    page = client.get(f"/cases/{case.pk}/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "照片 1 的文件已不在" in text
    assert f"/cases/files/{gone.pk}/" not in text
    assert client.get(f"/cases/files/{gone.pk}/").status_code == 404


def _copies(model: Case, many: int) -> None:
    fields = [field.attname for field in Case._meta.concrete_fields if not field.primary_key]
    values = {name: getattr(model, name) for name in fields}
    Case.objects.bulk_create(
        [
            Case(
                **values | {"case_no": f"T{n:06d}", "tracking_code": f"T{n:07d}", "trail_head": ""}
            )
            for n in range(many)
        ],
        batch_size=500,
    )


def test_what_an_outage_left_late_is_swept_once_in_a_bounded_number_of_queries(town: Town) -> None:
    model = Story(town, now=NOON).handling().case
    many = 1200
    _copies(model, many)
    before = CaseEvent.objects.count()
    with CaptureQueriesContext(connection) as queries:
        swept = scan_clocks(NOON + timedelta(days=9))
    assert swept["urge"] == many + 1
    assert CaseEvent.objects.count() - before == sum(swept.values())
    # One letter a person with the sum, in the box and on the way out (10,000 late ones do the same).
    letters = list(Notification.objects.filter(kind="case.late"))
    assert letters and len({letter.user_id for letter in letters}) == len(letters)
    assert any(f"{many + 1} 件办理超时" in letter.text for letter in letters)
    assert OutboxMessage.objects.filter(kind="case.late").count() <= len(letters)
    # Three stages in batches of 500, each a handful of statements however many are late.
    assert len(queries) < 200
    assert not any(scan_clocks(NOON + timedelta(days=9)).values())
    assert Notification.objects.filter(kind="case.late").count() == len(letters)
