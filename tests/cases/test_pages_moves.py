"""The page of every move: its form, its refusals, who comes second."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.models import Case
from cases.workflow import BY_NAME, MOVES
from tests.cases.cast import Story, reported
from tests.town import Town


def test_every_move_has_a_form_of_its_needs(client: Client, town: Town) -> None:
    client.force_login(town.users["dispatcher"])
    stories = {
        "assign": Story(town).called(), "whistle": Story(town).called(),
        "transfer": Story(town).handling(), "urge": Story(town).handling(),
        "supervise": Story(town).handling(),
    }  # fmt: skip
    for name, story in stories.items():
        page = client.get(f"/cases/{story.case.pk}/moves/{name}/")
        assert page.status_code == 200, name
        text = page.content.decode()
        for need in BY_NAME[name].needs:
            assert f'name="{need.name}"' in text, (name, need.name)
        assert ("multipart/form-data" in text) is True


def test_every_row_of_the_table_opens_or_says_why_not(client: Client, town: Town) -> None:
    case = Story(town).handling().case
    client.force_login(town.users["dispatcher"])
    for move in MOVES:
        if move.sources:
            page = client.get(f"/cases/{case.pk}/moves/{move.name}/")
            assert page.status_code in (200, 403, 409), move.name
            if page.status_code != 200:
                assert page.context["refused"].message in page.content.decode()


def test_a_whistle_goes_out_from_the_form(client: Client, town: Town) -> None:
    case = Story(town).called().case
    client.force_login(town.users["dispatcher"])
    page = client.get(f"/cases/{case.pk}/moves/whistle/")
    answer = client.post(
        f"/cases/{case.pk}/moves/whistle/",
        {
            "version": page.context["form"]["version"].value(), "unit": town.department.pk,
            "co_units": [town.second_department.pk], "whistle_kind": "daily", "arrive_by": "",
            "note": "请到场会商",
        },
    )  # fmt: skip
    assert answer["Location"] == f"/cases/{case.pk}/"
    case.refresh_from_db()
    assert case.status == "whistled"
    assert case.tasks.count() == 2
    assert "“吹哨”已完成" in client.get(answer["Location"]).content.decode()


def test_units_of_other_streets_are_not_offered(client: Client, town: Town) -> None:
    from orgs.models import Unit

    strange = Unit.objects.create(
        name="东风执法队", kind="functional_department", district=town.district,
        street=town.other_street,
    )  # fmt: skip
    case = Story(town).called().case
    client.force_login(town.users["dispatcher"])
    path = f"/cases/{case.pk}/moves/assign/"
    assert "东风执法队" not in client.get(path).content.decode()
    answer = client.post(path, {"unit": strange.pk, "version": case.version})
    assert answer.status_code == 400
    case.refresh_from_db()
    assert case.status == "called"


def test_departments_come_first_and_helpers_are_folded(client: Client, town: Town) -> None:
    from orgs.models import Unit

    for name, kind in (("啊物业", "property_company"), ("派出所", "police"), ("啊公司", "partner")):
        Unit.objects.create(name=name, kind=kind, district=town.district, street=town.street)
    case = Story(town).called().case
    client.force_login(town.users["dispatcher"])
    path = f"/cases/{case.pk}/moves/assign/"
    form = client.get(path).context["form"]
    helpers = [label for _, label in form.fields["co_units"].choices]
    assert set(helpers[:2]) == {"城市管理局", "消防救援站"}
    assert helpers[2:] == ["派出所", "啊公司", "啊物业", "示范学院"]
    kinds = [label for label, _ in form.fields["unit"].choices]
    assert kinds == ["", "职能部门", "公安", "共建单位", "物业公司", "高校"]
    sent = {"version": case.version, "co_units": [town.department.pk, town.second_department.pk]}
    again = client.post(path, sent).content.decode()
    assert "<details" in again and "data-count>2<" in again
    both = {**sent, "unit": town.department.pk}
    assert "data-helpers open" in client.post(path, both).content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"note": ""}, "请填写“呼叫原因”"),
        ({"note": "   "}, "请填写呼叫原因"),
        ({"note": "长" * 10_000}, "呼叫原因有 10000 字，最多 1000 字"),
        ({"note": "a\0b"}, "空字符"),
        ({"version": "x"}, "请刷新后再操作"),
    ],
)
def test_a_bad_move_says_why_and_keeps_the_text(
    client: Client, town: Town, change: dict[str, str], sentence: str
) -> None:
    case = Story(town).accepted().case
    client.force_login(town.users["grid_head"])
    sent = {"note": "需要城管支持", "version": case.version, **change}
    answer = client.post(f"/cases/{case.pk}/moves/call_up/", sent)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    case.refresh_from_db()
    assert case.status == "accepted"


def test_a_photo_that_is_none_keeps_the_words(client: Client, town: Town) -> None:
    case = Story(town).accepted().case
    client.force_login(town.users["grid_head"])
    bad = SimpleUploadedFile("x.jpg", b"not a picture", "image/jpeg")
    answer = client.post(
        f"/cases/{case.pk}/moves/call_up/",
        {"note": "需要城管支持", "version": case.version, "photos": [bad]},
    )
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "这不是照片" in text and "请重新选择照片" in text and "需要城管支持" in text


def test_the_slower_of_two_dispatchers_gets_a_sentence(client: Client, town: Town) -> None:
    story = Story(town).called()
    version = story.case.version
    story.step("assign", "second_dispatcher", unit=town.second_department)
    client.force_login(town.users["dispatcher"])
    answer = client.post(
        f"/cases/{story.case.pk}/moves/assign/",
        {"unit": town.department.pk, "note": "请速办", "version": version},
    )
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "已被他人处理" in text and "待签收" in text
    assert "请速办" in text and f'href="/cases/{story.case.pk}/"' in text
    assert Case.objects.get(pk=story.case.pk).lead_unit == town.second_department


def test_a_second_tap_is_told_that_it_was_done_by_oneself(client: Client, town: Town) -> None:
    story = Story(town).assigned()
    path = f"/cases/{story.case.pk}/moves"
    sent = {"version": story.case.version}
    client.force_login(town.users["dept_handler"])
    assert client.post(f"{path}/take/", sent).status_code == 302
    text = client.post(f"{path}/take/", sent)
    assert text.status_code == 409
    assert "“签收”，现在是“办理中”。" in text.content.decode()
    assert "您已经在" in text.content.decode() and "他人" not in text.content.decode()
    by_address = client.get(f"{path}/return_back/")
    assert by_address.status_code == 409 and "您已经在" in by_address.content.decode()
    client.force_login(town.users["community_staff"])
    late = client.post(
        f"{path}/transfer/", {**sent, "unit": town.second_department.pk, "note": "x"}
    )
    assert late.status_code == 409
    assert "已被他人处理：城市管理局于" in late.content.decode()


def test_a_second_urging_names_the_first_one(client: Client, town: Town) -> None:
    story = Story(town).handling()
    path = f"/cases/{story.case.pk}/moves/urge/"
    sent = {"version": story.case.version, "note": "请尽快"}
    client.force_login(town.users["dispatcher"])
    assert client.post(path, sent).status_code == 302
    again = client.post(path, sent)
    assert again.status_code == 409
    assert "您已经在" in again.content.decode() and "“催办”" in again.content.decode()
    for odd in ("-99999999999999999999", "99999999999999999999"):
        assert client.post(path, {**sent, "version": odd}).status_code == 409


def test_a_move_in_scope_without_the_right_is_refused_with_a_sentence(
    client: Client, town: Town
) -> None:
    case = reported(town)
    client.force_login(town.users["branch_secretary"])
    for answer in (
        client.get(f"/cases/{case.pk}/moves/accept/"),
        client.post(f"/cases/{case.pk}/moves/accept/", {"version": case.version}),
    ):
        assert answer.status_code == 403
        assert "须由" in answer.content.decode()


def test_the_handler_cannot_check_the_own_work(client: Client, town: Town) -> None:
    story = Story(town).self_handled()
    case = story.step("feedback", "grid_head", outcome="solved", note="已清理").case
    client.force_login(town.users["grid_head"])
    answer = client.get(f"/cases/{case.pk}/moves/verify_pass/")
    assert answer.status_code == 403
    assert "须由其他人核查" in answer.content.decode()


def test_a_department_that_hands_back_leaves_the_page(client: Client, town: Town) -> None:
    case = Story(town).assigned().case
    client.force_login(town.users["dept_handler"])
    answer = client.post(
        f"/cases/{case.pk}/moves/return_back/",
        {"reason": "not_our_duty", "note": "依职责分工", "version": case.version},
    )
    assert answer["Location"] == "/m/"
    assert client.get(f"/cases/{case.pk}/").status_code == 404


def test_only_the_street_designates(client: Client, town: Town) -> None:
    case = Story(town).called().case
    path = f"/cases/{case.pk}/moves/assign/"
    client.force_login(town.users["community_staff"])
    assert 'name="final"' not in client.get(path).content.decode()
    client.force_login(town.users["dispatcher"])
    assert 'name="final"' in client.get(path).content.decode()


def test_only_a_lead_with_helpers_is_asked_about_them(client: Client, town: Town) -> None:
    alone = Story(town).handling().case
    together = Story(town).called().step(
        "assign", "dispatcher", unit=town.department, co_units=[town.second_department]
    ).step("take", "dept_handler").case  # fmt: skip
    client.force_login(town.users["dept_handler"])
    path = "/cases/{}/moves/feedback/"
    assert 'name="waive"' not in client.get(path.format(alone.pk)).content.decode()
    answer = client.post(
        path.format(together.pk),
        {"outcome": "solved", "note": "已清理", "version": together.version},
    )
    assert answer.status_code == 400
    assert "协办单位消防救援站还没有反馈" in answer.content.decode()


def test_a_department_checks_in_with_its_place(client: Client, town: Town) -> None:
    case = Story(town).whistled().case
    client.force_login(town.users["dept_handler"])
    page = client.get(f"/cases/{case.pk}/moves/check_in/")
    assert "data-locate" in page.content.decode()
    client.post(
        f"/cases/{case.pk}/moves/check_in/",
        {"place": "1栋楼下", "longitude": "117.2", "latitude": "31.8", "version": case.version},
    )
    task = case.tasks.get()
    assert task.place == "1栋楼下" and task.longitude == 117.2
    assert task.arrived_by == town.users["dept_handler"]


# --- the way back ---------------------------------------------------------------------------------
