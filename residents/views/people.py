"""The page of one person: homes, relations, hats, tags, history, and who looked."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from orgs.audit import describe_actions, record
from orgs.models import AuditEntry, Person
from orgs.roles import EDIT, SEES, VIEW, Noun
from orgs.scope import can, require
from residents.display import resident, shown_name
from residents.handover import hats_of
from residents.history import Stay, event_lines, homes_of
from residents.models import CareTag, LifeEvent, Residency
from residents.panels import panels_of_person

describe_actions(person__view="查看个人档案")
LOOKS_SHOWN = 30


@login_required
@never_cache
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """A person is seen where he lives or lived; every look is on the record."""
    user: Any = request.user
    require(user, Noun.RESIDENT, SEES)
    found = Person.objects.filter(pk=pk).first()
    homes = homes_of(found, user) if found else []
    if found is None or not homes:
        raise Http404
    day = timezone.localdate()
    full = any(getattr(stay.residency, "shown_in_full", False) for stay in homes)
    # A corridor head knows her homes by name, but keeps no register of them.
    keeps = Residency.objects.visible_to(user, EDIT).filter(person=found).exists()
    looks = _looks(found, user)
    record(
        by=user, action="person.view", target=found, street=homes[0].residency.household.street_id,
        detail={"household": homes[0].residency.household_id},
    )  # fmt: skip
    tags = CareTag.objects.visible_to(user).current(day).filter(person=found)
    now = [stay for stay in homes if _lives(stay, day)]
    context = {
        "page_title": shown_name(found, full=full),
        "person": found,
        "shown": resident(homes[0].residency, full=full),
        "keeps": keeps,
        "homes": homes,
        "now": now,
        "household_mates": _mates(now, full=full, day=day),
        "hats": hats_of(found, day) if keeps else [],
        "hands_over": found.died_on is not None or not now,
        "tags": list(tags.select_related("kind").order_by("kind__order")),
        "sees_care": can(user, Noun.CARE, SEES),
        "events": event_lines(LifeEvent.objects.visible_to(user).filter(person=found), full=keeps),
        "panels": panels_of_person(found, user, day),
        "looks": looks,
        "may_audit": can(user, Noun.AUDIT, VIEW),
    }
    return render(request, "residents/person.html", context)


def _lives(stay: Stay, day: Any) -> bool:
    return stay.residency.end is None or stay.residency.end > day


def _mates(now: list[Stay], *, full: bool, day: Any) -> list[dict[str, Any]]:
    """Return who else lives in the person's homes of today."""
    homes = [stay.residency.household_id for stay in now]
    own = [stay.residency.pk for stay in now]
    rows = Residency.objects.current(day).filter(household__in=homes).exclude(pk__in=own)
    return [
        {"residency": row, "name": shown_name(row.person, full=full)}
        for row in rows.select_related("person").order_by("-is_head", "id")
    ]


def _looks(person: Person, user: Any) -> list[AuditEntry]:
    """Return who opened this page or uncovered a number, for those who may read the audit."""
    rows = AuditEntry.objects.visible_to(user).filter(
        target_kind=Person._meta.label_lower, target_id=str(person.pk),
        action__in=["person.view", "resident.reveal"],
    )  # fmt: skip
    return list(rows.select_related("actor__person").order_by("-id")[:LOOKS_SHOWN])
