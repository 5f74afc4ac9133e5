"""The care library (重点人群): the list with its counts, one person's tag, and the verbs on it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from grids.acting import attempt, do
from orgs.audit import record
from orgs.fetch import fetch
from orgs.paging import Page, keyset_page
from orgs.roles import EDIT, EXPORT, SEES, Noun
from orgs.scope import can, refusal, require
from residents import services
from residents.care_querysets import CareTagQuerySet
from residents.care_rows import COLUMNS, as_cells, care_rows, find_tags
from residents.forms import EndCareForm, FindForm
from residents.forms.care import CareFilterForm, EditCareForm, PurposeForm
from residents.models import CareTag, Household
from residents.sections import sections
from residents.views.edit import form_page
from residents.views.files import as_workbook

FOUND_AT_MOST = 100


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def care_list(request: HttpRequest) -> HttpResponse:
    """GET lists by filter; POST looks for a name or a door within it, outside of any address."""
    user: Any = request.user
    require(user, Noun.CARE, SEES)
    day = timezone.localdate()
    mine = CareTag.objects.visible_to(user)
    form = CareFilterForm(request.GET, households=Household.objects.visible_to(user).open())
    find = FindForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {
        "page_title": "重点人群", "form": form, "find": find, "day": day,
        "sections": sections(user, "care"),
    }  # fmt: skip
    if not form.is_valid() or (find.is_bound and not find.is_valid()):
        context["page"] = Page([])
        return render(request, "residents/care/list.html", context, status=400)
    base = narrowed(mine, form, user, day)
    kind = form.cleaned_data["kind"]
    tags = base.filter(kind=kind) if kind else base
    if find.is_bound:
        found = find_tags(tags, user, find.cleaned_data["q"], day).for_list()
        rows = list(found.order_by("due_on", "id")[:FOUND_AT_MOST])
        page = Page(rows, count=len(rows))
    else:
        order = ("due_on", "id") if form.cleaned_data["due"] else ("-id",)
        page = keyset_page(tags.for_list(), request, order, count=tags.count())
    context |= {
        "page": page,
        "rows": care_rows(list(page.rows), user, day),
        "kinds": _kinds(request, base, kind),
        "filtered": any(form.cleaned_data.values()) or find.is_bound,
        "export_url": _export_url(request) if can(user, Noun.RESIDENT, EXPORT) else "",
    }
    return render(request, "residents/care/list.html", context)


def narrowed(tags: CareTagQuerySet, form: CareFilterForm, user: Any, day: Any) -> CareTagQuerySet:
    """Return what the filter asks for, but for the kind, which is counted per kind."""
    asked = form.cleaned_data
    tags = tags.exclude(end=None) if asked["state"] == "ended" else tags.open()
    if asked["state"] == "review":
        tags = tags.to_review(day)
    if asked["level"]:
        tags = tags.filter(level=asked["level"])
    if asked["due"]:
        tags = tags.overdue(day) if asked["due"] == "overdue" else tags.due(day)
    if asked["who"] == "none":
        tags = tags.filter(responsible=None)
    elif asked["who"] == "mine":
        tags = tags.for_worker(user)
    if form.area:
        tags = tags.of_households(Household.objects.filter(**form.area))
    return tags


def _kinds(request: HttpRequest, tags: CareTagQuerySet, active: Any) -> list[dict[str, Any]]:
    """Return the tabs per kind: each shows the count of exactly the list it links to."""
    counted = tags.order_by().values("kind", "kind__name", "kind__order").annotate(n=Count("pk"))
    query = request.GET.copy()
    for name in ("kind", "after", "before"):
        query.pop(name, None)
    rest = query.urlencode()
    rows = sorted(counted, key=lambda row: row["kind__order"])
    everything = {"label": "全部", "url": f"?{rest}", "count": sum(row["n"] for row in rows)}
    tabs = [everything | {"active": active is None}]
    for row in rows:
        query["kind"] = str(row["kind"])
        chosen = active is not None and active.pk == row["kind"]
        tabs.append(
            {"label": row["kind__name"], "url": f"?{query.urlencode()}", "count": row["n"],
             "active": chosen}
        )  # fmt: skip
    return tabs


def _export_url(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    return f"{reverse('residents:care_export')}?{query.urlencode()}"


@login_required
@require_GET
def care_export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The list as shown, as a workbook: masked, within what the user may export, on the record."""
    user: Any = request.user
    require(user, Noun.CARE, SEES)
    require(user, Noun.RESIDENT, EXPORT)
    form = CareFilterForm(request.GET, households=Household.objects.visible_to(user).open())
    if not form.is_valid():
        return redirect("residents:care")
    day = timezone.localdate()
    tags = narrowed(CareTag.objects.exportable_by(user), form, user, day)
    kind = form.cleaned_data["kind"]
    tags = (tags.filter(kind=kind) if kind else tags).for_list().order_by("kind__order", "id")
    found = list(tags)
    record(by=user, action="care.export", target=CareTag, detail={"rows": len(found)})
    rows = care_rows(found, user, day)
    cells = (as_cells(number, row) for number, row in enumerate(rows, start=1))
    return as_workbook("重点人群台账", COLUMNS, cells, user=user, day=day)


