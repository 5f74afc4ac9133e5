"""Forms (一户一档): labels and values scattered over a sheet, one household or several per sheet.

A form holds household labels (地址, 户编号), the head's (户主姓名, 身份证号), labelled relatives
(配偶姓名), further people label by label, and a table of members with a header of its own. A label
that comes again begins the next block; a block that says where it lives is the next household,
one with only a name is one more member.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from gridparty.lib.text import is_blank_word, squash
from residents.catalog import HEAD, RELATIONS
from residents.roster.columns import Layout, Origin
from residents.roster.fields import DOOR_FIELDS, HOUSEHOLD_FIELDS
from residents.roster.header import HEAD_ROLE, LANDLORD, Header, header_at
from residents.roster.labels import Label, Labels, Pair, filled_cells, pairs_of
from residents.roster.records import Skip
from residents.roster.sheets import Cell, Sheet
from residents.roster.structure import blank_name_kind, name_cell_kind
from residents.roster.tables import Table

# Fewer different labels with values are chance, not a form.
_FEWEST_LABELS = 3
_FEWEST_TABLE_COLUMNS = 3
_SEARCH_ROWS = 80

# A cell of a person or household with its place (row from 1, column from 0).
Placed = tuple[Cell, tuple[int, int]]
Person = dict[str, Placed]


@dataclass(slots=True)
class _Block:
    """Labels up to the first that repeats, and the people of the table below them."""

    people: dict[str, Person] = field(default_factory=dict)
    house: Person = field(default_factory=dict)
    members: list[Person] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    row: int = 0

    def add(self, pair: Pair) -> None:
        """Keep what a label says; of two spellings of one field the first."""
        label = pair.label
        self.texts.add(pair.text)
        placed = (pair.value, (pair.row + 1, pair.column))
        if label.field in HOUSEHOLD_FIELDS:
            self.house.setdefault(label.field, placed)
        else:
            self.people.setdefault(label.role, {}).setdefault(_column(label), placed)

    @property
    def has_door(self) -> bool:
        return any(name in self.house for name in DOOR_FIELDS)

    @property
    def has_name(self) -> bool:
        return any("name" in one for one in self.people.values()) or bool(self.members)


def _column(label: Label) -> str:
    return f"care={label.flag}" if label.flag else label.field


def is_form(sheet: Sheet, header: Header | None, labels: Labels) -> bool:
    """Whether a sheet is a form: labels with values, among them a door, and no full header."""
    found = form_labels(sheet, labels)
    fields = {pair.label.field for pair in found}
    if len(fields) < _FEWEST_LABELS or not fields & DOOR_FIELDS:
        return False
    if header is None:
        return True
    if not any(one.field in DOOR_FIELDS for one in header.columns):
        return True
    # A row of labels with values between them is no header, though it holds the words of one.
    known = sum(labels.of(cell) is not None for cell in sheet.rows[header.bottom])
    return 2 * sum(pair.row == header.bottom for pair in found) >= known > 0


def form_labels(sheet: Sheet, labels: Labels, rows: int = _SEARCH_ROWS) -> list[Pair]:
    """The labels with values among the first rows of a sheet."""
    filled = filled_cells(sheet.merges)
    return [
        pair
        for at, cells in enumerate(sheet.rows[:rows])
        for pair in pairs_of(cells, at, labels, filled)
    ]


def unfold_forms(sheet: Sheet, layout: Layout, labels: Labels) -> Table:
    """The people of all forms of a sheet, one per row."""
    blocks, skips = _read_blocks(sheet, labels)
    people: list[tuple[int, Person]] = []
    for row, household in _households(blocks):
        people += [(row, person) for person in household]
    fields = list(dict.fromkeys(name for _row, person in people for name in person))
    fields += [name for name in ("name", "relation") if name not in fields]
    columns = {name: at for at, name in enumerate(fields)}
    table = Table(sheet, layout, [], columns, origins=[], skips=skips)
    table.flags = {at: name[5:] for name, at in columns.items() if name.startswith("care=")}
    assert table.origins is not None
    for row, person in people:
        table.rows.append([person[name][0] if name in person else "" for name in fields])
        cells = {name.split("=")[0]: at for name, (_value, at) in person.items()}
        number = person["name"][1][0] if "name" in person else row + 1
        table.origins.append(Origin(number, cells))
    return table


def _read_blocks(sheet: Sheet, labels: Labels) -> tuple[list[_Block], list[Skip]]:
    filled = filled_cells(sheet.merges)
    blocks = [_Block()]
    # Labels of the household that is being read; its people may fill several blocks.
    of_household: set[str] = set()
    skips: list[Skip] = []
    table: dict[str, int] | None = None
    for at, cells in enumerate(sheet.rows):
        pairs = list(pairs_of(cells, at, labels, filled))
        if table is not None and not _ends_table(cells, table, pairs, labels):
            kind = _read_member(cells, at, table, blocks[-1])
            if kind:
                skips.append(Skip(sheet.name, at + 1, kind))
            continue
        table = _table_header(sheet, at, labels) if not pairs else None
        for pair in pairs:
            if pair.text in of_household:
                of_household.clear()
                blocks.append(_Block(row=at))
            elif pair.text in blocks[-1].texts:
                blocks.append(_Block(row=at))
            blocks[-1].add(pair)
            if pair.label.field in HOUSEHOLD_FIELDS:
                of_household.add(pair.text)
    return blocks, skips


def _table_header(sheet: Sheet, at: int, labels: Labels) -> dict[str, int] | None:
    """Field → column when a row is the header of a table of members."""
    words = [cell for cell in sheet.rows[at] if cell != ""]
    header = header_at(sheet.rows, at, at, sheet.merges)
    columns: dict[str, int] = {}
    for one in sorted(header.columns, key=lambda one: one.rank):
        if one.field and one.role in ("", "m0"):
            wanted = labels.wanted.get(one.text, one.field)
            columns.setdefault(wanted, one.index)
    columns.pop("", None)
    enough = len(columns) >= _FEWEST_TABLE_COLUMNS and 2 * len(columns) > len(words)
    return columns if enough and "name" in columns else None


def _ends_table(
    cells: Sequence[Cell], table: dict[str, int], pairs: list[Pair], labels: Labels
) -> bool:
    name = cells[table["name"]]
    if labels.of(name) is not None:
        return True
    if pairs and (name == "" or len(pairs) > 1):
        return True
    return bool(pairs) and name == pairs[0].value


def _read_member(cells: Sequence[Cell], at: int, table: dict[str, int], block: _Block) -> str:
    """Add the member of a table row to the block; a kind when the row is nobody."""
    name = cells[table["name"]]
    kind = name_cell_kind(name) if name != "" else ""
    person = {field: (cells[c], (at + 1, c)) for field, c in table.items() if cells[c] != ""}
    if not kind and name == "":
        kind = blank_name_kind(cells, table)
    if kind:
        return kind
    block.members.append(person)
    return ""


def _households(blocks: list[_Block]) -> list[tuple[int, list[Person]]]:
    """Blocks → households: where it begins, and its people with the household's cells, head first."""
    found: list[tuple[_Block, list[Person]]] = []
    for block in blocks:
        people = _people(block, is_first=block.has_door or not found)
        if block.has_door and (people or not found):
            found.append((block, people))
        elif found:
            found[-1][1].extend(people)
            for name, placed in block.house.items():
                found[-1][0].house.setdefault(name, placed)
        elif people:
            found.append((block, people))
    return [
        (block.row, [block.house | person for person in _without_repeats(people)])
        for block, people in found
    ]


