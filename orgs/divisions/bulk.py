"""Write many ready rows at once: COPY on PostgreSQL, executemany elsewhere."""

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

_BATCH = 20_000


def insert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows of plain values in the order of `columns` (database names). None is NULL."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = ", ".join(map(quote, columns))
    stream = iter(rows)
    with connection.cursor() as cursor:
        while batch := list(islice(stream, _BATCH)):
            if connection.vendor == "postgresql":
                command = f"COPY {table} ({names}) FROM STDIN WITH (FORMAT csv, NULL '\\N')"
                cursor.copy_expert(command, as_csv(batch))
            else:
                marks = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", batch)  # noqa: S608


def as_csv(rows: Iterable[Sequence[Any]]) -> io.StringIO:
    """Return the rows as COPY reads them, \\N for None; an empty string stays one."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(
        row if None not in row else ["\\N" if cell is None else cell for cell in row]
        for row in rows
    )
    buffer.seek(0)
    return buffer


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """Reserve `count` primary keys that no other writer can take."""
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, count],
            )
            return [row[0] for row in cursor.fetchall()]
    # SQLite: we hold the write lock, and AUTOINCREMENT follows explicit ids by itself.
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        known = cursor.fetchone()
    first = (known[0] if known else 0) + 1
    return list(range(first, first + count))
