"""Councils, their seats and meetings: slots, notice, minutes, votes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from councils import services
from councils.catalog import Conclusion, Presence, SeatKind
from councils.meetingflow import MeetingStatus
from councils.models import Council, Meeting
from councils.services.meetings import Came, Spoken, slot_of
from councils.tasks import open_slots
from tests.councils.cast import NOON, SEATS, Life, called, council_of, hold

pytestmark = pytest.mark.django_db


def refuses(words: str):
    return pytest.raises(ValidationError, match=words)


def test_a_grid_has_one_standing_council(town):
    first = council_of(town)
    with refuses("已有议事会"):
        council_of(town)
    services.end_council(council=first, on=date(2026, 5, 1), by=town.users["street_admin"])
    assert council_of(town).pk != first.pk


def test_a_council_with_an_open_topic_does_not_end(town):
    life = Life(town)
    with refuses("还有没办结的议题"):
        services.end_council(
            council=life.council, on=date(2026, 5, 1), by=town.users["street_admin"]
        )


def test_a_person_sits_once(town):
    council = council_of(town, seats=[])
    person = town.users["grid_head"].person
    facts: dict[str, Any] = {
        "council": council,
        "kind": SeatKind.RESIDENT,
        "person": person,
        "by": None,
    }
    seat = services.give_seat(start=date(2026, 2, 1), **facts)
    with refuses("已在本议事机构有席位"):
        services.give_seat(start=date(2026, 3, 1), **facts)
    services.take_seat(seat=seat, on=date(2026, 3, 1), by=town.users["community_staff"])
    services.give_seat(start=date(2026, 4, 1), **facts)


def test_slots_of_the_cadence_are_made_once_and_catch_up(town):
    council = council_of(town)
    assert services.open_slots(today=date(2026, 2, 3)) == 1
    assert services.open_slots(today=date(2026, 2, 28)) == 0
    Council.objects.filter(pk=council.pk).update(every_months=3)
    assert services.open_slots(today=date(2026, 8, 15)) == 1  # a month late, made in its quarter
    newest = council.meetings.order_by("-slot").first()
    assert (newest.slot, newest.due_by) == (date(2026, 7, 1), date(2026, 9, 30))
    assert newest.status == MeetingStatus.DUE
    assert list(Meeting.objects.late(date(2026, 3, 1))) == [council.meetings.get(slot="2026-02-01")]
    assert open_slots() >= 0


def test_slots_of_a_year_end_stay_within_the_year(town):
    council = council_of(town)
    Council.objects.filter(pk=council.pk).update(every_months=5)
    council.refresh_from_db()
    assert slot_of(council, date(2026, 12, 31)) == (date(2026, 11, 1), date(2026, 12, 31))


def test_a_future_meeting_cannot_be_minuted(town):
    meeting = called(council_of(town))
    with refuses("还没有开"):
        services.record_meeting(
            meeting=meeting, attendance=[], spoken=[], minutes="议", host="甲", recorder="乙",
            by=None, now=NOON,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("votes", "conclusion", "words"),
    [
        ((4, 2, 0), Conclusion.ADOPTED, "超过到会的 5 席"),
        ((2, 3, 0), Conclusion.ADOPTED, "没有过半"),
    ],
)
def test_votes_fit_the_seats_and_the_conclusion(town, votes, conclusion, words):
    life = Life(town).on_agenda()
    meeting = life.topic.items.get().meeting
    with refuses(words):
        hold(meeting, votes=votes, conclusion=conclusion)
    meeting.refresh_from_db()


def test_an_absence_needs_its_reason(town):
    meeting = called(council_of(town))
    seat = meeting.council.seats.first()
    with refuses("缺席原因"):
        services.record_meeting(
            meeting=meeting, attendance=[Came(seat, Presence.ABSENT)], spoken=[], minutes="议",
            host="甲", recorder="乙", by=None, now=meeting.starts_at + timedelta(hours=1),
        )  # fmt: skip


def test_archived_minutes_do_not_change(town):
    meeting = hold(called(council_of(town)))
    services.archive_minutes(meeting=meeting, by=town.users["community_staff"])
    with refuses("纪要已归档"):
        hold(meeting)


def test_paper_votes_are_recorded_as_such(town):
    life = Life(town).on_agenda()
    item = life.topic.items.get()
    meeting = item.meeting
    attendance = [Came(seat, Presence.PRESENT) for seat in meeting.council.seats.all()]
    facts: dict[str, Any] = {"minutes": "议", "host": "甲", "recorder": "乙", "by": None}
    now = meeting.starts_at + timedelta(hours=1)
    spoken = Spoken(item, Conclusion.ADOPTED, votes=(4, 1, 0), votes_by_paper=2)
    services.record_meeting(
        meeting=meeting, attendance=attendance, spoken=[spoken], now=now, **facts
    )
    item.refresh_from_db()
    assert item.votes_by_paper == 2
    with refuses("多于总票数"):
        services.record_meeting(
            meeting=meeting, attendance=attendance, now=now, **facts,
            spoken=[Spoken(item, Conclusion.ADOPTED, votes=(4, 1, 0), votes_by_paper=6)],
        )  # fmt: skip


def test_units_that_came_are_counted_once(town):
    seats = [*SEATS, (SeatKind.RESIDENT_UNIT, "学院代表")]
    council = council_of(town, seats=seats)
    hold(called(council))
    hold(called(council, days=9))
    held = Meeting.objects.visible_to(town.users["street_admin"]).held()
    assert held.count() == 2
    assert list(held.units()) == [town.partner]
    assert not Meeting.objects.visible_to(town.users["other_street_admin"]).exists()
