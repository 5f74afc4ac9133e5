"""Import a roster of 100,000 people × 24 columns, against reading it and a raw load of its rows.

The floor reads the same file with the same reader and writes the same people, households and
residencies as ready rows (executemany, COPY on PostgreSQL) into the emptied tables, the cycle
collector off as in the import. The import besides checks every cell, finds doors and people,
encrypts id, phone and birth date and keeps a journal. Preview and the same file again are held
against the first import: both read the file, which alone is half of the floor on SQLite.

On SQLite everything happens in this process, and its processor time is taken: a busy machine
stretches wall time tenfold. On PostgreSQL the server works, too, so there it is wall time.
BENCH_ROSTER_PEOPLE sets another size.
"""

from __future__ import annotations

import gc
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from benchmarks.run import Figure

PEOPLE = int(os.environ.get("BENCH_ROSTER_PEOPLE", "100000"))
MOST_MB = 600
TODAY = date(2026, 6, 30)
HOUSEHOLDS_PER_BUILDING = 120
HEADER = [
    "小区名称", "楼栋", "单元", "房号", "户编号", "姓名", "与户主关系", "性别", "民族", "证件类型",
    "证件号码", "出生日期", "政治面貌", "文化程度", "婚姻状况", "联系电话", "居住状态", "户籍地址",
    "重点人群", "备注", "所属网格", "工作单位", "入住日期", "是否志愿者",
]  # fmt: skip


def run() -> list[Figure]:
    from orgs.models import Person
    from residents.models import CareTag, Household, Residency
    from residents.roster.sheets import read_sheets
    from residents.services.roster import import_roster

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        write_roster(path)
        data = path.read_bytes()
        community = build_street()
        clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
        started = clock()
        read_sheets(data)
        reading = clock() - started
        seconds = {}
        for name in ("preview", "first", "again"):
            started = clock()
            counts = import_roster(
                data=data, communities=[community], today=TODAY, by=None,
                dry_run=name == "preview", job_id=new_job(community),
            ).counts  # fmt: skip
            seconds[name] = clock() - started
            if counts.create != (0 if name == "again" else PEOPLE):
                raise RuntimeError(f"{name}: {counts.create} of {PEOPLE} created")
        memory = peak_memory(path, community.division_code or "")
        floor = raw_load(path, [Person, Household, Residency, CareTag], clock)
    if Residency.objects.count() != PEOPLE:
        raise RuntimeError("not everybody was stored")
    homes = Household.objects.count()
    against = "read + raw load of ready rows"
    first = seconds["first"]
    return [
        Figure(f"roster: {PEOPLE:,} people, {homes:,} homes", first, floor, 2, against),
        Figure("roster: preview of the same", seconds["preview"], first, 0.6, "the import"),
        Figure("roster: the same file again", seconds["again"], first, 1.2, "the import"),
        Figure("roster: reading alone, with its checks", reading, floor, 1, against),
        Figure("roster: peak MB of an import", memory, MOST_MB, 1, "600 MB"),
    ]


