"""What the register suggests for the care library, and what becomes of a suggestion."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from residents.models import CareSuggestion, CareTag, Residency
from residents.services import end_care_tag, end_residency
from residents.services.suggestions import refresh_suggestions
from residents.suggest import Member, full_years, suggestions
from residents.tasks import suggest_care
from tests.residents.carehelp import settle, tag
from tests.town import Town

TODAY = timezone.localdate


def found(*members: tuple[int | None, str] | tuple[int | None, str, str]) -> set[tuple[int, str]]:
    """Return (number of the member, kind) for a household of (age, relation[, status])."""
    people = [
        Member(number, one[0], one[1], one[2] if len(one) > 2 else "常住")
        for number, one in enumerate(members)
    ]
    return {(one.person, one.kind) for one in suggestions(7, people)}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([(80, "户主"), (50, "子女")], {(0, "advanced_age")}),
        ([(79, "户主"), (50, "子女")], set()),
        ([(60, "户主")], {(0, "living_alone")}),
        ([(59, "户主")], set()),
        ([(None, "户主")], set()),
        ([(70, "户主"), (66, "配偶")], {(0, "empty_nest"), (1, "empty_nest")}),
        ([(70, "户主"), (None, "配偶")], set()),
        # The son is registered here but lives elsewhere.
        ([(70, "户主"), (40, "子女", "人户分离")], {(0, "living_alone")}),
        ([(40, "户主"), (9, "子女")], set()),
        ([(65, "户主"), (9, "孙子女")], {(1, "left_behind_child")}),
        ([(65, "户主"), (38, "子女"), (9, "孙子女")], set()),
        ([(38, "户主"), (15, "其他亲属")], set()),
        ([(17, "户主"), (9, "兄弟姐妹")], {(1, "left_behind_child")}),
        ([(9, "户主")], {(0, "left_behind_child")}),
        ([(65, "户主"), (16, "孙子女")], set()),
        ([], set()),
    ],
)
def test_the_rules(members: list[Any], expected: set[tuple[int, str]]) -> None:
    assert found(*members) == expected


def test_ages_count_full_years() -> None:
    today = date(2026, 11, 23)
    assert full_years(1946, today, date(1946, 11, 23)) == 80
    assert full_years(1946, today, date(1946, 11, 24)) == 79
    assert full_years(1946, today, None) == 79
    assert full_years(None, today, None) is None


def test_the_night_finds_and_forgets(town: Town) -> None:
    old = settle(town.households[0], "王老根", age=83)
    assert suggest_care() == {"found": 2, "gone": 0, "returned": 0}
    assert suggest_care() == {"found": 0, "gone": 0, "returned": 0}
    kinds = set(CareSuggestion.objects.values_list("kind__code", flat=True))
    assert kinds == {"advanced_age", "living_alone"}
    settle(town.households[0], "王小明", age=40, relation="子女")
    assert suggest_care()["gone"] == 1
    tag(old)
    assert suggest_care()["gone"] == 1, "in the library already"
    assert not CareSuggestion.objects.exists()


def test_the_dead_and_the_moved_are_not_suggested(town: Town) -> None:
    old = settle(town.households[0], "王老根", age=83)
    end_residency(residency=old, on=TODAY(), reason="died", by=None)
    assert suggest_care()["found"] == 0


def test_dismissed_ones_come_back_only_with_new_facts(town: Town, enter: Any) -> None:
    home = town.households[0]
    settle(home, "王老根", age=70)
    refresh_suggestions(today=TODAY())
    one = CareSuggestion.objects.get()
    client, url = enter("grid_head"), f"/residents/care/suggestions/{one.pk}/dismiss/"
    client.post(url, {"reason": " "})
    one.refresh_from_db()
    assert one.state == "open", "a reason is asked for"
    client.post(url, {"reason": "与子女同住"})
    refresh_suggestions(today=TODAY())
    one.refresh_from_db()
    assert (one.state, one.decision_reason) == ("dismissed", "与子女同住")
    settle(home, "李秀兰", age=68, relation="配偶")
    refresh_suggestions(today=TODAY())
    assert CareSuggestion.objects.filter(state="open", kind__code="empty_nest").count() == 2
    other = Residency.objects.get(person__name="李秀兰")
    end_residency(residency=other, on=TODAY(), reason="moved_out", by=None)
    refresh_suggestions(today=TODAY())
    one.refresh_from_db()
    assert one.state == "dismissed", "the same facts as those that were dismissed"


def test_one_tap_registers(town: Town, enter: Any) -> None:
    old = settle(town.households[0], "王老根", age=83)
    settle(town.households[0], "王小明", age=50, relation="子女")
    refresh_suggestions(today=TODAY())
    one = CareSuggestion.objects.get()
    client, url = enter("grid_worker_ft"), f"/residents/care/suggestions/{one.pk}/confirm/"
    assert client.post(url, {"back": "//evil.example/"}).url == "/residents/care/suggestions/"
    made = CareTag.objects.get()
    assert (made.person, made.kind.code, made.level) == (old.person, "advanced_age", "blue")
    assert made.basis == "登记信息比对 已满 80 周岁"
    client.post(url)
    assert CareTag.objects.count() == 1, "decided already"
    end_care_tag(tag=made, end=TODAY(), reason="不愿意", by=None)
    assert refresh_suggestions(today=TODAY())["found"] == 0, "nothing new about this person"


def test_each_role_sees_the_suggestions_it_may_decide(town: Town, enter: Any) -> None:
    home = town.households[0]
    settle(home, "王老根", age=70)
    settle(home, "王小宝", age=9, relation="孙子女")
    refresh_suggestions(today=TODAY())
    expected = {"community_staff": 1, "grid_head": 1, "grid_worker_ft": 0, "sister_grid_head": 0,
                "other_grid_head": 0, "other_community_staff": 0}  # fmt: skip
    child = CareSuggestion.objects.get(kind__code="left_behind_child")
    for who in town.users:
        answer = enter(who).get("/residents/care/suggestions/?kind=" + str(child.kind_id))
        if who in expected:
            assert answer.context["page"].count == expected[who], who
        else:
            assert answer.status_code == 403, who
    for who in ("sister_grid_head", "grid_worker_ft"):
        url = f"/residents/care/suggestions/{child.pk}/confirm/"
        assert enter(who).post(url).status_code == 404, who
    shown = enter("grid_head").get("/residents/care/suggestions/").content.decode()
    assert "王*宝" in shown
    assert "王小宝" not in shown
