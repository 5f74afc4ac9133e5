"""今日任务: whom to visit today, in walking order; and how far the quarter is."""

from collections import defaultdict
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from gridparty.lib.periods import Quarter
from grids.models import Building, Grid
from orgs.models import User
from orgs.roles import CREATE, SEES, Noun, Role
from orgs.scope import can, has_role, refusal, require
from residents.care_rows import visit_light
from residents.display import shown_door
from residents.models import CareTag, Household, Residency
from residents.querysets import BLIND_DAYS, HouseholdQuerySet
from residents.sections import sections
from residents.tasklist import progress, route, visitable_by, waiting
from residents.visit_tabs import visit_tabs

# More doors than this nobody knocks at in a day; the next batch follows along the route.
STREAM = 60
CARE_AT_MOST = 500


@login_required
@never_cache
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """Care visits due and regular ones, door after door; `?only=care`, `?start=<building>`."""
    user: Any = request.user
    require(user, Noun.RESIDENT, SEES)
    day = timezone.localdate()
    homes = visitable_by(user)
    cared = due_by_home(user, homes, day)
    only_care = request.GET.get("only") == "care"
    regular = waiting(homes, day).exclude(pk__in=list(cared))
    wanted = homes.filter(pk__in=list(cared)) if only_care else regular
    regular_count = regular.count()
    buildings = _route(homes, cared, None if only_care else regular, request.GET.get("start", ""))
    batch, rest = _batch(buildings)
    rows = list(
        (wanted if only_care else regular).filter(building__in=[one.pk for one, _ in batch])
        .select_related("building__compound", "entrance", "grid").order_by("sort_key", "id")
    )  # fmt: skip
    if not only_care:
        rows += homes.filter(pk__in=list(cared), building__in=[one.pk for one, _ in batch]).select_related(
            "building__compound", "entrance", "grid"
        )  # fmt: skip
    full = set(
        Household.objects.in_full_to(user).filter(pk__in=[row.pk for row in rows])
        .values_list("pk", flat=True)
    )  # fmt: skip
    context = {
        "page_title": "今日走访任务",
        "sections": sections(user, "visits"), "visit_tabs": visit_tabs(user, "tasks"),
        "groups": _groups([one for one, _ in batch], rows, cared, full, day),
        "care_count": len(cared), "regular_count": regular_count, "only_care": only_care,
        "total": len(cared) + (0 if only_care else regular_count),
        "rest_url": _rest_url(rest, only_care),
        "first_url": reverse("residents:tasks") if request.GET.get("start") else "",
    }  # fmt: skip
    return render(request, "residents/visits/tasks.html", context)


def due_by_home(user: User, homes: HouseholdQuerySet, day: Any) -> dict[int, list[CareTag]]:
    """Return the care visits due for this worker, by household id."""
    if not can(user, Noun.CARE, SEES):
        return {}
    tags = CareTag.objects.visible_to(user).for_worker(user).due(day).for_list()
    found = list(tags.of_households(homes).order_by("due_on", "id")[:CARE_AT_MOST])
    lives = Residency.objects.filter(
        end=None, person__in=[tag.person_id for tag in found], household__in=homes.values("pk")
    )
    home_of = dict(lives.values_list("person_id", "household_id"))
    by_home: dict[int, list[CareTag]] = defaultdict(list)
    for tag in found:
        if tag.person_id in home_of:
            by_home[home_of[tag.person_id]].append(tag)
    return dict(by_home)


def _route(
    homes: HouseholdQuerySet, cared: dict[int, Any], regular: Any, start: str
) -> list[tuple[Building, int]]:
    """Return (building, doors that wait there) in walking order."""
    counts: dict[int, int] = defaultdict(int)
    for building in homes.filter(pk__in=list(cared)).order_by().values_list("building", flat=True):
        counts[building] += 1
    if regular is not None:
        for building, number in regular.order_by().values_list("building").annotate(Count("pk")):
            counts[building] += number
    rows = Building.objects.filter(pk__in=list(counts)).select_related("compound")
    ordered = route(list(rows), int(start) if start.isdecimal() and len(start) < 19 else None)
    return [(one, counts[one.pk]) for one in ordered]


def _batch(
    buildings: list[tuple[Building, int]],
) -> tuple[list[tuple[Building, int]], Building | None]:
    """Return the first buildings with about STREAM doors, and the one the next batch starts at."""
    doors = 0
    for index, (building, count) in enumerate(buildings):
        if index and doors + count > STREAM:
            return buildings[:index], building
        doors += count
    return buildings, None


def _rest_url(building: Building | None, only_care: bool) -> str:
    if building is None:
        return ""
    kind = "&only=care" if only_care else ""
    return f"{reverse('residents:tasks')}?start={building.pk}{kind}"


def _groups(
    buildings: list[Building], rows: list[Household], cared: dict[int, list[CareTag]],
    full: set[int], day: Any,
) -> list[dict[str, Any]]:  # fmt: skip
    by_building: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for home in sorted(rows, key=lambda row: (row.sort_key, row.pk)):
        tags = cared.get(home.pk, [])
        lights = [(tag, *visit_light(tag, day)) for tag in tags]
        by_building[home.building_id].append(
            {
                "home": home, "door": shown_door(home, full=home.pk in full), "tags": lights,
                "last": getattr(home, "last_reached", None),
                "again": getattr(home, "asked_again", False),
                "red": any(light == "red" for _, light, _ in lights),
            }
        )  # fmt: skip
    return [
        {"building": one, "doors": by_building[one.pk]}
        for one in buildings
        if by_building.get(one.pk)
    ]


@login_required
@never_cache
@require_GET
def visit_progress(request: HttpRequest) -> HttpResponse:
    """Per grid: distinct households reached this quarter, against the quota."""
    user: Any = request.user
    require(user, Noun.RESIDENT, SEES)
    if has_role(user, Role.CORRIDOR_HEAD) and not can(user, Noun.RESIDENT, CREATE):
        raise PermissionDenied(refusal(user, Noun.RESIDENT, SEES))
    quarter = Quarter.of(timezone.localdate())
    if request.GET.get("quarter") == "previous":
        quarter = quarter.previous()
    done = progress(Household.objects.visible_to(user), quarter)
    grids = Grid.objects.filter(pk__in=list(done)).select_related("community")
    rows = [(grid, done[grid.pk]) for grid in grids.order_by("community__name", "code")]
    rows.sort(key=lambda row: -1 if row[1].rate is None else row[1].rate)
    quota, reached = (
        sum(getattr(one, name) for one in done.values()) for name in ("quota", "reached")
    )
    context = {
        "page_title": "走访进度", "quarter": quarter, "quarter_key": str(quarter), "rows": rows,
        "untouched": sum(one.untouched for one in done.values()), "blind_days": BLIND_DAYS,
        "is_previous": request.GET.get("quarter") == "previous",
        "sections": sections(user, "visits"), "visit_tabs": visit_tabs(user, "progress"),
        "quota": quota, "reached": reached,
        "rate": min(100, reached * 100 // quota) if quota else None,
    }  # fmt: skip
    return render(request, "residents/visits/progress.html", context)
