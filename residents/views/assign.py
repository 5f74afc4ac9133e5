"""The assignment of doors to heads: look first, then apply; take back to a day; who has nobody."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from gridparty.lib.text import row_id
from grids.acting import do
from grids.models import Grid
from orgs.models import OrgUnit
from orgs.paging import Page, keyset_page
from orgs.roles import EDIT, SEES, Noun
from orgs.scope import require
from residents import services
from residents.assigning import propose
from residents.display import household_rows
from residents.headship import GAPS, NOBODY, STAND_IN
from residents.models import Household
from residents.preview import preview_of
from residents.querysets import HouseholdQuerySet
from residents.views.edit import form_page
from residents.views.head_forms import AreaForm, GapFilterForm, RestoreForm


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest) -> HttpResponse:
    """GET shows what would change in `?grid=` or `?community=`; POST applies exactly that."""
    user: Any = request.user
    require(user, Noun.HEAD, EDIT)
    grids = Grid.objects.where_may(user, Noun.HEAD, EDIT).assessed()
    form = AreaForm(request.GET, grids=grids)
    context: dict[str, Any] = {"page_title": "分配联系户", "form": form}
    area = _area(request, grids)
    if area is None:
        return render(request, "residents/heads/assign.html", context)
    homes, label = area
    day = timezone.localdate()
    if request.method == "POST":
        try:
            done = services.apply_assignment(
                homes=homes, day=day, by=user, mark=request.POST.get("mark", "")
            )
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            changed = len(done.plan.changes)
            messages.success(
                request, f"已分配：{changed} 户有变化，{len(done.plan.uncovered)} 户未覆盖。"
            )
        return redirect(request.get_full_path())
    proposal = propose(homes, day)
    context |= {
        "area": label,
        "proposal": proposal,
        "preview": preview_of(proposal),
        "before_text": f"现在 {proposal.covered_before} 户，共 {len(proposal.homes)} 户有人居住",
    }
    return render(request, "residents/heads/assign.html", context)


@login_required
@never_cache
def restore(request: HttpRequest) -> HttpResponse:
    """Give the households of `?grid=` or `?community=` back to the heads of an earlier day."""
    user: Any = request.user
    require(user, Noun.HEAD, EDIT)
    area = _area(request, Grid.objects.where_may(user, Noun.HEAD, EDIT).assessed())
    if area is None:
        raise Http404
    homes, label = area
    form = RestoreForm(request.POST or None)
    back = f"{reverse('residents:assign')}?{request.GET.urlencode()}"
    if request.method == "POST" and do(
        request, form,
        lambda: services.restore_links(
            homes=homes, day=timezone.localdate(), by=user, **form.cleaned_data
        ),
        "联系户已恢复。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"{label}：恢复联系户", back, "恢复")


def _area(request: HttpRequest, grids: Any) -> tuple[HouseholdQuerySet, str] | None:
    """Return the households of the ground asked for, with its name; 404 out of reach."""
    grid, community = request.GET.get("grid", ""), request.GET.get("community", "")
    homes: HouseholdQuerySet = Household.objects.all()
    if grid:
        chosen = get_object_or_404(grids.select_related("community"), pk=row_id(grid))
        return homes.filter(grid=chosen), f"{chosen.community}{chosen}"
    if community:
        node = get_object_or_404(
            OrgUnit.objects.filter(pk__in=grids.values("community")), pk=row_id(community)
        )
        # A grid head reaches some grids of the community, not all of it.
        return homes.filter(grid__in=grids.filter(community=node).values("pk")), str(node)
    if grids[:2].count() == 1:
        only = grids.get()
        return homes.filter(grid=only), str(only)
    return None


@login_required
@never_cache
@require_GET
def gaps(request: HttpRequest) -> HttpResponse:
    """Households somebody lives in who have no head, or only a stand-in."""
    user: Any = request.user
    require(user, Noun.HEAD, SEES)
    require(user, Noun.RESIDENT, SEES)
    mine = Household.objects.visible_to(user)
    grids = Grid.objects.where_may(user, Noun.HEAD, SEES).live()
    form = GapFilterForm(request.GET, grids=grids)
    gap = request.GET.get("gap") or NOBODY
    context = {"page_title": f"{GAPS.get(gap, GAPS[NOBODY])}的住户", "form": form}
    if not form.is_valid():
        return render(
            request, "residents/heads/gaps.html", {**context, "page": Page([])}, status=400
        )
    found = mine.stood_in_for() if gap == STAND_IN else mine.without_head()
    for name in ("community", "grid"):
        if form.cleaned_data.get(name):
            found = found.filter(**{name: form.cleaned_data[name]})
    day = timezone.localdate()
    page = keyset_page(found.for_list(day), request, ("sort_key", "id"), count=found.count())
    in_full = mine.in_full_to(user).filter(pk__in=[row.pk for row in page.rows])
    ids = set(in_full.values_list("pk", flat=True))
    context |= {
        "page": page,
        "rows": household_rows(list(page.rows), in_full=ids, day=day),
    }
    return render(request, "residents/heads/gaps.html", context)
