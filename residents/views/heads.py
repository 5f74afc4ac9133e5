"""Red corridor heads: the list with its figures, one head's page, nomination, steps, export."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from grids.acting import do
from grids.models import Grid
from orgs.audit import describe_actions, record
from orgs.fetch import fetch, may
from orgs.paging import Page, keyset_page
from orgs.roles import CREATE, EDIT, EXPORT, SEES, Noun
from orgs.scope import can, require
from orgs.workbook import as_csv
from residents import services
from residents.display import household_rows
from residents.duties import is_only_head, progress_of
from residents.head_figures import bars, figures
from residents.head_querysets import CorridorHeadQuerySet
from residents.head_rows import HEAD_COLUMNS, head_cells
from residents.headship import MOVES, moves_from
from residents.models import CorridorHead, Household
from residents.nominees import find_nominee
from residents.runs import runs_of
from residents.sections import sections
from residents.views.edit import form_page
from residents.views.head_forms import HeadFilterForm, MoveForm, NominateForm

describe_actions(head__export="导出楼道长名单")
MAX_ROWS = 20_000


@login_required
@require_GET
def head_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.HEAD, SEES)
    if not can(user, Noun.RESIDENT, SEES) or is_only_head(user):
        return redirect("residents:mine")
    day = timezone.localdate()
    mine = CorridorHead.objects.visible_to(user)
    grids = Grid.objects.where_may(user, Noun.HEAD, SEES).live()
    form = HeadFilterForm(request.GET, grids=grids)
    context = {
        "page_title": "红色楼道长",
        "sections": sections(user, "heads"),
        "form": form,
        "may_nominate": can(user, Noun.HEAD, CREATE),
        "may_assign": can(user, Noun.HEAD, EDIT),
        "may_export": can(user, Noun.HEAD, EXPORT),
    }
    if not form.is_valid():
        return render(
            request, "residents/heads/list.html", {**context, "page": Page([])}, status=400
        )
    place = {name: form.cleaned_data.get(name) for name in ("community", "grid")}
    chosen = {name: value for name, value in place.items() if value}
    found = _narrow(mine, form.cleaned_data)
    homes = Household.objects.visible_to(user).filter(**chosen)
    context |= {
        "page": keyset_page(found.for_list(day), request, ("grid_id", "id"), count=found.count()),
        "figures": figures(mine.filter(**chosen), homes, day, chosen),
        "bars": bars(mine.filter(**chosen).in_duty(day), chosen),
        "query": _without_page(request),
        "day": day,
    }
    return render(request, "residents/heads/list.html", context)


def _narrow(heads: CorridorHeadQuerySet, asked: dict[str, Any]) -> CorridorHeadQuerySet:
    """Apply the form; the same rows stand behind list, count, export and figures."""
    day = timezone.localdate()
    for name in ("community", "grid"):
        if asked.get(name):
            heads = heads.filter(**{name: asked[name]})
    shown = {
        "preparing": heads.preparing,
        "branch": heads.waiting_for_branch,
        "expiring30": lambda: heads.term_ends_within(day, 30),
        "expiring60": lambda: heads.term_ends_within(day, 60),
        "moved": lambda: heads.moved_away(day),
        "ended": lambda: heads.filter(state__in=("ended", "declined")),
        "all": heads.all,
    }
    heads = shown.get(asked["show"], lambda: heads.in_duty(day))()
    return heads.with_load_in(asked["load"]) if asked["load"] else heads


@login_required
@require_GET
def head_export(request: HttpRequest) -> HttpResponse:
    """The rows of the list under the same filter, as CSV; phones masked."""
    user: Any = request.user
    require(user, Noun.HEAD, EXPORT)
    mine = CorridorHead.objects.visible_to(user, EXPORT)
    form = HeadFilterForm(request.GET, grids=Grid.objects.where_may(user, Noun.HEAD, SEES).live())
    if not form.is_valid():
        raise Http404
    day = timezone.localdate()
    heads = _narrow(mine, form.cleaned_data).for_list(day).order_by("grid__code", "id")[:MAX_ROWS]
    rows = [head_cells(head) for head in heads]
    record(by=user, action="head.export", target=CorridorHead, detail={"rows": len(rows)})
    name = f"attachment; filename=corridor-heads-{day:%Y%m%d}.csv"
    return HttpResponse(
        as_csv(HEAD_COLUMNS, rows), "text/csv; charset=utf-8", headers={"Content-Disposition": name}
    )


def fetch_head(user: Any, pk: int, letters: str = SEES) -> CorridorHead:
    rows = CorridorHead.objects.select_related(
        "person", "grid__party_branch", "community", "building__compound"
    )
    head: CorridorHead = fetch(rows, user, Noun.HEAD, letters, pk=pk)
    return head


@login_required
@require_GET
def head_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    head = fetch_head(user, pk)
    day = timezone.localdate()
    mine = Household.objects.of_head(head.person, day)
    seen = mine.filter(pk__in=Household.objects.visible_to(user).values("pk"))
    homes = list(seen.for_head(day).by_door())
    in_full = Household.objects.in_full_to(user).filter(pk__in=[home.pk for home in homes])
    rows = household_rows(homes, in_full=set(in_full.values_list("pk", flat=True)), day=day)
    letters = {letter for letter in "CEA" if may(CorridorHead.objects, user, letter, head)}
    context = {
        "page_title": head.person.name,
        "head": head,
        "rows": [(row, progress_of(row.household, day)) for row in rows],
        "runs": runs_of(homes),
        "spoken": sum(progress_of(home, day).is_done for home in homes),
        "moves": [move for move in moves_from(head.state) if move.letter in letters],
        "events": list(head.events.select_related("by__person").order_by("-id")),
        "deeds": list(head.deeds.for_list()[:20]),
        "may_log": EDIT in letters and head.start is not None,
        "day": day,
    }
    return render(request, "residents/heads/detail.html", context)


@login_required
def head_new(request: HttpRequest) -> HttpResponse:
    """Nominate; `?grid=` and `?residency=` (from the page of a household) fill the form."""
    user: Any = request.user
    require(user, Noun.HEAD, CREATE)
    grids = Grid.objects.where_may(user, Noun.HEAD, CREATE).assessed()
    form = NominateForm(request.POST or None, grids=grids, initial=find_nominee(user, request.GET))
    made: list[CorridorHead] = []

    def nominate() -> None:
        data = dict(form.cleaned_data)
        person = services.resident_named(
            grid=data["grid"], name=data.pop("name"), room=data.pop("room"), day=data["on"]
        )
        made.append(services.nominate(person=person, by=user, **data))

    if request.method == "POST" and do(request, form, nominate, "已提名，请登记本人是否同意。"):
        return redirect("residents:head", pk=made[0].pk)
    return form_page(request, form, "提名红色楼道长", reverse("residents:heads"), "提名")


@login_required
def head_move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One step of the life of a head, as the table has it."""
    user: Any = request.user
    step = MOVES.get(name)
    if step is None:
        raise Http404
    head = fetch_head(user, pk, step.letter)
    form = MoveForm(request.POST or None, step=step)
    back = reverse("residents:head", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.move_head(head=head, move=name, by=user, **form.cleaned_data),
        f"{step.label}：已登记。",
    ):  # fmt: skip
        return redirect(back)
    title = f"{head.person.name}：{step.label}"
    return form_page(request, form, title, back, step.label, hint=step.hint)


def _without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    return query.urlencode()
