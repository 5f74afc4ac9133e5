"""Policy documents with receipts, and honours: sent, read, chased once, counted, out of reach."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from gridparty.lib.china_time import SHANGHAI
from notices.models import Notification
from partybuilding import services
from partybuilding.models import Honour, PaperReceipt, PolicyPaper
from partybuilding.waiting import waiting_for

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 10, 12, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _media(media):
    return media


def refuses(words):
    return pytest.raises(ValidationError, match=words)


def paper(town, **more):
    facts = {
        "org": town.community, "title": "关于开展主题党日的通知", "issuer": "社区党委", "text": "每月一次。",
        "issued_on": date(2026, 6, 9), "read_by": date(2026, 6, 20),
        "roles": ["branch_secretary", "grid_head"], "by": town.users["community_secretary"], "now": NOW,
    }  # fmt: skip
    return services.send_paper(**{**facts, **more})


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"read_by": date(2026, 6, 9)}, "已经过去"), ({"issued_on": date(2026, 6, 11)}, "今天以后"),
        ({"roles": []}, "发给谁"), ({"roles": ["sysadmin"]}, "发给谁"), ({"text": ""}, "要点"),
        ({"title": " "}, "标题"), ({"text": "", "file": BytesIO(b"MZ")}, "PDF"),
    ],
)  # fmt: skip
def test_a_document_is_whole_or_refused(town, more, words):
    with refuses(words):
        paper(town, **more)
    assert PolicyPaper.objects.count() == 0


def test_it_goes_to_those_below_and_to_nobody_else(town):
    one = paper(town)
    asked = set(one.receipts.values_list("user__username", flat=True))
    assert asked == {"branch_secretary", "grid_head", "sister_grid_head"}
    assert Notification.objects.filter(kind="paper.sent").count() == 3
    with pytest.raises(PermissionDenied):
        paper(town, by=town.users["branch_secretary"])
    with pytest.raises(PermissionDenied):
        paper(town, org=town.street, by=town.users["community_secretary"])
    with refuses("没有这些角色"):
        paper(town, org=town.sister_community, by=None)


def test_reading_is_said_once(town):
    one = paper(town)
    services.read_paper(paper=one, by=town.users["grid_head"])
    for who in ("grid_head", "community_staff"):
        with refuses("已经签阅"):
            services.read_paper(paper=one, by=town.users[who])
    services.withdraw_paper(paper=one, by=town.users["community_secretary"])
    one.refresh_from_db()
    with refuses("已经签阅"):
        services.read_paper(paper=one, by=town.users["branch_secretary"])
    with refuses("已经撤回"):
        services.withdraw_paper(paper=one, by=town.users["community_secretary"])


def test_who_has_not_read_is_reminded_once_also_a_week_late(town):
    one = paper(town)
    services.read_paper(paper=one, by=town.users["grid_head"])
    assert services.chase_readers(today=date(2026, 6, 20)) == 0
    for day in (date(2026, 6, 28), date(2026, 6, 29)):
        assert services.chase_readers(today=day) == 1
    told = Notification.objects.filter(kind="paper.unread").values_list("user__username", flat=True)
    assert sorted(told) == ["branch_secretary", "sister_grid_head"]


def test_the_pages_of_documents(town, enter, django_assert_max_num_queries):
    later = timezone.localdate() + timedelta(days=5)
    one = paper(
        town, file=BytesIO(b"%PDF-1.4 words"), now=timezone.now(), issued_on=date(2026, 1, 1),
        read_by=later,
    )  # fmt: skip
    head, secretary = enter("grid_head"), enter("community_secretary")
    page = reverse("partybuilding:paper", args=[one.pk])
    assert "我已阅读" in head.get(page).content.decode()
    assert [
        w.count
        for w in waiting_for(town.users["grid_head"], timezone.now())
        if "签阅" in w.sentence
    ] == [1]
    assert head.post(reverse("partybuilding:paper_read", args=[one.pk])).status_code == 302
    assert "我已阅读" not in head.get(page).content.decode()
    assert "未阅 2 人" in secretary.get(page).content.decode()
    assert head.post(reverse("partybuilding:paper_withdraw", args=[one.pk])).status_code == 403
    assert head.get(reverse("partybuilding:paper_file", args=[one.pk])).content == b"%PDF-1.4 words"
    assert secretary.get(reverse("partybuilding:paper_new")).status_code == 200
    refused = secretary.post(reverse("partybuilding:paper_new"), {"title": "只有标题"})
    assert refused.status_code == 400 and "只有标题" in refused.content.decode()
    for who in ("grid_head", "community_secretary"):
        client = enter(who)
        for figure in client.get(reverse("partybuilding:papers")).context["figures"]:
            assert client.get(figure.url).context["page"].count == figure.value, figure.label
    assert b"".join(secretary.get(reverse("partybuilding:papers") + "?file=xlsx"))[:2] == b"PK"
    with django_assert_max_num_queries(60) as seen:
        secretary.get(reverse("partybuilding:papers"))
    count = len(seen)
    for number in range(3):
        paper(town, title=f"文件{number}", now=timezone.now(), read_by=later)
    with django_assert_max_num_queries(count):
        secretary.get(reverse("partybuilding:papers"))


@pytest.mark.parametrize("who", ["other_street_admin", "other_community_staff", "other_grid_head"])
def test_outsiders_get_404(town, enter, who):
    one = paper(town)
    client = enter(who)
    assert client.get(reverse("partybuilding:paper", args=[one.pk])).status_code == 404
    assert client.get(reverse("partybuilding:paper_file", args=[one.pk])).status_code == 404
    assert client.post(reverse("partybuilding:paper_read", args=[one.pk])).status_code == 404
    assert PaperReceipt.objects.filter(read_at=None).count() == 3


def test_honours(town, enter):
    facts = {
        "title": "先进基层党组织", "level": "city", "granted_by": "市委", "granted_on": date(2026, 6, 1),
        "by": town.users["community_secretary"],
    }  # fmt: skip
    services.record_honour(org=town.branch, **facts)
    with refuses("已经登记"):
        services.record_honour(org=town.branch, **facts)
    with refuses("今天以后"):
        services.record_honour(
            org=town.branch, **{**facts, "granted_on": timezone.localdate() + timedelta(days=1)}
        )
    with pytest.raises(PermissionDenied):
        services.record_honour(org=town.other_branch, **facts)
    client = enter("community_secretary")
    assert client.get(reverse("partybuilding:honour_new")).status_code == 200
    answer = client.get(reverse("partybuilding:honours"))
    assert answer.context["page"].count == 1
    for figure in answer.context["figures"]:
        assert client.get(figure.url).context["page"].count == figure.value
    assert Honour.objects.visible_to(town.users["other_street_admin"]).count() == 0
    assert b"".join(client.get(reverse("partybuilding:honours") + "?file=xlsx"))[:2] == b"PK"
