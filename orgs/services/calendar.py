"""Holidays and make-up days: set one, remove one, or load the year's notice from a CSV."""

import csv
import io
import re
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from orgs.audit import describe_actions, record
from orgs.models import User, WorkdayOverride
from orgs.roles import Role
from orgs.scope import has_role

describe_actions(
    calendar__set="修改节假日",
    calendar__remove="删除节假日",
    calendar__load="导入节假日",
)
WORDS = {
    "1": True, "0": False, "是": True, "否": False, "上班": True, "班": True, "调休": True,
    "休": False, "放假": False, "休息": False, "true": True, "false": False,
}  # fmt: skip
MOST_BYTES = 1024 * 1024
# Excel saves a date as 2027/1/1, whatever was typed.
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")


def check_may_edit(by: User | None) -> None:
    if by is not None and not has_role(by, Role.SYSADMIN):
        raise ValidationError("只有系统管理员可以维护节假日。")


@transaction.atomic
def set_workday(*, day: date, is_workday: bool, name: str, by: User | None) -> WorkdayOverride:
    """Say that offices work, or do not, on a day."""
    check_may_edit(by)
    override, _ = WorkdayOverride.objects.update_or_create(
        date=day, defaults={"is_workday": is_workday, "name": name}
    )
    record(by=by, action="calendar.set", target=override)
    return override


@transaction.atomic
def remove_workday(*, override: WorkdayOverride, by: User | None) -> None:
    """Forget a day's exception: its weekday decides again."""
    check_may_edit(by)
    record(by=by, action="calendar.remove", target=override)
    override.delete()


@transaction.atomic
def load_workdays(*, data: bytes, by: User | None) -> int:
    """Load a CSV of date,is_workday,name (日期,是否上班,说明); all rows or none; return how many."""
    check_may_edit(by)
    rows = _parse(data)
    for day, (works, name) in rows.items():
        WorkdayOverride.objects.update_or_create(
            date=day, defaults={"is_workday": works, "name": name}
        )
    record(by=by, action="calendar.load", target=WorkdayOverride, detail={"rows": len(rows)})
    return len(rows)


def _parse(data: bytes) -> dict[date, tuple[bool, str]]:
    if len(data) > MOST_BYTES:
        raise ValidationError("文件超过 1 MB，不像是节假日表。")
    lines = list(csv.reader(io.StringIO(_text(data))))
    rows: dict[date, tuple[bool, str]] = {}
    problems: list[str] = []
    for number, cells in enumerate(lines, 1):
        values = [cell.strip() for cell in cells] + ["", "", ""]
        if not any(values) or (number == 1 and values[0] in ("date", "日期")):
            continue
        works = WORDS.get(values[1].lower())
        day = _day(values[0])
        if day is None:
            problems.append(f"第 {number} 行：日期应写成 2027-01-01 的格式。")
            continue
        if works is None:
            problems.append(f"第 {number} 行：是否上班应写 1 或 0。")
        elif len(values[2]) > 40:
            problems.append(f"第 {number} 行：说明最多 40 个字。")
        elif rows.get(day, (works,))[0] != works:
            problems.append(f"第 {number} 行：{day} 前面已经写过，是否上班不一致。")
        else:
            rows[day] = (works, values[2])
    if not rows and not problems:
        problems = ["文件里没有数据行。"]
    if problems:
        raise ValidationError(problems[:20])
    return rows


def _day(text: str) -> date | None:
    """Return 2027-01-01, 2027/1/1, 2027.1.1, 2027年1月1日 or 20270101; None for anything else."""
    found = _DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups() if part)) if found else None
    except ValueError:
        return None


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise ValidationError("文件不是文本，请另存为 CSV。")
