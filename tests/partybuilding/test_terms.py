"""Committees: elections, terms put off, vacancies, reminders told once, the pages and their counts."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from notices.models import Notification
from orgs.levels import PostKind
from orgs.models import OrgPost, PartyMember
from partybuilding import services
from partybuilding.models import CommitteeTerm
from partybuilding.waiting import waiting_for
from tests.town import make_person

pytestmark = pytest.mark.django_db


def refuses(words):
    return pytest.raises(ValidationError, match=words)


def elect(town, org=None, **more):
    facts = {
        "org": org or town.branch, "name": "第一届", "elected_on": date(2023, 6, 1),
        "due_on": date(2026, 6, 1), "by": town.users["community_staff"],
    }  # fmt: skip
    return services.elect(**{**facts, **more})


def member(org, name):
    person = make_person(name)
    PartyMember.objects.create(person=person, org_unit=org, registered=True)
    return person


def seat(town, org, name, kind="secretary", start=date(2024, 1, 1)):
    member(org, name)
    return services.appoint(
        org=org, name=name, kind=kind, source_identity="grid_head", start=start,
        by=town.users["community_staff"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"elected_on": date(2099, 1, 1), "due_on": date(2102, 1, 1)}, "还没有举行"),
        ({"due_on": date(2023, 6, 1)}, "晚于换届日期"), ({"name": " "}, "届次"),
        ({"due_on": date(9999, 12, 31)}, "检查年份"), ({"elected_on": date(1, 1, 1)}, "检查年份"),
    ],
)  # fmt: skip
def test_an_election_is_whole_or_refused(town, more, words):
    with refuses(words):
        elect(town, **more)
    with refuses("没有届期"):
        elect(town, org=town.group)
    with pytest.raises(PermissionDenied):
        elect(town, by=town.users["branch_secretary"])
    with pytest.raises(PermissionDenied):
        elect(town, org=town.other_branch)
    assert CommitteeTerm.objects.count() == 0


def test_who_stays_goes_on_in_the_next_term(town):
    elect(town)
    stays, goes = seat(town, town.branch, "甲"), seat(town, town.branch, "乙", "publicity")
    assert stays.term == "第一届"
    with refuses("晚于上一届"):
        elect(town, elected_on=date(2023, 5, 1))
    elect(
        town, name="第二届", elected_on=date(2026, 5, 20), due_on=date(2029, 5, 20), staying=[stays]
    )
    goes.refresh_from_db()
    assert goes.end == date(2026, 5, 19)
    now = OrgPost.objects.get(org_unit=town.branch, end=None)
    assert (now.person, now.term, now.start) == (stays.person, "第二届", date(2026, 5, 20))
    assert CommitteeTerm.objects.filter(org=town.branch, ended_on=None).count() == 1


def test_the_first_election_put_down_ends_who_does_not_stay_too(town):
    stays, goes = seat(town, town.branch, "甲"), seat(town, town.branch, "乙", "publicity")
    left = seat(town, town.branch, "丙", "organisation")
    OrgPost.objects.filter(pk=left.pk).update(end=date(2026, 5, 19))  # the eve: ends by itself
    elect(town, elected_on=date(2026, 5, 20), due_on=date(2029, 5, 20), staying=[stays])
    ends = dict(OrgPost.objects.filter(term="").values_list("pk", "end"))
    assert ends == dict.fromkeys((stays.pk, goes.pk, left.pk), date(2026, 5, 19))
    now = OrgPost.objects.get(org_unit=town.branch, end=None)
    assert (now.person, now.term) == (stays.person, "第一届")


def test_a_term_is_put_off_once_and_a_year_at_most(town, enter):
    term = elect(town)
    for day in (date(2026, 6, 1), date(2027, 7, 1), date(9999, 12, 31)):
        with refuses("最多延一年"):
            services.put_off(term=term, due_on=day, reason="批复", by=None)
    services.put_off(term=term, due_on=date(2026, 12, 1), reason="批复", by=None)
    assert term.due_on == date(2026, 12, 1)
    with refuses("已经延过一次"):
        services.put_off(term=term, due_on=date(2027, 6, 1), reason="批复", by=None)
    one = reverse("partybuilding:committee", args=[town.branch.pk])
    assert "延期换届" not in enter("community_staff").get(one).content.decode()


def test_a_post_goes_to_a_member_of_that_name(town):
    with refuses("党员名册"):
        services.appoint(
            org=town.branch, name="没有", kind="secretary", source_identity="", by=None,
            start=date(2024, 1, 1),
        )  # fmt: skip
    member(town.group, "重名")
    member(town.sister_branch, "重名")
    found = seat(town, town.branch, "丙", "organisation")
    assert found.person.name == "丙"
    own = services.appoint(
        org=town.branch, name="重名", kind="secretary", source_identity="", by=None,
        start=date(2024, 1, 1),
    )  # fmt: skip
    assert own.person.membership.org_unit == town.group
    with refuses("几位同名"):
        services.appoint(
            org=town.street, name="重名", kind="secretary", source_identity="", by=None,
            start=date(2024, 1, 1),
        )  # fmt: skip


def test_the_sweep_tells_each_stage_once_also_after_a_missed_week(town):
    elect(town)
    elect(town, org=town.community)
    assert services.watch_terms(today=date(2025, 11, 1)) == 0
    for day in (date(2025, 12, 15), date(2025, 12, 23)):
        assert services.watch_terms(today=day) == 2
    told = Notification.objects.filter(kind="term.soon")
    assert sorted(told.values_list("user__username", flat=True)) == [
        "branch_secretary", "community_secretary", "community_staff",
    ]  # fmt: skip
    assert "2 个班子" in told.get(user__username="community_staff").text
    for day in (date(2026, 6, 1), date(2026, 6, 9)):
        services.watch_terms(today=day)
    assert Notification.objects.filter(kind="term.gone").count() == 3
    elect(town, name="第二届", elected_on=date(2026, 6, 9), due_on=date(2029, 6, 9))
    assert services.watch_terms(today=date(2026, 6, 10)) == 1


def test_the_pages(town, enter, django_assert_max_num_queries):
    elect(town, due_on=timezone.localdate() + timedelta(days=30))
    elect(town, org=town.community, due_on=timezone.localdate() - timedelta(days=1))
    seat(town, town.branch, "甲")
    client = enter("community_staff")
    page = reverse("partybuilding:terms")
    for address in (page, reverse("partybuilding:posts")):
        for figure in client.get(address).context["figures"]:
            assert client.get(figure.url).context["page"].count == figure.value, figure.label
    assert client.get(f"{page}?show=expired").context["page"].count == 1
    vacant = {row.pk for row in client.get(f"{page}?show=vacant").context["page"].rows}
    assert vacant == {town.community.pk, town.group.pk}
    assert [w.count for w in waiting_for(town.users["community_staff"], timezone.now())][-2:] == [
        1,
        1,
    ]
    one = reverse("partybuilding:committee", args=[town.branch.pk])
    assert "登记换届" in client.get(one).content.decode()
    assert "登记换届" not in enter("branch_secretary").get(one).content.decode()
    for name in ("elect", "put_off", "appoint"):
        address = reverse(f"partybuilding:{name}", args=[town.branch.pk])
        assert client.get(address).status_code == 200
        assert client.post(address, {"name": " "}).status_code == 400
        assert enter("branch_secretary").get(address).status_code == 403
        assert enter("other_community_staff").get(address).status_code == 404
    post = OrgPost.objects.get(kind=PostKind.SECRETARY)
    end = reverse("partybuilding:post_end", args=[post.pk])
    assert enter("other_community_staff").get(end).status_code == 404
    assert client.post(end, {"on": timezone.localdate()}).status_code == 302
    assert b"".join(client.get(page + "?file=xlsx"))[:2] == b"PK"
    with django_assert_max_num_queries(60) as seen:
        client.get(page)
    for number in range(4):
        seat(town, town.branch, f"丁{number}", "publicity")
    with django_assert_max_num_queries(len(seen)):
        client.get(page)


def test_a_branch_of_seven_needs_a_committee(town, enter):
    seat(town, town.branch, "甲")
    for number in range(6):
        member(town.group, f"戊{number}")
    page = enter("community_staff").get(reverse("partybuilding:committee", args=[town.branch.pk]))
    text = page.content.decode()
    assert "组织委员" in text and "宣传委员" in text
