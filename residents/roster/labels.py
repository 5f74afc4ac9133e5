"""Labels with their value beside them, as forms have: 姓名 | 张三 | 性别 | 男, or 地址：3栋2单元501."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gridparty.lib.text import squash
from residents.roster.fields import field_of, header_word
from residents.roster.header import HEAD_ROLE, Merges, flag_word, known_column
from residents.roster.sheets import Cell

IsFlag = Callable[[str], bool]
_INLINE = re.compile(r"^\s*([^:：]{1,12}?)\s*[:：]\s*(\S.*?)\s*$", re.DOTALL)
# Several pairs in one line: 小区：阳光花园  楼栋：3栋  填表人：王五
_SEVERAL = re.compile(r"([^\s:：]{1,12})\s*[:：]\s*([^\s:：]*)(?=\s|$)")
_BOXES = re.compile(r"[□☐]")
_OPTION = r"([^□☐☑■√✓✔☒\s、,，;；/]+)"
# The box stands before its choice (☑男 □女) or behind it (男☑ 女□).
_BOX_FIRST = re.compile(rf"[☑■√✓✔☒]\s*{_OPTION}")
_BOX_LAST = re.compile(rf"{_OPTION}\s*[☑■√✓✔☒]")
_LONGEST_LABEL = 20
_BARE_ROLES = {"户主": HEAD_ROLE}


class Label(NamedTuple):
    """What a label asks for: a field, whose, and the kind of key population of a yes/no."""

    field: str
    role: str
    flag: str = ""


class Pair(NamedTuple):
    """A label with its value; `row` and `column` (from 0) are where the value stands."""

    label: Label
    text: str
    value: Cell
    row: int
    column: int


class Labels:
    """Knows the labels of one file: the usual spellings, a person's own choices, yes/no kinds."""

    def __init__(self, is_flag: IsFlag | None = None) -> None:
        self.wanted: Mapping[str, str] = {}
        self.is_flag = is_flag
        self._seen: dict[str, Label | None] = {}

    def choose(self, wanted: Mapping[str, str]) -> None:
        """Let a person's choices (label → field, "" for none) go before the usual meanings."""
        self.wanted = wanted
        self._seen = {}

    def of(self, cell: object) -> Label | None:
        """The meaning of a cell as a label; None for anything else."""
        if not isinstance(cell, str) or not cell or len(cell) > 2 * _LONGEST_LABEL:
            return None
        if cell not in self._seen:
            self._seen[cell] = self._read(squash(cell).rstrip(":："))
        return self._seen[cell]

    def _read(self, text: str) -> Label | None:
        usual = self._usual(text)
        field = self.wanted.get(text)
        if field is None or (usual is not None and field == usual.field):
            return usual
        return Label(field, "") if field else None

    def _usual(self, text: str) -> Label | None:
        word = header_word(text)
        if not word or len(word) > _LONGEST_LABEL:
            return None
        known = known_column(word)
        # A bare 配偶 or 成员1 is rather a value or a caption; a bare 户主 asks for a name.
        if known is not None and (field_of(word) or known[0] != "name" or word.endswith("姓名")):
            return Label(known[0], known[2])
        if word in _BARE_ROLES:
            return Label("name", _BARE_ROLES[word])
        flag = flag_word(word)
        if self.is_flag is not None and flag != word and self.is_flag(flag):
            return Label("care", "", flag)
        return None


def filled_cells(merges: Merges) -> set[tuple[int, int]]:
    """Cells that only repeat the top of their vertical merge."""
    return {
        (row, left)
        for (top, left), (bottom, right) in merges
        if left == right
        for row in range(top + 1, bottom + 1)
    }


def pairs_of(
    cells: Sequence[Cell], row: int, labels: Labels, filled: set[tuple[int, int]]
) -> Iterator[Pair]:
    """The labels of a row that have a value: to their right before the next label, or after a colon."""
    waiting: tuple[Label, str] | None = None
    for column, cell in enumerate(cells):
        if cell == "" or (row, column) in filled:
            continue
        label = labels.of(cell)
        if label is not None:
            waiting = (label, squash(cell).rstrip(":："))
            continue
        inline = list(_inline(cell, labels)) if isinstance(cell, str) else []
        if inline:
            for found, text, value in inline:
                yield Pair(found, text, value, row, column)
            waiting = None
        elif waiting is not None:
            yield Pair(waiting[0], waiting[1], ticked(cell), row, column)
            waiting = None


def _inline(cell: str, labels: Labels) -> Iterator[tuple[Label, str, str]]:
    several = _SEVERAL.findall(cell)
    if len(several) < 2:
        found = _INLINE.match(cell)
        several = [(found[1], found[2])] if found else []
    for text, value in several:
        label = labels.of(text)
        if label is not None and value:
            yield label, squash(text), str(ticked(value))


def ticked(cell: Cell) -> Cell:
    """The ticked choice of a cell with boxes (□男 ☑女 → 女); any other cell as it is."""
    if not isinstance(cell, str) or not _BOXES.search(cell):
        return cell
    pattern = _BOX_FIRST if cell.strip()[0] in "□☐☑■√✓✔☒" else _BOX_LAST
    return ";".join(pattern.findall(cell))
