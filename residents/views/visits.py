"""走访: recording one, reading one, and the list of them."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from gridparty.lib.periods import Quarter
from grids.acting import do
from orgs import sealedfiles
from orgs.audit import record
from orgs.fetch import fetch
from orgs.models import User
from orgs.paging import Page, keyset_page
from orgs.roles import CREATE, EXPORT, SEES, Noun
from orgs.scope import can, refusal, require
from orgs.workbook import Columns
from residents import services
from residents.display import shown_door
from residents.forms.visits import VisitFilterForm, VisitForm
from residents.models import Household, Visit, VisitPhoto
from residents.panels import panels_of_visit
from residents.sections import sections
from residents.services.changes import diff_of
from residents.tasklist import visitable_by
from residents.views.back import safe_back
from residents.views.files import as_workbook
from residents.views.households import fetch_household
from residents.visit_querysets import VisitQuerySet
from residents.visit_tabs import visit_tabs

COLUMNS: Columns = (
    ("序号", 6), ("日期", 12), ("网格", 14), ("门牌", 24), ("结果", 10), ("见到的人", 12), ("走访人", 10),
    ("安全隐患", 18), ("意见建议", 40), ("备注", 30),
)  # fmt: skip


@login_required
@never_cache
@require_GET
def visit_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.RESIDENT, SEES)
    homes = Household.objects.visible_to(user).open()
    form = VisitFilterForm(request.GET, households=homes)
    context: dict[str, Any] = {
        "page_title": "走访记录", "form": form, "sections": sections(user, "visits"),
        "visit_tabs": visit_tabs(user, "records"),
    }  # fmt: skip
    if not form.is_valid():
        context["page"] = Page([])
        return render(request, "residents/visits/list.html", context, status=400)
    visits = _narrowed(Visit.objects.visible_to(user), form, user)
    totals = visits.order_by().aggregate(n=Count("pk"), homes=Count("household", distinct=True))
    page = keyset_page(visits.for_list(), request, count=totals["n"])
    full = _full(user, [visit.household_id for visit in page.rows])
    context |= {
        "page": page,
        "homes": totals["homes"],
        "rows": [
            (visit, shown_door(visit.household, full=visit.household_id in full))
            for visit in page.rows
        ],
        "filtered": any(form.cleaned_data.values()),
        "export_url": f"{reverse('residents:visits_export')}?{request.GET.urlencode()}"
        if can(user, Noun.RESIDENT, EXPORT) else "",
    }  # fmt: skip
    return render(request, "residents/visits/list.html", context)


def _narrowed(visits: VisitQuerySet, form: VisitFilterForm, user: User) -> VisitQuerySet:
    asked = form.cleaned_data
    if asked["outcome"]:
        visits = visits.filter(outcome=asked["outcome"])
    if asked["quarter"]:
        visits = visits.within(Quarter.parse(asked["quarter"]))
    if asked["what"] == "mine":
        visits = visits.filter(visitor=user)
    elif asked["what"] == "reached":
        visits = visits.reached()
    elif asked["what"] == "hazard":
        visits = visits.with_hazards()
    elif asked["what"] == "opinion":
        visits = visits.exclude(opinion="")
    if form.area:
        visits = visits.filter(household__in=Household.objects.filter(**form.area).values("pk"))
    return visits


def _full(user: User, homes: list[int]) -> set[int]:
    rows = Household.objects.in_full_to(user).filter(pk__in=homes)
    return set(rows.values_list("pk", flat=True))


@login_required
@require_GET
def visits_export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The list as a workbook, people and doors masked, within what the user may export."""
    user: Any = request.user
    require(user, Noun.RESIDENT, SEES)
    require(user, Noun.RESIDENT, EXPORT)
    form = VisitFilterForm(request.GET, households=Household.objects.visible_to(user).open())
    if not form.is_valid():
        return redirect("residents:visits")
    visits = _narrowed(Visit.objects.visible_to(user, EXPORT), form, user).for_list()
    count = visits.count()
    record(by=user, action="visit.export", target=Visit, detail={"rows": count})
    ordered = visits.order_by("-id").iterator(chunk_size=1000)
    cells = (_cells(number, visit) for number, visit in enumerate(ordered, start=1))
    return as_workbook("走访台账", COLUMNS, cells, user=user, day=timezone.localdate())


