"""The register as a roster: the layout the import reads, to be corrected and brought back.

Identity numbers, telephones and birth dates are masked; who is meant is told by a signed key.
Imported again untouched, it changes nothing.
"""

from collections.abc import Iterator
from typing import IO, Any

from django.db import transaction

from gridparty.lib.masking import mask_in_text, mask_name, mask_room
from orgs.audit import describe_actions, record
from orgs.models import User
from orgs.roles import EXPORT
from orgs.workbook import Cell, plain_cell, write_workbook
from residents.catalog import HEAD
from residents.models import Household, Residency
from residents.roster.keys import person_key

describe_actions(roster__export="导出花名册")
COLUMNS = (
    ("所属社区", 14), ("所属网格", 12), ("小区名称", 16), ("楼栋", 8), ("单元", 8), ("房号", 8),
    ("户编号", 10), ("姓名", 10), ("与户主关系", 10), ("性别", 6), ("民族", 8), ("证件类型", 12),
    ("证件号码", 20), ("出生日期", 12), ("政治面貌", 10), ("文化程度", 10), ("婚姻状况", 10),
    ("联系电话", 14), ("居住状态", 10), ("入住日期", 12), ("户籍地址", 24), ("是否志愿者", 8),
    ("工作单位", 16), ("备注", 16), ("人员键", 26), ("档案版本", 8),
)  # fmt: skip
MOST_ROWS = 100_000
NOTE = (
    "改好后可以再导入：星号表示系统里已有、不用填；要改就填完整的新内容，要清空填【清空】。"
    "人员键和档案版本两列请不要改。"
)


def export_roster(*, households: Any, by: User, file: IO[bytes]) -> int:
    """Write the people of these households (a queryset) and return how many; audited.

    Only households the user may export; where he does not keep the register, names and rooms are
    masked, too, and such a list cannot be imported again.
    """
    mine = households.visible_to(by, EXPORT).open()
    full = set(mine.in_full_to(by).values_list("pk", flat=True))
    living = Residency.objects.filter(end=None, household__in=mine.values("pk"))
    rows = living.select_related(
        "person", "household__building__compound", "household__entrance", "household__grid",
        "household__community",
    ).order_by("household__sort_key", "household_id", "-is_head", "id")  # fmt: skip
    count = 0

    def lines() -> Iterator[list[Cell]]:
        nonlocal count
        for residency in rows[:MOST_ROWS].iterator(chunk_size=2000):
            count += 1
            yield _line(residency, full=residency.household_id in full)

    with transaction.atomic():
        write_workbook(file, COLUMNS, lines(), title="居民花名册", note=NOTE)
        streets = mine.order_by().values_list("street", flat=True).distinct()[:1]
        record(
            by=by, action="roster.export", target=Household,
            street=next(iter(streets), None), detail={"people": count},
        )  # fmt: skip
    return count


def _line(residency: Residency, *, full: bool) -> list[Cell]:
    person, home = residency.person, residency.household
    year = person.birth_year
    unit = home.entrance.name if home.entrance else ""
    return [
        home.community.name, home.grid.name, home.building.compound.name, home.building.name,
        unit, home.room if full else mask_room(home.room), home.number,
        person.name if full else mask_name(person.name),
        residency.relation or (HEAD if residency.is_head else ""),
        person.get_gender_display() if person.gender in "12" else "", person.ethnicity,
        person.id_kind, person.masked_id_number, f"{year}-**-**" if year else "",
        person.political_status, person.education, person.marriage, person.masked_phone,
        residency.status, residency.start.isoformat() if residency.start else "",
        _harmless(person.registered_address), "是" if person.is_volunteer else "",
        _harmless(person.workplace), _harmless(person.remark), person_key(person.pk),
        str(home.version),
    ]  # fmt: skip


def _harmless(text: str) -> str:
    """Text with a number of a person in it, or one that begins like a formula, is left out: a
    blank cell changes nothing."""
    return text if mask_in_text(text) == text and plain_cell(text) == text else ""
