"""What the cases add to the page of a household: those of its door and of its building."""

from datetime import date

from cases.filters import CaseFilter
from cases.models import Case
from orgs.models import User
from orgs.roles import VIEW, Noun
from orgs.scope import can
from residents.models import Household
from residents.panels import Panel, household_panel


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
