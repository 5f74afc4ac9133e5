"""事项单: the customary sheet of a case, one a page; one case, or a list of the register to print at once."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cases.forms.ledger import LedgerForm
from cases.ledger import cases_of, for_ledger, ledger_rows
from cases.ledger_columns import WHICH
from cases.models import Case, LedgerScheme
from cases.views.detail import visible_case
from cases.views.ledger import chosen_cases, ledger_title, refused
from gridparty.lib.china_time import local_date
from orgs import audit
from orgs.roles import Noun
from orgs.scope import require

audit.describe_actions(ledger__sheets="打印事项单")
MOST_SHEETS = 100
COLUMNS = (
    "number", "source", "found_at", "finder", "grid", "category", "urgency", "due", "place", "text",
    "task", "lead", "person", "helpers", "done_at", "measure", "evidence", "revisit", "closer",
    "closed_at", "supervision", "remark",
)  # fmt: skip
# Cells that take the whole width of the sheet.
WIDE = ("text", "task", "measure", "place")


@login_required
@never_cache
@require_GET
def sheets(request: HttpRequest) -> HttpResponse:
    """The sheets of the list chosen on the register's page, at most MOST_SHEETS."""
    user: Any = request.user
    require(user, Noun.CASE, "V")
    form = LedgerForm(request.GET, user=user)
    if not form.is_valid():
        return refused("筛选条件有误，请回到台账重新选择。")
    asked = form.cleaned_data
    if asked["list"]["which"] not in WHICH:
        return refused("这张清单里不是事项，没有事项单；请在台账或问题清单里打印。")
    found = cases_of(chosen_cases(form, user), asked["list"]["which"], asked["month"])
    count = found.count()
    if count > MOST_SHEETS:
        return refused(f"共 {count} 件，一次最多打印 {MOST_SHEETS} 张事项单，请选一个网格或社区。")
    audit.record(
        by=user, action="ledger.sheets", target=Case,
        detail={"rows": count, "list": asked["list"]["code"], "month": str(asked["month"])},
    )  # fmt: skip
    back = f"../?{request.GET.urlencode()}"
    return _page(request, list(for_ledger(found)), asked["scheme"], ledger_title(form), back)


@login_required
@never_cache
@require_GET
def sheet(request: HttpRequest, case_id: int) -> HttpResponse:
    """The sheet of one case."""
    case = visible_case(request, case_id)
    rows = for_ledger(Case.objects.filter(pk=case.pk))
    scheme = LedgerScheme.objects.order_by("-is_active", "id").first()
    return _page(request, list(rows), scheme, f"事项单 {case.case_no}", "../")


def _page(
    request: HttpRequest, cases: Sequence[Case], scheme: Any, title: str, back: str
) -> HttpResponse:
    user: Any = request.user
    now = timezone.now()
    context = {
        "page_title": title, "rows": ledger_rows(cases, scheme, COLUMNS, now), "wide": WIDE,
        "back": back, "day": local_date(now), "user_name": user.display_name,
    }  # fmt: skip
    return render(request, "cases/sheets.html", context)