def write_roster(path: Path) -> None:
    """A roster of synthetic people: ids under 349901, which no division bears, mobiles on 169."""
    import xlsxwriter

    from gridparty.lib.citizen_id import check_digit

    rng = random.Random(7)
    surnames, given = (
        "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗",
        "伟芳娜秀英敏静丽强磊军洋勇艳杰涛明超兰霞平刚桂",
    )
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("居民花名册")
    sheet.write_row(0, 0, HEADER)
    row = household = 0
    while row < PEOPLE:
        building, inside = divmod(household, HOUSEHOLDS_PER_BUILDING)
        unit, flat = divmod(inside, HOUSEHOLDS_PER_BUILDING // 2)
        household += 1
        address = f"示范省示范市示范区示例路{rng.randrange(300)}号" if rng.random() < 0.25 else ""
        for place in range(min(rng.choice((1, 2, 3, 3, 4, 5)), PEOPLE - row)):
            age = rng.randrange(25, 70) if place < 2 else rng.randrange(1, 90)
            born = date(2025 - age, 1, 1) + timedelta(days=rng.randrange(365))
            first = f"349901{born:%Y%m%d}{row % 1000:03d}"
            # Three digits tell a thousand people of one day apart: the area code does the rest.
            first = f"{349901 + row // 1000}{first[6:]}"
            sheet.write_row(
                row + 1,
                0,
                [
                    "示范花园", f"{building + 1}栋", f"{unit + 1}单元", f"{flat // 4 + 1}{flat % 4 + 1:02d}",
                    f"{household:06d}",
                    rng.choice(surnames) + "".join(rng.choices(given, k=rng.choice((1, 2, 2)))),
                    ("户主", "配偶")[place] if place < 2 else rng.choice(("子女", "子女", "父母", "孙子女")),
                    "男" if int(first[16]) % 2 else "女",
                    "汉族" if rng.random() < 0.97 else "回族",
                    "居民身份证", first + check_digit(first), born.isoformat(),
                    rng.choice(("群众", "群众", "群众", "中共党员", "共青团员")),
                    rng.choice(("小学", "初中", "高中", "大专", "本科", "")),
                    "已婚" if place < 2 else "未婚",
                    f"169{row:08d}" if rng.random() < 0.75 else "",
                    "流动" if address else "常住", address,
                    "高龄老人" if age >= 80 else "", "", "第1网格",
                    f"示范市第{rng.randrange(400)}工程公司" if 20 <= age < 60 else "",
                    f"20{rng.randrange(10, 25)}-{rng.randrange(1, 13):02d}-15",
                    "是" if rng.random() < 0.05 else "否",
                ],
            )  # fmt: skip
            row += 1
    book.close()


def new_job(community: Any) -> int:
    """An import job, so that the journal for undo and resuming is written and measured, too."""
    from orgs.models import ImportJob

    return ImportJob.objects.create(
        kind="roster", under=community, street=community.get_root(), file_name="册", file_hash="1"
    ).pk


def build_street() -> Any:
    """One community with enough buildings; returns it."""
    from gridparty.lib.text import natural_key
    from grids.models import Building, Compound, Entrance, Grid
    from orgs.levels import OrgForm, Tier
    from orgs.models import OrgUnit, Region

    for code, name, level in (("34", "示范省", 1), ("3499", "示范市", 2), ("349901", "示范区", 3)):
        Region.objects.create(code=code, name=name, level=level, parent_id=code[:-2] or None)
    street = OrgUnit.objects.create(
        name="示范街道党工委", tier=Tier.STREET, org_form=OrgForm.WORKING_COMMITTEE,
        division_code="349901001",
    )  # fmt: skip
    community = OrgUnit.objects.create(
        name="示范社区党委", tier=Tier.COMMUNITY, org_form=OrgForm.COMMITTEE, parent=street,
        division_code="349901001001",
    )  # fmt: skip
    grid = Grid.objects.create(
        code="349901001001001", name="第1网格", district_id="349901", street=street,
        community=community,
    )  # fmt: skip
    compound = Compound.objects.create(community=community, name="示范花园")
    count = PEOPLE // HOUSEHOLDS_PER_BUILDING + 1
    buildings = Building.objects.bulk_create(
        Building(
            compound=compound, grid=grid, district_id="349901", street=street,
            community=community, name=f"{number}栋", sort_key=natural_key(f"{number}栋"),
        )
        for number in range(1, count + 1)
    )  # fmt: skip
    Entrance.objects.bulk_create(
        Entrance(building=building, name=name, sort_key=natural_key(name))
        for building in buildings
        for name in ("1单元", "2单元")
    )
    return community


def raw_load(path: Path, models: list[Any], clock: Callable[[], float]) -> float:
    """Seconds to read the file and write the rows the tables hold now, into the emptied tables."""
    from python_calamine import CalamineWorkbook

    from orgs.divisions.bulk import insert_rows

    ready = [(model, *stored_rows(model)) for model in models]
    for model in reversed(models):
        model.objects.all()._raw_delete(connection.alias)
    gc.disable()
    started = clock()
    CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    with transaction.atomic():
        for model, columns, rows in ready:
            insert_rows(model, columns, rows)
    seconds = clock() - started
    gc.enable()
    return seconds


def stored_rows(model: Any) -> tuple[list[str], list[tuple[Any, ...]]]:
    columns = [field.column for field in model._meta.concrete_fields]
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {model._meta.db_table}")
        return columns, cursor.fetchall()


def peak_memory(path: Path, under: str) -> float:
    """Peak MB of the command importing the file, in a process of its own.

    Read from its own memory map: what `getrusage` says of a child begins with its parent's size.
    """
    from benchmarks.bench_divisions import scratch_url

    done = subprocess.run(
        [sys.executable, "-c", _COMMAND, str(path), under],
        cwd=Path(__file__).resolve().parent.parent,
        env={**os.environ, "DATABASE_URL": scratch_url()},
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stdout.split()[-2]) / 1024


_COMMAND = """
import sys, django
from django.core.management import call_command
django.setup()
call_command("import_roster", sys.argv[1], "--under", sys.argv[2], "--json")
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
