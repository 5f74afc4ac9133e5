"""The header of a sheet, one to three rows high: which column says what, and about whom.

A row may describe one person, or a whole household side by side: 户主姓名, 成员1姓名, 成员1关系 … or
姓名, 关系, 身份证号 again and again. Columns that speak of one and the same person share a role.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from gridparty.lib.text import chinese_number, squash
from residents.roster.fields import HOUSEHOLD_FIELDS, field_of, header_word

# How deep below titles and "填报单位" lines a header may stand.
HEADER_SEARCH_ROWS = 30
_MOST_HEADER_ROWS = 3
# A longer text is a sentence or a title, never the name of a column.
_LONGEST_HEADER = 40

HEAD_ROLE, LANDLORD, TENANT = "head", "landlord", "tenant"
Merges = Sequence[tuple[tuple[int, int], tuple[int, int]]]

_NUMBER = "[0-9]{1,2}|[一二三四五六七八九十]{1,2}"
_ROLES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:户主|本人|家长|户主本人)(?:信息|情况|基本信息|基本情况)?[-_/]?"), HEAD_ROLE),
    (re.compile(r"(?:房东|业主|产权人|出租人|房主|房屋所有人|屋主|房屋产权人)(?:信息|情况)?[-_/]?"), LANDLORD),
    (
        re.compile(r"(?:承租人|租客|租户|承租户|实际居住人|实际居住者|租住人|房客|租住人员|承租人员|承租方)(?:信息|情况)?[-_/]?"),
        TENANT,
    ),
    (
        re.compile(
            rf"(?:家庭|同住|共同居住|其他)?(?:成员|人员|家属|家人|居住人|同住人|共同居住人|亲属|人)"
            rf"(?:信息|情况)?[-_(]?(?P<n>{_NUMBER})[)]?(?:信息|情况)?[-_/.、]?"
        ),
        "m",
    ),
    (re.compile(rf"第(?P<n>{_NUMBER})(?:个)?(?:成员|人|位|口)(?:信息|情况)?[-_/]?"), "m"),
    (
        re.compile(
            rf"(?P<who>配偶|妻子|丈夫|父亲|母亲|长子|次子|长女|次女|儿子|女儿|子女|孩子|儿媳|女婿|孙子|孙女)"
            rf"[-_(]?(?P<n>{_NUMBER})?[)]?(?:信息|情况)?[-_/]?"
        ),
        "who",
    ),
)  # fmt: skip
_NUMBER_LAST = re.compile(rf"(?P<stem>.+?)[-_(.]?(?P<n>{_NUMBER})[)]?")
_NUMBER_FIRST = re.compile(rf"(?P<n>{_NUMBER})[-_.、]?(?P<stem>.+)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the header as written, the field it holds ("" unknown) and whom it describes.

    `role` is "" for the person of the row, "head", "landlord", "tenant", "m2" (成员2) or "who:配偶".
    """

    index: int
    text: str
    field: str = ""
    rank: int = 0
    role: str = ""
    # The kind of key population of a yes/no column (是否低保), as its word.
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """A header block; `top` and `bottom` are row indexes from 0."""

    top: int
    bottom: int
    columns: tuple[Column, ...]

    @property
    def known(self) -> set[tuple[str, str]]:
        """(field, role) of every column that is understood."""
        return {(one.field, one.role) for one in self.columns if one.field}

    @property
    def fingerprint(self) -> str:
        """A hash of the normalised header: the same columns in the same order, whatever the title."""
        words = "\x1f".join(f"{one.index}:{header_word(one.text)}" for one in self.columns)
        return hashlib.sha256(words.encode()).hexdigest()[:32]


def find_header(
    rows: Sequence[Sequence[object]],
    merges: Merges = (),
    is_flag: Callable[[str], bool] | None = None,
) -> Header | None:
    """Find the header among the first rows: the block with most known columns; None without one."""
    best: Header | None = None
    most = 0
    for bottom in range(min(HEADER_SEARCH_ROWS, len(rows))):
        for top in range(bottom, max(bottom - _MOST_HEADER_ROWS, -1), -1):
            if top < bottom and not _may_be_above(rows[top]):
                break
            found = header_at(rows, top, bottom, merges, is_flag)
            # Captions that change what a column means (户籍 over 地址) belong to the header.
            says_more = best is not None and best.bottom == bottom and found.known != best.known
            if len(found.known) > most or (len(found.known) == most and says_more):
                best, most = found, len(found.known)
    return best


