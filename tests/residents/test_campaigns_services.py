"""A campaign's life: draft, doors, knocks, answers, and their end."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from grids.services import move_buildings
from orgs.models import AuditEntry
from residents.campaigns.states import State
from residents.models import Campaign, CampaignDoor, CampaignVisit, Household
from residents.services import create_household
from residents.services.campaigns import (
    close_campaign,
    copy_campaign,
    discard_campaign,
    edit_campaign,
    open_campaign,
    raise_question,
    save_question,
)
from residents.services.rounds import purge_campaign, record_visit, sealed_answers, sweep_campaigns
from residents.tasks import sweep_campaign_doors
from tests.residents.rounds import day, door_of, draft, field, knock, opened
from tests.town import Town, make_household


@pytest.mark.parametrize(
    ("node", "count"), [("street", 4), ("community", 3), ("branch", 3), ("group", 2)]
)
def test_opening_lists_the_doors_of_the_area(town: Town, node: str, count: int) -> None:
    campaign = draft(getattr(town, node))
    assert open_campaign(campaign=campaign, by=None) == count
    doors = CampaignDoor.objects.filter(campaign=campaign)
    assert doors.count() == count
    assert {door.status for door in doors} == {"todo"}
    first = door_of(campaign, town.households[0])
    assert (first.grid_id, first.building_id, first.sort_key) == (
        town.grid.pk, town.building.pk, town.households[0].sort_key,
    )  # fmt: skip


def test_chosen_grids_and_buildings_narrow_the_area(town: Town) -> None:
    by_grid = opened(town.street, grids=[town.sister_grid])
    assert by_grid.doors.count() == 1
    both = opened(town.community, grids=[town.sister_grid], buildings=[town.building])
    assert both.doors.count() == 3
    with pytest.raises(ValidationError, match="不在所选范围"):
        draft(town.community, grids=[town.far_grid])


def test_opening_takes_one_statement_however_many_doors(
    town: Town, django_assert_num_queries: Any
) -> None:
    small = draft(town.community, grids=[town.sister_grid])
    with django_assert_num_queries(11):
        open_campaign(campaign=small, by=None)
    for number in range(60):
        make_household(town.building, f"9{number:02d}")
    large = draft(town.community, grids=[town.grid])
    with django_assert_num_queries(11):
        assert open_campaign(campaign=large, by=None) == 62


def test_a_round_without_questions_or_doors_does_not_open(town: Town) -> None:
    campaign = draft(town.community)
    campaign.questions.all().delete()
    with pytest.raises(ValidationError, match="还没有问题"):
        open_campaign(campaign=campaign, by=None)
    Household.objects.update(closed_on=day(0))
    with pytest.raises(ValidationError, match="没有登记住户"):
        open_campaign(campaign=draft(town.community), by=None)
    assert not Campaign.objects.exclude(state=State.DRAFT).exists()


def test_what_is_asked_stays_once_it_is_open(town: Town) -> None:
    campaign = opened(town.community, starts_on=day(-5))
    for act in (
        lambda: save_question(campaign=campaign, kind="text", text="再问一句", by=None),
        lambda: discard_campaign(campaign=campaign, by=None),
        lambda: open_campaign(campaign=campaign, by=None),
    ):
        with pytest.raises(ValidationError):
            act()
    edit_campaign(campaign=campaign, by=None, ends_on=day(30))
    campaign.refresh_from_db()
    assert campaign.ends_on == day(30)
    with pytest.raises(ValidationError, match="已经过去"):
        edit_campaign(campaign=campaign, by=None, ends_on=day(-1))


def test_new_households_join_and_closed_ones_leave(town: Town) -> None:
    campaign = opened(town.community)
    create_household(building=town.building, entrance=town.entrance, room="601", by=None)
    assert campaign.doors.count() == 4
    make_household(town.building, "602")  # as an import writes: no service is asked
    town.households[1].closed_on = day(0)
    town.households[1].save()
    knock(door_of(campaign, town.households[0]))
    town.households[0].closed_on = day(0)
    town.households[0].save()
    assert sweep_campaign_doors()["added"] == 1
    assert sweep_campaign_doors()["added"] == 0
    rooms = campaign.doors.values_list("household__room", flat=True)
    assert sorted(rooms) == ["101", "201", "601", "602"]


def test_doors_follow_a_building_to_its_new_grid(town: Town) -> None:
    campaign = opened(town.community)
    move_buildings(buildings=[town.building], to=town.sister_grid, by=None)
    assert door_of(campaign, town.households[0]).grid == town.sister_grid


def test_a_knock_is_stored_with_who_and_when(town: Town) -> None:
    campaign, worker = opened(town.community), town.users["grid_head"]
    door, now = door_of(campaign, town.households[0]), timezone.now()
    answers = {
        field(campaign, "软管是否超期"): "是", field(campaign, "气源"): "液化气",
        field(campaign, "隐患"): ["穿墙", "老化"], field(campaign, "用气人数"): " ３ ",
        field(campaign, "上次更换"): "2020-05-01", field(campaign, "说明"): "厨房　靠窗",
        field(campaign, "家中病人"): "哮喘",
    }  # fmt: skip
    visit = knock(door, by=worker, now=now, answers=answers, note="下周复查")
    door.refresh_from_db()
    assert (door.status, door.last_by, door.last_at, door.tries) == ("visited", worker, now, 0)
    assert visit.answers[field(campaign, "隐患")] == ["老化", "穿墙"]
    assert visit.answers[field(campaign, "用气人数")] == "3"
    assert field(campaign, "家中病人") not in visit.answers
    assert sealed_answers(door.filled) == {field(campaign, "家中病人"): "哮喘"}
    assert "哮喘" not in CampaignVisit.objects.get(pk=visit.pk).secrets.token
    entry = AuditEntry.objects.get(action="campaign.visit")
    assert "哮喘" not in str(entry.detail)


@pytest.mark.parametrize(
    ("text", "raw", "sentence"),
    [
        ("软管是否超期", "", "请回答"),
        ("软管是否超期", "也许", "列出的选项"),
        ("气源", "电", "列出的选项"),
        ("隐患", ["老化", "着火"], "列出的选项"),
        ("用气人数", "三", "请填数字"),
        ("用气人数", "1e30", "合理范围"),
        ("用气人数", "NaN", "合理范围"),
        ("上次更换", "去年", "日期看不懂"),
        ("上次更换", "2026-02-30", "日期看不懂"),
        ("说明", "长" * 501, "最多 500 个字"),
        ("说明", "空\0字符", "空字符"),
        ("家中病人", "病" * 501, "最多 500 个字"),
    ],
)
def test_a_bad_answer_is_named_at_its_field(town: Town, text: str, raw: Any, sentence: str) -> None:
    campaign = opened(town.community)
    door = door_of(campaign, town.households[0])
    answers = {field(campaign, "软管是否超期"): "否", field(campaign, text): raw}
    with pytest.raises(ValidationError) as refused:
        knock(door, answers=answers)
    assert list(refused.value.message_dict) == [field(campaign, text)]
    assert sentence in str(refused.value)
    assert not CampaignVisit.objects.exists()
    door.refresh_from_db()
    assert door.status == "todo"


def test_all_bad_answers_are_told_at_once(town: Town) -> None:
    campaign = opened(town.community)
    answers = {field(campaign, "用气人数"): "三", field(campaign, "上次更换"): "去年"}
    with pytest.raises(ValidationError) as refused:
        knock(door_of(campaign, town.households[0]), answers=answers)
    assert len(refused.value.message_dict) == 3


def test_the_same_key_is_one_visit(town: Town) -> None:
    campaign = opened(town.community)
    door = door_of(campaign, town.households[0])
    first = knock(door, "absent", client_key="once", version=1)
    assert knock(door, "absent", client_key="once", version=1) == first
    door.refresh_from_db()
    assert (door.tries, door.visits.count()) == (1, 1)


def test_who_read_an_older_door_is_told(town: Town) -> None:
    campaign = opened(town.community)
    door = door_of(campaign, town.households[0])
    knock(door, "absent")
    with pytest.raises(ValidationError, match="刚由别人登记过"):
        knock(door, version=1, client_key="second")


def test_who_was_met_stays_met_and_answers_can_be_corrected(town: Town) -> None:
    campaign = opened(town.community)
    door, secret = door_of(campaign, town.households[0]), field(campaign, "家中病人")
    knock(door, "absent")
    knock(door, "refused")
    first = field(campaign, "软管是否超期")
    knock(door, answers={first: "是", secret: "哮喘"})
    with pytest.raises(ValidationError, match="已访"):
        knock(door, "absent")
    knock(door, answers={first: "否", secret: ""})
    door.refresh_from_db()
    assert door.filled is not None
    assert door.filled.answers == {first: "否"}
    assert sealed_answers(door.filled) == {secret: "哮喘"}
    assert (door.tries, door.visits.count()) == (1, 4)


def test_three_times_nobody_is_an_exception(town: Town) -> None:
    campaign = opened(town.community)
    door = door_of(campaign, town.households[0])
    for _ in range(2):
        knock(door, "absent")
    assert campaign.doors.nobody_home().count() == 0
    knock(door, "absent")
    assert campaign.doors.nobody_home().get() == door
    assert campaign.doors.figures()["exceptions"] == 1
    knock(door)
    assert campaign.doors.nobody_home().count() == 0


def test_knocks_outside_the_period_are_refused(town: Town) -> None:
    early = opened(town.community, starts_on=day(2))
    with pytest.raises(ValidationError, match="还不能登记"):
        knock(door_of(early, town.households[0]))
    campaign = opened(town.community, days=1)
    with pytest.raises(ValidationError, match="已经结束"):
        knock(door_of(campaign, town.households[0]), now=timezone.now() + timedelta(days=3))
    close_campaign(campaign=campaign, by=None, today=day(0))
    with pytest.raises(ValidationError, match="已经结束"):
        knock(door_of(campaign, town.households[0]))


def test_answers_end_on_their_day_and_counts_stay(town: Town) -> None:
    campaign = opened(town.community, days=1, keep_days=90)
    asked, risks = field(campaign, "软管是否超期"), field(campaign, "隐患")
    secret = field(campaign, "家中病人")
    knock(door_of(campaign, town.households[0]), answers={asked: "是", risks: ["老化", "穿墙"], secret: "哮喘"}, note="找张三")  # fmt: skip
    knock(door_of(campaign, town.households[1]), answers={asked: "否", risks: ["老化"]})
    knock(door_of(campaign, town.sister_household), "absent", note="门口有快递")
    end = timezone.now() + timedelta(days=2)
    assert sweep_campaigns(end)["closed"] == 1
    campaign.refresh_from_db()
    assert campaign.purge_on == day(92)
    assert sweep_campaigns(end + timedelta(days=89))["purged"] == 0
    assert sweep_campaigns(end + timedelta(days=90))["purged"] == 1
    assert sweep_campaigns(end + timedelta(days=91))["purged"] == 0
    campaign.refresh_from_db()
    assert campaign.state == State.PURGED
    assert campaign.tallies[asked] == {"是": 1, "否": 1}
    assert campaign.tallies[risks] == {"老化": 2, "穿墙": 1}
    assert secret not in campaign.tallies
    for visit in CampaignVisit.objects.all():
        assert (visit.answers, visit.secrets.token, visit.note) == ({}, "", "")
    figures = campaign.doors.figures()
    assert (figures["visited"], figures["absent"]) == (2, 1)


def test_an_open_round_is_not_purged(town: Town) -> None:
    with pytest.raises(ValidationError, match="进行中"):
        purge_campaign(campaign=opened(town.community), now=timezone.now())


def test_a_copy_is_a_new_draft_with_the_same_questions(town: Town) -> None:
    campaign = opened(town.community, grids=[town.grid])
    made = copy_campaign(campaign=campaign, by=None, today=day(30))
    assert made.state == State.DRAFT
    assert made.starts_on == day(30)
    assert list(made.grids.all()) == [town.grid]
    texts = list(campaign.questions.values_list("text", flat=True))
    assert list(made.questions.values_list("text", flat=True)) == texts


def test_questions_move_up(town: Town) -> None:
    campaign = draft(town.community)
    third = campaign.questions.order_by("order")[2]
    raise_question(question=third, by=None)
    assert campaign.questions.order_by("order")[1] == third


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"kind": "one", "options": "只有一个"}, "至少写两个选项"),
        ({"kind": "several", "options": "\n".join(f"选项{n}" for n in range(21))}, "选项最多"),
        ({"kind": "one", "options": "好\0\n坏"}, "空字符"),
        ({"kind": "shell"}, "没有这种题型"),
        ({"text": " "}, "请填写问题"),
    ],
)
def test_a_bad_question_is_refused(town: Town, facts: dict[str, Any], sentence: str) -> None:
    campaign = draft(town.community)
    with pytest.raises(ValidationError, match=sentence):
        save_question(campaign=campaign, by=None, **{"kind": "text", "text": "问", **facts})
    assert campaign.questions.count() == 7


def test_nobody_starts_a_round_beyond_the_own_area(town: Town) -> None:
    for who in ("community_staff", "other_street_admin", "grid_head", "dispatcher"):
        with pytest.raises(PermissionDenied):
            draft(town.street, by=town.users[who])
    assert not Campaign.objects.exists()
    draft(town.branch, by=town.users["community_staff"])


def test_two_workers_at_one_door_do_not_lose_a_visit(town: Town) -> None:
    campaign = opened(town.community)
    door = door_of(campaign, town.households[0])
    stale = CampaignDoor.objects.get(pk=door.pk)
    knock(door, "refused", client_key="a")
    with pytest.raises(ValidationError) as refused:
        record_visit(
            door=stale, outcome="absent", by=None, now=timezone.now(), client_key="b", version=1
        )
    assert refused.value.code == "stale"
