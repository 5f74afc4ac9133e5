"""一台账三清单: the lists of a place and month, their export, the frozen months."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cases.filters import CaseFilter
from cases.forms.ledger import LedgerForm
from cases.ledger import all_rows, cases_of, fingerprint, for_ledger, header_of, ledger_rows
from cases.ledger_columns import WHICH
from cases.ledger_registry import other_lists
from cases.models import Case, LedgerFreeze
from cases.querysets import CaseQuerySet
from cases.services import MoveRefused
from cases.services.ledgers import freeze_month, may_freeze, number_cases
from cases.workflow import Status
from gridparty.lib.china_time import local
from grids.models import Grid
from orgs import audit
from orgs.paging import keyset_page
from orgs.roles import EDIT, STATS, Noun
from orgs.scope import can, require
from orgs.workbook import download

MOST_EXPORTED = 20_000


def chosen_cases(form: LedgerForm, user: Any) -> CaseQuerySet:
    """Return the user's cases at the chosen place, numbered up to the end of the month."""
    asked, now = form.cleaned_data, timezone.now()
    place = {
        name: asked[name] for name in ("street", "community", "grid") if asked[name] is not None
    }
    grids = Grid.objects.visible_to(user)
    if "grid" in place:
        grids = grids.filter(pk=place["grid"].pk)
    elif place:
        name = "community" if "community" in place else "street"
        grids = grids.filter(**{name: place[name]})
    communities = set(grids.order_by().values_list("community_id", flat=True).distinct())
    before = min(asked["month"].end, now)
    number_cases(scheme=asked["scheme"], communities=communities, before=before)
    return Case.objects.visible_to(user).filter(**place)


def _place(form: LedgerForm) -> dict[str, Any]:
    """Return the columns a row's place is narrowed by."""
    asked = form.cleaned_data
    return {name: asked[name] for name in ("street", "community", "grid") if asked[name]}


def ledger_title(form: LedgerForm) -> str:
    asked = form.cleaned_data
    place = asked["grid"] or asked["community"] or asked["street"]
    return f"{place or ''}{asked['list']['title']}（{asked['month'].label}）"


