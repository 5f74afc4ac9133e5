"""Residents report without a log-in: choose the place (or scan it), fill in, get a code."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from cases.forms.report import PublicReportForm
from cases.limits import PUBLIC_REPORTS
from cases.models import Case
from cases.services import MoveRefused
from cases.views.tracking import remember
from gridparty.lib.text import row_id
from grids.catalog import GridStatus
from grids.models import Building, Grid
from orgs.levels import Tier
from orgs.models import OrgUnit

LAST_REPORT = "last_report"
TOO_MANY = "这个网络地址一小时内提交得太多了。请稍后再试；急事请直接联系社区。"


@never_cache
def report(request: HttpRequest) -> HttpResponse:
    """`?grid=<15 digits>` from a QR code opens the form; otherwise street, community, grid."""
    code = request.POST.get("grid") or request.GET.get("grid", "")
    if not code:
        return _choose(request)
    grid = (
        Grid.objects.filter(code=code, status=GridStatus.ACTIVE)
        .select_related("community", "street")
        .first()
    )
    if grid is None:
        return _choose(request, unknown=True)
    if request.method != "POST":
        # The code at an entrance names its building, too.
        building = Building.objects.filter(
            grid=grid, pk=row_id(request.GET.get("building", "")) or 0
        )
        form = PublicReportForm(grid=grid, initial={"building": building.first()})
        return _form_page(request, form, grid)
    return _submit(request, grid)


def _submit(request: HttpRequest, grid: Grid) -> HttpResponse:
    form = PublicReportForm(request.POST, request.FILES, grid=grid)
    if not form.is_valid():
        return _form_page(request, form, grid, 400)
    if form.is_robot:
        form.add_error(None, "提交没有通过检查，请刷新页面后重新填写。")
        return _form_page(request, form, grid, 400)
    if PUBLIC_REPORTS.is_spent(request):
        form.add_error(None, TOO_MANY)
        return _form_page(request, form, grid, 429)
    try:
        case = form.report(grid)
    except MoveRefused as refusal:
        form.refuse(refusal)
        return _form_page(request, form, grid, refusal.http_status)
    PUBLIC_REPORTS.count(request)
    request.session[LAST_REPORT] = case.pk
    remember(request, case)
    return redirect("cases:public_thanks")


def _form_page(
    request: HttpRequest, form: PublicReportForm, grid: Grid, status: int = 200
) -> HttpResponse:
    context = {"page_title": "我要反映", "public_active": "report", "form": form, "grid": grid}
    return render(request, "cases/public_report.html", context, status=status)


def _choose(request: HttpRequest, *, unknown: bool = False) -> HttpResponse:
    """One step of choosing the place; every step is a page of links, no script needed."""
    context: dict[str, Any] = {
        "page_title": "我要反映", "public_active": "report", "unknown": unknown,
    }  # fmt: skip
    community = _org(request.GET.get("community", ""))
    street = _org(request.GET.get("street", ""))
    grids = Grid.objects.filter(status=GridStatus.ACTIVE)
    if community is not None:
        context |= {"step": "grid", "chosen": community, "grids": _grids_of(community)}
    elif street is not None:
        served = OrgUnit.objects.filter(
            pk__in=grids.filter(street=street).values("community_id")
        ).order_by("division_code")
        context |= {"step": "community", "chosen": street, "places": list(served)}
    else:
        roots = OrgUnit.objects.filter(pk__in=grids.values("street_id"))
        context |= {"step": "street", "districts": _by_district(roots)}
    return render(request, "cases/public_place.html", context, status=404 if unknown else 200)


def _org(code: str) -> OrgUnit | None:
    """Return the street or community with this division code."""
    if not (code.isascii() and code.isdigit()):
        return None
    found: OrgUnit | None = OrgUnit.objects.active().filter(division_code=code).first()
    return found


def _by_district(roots: Any) -> list[tuple[str, list[OrgUnit]]]:
    """Return the roots under the names of their districts."""
    groups: dict[str, list[OrgUnit]] = {}
    rows = roots.select_related("region__parent", "region__parent__parent")
    for root in rows.order_by("division_code"):
        region = root.region
        while region is not None and len(region.code) > 6:
            region = region.parent
        groups.setdefault(region.name if region else "", []).append(root)
        root.is_community = root.tier == Tier.COMMUNITY
    return list(groups.items())


def _grids_of(community: OrgUnit) -> list[dict[str, Any]]:
    """Return the community's grids, each with where it is in words."""
    buildings = Building.objects.select_related("compound").order_by("compound__name", "sort_key")
    rows = (
        Grid.objects.filter(community=community, status=GridStatus.ACTIVE)
        .prefetch_related(Prefetch("buildings", buildings))
        .order_by("code")
    )
    return [{"grid": grid, "where": _where(grid)} for grid in rows]


def _where(grid: Grid) -> str:
    """Return "阳光花园 1栋、2栋 等 8 栋" for residents who do not know their grid's name."""
    compounds: dict[str, list[str]] = {}
    for building in grid.buildings.all():
        compounds.setdefault(building.compound.name, []).append(building.name)
    parts = [
        f"{name} {'、'.join(names[:3])}{f' 等 {len(names)} 栋' if len(names) > 3 else ''}"
        for name, names in compounds.items()
    ]
    return "；".join(parts) or grid.area_note


@never_cache
def thanks(request: HttpRequest) -> HttpResponse:
    """The tracking code of the report just sent; the address holds no code."""
    case = Case.objects.for_detail().filter(pk=request.session.get(LAST_REPORT, 0)).first()
    if case is None:
        return redirect("cases:public_report")
    context = {
        "page_title": "已收到，谢谢您", "public_active": "report", "case": case, "now": timezone.now(),
    }  # fmt: skip
    return render(request, "cases/public_thanks.html", context)
