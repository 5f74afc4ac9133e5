"""The very list behind one figure of a grid's assessment."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from assessments.duties import judged, rows_of_grid
from assessments.indicators import INDICATORS, Indicator, Rows
from assessments.services.compute import cutoff_of
from assessments.views.quarter_detail import fetch_assessment
from cases.models import Case
from gridparty.lib.periods import Quarter

PAGE_SIZE = 50


@login_required
@never_cache
@require_GET
def item_rows(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """All rows of the denominator, or only hits or misses; rows out of the user's sight are counted."""
    user: Any = request.user
    row = fetch_assessment(user, pk)
    found = INDICATORS.get(code)
    if found is None:
        raise Http404
    item = get_object_or_404(row.items, indicator=code)
    quarter = Quarter.parse(row.quarter)
    cutoff = cutoff_of(quarter, timezone.now())
    rows, aside = found.scored(quarter, cutoff), found.set_aside(quarter, cutoff)
    counted = rows_of_grid(rows, row.grid).annotate(is_hit=judged(rows))
    hits = counted.filter(is_hit=True)
    chosen = request.GET.get("hit", "")
    left_out = rows_of_grid(aside, row.grid) if aside else counted.none()
    shown = {"1": hits, "0": counted.filter(is_hit=False), "own": left_out}.get(chosen, counted)
    seen = _seen(rows, shown, user)
    pages = Paginator(seen, PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    total, hit = counted.count(), hits.count()
    context = {
        "page_title": f"{row.grid} {quarter.label} {found.name}",
        "assessment": row,
        "item": item,
        "found": found,
        "chosen": chosen,
        "tabs_of_rows": [
            ("", "全部", total),
            ("1", "计入分子", hit),
            ("0", "未计入", total - hit),
            *([("own", "自报自办，不计分", left_out.count())] if aside else []),
        ],
        "differs": row.is_frozen and (hit, total) != (item.numerator, item.denominator),
        "hidden": shown.count() - pages.count,
        "lines": _lines(found, rows, list(page.object_list)),
        "page": {
            "count": pages.count,
            "previous_url": f"?hit={chosen}&page={page.number - 1}" if page.has_previous() else "",
            "next_url": f"?hit={chosen}&page={page.number + 1}" if page.has_next() else "",
        },
    }
    return render(request, "assessments/item_rows.html", context)


def _seen(rows: Rows, shown: Any, user: Any) -> Any:
    """Return those the user may open: the row's own `visible_to`, or that of its case."""
    if rows.columns is None:
        keys = shown.values(rows.listed or rows.case or "pk")
        return Case.objects.visible_to(user).filter(pk__in=keys).for_list()
    may = shown.model.objects.visible_to(user).order_by().values("pk")
    return shown.filter(pk__in=may).order_by("pk")


def _lines(found: Indicator, rows: Rows, page: list[Any]) -> list[tuple[str, str]]:
    if rows.tell is not None:
        return [rows.tell(one) for one in page]
    return [
        (f"{case.case_no} {case.summary}（{case.status_label}）", f"/cases/{case.pk}/")
        for case in page
    ]
