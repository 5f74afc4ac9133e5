"""A member's own page, and Party life on the pages of a grid and of a person."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from orgs.models import AuditEntry, PartyMember
from partybuilding import services
from partybuilding.life import life_of
from partybuilding.models import CheckIn
from partybuilding.waiting import waiting_for
from residents.models import Residency
from tests.partybuilding.cast import engaged
from tests.town import make_person, person_of

pytestmark = pytest.mark.django_db


def test_a_member_finds_his_own_page_by_logging_in(town, enter):
    me = reverse("partybuilding:me")
    nobody = enter("revisitor").get(me)
    assert nobody.status_code == 200 and "还没有登记为党员" in nobody.content.decode()
    person = person_of(town.users["volunteer"])
    PartyMember.objects.create(person=person, org_unit=town.group, joined_on=date(2010, 7, 1))
    services.record_training(
        org=town.community, topic="党务", kind="class", held_on=timezone.localdate(), hours=Decimal(2),
        place="党校", people=[person], by=None,
    )  # fmt: skip
    one = engaged(town)
    CheckIn.objects.filter(pk=one.pk).update(person=person)
    one.duties.update(person=person)
    client = enter("volunteer")
    text = client.get(me).content.decode()
    for words in (
        "1栋党小组",
        "2010年7月1日入党",
        "示范学院",
        "周末巡楼",
        "1 次，2 学时",
        one.slip_no,
    ):
        assert words in text, words
    assert me in client.get("/").content.decode()
    services.ask_confirmations(today=date(2026, 6, 25))
    told = waiting_for(town.users["volunteer"], timezone.now())
    assert [(w.count, w.url) for w in told] == [(1, me)]
    assert "仍在这里" in client.get(me).content.decode()
    assert client.post(me, {"act": "here"}).status_code == 302
    assert one.confirmations.get().still_here is True
    entry = AuditEntry.objects.get(action="checkin.confirm")
    assert entry.actor == town.users["volunteer"], "the log-in goes on record"
    claimed = {
        "act": "duty",
        "kind": "post",
        "category": "law",
        "duties": "每月一次咨询",
        "start": "2026-05-07",
    }
    assert client.post(me, claimed).status_code == 302
    assert one.duties.open().count() == 2
    last = AuditEntry.objects.filter(action="duty.claim").order_by("-id").first()
    assert last is not None and last.actor == town.users["volunteer"]
    assert client.post(me, {**claimed, "duties": " "}).status_code == 400


def test_the_grid_shows_its_members_to_those_who_may_see_them(town, enter):
    one = engaged(town)
    services.pair(
        unit=town.partner, grid=town.grid, start=date(2026, 1, 1), contact="联络员",
        end=timezone.localdate() + timedelta(days=90), by=None,
    )  # fmt: skip
    for org in (town.branch, town.group):
        PartyMember.objects.create(person=make_person("党员"), org_unit=org)
    page = reverse("grids:detail", args=[town.grid.pk])
    client = enter("community_staff")
    answer = client.get(page)
    [panel] = [one for one in answer.context["panels"] if "figures" in one.facts]
    for figure in panel.facts["figures"]:
        assert client.get(figure.url).context["page"].count == figure.value, figure.label
    assert [figure.value for figure in panel.facts["figures"]] == [2, 1, 1]
    assert answer.context["branch_members"] == 2, "one number of members on one page"
    assert one.person.name in answer.content.decode() and "示范学院" in answer.content.decode()
    assert enter("volunteer").get(page).context["panels"] == []
    assert one.person.name not in enter("volunteer").get(page).content.decode()


def test_his_display_is_a_link_for_those_who_may_open_it(town, enter):
    for who, linked in (("revisitor", False), ("community_staff", True)):
        person = person_of(town.users[who])
        PartyMember.objects.create(person=person, org_unit=town.group)
        one = services.draft_display(
            grid=town.grid, person=person, by=None, identity="党员", pledge="带头巡楼"
        )
        page = reverse("partybuilding:display", args=[one.pk])
        client = enter(who)
        text = client.get(reverse("partybuilding:me")).content.decode()
        assert "<dt>五亮</dt>" in text and (page in text) is linked
        assert (client.get(page).status_code == 200) is linked


def test_a_reader_sees_trainings_of_his_own_area(town):
    person, today = make_person("学员"), timezone.localdate()
    services.record_training(
        org=town.other_branch, topic="党务", kind="class", held_on=today, hours=Decimal(2),
        place="党校", people=[person], by=None,
    )  # fmt: skip
    assert life_of(person, today).trainings == 1
    assert not life_of(person, today, user=town.users["community_staff"])


def test_the_page_of_a_person_shows_party_life_within_reach(town, enter):
    person = make_person("居民党员")
    Residency.objects.create(
        household=town.households[0], person=person, start=date(2020, 1, 1), is_head=True
    )
    page = reverse("residents:person", args=[person.pk])
    client = enter("community_staff")
    assert "党内生活" not in client.get(page).content.decode()
    member = PartyMember.objects.create(person=person, org_unit=town.group)
    assert "1栋党小组" in client.get(page).content.decode()
    PartyMember.objects.filter(pk=member.pk).update(org_unit=town.other_branch)
    assert "党内生活" not in client.get(page).content.decode(), "another street's member"
