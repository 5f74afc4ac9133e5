"""Load all of China's divisions (665,276 rows) and compare with a raw load of ready rows.

The file is looked for at BENCH_DIVISIONS, by default beside the repository.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from benchmarks.run import Figure

REPO = Path(__file__).resolve().parent.parent
DEFAULT = REPO.parent / "shared/data/divisions/cn_divisions_2023.csv.xz"
MOST_MB = 1536
ROUNDS = 3


def run() -> list[Figure]:
    from orgs.divisions.reading import read_divisions
    from orgs.models import OrgUnit, Region

    path = Path(os.environ.get("BENCH_DIVISIONS", DEFAULT))
    if not path.exists():
        print(f"divisions: no file {path.name}; set BENCH_DIVISIONS", file=sys.stderr)
        return []
    names = read_divisions(path).names
    floor = regions = memory = float("inf")
    for _ in range(ROUNDS):  # side by side, the best of each: neighbours disturb both alike
        floor = min(floor, raw_regions(names))
        empty(Region)
        seconds, memory = load(path)
        regions = min(regions, seconds)
        empty(Region)
    trees, tree_memory = load(path, "--streets")
    nodes = OrgUnit.objects.count()
    again, _ = load(path, "--streets")
    empty(OrgUnit, Region)
    return [
        Figure("divisions: 665,276 regions", regions, floor, 2, "raw load of ready rows"),
        Figure("divisions: the same, peak MB", memory, MOST_MB, 1, "1.5 GB"),
        Figure(
            f"divisions: regions and {nodes:,} org units", trees, floor, 8, "raw load of regions"
        ),
        Figure("divisions: the same, peak MB", tree_memory, MOST_MB, 1, "1.5 GB"),
        Figure("divisions: the same file again", again, floor, 4, "raw load of regions"),
    ]


def raw_regions(names: dict[str, str]) -> float:
    """Seconds to write ready rows with COPY or executemany, commit included."""
    from orgs.divisions.bulk import as_csv
    from orgs.divisions.codes import LEVEL_OF_LENGTH, parent_code

    rows: list[Sequence[Any]] = [
        (code, name, parent_code(code) or None, LEVEL_OF_LENGTH[len(code)])
        for code, name in names.items()
    ]
    columns = "code, name, parent_id, level"
    buffer = as_csv(rows) if connection.vendor == "postgresql" else None
    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        if buffer is not None:
            command = f"COPY orgs_region ({columns}) FROM STDIN WITH (FORMAT csv, NULL '\\N')"
            cursor.copy_expert(command, buffer)
        else:
            cursor.executemany(f"INSERT INTO orgs_region ({columns}) VALUES (%s,%s,%s,%s)", rows)
    return time.perf_counter() - started


def load(path: Path, *options: str) -> tuple[float, float]:
    """Run the command in a process of its own; return its seconds and its peak memory in MB."""
    done = subprocess.run(
        [sys.executable, "manage.py", "load_divisions", str(path), "--json", *options],
        cwd=REPO,
        env={**os.environ, "DATABASE_URL": scratch_url()},
        check=True,
        capture_output=True,
        text=True,
    )
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return json.loads(done.stdout)["seconds"], memory


def scratch_url() -> str:
    """The address of the scratch database the runner made."""
    made = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{made['NAME']}"
    login = f"{made['USER']}:{made['PASSWORD']}" if made["PASSWORD"] else made["USER"]
    return f"postgres://{login}@{made['HOST']}:{made['PORT']}/{made['NAME']}"


def empty(*models: Any) -> None:
    """Empty the tables and what points at them."""
    from orgs.models import AuditEntry

    tables = [model._meta.db_table for model in (*models, AuditEntry)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        else:
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")
            cursor.execute("VACUUM")
