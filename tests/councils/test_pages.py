"""The pages of the councils: who gets in, what stands there, and what comes back when refused."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from councils import services
from councils.catalog import SeatKind
from councils.models import Like, Meeting, Opinion, Topic
from councils.views import bodies
from orgs.models import AuditEntry
from residents.models import Residency
from tests.cases.cast import photo, reported
from tests.councils.cast import SEATS, Life, called, council_of, hold, topic_of

pytestmark = pytest.mark.django_db

SEES = {
    "district_official", "street_admin", "dispatcher", "community_staff", "community_secretary",
    "branch_secretary", "grid_head", "grid_worker_ft", "grid_worker_pt", "police_contact",
    "grid_informant",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _media(media):
    cache.clear()
    return media


def topic_page(topic):
    return reverse("councils:topic", args=[topic.pk])


@pytest.mark.parametrize("who", sorted(SEES))
def test_people_of_the_territory_see_a_topic(town, enter, who):
    topic = topic_of(council_of(town))
    answer = enter(who).get(topic_page(topic))
    assert answer.status_code == 200
    assert "消防通道被占" in answer.content.decode()


@pytest.mark.parametrize(
    "who", ["other_street_admin", "other_community_staff", "other_grid_head", "sister_grid_head"]
)
def test_outsiders_get_404(town, enter, who):
    council = council_of(town)
    topic, meeting = topic_of(council), called(council)
    client = enter(who)
    for name, pk in (("topic", topic.pk), ("meeting", meeting.pk), ("council", council.pk)):
        assert client.get(reverse(f"councils:{name}", args=[pk])).status_code == 404, name
    assert "消防通道" not in client.get(reverse("councils:topics")).content.decode()


@pytest.mark.parametrize("who", ["sysadmin", "auditor", "revisitor"])
def test_roles_without_topics_are_told_so(town, enter, who):
    answer = enter(who).get(reverse("councils:topics"))
    assert answer.status_code == 403


def test_a_unit_sees_what_its_council_made_public(town, enter):
    life = Life(town, council_of(town, seats=[*SEATS, (SeatKind.RESIDENT_UNIT, "学院代表")]))
    client = enter("partner_unit")
    assert client.get(topic_page(life.topic)).status_code == 404
    life.go("screen")
    assert client.get(topic_page(life.topic)).status_code == 200
    assert enter("dept_handler").get(topic_page(life.topic)).status_code == 404


def test_the_screening_is_the_secretarys(town, enter):
    topic = topic_of(council_of(town))
    address = reverse("councils:topic_move", args=[topic.pk, "screen"])
    assert enter("grid_head").post(address).status_code == 403
    assert enter("branch_secretary").post(address, {"note": "属公共事务"}).status_code == 302
    topic.refresh_from_db()
    assert topic.status == "screened"


def test_a_refused_move_keeps_what_was_typed(town, enter):
    life = Life(town).deliberating()
    address = reverse("councils:topic_move", args=[life.topic.pk, "resolve"])
    near = timezone.localdate() + timedelta(days=1)
    answer = enter("grid_head").post(
        address, {"resolution": "清走货物", "announce_until": near.isoformat()}
    )
    assert answer.status_code == 403  # a grid head proposes and sees; the branch decides
    answer = enter("branch_secretary").post(
        address, {"resolution": "清走货物", "announce_until": near.isoformat()}
    )
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "至少公示 5 天" in text
    assert "清走货物" in text


def test_a_topic_is_proposed_in_the_browser(town, enter):
    council = council_of(town)
    client = enter("grid_head")
    facts = {
        "council": council.pk, "title": "加装充电桩", "text": "没有地方充电", "source": "resident",
        "households": 60, "buildings": [town.building.pk],
    }  # fmt: skip
    answer = client.post(reverse("councils:topic_new"), {**facts, "photos": [photo()]})
    topic = Topic.objects.get()
    assert answer["Location"] == topic_page(topic)
    assert topic.photos.count() == 1
    page = client.get(topic_page(topic)).content.decode()
    assert "加装充电桩" in page
    assert client.get(reverse("councils:photo", args=[topic.photos.get().pk])).status_code == 200
    outsider = enter("other_grid_head")
    assert outsider.get(reverse("councils:photo", args=[topic.photos.get().pk])).status_code == 404


def test_minutes_are_written_in_one_form_and_printed(town, enter):
    life = Life(town).on_agenda()
    item = life.topic.items.get()
    client = enter("community_staff")
    address = reverse("councils:meeting_minute", args=[item.meeting_id])
    page = client.get(address).content.decode()
    assert "议题：消防通道被占" in page
    data = {
        "host": "支书成", "recorder": "居委甲", "minutes": "逐条议过", f"conclusion_{item.pk}": "adopted",
        f"for_{item.pk}": "5", f"view_{item.pk}_owners": "同意清走",
    }  # fmt: skip
    for seat in item.meeting.council.seats.all():
        data[f"seat_{seat.pk}"] = "present"
    refused = client.post(address, data)  # the meeting lies in 2026-06: it has taken place
    assert refused.status_code == 302, refused.content.decode()
    meeting = Meeting.objects.get(pk=item.meeting_id)
    printed = client.get(reverse("councils:meeting", args=[meeting.pk])).content.decode()
    assert "同意清走" in printed
    assert "赞成 <strong>5</strong>" in printed
    assert "参会人员签名" in printed


def test_too_many_votes_come_back_with_the_form(town, enter):
    life = Life(town).on_agenda()
    item = life.topic.items.get()
    data = {
        "host": "支", "recorder": "居", "minutes": "写了很多", f"conclusion_{item.pk}": "adopted",
        f"for_{item.pk}": "50",
    }  # fmt: skip
    for seat in item.meeting.council.seats.all():
        data[f"seat_{seat.pk}"] = "present"
    answer = enter("community_staff").post(
        reverse("councils:meeting_minute", args=[item.meeting_id]), data
    )
    assert answer.status_code == 400
    assert "超过到会的 5 席" in answer.content.decode()
    assert "写了很多" in answer.content.decode()
    assert Meeting.objects.get(pk=item.meeting_id).status == "called"


def test_figures_equal_their_lists(town, enter):
    council = council_of(town)
    for number in range(3):
        topic_of(council, title=f"议题{number}")
    Life(town, council, title="已办的", hot=True).closed()
    client = enter("community_staff")
    page = client.get(reverse("councils:topics"))
    for figure in page.context["figures"]:
        assert client.get(figure.url).context["page"].count == figure.value, figure.label
    page = client.get(reverse("councils:meetings"), {"year": 2026})
    for figure in page.context["figures"]:
        assert client.get(figure.url).context["page"].count == figure.value, figure.label
    page = client.get(reverse("councils:councils"))
    for figure in page.context["figures"]:
        shown = client.get(figure.url).context
        assert (shown.get("page") or shown["gaps"]).count == figure.value, figure.label


def test_lists_cost_the_same_with_more_rows(town, enter, django_assert_max_num_queries):
    council = council_of(town)
    client = enter("community_staff")
    for number in range(4):
        topic_of(council, title=f"议题{number}")
        hold(called(council, days=4 + number))
    for name, ceiling in (("topics", 26), ("meetings", 16), ("councils", 16)):
        address = reverse(f"councils:{name}")
        client.get(address)
        with django_assert_max_num_queries(ceiling):
            client.get(address)


def test_topics_are_exported_as_shown(town, enter):
    council = council_of(town)
    topic_of(council, title="甲议题")
    Life(town, council, title="乙议题").closed()
    client = enter("community_staff")
    answer = client.get(reverse("councils:topics_export"), {"show": "solved"})
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    text = str(book.get_sheet_by_index(0).to_python())
    assert "乙议题" in text
    assert "甲议题" not in text


# ---- residents ----


def test_councils_and_units_are_exported_as_shown(town, enter):
    council_of(town)
    client = enter("community_secretary")
    for address in (
        reverse("councils:councils"), f"{reverse('councils:councils')}?level=gap",
        reverse("councils:units"),
    ):  # fmt: skip
        page = client.get(address)
        assert "data-print" in page.content.decode() or not page.context["page"].rows
        file = client.get(address, {**dict(page.wsgi_request.GET.items()), "file": "xlsx"})
        assert file.status_code == 200 and b"".join(file)[:2] == b"PK", address
    assert AuditEntry.objects.filter(action="council.export").count() == 2


def test_a_list_of_councils_that_was_cut_says_so(town, enter, monkeypatch):
    monkeypatch.setattr(bodies, "MAX_ROWS", 1)
    for community in (False, True):
        council_of(town, community=community)
    file = enter("community_secretary").get(reverse("councils:councils"), {"file": "xlsx"})
    sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(file))).get_sheet_by_index(0)
    rows = [row for row in sheet.to_python() if row[0] != "" or "只导出了" in str(row[1])]
    assert "只导出了前 1 条" in str(rows[-1][1]) and rows[-2][0] == 1


def test_residents_read_only_what_was_screened(town):
    life = Life(town)
    client = Client()
    board = reverse("councils:public_board")
    assert "幸福社区" in client.get(board).content.decode()
    listed = client.get(board, {"community": town.community.division_code})
    assert "消防通道" not in listed.content.decode()
    assert client.get(reverse("councils:public_topic", args=[life.topic.pk])).status_code == 404
    life.go("screen")
    listed = client.get(board, {"community": town.community.division_code})
    assert "消防通道" in listed.content.decode()
    page = client.get(reverse("councils:public_topic", args=[life.topic.pk])).content.decode()
    assert "说说您的意见" in page


def test_a_resident_says_something_without_a_name(town):
    life = Life(town).go("screen")
    address = reverse("councils:public_topic", args=[life.topic.pk])
    answer = Client().post(address, {"text": "赞成清走"})
    assert answer.status_code == 302
    opinion = Opinion.objects.get()
    assert (opinion.way, opinion.by) == ("online", None)
    refused = Client().post(address, {"text": "找我 16912345678"})
    assert refused.status_code == 400
    assert "会公开" in refused.content.decode()
    Client().post(address, {"text": "卖药", "website": "x"})
    assert Opinion.objects.count() == 1


def test_one_like_for_each_voice_and_no_word_on_who_is_registered(town):
    life = Life(town).go("screen")
    case = reported(town)
    person = town.users["grid_head"].person
    person.set_phone("16912345678")
    person.save()
    Residency.objects.create(person=person, household=town.households[0], start=date(2025, 1, 1))
    address = reverse("councils:public_like", args=[life.topic.pk])
    said = set()
    for proof in (case.tracking_code, case.tracking_code, "16912345678", "16900000000", "ABCDEFGH"):
        answer = Client().post(address, {"proof": proof}, follow=True)
        said.add("谢谢您的点赞" in answer.content.decode())
    assert said == {True}
    assert Like.objects.count() == 2
    assert not Like.objects.filter(voice__contains="16912345678").exists()


def test_a_resident_proposes_a_topic_that_waits_for_the_screening(town):
    council = council_of(town)
    facts = {
        "community": town.community.division_code, "council": council.pk, "title": "装充电桩",
        "text": "没有地方充电",
    }  # fmt: skip
    answer = Client().post(reverse("councils:public_propose"), facts)
    assert answer.status_code == 302
    topic = Topic.objects.get()
    assert (topic.status, topic.source, topic.created_by) == ("collecting", "online", None)


def test_photos_of_meetings_stay_inside(town):
    life = Life(town).go("screen")
    for kind in ("before", "meeting"):
        services.add_photos(
            topic=life.topic, kind=kind, uploads=[photo()], by=town.users["grid_head"]
        )
    found = [
        Client().get(reverse("councils:public_photo", args=[row.pk])).status_code
        for row in life.topic.photos.order_by("id")
    ]
    assert found == [200, 404]
