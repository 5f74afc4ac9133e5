"""Which resources fit a need: four rules, each with its reason; fits ranked by way and load (§3B)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from residents.models import Need
from volunteers.matching.reasons import Reason, way_words
from volunteers.matching.values import metres
from volunteers.models import Claim, Resource
from volunteers.workflow import HOLDING


@dataclass(frozen=True)
class Fit:
    """A resource held against a need; `metres` None when a place is not known."""

    resource: Resource
    reasons: tuple[Reason, ...]
    metres: int | None
    load: int
    free: int

    @property
    def fits(self) -> bool:
        return all(reason.holds for reason in self.reasons)

    @property
    def order(self) -> tuple[bool, int, int, int]:
        """Fits first, then those with fewest rules broken, the nearest, the least burdened."""
        broken = sum(not reason.holds for reason in self.reasons)
        far = self.metres if self.metres is not None else 10**9
        return (not self.fits, broken, far, self.load)

    @property
    def way_words(self) -> str:
        if self.metres is None:
            return "距离未知（没有标位置）"
        return way_words(self.metres)


def fits_for(need: Need, resources: Any, today: date, wanted: int) -> list[Fit]:
    """Return the resources (a queryset `with_taken`, grids prefetched) in their order for `need`."""
    rows = list(resources.select_related("building", "unit").prefetch_related("grids"))
    held = Claim.objects.filter(
        unit__in={row.unit_id for row in rows}, status__in=HOLDING[:3]
    ).values_list("unit", flat=True)
    load = Counter(held)
    found = [_fit(need, row, today, wanted, load[row.unit_id]) for row in rows]
    return sorted(found, key=lambda fit: (*fit.order, fit.resource.pk))


def _fit(need: Need, resource: Any, today: date, wanted: int, load: int) -> Fit:
    free = resource.capacity - resource.taken
    grids = {grid.pk for grid in resource.grids.all()}
    by_day = need.wanted_by
    late = by_day is not None and by_day < max(resource.available_from, today)
    over = resource.valid_until is not None and resource.valid_until < today
    here = resource.community_id in (None, need.household.community_id) and (
        not grids or need.household.grid_id in grids
    )
    return Fit(
        resource,
        (
            Reason(need.kind in resource.need_kinds,
                   f"能解决：{resource.need_words}" if need.kind in resource.need_kinds
                   else f"不解决“{need.get_kind_display()}”"),
            Reason(here, "服务范围包含这个网格" if here else "这个网格不在服务范围"),
            Reason(not (late or over), _time_words(resource, late=late, over=over)),
            Reason(free >= wanted, f"余 {free}{resource.measure}，需要 {wanted}"),
        ),
        _metres(need.household.building, resource.building), load, free,
    )  # fmt: skip


def _time_words(resource: Resource, *, late: bool, over: bool) -> str:
    if over:
        return "已经过了有效期"
    if late:
        return f"{resource.available_from:%m月%d日}起才可用，赶不上期望时间"
    return f"时间合适{f'（{resource.times}）' if resource.times else ''}"


def _metres(one: Any, other: Any) -> int | None:
    """Return the way between two buildings in metres, None when a place is unknown."""
    if one is None or other is None or None in (one.longitude, other.longitude):
        return None
    return round(metres((one.longitude, one.latitude), (other.longitude, other.latitude)))