def _people(block: _Block, *, is_first: bool) -> list[Person]:
    roles = dict(block.people)
    roles.pop(LANDLORD, None)
    plain, head = roles.pop("", {}), roles.pop(HEAD_ROLE, {})
    found: list[Person] = []
    if "name" in head and "name" in plain:
        found = [_with_relation(head, HEAD), plain]
    elif "name" in head or "name" in plain:
        implied = HEAD if is_first else ""
        found = [_with_relation(plain | head, implied)]
    for role, person in roles.items():
        if "name" in person:
            word = role.split(":")[1] if role.startswith("who:") else ""
            found.append(_with_relation(person, RELATIONS.label_for(word) or ""))
    return [one for one in found if not is_blank_word(squash(one["name"][0]))] + block.members


def _with_relation(person: Person, relation: str) -> Person:
    if "relation" in person or not relation:
        return person
    return person | {"relation": (relation, person["name"][1])}


def _without_repeats(people: list[Person]) -> list[Person]:
    """The head stands above and again in the table of members: one person, all that is said."""
    kept: list[Person] = []
    for person in people:
        again = next((one for one in kept if _is_same(one, person)), None)
        if again is None:
            kept.append(person)
        else:
            again.update({name: cell for name, cell in person.items() if name not in again})
    return kept


def _is_same(one: Person, other: Person) -> bool:
    """The same name, and no two different identity numbers."""
    if "name" not in one or "name" not in other:
        return False
    if squash(one["name"][0]) != squash(other["name"][0]):
        return False
    ids = {squash(person["id_number"][0]) for person in (one, other) if "id_number" in person}
    return len(ids) < 2
