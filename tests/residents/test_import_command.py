"""`manage.py import_roster`: the contract of its options, its JSON and its exit codes."""

import csv
import io
import json
import lzma
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from orgs.models import Person
from residents.models import CareTag, Household, Residency
from residents.roster.report import REASON, RESULT
from tests.residents.rosters import BASE, HEADER, citizen_id, person, sheet_rows, workbook

KEYS = [
    "rows", "create", "update", "unchanged", "conflict", "reject", "warn", "skip", "households",
    "persons", "seconds", "issues",
]  # fmt: skip
STREET = "340177405"


def run(path, under, *options) -> str:
    stream = io.StringIO()
    call_command("import_roster", str(path), "--under", under, *options, stdout=stream)
    return stream.getvalue()


def counts(path, under, *options) -> dict[str, Any]:
    return dict(json.loads(run(path, under, "--json", *options)))


@pytest.fixture
def haiheng(db, shared_data):
    """A function: the register of 海恒 with the structure of one sample; returns its roster."""

    def build(name: str) -> Path:
        divisions = str(shared_data("divisions/hefei_340100.csv"))
        call_command("load_divisions", divisions, "--streets", stdout=io.StringIO())
        structure = str(shared_data(f"roster/{name}.structure.csv"))
        call_command("load_structure", structure, "--under", STREET, stdout=io.StringIO())
        path: Path = shared_data(f"roster/{name}.xlsx")
        return path

    return build


@pytest.fixture
def roster(tmp_path):
    """A function: a roster file of these people."""

    def write(*people, name: str = "花名册.xlsx") -> Path:
        path: Path = tmp_path / name
        path.write_bytes(workbook(sheet_rows(list(people))))
        return path

    return write


def test_it_stores_the_clean_roster_whole_and_again_creates_nothing(haiheng):
    path = haiheng("clean300")
    first = counts(path, STREET)
    assert list(first) == KEYS
    assert (first["rows"], first["create"], first["households"]) == (971, 971, 300)
    assert Counter(first[key] for key in ("conflict", "reject", "warn", "skip")) == {0: 4}
    again = counts(path, STREET)
    assert (again["create"], again["update"], again["unchanged"]) == (0, 0, 971)
    assert (Person.objects.count(), Residency.objects.count()) == (971, 971)
    assert Household.objects.count() == 300
    assert Residency.objects.heads().count() == 300


def test_it_treats_the_dirty_roster_as_its_truth_says(haiheng):
    path = haiheng("dirty800_flat")
    preview = counts(path, STREET, "--dry-run")
    assert not Residency.objects.exists()
    first = counts(path, STREET)
    assert preview | {"seconds": 0} == first | {"seconds": 0}
    assert (first["rows"], first["create"], first["reject"]) == (2708, 2637, 61)
    assert (first["issues"]["id_checksum"], first["issues"]["bld_unknown"]) == (6, 9)
    assert (first["skip"], first["conflict"], first["persons"]) == (10, 0, 2637)
    again = counts(path, STREET)
    assert (again["create"], again["update"], again["unchanged"]) == (0, 0, 2637)
    assert again["reject"] == 61


def test_the_register_holds_exactly_what_the_dirty_roster_means(haiheng, shared_data):
    counts(haiheng("dirty800_flat"), STREET)
    with lzma.open(
        shared_data("roster/dirty800_flat.expected.csv.xz"), "rt", encoding="utf-8"
    ) as f:
        expected = Counter(tuple(row[column] for column in STORED) for row in csv.DictReader(f))
    assert Counter(map(as_sheet, residencies())) == expected


STORED = [
    "所属网格", "小区名称", "楼栋", "单元", "房号", "户编号", "姓名", "与户主关系", "性别", "民族",
    "证件类型", "证件号码", "出生日期", "政治面貌", "文化程度", "婚姻状况", "联系电话", "居住状态",
    "户籍地址", "重点人群", "是否志愿者", "备注",
]  # fmt: skip


def residencies():
    return Residency.objects.select_related(
        "person", "household__building__compound", "household__grid", "household__entrance"
    )


