"""Find the header row of a sheet and say which column holds which field (domain brief §6.2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from gridparty.lib.text import squash
from grids.doors import parse_building
from residents.roster.issues import Issue, Problem, column_letter

# How deep below titles and "填报单位" lines a header may stand.
HEADER_SEARCH_ROWS = 20
# A row with fewer known columns than this is no header.
_FEWEST_COLUMNS = 2

# Field → the label we use, then the spellings people use.
FIELDS: dict[str, tuple[str, ...]] = {
    "serial": ("序号", "编号", "行号", "NO", "NO."),
    "community": ("所属社区", "社区", "社区名称", "居委会", "所属居委会", "村居", "村（社区）"),
    "grid": ("所属网格", "网格", "网格名称", "网格编码", "网格编号"),
    "compound": (
        "小区名称", "小区", "现住小区", "楼盘", "院落", "小区（院落）", "居住小区", "所在小区",
    ),
    "building": (
        "楼栋", "楼号", "幢号", "栋号", "座", "楼栋号", "楼幢", "幢", "栋", "楼幢号", "建筑",
        "所在楼栋", "楼座",
    ),
    "unit": ("单元", "门栋", "梯", "单元号", "单元楼"),
    "room": ("房号", "室号", "门牌", "门牌号", "房间号", "室", "户室号", "房屋号", "房间"),
    "address": (
        "住址", "现住址", "家庭住址", "详细地址", "居住地址", "门牌地址", "现居住地", "现居住地址",
        "实际居住地", "现住地址", "家庭地址", "地址", "住房地址",
    ),
    "household_no": ("户编号", "户号", "户编码", "家庭编号", "序号(户)", "户序号", "住户编号"),
    "name": (
        "姓名", "居民姓名", "成员姓名", "家庭成员", "户主姓名", "家庭成员姓名", "人员姓名", "名字",
    ),
    "relation": ("与户主关系", "关系", "称谓", "家庭关系", "与房主关系", "和户主关系"),
    "gender": ("性别",),
    "ethnicity": ("民族",),
    "id_kind": ("证件类型", "证件种类", "证件类别"),
    "id_number": (
        "证件号码", "身份证号", "身份证号码", "公民身份号码", "证件号", "身份证", "居民身份证号",
        "居民身份证号码", "公民身份证号码", "公民身份证号",
    ),
    "birth": ("出生日期", "出生年月", "出生年月日", "生日"),
    "political": ("政治面貌", "是否党员", "党员"),
    "education": ("文化程度", "学历", "教育程度"),
    "marriage": ("婚姻状况", "婚姻", "婚姻情况"),
    "phone": (
        "联系电话", "手机号", "手机", "电话", "联系方式", "手机号码", "电话号码", "联系号码",
    ),
    "residence": (
        "居住状态", "居住类型", "人员类型", "常住/流动", "居住情况", "人口类型", "人员性质",
    ),
    "moved_in": ("入住日期", "迁入日期", "入住时间", "起租日期", "居住开始日期"),
    "registered_address": (
        "户籍地址", "户籍所在地", "户口所在地", "户籍地", "户籍详址", "户口地址",
    ),
    "care": (
        "重点人群", "人员类别", "特殊情况", "重点类别", "特殊人群", "重点人群类型", "人群类别",
        "关爱对象", "重点人员类型",
    ),
    "volunteer": ("是否志愿者", "志愿者", "是否为志愿者"),
    "workplace": ("工作单位", "服务处所", "职业", "工作学习情况", "工作/学习单位", "单位"),
    "remark": ("备注", "说明", "备注说明"),
}  # fmt: skip

_NOISE = re.compile(r"[\s*:：★#]|\((?:必填|选填|文本|必填项|可多选|下拉选择)\)")
# Spelling → (field, how good a spelling it is): where 姓名 and 户主姓名 both stand, 姓名 wins.
_ALIASES: dict[str, tuple[str, int]] = {}


def header_word(cell: object) -> str:
    """A header cell without width, white space, （必填）, stars and colons; upper case."""
    return _NOISE.sub("", squash(cell)).upper()


for _name, _spellings in FIELDS.items():
    for _rank, _spelling in enumerate(_spellings):
        _ALIASES[header_word(_spelling)] = (_name, _rank)


def field_label(name: str) -> str:
    """The Chinese label of a field: "id_number" → 证件号码."""
    return FIELDS[name][0]


@dataclass(frozen=True, slots=True)
class Layout:
    """How one sheet is laid out. Row and column indexes count from 0."""

    sheet: str
    header_row: int
    # Field → column index, and field → the header as written in the file.
    columns: dict[str, int]
    headers: dict[str, str]
    unknown: tuple[str, ...] = ()
    # Headers that mean a field which another column already holds.
    repeated: tuple[str, ...] = ()
    # The building, where it is the name of the sheet (one sheet per building).
    sheet_building: str = ""

    def issue(self, row: int, name: str, problem: Problem, sample: str = "") -> Issue:
        """A finding about a field of a row (numbered from 1), with the address of its cell."""
        column = self.columns.get(name, self.columns["name"])
        place = f"{column_letter(column)}{row}"
        return Issue(
            kind=problem.kind,
            severity=problem.severity,
            sheet=self.sheet,
            row=row,
            column=self.headers.get(name) or field_label(name),
            cell=f"{self.sheet}!{place}" if self.sheet else place,
            message=problem.message,
            sample=sample,
        )

    @property
    def missing(self) -> list[str]:
        """Labels of the columns without which no row can be stored."""
        lacking = [] if "name" in self.columns else [field_label("name")]
        if "address" not in self.columns:
            if "building" not in self.columns and not self.sheet_building:
                lacking.append(field_label("building"))
            if "room" not in self.columns:
                lacking.append(field_label("room"))
        return lacking


@dataclass(slots=True)
class _Best:
    row: int = -1
    columns: dict[str, int] = field(default_factory=dict)


def find_layout(sheet_name: str, rows: Sequence[Sequence[object]]) -> Layout | None:
    """Find the header among the first rows: the row with most known columns; None without one."""
    best = _Best()
    for index, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        columns = _known_columns(row)
        if len(columns) > len(best.columns):
            best = _Best(index, columns)
    if len(best.columns) < (_FEWEST_COLUMNS if "name" in best.columns else 4):
        return None
    return _layout(sheet_name, rows, best)


def _known_columns(row: Sequence[object]) -> dict[str, int]:
    """Field → column of a row read as a header; of two spellings of a field the better one."""
    found: dict[str, tuple[int, int]] = {}
    for column, cell in enumerate(row):
        known = _ALIASES.get(header_word(cell)) if cell != "" else None
        if known is not None:
            name, rank = known
            if name not in found or rank < found[name][0]:
                found[name] = (rank, column)
    return {name: column for name, (_rank, column) in found.items()}


def is_header_word(cell: object, name: str) -> bool:
    """Whether a cell repeats a header of the field (headers are printed on every page)."""
    return _ALIASES.get(header_word(cell), ("", 0))[0] == name


def _layout(sheet_name: str, rows: Sequence[Sequence[object]], best: _Best) -> Layout:
    header = rows[best.row]
    unknown: list[str] = []
    repeated: list[str] = []
    taken = set(best.columns.values())
    for column, cell in enumerate(header):
        word = header_word(cell)
        if column in taken or not word:
            continue
        (repeated if word in _ALIASES else unknown).append(str(cell).strip())
    building = parse_building(sheet_name) if "building" not in best.columns else ""
    return Layout(
        sheet=sheet_name,
        header_row=best.row,
        columns=best.columns,
        headers={name: squash(header[column]) for name, column in best.columns.items()},
        unknown=tuple(unknown),
        repeated=tuple(repeated),
        sheet_building=building if building.endswith("栋") else "",
    )