def _cells(number: int, visit: Visit) -> list[str | int]:
    return [
        number, f"{visit.day:%Y-%m-%d}", visit.household.grid.name,
        shown_door(visit.household, full=False), visit.get_outcome_display(), visit.met_words,
        visit.visitor.display_name, visit.hazard_words, visit.opinion, visit.note,
    ]  # fmt: skip


@login_required
@never_cache
def visit_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The phone form for one door. What was typed stays, whatever is refused."""
    user: Any = request.user
    household = fetch_household(user, pk)
    if not visitable_by(user).filter(pk=pk).exists():
        raise PermissionDenied(refusal(user, Noun.RESIDENT, CREATE))
    full = Household.objects.in_full_to(user).filter(pk=pk).exists()
    living = household.residencies.current(timezone.localdate()).select_related("person")
    form = VisitForm(
        request.POST or None, request.FILES or None, full=full,
        residencies=list(living.order_by("-is_head", "id")), sees_care=can(user, Noun.CARE, SEES),
    )  # fmt: skip
    made: list[Visit] = []

    def save() -> None:
        data = form.cleaned_data
        made.append(
            services.record_visit(
                household=household,
                by=user,
                day=data["day"],
                outcome=data["outcome"],
                found=form.found(),
                client_key=data["client_key"],
            )
        )

    if request.method == "POST" and do(request, form, save, "已登记走访。"):
        if form.cleaned_data["then_report"] and can(user, Noun.CASE, CREATE):
            place = {
                "grid": household.grid_id, "building": household.building_id, "visit": made[0].pk
            }  # fmt: skip
            return redirect(f"{reverse('cases:report')}?{urlencode(place)}")
        return redirect(safe_back(request, "residents:tasks"))
    context = {
        "page_title": f"走访：{shown_door(household, full=full)}",
        "form": form, "household": household, "back": safe_back(request, "residents:tasks"),
        "last": household.visits.select_related("visitor__person").order_by("-id").first(),
        "may_report": can(user, Noun.CASE, CREATE),
    }  # fmt: skip
    status = 400 if form.errors else 200
    return render(request, "residents/visits/form.html", context, status=status)


@login_required
@never_cache
@require_GET
def visit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    visit = _fetch(user, pk)
    full = bool(_full(user, [visit.household_id]))
    requests = visit.change_requests.visible_to(user).for_list() if full else []
    check = getattr(visit, "check_back", None)
    context = {
        "page_title": f"{visit.day:%Y年%m月%d日}走访",
        "visit": visit, "full": full,
        "door": shown_door(visit.household, full=full),
        "photos": visit.photos.all() if _sees_photos(user, visit, full) else [],
        "changes": [(row, diff_of(row)) for row in requests],
        "needs": visit.needs.visible_to(user),
        "check": check if check is not None and check.result else None,
        "panels": panels_of_visit(visit, user),
        "may_report": can(user, Noun.CASE, CREATE),
    }  # fmt: skip
    return render(request, "residents/visits/detail.html", context)


@login_required
@never_cache
@require_GET
def visit_photo(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """A photo of a visit: for the visitor and those who keep the household; on the record."""
    user: Any = request.user
    photo = get_object_or_404(VisitPhoto.objects.select_related("visit"), pk=pk)
    visit = _fetch(user, photo.visit_id)
    if not _sees_photos(user, visit, bool(_full(user, [visit.household_id]))):
        raise PermissionDenied(refusal(user, Noun.RESIDENT, SEES))
    try:
        data = sealedfiles.read(photo.stored_as)
    except FileNotFoundError:
        raise Http404 from None
    record(
        by=user, action="visit.photo", target=photo, street=visit.household.street_id,
        detail={"visit": visit.pk},
    )  # fmt: skip
    return HttpResponse(
        data, content_type="image/jpeg", headers={"X-Content-Type-Options": "nosniff"}
    )


def _sees_photos(user: User, visit: Visit, full: bool) -> bool:
    return full or visit.visitor_id == user.pk


def _fetch(user: User, pk: int) -> Visit:
    rows = Visit.objects.for_list().select_related(
        "household__street", "household__building__compound", "household__entrance",
        "household__grid", "household__community", "visitor__person", "met", "check_back",
    )  # fmt: skip
    visit: Visit = fetch(rows, user, Noun.RESIDENT, SEES, pk=pk)
    return visit
