"""两地报到: the table, the roster, the phone page, moving house, confirmation, cards, scope."""

from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from gridparty.lib.china_time import SHANGHAI
from notices.models import Notification
from orgs.models import PartyMember
from partybuilding import services
from partybuilding.models import (
    Appraisal,
    CheckIn,
    Confirmation,
    FeedbackCard,
    MemberDuty,
)
from partybuilding.workflow import CHECKIN_MOVES, CheckInStatus
from tests.partybuilding.cast import MAY, accepted, applied, engaged, invited
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def refuses(words):
    return pytest.raises(ValidationError, match=words)


def test_every_status_can_be_reached_and_names_are_unique():
    assert {CheckInStatus.INVITED} | {move.target for move in CHECKIN_MOVES} == set(CheckInStatus)
    assert len({move.name for move in CHECKIN_MOVES}) == len(CHECKIN_MOVES)


def test_a_member_reports_and_gets_a_post(town):
    one = engaged(town)
    assert one.status == CheckInStatus.ACTIVE
    assert one.grid == town.grid and one.building == town.building
    assert one.slip_no == f"BD2026-{one.pk:06d}"
    assert PartyMember.objects.get(person=one.person).residing
    assert Volunteer.objects.get(person=one.person).unit == town.partner
    told = Notification.objects.filter(user=town.users["partner_unit"], kind="checkin.accepted")
    assert told.count() == 1
    services.receive_slip(check_in=one, by=town.users["partner_unit"])
    with refuses("已经签收"):
        services.receive_slip(check_in=one, by=town.users["partner_unit"])


def test_an_address_nobody_can_place_waits_for_a_person(town):
    one = applied(town, place="某某大厦旁边")
    assert one.status == CheckInStatus.APPLIED
    with refuses("不能接收报到"):
        services.accept(check_in=one, by=town.users["community_staff"])
    with refuses("不在党员所住的社区"):
        services.match(check_in=one, grid=town.other_grid, by=town.users["community_staff"])
    with refuses("不在所选网格"):
        services.match(
            check_in=one, grid=town.grid, by=town.users["community_staff"],
            building=town.sister_building,
        )  # fmt: skip
    services.match(check_in=one, grid=town.grid, by=town.users["community_staff"])
    assert one.status == CheckInStatus.MATCHED


def test_one_member_reports_in_one_place_only(town):
    applied(town)
    with refuses("只能在一个网格报到"):
        services.apply(
            unit=town.partner, name="钱在职", phone="13800001111", community=town.sister_community,
            place="和平里1栋",
        )  # fmt: skip
    with refuses("只能由一个单位报送"):
        services.invite(unit=town.department, roster="钱在职 13800001111", by=None)
    assert services.invite(unit=town.partner, roster="钱在职 13800001111", by=None) == 0


def test_who_is_not_on_the_list_is_told_what_to_do(town):
    invited(town)
    for name, phone in (("别的人", "13800001111"), ("钱在职", "13900001111")):
        with refuses("先联系单位"):
            services.apply(
                unit=town.partner, name=name, phone=phone, community=town.community, place="1栋"
            )
    with refuses("11 位"):
        services.apply(
            unit=town.partner, name="钱在职", phone="12", community=town.community, place="1栋"
        )


@pytest.mark.parametrize(
    ("roster", "words"),
    [
        ("", "请填写名单"),
        ("钱在职", "第 1 行"),
        ("钱在职 1380000", "第 1 行"),
        ("甲 13800001111\n乙", "第 2 行"),
    ],
)
def test_a_roster_is_taken_as_a_whole_or_not(town, roster, words):
    with refuses(words):
        invited(town, roster)
    assert CheckIn.objects.count() == 0


def test_a_pasted_roster(town):
    invited(
        town, "钱在职\t13800001111\n孙二明，138 0000 2222".replace("138 0000 2222", "13800002222")
    )
    assert CheckIn.objects.count() == 2


@pytest.mark.parametrize(
    "who", ["branch_secretary", "grid_head", "partner_unit", "other_street_admin"]
)
def test_accepting_is_the_communitys(town, who):
    one = applied(town)
    with pytest.raises(PermissionDenied):
        services.accept(check_in=one, by=town.users[who])


def test_moves_from_another_status_are_refused(town):
    one = engaged(town)
    secretary = town.users["community_secretary"]
    for name in ("send_back", "resume"):
        with refuses("不能"):
            services.move_check_in(check_in=one, name=name, by=secretary, note="补材料")
    with refuses("不能接收报到"):
        services.accept(check_in=one, by=secretary)
    with refuses("暂停原因"):
        services.move_check_in(check_in=one, name="suspend", by=secretary)
    services.move_check_in(check_in=one, name="suspend", by=secretary, note="外派一年")
    services.move_check_in(check_in=one, name="resume", by=secretary)
    services.move_check_in(check_in=one, name="leave", by=secretary, note="退休")
    assert one.ended_on is not None
    assert not MemberDuty.objects.open().exists()
    # Having left, he may be put on a list again.
    assert services.invite(unit=town.department, roster="钱在职 13800001111", by=None) == 1


