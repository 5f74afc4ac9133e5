"""load_divisions: whole or nothing, every fault with its line, twice the same as once."""

import json
import lzma
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from orgs import services
from orgs.divisions.naming import community_party_name, street_party_name
from orgs.integrity import tree_problems
from orgs.models import OrgUnit, OrgUnitChange, Region

pytestmark = pytest.mark.django_db

HEAD = "code,name,parent_code,level\n"
GOOD = (
    HEAD
    + """34,安徽省,,1
3499,示范市,34,2
349901,示范区,3499,3
349901001,红星街道,349901,4
349901001001,幸福居民委员会,349901001,5
349901001002,和平社区居委会,349901001,5
349901405,海湾社区,349901,4
"""
)


@pytest.fixture
def load(tmp_path):
    def run(text, *options, name="d.csv", encoding="utf-8"):
        path = tmp_path / name
        data = text if isinstance(text, bytes) else text.encode(encoding)
        path.write_bytes(lzma.compress(data) if name.endswith(".xz") else data)
        out = StringIO()
        call_command("load_divisions", str(path), "--json", *options, stdout=out)
        return json.loads(out.getvalue())

    return run


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_it_reads_the_encodings_people_use(load, encoding):
    assert load(GOOD, encoding=encoding)["created"] == 7
    assert Region.objects.get(code="349901001").name == "红星街道"
    assert Region.objects.get(code="349901001").parent_id == "349901"


def test_it_reads_xz_and_ignores_more_columns_and_their_order(load):
    text = "level,extra,name,code,parent_code\n" + "".join(
        f"{level},x,{name},{code},{parent}\r\n"
        for code, name, parent, level in (line.split(",") for line in GOOD.splitlines()[1:])
    )
    assert load(text, name="d.csv.xz")["created"] == 7


def test_a_second_load_changes_nothing(load):
    load(GOOD, "--streets")
    nodes = list(OrgUnit.objects.values())
    counts = load(GOOD, "--streets")
    assert (counts["created"], counts["renamed"], counts["unchanged"]) == (0, 0, 7)
    assert (counts["trees"], counts["nodes"], counts["added"]) == (0, 0, 0)
    assert list(OrgUnit.objects.values()) == nodes


def test_streets_get_their_trees(load):
    assert load(GOOD, "--streets")["nodes"] == 4
    street = OrgUnit.objects.get(division_code="349901001")
    assert (street.name, street.org_form, street.tier) == (
        "红星街道党工委", "working_committee", 1,
    )  # fmt: skip
    assert [child.name for child in street.get_children()] == ["幸福社区党委", "和平社区党委"]
    special = OrgUnit.objects.get(division_code="349901405")
    assert (special.name, special.org_form) == ("海湾社区党委", "committee")
    assert tree_problems() == []


def test_trees_can_grow_after_the_load(load):
    load(GOOD, "--streets")
    for _ in range(2):
        community = OrgUnit.objects.get(division_code="349901001001")
        services.add_org_unit(
            parent=community, name=f"支部{community.rght}", tier=3, org_form="branch", by=None
        )
    services.add_org_unit(parent=None, name="新街道党工委", tier=1, org_form="committee", by=None)
    assert tree_problems() == []


def test_missing_communities_are_added_and_changed_names_stay(load):
    load(GOOD, "--streets")
    node = OrgUnit.objects.get(division_code="349901001001")
    services.rename(node=node, name="幸福里社区党总支", org_form="general_branch", by=None)
    more = GOOD + "349901001003,新建社区居委会,349901001,5\n"
    assert load(more, "--streets")["added"] == 1
    node.refresh_from_db()
    assert (node.name, node.org_form) == ("幸福里社区党总支", "general_branch")
    assert tree_problems() == []


def test_a_renamed_division_renames_what_still_bears_its_name(load):
    load(GOOD, "--streets")
    renamed = GOOD.replace("红星街道", "红旗街道").replace("幸福居", "安康居")
    services.rename(
        node=OrgUnit.objects.get(division_code="349901001001"), name="自己起的名", by=None
    )
    counts = load(renamed, "--streets")
    assert (counts["renamed"], counts["org_renamed"]) == (2, 1)
    assert OrgUnit.objects.get(division_code="349901001").name == "红旗街道党工委"
    assert OrgUnit.objects.get(division_code="349901001001").name == "自己起的名"
    assert OrgUnitChange.objects.filter(reason="区划更名").count() == 1


def test_under_limits_to_one_branch_of_the_divisions(load):
    counts = load(GOOD, "--streets", "--under", "349901001")
    assert (counts["rows"], counts["trees"]) == (6, 1)
    assert not Region.objects.filter(code="349901405").exists()
    with pytest.raises(CommandError, match="没有代码"):
        load(GOOD, "--under", "999999")


def test_a_citys_file_may_leave_out_its_province_which_may_come_later(load):
    city = HEAD + "".join(GOOD.splitlines(keepends=True)[2:])
    load(city)
    assert Region.objects.get(code="3499").parent is None
    load(HEAD + "34,安徽省,,1\n")
    assert Region.objects.get(code="3499").parent_id == "34"


