"""Households of a file: who belongs together, repeated people, heads that are missing or wrong."""

from tests.residents.rosters import citizen_id, kinds, parse, person


def member(number, **cells):
    """Another person of the same room, with an id of their own."""
    wanted = {"姓名": f"李{'零一二三四五六七八九'[number]}", "与户主关系": "子女", "性别": "男"}
    return person(证件号码=citizen_id(serial=2 * number + 101), **(wanted | cells))


def homes(parsed):
    return [[row.name for row in home.members] for home in parsed.households]


def test_it_keeps_households_with_one_number_in_different_rooms_apart():
    parsed = parse(person(), member(1, 房号="102", 与户主关系="户主"))
    assert homes(parsed) == [["张小三"], ["李一"]]
    assert parsed.issues == []


def test_it_brings_a_scattered_household_together_and_says_so():
    parsed = parse(person(), member(1, 房号="102", 户编号="2", 与户主关系="户主"), member(2))
    assert homes(parsed) == [["张小三", "李二"], ["李一"]]
    assert parsed.kinds() == {"split_household": 1}


def test_it_never_merges_strangers_when_the_household_number_is_blank():
    none = {"户编号": ""}
    parsed = parse(
        person(**none), member(1, **none), member(2, 房号="102", 与户主关系="户主", **none)
    )
    assert homes(parsed) == [["张小三", "李一"], ["李二"]]


def test_it_starts_a_second_household_with_the_second_head_of_a_room_without_numbers():
    none = {"户编号": ""}
    parsed = parse(
        person(**none), member(1, **none), member(2, 与户主关系="户主", **none), member(3, **none)
    )
    assert homes(parsed) == [["张小三", "李一"], ["李二", "李三"]]


def test_it_lets_a_row_without_number_join_the_only_household_of_its_room():
    assert homes(parse(person(), member(1, 户编号=""))) == [["张小三", "李一"]]


def test_it_reports_two_heads_no_head_and_a_child_as_head():
    assert parse(person(), member(1, 与户主关系="户主")).kinds() == {"head_two": 1}
    assert parse(person(与户主关系="子女")).kinds() == {"head_none": 1}
    child = person(证件号码=citizen_id("20190614"), 出生日期="2019-06-14")
    parsed = parse(child, member(1, 与户主关系="父母"))
    assert [issue.row for issue in parsed.issues if issue.kind == "head_child"] == [2, 3]


def test_it_says_when_the_head_was_not_stored():
    parsed = parse(person(证件号码="123"), member(1))
    assert kinds(parsed) == {"id_short", "head_rejected"}


def test_it_skips_a_repeated_row():
    parsed = parse(person(序号=1), person(序号=2))
    assert (parsed.duplicates, parsed.rejected, kinds(parsed)) == (1, 0, {"row_duplicate"})
    assert parsed.rows[1].duplicate_of is parsed.rows[0]


def test_it_warns_when_the_repeat_says_something_else():
    assert kinds(parse(person(), person(民族="回族"))) == {"row_repeat"}


def test_it_refuses_one_identity_number_for_two_people():
    parsed = parse(person(), person(姓名="李四", 房号="102", 户编号="2"))
    assert [row.rejected for row in parsed.rows] == [False, True]
    assert "id_dup_other_home" in kinds(parsed)
    assert "id_two_names" in kinds(parse(person(), person(姓名="李四", 与户主关系="子女")))


def test_it_refuses_the_second_home_of_one_person():
    parsed = parse(person(), person(房号="102", 户编号="2"))
    assert parsed.rows[1].rejected
    assert "id_dup_other_home" in kinds(parsed)


def test_it_tells_people_without_papers_apart_by_name_birth_date_and_household():
    child = {"姓名": "张小四", "与户主关系": "子女", "证件号码": "", "出生日期": "2024-05-01"}
    twin = child | {"姓名": "张小五"}
    parsed = parse(person(), person(**child), person(**twin), person(**child))
    assert [row.duplicate_of is None for row in parsed.rows] == [True, True, True, False]
    other = member(1, 房号="102", 户编号="2", 与户主关系="户主")
    parsed = parse(
        person(), person(**child), other, person(**child | {"房号": "102", "户编号": "2"})
    )
    assert parsed.duplicates == 0
