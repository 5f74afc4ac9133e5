"""What is to say of a whole list is said once, not at each of its rows."""

from __future__ import annotations

from residents.roster.parse import parse_roster
from tests.residents.rosters import HEADER, TODAY, citizen_id, parse, person, town_places, workbook
from tests.residents.rosters import sheet_rows as rows
from tests.residents.test_roster_report import told


def without(*names: str) -> list[str]:
    return [name for name in HEADER if name not in names]


def people(count: int, **cells: str) -> list[dict[str, str]]:
    """So many people, each alone in a flat."""
    return [
        person(
            户编号=str(n), 房号=f"{n // 10 + 1}{n % 10 + 1:02d}", 姓名=f"张小{chr(0x4E00 + n)}",
            证件号码=citizen_id(serial=2 * n + 1), **cells,
        )
        for n in range(count)
    ]  # fmt: skip


def test_a_list_without_relations_says_once_that_nobody_is_a_head():
    header = without("与户主关系")
    first, second = rows(people(3), header), rows(people(2, 楼栋="2栋"), header)
    for row in second[1:]:
        row[header.index("证件号码")] = None
    data = workbook(first, title="1栋", **{"2栋": second})
    parsed = parse_roster(data, today=TODAY, places=town_places())
    (note,) = [one for one in parsed.issues if one.kind == "head_none"]
    assert "5 户都没有户主" in note.message
    assert (note.sheet, note.row, note.person) == ("1栋", 1, -1)
    # What concerns single rows stays there.
    assert parsed.kinds()["id_missing_adult"] == 2
    assert "整表提示" not in str(told(data)[0])
    assert any("5 户都没有户主" in str(line) for line in told(data))


def test_a_list_without_identity_numbers_says_so_once():
    parsed = parse(*people(3, 证件类型=""), header=without("证件号码"))
    assert parsed.kinds() == {"id_missing_adult": 1}
    assert parsed.warned_rows == 0


def test_a_column_that_exists_is_named_row_by_row():
    assert parse(*people(3, 与户主关系="")).kinds() == {"head_none": 3}


def test_the_same_remark_at_every_row_of_a_long_list_is_said_once():
    crowd = people(120, 所属网格="第9网格")
    (note,) = parse(*crowd).issues
    assert (note.kind, note.cell, note.person) == ("grid_wrong", "居民花名册!C2", -1)
    assert "120 行都是这样" in note.message
    assert parse(*crowd[:90]).kinds() == {"grid_wrong": 90}


def test_an_error_stays_at_each_of_its_rows():
    assert parse(*people(120, 楼栋="99栋")).kinds()["bld_unknown"] == 120
