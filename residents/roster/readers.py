"""Field → how its cells are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from gridparty.lib.text import squash
from residents.catalog import (
    EDUCATIONS,
    ETHNICITIES,
    GENDERS,
    ID_KINDS,
    MARRIAGES,
    OTHER_RELATION,
    POLITICS,
    POPULATIONS,
    RELATIONS,
    RESIDENCES,
)
from residents.roster.dates import read_birth, read_past_date
from residents.roster.values import (
    CLEAR,
    DITTO,
    DITTO_WORDS,
    Reader,
    Reading,
    is_clear_mark,
    read_age,
    read_care,
    read_code,
    read_name,
    read_number_text,
    read_phones,
    read_remark,
    read_state,
    read_yes_no,
    text_reader,
)


class Memory(dict[Any, Any]):
    """What each distinct cell means, worked out on first sight."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Any) -> Any:
        meaning = self[cell] = self._read(cell)
        return meaning


def _read_residence(cell: Any) -> Reading:
    """How somebody lives here. 房东 says who it is, not whether he lives in his own flat."""
    if squash(cell) in ("房东", "出租人"):
        return "", None
    return read_code(cell, table=RESIDENCES, kind="residence_unknown")


_SCHOOL_TAIL = re.compile(r"(?:毕业|肄业|结业|在读|学历|文化程度|文化)+$")
_KIN_HEAD = re.compile(r"^(?:[系是]?户主)?[之的其]")


def _read_education(cell: Any) -> Reading:
    """小学毕业 is 小学."""
    word = squash(cell)
    bare = _SCHOOL_TAIL.sub("", word)
    known = bare and EDUCATIONS.label_for(word) is None
    return read_code(bare if known else cell, table=EDUCATIONS, kind="education_unknown")


def _read_relation(cell: Any) -> Reading:
    """之妻 and 户主之妻 are 妻."""
    word = squash(cell)
    bare = _KIN_HEAD.sub("", word)
    known = RELATIONS.label_for(word) is None and RELATIONS.label_for(bare) is not None
    return read_code(
        bare if known else cell, table=RELATIONS, kind="rel_unknown", fallback=OTHER_RELATION
    )


# What stands under 退租日期 while somebody lives there.
_STILL_HERE = frozenset(
    ["长期", "至今", "在住", "在租", "未定", "不定", "未退租", "未搬离", "续租"]
)


def _read_moved_out(cell: Any) -> Reading:
    return (None, None) if squash(cell) in _STILL_HERE else read_birth(cell)


def clearable(read: Reader) -> Reader:
    """A reader that knows 【清空】, the explicit wish to clear a field, and 同上."""

    def reading(cell: Any) -> Reading:
        if isinstance(cell, str) and cell in DITTO_WORDS:
            return None, DITTO
        return (None, CLEAR) if is_clear_mark(cell) else read(cell)

    return reading


def readers_of(care: Mapping[str, str], today: date) -> dict[str, Reader]:
    """Field → reader of its cells."""
    found: dict[str, Reader] = {
        "household_no": partial(read_number_text, limit=40, label="户编号"),
        "relation": _read_relation,
        "gender": partial(read_code, table=GENDERS, kind="sex_unknown"),
        "ethnicity": partial(read_code, table=ETHNICITIES, kind="ethnic_unknown"),
        "id_kind": partial(read_code, table=ID_KINDS, kind="id_kind_unknown"),
        "birth": read_birth,
        "political": partial(read_code, table=POLITICS, kind="politics_unknown"),
        "education": _read_education,
        "marriage": partial(read_code, table=MARRIAGES, kind="marriage_unknown"),
        "phone": read_phones,
        "residence": _read_residence,
        "registered_address": text_reader(200, "户籍地址"),
        "care": partial(read_care, known=care),
        "volunteer": partial(read_yes_no, title="是否志愿者"),
        "workplace": text_reader(120, "工作单位"),
        "remark": read_remark,
        "moved_in": partial(read_past_date, today=today),
        "person_key": text_reader(80, "人员键"),
        "row_version": partial(read_number_text, limit=20, label="档案版本"),
        "age": read_age,
        "population": partial(read_code, table=POPULATIONS, kind="residence_unknown"),
        "separated": partial(read_yes_no, title="是否人户分离"),
        "tenant": partial(read_yes_no, title="是否租户"),
        "moved_out": _read_moved_out,
        "is_moved_out": partial(read_yes_no, title="是否已迁出"),
        "died_on": read_birth,
        "is_dead": partial(read_yes_no, title="是否已死亡"),
        "state": read_state,
        "flag": partial(read_yes_no, title="这一列"),
    }
    return {name: clearable(read) for name, read in found.items()} | {"name": read_name}
