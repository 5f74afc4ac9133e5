"""The two sample rosters: nothing lost from the clean one, every planted fault of the dirty one."""

import csv
import lzma
from collections import defaultdict

import pytest

from residents.roster.parse import parse_roster
from residents.roster.records import RosterRow
from tests.residents.rosters import TODAY, places_of

READ = {
    "所属社区": lambda row: row.place.community,
    "所属网格": lambda row: row.place.grid,
    "小区名称": lambda row: row.place.compound,
    "楼栋": lambda row: row.place.building,
    "单元": lambda row: row.door.unit,
    "房号": lambda row: row.door.room,
    "户编号": lambda row: row.household_no,
    "姓名": lambda row: row.name,
    "与户主关系": lambda row: row.relation,
    "性别": lambda row: row.gender,
    "民族": lambda row: row.ethnicity,
    "证件类型": lambda row: row.id_kind,
    "证件号码": lambda row: row.id_number,
    "出生日期": lambda row: row.birth.isoformat() if row.birth else "",
    "政治面貌": lambda row: row.political,
    "文化程度": lambda row: row.education,
    "婚姻状况": lambda row: row.marriage,
    "联系电话": lambda row: ";".join(row.phones),
    "居住状态": lambda row: row.residence,
    "户籍地址": lambda row: row.registered_address,
    "重点人群": lambda row: ";".join(row.care),
    "是否志愿者": lambda row: "是" if row.volunteer else "否",
    "备注": lambda row: row.remark,
}


def as_sheet(row: RosterRow) -> dict[str, str]:
    return {column: read(row) for column, read in READ.items()}


@pytest.fixture
def clean(shared_data):
    data = shared_data("roster/clean300.xlsx").read_bytes()
    places = places_of(shared_data("roster/clean300.structure.csv"))
    return parse_roster(data, today=TODAY, places=places)


@pytest.fixture
def dirty(shared_data):
    data = shared_data("roster/dirty800_flat.xlsx").read_bytes()
    places = places_of(shared_data("roster/dirty800_flat.structure.csv"))
    return parse_roster(data, today=TODAY, places=places)


@pytest.fixture
def truth(shared_data):
    with shared_data("roster/dirty800_flat.truth.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_reads_the_clean_roster_without_a_word(clean):
    assert len(clean.rows) == 971
    assert len(clean.households) == 300
    assert (clean.issues, clean.skips, clean.rejected, clean.duplicates) == ([], [], 0, 0)


def test_it_holds_exactly_what_a_correct_import_holds(dirty, shared_data):
    with lzma.open(
        shared_data("roster/dirty800_flat.expected.csv.xz"), "rt", encoding="utf-8"
    ) as f:
        expected = {int(row.pop("excel_row")): row for row in csv.DictReader(f)}
    assert {row.number: as_sheet(row) for row in dirty.rows if row.is_stored} == expected


def test_it_treats_every_planted_fault_as_the_truth_file_says(dirty, truth):
    rows = {row.number: row for row in dirty.rows}
    skipped = {skip.row for skip in dirty.skips}
    severities = defaultdict(set)
    for issue in dirty.issues:
        severities[issue.row].add(issue.severity)
    wrong = []
    for fault in truth:
        number = int(fault["excel_row"])
        row = rows.get(number)
        holds = {
            "skip": number in skipped,
            "dup": row is not None and row.duplicate_of is not None,
            "reject": row is not None and row.rejected and "error" in severities[number],
            "warn": row is not None and row.is_stored and "warn" in severities[number],
            "fix": row is not None and row.is_stored,
            "text": row is not None and row.is_stored,
        }[fault["expected_action"]]
        refused_too = row is not None and row.rejected and fault["expected_action"] == "warn"
        if not holds and not refused_too:
            wrong.append((number, fault["kind"]))
    assert wrong == []


def test_it_accounts_for_every_row(dirty):
    stored = sum(row.is_stored for row in dirty.rows)
    assert (len(dirty.rows), stored, dirty.rejected, dirty.duplicates) == (2708, 2637, 61, 10)
    assert len(dirty.skips) == 19


def test_it_names_faults_by_kind_and_address(dirty, truth):
    named = {(issue.row, issue.kind): issue for issue in dirty.issues}
    refused = [fault for fault in truth if fault["expected_action"] == "reject"]
    for fault in refused:
        issue = named[int(fault["excel_row"]), fault["kind"]]
        assert issue.column == fault["column"]
        assert issue.cell.startswith("居民花名册!")


def test_it_never_shows_a_whole_number_in_an_issue(dirty):
    for issue in dirty.issues:
        assert not any(part.isdigit() and len(part) >= 11 for part in issue.sample.split())
