"""Who a row is: paper, birth date and gender together, each checked against the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from gridparty.lib.text import squash
from residents.catalog import CITIZEN_ID, FEMALE, MALE
from residents.roster.issues import ERROR, WARN, Problem
from residents.roster.values import read_citizen_id, read_paper

ADULT_AGE = 16
OLDEST_AGE = 120
_FOREIGN_CARD, _HMT_CARD = "外国人永久居留身份证", "港澳台居民居住证"
# Papers whose numbers follow GB 11643.
_CITIZEN_SHAPED = frozenset(["", CITIZEN_ID, _FOREIGN_CARD, _HMT_CARD, "户口簿"])
_KIND_LABELS = {
    "citizen": CITIZEN_ID, "hmt_residence": _HMT_CARD, "foreign_permanent": _FOREIGN_CARD,
}  # fmt: skip
# What an unlabelled number must be, by its form alone.
_PAPERS = (
    (re.compile(r"[A-Z]{3}[0-9]{12}"), _FOREIGN_CARD),
    (re.compile(r"[HM](?:[0-9]{8}|[0-9]{10})"), "港澳居民来往内地通行证"),
    (re.compile(r"[A-Z][0-9]{9}"), "出生医学证明"),
    (re.compile(r"[A-Z]{1,2}[0-9]{6,9}"), "护照"),
    (re.compile(r"[\u4e00-\u9fff]{1,4}字第[0-9]{4,12}号?"), "军官证"),
)
_FROM_ID = "，已按证件号登记"

DATE_DIFFERS = Problem("id_dob_differs", WARN, f"出生日期与证件号不符{_FROM_ID}")
SEX_DIFFERS = Problem("id_sex_differs", WARN, f"性别与证件号不符{_FROM_ID}")
ID_MISSING = Problem("id_missing_adult", WARN, "没有证件号，只能按姓名和出生日期识别，请补填")
KIND_MISSING = Problem("id_kind_missing", WARN, "证件类型没有填，按证件号的样子登记，请核对")
IN_FUTURE = Problem("dob_future_noid", ERROR, "出生日期晚于今天，又没有证件号可核对")
TOO_OLD = Problem("dob_implausible", WARN, f"年龄超过 {OLDEST_AGE} 岁，请核对出生日期")


class Identity(NamedTuple):
    """Paper, birth date and gender of one row; `problems` pair a field with what is to say."""

    kind: str
    number: str
    birth: date | None
    gender: str
    problems: tuple[tuple[str, Problem], ...] = ()


def read_identity(
    cell: Any,
    kind: str,
    birth: date | None,
    birth_problem: Problem | None,
    gender: str,
    today: date,
) -> Identity:
    """Read the paper's number and let it decide birth date and gender where it says them."""
    if kind in _CITIZEN_SHAPED and cell != "":
        parsed, problem = read_citizen_id(cell, today)
        if parsed is not None:
            says = MALE if parsed.gender == "M" else FEMALE
            if (
                problem is None
                and today.year - parsed.birth_date.year <= OLDEST_AGE
                and birth_problem is None
                and (birth is None or birth == parsed.birth_date)
                and (gender == says or gender == "")
            ):
                return Identity(
                    kind or _KIND_LABELS[parsed.kind], parsed.number, parsed.birth_date, says
                )
            found = [("id_number", problem)] if problem else []
            if age_on(parsed.birth_date, today) > OLDEST_AGE:
                found.append(("id_number", TOO_OLD))
            found += _compare(parsed.birth_date, says, birth, birth_problem, gender)
            return Identity(
                kind or _KIND_LABELS[parsed.kind], parsed.number, parsed.birth_date, says,
                tuple(found),
            )  # fmt: skip
        if problem is not None:
            paper = _other_paper(cell) if kind != CITIZEN_ID else None
            if paper is None:
                return Identity(kind, "", birth, gender, (("id_number", problem),))
            told = () if kind else (("id_kind", KIND_MISSING),)
            return _without_citizen_id(
                kind or paper[0], paper[1], birth, birth_problem, gender, today, told
            )
    number, problem = read_paper(cell) if cell != "" else ("", None)
    told = (("id_number", problem),) if problem else ()
    return _without_citizen_id(kind, number, birth, birth_problem, gender, today, told)


def _other_paper(cell: Any) -> tuple[str, str] | None:
    """(kind, number) when an unlabelled number looks like a passport or an old foreigner's card."""
    word = squash(cell).upper()
    return next(((kind, word) for pattern, kind in _PAPERS if pattern.fullmatch(word)), None)


def _compare(
    born: date, says: str, birth: date | None, birth_problem: Problem | None, gender: str
) -> Iterator[tuple[str, Problem]]:
    """What the sheet's own birth date and gender have against the identity number."""
    if birth_problem is not None and birth_problem.kind != "dob_partial":
        yield "birth", birth_problem._replace(message=f"{birth_problem.message}{_FROM_ID}")
    elif birth is not None and birth != born:
        yield "birth", DATE_DIFFERS
    if gender in (MALE, FEMALE) and gender != says:
        yield "gender", SEX_DIFFERS


def _without_citizen_id(
    kind: str,
    number: str,
    birth: date | None,
    birth_problem: Problem | None,
    gender: str,
    today: date,
    told: tuple[tuple[str, Problem], ...],
) -> Identity:
    found = list(told)
    if birth_problem is not None:
        found.append(("birth", birth_problem))
    if birth is not None and birth > today:
        found.append(("birth", IN_FUTURE))
        return Identity(kind, number, None, gender, tuple(found))
    if birth is not None and age_on(birth, today) > OLDEST_AGE:
        found.append(("birth", TOO_OLD))
    if not number and not told and (birth is None or age_on(birth, today) >= ADULT_AGE):
        found.append(("id_number", ID_MISSING))
    return Identity(kind, number, birth, gender, tuple(found))


def age_on(birth: date, day: date) -> int:
    """Completed years of life on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
