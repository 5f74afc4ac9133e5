"""需求: the list, one need, and its moves."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from grids.acting import attempt, do
from orgs.audit import record
from orgs.fetch import fetch
from orgs.paging import Page, keyset_page
from orgs.roles import EDIT, EXPORT, SEES, Noun
from orgs.scope import can, refusal, require
from orgs.workbook import Columns
from residents import services
from residents.display import shown_door
from residents.forms.care import NeedFactsForm, NeedFilterForm, NeedForm, NeedMoveForm
from residents.models import Household, Need
from residents.needflow import BY_NAME, OPEN, moves_from
from residents.sections import sections
from residents.views.edit import form_page
from residents.views.files import as_workbook
from residents.views.households import fetch_household

COLUMNS: Columns = (
    ("序号", 6), ("类别", 12), ("缓急", 8), ("来源", 10), ("网格", 14), ("公开内容", 40), ("数量", 8),
    ("期望时间", 12), ("状态", 10), ("登记日期", 12),
)  # fmt: skip


@login_required
@never_cache
@require_GET
def need_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.CARE, SEES)
    form = NeedFilterForm(request.GET, households=Household.objects.visible_to(user).open())
    context: dict[str, Any] = {
        "page_title": "需求", "form": form, "sections": sections(user, "needs"),
    }  # fmt: skip
    if not form.is_valid():
        context["page"] = Page([])
        return render(request, "residents/care/needs.html", context, status=400)
    needs = _narrowed(Need.objects.visible_to(user), form)
    page = keyset_page(needs.for_list(), request, count=needs.count())
    full = set(
        Household.objects.in_full_to(user)
        .filter(pk__in=[need.household_id for need in page.rows]).values_list("pk", flat=True)
    )  # fmt: skip
    context |= {
        "page": page,
        "rows": [
            (need, shown_door(need.household, full=need.household_id in full)) for need in page.rows
        ],
        "filtered": any(form.cleaned_data.values()),
        "export_url": f"{reverse('residents:needs_export')}?{request.GET.urlencode()}"
        if can(user, Noun.RESIDENT, EXPORT) else "",
    }  # fmt: skip
    return render(request, "residents/care/needs.html", context)


def _narrowed(needs: Any, form: NeedFilterForm) -> Any:
    asked = form.cleaned_data
    if not asked["status"]:
        needs = needs.open()
    elif asked["status"] != "all":
        needs = needs.filter(status=asked["status"])
    for name in ("kind", "urgency", "source"):
        if asked[name]:
            needs = needs.filter(**{name: asked[name]})
    if form.area:
        needs = needs.filter(household__in=Household.objects.filter(**form.area).values("pk"))
    return needs


@login_required
@require_GET
def needs_export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The list as a workbook that names nobody: only what may be read by others."""
    user: Any = request.user
    require(user, Noun.CARE, SEES)
    require(user, Noun.RESIDENT, EXPORT)
    form = NeedFilterForm(request.GET, households=Household.objects.visible_to(user).open())
    if not form.is_valid():
        return redirect("residents:needs")
    may = Household.objects.visible_to(user, EXPORT)
    needs = _narrowed(Need.objects.visible_to(user), form).filter(household__in=may.values("pk"))
    rows = list(needs.for_list().order_by("-id"))
    record(by=user, action="need.export", target=Need, detail={"rows": len(rows)})
    cells = (
        [
            number, need.get_kind_display(), need.get_urgency_display(), need.get_source_display(),
            need.household.grid.name, need.public_text, need.quantity,
            f"{need.wanted_by:%Y-%m-%d}" if need.wanted_by else "", need.get_status_display(),
            f"{timezone.localtime(need.created_at):%Y-%m-%d}",
        ]
        for number, need in enumerate(rows, start=1)
    )  # fmt: skip
    return as_workbook("需求清单", COLUMNS, cells, user=user, day=timezone.localdate())


@login_required
@never_cache
def need_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A need of this household or of somebody in it."""
    user: Any = request.user
    household = fetch_household(user, pk)
    _require_keeper(user, household)
    living = household.residencies.current(timezone.localdate()).select_related("person")
    form = NeedForm(request.POST or None, residencies=living)
    back = reverse("residents:household", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.create_need(household=household, by=user, **form.cleaned_data),
        "已登记需求。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"{household.door}：登记需求", back, "登记")


@login_required
@never_cache
@require_GET
def need_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    need = _fetch(user, pk)
    full = Household.objects.in_full_to(user).filter(pk=need.household_id).exists()
    keeps = Household.objects.cared_by(user).filter(pk=need.household_id).exists()
    person = need.person
    context = {
        "page_title": f"需求：{need.get_kind_display()}",
        "need": need,
        "door": shown_door(need.household, full=full),
        "whose": (person.name if full else person.masked_name) if person else "全家",
        "moves": moves_from(need.status) if keeps else [],
        "may_edit": keeps and need.status in OPEN,
    }
    return render(request, "residents/care/need.html", context)


@login_required
@never_cache
def need_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    need = _fetch(user, pk)
    _require_keeper(user, need.household)
    form = NeedFactsForm(request.POST or None, initial=NeedFactsForm.facts(need))
    back = reverse("residents:need", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.edit_need(need=need, by=user, **form.cleaned_data), "已保存。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, "修改需求", back, "保存")


@login_required
@never_cache
def need_move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """A move of the table: at once when it asks nothing, else with its one line."""
    user: Any = request.user
    need = _fetch(user, pk)
    _require_keeper(user, need.household)
    step = BY_NAME.get(move)
    if step is None:
        raise Http404
    back = reverse("residents:need", args=[pk])
    if not step.asks:
        if request.method == "POST":
            attempt(
                request,
                lambda: services.move_need(need=need, move=move, by=user),
                f"已{step.label}。",
            )
        return redirect(back)
    form = NeedMoveForm(request.POST or None, label=step.asks)
    if request.method == "POST" and do(
        request, form,
        lambda: services.move_need(need=need, move=move, by=user, **form.cleaned_data),
        "已登记。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"需求：{step.label}", back, step.label)


def _fetch(user: Any, pk: int) -> Need:
    need: Need = fetch(Need.objects.for_list(), user, Noun.CARE, SEES, pk=pk)
    return need


def _require_keeper(user: Any, household: Household) -> None:
    get_object_or_404(Household.objects.visible_to(user), pk=household.pk)
    if not Household.objects.cared_by(user).filter(pk=household.pk).exists():
        raise PermissionDenied(refusal(user, Noun.CARE, EDIT))
