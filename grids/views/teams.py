"""The teams of many grids: what is vacant, whose term ends, and how complete they are."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from grids.forms import TEAM_LISTS, TeamFilterForm
from grids.models import Grid, GridTeamMember
from grids.querysets import GridQuerySet
from grids.resources import day_text
from grids.staffing import completeness_of, vacancies_of
from orgs.audit import describe_actions, record
from orgs.roles import VIEW, Noun
from orgs.scope import require
from orgs.workbook import Cell, as_csv

describe_actions(grid__export_team="导出队伍清单")
SHOWN_AT_MOST = 500
COLUMNS = (("社区", 20), ("网格", 16), ("岗位", 20), ("姓名", 10), ("任期至", 12))


@login_required
@require_GET
def teams(request: HttpRequest) -> HttpResponse:
    """Figures over the active grids in view, and the list the chosen figure counts."""
    user: Any = request.user
    require(user, Noun.GRID, VIEW)
    mine = Grid.objects.visible_to(user).assessed()
    form = TeamFilterForm(request.GET, grids=mine)
    context: dict[str, Any] = {"page_title": "网格队伍", "form": form}
    if not form.is_valid():
        return render(request, "grids/teams.html", context, status=400)
    grids = _within(mine, form)
    show = form.cleaned_data["show"] or "vacant"
    rows = _rows(grids, show)
    context |= {
        "figures": _figures(grids, form),
        "title": TEAM_LISTS[show],
        "rows": rows[:SHOWN_AT_MOST],
        "count": len(rows),
        "more": len(rows) > SHOWN_AT_MOST,
        "query": request.GET.urlencode(),
    }
    return render(request, "grids/teams.html", context)


@login_required
@require_GET
def teams_export(request: HttpRequest) -> HttpResponse:
    """All rows of the chosen list as CSV."""
    user: Any = request.user
    require(user, Noun.GRID, VIEW)
    mine = Grid.objects.visible_to(user).assessed()
    form = TeamFilterForm(request.GET, grids=mine)
    if not form.is_valid():
        raise Http404
    rows = _rows(_within(mine, form), form.cleaned_data["show"] or "vacant")
    cells: list[list[Cell]] = [
        [str(grid.community), grid.name, slot.name, person, day_text(term_end)]
        for grid, slot, person, term_end in rows
    ]
    record(by=user, action="grid.export_team", target=Grid, detail={"rows": len(cells)})
    name = f"attachment; filename=grid-teams-{timezone.localdate():%Y%m%d}.csv"
    return HttpResponse(
        as_csv(COLUMNS, cells), "text/csv; charset=utf-8", headers={"Content-Disposition": name}
    )


def _within(mine: GridQuerySet, form: TeamFilterForm) -> GridQuerySet:
    community = form.cleaned_data.get("community")
    found = mine.filter(community=community) if community else mine
    return found.select_related("community").order_by("code")


def _rows(grids: GridQuerySet, show: str) -> list[tuple[Any, Any, str, Any]]:
    """Return (grid, slot, person's name or "", term end) of the list `show`."""
    day = timezone.localdate()
    if show == "vacant":
        return [(one.grid, one.slot, "", None) for one in vacancies_of(grids, day)]
    members = (
        GridTeamMember.objects.term_ends_within(day, int(show))
        .filter(grid__in=grids.order_by().values("pk"))
        .select_related("grid__community", "slot", "person")
        .order_by("term_end", "grid__code")
    )
    return [(one.grid, one.slot, one.person.name, one.term_end) for one in members]


def _figures(grids: GridQuerySet, form: TeamFilterForm) -> list[dict[str, Any]]:
    day = timezone.localdate()
    teams = completeness_of(grids, day).values()
    filled, needed = sum(one.filled for one in teams), sum(one.needed for one in teams)
    ending = GridTeamMember.objects.filter(grid__in=grids.order_by().values("pk"))
    counts = {
        "vacant": needed - filled,
        "30": ending.term_ends_within(day, 30).count(),
        "60": ending.term_ends_within(day, 60).count(),
    }
    community = form.cleaned_data.get("community")
    place = f"&community={community.pk}" if community else ""
    address = reverse("grids:teams")
    rate = {
        "label": "队伍齐配率", "value": f"{filled / needed:.1%}" if needed else None,
        "url": f"{address}?show=vacant{place}", "unit": "", "level": "",
        "formula": f"到岗 {filled} ÷ 应配 {needed}",
    }  # fmt: skip
    return [
        rate,
        *(
            {
                "label": TEAM_LISTS[show], "value": count, "url": f"{address}?show={show}{place}",
                "unit": "个" if show == "vacant" else "人", "level": "yellow" if count else "",
                "formula": "",
            }
            for show, count in counts.items()
        ),
    ]  # fmt: skip
