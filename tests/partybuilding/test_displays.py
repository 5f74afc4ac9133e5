"""五亮: consent first, then approval; the public reads what was agreed to, and nothing else."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from partybuilding import services
from partybuilding.models import MemberDisplay, Photo
from partybuilding.workflow import DISPLAY_MOVES, DisplayStatus
from tests.cases.cast import photo
from tests.town import person_of

pytestmark = pytest.mark.django_db
TEXTS: Any = {
    "identity": "中共党员，党小组组长",
    "pledge": "邻里有事我先到",
    "action": "每周巡楼",
    "result": "清走堆物",
}


@pytest.fixture(autouse=True)
def _media(media):
    return media


def refuses(words):
    return pytest.raises(ValidationError, match=words)


def draft(town, **more):
    facts = {
        "grid": town.grid, "person": person_of(town.users["group_leader"]), "photos": [photo()],
        "by": town.users["branch_secretary"], "agreed": ["identity", "pledge"],
        "agreed_on": date(2026, 5, 1), **TEXTS,
    }  # fmt: skip
    return services.draft_display(**{**facts, **more})


def posted(town, **more):
    one = draft(town, **more)
    secretary = town.users["community_secretary"]
    services.move_display(display=one, name="submit", by=town.users["branch_secretary"])
    services.move_display(display=one, name="approve", by=secretary)
    services.move_display(display=one, name="post", by=secretary, note="1栋宣传栏")
    return one


def test_every_status_can_be_reached():
    assert {DisplayStatus.DRAFT} | {move.target for move in DISPLAY_MOVES} == set(DisplayStatus)


def test_a_display_without_consent_is_refused(town):
    one = draft(town, agreed=(), agreed_on=None)
    with refuses("没有本人同意"):
        services.move_display(display=one, name="submit", by=town.users["branch_secretary"])
    with refuses("同意的日期"):
        draft(town, person=person_of(town.users["grid_head"]), agreed_on=None)
    with refuses("今天以后"):
        draft(
            town, person=person_of(town.users["grid_head"]),
            agreed_on=timezone.localdate() + timedelta(days=1),
        )  # fmt: skip


def test_what_is_missing_or_private_is_refused_at_its_field(town):
    person = person_of(town.users["grid_head"])
    for more, words in (({"pledge": ""}, "亮承诺"), ({"action": "找我打 13800001111"}, "电话")):
        with refuses(words):
            draft(town, person=person, **more)
    draft(town)
    with refuses("已有五亮"):
        draft(town)


def test_moves_from_another_status_are_refused(town):
    one = draft(town)
    secretary = town.users["community_secretary"]
    for name in ("approve", "post", "send_back"):
        with refuses("不能"):
            services.move_display(display=one, name=name, by=secretary, note="1栋")
    services.move_display(display=one, name="submit", by=town.users["branch_secretary"])
    with pytest.raises(PermissionDenied):
        services.move_display(display=one, name="approve", by=town.users["branch_secretary"])
    with refuses("要改请先退回"):
        services.edit_display(
            display=one, by=secretary, agreed=["pledge"], agreed_on=date(2026, 5, 1), **TEXTS
        )
    services.move_display(display=one, name="send_back", by=secretary, note="承诺再具体些")
    services.edit_display(
        display=one, by=secretary, agreed=["pledge"], agreed_on=date(2026, 5, 1), **TEXTS
    )


def test_the_public_reads_what_was_agreed_to(town, client):
    one = posted(town)
    page = f"{reverse('partybuilding:public_displays')}?community={town.community.division_code}"
    shown = client.get(page).content.decode()
    assert "邻里有事我先到" in shown and "中共党员" in shown
    assert "每周巡楼" not in shown and "祖长河" not in shown
    picture = reverse("partybuilding:public_display_photo", args=[Photo.objects.get().pk])
    assert picture not in shown
    assert client.get(picture).status_code == 404
    assert (
        town.community.name in client.get(reverse("partybuilding:public_displays")).content.decode()
    )
    services.move_display(
        display=one, name="remove", by=town.users["branch_secretary"], note="本人不再同意"
    )
    assert "邻里有事" not in client.get(page).content.decode()
    assert one.removed_on is not None and one.posted_on is not None
    assert client.get(f"{page}x").status_code == 200


def test_an_agreed_photo_and_name_are_public(town, client):
    posted(town, agreed=["name", "photo", "pledge"])
    page = f"{reverse('partybuilding:public_displays')}?community={town.community.division_code}"
    shown = client.get(page).content.decode()
    picture = reverse("partybuilding:public_display_photo", args=[Photo.objects.get().pk])
    assert "祖长河" in shown and picture in shown
    assert client.get(picture).status_code == 200


@pytest.mark.parametrize(
    "who", ["other_street_admin", "other_grid_head", "sister_grid_head", "partner_unit"]
)
def test_outsiders_get_404(town, enter, who):
    one = posted(town)
    client = enter(who)
    for name in ("display", "display_edit", "display_poster"):
        assert client.get(reverse(f"partybuilding:{name}", args=[one.pk])).status_code == 404, name
    picture = reverse("partybuilding:photo", args=[Photo.objects.get().pk])
    assert client.get(picture).status_code == 404


def test_the_pages_and_their_counts(town, enter):
    one = posted(town)
    client = enter("community_secretary")
    for name in ("display", "display_poster"):
        assert client.get(reverse(f"partybuilding:{name}", args=[one.pk])).status_code == 200
    poster = client.get(reverse("partybuilding:display_poster", args=[one.pk])).content.decode()
    assert "每周巡楼" not in poster
    answer = client.get(reverse("partybuilding:displays"))
    for figure in answer.context["figures"]:
        assert client.get(figure.url).context["page"].count == figure.value
    assert b"".join(client.get(reverse("partybuilding:displays") + "?file=xlsx"))[:2] == b"PK"
    new = reverse("partybuilding:display_new")
    assert client.get(new).status_code == 200
    page = f"{new}?grid={town.grid.pk}"
    refused = client.post(page, {"identity": "党员", "agreed": ["pledge"]})
    assert refused.status_code == 400 and "党员" in refused.content.decode()
    assert client.get(f"{new}?grid={town.far_grid.pk}").status_code == 404
    assert MemberDisplay.objects.count() == 1