def test_neighbours_of_one_default_name_are_told_apart(load):
    load(GOOD + "349901001003,幸福社区居委会,349901001,5\n", "--streets")
    names = OrgUnit.objects.filter(division_code__startswith="349901001").values_list("name")
    assert ("幸福社区党委（003）",) in names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "文件是空的"),
        ("\n\n", "文件是空的"),
        (HEAD, "没有数据行"),
        ("code,name\n34,安徽省\n", "缺少列 parent_code、level"),
        ("这不是表格，只是一句话。\n", "缺少列"),
        (GOOD + "34990,五位,3499,3\n", "第 9 行：代码“34990”应为"),
        (GOOD + "34990X,字母,3499,3\n", "第 9 行：代码“34990X”应为"),
        (GOOD + "349902,示范二区,3499,4\n", "级别应为 3"),
        (GOOD + "349902,示范二区,3498,3\n", "上级应为 3499"),
        (GOOD + "349902,示范二区,349902,3\n", "上级写成了它自己"),
        (GOOD + "349902,甲,349903,3\n349903,乙,349902,3\n", "成了环：349902 → 349903 → 349902"),
        (GOOD + "349901001,另一个街道,349901,4\n", "重复，名称与第 5 行不同"),
        (GOOD + "349902001,没有区的街道,349902,4\n", "第 9 行：349902001 的上级 349902 不在"),
        (HEAD + "349901001,红星街道,349901,4\n", "不在文件里，也不在库里"),
        (GOOD + "349902,,3499,3\n", "没有名称"),
        (GOOD + f"349902,{'长' * 61},3499,3\n", "超过 60 个字"),
        (GOOD + "349902,甲\x07乙,3499,3\n", "控制字符"),
        (GOOD + "349902,甲\0乙,3499,3\n", "第 9 行：有不可见的空字符"),
        (GOOD + "349902,只有两列\n", "列数不够"),
        (b"PK\x03\x04 xlsx", "Excel"),
        (b"code,name\xff\xff\xff\x80\n", "编码无法识别"),
    ],
)
def test_a_faulty_file_is_refused_whole(load, text, words):
    with pytest.raises(CommandError) as refused:
        load(text, "--streets")
    assert words in str(refused.value)
    assert Region.objects.count() == OrgUnit.objects.count() == 0


def test_all_faults_are_told_at_once(load):
    with pytest.raises(CommandError) as refused:
        load(GOOD + "1,甲,,1\n2,乙,,1\n349902,丙,3499,9\n")
    assert "有 3 处问题" in str(refused.value)
    assert [f"第 {line} 行" in str(refused.value) for line in (9, 10, 11)] == [True] * 3


def test_a_file_that_is_not_there_or_no_xz(load, tmp_path):
    with pytest.raises(CommandError, match="找不到文件"):
        call_command("load_divisions", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match="无法读取"):
        call_command("load_divisions", str(tmp_path))
    path = tmp_path / "broken.csv.xz"
    path.write_bytes(lzma.compress(GOOD.encode())[:40])
    with pytest.raises(CommandError, match="xz"):
        call_command("load_divisions", str(path))


@pytest.mark.parametrize(
    ("division", "name"),
    [
        ("济川街道", "济川街道党工委"),
        ("济川街道办事处", "济川街道党工委"),
        ("五城镇", "五城镇党委"),
        ("海恒社区", "海恒社区党委"),
        ("第一农场", "第一农场党委"),
    ],
)
def test_street_names(division, name):
    assert street_party_name(division)[0] == name


@pytest.mark.parametrize(
    ("division", "name"),
    [
        ("耕云居民委员会", "耕云社区党委"),
        ("岗贝社区居民委员会", "岗贝社区党委"),
        ("和平社区居委会", "和平社区党委"),
        ("黄村村民委员会", "黄村党委"),
        ("黄村村委会", "黄村党委"),
        ("上庄村村委会", "上庄村党委"),
        ("上庄村民委员会", "上庄村党委"),
        ("城东社区", "城东社区党委"),
        ("高新区生活区", "高新区生活区党委"),
        ("居委会", "居委会党委"),
    ],
)
def test_community_names(division, name):
    assert community_party_name(division) == name


@pytest.mark.parametrize("city", ["hefei_340100", "xuancheng_341800", "huangshan_341000"])
def test_real_cities_load(shared_data, city):
    path = shared_data(f"divisions/{city}.csv")
    out = StringIO()
    call_command("load_divisions", str(path), "--streets", "--json", stdout=out)
    counts = json.loads(out.getvalue())
    assert counts["created"] == counts["rows"] == Region.objects.count()
    assert tree_problems() == []


def test_haiheng_is_a_street_level_unit_with_six_communities(shared_data):
    path = shared_data("divisions/hefei_340100.csv")
    call_command(
        "load_divisions", str(path), "--streets", "--under", "340177405", stdout=StringIO()
    )
    root = OrgUnit.objects.get(parent=None)
    assert (root.name, root.org_form, root.tier) == ("海恒社区党委", "committee", 1)
    assert root.get_children().count() == 6
