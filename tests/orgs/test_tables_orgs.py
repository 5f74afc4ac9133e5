"""Organisations and units by Excel: what is written, refused, and comes back unchanged."""

from typing import Any

import pytest

from orgs.models import AuditEntry, OrgUnit, OrgUnitChange, Unit
from orgs.tables.base import Table
from orgs.tables.engine import run
from orgs.tables.files import result_file, template
from orgs.tables.organisations import OrganisationTable
from orgs.tables.reading import TableFileError, read_tables
from orgs.tables.units import UnitTable
from tests.orgs.tables import again, book, outcomes, problems, put
from tests.town import Town

HEAD = ["编号", "上级组织", "名称", "层级", "组织形式", "覆盖范围", "成立日期"]
UNIT_HEAD = ["编号", "单位名称", "类型", "服务街道（社区）", "职责", "联系人", "办公电话", "在用"]


def test_a_branch_and_its_group_come_in_one_file(town: Town) -> None:
    result = put(
        OrganisationTable(), town.users["street_admin"], HEAD,
        ["示例", "某街道", "某支部", "网格支部级", "党支部", "", ""],
        ["", "幸福社区党委", "幸福第二网格党支部", "网格支部级", "党支部", "", "2021.7.1"],
        ["", "红星街道党工委/幸福社区党委/幸福第二网格党支部", "2栋党小组", "楼栋小组级", "党小组", "楼栋", ""],
    )  # fmt: skip
    assert outcomes(result) == ["example", "create", "create"]
    made = OrgUnit.objects.get(name="幸福第二网格党支部")
    assert made.established_on is not None
    assert made.established_on.isoformat() == "2021-07-01"
    assert OrgUnit.objects.get(name="2栋党小组").parent == made
    assert OrgUnitChange.objects.filter(org_unit=made, kind="add").exists()


def test_a_preview_writes_nothing_and_says_the_same(town: Town) -> None:
    rows = [
        HEAD,
        ["", "幸福社区党委", "新支部", "网格支部级", "党支部", "", ""],
        ["", "新支部", "新小组", "楼栋小组级", "党小组", "楼栋", ""],
        ["", "新支部", "错小组", "楼栋小组级", "党支部", "", ""],
    ]
    who, before = town.users["street_admin"], OrgUnit.objects.count()
    preview = put(OrganisationTable(), who, *rows, dry_run=True)
    assert (OrgUnit.objects.count(), OrgUnitChange.objects.count()) == (before, 0)
    assert not AuditEntry.objects.filter(action__startswith="org.").exists()
    applied = put(OrganisationTable(), who, *rows)
    assert outcomes(preview) == outcomes(applied) == ["create", "create", "error"]
    assert problems(preview) == problems(applied)
    assert "表!E4 楼栋小组级组织的形式只能是：党小组" in problems(applied)[0]


def test_names_move_and_change_by_number(town: Town) -> None:
    row = [town.branch.pk, "和平社区党委", "和平第二网格党支部", "网格支部级", "党支部", "", ""]
    result = put(OrganisationTable(), town.users["street_admin"], HEAD, row)
    assert outcomes(result) == ["update"]
    town.branch.refresh_from_db()
    assert town.branch.parent == town.sister_community
    assert town.branch.name == "和平第二网格党支部"
    town.group.refresh_from_db()
    assert town.group.tree_id == town.branch.tree_id
    assert OrgUnit.objects.get(pk=town.street.pk).get_descendants().count() == 5


@pytest.mark.parametrize(
    ("row", "where", "sentence"),
    [
        (["", "东湖社区党委", "支部", "网格支部级", "党支部", "", ""], "B2", "管理范围"),
        (["", "没有的社区", "支部", "网格支部级", "党支部", "", ""], "B2", "没有找到"),
        (["999999", "", "支部", "网格支部级", "党支部", "", ""], "A2", "编号没有找到"),
        (["", "幸福社区党委", "", "网格支部级", "党支部", "", ""], "C2", "请填写名称"),
        (["", "幸福社区党委", "支部", "县级", "党支部", "", ""], "D2", "没有这种层级"),
        (["", "幸福社区党委", "支部", "网格支部级", "党组", "", ""], "E2", "没有这种组织形式"),
        (["", "幸福社区党委", "支部", "网格支部级", "党支部", "", "去年"], "G2", "日期看不懂"),
        (["", "", "新街道", "街道级", "党工委", "", ""], "B2", "请选择上级组织"),
        (["", "幸福社区党委", "长" * 81, "网格支部级", "党支部", "", ""], "C2", "最多 80 个字"),
        (["", "1栋党小组", "支部", "网格支部级", "党支部", "", ""], "B2", "层级必须更低"),
    ],
)
def test_a_bad_row_is_named_at_its_cell(
    town: Town, row: list[Any], where: str, sentence: str
) -> None:
    good = ["", "幸福社区党委", "好支部", "网格支部级", "党支部", "", ""]
    result = put(OrganisationTable(), town.users["street_admin"], HEAD, row, good)
    assert outcomes(result) == ["error", "create"]
    [problem] = problems(result)
    assert problem.startswith(f"表!{where} ")
    assert sentence in problem


def test_all_faults_of_a_file_come_at_once(town: Town) -> None:
    rows = [["", "幸福社区党委", f"支{n}", "县级", "党支部", "", ""] for n in range(30)]
    result = put(OrganisationTable(), town.users["street_admin"], HEAD, *rows)
    assert len(problems(result)) == 30


