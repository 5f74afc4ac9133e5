"""五个一: the table, the evidence, the month's end, and who sees what."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from python_calamine import CalamineWorkbook

from gridparty.lib.china_time import SHANGHAI
from notices.models import Notification
from orgs.models import AuditEntry, OrgUnit
from partybuilding import services
from partybuilding.catalog import FiveKind
from partybuilding.models import BoardItem, BranchMeeting, MonthlyBoard, Photo, Step
from partybuilding.workflow import ITEM_MOVES, OPEN_ITEMS, ItemStatus
from tests.cases.cast import photo
from tests.partybuilding.cast import JUNE, NOON, evidence, june, meeting, record

pytestmark = pytest.mark.django_db
ALL = tuple(FiveKind)


@pytest.fixture(autouse=True)
def _media(media):
    return media


def refuses(words):
    return pytest.raises(ValidationError, match=words)


def test_every_status_can_be_reached():
    assert {ItemStatus.PENDING} | {move.target for move in ITEM_MOVES} == set(ItemStatus)
    assert len({move.name for move in ITEM_MOVES}) == len(ITEM_MOVES)


def test_each_live_branch_gets_five_items_once(town):
    assert services.open_boards(today=JUNE) == 3
    assert services.open_boards(today=date(2026, 6, 20)) == 0
    board = MonthlyBoard.objects.get(branch=town.branch)
    assert [item.kind for item in board.items.all()] == list(FiveKind)
    assert (board.due_on, board.grace_until) == (date(2026, 6, 30), date(2026, 7, 3))
    assert (board.community, board.street) == (town.community, town.street)


def test_an_abolished_branch_and_one_founded_later_owe_nothing(town):
    OrgUnit.objects.filter(pk=town.branch.pk).update(status="abolished")
    OrgUnit.objects.filter(pk=town.sister_branch.pk).update(established_on=date(2026, 7, 1))
    assert services.open_boards(today=JUNE) == 1
    assert services.open_boards(today=date(2026, 7, 2)) == 2


def test_months_a_stopped_worker_missed_are_opened(town):
    services.open_boards(today=date(2026, 11, 30))
    services.keep_cadence(today=date(2027, 2, 3))
    months = MonthlyBoard.objects.filter(branch=town.branch).values_list("month", flat=True)
    assert sorted(months) == [
        date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1),
    ]  # fmt: skip
    december = MonthlyBoard.objects.get(branch=town.branch, month=date(2026, 12, 1))
    assert december.due_on == date(2026, 12, 31)
    assert all(item.late for item in december.items.all())


def test_one_meeting_finishes_a_month(town):
    board = june(town)
    record(town, board, *ALL)
    assert BranchMeeting.objects.get().items.count() == 5
    assert Photo.objects.filter(subject="meeting").count() == 1
    for item in board.items.all():
        services.move_item(item=item, name="confirm", by=town.users["community_secretary"])
    assert list(MonthlyBoard.objects.complete()) == [board]
    assert MonthlyBoard.objects.get(pk=board.pk).score == 5
    links = BoardItem.objects.get(board=board, kind="claim").links.get()
    assert links.case is not None
    assert BoardItem.objects.get(board=board, kind="consult").links.get().topic is not None
    actions = AuditEntry.objects.values_list("action", flat=True)
    assert {"five.record", "item.submit", "item.confirm"} <= set(actions)
    assert Step.objects.filter(subject="item").count() == 10


@pytest.mark.parametrize(
    ("kind", "more", "field", "words"),
    [
        ("study", {"meeting": None}, "held_at", "会议记录"),
        ("study", {"meeting": {"came": 3, "absent": "外出"}}, "came", "不足半数"),
        ("study", {"meeting": {"came": 9}}, "came", "不能多于"),
        ("study", {"meeting": {"absent": ""}}, "absent", "缺席的原因"),
        ("study", {"meeting": {"held_at": NOON + timedelta(hours=1)}}, "held_at", "还没有开"),
        ("study", {"meeting": {"held_at": NOON - timedelta(days=30)}}, "held_at", "早于"),
        ("study", {"meeting": {"minutes": " "}}, "minutes", "会议记录"),
        ("study", {"meeting": {"hours": None}}, "hours", "学时"),
        ("study", {"meeting": {"photos": [BytesIO(b"no picture")]}}, "photos", "第 1 张"),
        ("tell", {"told": ""}, "told", "通报"),
        ("tell", {"channel": ""}, "channel", "渠道"),
        ("report", {"work": "很好"}, "work", "至少 50 个字"),
        ("report", {"comment": ""}, "comment", "点评"),
        ("claim", {"cases": ()}, "cases", "至少选一件"),
        ("claim", {"claimer": ""}, "claimer", "认领人"),
        ("consult", {"topics": ()}, "topics", "至少选一个"),
        ("consult", {"conclusion": ""}, "conclusion", "协商结果"),
    ],
)
def test_what_is_not_proved_is_refused_at_its_field(town, kind, more, field, words):
    board = june(town)
    more = dict(more)
    if isinstance(more.get("meeting"), dict):
        more["meeting"] = meeting(**more["meeting"])
    with refuses(words) as caught:
        record(town, board, kind, **more)
    assert field in caught.value.message_dict
    assert BoardItem.objects.filter(board=board).exclude(status="pending").count() == 0
    assert BranchMeeting.objects.count() == 0


def test_nothing_ticked_and_a_month_ahead_are_refused(town):
    board = june(town)
    with refuses("请选择"):
        record(town, board, cases=(), topics=())
    before = datetime(2026, 5, 31, 12, 0, tzinfo=SHANGHAI)
    with refuses("还没有开始"):
        record(town, board, "tell", now=before, cases=(), topics=())


def test_moves_from_another_status_are_refused(town):
    board = june(town)
    secretary = town.users["community_secretary"]
    item = board.items.get(kind="tell")
    for name in ("withdraw", "confirm", "send_back"):
        with refuses("不能"):
            services.move_item(item=item, name=name, by=secretary, note="补材料")
    record(town, board, "tell")
    with refuses("不用再填"):
        record(town, board, "tell", cases=(), topics=())
    item.refresh_from_db()
    with refuses("退回原因"):
        services.move_item(item=item, name="send_back", by=secretary)
    services.move_item(item=item, name="send_back", by=secretary, note="写清是哪天")
    assert item.status == ItemStatus.RETURNED
    told = Notification.objects.get(kind="five.returned")
    assert told.user == town.users["branch_secretary"]
    record(town, board, "tell", cases=(), topics=())


def test_nobody_confirms_his_own_report(town):
    board = june(town)
    services.record_items(
        board=board, kinds=["tell"], now=NOON, by=town.users["community_staff"],
        evidence=evidence(town, meeting=None),
    )  # fmt: skip
    item = board.items.get(kind="tell")
    with refuses("另一位同志"):
        services.move_item(item=item, name="confirm", by=town.users["community_staff"])
    services.move_item(item=item, name="confirm", by=town.users["community_secretary"])


@pytest.mark.parametrize(
    "who", ["branch_secretary", "grid_head", "dispatcher", "other_street_admin"]
)
def test_confirming_is_the_communitys(town, who):
    board = june(town)
    services.record_items(
        board=board, kinds=["tell"], evidence=evidence(town, meeting=None), by=None, now=NOON
    )
    item = board.items.get(kind="tell")
    with pytest.raises(PermissionDenied):
        services.move_item(item=item, name="confirm", by=town.users[who])


def test_late_items_still_count_half(town):
    board = june(town)
    record(town, board, "tell")
    assert services.mark_late(today=date(2026, 7, 3)) == 0
    assert services.mark_late(today=date(2026, 7, 4)) == 3
    assert services.mark_late(today=date(2026, 7, 5)) == 0
    assert board.items.get(kind="tell").late is False
    after = datetime(2026, 7, 6, 12, 0, tzinfo=SHANGHAI)
    record(town, board, "report", now=after, cases=(), topics=(), meeting=None)
    for kind in ("tell", "report"):
        item = board.items.get(kind=kind)
        services.move_item(item=item, name="confirm", by=town.users["community_secretary"])
    assert MonthlyBoard.objects.get(pk=board.pk).score == 1.5


def test_recording_after_the_grace_is_late_before_any_sweep(town):
    board = june(town)
    record(town, board, "tell", now=datetime(2026, 7, 4, 0, 1, tzinfo=SHANGHAI))
    assert board.items.get(kind="tell").late is True


def test_reminders_come_once_a_stage_also_after_missed_days(town):
    june(town)
    secretary = town.users["branch_secretary"]

    def told():
        return Notification.objects.filter(user=secretary, kind="five.remind").count()

    for day, expected in ((10, 0), (23, 1), (24, 1), (29, 2), (30, 2)):
        services.keep_cadence(today=date(2026, 6, day))
        assert told() == expected, day
    services.keep_cadence(today=date(2026, 7, 2))
    june_words = Notification.objects.filter(user=secretary, title__contains="2026年6月")
    assert june_words.filter(kind="five.remind").count() == 3
    services.keep_cadence(today=date(2026, 7, 6))
    assert june_words.filter(kind="five.late").count() == 1
    community = town.users["community_secretary"]
    assert Notification.objects.filter(user=community, kind="five.late").count() == 1


PAGES = ("board", "board_record")


@pytest.mark.parametrize("who", ["other_street_admin", "other_community_staff", "other_grid_head"])
def test_outsiders_get_404(town, enter, who):
    board = june(town)
    record(town, board, "study")
    client = enter(who)
    for name in PAGES:
        assert client.get(reverse(f"partybuilding:{name}", args=[board.pk])).status_code == 404
    item = board.items.first()
    url = reverse("partybuilding:item_move", args=[item.pk, "confirm"])
    assert client.post(url).status_code == 404
    picture = Photo.objects.get()
    assert client.get(reverse("partybuilding:photo", args=[picture.pk])).status_code == 404
    assert (
        town.branch.name
        not in client.get(reverse("partybuilding:wall") + "?month=2026-06").content.decode()
    )


@pytest.mark.parametrize("who", ["sysadmin", "auditor", "revisitor", "volunteer", "police_contact"])
def test_roles_without_party_work_are_told_so(town, enter, who):
    assert enter(who).get(reverse("partybuilding:wall")).status_code == 403


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("branch_secretary", 1), ("grid_head", 1), ("community_staff", 1), ("street_admin", 2),
        ("district_official", 3), ("group_leader", 1), ("partner_unit", 0), ("corridor_head", 0),
        ("other_street_admin", 1),
    ],
)  # fmt: skip
def test_who_sees_how_many_boards(town, who, sees):
    june(town)
    assert MonthlyBoard.objects.visible_to(town.users[who]).count() == sees


def test_the_pages_of_a_month(town, enter):
    board = june(town)
    client = enter("branch_secretary")
    page = reverse("partybuilding:board_record", args=[board.pk])
    shown = client.get(page).content.decode()
    assert "一次会议完成几项" in shown
    answer = client.post(page, {"kinds": ["study", "tell"], "topic": "只写了主题"})
    assert answer.status_code == 400
    assert "只写了主题" in answer.content.decode()
    answer = client.post(
        page,
        {
            "kinds": ["study", "tell"], "held_at": "2026-06-09T10:00", "place": "党群服务站",
            "topic": "主题党日", "host": "支书成", "expected": "4", "came": "4", "hours": "1",
            "minutes": "学习。", "told": "停水检修", "channel": "meeting", "photos": photo(),
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    assert board.items.filter(status="submitted").count() == 2
    one = reverse("partybuilding:item_form", args=[board.items.get(kind="report").pk, "submit"])
    assert client.get(one, follow=True).status_code == 200
    detail = client.get(reverse("partybuilding:board", args=[board.pk])).content.decode()
    assert "撤回填报" in detail and "确认完成" not in detail
    secretary = enter("community_secretary")
    assert (
        "确认完成"
        in secretary.get(reverse("partybuilding:board", args=[board.pk])).content.decode()
    )
    back = board.items.get(kind="tell")
    url = reverse("partybuilding:item_move", args=[back.pk, "send_back"])
    assert secretary.post(url, {"note": ""}).status_code == 400
    assert secretary.post(url, {"note": "写清楚"}).status_code == 302
    calendar = client.get(reverse("partybuilding:calendar") + "?month=2026-06").content.decode()
    assert "10:00" in calendar
    assert client.get(reverse("partybuilding:calendar") + "?month=nonsense").status_code == 200


def test_counts_equal_lists(town, enter):
    board = june(town)
    record(town, board, "tell", "report")
    services.move_item(
        item=board.items.get(kind="tell"), name="confirm", by=town.users["community_secretary"]
    )
    client = enter("street_admin")
    answer = client.get(reverse("partybuilding:wall") + "?month=2026-06")
    for figure in answer.context["figures"]:
        listed = client.get(figure.url)
        assert listed.context["page"].count == figure.value, figure.label
    for kind in answer.context["kinds"]:
        assert client.get(kind["url"]).context["page"].count == kind["missing"]


def test_the_wall_as_a_workbook(town, enter):
    june(town)
    answer = enter("street_admin").get(reverse("partybuilding:wall") + "?month=2026-06&file=xlsx")
    rows = (
        CalamineWorkbook.from_filelike(BytesIO(b"".join(answer))).get_sheet_by_index(0).to_python()
    )
    assert rows[2][1] == "党支部"
    assert len(rows) == 3 + 2
    assert AuditEntry.objects.filter(action="party.export").count() == 1


def test_lists_cost_the_same_with_more_rows(town, enter, django_assert_max_num_queries):
    client = enter("district_official")
    june(town)
    pages = [
        reverse("partybuilding:wall") + "?month=2026-06",
        reverse("partybuilding:calendar") + "?month=2026-06",
    ]
    counts = {}
    for page in pages:
        with django_assert_max_num_queries(60) as seen:
            client.get(page)
        counts[page] = len(seen)
    root = town.street
    for number in range(4):
        OrgUnit.objects.create(
            name=f"第{number}支部", tier=3, org_form="branch", parent=town.community
        )
    OrgUnit.objects.rebuild()
    services.open_boards(today=date(2026, 6, 2))
    assert MonthlyBoard.objects.filter(street=root).count() == 6
    for page in pages:
        with django_assert_max_num_queries(counts[page]):
            client.get(page)


def test_home_says_what_waits(town, enter, monkeypatch):
    today = date(2026, 6, 10)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    board = june(town)
    assert today.month == 6
    assert "还没填全" in enter("branch_secretary").get("/").content.decode()
    record(town, board, "tell")
    assert "五个一等您确认" in enter("community_secretary").get("/").content.decode()


def test_open_items_are_those_a_report_may_fill():
    assert set(OPEN_ITEMS) == set(ITEM_MOVES[0].sources)
