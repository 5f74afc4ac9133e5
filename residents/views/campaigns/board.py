"""One campaign: its figures, its progress by community, grid or building, the counts of answers."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from gridparty.lib.text import row_id
from grids.models import Building, Grid
from orgs.models import OrgUnit
from orgs.roles import EDIT
from residents.campaigns.querysets import CampaignDoorQuerySet
from residents.campaigns.questions import CHOSEN, field_of, options_of
from residents.campaigns.states import MANY_TRIES, DoorStatus, State
from residents.models import Campaign, CampaignQuestion, Deployment
from residents.services.rounds import tallies_of
from residents.views.campaigns.access import doors_of, fetch_campaign, leads

STATUS_LEVELS = (
    (DoorStatus.VISITED, "green"), (DoorStatus.TODO, ""), (DoorStatus.ABSENT, "yellow"),
    (DoorStatus.REFUSED, "red"),
)  # fmt: skip


@login_required
@never_cache
@require_GET
def campaign_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft shows what will be asked; an opened round how far it has come in the user's view."""
    user: Any = request.user
    campaign = fetch_campaign(user, pk)
    context: dict[str, Any] = {
        "page_title": campaign.name,
        "campaign": campaign,
        "questions": list(campaign.questions.all()),
        "leads": leads(user, campaign),
        "user_name": user.display_name,
        "today": timezone.localdate(),
    }
    if campaign.is_draft:
        return render(request, "residents/campaigns/draft.html", context)
    doors = doors_of(user, campaign)
    level, rows = _progress(request, campaign, doors)
    sent = Deployment.objects.visible_to(user).filter(campaign=campaign)
    context |= {
        "stats": _stats(campaign, doors.figures()),
        "level": level,
        "rows": rows,
        "tallies": _tallies(campaign, context["questions"], doors),
        "may_work": campaign.is_open and doors_of(user, campaign, EDIT).exists(),
        "deployed": sent.heads(),
        "crumbs": _crumbs(request, campaign),
    }
    return render(request, "residents/campaigns/detail.html", context)


def _list_url(campaign: Campaign, **query: Any) -> str:
    address = reverse("residents:campaign_doors", args=[campaign.pk])
    asked = "&".join(f"{name}={value}" for name, value in query.items() if value)
    return f"{address}?{asked}" if asked else address


def _stats(campaign: Campaign, figures: dict[str, int]) -> list[dict[str, Any]]:
    """Return the figures, each with the list it counts."""
    total = figures["total"]
    rate = f"完成 {figures['visited'] * 100 // total}%（已访 ÷ 应访）" if total else ""
    found = [{"label": "应访", "value": total, "url": _list_url(campaign), "formula": rate}]
    found += [
        {"label": str(status.label), "value": figures[status], "level": level if figures[status] else "",
         "url": _list_url(campaign, status=status.value)}
        for status, level in STATUS_LEVELS
    ]  # fmt: skip
    found.append(
        {"label": f"无人 {MANY_TRIES} 次以上", "value": figures["exceptions"],
         "level": "red" if figures["exceptions"] else "",
         "url": _list_url(campaign, status="exceptions")}
    )  # fmt: skip
    return found


def _asked(request: HttpRequest, name: str) -> int | None:
    return row_id(request.GET.get(name, ""))


def _progress(
    request: HttpRequest, campaign: Campaign, doors: CampaignDoorQuerySet
) -> tuple[str, list[dict[str, Any]]]:
    """Return (what the rows are, rows): communities, grids of one, or buildings of one grid.

    Where a layer has a single row the next one is shown at once.
    """
    page = reverse("residents:campaign", args=[campaign.pk])
    grid, community = _asked(request, "grid"), _asked(request, "community")
    if grid is None and community is None:
        rows = doors.figures_by("community_id")
        if len(rows) != 1:
            names = OrgUnit.objects.in_bulk(rows)
            ordered = sorted(rows, key=lambda pk: (names[pk].tree_id, names[pk].lft))
            return "社区", [
                _line(campaign, names[pk], rows[pk], f"{page}?community={pk}", community=pk)
                for pk in ordered
            ]
    if grid is None:
        inside = doors.filter(community=community) if community is not None else doors
        rows = inside.figures_by("grid_id")
        if len(rows) != 1:
            grids = Grid.objects.in_bulk(rows)
            return "网格", [
                _line(campaign, grids[pk], rows[pk], f"{page}?grid={pk}", grid=pk)
                for pk in sorted(rows, key=lambda pk: grids[pk].code)
            ]
        grid = next(iter(rows))
    rows = doors.filter(grid=grid).figures_by("building_id")
    houses = Building.objects.select_related("compound").in_bulk(rows)
    ordered = sorted(rows, key=lambda pk: (houses[pk].compound.name, houses[pk].sort_key))
    return "楼栋", [
        _line(campaign, houses[pk], rows[pk], "", grid=grid, building=pk) for pk in ordered
    ]


def _line(
    campaign: Campaign, place: Any, figures: dict[str, int], url: str, **where: int
) -> dict[str, Any]:
    """Return one row of progress; every number with its list."""
    return {
        "name": str(place),
        "url": url or _list_url(campaign, **where),
        "percent": figures["visited"] * 100 // figures["total"],
        "cells": [
            {"label": label, "value": figures[name], "url": _list_url(campaign, **where, status=asked)}
            for label, name, asked in (
                ("应访", "total", ""), ("已访", "visited", "visited"), ("未访", "todo", "todo"),
                ("无人", "absent", "absent"), ("拒访", "refused", "refused"),
            )
        ],
    }  # fmt: skip


def _crumbs(request: HttpRequest, campaign: Campaign) -> list[dict[str, str]]:
    crumbs = [
        {"label": "居民", "url": reverse("residents:households")},
        {"label": "专项排查", "url": reverse("residents:campaigns")},
    ]
    if request.GET.get("grid") or request.GET.get("community"):
        crumbs.append(
            {"label": campaign.name, "url": reverse("residents:campaign", args=[campaign.pk])}
        )
        return [*crumbs, {"label": "分区域", "url": ""}]
    return [*crumbs, {"label": campaign.name, "url": ""}]


def _tallies(
    campaign: Campaign, questions: list[CampaignQuestion], doors: CampaignDoorQuerySet
) -> list[dict[str, Any]]:
    """Return the counts of every closed question that is not sensitive, in the user's view.

    After the answers are gone, what was kept: the counts of the whole round.
    """
    asked = [one for one in questions if one.kind in CHOSEN and not one.sensitive]
    if not asked:
        return []
    kept = campaign.tallies if campaign.state == State.PURGED else tallies_of(campaign, doors)
    return [
        {
            "text": one.text,
            "counts": [
                (word, kept.get(field_of(one), {}).get(word, 0)) for word in options_of(one)
            ],
        }
        for one in asked
    ]