def header_at(
    rows: Sequence[Sequence[object]],
    top: int,
    bottom: int,
    merges: Merges = (),
    is_flag: Callable[[str], bool] | None = None,
) -> Header:
    """Read the rows `top`–`bottom` as a header, whatever they hold."""
    width = max(len(row) for row in rows[top : bottom + 1])
    lowest = _words(rows[bottom], width)
    levels = [_spread(_words(rows[at], width), at, lowest, merges) for at in range(top, bottom)]
    levels.append(lowest)
    columns = []
    for index, words in enumerate(zip(*levels, strict=True)):
        column = _read_column(index, [word for word in words if word], words[-1], is_flag)
        if column is not None:
            columns.append(column)
    return Header(top, bottom, tuple(_number_repeats(columns)))


def _may_be_above(row: Sequence[object]) -> bool:
    """Whether a row can carry captions: something stands in it, and no long sentences only."""
    words = [squash(cell) for cell in row if cell != ""]
    return any(0 < len(word) <= _LONGEST_HEADER for word in words)


def _words(row: Sequence[object], width: int) -> list[str]:
    return [squash(cell) for cell in row] + [""] * (width - len(row))


def _spread(words: list[str], at: int, lowest: list[str], merges: Merges) -> list[str]:
    """A caption row with every caption written over all the columns it covers.

    Where nothing is merged horizontally in the row (text files), a caption reaches right over the
    blank cells that have a sub-column under them.
    """
    wide = [
        (left, right) for (up, left), (down, right) in merges if up <= at <= down and right > left
    ]
    for left, right in wide:
        for column in range(left + 1, min(right + 1, len(words))):
            words[column] = words[column] or words[left]
    if not wide:
        for column in range(1, len(words)):
            if not words[column] and lowest[column] and lowest[column - 1]:
                words[column] = words[column - 1]
    return words


def _read_column(
    index: int, words: list[str], last: str, is_flag: Callable[[str], bool] | None
) -> Column | None:
    """What one column of the header says, from its captions down to its lowest word."""
    words = list(dict.fromkeys(words))
    if not words or len(words[-1]) > _LONGEST_HEADER:
        return None
    text = "".join(words)
    spellings = [header_word("".join(words[start:])) for start in range(len(words))]
    if not last:
        # Nothing under the caption: the caption itself is the header.
        spellings = [header_word(words[-1])]
    for word in spellings:
        known = known_column(word)
        if known is not None:
            field, rank, role = known
            return Column(index, text, field, rank, role)
    flag = next((word for word in map(flag_word, spellings) if is_flag and is_flag(word)), "")
    return (
        Column(index, text, "care" if flag else "", 99, flag=flag) if flag else Column(index, text)
    )


def flag_word(word: str) -> str:
    return re.sub(r"^(?:是否为?|有无|是不是)|(?:人员|户|家庭)$", "", word)


def known_column(word: str) -> tuple[str, int, str] | None:
    """(field, rank, role) of a header word; 成员1 and 户主 alone mean the name."""
    exact = field_of(word)
    if exact is not None:
        return *exact, ""
    for pattern, kind in _ROLES:
        found = pattern.match(word)
        if found is None:
            continue
        rest = word[found.end() :].lstrip("的")
        inner = field_of(rest) if rest else ("name", 50)
        if inner is None and rest in ("与户主", "与本人"):
            inner = ("relation", 1)
        if inner is None:
            continue
        if inner[0] in HOUSEHOLD_FIELDS and kind in (HEAD_ROLE, TENANT):
            return *inner, ""
        return *inner, _role(kind, found.groupdict())
    for pattern in (_NUMBER_LAST, _NUMBER_FIRST):
        found = pattern.fullmatch(word)
        inner = field_of(found["stem"]) if found else None
        if found and inner is not None and inner[0] not in HOUSEHOLD_FIELDS:
            return *inner, _role("m", found.groupdict())
    return None


def _role(kind: str, parts: dict[str, str | None]) -> str:
    number = parts.get("n")
    value = chinese_number(number) if number and not number.isdigit() else number
    if kind == "m":
        return f"m{int(value or 0)}"
    if kind == "who":
        return f"who:{parts['who']}:{value or ''}"
    return kind


def _number_repeats(columns: list[Column]) -> list[Column]:
    """Give plain repeated groups (姓名, 关系, 身份证号, 姓名, 关系, 身份证号 …) roles r2, r3 …

    Only where the very same word for the name stands again; two telephone columns are no second
    person.
    """
    names = [one for one in columns if one.field == "name" and one.role == ""]
    words = [header_word(one.text) for one in names]
    if len(words) < 2 or len(set(words)) > 1:
        return columns
    group, seen = 1, set[str]()
    numbered = []
    for column in columns:
        if column.role or not column.field or column.field in HOUSEHOLD_FIELDS:
            numbered.append(column)
            continue
        if column.field in seen and (column.field == "name" or "name" in seen):
            group, seen = group + 1, set()
        seen.add(column.field)
        numbered.append(column if group == 1 else replace(column, role=f"r{group}"))
    return numbered