def test_the_unit_takes_its_own_people_off_the_list(town):
    one = invited(town)
    with pytest.raises(PermissionDenied):
        services.move_check_in(
            check_in=one, name="drop", by=town.users["dept_handler"], note="调走"
        )
    services.move_check_in(check_in=one, name="drop", by=town.users["partner_unit"], note="调走")
    assert one.status == CheckInStatus.LEFT


def test_a_post_is_not_held_twice_and_an_area_needs_buildings(town):
    one = engaged(town)
    facts = {"grid": one.grid, "person": one.person, "duties": "巡楼", "start": date(2026, 5, 7)}
    with refuses("不能重复认领"):
        services.claim_duty(kind="post", category="safety", by=None, check_in=one, **facts)
    with refuses("至少选一栋"):
        services.claim_duty(kind="area", category="safety", by=None, check_in=one, **facts)
    with refuses("不在这个网格"):
        services.claim_duty(
            kind="area", category="safety", by=None, buildings=[town.sister_building], **facts
        )
    with pytest.raises(PermissionDenied):
        services.claim_duty(
            kind="post", category="law", by=town.users["sister_grid_head"], check_in=one, **facts
        )


def test_moving_house_hands_over(town):
    one = engaged(town)
    secretary = town.users["community_secretary"]
    today = timezone.localdate()
    for on, words in ((today + timedelta(days=1), "还没有到"), (date(2026, 5, 1), "早于报到")):
        with refuses(words):
            services.transfer(
                check_in=one, community=town.sister_community, place="和平里1栋1单元301", on=on,
                by=secretary,
            )  # fmt: skip
    fresh = services.transfer(
        check_in=one, community=town.sister_community, place="和平里1栋1单元301", on=today,
        by=secretary,
    )  # fmt: skip
    one.refresh_from_db()
    assert one.status == CheckInStatus.TRANSFERRED
    assert (fresh.status, fresh.grid, fresh.came_from) == ("matched", town.far_grid, one)
    assert not one.duties.open().exists()
    with pytest.raises(PermissionDenied):
        services.accept(check_in=fresh, by=secretary)
    services.accept(check_in=fresh, by=town.users["street_admin"])


def test_the_half_year_is_asked_once_also_after_a_missed_week(town):
    one = engaged(town)
    assert services.ask_confirmations(today=date(2026, 6, 24)) == 0
    assert services.ask_confirmations(today=date(2026, 7, 3)) == 1
    assert services.ask_confirmations(today=date(2026, 7, 4)) == 0
    assert Confirmation.objects.get().period == date(2026, 6, 25)
    assert list(CheckIn.objects.unconfirmed()) == [one]
    services.confirm(check_in=one, still_here=True, by=None)
    with refuses("没有要确认的"):
        services.confirm(check_in=one, still_here=True, by=None)
    # Across the year's end; one that is half a year late is not asked any more.
    assert services.ask_confirmations(today=date(2027, 1, 2)) == 1
    assert services.ask_confirmations(today=date(2027, 5, 2)) == 0
    services.confirm(check_in=one, still_here=False, by=town.users["community_staff"])
    assert Notification.objects.filter(kind="checkin.gone").exists()


def test_excellent_is_for_a_fifth(town):
    first = accepted(town)
    services.invite(unit=town.partner, roster="孙二明 13800002222", by=None)
    second = services.apply(
        unit=town.partner, name="孙二明", phone="13800002222", community=town.community,
        place="阳光花园1栋", now=MAY,
    )  # fmt: skip
    services.accept(check_in=second, by=town.users["community_staff"], now=MAY)
    secretary = town.users["community_secretary"]
    now = datetime(2026, 12, 20, tzinfo=SHANGHAI)
    services.appraise(check_in=first, year=2026, grade="excellent", by=secretary, now=now)
    with refuses("名额已满"):
        services.appraise(check_in=second, year=2026, grade="excellent", by=secretary, now=now)
    for year in (2025, 2027):
        with refuses("年度"):
            services.appraise(check_in=second, year=year, grade="good", by=secretary, now=now)
    services.appraise(check_in=second, year=2026, grade="good", by=secretary, now=now)
    with refuses("已经评定"):
        services.appraise(check_in=second, year=2026, grade="fair", by=secretary, now=now)
    assert Appraisal.objects.count() == 2


def test_cards_are_drafted_at_the_quarters_end_and_after_missed_ones(town):
    engaged(town)
    assert services.draft_cards(today=date(2026, 6, 30)) == 0
    assert services.draft_cards(today=date(2026, 7, 9)) == 1
    assert services.draft_cards(today=date(2026, 7, 10)) == 0
    assert services.draft_cards(today=date(2027, 2, 1)) == 2
    quarters = FeedbackCard.objects.values_list("quarter", flat=True)
    assert sorted(quarters) == [date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)]