@login_required
@never_cache
@require_GET
def care_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One tag: what it rests on, who is in charge, the visits and needs that go with it."""
    user: Any = request.user
    tag = fetch_tag(user, pk)
    row = care_rows([tag], user, timezone.localdate())[0]
    home = row.household
    keeps = home is not None and Household.objects.cared_by(user).filter(pk=home.pk).exists()
    record(
        by=user, action="care.view", target=tag, street=home.street_id if home else None,
        detail={"person": tag.person_id},
    )  # fmt: skip
    visits = home.visits.for_list().order_by("-id")[:10] if home else []
    needs = tag.person.needs.visible_to(user).order_by("-id")[:10]
    context = {
        "page_title": f"{tag.kind}：{tag.person.name if keeps else tag.person.masked_name}",
        "tag": tag, "row": row, "visits": visits, "needs": needs,
        "may_edit": keeps and tag.end is None,
        "may_review": keeps and tag.end is None and tag.added_by_id != user.pk,
        "may_call": keeps and bool(tag.contact_phone),
    }  # fmt: skip
    return render(request, "residents/care/detail.html", context)


@login_required
@never_cache
def care_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    tag, household = _kept(user, pk)
    form = EditCareForm(request.POST or None, tag=tag, household=household, user=user)
    back = reverse("residents:care_tag", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.edit_care_tag(
            tag=tag, by=user, street=household.street_id, **form.cleaned_data
        ),
        "已保存。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"修改“{tag.kind}”登记", back, "保存")


@login_required
@never_cache
def care_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the person out of this kind, from the library."""
    user: Any = request.user
    tag, household = _kept(user, pk)
    form = EndCareForm(request.POST or None)
    if request.method == "POST" and do(
        request, form,
        lambda: services.end_care_tag(
            tag=tag, by=user, street=household.street_id, **form.cleaned_data
        ),
        "已移出。",
    ):  # fmt: skip
        return redirect("residents:care")
    back = reverse("residents:care_tag", args=[pk])
    return form_page(request, form, f"移出“{tag.kind}”", back, "移出")


@login_required
@require_http_methods(["POST"])
def care_review(request: HttpRequest, pk: int) -> HttpResponse:
    """The tag still holds, says a second person."""
    user: Any = request.user
    tag, household = _kept(user, pk)
    attempt(
        request,
        lambda: services.review_care_tag(
            tag=tag, by=user, on=timezone.localdate(), street=household.street_id
        ),
        "已复核，一年后再复核。",
    )
    return redirect("residents:care_tag", pk=pk)


@login_required
@never_cache
def care_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """The emergency contact in full: with a purpose, on the record, for this one answer."""
    user: Any = request.user
    tag, household = _kept(user, pk)
    form = PurposeForm(request.POST or None)
    shown: list[str] = []
    done = request.method == "POST" and do(
        request, form,
        lambda: shown.append(
            services.reveal_contact(
                tag=tag, by=user, street=household.street_id, **form.cleaned_data
            )
        ),
        "本次查看已记入审计。",
    )  # fmt: skip
    back = reverse("residents:care_tag", args=[pk])
    if done:
        context = {"page_title": "紧急联系人", "value": shown[0], "back": back}
        return render(request, "residents/care/contact.html", context)
    return form_page(request, form, "查看紧急联系人", back, "查看")


def fetch_tag(user: Any, pk: int) -> CareTag:
    """Return a tag in scope; 404 otherwise, 403 for roles without the care library."""
    rows = CareTag.objects.select_related("person", "kind", "responsible", "reviewer__person")
    tag: CareTag = fetch(rows, user, Noun.CARE, SEES, pk=pk)
    return tag


def _kept(user: Any, pk: int) -> tuple[CareTag, Household]:
    """Return a tag and the home of its person, where the user keeps the library; else 403."""
    tag = fetch_tag(user, pk)
    homes = Household.objects.cared_by(user).filter(
        Q(residencies__person=tag.person_id, residencies__end=None)
    )
    home = homes.select_related("building__compound", "entrance", "grid").first()
    if home is None:
        raise PermissionDenied(refusal(user, Noun.CARE, EDIT))
    return tag, home
