"""External orders: the list by state, placing what waits, handing answers back."""

from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cases.forms.orders import OrderSearchForm, PlaceForm
from cases.models import ExternalOrder, ExternalSystem
from cases.order_table import HotlineTable, OrderTable, YiwangqingTable
from cases.scope import streets_served
from cases.services import MoveRefused
from cases.services.exchange import hand_back
from cases.services.orders import place_order
from cases.words import due_words
from gridparty.lib.china_time import local
from orgs.paging import keyset_page
from orgs.tables.files import XLSX, export
from orgs.workdays import work_calendar

TABLES: dict[str, type[OrderTable]] = {one.kind: one for one in (HotlineTable, YiwangqingTable)}
# An order shows yellow from so many working days before the other system's limit.
PRESSING_WORKDAYS = 2


def require_centre(request: HttpRequest) -> Any:
    """Return the user if he is a street's centre; 403 with a sentence otherwise."""
    if not streets_served(request.user):
        raise PermissionDenied("外部工单由街道指挥中心办理。如有需要，请联系街道指挥中心。")
    return request.user


def tabs_of(orders: Any, until: Any) -> list[tuple[str, str, Any]]:
    """Return (key, label, the orders it counts)."""
    return [
        ("waiting", "待定位", orders.waiting()),
        ("open", "办理中", orders.in_hand()),
        ("pressing", "来件时限将到", orders.pressing(until)),
        ("answered", "待回传", orders.to_hand_back()),
        ("all", "全部", orders),
    ]


@login_required
@never_cache
@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """The orders of the user's street; each tab shows the count of exactly its list."""
    user = require_centre(request)
    form = OrderSearchForm(request.GET, user=user)
    if not form.is_valid():
        context = {"page_title": "外部工单", "form": form}
        return render(request, "cases/orders/list.html", context, status=400)
    now = timezone.now()
    asked, narrowed = form.cleaned_data, ExternalOrder.objects.visible_to(user)
    if asked["system"]:
        narrowed = narrowed.filter(system=asked["system"])
    if asked["word"]:
        narrowed = narrowed.filter(category_word=asked["word"].word)
    if asked["q"]:
        narrowed = narrowed.filter(
            Q(external_id__icontains=asked["q"]) | Q(address__icontains=asked["q"])
            | Q(text__icontains=asked["q"]) | Q(case__case_no=asked["q"])
        )  # fmt: skip
    tabs = tabs_of(narrowed, work_calendar().deadline(now, workdays=PRESSING_WORKDAYS))
    active = asked["tab"] or "all"
    kept = {
        "q": asked["q"], "word": asked["word"].pk if asked["word"] else "", "system": asked["system"].code if asked["system"] else "",
    }  # fmt: skip
    chosen = next((found for key, _, found in tabs if key == active), narrowed)
    page = keyset_page(chosen.for_list(), request, count=chosen.count())
    context = {
        "page_title": "外部工单", "form": form, "page": page, "active": active,
        "rows": [(order, due_words(order.due_at, now)) for order in page.rows], "now": now,
        "tabs_of_orders": [
            {"key": key, "label": label, "count": found.count(),
             "url": f"?{urlencode({**kept, 'tab': key})}"}
            for key, label, found in tabs
        ],
        "systems": ExternalSystem.objects.filter(is_active=True, code__in=TABLES),
    }  # fmt: skip
    return render(request, "cases/orders/list.html", context)


@login_required
@never_cache
def place(request: HttpRequest, order_id: int) -> HttpResponse:
    """Say where a waiting order lies; it becomes a case."""
    user = require_centre(request)
    order = get_object_or_404(ExternalOrder.objects.visible_to(user).for_list(), pk=order_id)
    if order.case_id is not None:
        messages.info(request, "这件工单已经定位。")
        return redirect("cases:detail", order.case_id)
    form = PlaceForm(request.POST if request.method == "POST" else None, order=order)
    if request.method == "POST" and form.is_valid():
        try:
            case = place_order(
                order=order, grid=form.cleaned_data["grid"], by=user,
                category=form.cleaned_data["category"] or None,
            )  # fmt: skip
        except MoveRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"已立为事项 {case.case_no}。")
            return redirect("cases:detail", case.pk)
    context = {
        "page_title": f"定位工单 {order.external_id}", "order": order, "form": form,
        "due": due_words(order.due_at, timezone.now()),
    }  # fmt: skip
    return render(request, "cases/orders/place.html", context, status=400 if form.errors else 200)


@login_required
@never_cache
@require_POST
def answers(request: HttpRequest, code: str) -> HttpResponse:
    """What the other system has not got yet, in its own layout; noted as handed back."""
    user = require_centre(request)
    system = get_object_or_404(ExternalSystem, code=code, is_active=True)
    if code not in TABLES:
        raise PermissionDenied("这个系统没有转办表。")
    waiting = ExternalOrder.objects.visible_to(user).filter(system=system).to_hand_back()
    ids = list(waiting.values_list("pk", flat=True))
    if not ids:
        messages.info(request, f"没有要回传给{system.name}的答复。")
        return redirect("cases:orders")
    table = TABLES[code]()
    chosen = ExternalOrder.objects.filter(pk__in=ids)
    table.orders = chosen
    content, _ = export(table, user)
    name = f"{system.name}答复_{local(timezone.now()):%Y%m%d-%H%M}.xlsx"
    hand_back(orders=chosen, system=system, carrier=name, by=user)
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return HttpResponse(content, XLSX, headers={"Content-Disposition": disposition})
