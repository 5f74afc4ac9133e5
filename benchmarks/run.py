"""`make bench`: run every `bench_*.py` of this folder and print their figures as one table.

A benchmark is a module `benchmarks/bench_<subject>.py` with a function `run() -> list[Figure]`.
A figure is a ratio against a floor measured in the same run: the ratios count, not the seconds.
`python -m benchmarks.run NAME…` runs only the named ones; DATABASE_URL chooses the database.
"""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from unicodedata import east_asian_width

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured, in seconds, and the floor it is compared with.

    `limit` is the largest ratio allowed; `note` says what the floor is.
    """

    what: str
    seconds: float
    floor: float
    limit: float
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.seconds / self.floor if self.floor else float("inf")

    @property
    def holds(self) -> bool:
        return self.ratio <= self.limit


def names() -> list[str]:
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def show(figures: list[Figure]) -> str:
    """Return the table, one line a figure."""
    head = f"{padded('measured', 52)} {'seconds':>9} {'floor':>9} {'ratio':>7} {'limit':>6}      against"
    lines = [head, "-" * len(head)]
    for item in figures:
        verdict = "ok" if item.holds else "OVER"
        lines.append(
            f"{padded(item.what, 52)} {item.seconds:>9.4g} {item.floor:>9.4g} {item.ratio:>6.2f}× "
            f"{item.limit:>5.3g}× {verdict:<4} {item.note}"
        )
    return "\n".join(lines)


def padded(text: str, width: int) -> str:
    """Pad to a width in columns; a Chinese character takes two."""
    used = sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(0, width - used)


def main(wanted: list[str]) -> int:
    """Run the benchmarks in a scratch data folder; 1 when a figure is over its limit."""
    if unknown := sorted(set(wanted) - set(names())):
        print(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(names())}")
        return 2
    os.environ["DJANGO_SETTINGS_MODULE"] = "gridparty.settings"
    with tempfile.TemporaryDirectory(prefix="gridparty-bench-") as scratch:
        os.environ["GRIDPARTY_DATA_DIR"] = scratch
        import django
        from django.db import connection

        django.setup()
        # A database of its own on either server, made and dropped: real data is never touched.
        connection.settings_dict["TEST"]["NAME"] = (
            str(Path(scratch) / "bench.sqlite3")
            if connection.vendor == "sqlite"
            else f"{connection.settings_dict['NAME']}_bench"
        )
        real_name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        figures: list[Figure] = []
        try:
            for name in wanted or names():
                started = time.perf_counter()
                figures += importlib.import_module(f"benchmarks.bench_{name}").run()
                print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
        finally:
            connection.creation.destroy_test_db(real_name, verbosity=0)
        print(f"\n{connection.vendor}, {os.cpu_count()} cores")
        print(show(figures))
    return 0 if all(item.holds for item in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
