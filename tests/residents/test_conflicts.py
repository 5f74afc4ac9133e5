"""The conflict queue: what contradicts the register waits for a person, and is written only then."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from grids.texts import one_line
from orgs.models import AuditEntry, Person
from residents.models import Household, Residency, RosterConflict
from residents.services import end_residency
from residents.services.conflicts import decide_conflict, seen_version
from residents.services.roster import import_roster
from tests.residents.rosters import TODAY, citizen_id, person, sheet_rows, workbook

ID = citizen_id()
OTHER = citizen_id("19800506", 3)
State = RosterConflict.State


def load(town, *people, **options):
    return import_roster(
        data=workbook(sheet_rows(list(people))), communities=[town.community], today=TODAY,
        by=None, **options,
    )  # fmt: skip


def the_conflict():
    return RosterConflict.objects.get(state=State.OPEN)


def decide(town, choice, *fields, conflict=None, **more):
    conflict = conflict or the_conflict()
    asked = {"seen": seen_version(conflict), "by": town.users["community_staff"]} | more
    return decide_conflict(conflict=conflict, choice=choice, fields=fields, **asked)


def moved(**cells):
    """张小三 once more, in another room."""
    return person(**({"房号": "202", "户编号": "000002", "与户主关系": "户主"} | cells))


@pytest.fixture
def zhang(town):
    load(town, person(联系电话="16900000001"))
    return Person.objects.get(name="张小三")


def homes(who):
    return sorted(
        Residency.objects.filter(person=who, end=None).values_list("household__room", flat=True)
    )


def test_a_contradiction_waits_sealed_and_changes_nothing(town, zhang):
    load(town, moved(联系电话="16900000002"))
    conflict = the_conflict()
    assert (conflict.kind, conflict.row, conflict.person) == ("home", 2, zhang)
    assert conflict.grid == town.grid
    assert "张小三" not in conflict.payload.token
    zhang.refresh_from_db()
    assert zhang.phone.reveal() == "16900000001"
    assert homes(zhang) == ["101"]


def test_the_same_file_again_asks_once(town, zhang):
    for _ in range(2):
        load(town, moved())
    decide(town, "keep")
    load(town, moved())
    assert not RosterConflict.objects.filter(state=State.OPEN).exists()
    load(town, moved(联系电话="16900000009"))
    assert the_conflict().kind == "home"


def test_keeping_the_register_writes_nothing_and_forgets_the_file(town, zhang):
    load(town, moved(联系电话="16900000002"))
    decided = decide(town, "keep", "phone", note="已电话核实")
    decided.refresh_from_db()
    assert (decided.state, decided.note, bool(decided.payload)) == (State.KEPT, "已电话核实", False)
    zhang.refresh_from_db()
    assert zhang.phone.reveal() == "16900000001"
    assert AuditEntry.objects.get(action="roster.decide").detail["choice"] == "keep"


def test_moving_ends_the_old_home_and_takes_the_chosen_fields_only(town, zhang):
    load(town, moved(联系电话="16900000002", 文化程度="本科"))
    decide(town, "move", "phone")
    assert homes(zhang) == ["202"]
    old = Residency.objects.get(person=zhang, household__room="101")
    assert old.end_reason == "moved_out"
    zhang.refresh_from_db()
    assert (zhang.phone.reveal(), zhang.education) == ("16900000002", "")
    new = Residency.objects.get(person=zhang, end=None)
    assert (new.is_head, new.relation, new.household.number) == (True, "户主", "000002")


def test_both_homes_may_stand(town, zhang):
    load(town, moved())
    assert decide(town, "both").state == State.BOTH
    assert homes(zhang) == ["101", "202"]


def test_the_file_may_mean_somebody_else(town, zhang):
    load(town, moved(联系电话="16900000002"))
    decide(town, "other")
    other = Person.objects.exclude(pk=zhang.pk).get(name="张小三")
    assert (other.id_fingerprint, homes(other)) == (None, ["202"])
    assert other.phone.reveal() == "16900000002"
    assert homes(zhang) == ["101"]


def test_another_name_is_taken_over_and_then_the_home_is_asked(town, zhang):
    load(town, moved(姓名="张三丰"))
    decide(town, "take", "name")
    zhang.refresh_from_db()
    assert (zhang.name, zhang.name_initials) == ("张三丰", "ZSF")
    assert the_conflict().kind == "home"
    decide(town, "move")
    assert homes(zhang) == ["202"]


def test_another_number_is_taken_over_if_it_is_free(town, zhang):
    load(town, person(证件号码=OTHER))
    assert the_conflict().kind == "id"
    decide(town, "take", "id_number")
    zhang.refresh_from_db()
    assert zhang.id_number.reveal() == OTHER


def test_a_number_somebody_else_bears_is_refused_and_stays_open(town, zhang):
    load(town, person(证件号码=OTHER))
    holder = Person(name="别人")
    holder.seal_identity(id_number=OTHER)
    holder.save()
    with pytest.raises(ValidationError, match="另一个人名下"):
        decide(town, "take", "id_number")
    assert the_conflict().payload


def test_somebody_registered_as_dead_may_be_alive(town, zhang):
    end_residency(residency=zhang.residencies.get(), on=TODAY, reason="died", by=None)
    load(town, person())
    assert the_conflict().kind == "died"
    decide(town, "take")
    zhang.refresh_from_db()
    assert zhang.died_on is None
    assert homes(zhang) == ["101"]


def test_somebody_may_have_moved_back(town, zhang):
    end_residency(residency=zhang.residencies.get(), on=TODAY, reason="moved_out", by=None)
    load(town, person())
    assert the_conflict().kind == "moved_out"
    decide(town, "take")
    assert homes(zhang) == ["101"]


def test_a_decision_on_an_outdated_page_is_refused(town, zhang):
    load(town, moved())
    conflict = the_conflict()
    seen = seen_version(conflict)
    zhang.set_phone("16900000007")
    zhang.save()
    with pytest.raises(ValidationError, match="刚被改过"):
        decide(town, "move", seen=seen)
    assert homes(zhang) == ["101"]


def test_a_second_decision_is_refused(town, zhang):
    load(town, moved())
    conflict = the_conflict()
    decide(town, "keep")
    with pytest.raises(ValidationError, match="已处理"):
        decide(town, "move", conflict=conflict)


def test_nobody_moves_people_out_of_a_foreign_area(town, zhang):
    load(town, moved())
    Residency.objects.filter(person=zhang).update(household=town.other_household)
    with pytest.raises(ValidationError, match="范围以外"):
        decide(town, "move")


def test_an_impossible_choice_is_refused(town, zhang):
    load(town, moved())
    with pytest.raises(ValidationError, match="请选择"):
        decide(town, "take")


# The pages


@pytest.fixture
def staff(client, town):
    client.force_login(town.users["community_staff"])
    return client


def test_the_list_names_kinds_with_counts_that_match_their_lists(staff, town, zhang):
    load(town, moved())
    page = staff.get(reverse("residents:conflicts"))
    assert page.context["tiles"] == [("登记在另一户", 1, "?kind=home")]
    assert "张*三" in page.content.decode()
    assert "张小三" not in page.content.decode()
    assert (
        "没有符合条件" in staff.get(reverse("residents:conflicts") + "?kind=died").content.decode()
    )
    assert staff.get(reverse("residents:conflicts") + "?kind=x").status_code == 400


def test_the_page_shows_both_sides_masked_and_decides(staff, town, zhang):
    load(town, moved(联系电话="16900000002"))
    url = reverse("residents:conflict", args=[the_conflict().pk])
    page = staff.get(url)
    text = page.content.decode()
    assert "169****0001" in text
    assert "169****0002" in text
    assert "第 11 位不同" in text
    assert "16900000002" not in text
    assert ID not in text
    asked = {"choice": "move", "fields_taken": ["phone"], "seen": page.context["seen_now"]}
    assert staff.post(url, asked).url == reverse("residents:conflicts")
    assert homes(zhang) == ["202"]
    assert "已处理：采用文件" in staff.get(url).content.decode()


def test_a_refused_decision_keeps_what_was_chosen(staff, town, zhang):
    load(town, moved(联系电话="16900000002"))
    url = reverse("residents:conflict", args=[the_conflict().pk])
    answer = staff.post(url, {"choice": "move", "seen": "old", "note": "核实过"})
    assert answer.status_code == 400
    assert "刚被改过" in answer.content.decode()
    assert "核实过" in answer.content.decode()
    assert homes(zhang) == ["101"]


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("other_community_staff", 404),
        ("grid_head", 200),
        ("community_secretary", 200),
        ("dispatcher", 403),
        ("volunteer", 403),
    ],
)
def test_who_sees_a_conflict(client, town, zhang, key, status):
    load(town, moved())
    client.force_login(town.users[key])
    url = reverse("residents:conflict", args=[the_conflict().pk])
    assert client.get(url).status_code == status


def test_a_secretary_looks_but_does_not_decide(client, town, zhang):
    load(town, moved())
    conflict = the_conflict()
    client.force_login(town.users["community_secretary"])
    url = reverse("residents:conflict", args=[conflict.pk])
    asked = {"choice": "keep", "seen": seen_version(conflict)}
    assert client.post(url, asked).status_code == 403
    assert the_conflict() == conflict


def test_the_list_does_not_ask_more_with_more_rows(
    staff, town, zhang, django_assert_max_num_queries
):
    for number in range(12):
        load(town, moved(房号=f"3{number:02d}", 户编号=f"9{number}"))
    assert RosterConflict.objects.count() == 12
    with django_assert_max_num_queries(16):
        staff.get(reverse("residents:conflicts"))


def test_a_conflict_is_stored_when_the_household_is_new(town, zhang):
    load(town, moved())
    assert not Household.objects.filter(room="202").exists()


def test_a_note_keeps_its_chinese_punctuation():
    note = "已电话核对，以户口簿为准；下周（周三）再看。"
    assert one_line(f" {note}\n", label="处理说明", longest=200) == note
    assert one_line("１栋（东）", label="楼栋", longest=30) == "1栋(东)"