def _query(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for gone in ("before", "after"):
        query.pop(gone, None)
    for name, value in changes.items():
        query[name] = value
    return query.urlencode()


@login_required
@never_cache
@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """One list, with the others as tabs; overdue rows in red, what waits for 销号 with its button."""
    user: Any = request.user
    require(user, Noun.CASE, "V")
    form = LedgerForm(request.GET, user=user)
    if not form.is_valid():
        context = {"page_title": "一台账三清单", "form": form, "rows": []}
        return render(request, "cases/ledger.html", context, status=400)
    asked, now = form.cleaned_data, timezone.now()
    one, cases = asked["list"], chosen_cases(form, user)
    others, place, month = other_lists(), _place(form), asked["month"]
    counts = {
        which: others[which].rows(user, place, month).count()
        if which in others
        else cases_of(cases, which, month).count()
        for which in {entry["which"] for entry in asked["scheme"].lists}
    }
    other = others.get(one["which"])
    found: Any = (
        other.rows(user, place, month)
        if other
        else for_ledger(cases_of(cases, one["which"], month))
    )
    page = keyset_page(found, request, ("id",), count=counts[one["which"]])
    unit = form.unit
    context = {
        "page_title": ledger_title(form),
        "form": form,
        "which": other.note if other else WHICH[one["which"]],
        "header": other.header if other else header_of(one["columns"]),
        "page": page,
        "rows": other.shown(page.rows, first=1 + _before(found, page.rows))
        if other
        else ledger_rows(page.rows, asked["scheme"], one["columns"], now),
        "tabs_of_ledger": [
            {
                "label": entry["title"], "count": counts[entry["which"]],
                "url": f"?{_query(request, list=entry['code'])}", "active": entry == one,
            }
            for entry in asked["scheme"].lists
        ],
        "to_close": cases.filter(status=Status.VERIFIED).count(),
        "close_url": _desk_url(form),
        "export_url": f"?{_query(request)}" if can(user, Noun.CASE, EDIT + STATS) else "",
        "sheets_url": "" if other else f"?{_query(request)}",
        "unit": unit,
        "frozen": _frozen(form, user),
        "may_freeze": unit is not None and asked["month"].end <= now and may_freeze(user, unit),
        "user_name": user.display_name,
    }  # fmt: skip
    return render(request, "cases/ledger.html", context)


def _before(found: Any, rows: Sequence[Any]) -> int:
    """Return how many rows of the list stand on earlier pages: its numbers go on from there."""
    return found.filter(pk__lt=rows[0].pk).count() if rows else 0


def _desk_url(form: LedgerForm) -> str:
    """Return the desk's list of what can be written off at the chosen place."""
    names = ("street", "community", "grid")
    place = {name: form.cleaned_data[name] for name in names}
    ids: dict[str, Any] = {name: row.pk if row else None for name, row in place.items()}
    return CaseFilter(status=Status.VERIFIED, **ids).url()


def _frozen(form: LedgerForm, user: Any) -> list[LedgerFreeze]:
    """Return the frozen lists of this month at the chosen unit."""
    if form.unit is None:
        return []
    asked = form.cleaned_data
    rows = LedgerFreeze.objects.visible_to(user).filter(
        scheme=asked["scheme"], scope=form.unit, month=str(asked["month"])
    )
    return list(rows.defer("rows", "header").select_related("frozen_by__person").order_by("id"))


@login_required
@require_GET
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The list as a workbook in the customary layout: merged title, rows, signature row."""
    user: Any = request.user
    require(user, Noun.CASE, "V")
    if not can(user, Noun.CASE, EDIT + STATS):
        raise PermissionDenied("您的角色不能导出台账。如有需要，请联系上级管理员。")
    form = LedgerForm(request.GET, user=user)
    if not form.is_valid():
        return refused("筛选条件有误，请回到台账页面检查后再导出。")
    asked = form.cleaned_data
    other = other_lists().get(asked["list"]["which"])
    found: Any = (
        other.rows(user, _place(form), asked["month"])
        if other
        else cases_of(chosen_cases(form, user), asked["list"]["which"], asked["month"])
    )
    count = found.count()
    if count > MOST_EXPORTED:
        return refused(f"共 {count} 条，一次最多导出 {MOST_EXPORTED} 条，请按社区或网格缩小范围。")
    audit.record(
        by=user, action="ledger.export", target=Case,
        detail={"rows": count, "list": asked["list"]["code"], "month": str(asked["month"])},
    )  # fmt: skip
    if other:
        made = other.shown(found.order_by("id"))  # numbered like the page
        return _workbook(
            ledger_title(form), other.header, (row.cells for row in made), user, other.note
        )
    columns = asked["list"]["columns"]
    rows = all_rows(found, asked["scheme"], columns, timezone.now())
    return _workbook(
        ledger_title(form), header_of(columns), rows, user, WHICH[asked["list"]["which"]]
    )


def _workbook(
    title: str, header: Any, rows: Iterable[list[Any]], user: Any, period: str
) -> FileResponse:
    day = f"{local(timezone.now()):%Y年%m月%d日}"
    return download(
        f"{title}.xlsx", header, rows, title=title, note=f"统计口径：{period}",
        foot=f"填报单位：　　　　　　　　填报人：{user.display_name}　　　　审核人：　　　　　　日期：{day}",
    )  # fmt: skip


def refused(sentence: str) -> HttpResponse:
    return SimpleTemplateResponse("400.html", {"reason": sentence}, status=400).render()


@login_required
@require_POST
def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze all lists of the chosen unit and month."""
    user: Any = request.user
    require(user, Noun.CASE, "V")
    form = LedgerForm(request.POST, user=user)
    if not form.is_valid() or form.unit is None:
        return refused("请先选好社区（或街道）和月份，再封存。")
    asked = form.cleaned_data
    try:
        made = freeze_month(
            scheme=asked["scheme"], scope=form.unit, month=asked["month"], by=user,
            now=timezone.now(),
        )  # fmt: skip
    except MoveRefused as refusal:
        if refusal.code == "not_allowed":
            raise PermissionDenied(refusal.message) from None
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"已封存 {len(made)} 张清单，内容和指纹不会再变。")
    query = request.POST.copy()
    query.pop("csrfmiddlewaretoken", None)
    response = redirect("cases:ledger")
    response["Location"] += f"?{query.urlencode()}"
    return response


@login_required
@never_cache
@require_GET
def frozen(request: HttpRequest, freeze_id: int) -> HttpResponse | FileResponse:
    """A frozen list as it was, with its fingerprint computed anew; `?export=1` as a workbook."""
    user: Any = request.user
    require(user, Noun.CASE, "V")
    rows = LedgerFreeze.objects.visible_to(user).select_related("frozen_by__person")
    found = get_object_or_404(rows, pk=freeze_id)
    if "export" in request.GET:
        if not can(user, Noun.CASE, EDIT + STATS):
            raise PermissionDenied("您的角色不能导出台账。如有需要，请联系上级管理员。")
        audit.record(
            by=user, action="ledger.export", target=found, street=found.street_id,
            detail={"rows": len(found.rows), "list": found.list_code, "month": found.month},
        )  # fmt: skip
        header = [(label, 16) for label in found.header]
        return _workbook(found.title, header, found.rows, user, f"封存，指纹 {found.sha256}")
    context = {
        "page_title": found.title,
        "found": found,
        "intact": fingerprint(found.title, found.header, found.rows) == found.sha256,
    }
    return render(request, "cases/ledger_frozen.html", context)
