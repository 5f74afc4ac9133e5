"""manage.py load_structure: reads the sample files, loads twice without creating, refuses faults."""

import io
import json
import lzma
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from grids.catalog import GridStatus
from grids.models import Building, Compound, Entrance, Grid
from orgs.levels import OrgForm, Tier
from orgs.models import AuditEntry, OrgUnit, Region
from tests.town import Town

HEADER = "community,grid,compound,building,unit,floors,rooms_per_floor\n"


@pytest.fixture
def haiheng(db: None) -> OrgUnit:
    """海恒 with its residents' committees: the street's name and level do not agree."""
    Region.objects.create(code="34", name="安徽省", level=1)
    Region.objects.create(code="3401", name="合肥市", level=2, parent_id="34")
    Region.objects.create(code="340177", name="合肥经济技术开发区", level=3, parent_id="3401")
    street = add_org("340177405", "海恒社区", None)
    for serial, name in enumerate(("耕云", "福禄园", "习友", "南艳湖"), start=1):
        add_org(f"340177405{serial:03d}", f"{name}居民委员会", street)
    return street


def add_org(code: str, name: str, parent: OrgUnit | None) -> OrgUnit:
    level, upper = (4, code[:6]) if parent is None else (5, code[:9])
    region = Region.objects.create(code=code, name=name, level=level, parent_id=upper)
    short = name.removesuffix("居民委员会")
    org: OrgUnit = OrgUnit.objects.create(
        name=f"{short}党委" if parent is None else f"{short}社区党总支",
        tier=Tier.STREET if parent is None else Tier.COMMUNITY,
        org_form=OrgForm.COMMITTEE if parent is None else OrgForm.GENERAL_BRANCH,
        parent=parent, region=region, division_code=code,
    )  # fmt: skip
    return org


def load(path: Path, under: str, *options: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("load_structure", str(path), "--under", under, "--json", *options, stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


@pytest.fixture
def file(tmp_path: Path) -> Any:
    """Return a function: text or bytes → path of a file that holds them."""

    def write(content: str | bytes, name: str = "structure.csv", header: str = HEADER) -> Path:
        path = tmp_path / name
        data = (header + content).encode() if isinstance(content, str) else content
        path.write_bytes(data)
        return path

    return write


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Grid, Compound, Building, Entrance))


def test_the_sample_files_load_one_after_the_other(haiheng: OrgUnit, shared_data: Any) -> None:
    clean = shared_data("roster/clean300.structure.csv")
    dirty = shared_data("roster/dirty800_flat.structure.csv")
    first = load(clean, "340177405")
    assert first["created"] == {
        "communities": 0, "grids": 1, "compounds": 1, "buildings": 9, "entrances": 21,
    }  # fmt: skip
    second = load(dirty, "340177405")
    assert second["created"] == {
        "communities": 0, "grids": 1, "compounds": 2, "buildings": 17, "entrances": 44,
    }  # fmt: skip
    assert second["unchanged"]["grids"] == 1
    for path, answer in ((clean, first), (dirty, second)):
        again = load(path, "340177405")
        assert not any(again["created"].values())
        assert again["unchanged"] == {key: answer[key] for key in answer["created"]}
    assert counts() == (2, 3, 26, 65)
    grid = Grid.objects.get(code="340177405001001")
    assert grid.name == "耕云居民委员会001网格"
    assert set(Compound.objects.filter(buildings__grid=grid).values_list("name", flat=True)) == {
        "锦泰雅苑", "润河公馆",
    }  # fmt: skip
    assert Grid.objects.get(community__division_code="340177405004").code == "340177405004002"


