"""Party members by Excel: our list, the customary .xls form, matching, masking, refusals."""

from datetime import date
from typing import Any

import pytest

from gridparty.lib.citizen_id import check_digit
from orgs.models import AuditEntry, PartyMember, Person
from orgs.tables.engine import find_layout, run
from orgs.tables.files import export
from orgs.tables.members import MemberTable
from orgs.tables.reading import read_tables
from tests.orgs.tables import again, book, outcomes, problems, put
from tests.town import Town, make_person

HEAD = ["编号", "姓名", "所属党支部", "性别", "出生日期", "身份证号码", "联系电话", "党籍状态", "入党时间", "在地", "在册", "在岗"]  # fmt: skip
BRANCH = "幸福第一网格党支部"


def citizen_id(serial: int = 1, born: str = "19800101") -> str:
    first = f"349901{born}{serial:03d}"
    return first + check_digit(first)


def row(name: str, **more: Any) -> list[Any]:
    values = {"姓名": name, "所属党支部": BRANCH, **more}
    return [values.get(label, "") for label in HEAD]


def test_a_new_member_is_registered_with_sealed_papers(town: Town) -> None:
    number = citizen_id()
    result = put(
        MemberTable(), town.users["community_staff"], HEAD,
        row("钱党员", 身份证号码=number, 联系电话="16900000044", 党籍状态="预备党员", 入党时间="2025.7.1", 在岗="是"),
    )  # fmt: skip
    assert outcomes(result) == ["create"]
    member = PartyMember.objects.get()
    assert (member.org_unit, member.kind) == (town.branch, "probationary")
    assert (member.joined_on, member.working, member.registered) == (date(2025, 7, 1), True, True)
    assert member.person.id_number.reveal() == number
    assert (member.person.gender, member.person.birth_date) == ("1", date(1980, 1, 1))
    assert AuditEntry.objects.filter(action="member.register").count() == 1


def test_a_resident_of_that_number_becomes_the_member(town: Town) -> None:
    number = citizen_id()
    resident = Person(name="钱党员")
    resident.seal_identity(id_number=number)
    resident.save()
    who = town.users["community_staff"]
    assert outcomes(put(MemberTable(), who, HEAD, row("钱党员", 身份证号码=number))) == ["create"]
    assert PartyMember.objects.get().person == resident
    other = put(MemberTable(), who, HEAD, row("孙改名", 身份证号码=number))
    assert "另一个姓名" in problems(other)[0]


def test_without_a_number_name_birth_and_branch_tell(town: Town) -> None:
    who = town.users["community_staff"]
    first = row("钱党员", 出生日期="1980-01-01")
    assert outcomes(put(MemberTable(), who, HEAD, first)) == ["create"]
    assert outcomes(put(MemberTable(), who, HEAD, first)) == ["unchanged"]
    elder = row("钱党员", 出生日期="1950-01-01")
    assert outcomes(put(MemberTable(), who, HEAD, elder)) == ["create"]
    unclear = put(MemberTable(), who, HEAD, row("钱党员", 在地="是"))
    assert "几位同名党员" in problems(unclear)[0]
    filled = row("钱党员", 出生日期="1980-01-01", 身份证号码=citizen_id())
    assert outcomes(put(MemberTable(), who, HEAD, filled)) == ["update"]
    assert PartyMember.objects.count() == Person.objects.filter(name="钱党员").count() == 2


def test_another_branch_is_a_transfer(town: Town) -> None:
    who = town.users["street_admin"]
    put(MemberTable(), who, HEAD, row("钱党员", 身份证号码=citizen_id()))
    moved = row("钱党员", 身份证号码=citizen_id(), 所属党支部="和平第一网格党支部")
    assert outcomes(put(MemberTable(), who, HEAD, moved)) == ["update"]
    assert PartyMember.objects.get().org_unit == town.sister_branch
    assert AuditEntry.objects.filter(action="member.transfer").exists()


def test_members_of_others_are_not_taken(town: Town) -> None:
    elder = row("钱党员", 身份证号码=citizen_id(), 所属党支部="东湖第一网格党支部")
    put(MemberTable(), town.users["other_street_admin"], HEAD, elder)
    taken = put(
        MemberTable(), town.users["community_staff"], HEAD, row("钱党员", 身份证号码=citizen_id())
    )
    assert outcomes(taken) == ["error"]
    assert PartyMember.objects.get().org_unit == town.other_branch


