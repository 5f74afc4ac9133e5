"""How a sheet is laid out: its header, its shape, and where every field of a row stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from gridparty.lib.text import squash
from grids.doors import parse_address, parse_building
from residents.catalog import HEAD, RELATIONS, TENANT_RELATION
from residents.roster.fields import HOUSEHOLD_FIELDS, field_label, field_of, header_word
from residents.roster.header import (
    HEAD_ROLE,
    LANDLORD,
    TENANT,
    Column,
    Header,
    Merges,
    find_header,
)
from residents.roster.issues import Issue, Problem, column_letter

if TYPE_CHECKING:
    from residents.roster.records import RosterRow

# A header with fewer known columns than this is no header.
FEWEST_COLUMNS = 2
FEWEST_WITHOUT_NAME = 4

_TITLE_WORDS = re.compile(
    r"(?:居民|住户|家庭|人口|常住|流动|出租房?屋?|租户)*(?:信息)?(?:花名册|名册|登记表|登记册|台账|信息表|统计表|一览表|明细表|汇总表|名单|情况表?).*"
)

FLAT, WIDE, FORM = "flat", "wide", "form"
SHAPES = {FLAT: "一人一行", WIDE: "一户一行", FORM: "一户一表"}


_FLAG = re.compile("flag:([0-9]+)")


def flag_name(column: int) -> str:
    """The name findings about a yes/no column go by, which is no field of its own."""
    return f"flag:{column}"


class Origin(NamedTuple):
    """Where a person stands in a sheet that is not one person per row.

    `cells` maps a field to (row from 1, column from 0), `number` is the row to name in sentences.
    """

    number: int
    cells: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Group:
    """The columns of one person of a wide row; `relation` is what their role implies."""

    role: str
    relation: str
    columns: Mapping[str, int]


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
    shape: str = FLAT
    header_top: int = 0
    # The people of a wide row, the head first; empty in the other shapes.
    groups: tuple[Group, ...] = ()
    # Yes/no columns of key populations: column → the word of the kind.
    flags: Mapping[int, str] = field(default_factory=dict)
    # What the sheet says once for all its rows: its name (3栋), its title, 小区：阳光花园.
    constants: Mapping[str, str] = field(default_factory=dict)
    # Relation of everybody whose row does not say it (户主 in a list of heads).
    relation: str = ""
    # 居住状态 of tenants whose row does not say it: 流动 in a list of tenants.
    residence: str = ""
    # Headers of columns about the landlord, who is no resident: column → header.
    landlord: Mapping[int, str] = field(default_factory=dict)
    # The column of the landlord's name where people without a relation are read as tenants; else -1.
    owner: int = -1
    # Whether rooms or section lines carry the building, so that no column has to.
    has_building_inside: bool = False
    fingerprint: str = ""

    def issue(
        self,
        row: int,
        name: str,
        problem: Problem,
        sample: str = "",
        origin: Origin | None = None,
        person: int = -1,
    ) -> Issue:
        """A finding about a field of a row (numbered from 1), with the address of its cell."""
        flag = _FLAG.fullmatch(name)
        if flag is not None:
            column = int(flag[1])
        elif origin is None:
            column = self.columns.get(name, self.columns.get("name", 0))
        else:
            row, column = origin.cells.get(name) or origin.cells.get("name") or (origin.number, 0)
        place = f"{column_letter(column)}{row}"
        # The header over the head's cell says nothing of a member's.
        header = self.headers.get(name) if column == self.columns.get(name) else None
        if flag is not None:
            header, name = self.flags.get(column), "care"
        return Issue(
            kind=problem.kind,
            severity=problem.severity,
            sheet=self.sheet,
            row=row if origin is None else origin.number,
            column=header or field_label(name),
            cell=f"{self.sheet}!{place}" if self.sheet else place,
            message=problem.message,
            sample=sample,
            person=person,
        )

    def issue_of(self, row: RosterRow, name: str, problem: Problem, sample: str = "") -> Issue:
        """A finding about a field of a person's row."""
        return self.issue(row.number, name, problem, sample, row.origin, row.order)

    @property
    def _has_building(self) -> bool:
        given = "building" in self.columns or "building" in self.constants
        return given or self.has_building_inside

    @property
    def missing(self) -> list[str]:
        """Labels of the columns without which no row can be stored."""
        if self.shape == FORM:
            return []
        has_name = "name" in self.columns or any("name" in one.columns for one in self.groups)
        lacking = [] if has_name else [field_label("name")]
        if "address" not in self.columns:
            if not self._has_building:
                lacking.append(field_label("building"))
            if "room" not in self.columns:
                lacking.append(field_label("room"))
        return lacking


def is_header_word(cell: object, name: str) -> bool:
    """Whether a cell repeats a header of the field (headers are printed on every page)."""
    known = field_of(header_word(cell))
    return known is not None and known[0] == name


def is_header(header: Header | None) -> bool:
    """Whether a block says enough to be a header."""
    if header is None:
        return False
    has_name = any(name == "name" for name, _role in header.known)
    return len(header.known) >= (FEWEST_COLUMNS if has_name else FEWEST_WITHOUT_NAME)


def find_layout(
    sheet: str,
    rows: Sequence[Sequence[object]],
    merges: Merges = (),
    is_flag: Callable[[str], bool] | None = None,
) -> Layout | None:
    """The layout of the header found among the first rows; None without one."""
    header = find_header(rows, merges, is_flag)
    if header is None or not is_header(header):
        return None
    return layout_of(sheet, header, constants_of(sheet, rows[: header.top]))


