"""Rows that are no people: blanks, repeated headers, totals, signatures, notes, examples, sections."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gridparty.lib.text import clean_text, squash
from residents.roster.columns import is_header_word

_TOTAL = re.compile(r"(?:本页|本栋|本户|全部)?(?:合计|小计|总计|共计|累计)|共[0-9]+(?:户|人)")
_COUNT = re.compile(r"共?[0-9]+(?:户|人|口)(?:[0-9]+人)?")
_CLERK = r"(?:填表|审核|制表|填报|负责|登记|复核|统计|经办)(?:人|单位|日期|时间|员)"
_SIGNATURE = re.compile(
    rf"{_CLERK}|(?:户主|本人|住户|居民)?(?:签字|签名|签章|盖章)(?![\u4e00-\u9fff])|单位\(盖章\)|社区\(盖章\)"
)
# Words of a clerk end a page; 本人签字 may also stand in a column beside a person.
_PAGE_END = re.compile(_CLERK)
_NOTE = re.compile(r"(?:注|备注|说明|填表说明|填写说明)[:1-9、.]")
_EXAMPLE = re.compile(r"示例|样例|范例|^例[:]?$|^\(例\)|^例:|填写样")
_HINT = re.compile(r"必填|选填|请填|请选择|填写|文本格式|下拉")
_VACANT = re.compile(
    r"(?:空置|空房|空关|未入住|无人居住|无人|出租中?|闲置|待租|待售|毛坯|空户)(?:房|户)?"
)
# Hints and examples of a template stand right under its header.
HINT_ROWS = 3
_MARK_FIELDS = ("serial", "name", "remark")
_PERSON_FIELDS = ("relation", "gender", "id_number", "birth", "phone", "ethnicity", "political")
_DOOR_FIELDS = ("room", "address", "household_no")


def name_cell_kind(cell: object) -> str:
    """Why a filled name cell means no person ("header", "subtotal", "vacant"…), else ""."""
    word = squash(cell)
    if is_header_word(cell, "name"):
        return "repeat_header"
    if _TOTAL.match(word) or _COUNT.fullmatch(word):
        return "subtotal_row"
    if _SIGNATURE.match(word):
        return "signature_row"
    if _EXAMPLE.search(word):
        return "example_row"
    return "vacant_row" if _VACANT.fullmatch(word) else ""


def hint_kind(cells: Sequence[object], columns: Mapping[str, int], below: int) -> str:
    """Whether one of the first rows under a header is a template's example or hint, else "".

    `below` is how many rows the row stands below the header. The word 示例 counts only where a template marks a row (first cell, number, name, remark): it
    also occurs in street names.
    """
    if below > HINT_ROWS:
        return ""
    marked = [cells[0], *(cells[columns[f]] for f in _MARK_FIELDS if f in columns)]
    if any(_EXAMPLE.search(squash(cell)) for cell in marked if cell != ""):
        return "example_row"
    return "example_row" if sum(bool(_HINT.search(squash(cell))) for cell in cells) >= 2 else ""


def blank_name_kind(cells: Sequence[object], columns: Mapping[str, int]) -> str:
    """Why a row without a name is no person; "" when it is a person whose name is missing."""
    filled = {
        field: word
        for field, column in columns.items()
        if field not in ("name", "serial") and (word := clean_text(cells[column]))
    }
    words = [squash(cell) for cell in cells if cell != ""]
    text = [word for word in words if word and not word.replace(".", "").isdigit()]
    if not filled and not text:
        return "blank_row"
    if any(_TOTAL.match(word) for word in text):
        return "subtotal_row"
    if any(_PAGE_END.match(word) for word in text):
        return "signature_row"
    if any(_SIGNATURE.match(word) for word in text) and not _says_who(filled):
        return "signature_row"
    if any(_NOTE.match(word) for word in text):
        return "note_row"
    if any(field in filled for field in _PERSON_FIELDS):
        return ""
    if any(field in filled for field in _DOOR_FIELDS):
        return "vacant_row"
    return "section_row"


def _says_who(filled: Mapping[str, str]) -> bool:
    """Whether a field of a person is filled, with something else than the signature or its date."""
    return any(
        field in filled and field != "birth" and not _SIGNATURE.match(squash(filled[field]))
        for field in _PERSON_FIELDS
    )


def shop_kind(cells: Sequence[object], columns: Mapping[str, int]) -> str:
    """Whether a row named like a shop or an office says nothing of a person, else ""."""
    said = (cells[columns[name]] for name in _PERSON_FIELDS if name in columns and name != "phone")
    return "" if any(squash(cell) for cell in said) else "shop_row"


SKIP_LABELS = {
    "blank_row": "空行",
    "repeat_header": "重复的表头",
    "subtotal_row": "合计行",
    "signature_row": "签字行",
    "note_row": "说明行",
    "section_row": "分段标题",
    "example_row": "示例行",
    "vacant_row": "空置房屋",
    "shop_row": "商铺或单位",
}