@pytest.mark.parametrize(
    ("facts", "cell", "sentence"),
    [
        ({"身份证号码": "34990119800101001"}, "F2", "应为 18 位"),
        ({"身份证号码": "349901198001010010"}, "F2", "校验码"),
        ({"出生日期": "1981-01-01", "身份证号码": citizen_id()}, "E2", "出生日期不同"),
        ({"性别": "女", "身份证号码": citizen_id()}, "D2", "性别不同"),
        ({"出生日期": "2999-01-01"}, "E2", "晚于今天"),
        ({"联系电话": "1690000"}, "G2", ""),
        ({"党籍状态": "积极分子"}, "H2", "没有这种党籍状态"),
        ({"入党时间": "入党时"}, "I2", "日期看不懂"),
        ({"在岗": "也许"}, "L2", "是”或“否"),
        ({"所属党支部": "东湖第一网格党支部"}, "C2", "管理范围"),
        ({"所属党支部": ""}, "C2", "请填写所属党支部"),
        ({"姓名": ""}, "B2", "请填写姓名"),
        ({"联系电话": "169****0044"}, "G2", "打了星号"),
        ({"编号": "77"}, "A2", "编号没有找到"),
    ],
)
def test_a_bad_row_is_named_at_its_cell(
    town: Town, facts: dict[str, Any], cell: str, sentence: str
) -> None:
    before = Person.objects.count()
    result = put(
        MemberTable(), town.users["community_staff"], HEAD, row(**{"name": "钱党员", **_named(facts)}), row("孙党员")
    )  # fmt: skip
    assert outcomes(result) == ["error", "create"]
    assert problems(result)[0].startswith(f"表!{cell} ")
    assert sentence in problems(result)[0]
    assert Person.objects.count() == before + 1


def _named(facts: dict[str, Any]) -> dict[str, Any]:
    return {("name" if label == "姓名" else label): value for label, value in facts.items()}


def test_samples_and_exports_are_masked_and_come_back_unchanged(town: Town) -> None:
    who = town.users["community_staff"]
    bad = put(MemberTable(), who, HEAD, row("钱党员", 身份证号码="349901198001010010"))
    [problem] = bad.lines[0].problems
    assert problem.sample == "3499**********0010"
    put(
        MemberTable(), who, HEAD,
        row("钱党员", 身份证号码=citizen_id(), 联系电话="16900000044", 入党时间="2001-07-01"),
        row("孙党员", 出生日期="1970-02-03", 在地="是"),
    )  # fmt: skip
    content, rows = export(MemberTable(), who)
    assert rows == 2
    text = str(read_tables(content)[0].rows)
    assert citizen_id() not in text
    assert "16900000044" not in text
    assert "1970-02-03" not in text
    assert again(MemberTable(), who)["unchanged"] == 2
    assert export(MemberTable(), town.users["other_community_staff"])[1] == 0


def test_the_customary_form_is_read_as_it_comes(town: Town, shared_data: Any) -> None:
    """The real blank .xls with 19 columns, filled with invented people."""
    form = read_tables(shared_data("roster/party_member_roster_blank.xls").read_bytes())
    header = [str(cell) for cell in form[0].rows[0]]
    assert len(header) == 19
    layout = find_layout(MemberTable(), form)
    assert layout.unknown == []
    people = {
        "所属党支部": BRANCH, "姓名": "钱退役", "性别": "男", "出生日期": "1980.01.01", "民族": "汉族",
        "学历": "大专", "身份证号码": citizen_id(), "联系电话": "16900000045", "入党时间": "200107",
        "党籍状态": "正式党员", "工作/学习单位": "示范公司", "原服役部队": "某部", "是否自主择业": "是",
        "编入党支部": "和平第一网格党支部",
    }  # fmt: skip
    filled = [people.get(label, "") for label in header]
    second = ["" if label == "编入党支部" else value for label, value in zip(header, filled, strict=True)]  # fmt: skip
    second[1], second[6] = "孙退役", citizen_id(3)
    result = run(
        MemberTable(), read_tables(book(header, filled, second)), town.users["street_admin"],
        dry_run=False,
    )  # fmt: skip
    assert problems(result) == []
    first, other = PartyMember.objects.order_by("pk")
    assert (first.org_unit, other.org_unit) == (town.sister_branch, town.branch)
    assert first.joined_on == date(2001, 7, 1)
    assert (first.person.education, first.person.workplace) == ("大专", "示范公司")


def test_a_date_cell_and_a_number_cell_are_understood(town: Town) -> None:
    from datetime import datetime

    line = row("钱党员", 出生日期=datetime(1980, 1, 1), 入党时间=37073, 联系电话=16900000046)
    assert outcomes(put(MemberTable(), town.users["community_staff"], HEAD, line)) == ["create"]
    member = PartyMember.objects.get()
    assert (member.person.birth_date, member.joined_on) == (date(1980, 1, 1), date(2001, 7, 1))
    assert member.person.phone.reveal() == "16900000046"


def test_a_thousand_rows_are_read_with_few_queries_a_row(
    town: Town, django_assert_max_num_queries: Any
) -> None:
    who = town.users["community_staff"]
    rows = [row(f"党员{number}", 出生日期="1970-01-01") for number in range(40)]
    with django_assert_max_num_queries(40 * 26):
        assert put(MemberTable(), who, HEAD, *rows).counts["create"] == 40


def test_nobody_is_made_up_by_a_preview(town: Town) -> None:
    make_person("老熟人")
    before = Person.objects.count()
    result = put(MemberTable(), town.users["community_staff"], HEAD, row("钱党员"), dry_run=True)
    assert outcomes(result) == ["create"]
    assert (Person.objects.count(), PartyMember.objects.count()) == (before, 0)
