"""导入冲突: the queue of contradictions between rosters and the register, and one side by side."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from gridparty.lib.masking import mask_name
from grids.acting import do
from grids.forms import BLANK, offer
from orgs.fetch import fetch
from orgs.models import ImportJob, OrgUnit
from orgs.paging import keyset_page
from orgs.roles import APPROVE, EDIT, Noun
from orgs.scope import require
from residents.contrast import filed_door, homes_of, sides_of
from residents.models import Household, RosterConflict
from residents.services.conflicts import (
    CHOICES,
    KEEP,
    LABELS,
    decide_conflict,
    filed_values,
    seen_version,
)

State = RosterConflict.State
KEEPS = EDIT + APPROVE


class ConflictFilterForm(forms.Form):
    """What the queue is narrowed to. Names are not among it: they have no place in an address."""

    community = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="社区", required=False, empty_label="不限"
    )
    kind = forms.ChoiceField(
        label="类型", required=False, choices=BLANK + RosterConflict.Kind.choices
    )
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "待处理"), *State.choices[1:]]
    )
    job = forms.ModelChoiceField(
        ImportJob.objects.none(), label="导入文件", required=False, empty_label="不限"
    )

    def __init__(self, data: Any, *, rows: Any, user: Any) -> None:
        super().__init__(data)
        communities = rows.order_by().values("community").distinct()
        offer(self, community=OrgUnit.objects.filter(pk__in=communities).order_by("division_code"))
        job = self.fields["job"]
        assert isinstance(job, forms.ModelChoiceField)
        jobs = ImportJob.objects.visible_to(user).filter(kind="roster")
        job.queryset = jobs.filter(pk__in=rows.order_by().values("job").distinct())


class DecideForm(forms.Form):
    """One decision; `fields` are the columns taken over, `seen` what the page showed."""

    choice = forms.ChoiceField(
        label="怎样处理",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一种处理办法。"},
    )
    fields_taken = forms.MultipleChoiceField(required=False)
    note = forms.CharField(label="处理说明", required=False, max_length=200)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice, taken = self.fields["choice"], self.fields["fields_taken"]
        assert isinstance(choice, forms.ChoiceField)
        assert isinstance(taken, forms.MultipleChoiceField)
        choice.choices = [(value, LABELS[value]) for value in CHOICES[kind]]
        taken.choices = [(name, name) for name in names]


@login_required
@never_cache
@require_GET
def conflict_list(request: HttpRequest) -> HttpResponse:
    """List what is to be decided; the counts by kind link to what they count."""
    user: Any = request.user
    require(user, Noun.RESIDENT, KEEPS)
    mine = RosterConflict.objects.visible_to(user, KEEPS)
    form = ConflictFilterForm(request.GET, rows=mine, user=user)
    found = mine.none()
    if form.is_valid():
        asked = form.cleaned_data
        found = mine.filter(state=asked["state"] or State.OPEN)
        if asked.get("community"):
            found = found.filter(community=asked["community"])
        if asked["job"]:
            found = found.filter(job=asked["job"])
    kinds = {
        row["kind"]: row["n"] for row in found.order_by().values("kind").annotate(n=Count("pk"))
    }
    if form.is_valid() and form.cleaned_data["kind"]:
        found = found.filter(kind=form.cleaned_data["kind"])
    rows = found.for_list().select_related(
        "job", "building__compound", "community", "person", "decided_by__person"
    )
    page = keyset_page(rows, request, count=found.count())
    context = {
        "page_title": "导入冲突",
        "form": form,
        "page": page,
        "rows": [(row, mask_name(row.person.name)) for row in page.rows],
        "tiles": [
            (label, kinds[kind], _with(request, kind=kind))
            for kind, label in RosterConflict.Kind.choices
            if kind in kinds
        ],
        "filtered": bool(request.GET),
    }
    status = 200 if form.is_valid() else 400
    return render(request, "residents/imports/conflicts.html", context, status=status)


def _with(request: HttpRequest, **changed: str) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    for name, value in changed.items():
        query[name] = value
    return f"?{query.urlencode()}"


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def conflict_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show both sides; POST decides, and goes on to the next open one of the same file."""
    user: Any = request.user
    rows = RosterConflict.objects.select_related(
        "job", "person", "building__compound", "community", "household", "decided_by__person"
    )
    conflict = _fetch(rows, user, pk)
    if conflict.state != State.OPEN:
        context = {"page_title": conflict.get_kind_display(), "conflict": conflict}
        return render(request, "residents/imports/conflict.html", context)
    filed = filed_values(conflict)
    full = Household.objects.in_full_to(user).filter(building=conflict.building_id).exists()
    sides = sides_of(conflict.person, filed["person"], full=full)
    differing = [side.name for side in sides if side.differs]
    form = DecideForm(
        request.POST or None,
        kind=conflict.kind,
        names=differing,
        initial={"seen": seen_version(conflict), "choice": KEEP},
    )
    may_decide = RosterConflict.objects.visible_to(user, EDIT).filter(pk=pk).exists()
    if request.method == "POST":
        _fetch(rows, user, pk, EDIT)
        if do(request, form, lambda: _decide(conflict, form.cleaned_data, user), "已处理。"):
            return redirect(_next(conflict, user))
    context = {
        "page_title": conflict.get_kind_display(),
        "conflict": conflict,
        "form": form,
        "sides": sides,
        "chosen": request.POST.getlist("fields_taken") if form.is_bound else differing,
        "seen_now": seen_version(conflict),
        "name": conflict.person.name if full else mask_name(conflict.person.name),
        "homes": homes_of(conflict.person, user),
        "door": filed_door(conflict, filed["door"], full=full),
        "home": filed["home"],
        "may_decide": may_decide,
        "left": RosterConflict.objects.visible_to(user, KEEPS).filter(state=State.OPEN).count(),
    }
    status = 400 if form.errors else 200
    return render(request, "residents/imports/conflict.html", context, status=status)


def _fetch(rows: Any, user: Any, pk: int, letters: str = KEEPS) -> RosterConflict:
    require(user, Noun.RESIDENT, KEEPS)
    found: RosterConflict = fetch(rows, user, Noun.RESIDENT, letters, pk=pk)
    return found


def _decide(conflict: RosterConflict, asked: dict[str, Any], user: Any) -> None:
    decide_conflict(
        conflict=conflict, choice=asked["choice"], by=user, seen=asked["seen"],
        fields=asked["fields_taken"], note=asked["note"],
    )  # fmt: skip


def _next(conflict: RosterConflict, user: Any) -> str:
    rows = RosterConflict.objects.visible_to(user, EDIT).filter(state=State.OPEN)
    following = rows.filter(job=conflict.job_id, pk__gt=conflict.pk).order_by("pk").first()
    if following is None:
        return reverse("residents:conflicts")
    return reverse("residents:conflict", args=[following.pk])
