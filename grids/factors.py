"""What a division weighs: per grid its buildings, households, people, Party members and area."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from grids.catalog import GridKind, GridStatus, size_warning
from grids.models import Building, Grid, GridShape
from grids.querysets import related_rows
from orgs.models import OrgUnit
from orgs.roles import SEES, STATS


@dataclass(frozen=True)
class Factors:
    """One grid's numbers on a day; `warning` is the sentence of the size rule (500; 300–700)."""

    grid: int
    name: str
    code: str
    kind: str
    status: str
    buildings: int
    households: int
    people: int
    members: int
    area_m2: float | None
    warning: str

    @property
    def hectares(self) -> float | None:
        return None if self.area_m2 is None else self.area_m2 / 10_000

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def factors_of(community: OrgUnit, user: Any, day: date) -> list[Factors]:
    """Return the factors of every live grid of the community by code, in five queries.

    Households and people are those the user may count.
    """
    grids = list(Grid.objects.live().filter(community=community).order_by("code"))
    homes = related_rows(Grid, "households").visible_to(user, SEES + STATS).open()
    homes = homes.filter(grid__in=grids)
    living = related_rows(homes.model, "residencies").current(day).filter(household__in=homes)
    person = Count("person", distinct=True)
    member = Q(person__membership__isnull=False, person__membership__left_on=None)
    buildings = _by_grid(Building.objects.filter(grid__in=grids), "grid", Count("pk"))
    households = _by_grid(homes, "grid", Count("pk"))
    people = _by_grid(living, "household__grid", person)
    members = _by_grid(living.filter(member), "household__grid", person)
    areas = dict(GridShape.objects.filter(grid__in=grids).values_list("grid", "area_m2"))
    return [
        Factors(
            grid=one.pk, name=one.name, code=one.code, kind=one.get_kind_display(),
            status=one.get_status_display(), buildings=buildings.get(one.pk, 0),
            households=households.get(one.pk, 0), people=people.get(one.pk, 0),
            members=members.get(one.pk, 0), area_m2=areas.get(one.pk),
            warning=_warning(one, households.get(one.pk, 0)),
        )
        for one in grids
    ]  # fmt: skip


def _by_grid(rows: Any, column: str, total: Any) -> dict[int, int]:
    return dict(rows.order_by().values_list(column).annotate(total=total))


def _warning(grid: Grid, households: int) -> str:
    counted = grid.status == GridStatus.ACTIVE and grid.kind == GridKind.RESIDENTIAL
    return size_warning(households) if counted else ""
