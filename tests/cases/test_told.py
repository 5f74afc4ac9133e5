"""Who hears of what no button did: departments awaited at a whistle, parts split off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.models import Case
from cases.services import scan_clocks
from notices.models import Notification
from tests.cases.cast import NOON, Story
from tests.town import Town

pytestmark = pytest.mark.django_db


def test_a_department_that_does_not_come_is_told_and_then_the_street(town: Town) -> None:
    story = Story(town, now=NOON).whistled(arrive_by=NOON + timedelta(minutes=30))
    assert story.case.status == "whistled"
    scan_clocks(NOON + timedelta(minutes=40))
    told = Notification.objects.filter(kind="case.absent")
    assert {one.user for one in told} == {town.users["dept_handler"]}
    assert "请立即到场" in told.get().text
    scan_clocks(NOON + timedelta(hours=2))
    letter = told.get(user=town.users["dispatcher"])
    assert "已计为未到场" in letter.text
    assert told.count() == len({one.user_id for one in told}), "one letter a day for each"


def test_the_community_a_part_lies_in_hears_of_it(town: Town) -> None:
    story = Story(town, now=NOON).called()
    story.step("split", "community_staff", note="先清垃圾")
    part = Case.objects.get(parent=story.case)
    event = part.events.get()
    told = Notification.objects.filter(key=f"case:{event.pk}")
    assert told.exists() and town.users["community_staff"] not in {one.user for one in told}
