"""Columns only some rosters have: age, 人口类型, yes/no kinds, moved out, died. Read after the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from residents.roster.columns import flag_name
from residents.roster.identity import age_on
from residents.roster.issues import ERROR, INFO, Problem
from residents.roster.readers import Memory
from residents.roster.sheets import Cell
from residents.roster.values import CLEAR, DITTO

EXTRA_FIELDS = (
    "age", "population", "separated", "tenant", "moved_out", "is_moved_out", "died_on", "is_dead",
    "state",
)  # fmt: skip
MOVED_OUT, DIED = "迁出", "死亡"
AGE_DIFFERS = Problem("age_differs", INFO, "年龄与出生日期不符，已按出生日期登记")
LEFT = {
    MOVED_OUT: Problem(
        "listed_moved_out", ERROR, "表里注明已迁出，没有登记；在册的列入疑似迁出，请核实"
    ),
    DIED: Problem("listed_died", ERROR, "表里注明已死亡，没有登记；在册的列入疑似死亡，请核实"),
}
# 肢体二级, A类, 三级: the answer to 残疾, 低保 is the grade.
_GRADE = re.compile(r"[一二三四ABCabc1-4][级類类档]")
# An age in a roster may be a year old, or counted from the year of birth alone.
_AGE_SLACK = 1


@dataclass(slots=True)
class Extras:
    """What the rarer columns of one row say."""

    residence: str = ""
    left: str = ""
    moved_out: date | None = None
    died_on: date | None = None
    is_tenant: bool = False
    care: list[str] = field(default_factory=list)
    problems: list[tuple[str, Problem]] = field(default_factory=list)


Reader = Callable[[Sequence[Cell], date | None], Extras]


def extras_reader(
    columns: Mapping[str, int],
    flags: Mapping[int, str],
    memories: Mapping[str, Memory],
    care: Mapping[str, str],
    today: date,
) -> Reader | None:
    """A reader of the rarer columns of a sheet; None where it has none of them."""
    present = [(name, columns[name]) for name in EXTRA_FIELDS if name in columns]
    if not present and not flags:
        return None

    def read(cells: Sequence[Cell], birth: date | None) -> Extras:
        extras = Extras()
        values: dict[str, Any] = {}
        for name, column in present:
            if cells[column] != "":
                values[name], problem = memories[name][cells[column]]
                if problem is not None and problem not in (CLEAR, DITTO):
                    extras.problems.append((name, problem))
        _read_flags(cells, flags, memories["flag"], care, extras)
        _settle(values, extras, birth, today)
        return extras

    return read


def _read_flags(
    cells: Sequence[Cell],
    flags: Mapping[int, str],
    memory: Memory,
    care: Mapping[str, str],
    extras: Extras,
) -> None:
    for column, word in flags.items():
        cell = cells[column]
        if cell == "":
            continue
        # 低保 in a column called 是否低保 is a yes like √.
        known = care.get(str(cell).strip()) or _GRADE.search(str(cell))
        answer, problem = (True, None) if known else memory[cell]
        if answer:
            extras.care.append(care[word])
        elif problem is not None and problem is not CLEAR:
            extras.problems.append((flag_name(column), problem))


def _settle(values: Mapping[str, Any], extras: Extras, birth: date | None, today: date) -> None:
    age = values.get("age")
    if age is not None and birth is not None and abs(age_on(birth, today) - age) > _AGE_SLACK:
        extras.problems.append(("age", AGE_DIFFERS))
    if values.get("separated"):
        extras.residence = "人户分离"
    elif values.get("tenant"):
        extras.residence = "流动"
    else:
        extras.residence = values.get("population") or ""
    extras.is_tenant = bool(values.get("tenant"))
    extras.died_on, extras.moved_out = values.get("died_on"), values.get("moved_out")
    gone = extras.moved_out is not None and extras.moved_out <= today
    state = values.get("state") or ""
    if values.get("is_dead") or extras.died_on or state == DIED:
        extras.left = DIED
    elif values.get("is_moved_out") or gone or state == MOVED_OUT:
        extras.left = MOVED_OUT
    if extras.left:
        name = "is_dead" if extras.left == DIED else "is_moved_out"
        given = next((one for one in _TELLING[name] if values.get(one)), name)
        extras.problems.append((given, LEFT[extras.left]))


_TELLING = {
    "is_dead": ("is_dead", "died_on", "state"),
    "is_moved_out": ("is_moved_out", "moved_out", "state"),
}