def test_the_same_row_twice_is_told(town: Town) -> None:
    row = ["", "幸福社区党委", "新支部", "网格支部级", "党支部", "", ""]
    result = put(OrganisationTable(), town.users["street_admin"], HEAD, row, row)
    assert outcomes(result) == ["create", "error"]
    assert "与第 2 行重复" in problems(result)[0]


def test_community_staff_cannot_set_up_organisations(town: Town) -> None:
    row = ["", "幸福社区党委", "新支部", "网格支部级", "党支部", "", ""]
    result = put(OrganisationTable(), town.users["community_staff"], HEAD, row)
    assert outcomes(result) == ["error"]
    assert "不能新建组织" in problems(result)[0]


@pytest.mark.parametrize("table", [OrganisationTable(), UnitTable()])
@pytest.mark.parametrize("who", ["sysadmin", "street_admin"])
def test_an_export_comes_back_unchanged(town: Town, table: Table, who: str) -> None:
    Unit.objects.create(
        name="=危险(1)", kind="partner", district=town.district, street=town.street, duties="-减"
    )
    audits = AuditEntry.objects.count()
    counts = again(table, town.users[who])
    assert counts["rows"] == counts["unchanged"] > 0
    assert AuditEntry.objects.count() == audits


def test_units_are_registered_in_the_own_street(town: Town) -> None:
    who = town.users["street_admin"]
    result = put(
        UnitTable(), who, UNIT_HEAD,
        ["", "红星派出所", "公安", "", "治安", "景所", "0553-1234567", ""],
        ["", "东风物业", "物业公司", "东风街道党工委", "", "", "", "是"],
        ["", "某局", "大公司", "", "", "", "", ""],
        ["", "在用写错", "公安", "", "", "", "", "也许"],
    )  # fmt: skip
    assert outcomes(result) == ["create", "error", "error", "error"]
    unit = Unit.objects.get(name="红星派出所")
    assert (unit.street, unit.district) == (town.street, town.district)
    assert AuditEntry.objects.get(action="unit.create").street_id == town.street.pk
    again_row = ["", "红星派出所", "公安", "", "", "", "【清空】", "否"]
    changed = put(UnitTable(), who, UNIT_HEAD, again_row)
    assert outcomes(changed) == ["update"]
    unit.refresh_from_db()
    assert (unit.duties, unit.office_phone, unit.is_active) == ("治安", "", False)
    assert [text.split(" ")[0] for text in problems(result)] == ["表!D3", "表!C4", "表!H5"]


def test_district_units_are_the_system_administrators(town: Town) -> None:
    head = ["单位名称", "类型", "所属区县代码"]
    row = ["示范区民政局", "职能部门", "349901"]
    street = put(UnitTable(), town.users["street_admin"], head, row)
    system = put(UnitTable(), town.users["sysadmin"], head, row)
    assert (outcomes(street), outcomes(system)) == (["error"], ["create"])
    assert Unit.objects.get(name="示范区民政局").street is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(1, 32)) * 40, "不是能识别的表格文件"),
        (b"PK\x03\x04broken", "不是能识别的表格文件"),
        ("单位名称,类型\n甲\0局,公安".encode(), "空字符"),
        (b"x" * (5 * 1024 * 1024 + 1), "超过 5 MB"),
        ("\n".join(["单位名称,类型"] + ["甲,公安"] * 5001).encode(), "最多导入 5000 行"),
        ("甲,乙\n1,2".encode(), "没有找到表头"),
        ("单位名称,职责\n甲,乙".encode(), "缺少列：类型"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
    ],
)
def test_what_is_no_such_table_is_refused(town: Town, content: bytes, sentence: str) -> None:
    with pytest.raises(TableFileError, match=sentence):
        run(UnitTable(), read_tables(content), town.users["sysadmin"], dry_run=True)


def test_chinese_csv_and_pasted_cells_are_read(town: Town) -> None:
    text = "单位名称\t类型\n红星派出所\t公安\n"
    for content in (text.encode(), text.encode("gb18030"), text.encode("utf-16")):
        sheets = read_tables(content)
        assert (
            run(UnitTable(), sheets, town.users["street_admin"], dry_run=True).counts["create"] == 1
        )


def test_the_template_and_the_result_can_be_read(town: Town) -> None:
    for table in (OrganisationTable(), UnitTable()):
        sheets = read_tables(template(table))
        assert [sheet.name for sheet in sheets] == [table.title, "填表说明"]
        result = run(table, sheets, town.users["sysadmin"], dry_run=True)
        assert outcomes(result) == ["example"]
        assert result.layout.unknown == []
    content = "单位名称,类型\n=1+1,怪".encode()
    result = run(UnitTable(), read_tables(content), town.users["street_admin"], dry_run=True)
    rows = read_tables(result_file(result))[0].rows
    assert rows[0][-2:] == ["结果", "原因"]
    assert rows[1][0] == "'=1+1"
    assert rows[1][-2] == "有错，未导入"
    assert str(rows[1][-1]).startswith("类型：没有这种单位类型")


def test_the_reader_takes_the_header_below_a_title(town: Town) -> None:
    rows = [["单位名录"], [], UNIT_HEAD, ["", "红星派出所", "公安", "", "", "", "", ""]]
    sheets = read_tables(book(*rows))
    result = run(UnitTable(), sheets, town.users["street_admin"], dry_run=True)
    assert (result.layout.header, outcomes(result)) == (2, ["create"])
