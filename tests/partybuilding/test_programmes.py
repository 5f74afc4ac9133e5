"""Programmes: begun, corrected, ended; work linked once; pages, counts and who may."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from orgs.models import Unit
from partybuilding import services
from partybuilding.models import Programme, ProgrammeLink, Training
from tests.town import make_person

pytestmark = pytest.mark.django_db


def refuses(words):
    return pytest.raises(ValidationError, match=words)


def brand(town, **more):
    facts = {
        "org": town.community, "kind": "brand", "name": "蜂巢共筑", "started_on": date(2026, 1, 1),
        "units": [town.partner], "by": town.users["community_secretary"],
    }  # fmt: skip
    return services.begin_programme(**{**facts, **more})


def training(town, org=None):
    return services.record_training(
        org=org or town.community, topic="网格党务", kind="class", held_on=date(2026, 5, 1),
        hours=Decimal(2), place="党校", people=[make_person("学员")], by=None,
    )  # fmt: skip


def test_a_programme_is_whole_or_refused(town):
    for more, words in (
        ({"name": ""}, "名称"), ({"kind": "x"}, "类型"), ({"started_on": date(2099, 1, 1)}, "今天以后"),
    ):  # fmt: skip
        with refuses(words):
            brand(town, **more)
    with pytest.raises(PermissionDenied):
        brand(town, by=town.users["branch_secretary"])
    with pytest.raises(PermissionDenied):
        brand(town, org=town.other_branch)
    one = brand(town)
    with refuses("同名"):
        brand(town)
    assert brand(town, org=town.branch).community == town.community
    with refuses("今天之间"):
        services.end_programme(programme=one, on=date(2025, 12, 31), outcome="好", by=None)
    services.end_programme(programme=one, on=date(2026, 6, 1), outcome="解决难题二十件", by=None)
    with refuses("已经结束"):
        services.end_programme(programme=one, on=date(2026, 6, 1), outcome="好", by=None)
    assert brand(town).pk != one.pk, "the name is free again"


def test_work_is_linked_once_and_stays_when_unlinked(town):
    one, course = brand(town), training(town)
    by = town.users["community_secretary"]
    for _ in range(2):
        services.link_work(programme=one, by=by, training=[course])
    link = ProgrammeLink.objects.get()
    with refuses("至少选一项"):
        services.link_work(programme=one, by=by)
    with refuses("本街道"):
        services.link_work(programme=one, by=None, training=[training(town, town.other_street)])
    with pytest.raises(PermissionDenied):
        services.link_work(programme=one, by=town.users["branch_secretary"], training=[course])
    services.unlink_work(link=link, by=by)
    course.refresh_from_db()
    assert one.links.count() == 0


def test_a_correction_keeps_a_unit_that_is_no_longer_active(town, enter):
    one = brand(town)
    Unit.objects.filter(pk=town.partner.pk).update(is_active=False)
    client, page = (
        enter("community_secretary"),
        reverse("partybuilding:programme_edit", args=[one.pk]),
    )
    ticked = client.get(page).context["form"]
    assert town.partner in ticked.fields["units"].queryset
    sent = {"kind": "brand", "name": "改名", "units": [town.partner.pk]}
    assert client.post(page, sent).status_code == 302
    assert [unit.pk for unit in one.units.all()] == [town.partner.pk]
    assert client.post(page, {**sent, "units": []}).status_code == 302
    assert not one.units.exists(), "an untick takes it out"
    assert client.post(page, sent).status_code == 400, "an inactive unit does not come in anew"


def test_the_list_counts_the_work_the_reader_sees(town):
    one = brand(town, org=town.street, by=None)
    for course in (training(town), training(town, town.sister_community)):
        ProgrammeLink.objects.create(programme=one, training=course)
    for who in ("street_admin", "community_staff"):
        user = town.users[who]
        seen = Training.objects.visible_to(user).filter(programme_links__programme=one).count()
        [row] = Programme.objects.visible_to(user).for_list(user)
        assert (row.work_count, seen) == 2 * ({"street_admin": 2, "community_staff": 1}[who],)


def test_the_pages(town, enter, django_assert_max_num_queries):
    one = brand(town)
    course = training(town)
    fund = services.allot(
        org=town.community, source="city", purpose="activity", year=2026, amount=Decimal(80_000),
        title="活动经费", allotted_on=date(2026, 2, 1), by=None,
    )  # fmt: skip
    client = enter("community_secretary")
    work = reverse("partybuilding:programme_work", args=[one.pk])
    assert "网格党务" in client.get(work).content.decode()
    sent = client.post(work, {"training": [course.pk], "fund": [fund.pk]})
    assert sent.status_code == 302 and one.links.count() == 2
    text = client.get(reverse("partybuilding:programme", args=[one.pk])).content.decode()
    assert "示范学院" in text and "8 万元" in text and "网格党务" in text
    assert "网格党务" not in client.get(work).content.decode(), "linked work is not offered again"
    page = reverse("partybuilding:programmes")
    for who in ("community_secretary", "grid_head"):
        reader = enter(who)
        for figure in reader.get(page).context["figures"]:
            assert reader.get(figure.url).context["page"].count == figure.value, figure.label
    for name in ("edit", "end", "work"):
        address = reverse(f"partybuilding:programme_{name}", args=[one.pk])
        assert client.get(address).status_code == 200
        assert enter("grid_head").get(address).status_code == 403
        assert enter("other_community_staff").get(address).status_code == 404
    assert client.post(reverse("partybuilding:programme_new"), {"name": " "}).status_code == 400
    unlink = reverse("partybuilding:programme_unlink", args=[one.links.first().pk])
    assert enter("other_community_staff").post(unlink).status_code == 404
    assert enter("grid_head").post(unlink).status_code == 403
    assert client.post(unlink).status_code == 302 and one.links.count() == 1
    assert b"".join(client.get(page + "?file=xlsx"))[:2] == b"PK"
    with django_assert_max_num_queries(60) as seen:
        client.get(page)
    for number in range(3):
        brand(town, name=f"品牌{number}")
    with django_assert_max_num_queries(len(seen)):
        client.get(page)
    assert Programme.objects.visible_to(town.users["other_street_admin"]).count() == 0
