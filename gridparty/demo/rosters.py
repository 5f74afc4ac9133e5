"""Two rosters of the demonstration's community, run through the real import: a full list of one
building, imported, with its contradictions and missing people; a tenant list that waits."""

import csv
import io
from typing import Any

from gridparty.demo.people import FEMALE, MALE, People
from gridparty.demo.shapes import DEMO_GRID
from gridparty.demo.world import GridFacts, World
from gridparty.lib.citizen_id import check_digit
from orgs.models import User
from orgs.services.jobs import confirm_import, submit_import
from orgs.tasks import run_import_jobs
from orgs.workbook import write_workbook
from residents.forms.full_list import FullListForm, missing_of
from residents.models import Residency, RosterAbsence, RosterConflict
from residents.services.absences import decide_absences
from residents.services.conflicts import KEEP, decide_conflict, seen_version

HEADER = (
    "小区名称", "楼栋", "单元", "房号", "户编号", "姓名", "与户主关系", "证件号码", "联系电话",
    "居住状态", "人员状态", "备注",
)  # fmt: skip
TENANTS = ("小区", "楼栋", "房号", "租客姓名", "证件号码", "手机", "押金", "房屋编码")
Line = dict[str, Any]


def build_rosters(world: World, people: People) -> None:
    """Import the list of one building and upload another that nobody has confirmed yet."""
    facts = world.grid(DEMO_GRID)
    staff = world.users["community_staff"]
    lines = _register(facts)
    if len(lines) <= len(_FAULTS):
        return
    lines = _with_faults(facts, lines, people)
    _import(facts, f"{facts.buildings[-1].name}全量名单.xlsx", _workbook(lines), staff)
    _decide_some(staff)
    tenants = _tenant_list(facts, people)
    submit_import(
        kind="roster", under=facts.community.org, file_name="租客登记.csv", data=tenants, by=staff
    )
    run_import_jobs()


def _register(facts: GridFacts) -> list[Line]:
    """What the register says about the last building of the grid, door by door."""
    rows = (
        Residency.objects.filter(household__building=facts.buildings[-1], end=None)
        .exclude(person__id_fingerprint=None)
        .select_related("person", "household__entrance", "household__building__compound")
        .order_by("household__sort_key", "-is_head", "pk")
    )
    return [_line(one) for one in rows]


def _line(residency: Residency) -> Line:
    person, home = residency.person, residency.household
    return {
        "小区名称": home.building.compound.name, "楼栋": home.building.name,
        "单元": home.entrance.name if home.entrance else "", "房号": home.room,
        "户编号": home.number, "姓名": person.name, "与户主关系": residency.relation,
        "证件号码": person.id_number.reveal(), "居住状态": residency.status,
    }  # fmt: skip


def _with_faults(facts: GridFacts, lines: list[Line], people: People) -> list[Line]:
    """The list as a clerk would hand it in, the faults spread over the doors."""
    step = max(1, len(lines) // len(_FAULTS))
    for fault, line in zip(_FAULTS, lines[step - 1 :: step], strict=False):
        fault(lines, line, people)
    elsewhere = Residency.objects.filter(household__building=facts.buildings[0], end=None)
    mover = elsewhere.exclude(person__id_fingerprint=None).select_related(
        "person", "household__entrance", "household__building__compound"
    )
    door = {name: lines[-1][name] for name in ("楼栋", "单元", "房号", "户编号")}
    lines += [_line(one) | door | {"与户主关系": "其他亲属"} for one in mover.order_by("pk")[3:5]]
    child = people.make(FEMALE, 31)
    lines.append(
        lines[-3] | {"姓名": child.name, "证件号码": child.id_number, "与户主关系": "其他亲属"}
    )
    return lines


def _left_out(lines: list[Line], line: Line, people: People) -> None:
    lines.remove(line)


def _said_to_be_gone(lines: list[Line], line: Line, people: People) -> None:
    line["人员状态"] = "已迁出"


def _other_name(lines: list[Line], line: Line, people: People) -> None:
    line["姓名"] = line["姓名"][0] + people.make(FEMALE, 40).name[1:]


def _mistyped_id(lines: list[Line], line: Line, people: People) -> None:
    number = line["证件号码"]
    line["证件号码"] = number[:-1] + ("1" if number[-1] != "1" else "2")


def _other_id(lines: list[Line], line: Line, people: People) -> None:
    number = line["证件号码"]
    serial = f"{(int(number[14:17]) + 20) % 1000:03d}"
    line["证件号码"] = number[:14] + serial + check_digit(number[:14] + serial)


def _new_phone(lines: list[Line], line: Line, people: People) -> None:
    line["联系电话"] = people.make(MALE, 40).phone


_FAULTS = (
    _left_out, _said_to_be_gone, _other_name, _mistyped_id, _other_id, _new_phone, _other_name,
    _left_out, _left_out,
)  # fmt: skip


def _workbook(lines: list[Line]) -> bytes:
    stream = io.BytesIO()
    rows = ([str(line.get(name, "")) for name in HEADER] for line in lines)
    columns = [(name, 14) for name in HEADER]
    write_workbook(stream, columns, rows, title="居民花名册", note="填报：楼栋党小组")
    return stream.getvalue()


def _import(facts: GridFacts, name: str, data: bytes, staff: User) -> None:
    job = submit_import(
        kind="roster", under=facts.community.org, file_name=name, data=data, by=staff,
        options={"is_full": True},
    )  # fmt: skip
    run_import_jobs()
    job.refresh_from_db()
    form = FullListForm({"area": FullListForm.COVERED}, missing=missing_of(job))
    buildings = form.chosen() if form.is_valid() else []
    confirm_import(job=job, by=staff, options={"buildings": buildings})
    run_import_jobs()


def _decide_some(staff: User) -> None:
    """One contradiction settled, one of the missing found at home: the rest waits for somebody."""
    name = RosterConflict.objects.filter(kind=RosterConflict.Kind.NAME).order_by("pk").first()
    if name is not None:
        decide_conflict(
            conflict=name, choice=KEEP, by=staff, seen=seen_version(name), note="已电话核对，名字以户口簿为准"
        )  # fmt: skip
    missing = RosterAbsence.objects.filter(kind=RosterAbsence.Kind.MISSING).order_by("pk")
    decide_absences(
        rows=list(missing[:1]),
        choice=RosterAbsence.State.STAYS,
        by=staff,
        note="外出务工，春节回来",
    )


def _tenant_list(facts: GridFacts, people: People) -> bytes:
    """A landlord's list with two columns nobody knows: its columns are to be confirmed."""
    building = facts.buildings[1]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(TENANTS)
    for place, age in enumerate((23, 29, 34), 1):
        one = people.make(FEMALE if place % 2 else MALE, age)
        writer.writerow(
            [building.compound.name, building.name, f"{place}02", one.name, one.id_number,
             one.phone, "1500", f"HF{place:04d}"]
        )  # fmt: skip
    return stream.getvalue().encode("gb18030")
