"""变更审核: what visitors propose, as a diff, for community staff to approve or send back."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gridparty.lib.china_time import minute_text
from grids.acting import attempt, do
from orgs.audit import record
from orgs.models import User
from orgs.paging import Page, keyset_page
from orgs.roles import EDIT, EXPORT, SEES, Noun
from orgs.scope import can, has_role, refusal, require
from orgs.workbook import Columns
from residents import services
from residents.display import shown_door
from residents.find import SEES_PEOPLE, find_changes
from residents.forms import FindForm
from residents.forms.visits import ChangeFilterForm, RejectForm
from residents.models import ChangeRequest, Household
from residents.sections import sections
from residents.services.changes import diff_of
from residents.views.edit import form_page
from residents.views.files import as_workbook
from residents.visit_querysets import REVIEWERS, ChangeRequestQuerySet

FOUND_AT_MOST = 100
State = ChangeRequest.State


COLUMNS: Columns = (
    ("序号", 6), ("类别", 14), ("社区", 18), ("网格", 14), ("门牌", 26), ("现在登记", 28), ("改成", 28),
    ("提出人", 12), ("提出时间", 18), ("状态", 10), ("审核人", 12), ("审核时间", 18), ("退回原因", 30),
)  # fmt: skip


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def change_list(request: HttpRequest) -> HttpResponse:
    """What waits (for me to judge, or of mine), or with `?state=` what has been decided.

    GET narrows by filter; POST looks for a name or a door within it, outside of any address.
    """
    user: Any = request.user
    require(user, Noun.RESIDENT, SEES)
    form = _filter(request)
    find = FindForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {
        "page_title": "变更审核" if has_role(user, *REVIEWERS) else "我提出的变更",
        "form": form, "find": find, "sections": sections(user, "changes"), "page": Page([]),
        "finds_people": can(user, Noun.RESIDENT, SEES_PEOPLE),
    }  # fmt: skip
    if not form.is_valid() or (find.is_bound and not find.is_valid()):
        return render(request, "residents/visits/changes.html", context, status=400)
    rows = _narrowed(ChangeRequest.objects.visible_to(user), form, user)
    active = form.cleaned_data["state"] or State.PENDING
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    if find.is_bound:
        found, context["unread"] = find_changes(
            rows.filter(state=active), user, find.cleaned_data["q"], timezone.localdate()
        )
        first = list(found.for_list().order_by("-id")[: FOUND_AT_MOST + 1])
        context["too_many"] = len(first) > FOUND_AT_MOST
        is_whole = not (context["too_many"] or context["unread"])
        page = Page(first[:FOUND_AT_MOST], count=len(first) if is_whole else None)
    else:
        page = keyset_page(
            rows.filter(state=active).for_list(), request, count=counts.get(active, 0)
        )
    query = request.GET.copy()
    for name in ("state", "after", "before"):
        query.pop(name, None)
    rest = f"&{query.urlencode()}" if query else ""
    asked = form.cleaned_data
    context |= {
        "page": page,
        "rows": [(row, shown_door(row.household, full=True), diff_of(row)) for row in page.rows],
        "filtered": bool(form.area or asked["kind"] or asked["whose"] or find.is_bound),
        "may_export": can(user, Noun.RESIDENT, EXPORT),
        "query": f"state={active}{rest}",
        "tabs_of_page": [
            {"url": f"?state={state}{rest}", "label": label, "count": counts.get(state, 0),
             "active": state == active}
            for state, label in State.choices
        ],
    }  # fmt: skip
    return render(request, "residents/visits/changes.html", context)


def _filter(request: HttpRequest) -> ChangeFilterForm:
    homes = Household.objects.visible_to(request.user).open()
    return ChangeFilterForm(request.GET, households=homes)


def _narrowed(
    rows: ChangeRequestQuerySet, form: ChangeFilterForm, user: User
) -> ChangeRequestQuerySet:
    """What the filter asks for, in any state."""
    asked = form.cleaned_data
    if asked["kind"]:
        rows = rows.filter(kind=asked["kind"])
    if asked["whose"] == "mine":
        rows = rows.filter(proposed_by=user)
    elif asked["whose"] == "others":
        rows = rows.exclude(proposed_by=user)
    if form.area:
        rows = rows.filter(household__in=Household.objects.filter(**form.area).values("pk"))
    return rows


@login_required
@never_cache
@require_POST
def changes_export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The list as shown (filter in the address, search in the body), on the record."""
    user: Any = request.user
    require(user, Noun.RESIDENT, SEES)
    require(user, Noun.RESIDENT, EXPORT)
    form, find = _filter(request), FindForm(request.POST)
    if not form.is_valid():
        return redirect("residents:changes")
    day = timezone.localdate()
    may = Household.objects.visible_to(user, EXPORT)
    rows = _narrowed(ChangeRequest.objects.visible_to(user), form, user)
    rows = rows.filter(state=form.cleaned_data["state"] or State.PENDING)
    rows = rows.filter(household__in=may.values("pk"))
    if find.is_valid():
        rows, _ = find_changes(rows, user, find.cleaned_data["q"], day)
    found = list(rows.for_list().order_by("-id"))
    record(by=user, action="change.export", target=ChangeRequest, detail={"rows": len(found)})
    cells = (_cells(number, row) for number, row in enumerate(found, start=1))
    return as_workbook("变更审核", COLUMNS, cells, user=user, day=day)


