"""The list of households (filter by address, search by POST) and 一户一档, the household's page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from orgs.audit import record
from orgs.fetch import fetch, may
from orgs.models import User
from orgs.paging import Page, keyset_page
from orgs.roles import APPROVE, CREATE, EDIT, SEES, VIEW, Noun
from orgs.scope import can, require
from residents.display import Resident, household_rows, residents_of, shown_door
from residents.duties import is_only_head
from residents.find import find_households
from residents.forms import FindForm, HouseholdFilterForm
from residents.history import event_lines, former_residents, rental_facts
from residents.models import Household, LifeEvent, LinkedHousehold, Residency, RosterConflict
from residents.panels import panels_of_household
from residents.querysets import HouseholdQuerySet
from residents.sections import sections

FOUND_AT_MOST = 100


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def household_list(request: HttpRequest) -> HttpResponse:
    """GET lists by filter; POST finds people or doors within it, and puts nothing in an address."""
    user: Any = request.user
    require(user, Noun.RESIDENT, SEES)
    mine = Household.objects.visible_to(user)
    form = HouseholdFilterForm(request.GET, households=mine)
    find = FindForm(request.POST if request.method == "POST" else None)
    context = {
        "page_title": "居民",
        "sections": sections(user, "households"),
        "form": form,
        "find": find,
        "finds_people": can(user, Noun.RESIDENT, VIEW + EDIT),
        "may_create": can(user, Noun.RESIDENT, CREATE),
        "sees_campaigns": can(user, Noun.CAMPAIGN, SEES),
    }
    if can(user, Noun.RESIDENT, EDIT + APPROVE):
        context["conflicts"] = RosterConflict.objects.visible_to(user).filter(state="open").count()
    if not form.is_valid():
        return render(request, "residents/list.html", {**context, "page": Page([])}, status=400)
    found = _narrow(mine, form.cleaned_data)
    day = timezone.localdate()
    if find.is_bound:
        if not find.is_valid():
            return render(request, "residents/list.html", {**context, "page": Page([])}, status=400)
        found = find_households(found, user, find.cleaned_data["q"], day)
        rows = list(found.for_list(day).by_door()[: FOUND_AT_MOST + 1])
        context["too_many"] = len(rows) > FOUND_AT_MOST
        page = Page(rows[:FOUND_AT_MOST], count=None if context["too_many"] else len(rows))
    else:
        page = keyset_page(found.for_list(day), request, ("sort_key", "id"), count=found.count())
    in_full = mine.in_full_to(user).filter(pk__in=[row.pk for row in page.rows])
    context |= {
        "page": page,
        "rows": household_rows(list(page.rows), in_full=set(in_full.values_list("pk", flat=True)), day=day),
        "people_count": None if find.is_bound or page.previous_url else _people(found, day),
        "filtered": any(form.cleaned_data.values()) or find.is_bound,
    }  # fmt: skip
    return render(request, "residents/list.html", context)


def _narrow(households: HouseholdQuerySet, asked: dict[str, Any]) -> HouseholdQuerySet:
    households = households.closed() if asked["closed"] else households.open()
    for name in ("community", "grid", "building", "occupancy", "kind"):
        if asked.get(name):
            households = households.filter(**{name: asked[name]})
    return households.untouched(timezone.localdate()) if asked["contact"] else households


def _people(households: HouseholdQuerySet, day: Any) -> int:
    living = Residency.objects.current(day).filter(household__in=households.values("pk"))
    total: int = living.aggregate(total=Count("person", distinct=True))["total"]
    return total


@login_required
@never_cache
@require_GET
def household_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """一户一档. Every look is on the record (domain brief §5.3)."""
    user: Any = request.user
    household = fetch_household(user, pk)
    context = household_context(user, household)
    record(
        by=user, action="resident.view", target=household, street=household.street_id,
        detail={"people": len(context["residents"])},
    )  # fmt: skip
    return render(request, "residents/detail.html", context)


def fetch_household(user: User, pk: int, letters: str = SEES) -> Household:
    """Return the household with what its page shows; 404 out of scope, 403 without the letters."""
    rows = Household.objects.select_related(
        "building__compound", "entrance", "grid", "community", "street"
    )
    household: Household = fetch(rows, user, Noun.RESIDENT, letters, pk=pk)
    return household


def household_context(user: User, household: Household) -> dict[str, Any]:
    """Return what the household's page shows this user."""
    day = timezone.localdate()
    full = Household.objects.in_full_to(user).filter(pk=household.pk).exists()
    keeps = may(Household.objects, user, EDIT, household)
    residents: list[Resident] = residents_of(household, user, full=full, day=day)
    return {
        "page_title": shown_door(household, full=full),
        "household": household,
        "full": full,
        "narrow": is_only_head(user),
        "residents": residents,
        "former": former_residents(household, full=True) if keeps else [],
        "former_count": household.residencies.exclude(end=None).count(),
        "rentals": rental_facts(household, full=keeps),
        "events": event_lines(LifeEvent.objects.at(household), full=keeps),
        "today": day,
        "head_in_charge": _head_in_charge(household, day),
        "may_edit": keeps and household.closed_on is None,
        "may_reveal": keeps,
        "may_tag": Household.objects.cared_by(user).filter(pk=household.pk).exists(),
        "sees_care": can(user, Noun.CARE, SEES),
        "panels": panels_of_household(household, user, day),
        "missing_head": bool(residents) and not any(one.residency.is_head for one in residents),
    }


def _head_in_charge(household: Household, day: Any) -> LinkedHousehold | None:
    """The red corridor head who keeps in touch with this household."""
    links = household.head_links.filter(start__lte=day).exclude(end__lt=day)
    return links.select_related("head").first()
