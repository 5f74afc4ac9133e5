"""The desk's lights are the rows' lights: red and yellow, exactly, at any moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from cases.filters import light_q
from cases.models import Case
from cases.workflow import Status
from gridparty.lib.china_time import SHANGHAI
from orgs.workdays import work_calendar
from tests.cases.cast import NOON, Story
from tests.town import Town

STATUSES = (Status.ACCEPTED, Status.ASSIGNED, Status.HANDLING, Status.FEEDBACK, Status.VERIFIED)


def many(town: Town, count: int) -> None:
    """Cases with limits of minutes to weeks, begun and due around NOON; some clocks do not run."""
    case, rng = Story(town, now=NOON).accepted().case, Random(4)

    def around(days: int) -> datetime:
        return NOON + timedelta(minutes=rng.randrange(-days * 1440, days * 1440))

    rows = []
    for number in range(count):
        start = around(12)
        rows.append(
            Case(
                case_no=f"20260603{number:06d}", tracking_code=f"{number:08d}", text="灯",
                district_id=case.district_id, street_id=case.street_id,
                community_id=case.community_id, grid_id=case.grid_id,
                category_id=case.category_id, sla_class_id=case.sla_class_id, source="web",
                status=rng.choice(STATUSES), status_since=start,
                clock_started_at=rng.choice((start, start, None)),
                due_at=rng.choice((None, start + (around(9) - NOON).__abs__())),
                step_due_at=rng.choice((None, start + (around(3) - NOON).__abs__())),
                ended_at=rng.choice((None, None, None, NOON)),
            )
        )  # fmt: skip
    Case.objects.bulk_create(rows)


def test_the_filters_find_what_the_rows_show(town: Town) -> None:
    many(town, 400)
    calendar = work_calendar()
    for now in (NOON, datetime(2026, 6, 5, 17, 0, tzinfo=SHANGHAI), NOON + timedelta(days=3)):
        shown = {case.pk: case.light(now, calendar) for case in Case.objects.all()}
        for light in ("red", "yellow"):
            found = set(Case.objects.filter(light_q(light, now)).values_list("pk", flat=True))
            assert found == {pk for pk, shows in shown.items() if shows == light}, (now, light)
        assert {"red", "yellow", "green", ""} == set(shown.values())


def test_the_last_second_of_a_quarter_is_yellow(town: Town) -> None:
    case = Story(town, now=NOON).accepted().case
    Case.objects.filter(pk=case.pk).update(
        status_since=NOON, step_due_at=NOON + timedelta(hours=4), due_at=None
    )
    edge = NOON + timedelta(hours=3)
    assert Case.objects.filter(light_q("yellow", edge)).exists()
    assert not Case.objects.filter(light_q("yellow", edge - timedelta(seconds=1))).exists()
