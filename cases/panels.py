"""What the cases add to the pages of households, visits and campaign doors."""

from datetime import date
from typing import Any

from cases.filters import CaseFilter
from cases.models import Case
from orgs.models import User
from orgs.roles import VIEW, Noun
from orgs.scope import can
from residents.models import CampaignDoor, Household, Visit
from residents.panels import Panel, door_panel, household_panel, visit_panel


@household_panel(50)
def cases_at_the_door(household: Household, user: User, day: date) -> Panel | None:
    """Each figure links to the list it counts. Who reported what is not said here."""
    if not can(user, Noun.CASE, VIEW):
        return None
    building = CaseFilter(building=household.building_id)
    asked = [("本楼栋未结", building.but(stage="open")), ("本楼栋全部", building)]
    if household.room:
        asked.insert(0, ("写明本房号", building.but(room=household.room)))
    mine = Case.objects.visible_to(user)
    figures = [
        {"label": label, "count": one.apply(mine, user=user).count(), "url": one.url()}
        for label, one in asked
    ]
    return Panel("cases/household_panel.html", {"figures": figures})


@visit_panel(50)
def cases_of_a_visit(visit: Visit, user: User) -> Panel | None:
    """What was reported from this visit, as far as the reader may see it."""
    return _reported_from(user, origin__visit=visit)


@door_panel(50)
def cases_of_a_door(door: CampaignDoor, user: User) -> Panel | None:
    return _reported_from(user, origin__door=door)


def _reported_from(user: User, **origin: Any) -> Panel | None:
    cases = list(Case.objects.visible_to(user).filter(**origin).order_by("id")[:20])
    return Panel("cases/origin_panel.html", {"cases": cases}) if cases else None
