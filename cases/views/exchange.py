"""The exchange with other systems besides the orders: mappings, the log, JSON files by hand."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cases.forms.choices import category_choices
from cases.forms.orders import HeaderForm, JsonForm, MapForm
from cases.models import CategoryCode, ExchangeLog, ExternalOrder, SheetColumn
from cases.order_table import KNOWN
from cases.scope import streets_served
from cases.services import MoveRefused
from cases.services.exchange import map_category, map_column
from cases.views.orders import require_centre
from orgs.models import OrgUnit
from orgs.paging import keyset_page
from orgs.services import submit_import
from orgs.tables.importing import PREFIX

MOST_CODES = 500


@login_required
@never_cache
def mapping(request: HttpRequest) -> HttpResponse:
    """Their categories and headers, and what they are here; unmapped ones first."""
    user = require_centre(request)
    form = HeaderForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        street = OrgUnit.objects.get(pk=streets_served(user)[0])
        try:
            map_column(street=street, by=user, **form.cleaned_data)
        except MoveRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "已记住，下次导入会认得这一列。")
            return redirect("cases:order_mapping")
    headers = SheetColumn.objects.visible_to(user).select_related("system")
    names = dict(KNOWN)
    context = {
        "page_title": "分类和列名对照", "form": form, "codes": _codes(user),
        "headers": [(row, names.get(row.column, row.column)) for row in headers[:MOST_CODES]],
    }  # fmt: skip
    return render(request, "cases/orders/mapping.html", context, status=400 if form.errors else 200)


def _codes(user: Any) -> list[tuple[CategoryCode, int, MapForm]]:
    """Return each word with how many orders use it and its form; the words without a category first."""
    orders = ExternalOrder.objects.filter(
        system=OuterRef("system"), street=OuterRef("street"), category_word=OuterRef("word")
    )
    counted = orders.order_by().values("category_word").annotate(n=Count("pk")).values("n")
    rows = CategoryCode.objects.visible_to(user).select_related("system", "category")
    rows = rows.annotate(orders=Coalesce(Subquery(counted), 0))
    ordered = rows.order_by(F("category").asc(nulls_first=True), "word", "pk")[:MOST_CODES]
    choices = category_choices("未对照")
    return [
        (row, row.orders, MapForm(prefix=f"c{row.pk}", choices=choices, initial={"category": row.category_id}))
        for row in ordered
    ]  # fmt: skip


@login_required
@require_POST
def map_code(request: HttpRequest, code_id: int) -> HttpResponse:
    user = require_centre(request)
    code = get_object_or_404(CategoryCode.objects.visible_to(user), pk=code_id)
    form = MapForm(request.POST, prefix=f"c{code.pk}")
    if form.is_valid():
        map_category(code=code, category=form.chosen(), by=user)
        messages.success(request, f"“{code.word}”已对照，从下一次接收起按此分类。")
    else:
        messages.warning(request, "没有这个类别，请刷新后再选。")
    return redirect("cases:order_mapping")


@login_required
@never_cache
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """Every exchange of the street, newest first."""
    user = require_centre(request)
    rows = ExchangeLog.objects.visible_to(user).select_related("system", "by__person")
    page = keyset_page(rows, request, count=rows.count())
    return render(request, "cases/orders/log.html", {"page_title": "交换记录", "page": page})


@login_required
@never_cache
def json_file(request: HttpRequest) -> HttpResponse:
    """Orders as a JSON file: checked, confirmed and written like a sheet."""
    user = require_centre(request)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = JsonForm(*sent)
    if request.method == "POST" and form.is_valid():
        street = OrgUnit.objects.get(pk=streets_served(user)[0])
        job = submit_import(
            kind=f"{PREFIX}{form.cleaned_data['system'].code}", under=street, by=user,
            file_name=form.cleaned_data["name"], data=form.cleaned_data["table"],
        )  # fmt: skip
        return redirect("orgs:table_job", pk=job.pk)
    context = {"page_title": "JSON 交换", "form": form}
    return render(request, "cases/orders/json.html", context, status=400 if form.errors else 200)
