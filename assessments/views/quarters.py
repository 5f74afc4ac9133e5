"""The quarterly 双百分: the ranking of a quarter, and how one grid's score came about."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from assessments.indicators import INDICATORS, MIN_SAMPLE
from assessments.models import AssessmentItem, QuarterAssessment
from assessments.scoring import Part
from gridparty.lib.periods import Quarter
from orgs.roles import VIEW, Noun
from orgs.scope import require

PAGE_SIZE = 100


@dataclass(frozen=True)
class Explained:
    """An item with its indicator's name and formula, and the mark for few samples."""

    item: AssessmentItem
    name: str
    formula: str
    rate: Any
    is_small: bool

    @property
    def is_scored(self) -> bool:
        return self.item.full > Decimal(0)


@login_required
def quarters(request: HttpRequest) -> HttpResponse:
    require(request.user, Noun.ASSESSMENT, VIEW)
    visible = QuarterAssessment.objects.visible_to(request.user)
    known = sorted(visible.order_by().values_list("quarter", flat=True).distinct(), reverse=True)
    last = str(Quarter.of(timezone.now()).previous())
    chosen = request.GET.get("quarter") or (known[0] if known else last)
    try:
        Quarter.parse(chosen)
    except ValueError as error:
        raise Http404(str(error)) from error
    pages = Paginator(visible.filter(quarter=chosen).for_list(), PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    rows = list(page.object_list)
    context = {
        "page_title": "季度考核",
        "known": [(quarter, Quarter.parse(quarter).label) for quarter in known],
        "chosen": chosen,
        "rows": list(enumerate(rows, start=page.start_index())),
        "page": {
            "count": pages.count,
            "previous_url": _page_url(chosen, page.number - 1) if page.has_previous() else "",
            "next_url": _page_url(chosen, page.number + 1) if page.has_next() else "",
        },
        "computed_at": max((row.computed_at for row in rows if row.computed_at), default=None),
    }
    return render(request, "assessments/quarters.html", context)


@login_required
def quarter_detail(request: HttpRequest, pk: int) -> HttpResponse:
    require(request.user, Noun.ASSESSMENT, VIEW)
    visible = QuarterAssessment.objects.visible_to(request.user).for_list()
    assessment = get_object_or_404(visible, pk=pk)
    quarter = Quarter.parse(assessment.quarter)
    parts = [
        {
            "label": part.label,
            "score": getattr(assessment, part.value),
            "items": [_explain(item) for item in assessment.items.all() if item.part == part],
        }
        for part in Part
    ]
    context = {
        "page_title": f"{assessment.grid} {quarter.label}",
        "assessment": assessment,
        "quarter": quarter,
        "months": quarter.months,
        "parts": parts,
    }
    return render(request, "assessments/quarter_detail.html", context)


def _page_url(quarter: str, number: int) -> str:
    return f"?quarter={quarter}&page={number}"


def _explain(item: AssessmentItem) -> Explained:
    found = INDICATORS.get(item.indicator)
    return Explained(
        item,
        name=found.name if found else item.indicator,
        formula=found.formula if found else "",
        rate=item.rate,
        is_small=0 < item.denominator < MIN_SAMPLE,
    )
