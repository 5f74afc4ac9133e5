"""The newest 50 of a million cases, at every scope, against 50 rows by primary key.

Floor and figure read the same columns with the same joins, so the ratio is the price of scope,
filter and order. Deep pages go by keyset. 2 % of the cases are open, spread over all of them.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import NOT_PROVIDED

from benchmarks.run import Figure

TOTAL = 1_000_000
STREETS, COMMUNITIES, GRIDS = 20, 10, 5
ROUNDS = 20
MONTHS = 36


def run() -> list[Figure]:
    from cases.models import Case

    users = build_ground()
    fill_cases()
    rng = random.Random(7)
    low = Case.objects.order_by("pk").values_list("pk", flat=True)[0]

    def by_key() -> Any:
        chosen = [low + rng.randrange(TOTAL) for _ in range(50)]
        return Case.objects.for_list().filter(pk__in=chosen)

    middle = low + TOTAL // 2
    figures = []
    for scope, user in users.items():
        seen = Case.objects.visible_to(user)
        pages: dict[str, Callable[[], Any]] = {
            "newest": lambda seen=seen: seen.for_list()[:50],  # type: ignore[misc]
            "open": lambda seen=seen: seen.open().for_list()[:50],  # type: ignore[misc]
            "closed": lambda seen=seen: seen.filter(status="closed").for_list()[:50],  # type: ignore[misc]
            "deep page": lambda seen=seen: seen.filter(pk__lt=middle).for_list()[:50],  # type: ignore[misc]
            "waiting": lambda user=user: Case.objects.waiting_for(user).for_list()[:50],  # type: ignore[misc]
        }
        for name, page in pages.items():
            took, floor = side_by_side(page, by_key)
            figures.append(
                Figure(f"case list, {scope}: {name}", took, floor, 3, "50 by primary key")
            )
    return figures


def side_by_side(page: Callable[[], Any], floor: Callable[[], Any]) -> tuple[float, float]:
    """Return the best seconds of both, taken in turns: other work on the machine hits both alike."""
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS):
        for index, make in enumerate((page, floor)):
            queryset = make()
            start = time.perf_counter()
            list(queryset)
            best[index] = min(best[index], time.perf_counter() - start)
    return best[0], best[1]


def build_ground(
    streets: int = STREETS, communities: int = COMMUNITIES, per_community: int = GRIDS
) -> dict[str, Any]:
    """Make one district, of 1,000 grids by default; return a user for each scope, in its first street."""
    from grids.models import Grid, GridTeamMember, TeamSlot, TeamTemplate
    from orgs.levels import OrgForm, Tier
    from orgs.models import OrgUnit, Person, Region, RoleAssignment, User
    from orgs.roles import Role

    day = date(2024, 1, 1)
    for code, level in (("34", 1), ("3499", 2), ("349901", 3)):
        Region.objects.get_or_create(
            code=code, defaults={"name": code, "level": level, "parent_id": code[:-2] or None}
        )
    grids = []
    first: dict[str, Any] = {}
    for street_no in range(1, streets + 1):
        street = OrgUnit.objects.create(
            name=f"街道{street_no}", tier=Tier.STREET, org_form=OrgForm.WORKING_COMMITTEE
        )
        for community_no in range(1, communities + 1):
            community = OrgUnit.objects.create(
                name=f"社区{street_no}-{community_no}", tier=Tier.COMMUNITY,
                org_form=OrgForm.COMMITTEE, parent=street,
            )  # fmt: skip
            first.setdefault("street", street)
            first.setdefault("community", community)
            code = f"349901{street_no:03d}{community_no:03d}"
            grids += [
                Grid(
                    code=f"{code}{serial:03d}", name=f"第{serial}网格", district_id="349901",
                    street=street, community=community,
                )
                for serial in range(1, per_community + 1)
            ]  # fmt: skip
    Grid.objects.bulk_create(grids)

    def hire(name: str, role: str, **node: Any) -> User:
        user = User.objects.create(username=name, person=Person.objects.create(name=name))
        RoleAssignment.objects.create(user=user, role=role, start=day, **node)
        return user

    users = {
        "grid": hire("bench_grid", Role.GRID_HEAD, org_unit=first["community"]),
        "community": hire("bench_community", Role.COMMUNITY_STAFF, org_unit=first["community"]),
        "street": hire("bench_street", Role.DISPATCHER, org_unit=first["street"]),
        "district": hire("bench_district", Role.DISTRICT_OFFICIAL, region_id="349901"),
    }
    head = users["grid"].person
    assert head is not None
    template = TeamTemplate.objects.create(code="bench", name="bench")
    slot = TeamSlot.objects.create(
        template=template, code="head", name="网格长", role=Role.GRID_HEAD
    )
    GridTeamMember.objects.create(
        grid=Grid.objects.order_by("pk")[0], slot=slot, person=head, start=day
    )
    return users


def fill_cases(total: int = TOTAL, *, already: int = 0) -> None:
    """Insert cases up to `total` with one statement that both databases understand.

    98 % are closed, spread over MONTHS months, the newest now; `already` are there.
    """
    from django.utils import timezone

    from cases.models import Case, Category
    from grids.models import Grid

    category = Category.objects.get(slug="other-other")
    first_grid = Grid.objects.order_by("pk").values_list("pk", flat=True)[0]
    count = STREETS * COMMUNITIES * GRIDS
    status = (
        "CASE WHEN i % 50 <> 0 THEN 'closed' WHEN i % 250 = 0 THEN 'reported' "
        "WHEN i % 250 = 50 THEN 'called' WHEN i % 250 = 100 THEN 'verified' ELSE 'handling' END"
    )
    now = timezone.now()
    params: list[Any] = []

    is_postgres = connection.vendor == "postgresql"

    def moment() -> str:
        params.append(now)
        return "CAST(%s AS timestamp with time zone)" if is_postgres else "%s"

    def back_then() -> str:
        """The older a case's number, the longer ago."""
        params.append(now)
        ago = f"({total} - i) * {MONTHS * 30 * 86400 // (total - already)}"
        if is_postgres:
            return f"CAST(%s AS timestamp with time zone) - {ago} * INTERVAL '1 second'"
        return f"datetime(%s, '-' || ({ago}) || ' seconds')"

    special: dict[str, Callable[[], str]] = {
        "case_no": lambda: "'B' || i",
        "tracking_code": lambda: "CAST(10000000 + i AS varchar(8))",
        "district_id": lambda: "g.district_id", "street_id": lambda: "g.street_id",
        "community_id": lambda: "g.community_id", "grid_id": lambda: "g.id",
        "text": lambda: "'路灯不亮，编号 ' || i",
        "category_id": lambda: str(category.pk), "sla_class_id": lambda: str(category.sla_class_id),
        "source": lambda: "'web'", "status": lambda: status,
        "level": lambda: "CASE WHEN i % 3 = 0 THEN 'street' WHEN i % 3 = 1 THEN 'community' ELSE 'grid' END",
        "due_at": moment,
        "ended_at": lambda: f"CASE WHEN i % 50 <> 0 THEN {moment()} END",
        "closed_at": lambda: f"CASE WHEN i % 50 <> 0 THEN {back_then()} END",
    }  # fmt: skip
    columns, values = [], []
    for field in Case._meta.concrete_fields:
        if field.primary_key:
            continue
        columns.append(connection.ops.quote_name(str(field.column)))
        if field.column in special:
            values.append(special[field.column]())
        elif field.null:
            values.append("NULL")
        else:
            values.append(_default(field, moment))
    with connection.cursor() as cursor, without_indexes(cursor, "cases_case"):
        cursor.execute(
            f"INSERT INTO cases_case ({', '.join(columns)}) "
            f"WITH RECURSIVE n(i) AS (SELECT CAST({already + 1} AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < {total}) "
            f"SELECT {', '.join(values)} FROM n "
            f"JOIN grids_grid g ON g.id = {first_grid} + ((i * 7919) %% {count}) ORDER BY i".replace(
                "i % ", "i %% "
            ),
            params,
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def without_indexes(cursor: Any, table: str) -> Iterator[None]:
    """Load the table with its indexes away and its keys unchecked (PostgreSQL): ten times faster."""
    if connection.vendor != "postgresql":
        yield
        return
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN"
        " (SELECT conname FROM pg_constraint)", [table],
    )  # fmt: skip
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    cursor.execute("SET session_replication_role = replica")  # foreign keys hold by construction
    yield
    cursor.execute("SET session_replication_role = DEFAULT")
    for _, definition in indexes:
        cursor.execute(definition)


def _default(field: Any, moment: Callable[[], str]) -> str:
    if field.get_internal_type() == "DateTimeField":
        return moment()
    value = "" if field.default is NOT_PROVIDED else field.get_default()
    if isinstance(value, bool):
        return str(value).upper()
    return str(value) if isinstance(value, int) else f"'{value}'"
