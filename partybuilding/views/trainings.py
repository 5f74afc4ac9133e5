"""教育培训: sessions, person-times, distinct persons, hours; the list of people behind them."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, Sum
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from gridparty.lib.periods import Month
from gridparty.lib.text import row_id
from grids.acting import do
from orgs.fetch import fetch
from orgs.models import OrgUnit, Person
from orgs.roles import EDIT, SEES, Noun
from orgs.scope import can, require
from partybuilding import services
from partybuilding.figures import Figure
from partybuilding.forms.means import OrgChoiceForm, TrainingFilterForm, TrainingForm
from partybuilding.models import Photo, Training, TrainingAttendance
from partybuilding.scope import is_staff
from partybuilding.views.funds import orgs_with
from partybuilding.views.pages import (
    Block,
    Line,
    Link,
    Listing,
    cell,
    detail_page,
    form_page,
    list_page,
)

COLUMNS = (
    ("主题", 30), ("主办组织", 24), ("形式", 10), ("日期", 12), ("学时", 8), ("地点", 20), ("授课人", 14),
    ("参加人数", 10),
)  # fmt: skip
PEOPLE_COLUMNS = (("姓名", 12), ("参加次数", 10), ("学时", 10))


def _narrowed(request: HttpRequest, user: Any) -> tuple[TrainingFilterForm, Any, int | None]:
    """Return the form, the rows asked for and their year (None: of all years)."""
    form = TrainingFilterForm(request.GET)
    year = timezone.localdate().year
    rows = Training.objects.visible_to(user)
    if form.is_valid():
        asked = form.cleaned_data
        year = asked["year"] or year
        if asked["kind"]:
            rows = rows.filter(kind=asked["kind"])
        if asked["q"]:
            rows = rows.filter(topic__icontains=asked["q"])
        if asked["every"]:
            return form, rows, None
    return form, rows.between(Month(year, 1).first_day, Month(year, 12).end_day), year


def _figures(rows: Any, query: str) -> list[Figure]:
    """What stands over the list counts exactly the list below it."""
    page, people = reverse("partybuilding:trainings"), reverse("partybuilding:training_people")
    came = TrainingAttendance.objects.filter(training__in=rows.values("pk"))
    hours: Any = came.aggregate(total=Sum("training__hours"))["total"] or 0
    return [
        Figure("培训", rows.count(), "次", f"{page}?{query}"),
        Figure("参加", came.count(), "人次", f"{page}?{query}"),
        Figure("参加的人（不重复）", came.values("person").distinct().count(), "人", f"{people}?{query}"),
        Figure("总学时", round(hours), "学时", f"{people}?{query}"),
    ]  # fmt: skip


def _query(request: HttpRequest, year: int | None) -> str:
    query = request.GET.copy()
    for name in ("after", "before", "file"):
        query.pop(name, None)
    if year is not None:
        query["year"] = str(year)
    return query.urlencode()


def _of(year: int | None) -> str:
    return "历年" if year is None else f"{year} 年"


@login_required
@never_cache
@require_GET
def training_list(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    form, rows, year = _narrowed(request, user)
    actions = []
    if is_staff(user) and can(user, Noun.PARTY, EDIT):
        actions.append(Link("登记培训", reverse("partybuilding:training_new"), "plus-lg"))
    listing = Listing(
        "trainings", f"{_of(year)}教育培训", COLUMNS, "还没有登记培训。", actions,
        order=("-held_on", "-id"), numbers=("学时", "参加人数"),
    )  # fmt: skip
    figures = _figures(rows, _query(request, year))
    return list_page(request, listing, form, rows.for_list(), _cells, figures=figures)


def _cells(one: Any) -> list[dict[str, Any]]:
    return [
        cell("主题", one.topic, url=reverse("partybuilding:training", args=[one.pk])),
        cell("主办组织", one.org.name), cell("形式", one.get_kind_display()),
        cell("日期", f"{one.held_on:%Y-%m-%d}"), cell("学时", f"{float(one.hours):g}", number=True),
        cell("地点", one.place), cell("授课人", one.teacher or "—"),
        cell("参加人数", one.came_count, number=True),
    ]  # fmt: skip


@login_required
@never_cache
@require_GET
def people(request: HttpRequest) -> HttpResponse | FileResponse:
    """Each person once, with sessions and hours."""
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    form, rows, year = _narrowed(request, user)
    wanted = Q(trainings__training__in=rows.values("pk"))
    found = (
        Person.objects.filter(wanted)
        .annotate(times=Count("trainings"), hours=Sum("trainings__training__hours"))
        .filter(times__gt=0)
    )
    listing = Listing(
        "trainings", f"{_of(year)}参加培训的人", PEOPLE_COLUMNS, "还没有人参加培训。",
        order=("name_initials", "id"), numbers=("参加次数", "学时"),
    )  # fmt: skip

    def cells(one: Any) -> list[dict[str, Any]]:
        return [
            cell("姓名", one.masked_name), cell("参加次数", one.times, number=True),
            cell("学时", f"{float(one.hours):g}", number=True),
        ]  # fmt: skip

    return list_page(
        request, listing, form, found, cells, figures=_figures(rows, _query(request, year))
    )


@login_required
@never_cache
@require_GET
def training_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one: Training = fetch(Training.objects.select_related("org"), user, Noun.PARTY, pk=pk)
    came = one.attendances.select_related("person").order_by("person__name_initials", "id")
    full = Training.objects.visible_to(user, EDIT).filter(pk=pk).exists()
    names = [Line(row.person.name if full else row.person.masked_name) for row in came]
    facts = [
        ("主办组织", one.org), ("形式", one.get_kind_display()), ("日期", f"{one.held_on:%Y-%m-%d}"),
        ("学时", f"{float(one.hours):g}"), ("地点", one.place), ("授课人", one.teacher),
        ("参加人数", len(names)), ("内容", one.text),
    ]  # fmt: skip
    return detail_page(
        request, "trainings", one.topic, facts, ("教育培训", reverse("partybuilding:trainings")),
        blocks=[Block("参加的人", names)],
        photos=list(Photo.objects.filter(subject="training", row=pk)),
    )  # fmt: skip


@login_required
@never_cache
def training_new(request: HttpRequest) -> HttpResponse:
    """First whose training it is, then who came."""
    user: Any = request.user
    require(user, Noun.PARTY, EDIT)
    orgs = orgs_with(user, Noun.PARTY, EDIT)
    wanted = row_id(request.GET.get("org", ""))
    org = orgs.filter(pk=wanted).first() if wanted else orgs.first() if orgs.count() == 1 else None
    back = reverse("partybuilding:trainings")
    if wanted and org is None:
        raise Http404
    if org is None:
        context = {"page_title": "登记培训", "form": OrgChoiceForm(orgs=orgs), "back": back}
        return render(request, "partybuilding/choose_grid.html", context)
    form = TrainingForm(request.POST or None, request.FILES or None, people=leaders_below(org))
    made: list[Training] = []
    if request.method == "POST" and do(
        request, form,
        lambda: made.append(services.record_training(org=org, by=user, **form.cleaned_data)),
        "已登记。",
    ):  # fmt: skip
        return redirect("partybuilding:training", pk=made[0].pk)
    return form_page(request, form, f"登记培训：{org}", back, "登记")


def leaders_below(org: OrgUnit) -> Any:
    """Those who hold a post in the organisation or below it."""
    held = Q(
        posts__end=None, posts__org_unit__tree_id=org.tree_id, posts__org_unit__lft__gte=org.lft,
        posts__org_unit__rght__lte=org.rght,
    )  # fmt: skip
    return Person.objects.filter(held).distinct().order_by("name_initials", "id")