def test_a_dry_run_writes_nothing(haiheng: OrgUnit, file: Any) -> None:
    path = file("耕云,耕云001网格,锦泰雅苑,1栋,1单元,18,2\n")
    answer = load(path, "340177405", "--dry-run")
    assert answer["created"]["entrances"] == 1
    assert counts() == (0, 0, 0, 0)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "name", ["耕云居民委员会", "耕云社区党总支", "耕云社区居委会", "耕云社区", "耕云", " 耕 云 "]
)
def test_a_community_goes_by_many_names(haiheng: OrgUnit, file: Any, name: str) -> None:
    load(file(f"{name},一网格,苑,3幢,,,\n"), "340177405001")
    building = Building.objects.get()
    assert building.name == "3栋"
    assert [entrance.name for entrance in building.entrances.all()] == ["无"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_encodings_and_packing(haiheng: OrgUnit, file: Any, encoding: str) -> None:
    data = (HEADER + "耕云,001网格,苑,1栋,1单元,6,2\r\n").encode(encoding)
    load(file(data), "340177405")
    packed = file(lzma.compress(data), name="structure.csv.xz")
    assert load(packed, "340177405000")["unchanged"]["entrances"] == 1


def test_chinese_headers_and_extra_columns(haiheng: OrgUnit, file: Any) -> None:
    header = "社区,网格,小区,楼栋,单元,层数,每层户数,备注\n"
    load(file("耕云,001网格,苑,1栋,1单元,6,2,新\n", header=header), "340177405")
    entrance = Entrance.objects.get()
    assert (entrance.floors, entrance.rooms_per_floor) == (6, 2)
    assert Building.objects.get().floors == 6


def test_new_floors_are_taken_and_blanks_clear_nothing(haiheng: OrgUnit, file: Any) -> None:
    load(file("耕云,001网格,苑,1栋,1单元,6,2\n"), "340177405")
    answer = load(file("耕云,001网格,苑,1栋,1单元,7,\n"), "340177405")
    assert answer["updated"]["entrances"] == 1
    entrance = Entrance.objects.get()
    assert (entrance.floors, entrance.rooms_per_floor) == (7, 2)


def test_serials_follow_the_names_where_they_are_free(haiheng: OrgUnit, file: Any) -> None:
    rows = "".join(f"耕云,{name},苑,{n}栋,1单元,6,2\n" for n, name in enumerate(
        ("第三网格", "湖滨网格", "耕云003网格", "999网格", "1号网格"), start=1
    ))  # fmt: skip
    load(file(rows), "340177405001")
    codes = {grid.name: grid.code[-3:] for grid in Grid.objects.all()}
    assert codes == {
        "第三网格": "003", "湖滨网格": "004", "耕云003网格": "005", "999网格": "999", "1号网格": "001",
    }  # fmt: skip


def test_a_compound_is_found_by_its_alias(haiheng: OrgUnit, file: Any) -> None:
    load(file("耕云,001网格,阳光花园,1栋,1单元,6,2\n"), "340177405")
    Compound.objects.update(aliases=["阳光"])
    assert load(file("耕云,001网格,阳光,1栋,1单元,6,2\n"), "340177405")["created"]["buildings"] == 0


@pytest.mark.parametrize("code", ["999999999", "340177405009", "34017740", "abc", "１２３", ""])
def test_an_unknown_code_is_named(haiheng: OrgUnit, file: Any, code: str) -> None:
    with pytest.raises(CommandError, match="代码"):
        load(file("耕云,001网格,苑,1栋,1单元,6,2\n"), code)


GOOD = "耕云,001网格,苑,1栋,1单元,6,2\n"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("和平,001网格,苑,1栋,1单元,6,2\n", "第 3 行：340177405 之下没有社区“和平”"),
        (
            "习友,耕云居民委员会002网格,苑,9栋,1单元,6,2\n",
            "第 3 行：网格“耕云居民委员会002网格”属于耕云",
        ),
        (
            "耕云,002网格,苑,1栋,2单元,6,2\n",
            "第 3 行：苑1栋在第 2 行属于“001网格”，这里又属于“002网格”",
        ),
        ("耕云,001网格,苑,1栋,一单元,7,2\n", "第 3 行：苑1栋1单元与第 2 行重复"),
        ("耕云,001网格,苑,2栋,1单元,六,2\n", "第 3 行：层数“六”应为"),
        ("耕云,001网格,苑,2栋,1单元,6,0\n", "第 3 行：每层户数“0”应为"),
        ("耕云,001网格,苑,2栋,1单元,6,-2\n", "每层户数“-2”应为"),
        ("耕云,001网格,,2栋,1单元,6,2\n", "第 3 行：缺少小区"),
        (",001网格,苑,2栋,1单元,6,2\n", "第 3 行：缺少社区"),
        ("耕云,001网格,苑,2栋,1单元,6,2,多,了\n", "第 3 行：比表头多出了列"),
        (f"耕云,{'长' * 61},苑,2栋,1单元,6,2\n", "第 3 行：网格最多 60 个字"),
        ("耕云,001网格,苑,/,1单元,6,2\n", "第 3 行：楼栋“/”无法识别"),
        ("耕云,340177405001099,苑,2栋,1单元,6,2\n", "没有编码为 340177405001099 的网格"),
        ('耕云,"001网格,苑,2栋\n', "不是有效的 CSV"),
    ],
)
def test_a_bad_row_names_its_line_and_nothing_is_written(
    haiheng: OrgUnit, file: Any, rows: str, words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        load(file(GOOD + rows), "340177405")
    assert counts() == (0, 0, 0, 0)


def test_every_fault_is_told_at_once(haiheng: OrgUnit, file: Any) -> None:
    rows = GOOD + "和平,1网格,苑,1栋,1单元,6,2\n耕云,001网格,苑,/,1单元,6,2\n"
    with pytest.raises(CommandError) as refused:
        load(file(rows), "340177405")
    assert str(refused.value).splitlines() == [
        "第 3 行：340177405 之下没有社区“和平”，或不止一个。",
        "第 4 行：楼栋“/”无法识别。",
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "没有内容"),
        (b"\xef\xbb\xbf\r\n\r\n", "没有内容"),
        (HEADER.encode(), "只有表头"),
        (
            b"community,grid,compound,unit,floors,rooms_per_floor\n1,2,3,4,5,6\n",
            "缺少列：building（楼栋）",
        ),
        (b"grid,grid,community,compound,building,unit,floors,rooms_per_floor\n", "出现了两次"),
        (b"just some words\n", "缺少列"),
        (HEADER.encode() + "耕云,0\0网格,苑,1栋,,,\n".encode(), "第 2 行有空字符"),
        (b"PK\x03\x04rest of a workbook", "Excel"),
        (b"\xd0\xcf\x11\xe0rest", "Excel"),
        (b"\xfd7zXZ\x00broken", "无法解压"),
        (HEADER.encode() + b"\xff\xff\xff,1,2\n", "编码无法识别"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    haiheng: OrgUnit, file: Any, data: bytes, words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        load(file(data), "340177405")


def test_a_missing_file_and_a_folder(haiheng: OrgUnit, tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(CommandError, match="无法读取文件"):
            load(path, "340177405")


def test_what_is_already_there_is_not_overruled(town: Town, file: Any) -> None:
    before = counts()
    for row, words in (
        ("幸福,第2网格,阳光花园,1栋,1单元,6,2\n", "阳光花园1栋已在网格“第1网格”"),
        ("幸福,新网格,阳光花园,1栋,1单元,6,2\n", "不能再划入“新网格”"),
        ("幸福,349901001002001,阳光花园,7栋,1单元,6,2\n", "属于和平社区党委，不属于幸福"),
    ):
        with pytest.raises(CommandError, match=words):
            load(file(row), "349901001")
    Grid.objects.filter(pk=town.sister_grid.pk).update(status=GridStatus.CLOSED)
    with pytest.raises(CommandError, match="已经撤销"):
        load(file("幸福,第2网格,阳光花园,7栋,1单元,6,2\n"), "349901001")
    with pytest.raises(CommandError, match="没有社区“东湖”"):
        load(file("东湖,第1网格,东湖苑,7栋,1单元,6,2\n"), "349901001")
    assert counts() == before


def test_a_plain_name_may_stand_in_every_community_others_may_not(town: Town, file: Any) -> None:
    load(file("和平,第3网格,里,1栋,,,\n幸福,第3网格,苑,1栋,,,\n"), "349901001")
    with pytest.raises(CommandError, match="网格“锦绣网格”属于和平社区党委"):
        load(file("和平,锦绣网格,里,2栋,,,\n幸福,锦绣网格,苑,2栋,,,\n"), "349901001")


def test_a_tree_of_three_levels_is_known_by_its_communities(town: Town, file: Any) -> None:
    Region.objects.create(code="349901003", name="屯溪街道", level=4, parent_id="349901")
    region = Region.objects.create(
        code="349901003001", name="老街社区", level=5, parent_id="349901003"
    )
    root = OrgUnit.objects.create(
        name="老街社区党委", tier=Tier.COMMUNITY, org_form=OrgForm.COMMITTEE, region=region,
        division_code="349901003001",
    )  # fmt: skip
    load(file("老街,1网格,院,1栋,,,\n"), "349901003")
    assert Grid.objects.get(community=root).street == root
