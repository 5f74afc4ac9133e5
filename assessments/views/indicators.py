"""指标说明: every registered indicator, its formula and where it is scored; written by the registry."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from assessments import duties, outcomes  # noqa: F401  their indicators stand in the registry
from assessments.indicators import INDICATORS
from assessments.models import SchemeItem
from orgs.roles import VIEW, Noun
from orgs.scope import require


@login_required
@require_GET
def indicators(request: HttpRequest) -> HttpResponse:
    require(request.user, Noun.ASSESSMENT, VIEW)
    rules: dict[str, list[SchemeItem]] = {}
    manual: list[SchemeItem] = []
    newest: dict[str, int] = {}
    for rule in SchemeItem.objects.select_related("scheme").order_by(
        "-scheme__valid_from", "order"
    ):
        if newest.setdefault(rule.scheme.grid_kind, rule.scheme_id) != rule.scheme_id:
            continue  # an older version of the scheme
        if rule.manual:
            manual.append(rule)
        else:
            rules.setdefault(rule.indicator, []).append(rule)
    context = {
        "page_title": "指标说明",
        "rows": [(found, rules.get(found.code, [])) for found in INDICATORS.values()],
        "manual": manual,
    }
    return render(request, "assessments/indicators.html", context)
