"""Needs: the table of moves, public text that names nobody, who sees which."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from residents.models import Need
from residents.needflow import MOVES, NeedStatus
from residents.services import create_need, edit_need, move_need
from residents.services.needs import public_text_problems
from residents.tasks import prepare_the_day
from tests.residents.carehelp import Family, family, settle, tag
from tests.town import Town, person_of

TODAY = timezone.localdate


@pytest.fixture
def home(town: Town) -> Family:
    return family(town)


def need(home: Family, **facts: Any) -> Need:
    given = {"kind": "company", "text": "想有人陪着去体检", "source": "resident"}
    return create_need(household=home.home, by=None, **given | facts)


def test_the_public_text_names_nobody(home: Family) -> None:
    for text, word in (
        ("王老根想有人陪", "姓名"), ("老根大爷想有人陪", "姓名"), ("联系 16900001234", "电话"),
        ("阳光花园1栋的老人", "门牌"), ("住 101 的老人", "门牌"), ("住1-1-101", "门牌"),
        ("二单元的老人", "门牌"),
    ):  # fmt: skip
        problems = public_text_problems(text, home.home)
        assert any(word in problem for problem in problems), text
    assert public_text_problems("王奶奶想有人陪着去体检，阳光花园小区", home.home) == []


@pytest.mark.parametrize("status", list(NeedStatus))
@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.name)
def test_the_table_alone_decides_what_may_follow(home: Family, status: str, move: Any) -> None:
    one = need(home, privacy="open", public_text="一位老人想有人陪")
    Need.objects.filter(pk=one.pk).update(status=status)
    staff = None
    if status in move.sources:
        moved = move_need(need=one, move=move.name, by=staff, note="说明")  # type: ignore[arg-type]
        assert moved.status == move.target
    else:
        with pytest.raises(ValidationError, match=f"不能{move.label}"):
            move_need(need=one, move=move.name, by=staff, note="说明")  # type: ignore[arg-type]


def test_only_what_is_meant_to_be_public_is_published(home: Family, town: Town) -> None:
    head = town.users["grid_head"]
    closed, empty = need(home), need(home, privacy="open")
    for one, sentence in ((closed, "仅工作人员"), (empty, "请先填写公开内容")):
        with pytest.raises(ValidationError, match=sentence):
            move_need(need=one, move="publish", by=head)
    with pytest.raises(ValidationError, match="姓名"):
        need(home, privacy="open", public_text="王老根要人陪")
    edit_need(
        need=empty, by=head, kind="company", text="陪诊", privacy="open", public_text="陪一位老人"
    )
    empty.refresh_from_db()
    move_need(need=empty, move="publish", by=head)
    assert list(Need.objects.published()) == [empty]
    # Somebody of that name moves in: the text is looked at again at the next change.
    settle(home.home, "陪一位", relation="其他")
    with pytest.raises(ValidationError):
        edit_need(
            need=empty, by=head, kind="company", text="陪诊", privacy="open",
            public_text="陪一位老人",
        )  # fmt: skip


def test_published_needs_lapse_by_themselves(home: Family, town: Town) -> None:
    one = need(home, privacy="open", public_text="陪一位老人", wanted_by=TODAY())
    move_need(need=one, move="publish", by=town.users["grid_head"])
    assert prepare_the_day()["expired"] == 0
    Need.objects.filter(pk=one.pk).update(wanted_by=TODAY() - timedelta(days=1))
    assert prepare_the_day()["expired"] == 1
    assert prepare_the_day()["expired"] == 0
    one.refresh_from_db()
    assert one.status == "expired"


def test_needs_by_form(home: Family, enter: Any) -> None:
    client, url = enter("grid_head"), f"/residents/{home.home.pk}/needs/new/"
    typed = {
        "residency": home.wife.pk, "source": "wish", "kind": "goods", "text": "想要一把轮椅",
        "urgency": "urgent", "quantity": "1", "privacy": "open", "public_text": "李奶奶想要一把轮椅",
    }  # fmt: skip
    bad = client.post(url, typed | {"public_text": "李秀兰想要轮椅"})
    assert bad.status_code == 400
    assert "姓名" in bad.content.decode()
    assert "想要一把轮椅" in bad.content.decode(), "what was typed stays"
    assert client.post(url, typed | {"quantity": "0"}).status_code == 400
    assert client.post(url, typed).status_code == 302
    one = Need.objects.get()
    assert one.person == home.wife.person
    page = client.get(f"/residents/needs/{one.pk}/").content.decode()
    assert "李秀兰" in page
    client.post(f"/residents/needs/{one.pk}/publish/")
    assert client.post(f"/residents/needs/{one.pk}/meet/", {"note": ""}).status_code == 400
    assert (
        client.post(f"/residents/needs/{one.pk}/meet/", {"note": "残联送来一把"}).status_code == 302
    )
    one.refresh_from_db()
    assert (one.status, one.status_note) == ("met", "残联送来一把")
    assert client.post(f"/residents/needs/{one.pk}/nonsense/").status_code == 404
    assert client.get("/residents/needs/").context["page"].count == 0
    assert client.get("/residents/needs/?status=met").context["page"].count == 1


SEES = {"street_admin", "community_staff", "community_secretary", "branch_secretary", "grid_head",
        "grid_worker_ft", "group_leader"}  # fmt: skip
NONE_OF_THEIRS = {"grid_worker_pt", "police_contact", "sister_grid_head", "other_grid_head",
                  "other_street_admin", "other_community_staff"}  # fmt: skip


def test_who_sees_a_need(home: Family, town: Town, enter: Any) -> None:
    one = need(home)
    for who in town.users:
        status = enter(who).get(f"/residents/needs/{one.pk}/").status_code
        expected = 200 if who in SEES else 404 if who in NONE_OF_THEIRS else 403
        assert status == expected, who
    for who in ("street_admin", "branch_secretary"):
        assert enter(who).get(f"/residents/needs/{one.pk}/edit/").status_code == 403
        assert "王老根" not in enter(who).get(f"/residents/needs/{one.pk}/").content.decode()


def test_a_need_of_a_hidden_tag_is_hidden_too(home: Family, town: Town) -> None:
    child = settle(home.home, "王小宝", age=9, relation="孙子女")
    mark = tag(child, "left_behind_child")
    need(home, tag=mark, residency=child)
    assert Need.objects.visible_to(town.users["grid_head"]).count() == 1
    assert Need.objects.visible_to(town.users["branch_secretary"]).count() == 0
    mark.responsible = person_of(town.users["grid_worker_pt"])
    mark.save()
    assert Need.objects.visible_to(town.users["grid_worker_pt"]).count() == 1


def test_the_export_holds_public_words_only(home: Family, enter: Any) -> None:
    need(home, residency=home.wang, public_text="一位老人想有人陪")
    assert enter("grid_head").get("/residents/needs/export/").status_code == 403
    answer = enter("community_staff").get("/residents/needs/export/")
    assert b"".join(answer.streaming_content)[:2] == b"PK"