def as_sheet(home: Residency) -> tuple[str, ...]:
    """A residency as a row of the sheet it came from."""
    one, door = home.person, home.household
    tags = CareTag.objects.filter(person=one, end=None).order_by("pk")
    born = one.birth_date
    return (
        door.grid.name, door.building.compound.name, door.building.name,
        door.entrance.name if door.entrance else "", door.room, door.number, one.name,
        home.relation, one.get_gender_display(), one.ethnicity, one.id_kind,
        one.id_number.reveal(), born.isoformat() if born else "", one.political_status,
        one.education, one.marriage, one.phone.reveal(), home.status, one.registered_address,
        ";".join(tags.values_list("kind__name", flat=True)), "是" if one.is_volunteer else "否",
        one.remark,
    )  # fmt: skip


def test_the_result_file_is_the_roster_with_result_and_reason(town, roster, tmp_path):
    path = roster(
        person(备注="+86联系", 户籍地址=f"身份证{citizen_id()}"),
        person(姓名="王五", 证件号码=citizen_id()[:17], 户编号="2", 房号="102"),
        [None, "合计"],
    )
    out = tmp_path / "out.xlsx"
    run(path, "349901001", "--report", str(out))
    sheet = openpyxl.load_workbook(out).active
    assert [cell.value for cell in sheet[1]] == [*HEADER, RESULT, REASON]
    rows = [dict(zip([*HEADER, RESULT, REASON], row, strict=True)) for row in sheet.iter_rows(
        min_row=2, values_only=True
    )]  # fmt: skip
    assert [row[RESULT] for row in rows] == ["新增", "未导入", "跳过"]
    assert "17 位" in rows[1][REASON]
    assert rows[0]["姓名"] == BASE["姓名"]
    assert rows[0]["证件号码"] == f"3499{'*' * 10}{citizen_id()[-4:]}"
    assert citizen_id() not in str(rows)
    remark = sheet.cell(2, HEADER.index("备注") + 1)
    assert (remark.data_type, remark.quotePrefix) == ("s", True)


def test_a_dry_run_writes_a_report_and_nothing_else(town, roster, tmp_path):
    out = tmp_path / "out.xlsx"
    assert "没有写入" in run(roster(person()), "349901001001", "--dry-run", "--report", str(out))
    assert out.exists()
    assert not Residency.objects.exists()


@pytest.mark.parametrize("under", ["349901001", "349901001000", "349901001001"])
def test_it_takes_a_street_or_a_community(town, roster, under):
    assert counts(roster(person()), under)["create"] == 1


@pytest.mark.parametrize(
    ("under", "sentence"),
    [("abc", "街道代码"), ("999999999", "没有代码"), ("349901001009", "没有代码")],
)
def test_an_unknown_code_is_one_clear_line(town, roster, under, sentence):
    with pytest.raises(CommandError, match=sentence) as caught:
        run(roster(person()), under)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04broken"])
def test_a_file_that_cannot_be_read_is_one_clear_line(town, tmp_path, content):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(CommandError) as caught:
        run(path, "349901001")
    assert "\n" not in str(caught.value)
    with pytest.raises(CommandError, match="无法读取文件"):
        run(tmp_path / "none.xlsx", "349901001")


def test_the_process_ends_with_1_and_one_line_on_stderr(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "import_roster", str(tmp_path / "none"), "--under", "1"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_summary_names_counts_and_places_but_no_numbers(town, roster):
    text = run(roster(person(), person(姓名="王五", 证件号码=citizen_id()[:17])), "349901001")
    assert "新增 1" in text
    assert "居民花名册!N3" in text
    assert citizen_id()[:17] not in text


def test_the_result_file_of_a_wide_row_tells_of_everybody_in_it(town, tmp_path):
    header = [
        "小区",
        "楼栋",
        "单元",
        "房号",
        "户主姓名",
        "户主身份证号",
        "成员1姓名",
        "成员1身份证号",
    ]
    path, out = tmp_path / "宽表.xlsx", tmp_path / "out.xlsx"
    row = ["阳光花园", "1栋", "1单元", "101", "张三", citizen_id(), "李四", citizen_id()[:17]]
    path.write_bytes(workbook([header, row]))
    run(path, "349901001", "--report", str(out))
    told = [cell.value for cell in openpyxl.load_workbook(out).active[2]]
    assert told[8] == "新增 1 人、未导入 1 人"
    assert "17 位" in told[9]
    assert citizen_id() not in str(told)