def constants_of(sheet: str, above: Sequence[Sequence[object]]) -> dict[str, str]:
    """What the name of a sheet and the lines above its header say for all rows: 阳光花园3栋."""
    for text in (*(squash(cell) for row in above for cell in row if cell != ""), sheet):
        door = parse_address(_TITLE_WORDS.sub("", text))
        if door.building.endswith("栋") and len(text) <= 40:
            parts = {"compound": door.compound, "building": door.building, "unit": door.unit}
            return {name: part for name, part in parts.items() if part}
    label = parse_building(sheet)
    return {"building": label} if label.endswith("栋") else {}


def layout_of(sheet: str, header: Header, constants: Mapping[str, str] = {}) -> Layout:
    """The layout a header means. Columns that describe the landlord are not read."""
    by_role: dict[str, dict[str, Column]] = {}
    for column in header.columns:
        if column.field and not column.flag:
            mine = by_role.setdefault(_owner(column), {})
            other = mine.get(column.field)
            if other is None or column.rank < other.rank:
                mine[column.field] = column
    house = by_role.pop("household", {})
    people = _people(by_role)
    is_wide = len(people) > 1
    main = people[0][1] if people else {}
    columns = {name: one.index for name, one in (house if is_wide else house | main).items()}
    used = {one.index for one in house.values()}
    used.update(one.index for _role, fields in people for one in fields.values())
    used.update(one.index for one in header.columns if one.flag)
    written = house | {k: v for _role, fields in reversed(people) for k, v in fields.items()}
    head_phone = by_role.get(HEAD_ROLE, {}).get("phone")
    if not is_wide and head_phone is not None and head_phone.index not in used:
        columns["head_phone"] = head_phone.index
        written["head_phone"] = head_phone
        used.add(head_phone.index)
    landlord = {one.index: one.text for one in header.columns if one.role == LANDLORD}
    landlord = {index: text for index, text in landlord.items() if index not in used}
    left = [one for one in header.columns if one.index not in used and one.index not in landlord]
    # Beside a landlord's columns, whoever is named without a relation rents from him.
    rents = bool(landlord) and [role for role, _ in people] == [""] and "relation" not in main
    owner = by_role.get(LANDLORD, {}).get("name")
    tenants = rents or any(role == TENANT for role, _fields in people)
    return Layout(
        sheet=sheet,
        header_row=header.bottom,
        columns=columns,
        headers={name: squash(one.text) for name, one in written.items()},
        unknown=tuple(one.text for one in left if not one.field),
        repeated=tuple(one.text for one in left if one.field),
        shape=WIDE if is_wide else FLAT,
        header_top=header.top,
        groups=_groups(people) if is_wide else (),
        flags={one.index: one.flag for one in header.columns if one.flag},
        constants={k: v for k, v in constants.items() if k not in columns},
        relation="" if is_wide or not people else _implied(TENANT if rents else people[0][0], main),
        residence="流动" if tenants else "",
        landlord=landlord,
        owner=owner.index if rents and owner is not None else -1,
        fingerprint=header.fingerprint,
    )


def _owner(column: Column) -> str:
    return "household" if column.field in HOUSEHOLD_FIELDS and not column.role else column.role


def _people(by_role: dict[str, dict[str, Column]]) -> list[tuple[str, dict[str, Column]]]:
    """The roles a row speaks of that are people to store, the head first, the others as they stand.

    户主姓名 beside 姓名 only repeats whose household it is; 房东 is no resident unless nobody else is
    named; what stands without a role belongs to the only, or the first, person.
    """
    plain = by_role.pop("", {})
    roles = {role: fields for role, fields in by_role.items() if "name" in fields}
    loose = {role: fields for role, fields in by_role.items() if "name" not in fields}
    landlord = roles.pop(LANDLORD, None)
    tenant, head = roles.get(TENANT), roles.get(HEAD_ROLE)
    if "name" in plain:
        if head is not None and "id_number" not in head and len(roles) == 1:
            roles.pop(HEAD_ROLE)
        return [*_lead(roles), ("", plain), *_rest(roles)]
    if not roles:
        if landlord is None:
            return [("", plain)] if plain else []
        return [(LANDLORD, landlord | plain)]
    first = next(iter(_lead(roles)), None) or next(iter(roles.items()))
    own = dict(first[1])
    if tenant is None or first[0] == TENANT or len(roles) == 1:
        own = plain | own | {k: v for k, v in loose.get(first[0], {}).items() if k not in own}
    others = [(role, fields) for role, fields in roles.items() if role != first[0]]
    return [(first[0], own), *others]


def _lead(roles: dict[str, dict[str, Column]]) -> list[tuple[str, dict[str, Column]]]:
    return [(role, fields) for role, fields in roles.items() if role == HEAD_ROLE]


def _rest(roles: dict[str, dict[str, Column]]) -> list[tuple[str, dict[str, Column]]]:
    return [(role, fields) for role, fields in roles.items() if role != HEAD_ROLE]


def _groups(people: list[tuple[str, dict[str, Column]]]) -> tuple[Group, ...]:
    has_head = any(role == HEAD_ROLE for role, _fields in people)
    return tuple(
        Group(
            role,
            _implied(HEAD_ROLE if at == 0 and not has_head and role != TENANT else role, fields),
            {name: one.index for name, one in fields.items()},
        )
        for at, (role, fields) in enumerate(people)
    )


def _implied(role: str, fields: Mapping[str, Column]) -> str:
    """The relation a role implies where no column says it."""
    if "relation" in fields:
        return ""
    if role in (HEAD_ROLE, LANDLORD):
        return HEAD
    if role == TENANT:
        return TENANT_RELATION
    if role.startswith("who:"):
        return RELATIONS.label_for(role.split(":")[1]) or ""
    return ""
