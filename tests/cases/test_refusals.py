"""Two at once, stale pages, bad inputs: one wins, the other reads a sentence; nothing half-written."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from cases.models import Case, CaseEvent, CaseTask
from cases.services import MoveRefused, move
from orgs.models import AuditEntry, User
from tests.cases.cast import Story, photo, reported
from tests.town import Town, build_town


@pytest.mark.django_db(transaction=True)
def test_of_two_dispatchers_at_once_one_wins() -> None:
    town = build_town()
    case = Story(town).called().case
    answers: list[str] = []
    start = threading.Barrier(2)

    def dispatch(username: str, unit_id: int) -> None:
        try:
            user = User.objects.get(username=username)
            start.wait(timeout=10)
            move(case=case, name="assign", by=user, unit=unit_id, version=case.version)
            answers.append("won")
        except MoveRefused as refusal:
            answers.append(f"{refusal.http_status} {refusal.message}")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=dispatch, args=args)
        for args in (
            ("dispatcher", town.department.pk),
            ("second_dispatcher", town.second_department.pk),
        )
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(answers)[1] == "won", answers
    assert sorted(answers)[0].startswith("409 已被他人处理：红星街道党工委于"), answers
    assert CaseEvent.objects.filter(case=case, move="assign").count() == 1
    assert CaseTask.objects.filter(case=case).count() == 1
    fresh = Case.objects.get(pk=case.pk)
    assert fresh.lead_unit_id == CaseTask.objects.get(case=case).unit_id


def test_a_page_opened_earlier_is_told_what_happened(town: Town) -> None:
    story = Story(town)
    seen = story.case
    story.accepted()
    with pytest.raises(MoveRefused) as refused:
        move(
            case=seen, name="accept", by=town.users["grid_worker_ft"], version=seen.version
        )  # fmt: skip
    assert (refused.value.code, refused.value.http_status) == ("stale", 409)
    assert "核实立案" in refused.value.message and "已立案" in refused.value.message


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({}, "unit"),
        ({"unit": "x"}, "unit"),
        ({"unit": 10**30}, "unit"),
        ({"unit": 999999}, "unit"),
        ({"note": "字" * 1001}, "note"),
        ({"note": "a\0b"}, "note"),
        ({"colour": "red"}, "colour"),
        ({"co_units": ["nobody"]}, "co_units"),
    ],
)
def test_a_bad_input_is_named_at_its_field(
    town: Town, inputs: dict[str, object], field: str
) -> None:
    story = Story(town).called()
    before = (CaseEvent.objects.count(), AuditEntry.objects.count())
    given = {"unit": town.department, **inputs} if inputs else {}
    with pytest.raises(MoveRefused) as refused:
        story.step("assign", "dispatcher", **given)
    assert refused.value.http_status == 400
    assert list(refused.value.fields) == [field]
    assert (CaseEvent.objects.count(), AuditEntry.objects.count()) == before


def test_a_unit_of_another_street_or_twice_is_refused(town: Town) -> None:
    town.second_department.street = town.other_street
    town.second_department.save()
    story = Story(town).called()
    for given in (
        {"unit": town.second_department},
        {"unit": town.department, "co_units": [town.department]},
    ):
        with pytest.raises(MoveRefused) as refused:
            story.step("assign", "dispatcher", **given)
        assert refused.value.http_status == 400


def test_an_arrival_limit_lies_ahead(town: Town) -> None:
    story = Story(town).called()
    for wrong in ("2020-01-01 10:00", "明天", "2026-13-01 00:00"):
        with pytest.raises(MoveRefused) as refused:
            story.step(
                "whistle", "dispatcher", unit=town.department, note="到场", arrive_by=wrong
            )  # fmt: skip
        assert list(refused.value.fields) == ["arrive_by"]


def test_a_place_off_the_earth_is_refused(town: Town) -> None:
    story = Story(town).whistled()
    with pytest.raises(MoveRefused) as refused:
        story.step("check_in", "dept_handler", place="现场", longitude="nan", latitude="91")
    assert set(refused.value.fields) == {"longitude", "latitude"}


def test_a_bad_photo_stops_the_whole_move(town: Town) -> None:
    import io

    story = Story(town).handling()
    with pytest.raises(MoveRefused) as refused:
        story.step(
            "feedback", "dept_handler", outcome="solved", note="已办",
            photos=[photo(), io.BytesIO(b"<svg onload=alert(1)>")],
        )  # fmt: skip
    assert "第 2 张" in refused.value.fields["photos"]
    story.case.refresh_from_db()
    assert story.case.status == "handling"


def test_a_move_that_takes_no_photos_says_so(town: Town, media: object) -> None:
    with pytest.raises(MoveRefused) as refused:
        Story(town).step("withdraw", None, as_reporter=True, photos=[photo()])
    assert list(refused.value.fields) == ["photos"]


def test_unknown_moves_and_report_are_no_moves(town: Town) -> None:
    for name in ("report", "fly", ""):
        with pytest.raises(MoveRefused) as refused:
            move(case=reported(town), name=name, by=town.users["grid_head"])
        assert refused.value.http_status == 400


def test_the_trail_cannot_be_changed(town: Town) -> None:
    event = reported(town).events.get()
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
    with pytest.raises(TypeError):
        CaseEvent.objects.all().update(note="x")
    with pytest.raises(TypeError):
        CaseEvent.objects.all().delete()


def test_every_move_is_audited_without_personal_data(town: Town) -> None:
    story = Story(town, reporter_name="郑测试", reporter_phone="16912345678").accepted()
    entries = AuditEntry.objects.filter(target_kind="cases.case", target_id=str(story.case.pk))
    assert set(entries.values_list("action", flat=True)) == {"case.report", "case.accept"}
    for entry in entries:
        assert "郑测试" not in str(entry.detail) and "169" not in str(entry.detail)
