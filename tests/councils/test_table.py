"""The life of a topic: every line of the table, and what refuses it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from cases.models import Case
from cases.services import move
from councils import services
from councils.catalog import Conclusion, SeatKind
from councils.meetingflow import MeetingStatus
from councils.models import Meeting, Topic, TopicEvent
from councils.workflow import MOVES, STAGE_OF, Status, moves_from
from orgs.models import AuditEntry
from tests.cases.cast import Story, photo
from tests.councils.cast import NOON, Life, called, council_of, hold, topic_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(media):
    return media


def refuses(words: str):
    return pytest.raises(ValidationError, match=words)


def test_every_status_can_be_reached_and_names_are_unique():
    reached = {Status.COLLECTING} | {entry.target for entry in MOVES}
    assert reached == set(Status)
    assert len({entry.name for entry in MOVES}) == len(MOVES)
    for status in Status:
        if status not in STAGE_OF:
            assert not moves_from(status), status


def test_a_topic_lives_from_the_question_to_the_last_look(town):
    life = Life(town).closed()
    assert life.topic.status == Status.CLOSED
    assert [event.move for event in life.topic.events.all()] == [
        "propose", "screen", "set_agenda", "deliberate", "resolve", "execute", "supervise", "close",
    ]  # fmt: skip
    audited = AuditEntry.objects.filter(target_kind="councils.topic", target_id=str(life.topic.pk))
    assert {"topic.propose", "topic.screen", "topic.close"} <= set(
        audited.values_list("action", flat=True)
    )
    due = life.topic.look_again_on
    assert due == life.topic.closed_on + timedelta(days=90)
    assert list(Topic.objects.to_look_again(due)) == [life.topic]
    services.look_again(topic=life.topic, lasted=False, note="又堆了货", by=town.users["grid_head"])
    life.topic.refresh_from_db()
    assert life.topic.status == Status.EXECUTING
    with refuses("不需要回看"):
        services.look_again(topic=life.topic, lasted=True, note="好", by=town.users["grid_head"])


def test_a_move_from_another_status_is_refused_and_nothing_is_written(town):
    life = Life(town)
    before = TopicEvent.objects.count()
    for entry in MOVES:
        if life.topic.status not in entry.sources:
            with refuses("不能"):
                life.go(entry.name)
    assert TopicEvent.objects.count() == before


def test_two_at_once_one_wins(town):
    life = Life(town)
    stale = Topic.objects.get(pk=life.topic.pk)
    life.go("screen")
    with pytest.raises(ValidationError) as caught:
        services.move_topic(topic=stale, name="screen", by=None)
    assert caught.value.code == "stale"


def test_an_agenda_is_published_three_days_ahead(town):
    life = Life(town).go("screen")
    meeting = called(life.council, now=NOON)
    life.now = meeting.starts_at - timedelta(days=2)
    with refuses("提前 3 天公布"):
        life.go("set_agenda", meeting=meeting)
    with refuses("请提前 3 天通知"):
        called(life.council, days=2)
    with refuses("请选择会议"):
        life.go("set_agenda")


def test_a_meeting_of_another_council_does_not_serve(town):
    life = Life(town).go("screen")
    other = called(council_of(town, community=True))
    with refuses("本议事机构"):
        life.go("set_agenda", meeting=other)


@pytest.mark.parametrize(
    ("seats", "words"),
    [
        (
            [(SeatKind.COMMITTEE, "甲"), (SeatKind.OWNERS, "乙"), (SeatKind.RESIDENT, "丙")],
            "网格党支部",
        ),
        ([(SeatKind.BRANCH, "甲"), (SeatKind.OWNERS, "乙"), (SeatKind.RESIDENT, "丙")], "五方至少"),
    ],
)
def test_hub_and_three_parties_need_seats(town, seats, words):
    life = Life(town, council_of(town, seats=seats)).go("screen")
    with refuses(words):
        life.go("set_agenda", meeting=called(life.council))


@pytest.mark.parametrize(
    ("absent", "words"),
    [
        ({SeatKind.BRANCH}, "网格党支部没有到会"),
        ({SeatKind.COMMITTEE, SeatKind.OWNERS}, "到会不足 3 方"),
    ],
)
def test_a_meeting_without_quorum_decides_nothing(town, absent, words):
    life = Life(town).on_agenda()
    with refuses("请先记会议纪要"):
        life.go("deliberate")
    hold(life.topic.items.get().meeting, absent=absent, votes=(2, 0, 0))
    with refuses(words):
        life.go("deliberate")


def test_only_what_was_adopted_becomes_a_resolution(town):
    life = Life(town).deliberating(conclusion=Conclusion.DEFERRED)
    until = (life.now + timedelta(days=5)).date()
    with refuses("不是“通过”"):
        life.go("resolve", resolution="办", announce_until=until)
    life.go("defer", note="方案还要改")
    assert life.topic.status == Status.SCREENED


def test_a_resolution_is_announced_five_days_and_objections_send_it_back(town):
    life = Life(town, households=5).deliberating()
    with refuses("至少公示 5 天"):
        life.go("resolve", resolution="办", announce_until=(life.now + timedelta(days=4)).date())
    until = (life.now + timedelta(days=5)).date()
    life.go("resolve", resolution="办", announce_until=until)
    life.add_task()
    with refuses("才结束"):
        life.go("execute")
    object_in_time(life)
    life.now += timedelta(days=6)
    with refuses("重新协商"):
        life.go("execute")
    life.go("back", note="一户反对")
    life.now += timedelta(days=1)
    with refuses("还没有再开会"):
        life.go("resolve", resolution="办", announce_until=(life.now + timedelta(days=5)).date())


def object_in_time(life: Life) -> None:
    """The announcement of the test lies in June 2026: open it for today."""
    Topic.objects.filter(pk=life.topic.pk).update(announce_until="2999-01-01")
    life.topic.refresh_from_db()
    home = life.town.households[0]
    services.object_to(topic=life.topic, household=home, text="影响停车", way="paper", by=None)
    with refuses("已登记过异议"):
        services.object_to(topic=life.topic, household=home, text="再说", way="paper", by=None)
    until = (life.now + timedelta(days=5)).date()
    Topic.objects.filter(pk=life.topic.pk).update(announce_until=until)
    life.topic.refresh_from_db()


def test_objections_are_taken_only_in_the_announcement(town):
    life = Life(town).resolved()
    with refuses("不在公示期"):
        services.object_to(
            topic=life.topic, household=town.households[0], text="不行", way="phone", by=None
        )


def test_a_topic_with_open_tasks_is_not_closed(town):
    life = Life(town).resolved()
    life.now += timedelta(days=7)
    with refuses("请先把决议分成任务"):
        life.go("execute")
    life.add_task()
    life.go("execute")
    with refuses("划禁停线"):
        life.go("supervise", supervisors="居民丙")


def test_closing_shows_what_changed(town):
    life = Life(town).supervising()
    with refuses("办理后的照片"):
        life.go("close", effect="good", result="好了")
    assert Topic.objects.get(pk=life.topic.pk).status == Status.SUPERVISING
    life.go("close", effect="good", result="好了", photos=[photo()])


def test_a_grid_that_cannot_agree_asks_the_community(town):
    life = Life(town).deliberating(conclusion=Conclusion.NO_CONSENSUS)
    with refuses("还没有社区党建联席会议"):
        life.go("escalate", note="谈不拢")
    higher = council_of(town, community=True)
    life.go("escalate", note="谈不拢")
    meeting = called(higher, now=life.now)
    life.go("take_up", meeting=meeting)
    assert life.topic.council == higher
    assert life.topic.grid == town.grid
    assert life.topic.status == Status.AGENDA


def test_what_needs_no_council_becomes_a_case(town):
    life = Life(town).go("turn", category="suggestion", note="直接办")
    assert life.topic.status == Status.TURNED
    assert life.topic.origin.source == "topic"
    assert "消防通道" in life.topic.origin.text


def test_a_rejection_is_told_with_its_reason(town):
    life = Life(town)
    with refuses("请选择原因"):
        life.go("reject", note="不行")
    with refuses("会公开"):
        life.go("reject", reason="law", note="请打 16912345678")
    life.go("reject", reason="law", note="不符合消防规定")
    assert life.topic.public_note == "不符合消防规定"


def test_a_task_handed_on_as_a_case_is_done_when_the_case_is_closed(town):
    life = Life(town).executing()
    task = services.task_to_case(
        task=life.topic.tasks.get(), category="suggestion", by=town.users["grid_head"]
    )
    with refuses("已转为事项"):
        services.finish_task(task=task, on=life.now.date(), result="好", by=town.users["grid_head"])
    story = Story(town, case=Case.objects.get(topic_task=task))
    story.closed()
    task.refresh_from_db()
    assert task.is_done
    assert story.case.case_no in task.result
    story.step("reopen", "community_staff", reason="relapse", note="没弄好")
    task.refresh_from_db()
    assert not task.is_done
    move(case=story.case, name="void", by=town.users["street_admin"], reason="test", note="误报")
    task.refresh_from_db()
    assert task.case_id is None


def test_a_topic_text_with_a_phone_is_refused(town):
    with refuses("会公开"):
        topic_of(council_of(town), text="找张三 16912345678")


def test_a_refused_move_leaves_no_file(town, settings):
    life = Life(town).supervising()
    before = {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}
    with pytest.raises(ValidationError):
        life.go("close", effect="no such effect", result="", photos=[photo()])
    with pytest.raises(ValidationError):
        life.go("screen", photos=[photo()])
    assert before == {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def test_those_directly_concerned_are_heard_before_it_is_deliberated(town):
    life = Life(town, stakeholders="底商经营户、物业公司").on_agenda()
    meeting = life.topic.items.last().meeting
    with refuses("会议还没有开"):
        life.go("defer", note="等不及")
    hold(meeting)
    life.now = meeting.starts_at + timedelta(hours=2)
    with refuses("补记纪要"):
        life.go("deliberate")
    with refuses("还没有写直接相关方到会情况"):
        services.archive_minutes(meeting=meeting, by=town.users["community_staff"])
    hold(meeting, heard="两家底商到会，物业公司托居委会带来书面意见")
    assert life.go("deliberate").topic.status == Status.DELIBERATING


def test_a_topic_whose_minutes_were_closed_without_those_concerned_goes_to_another_meeting(town):
    life = Life(town, stakeholders="底商经营户").on_agenda()
    meeting = hold(life.topic.items.get().meeting)
    Meeting.objects.filter(pk=meeting.pk).update(status=MeetingStatus.ARCHIVED)  # as of old
    life.now = meeting.starts_at + timedelta(hours=2)
    with refuses("纪要已归档"):
        life.go("deliberate")
    life.go("defer", note="底商没来").go("set_agenda", meeting=called(life.council, now=life.now))
    with refuses("先记会议纪要"):
        life.go("deliberate")
    again = hold(life.topic.items.last().meeting, heard="两家底商到会")
    life.now = again.starts_at + timedelta(hours=2)
    assert life.go("deliberate").topic.status == Status.DELIBERATING


def test_a_topic_nobody_concerned_came_for_is_deferred_and_the_minutes_are_closed(town):
    life = Life(town, stakeholders="底商经营户").on_agenda()
    meeting = hold(life.topic.items.get().meeting)
    life.now = meeting.starts_at + timedelta(hours=2)
    life.go("defer", note="底商没来")
    services.archive_minutes(meeting=meeting, by=town.users["community_staff"])
    assert life.topic.status == Status.SCREENED
