"""What the councils tell: members of a meeting, screeners, and what fell due, each once."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from councils import services
from councils.catalog import SeatKind
from notices.models import Notification
from tests.councils.cast import NOON, Life, called, council_of, topic_of
from tests.town import person_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(media):
    return media


def told(kind):
    rows = Notification.objects.filter(kind=kind).order_by("user__username")
    return list(rows.values_list("user__username", flat=True))


def test_members_are_called_to_a_meeting_and_told_when_it_is_off(town):
    council = council_of(town)
    services.give_seat(
        council=council, kind=SeatKind.RESIDENT, person=person_of(town.users["volunteer"]),
        start=date(2026, 1, 1), by=None,
    )  # fmt: skip
    services.give_seat(
        council=council, kind=SeatKind.RESIDENT_UNIT, name="学院联", unit=town.partner,
        start=date(2026, 1, 1), by=None,
    )  # fmt: skip
    meeting = called(council)
    assert told("meeting.called") == ["partner_unit", "volunteer"]
    letter = Notification.objects.filter(kind="meeting.called").first()
    assert letter is not None and "6月7日 12:00" in letter.text
    services.call_meeting(
        council=council, meeting=meeting, title="议事会议", kind="deliberate", place="社区", by=None,
        starts_at=NOON + timedelta(days=6), now=NOON,
    )  # fmt: skip
    assert len(told("meeting.called")) == 4, "a new day is told again"
    with pytest.raises(ValidationError, match="电话"):
        services.cancel_meeting(
            meeting=meeting, note="找老王 13800001111", by=town.users["community_secretary"]
        )
    services.cancel_meeting(meeting=meeting, note="停电", by=town.users["community_secretary"])
    assert told("meeting.cancelled") == ["partner_unit", "volunteer"]


def test_a_slot_nobody_was_called_to_is_cancelled_in_silence(town):
    council = council_of(town)
    services.open_slots(today=date(2026, 6, 1))
    [slot] = council.meetings.all()
    services.cancel_meeting(meeting=slot, note="并入下月", by=town.users["community_secretary"])
    assert told("meeting.cancelled") == []


def test_a_new_topic_is_told_to_those_who_screen(town):
    topic_of(council_of(town))
    assert told("topic.proposed") == ["branch_secretary", "community_secretary"]


def test_an_escalated_topic_is_told_to_the_community(town):
    council_of(town, community=True)
    life = Life(town).deliberating(conclusion="no_consensus", votes=None)
    life.go("escalate", note="两次没有议成")
    assert told("topic.escalated") == ["community_secretary", "community_staff"]


def test_a_missed_meeting_is_told_once_also_after_a_missed_week(town):
    council_of(town)
    services.open_slots(today=date(2026, 6, 1))
    assert services.watch_councils(today=date(2026, 6, 30)) == 0
    for day in (date(2026, 7, 8), date(2026, 7, 9)):
        assert services.watch_councils(today=day) == 1
    people = ["branch_secretary", "community_secretary", "community_staff"]
    assert told("council.late") == people
    assert services.watch_councils(today=date(2027, 7, 1)) == 0, "a year ago calls for nothing"


def test_what_waits_in_a_topic_is_told_once(town):
    life = Life(town).resolved()
    until = life.topic.announce_until
    assert services.watch_councils(today=until) == 0
    for days in (1, 4):
        services.watch_councils(today=until + timedelta(days=days))
    people = ["branch_secretary", "community_secretary", "community_staff"]
    assert told("topic.out") == people
    life.add_task()
    life.now += timedelta(days=7)
    life.go("execute")
    for day in (date(2026, 7, 2), date(2026, 7, 20)):
        assert services.watch_councils(today=day) == 1
    assert told("topic.late") == people