def _cells(number: int, row: ChangeRequest) -> list[str | int]:
    diff = diff_of(row)
    home, decided = row.household, row.decided_by
    return [
        number, row.get_kind_display(), home.community.name, home.grid.name,
        shown_door(home, full=True), "；".join(f"{line.label}：{line.before}" for line in diff),
        "；".join(f"{line.label}：{line.after}" for line in diff), row.proposed_by.display_name,
        minute_text(row.proposed_at), row.get_state_display(), decided.display_name if decided else "",
        minute_text(row.decided_at), row.reason,
    ]  # fmt: skip


@login_required
@never_cache
@require_GET
def change_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The diff: what the register says now, beside what it would say."""
    user: Any = request.user
    change = _fetch(user, pk)
    household = change.household
    pending = change.state == ChangeRequest.State.PENDING
    context = {
        "page_title": f"{change.get_kind_display()}：{shown_door(household, full=True)}",
        "change": change, "diff": diff_of(change), "household": household,
        "moved_on": pending and household.version != change.version,
        "may_judge": pending and _judges(user, change),
        "own": change.proposed_by_id == user.pk,
    }  # fmt: skip
    return render(request, "residents/visits/change.html", context)


@login_required
@require_POST
def change_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Write it into the register, if the register still is what the reviewer saw."""
    user: Any = request.user
    change = _to_judge(user, pk)
    text = request.POST.get("version", "")
    version = int(text) if text.isdecimal() and len(text) < 10 else 0
    done = attempt(
        request,
        lambda: services.approve_change(request=change, version=version, by=user),
        "已通过，登记已更新。",
    )
    if done:
        return redirect("residents:changes")
    return redirect("residents:change", pk=pk)


@login_required
@never_cache
def change_reject(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    change = _to_judge(user, pk)
    form = RejectForm(request.POST or None)
    if request.method == "POST" and do(
        request, form,
        lambda: services.reject_change(request=change, by=user, **form.cleaned_data), "已退回。",
    ):  # fmt: skip
        return redirect("residents:changes")
    back = reverse("residents:change", args=[pk])
    return form_page(request, form, f"退回：{change.get_kind_display()}", back, "退回")


def _fetch(user: Any, pk: int) -> ChangeRequest:
    require(user, Noun.RESIDENT, SEES)
    return get_object_or_404(ChangeRequest.objects.visible_to(user).for_list(), pk=pk)


def _judges(user: Any, change: ChangeRequest) -> bool:
    return bool(ChangeRequest.objects.judged_by(user).filter(pk=change.pk).exists())


def _to_judge(user: Any, pk: int) -> ChangeRequest:
    change = _fetch(user, pk)
    if not _judges(user, change):
        if change.proposed_by_id == user.pk:
            raise PermissionDenied("不能审核自己提出的变更，请由别的同事审核。")
        raise PermissionDenied(refusal(user, Noun.RESIDENT, EDIT))
    return change
