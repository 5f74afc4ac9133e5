"""What the library and the visits show on the page of a household: imported by the app itself."""

from datetime import date

from orgs.models import Person, User
from orgs.roles import CREATE, EDIT, SEES, Noun, Role
from orgs.scope import can, has_role
from residents.care_rows import visit_light
from residents.models import CareTag, Household, Need
from residents.panels import Panel, household_panel, person_panel
from residents.tasklist import visitable_by

SHOWN = 6


@household_panel(20)
def visits_of(household: Household, user: User, day: date) -> Panel | None:
    """The last visits, and the way to the next."""
    visits = list(household.visits.for_list().order_by("-id")[:SHOWN])
    return Panel(
        "residents/visits/panel.html",
        {
            "visits": visits,
            "may_visit": visitable_by(user).filter(pk=household.pk).exists(),
            "attention": _needs_attention(household, user),
        },
    )


@household_panel(30)
def needs_of(household: Household, user: User, day: date) -> Panel | None:
    """Open needs, for those who see the care library."""
    if not can(user, Noun.CARE, SEES):
        return None
    needs = list(Need.objects.visible_to(user).filter(household=household).order_by("-id")[:SHOWN])
    may_add = can(user, Noun.CARE, CREATE + EDIT) and (
        Household.objects.cared_by(user).filter(pk=household.pk).exists()
    )
    return Panel("residents/care/panel.html", {"needs": needs, "may_add": may_add})


def _needs_attention(household: Household, user: User) -> bool:
    """A corridor head learns only that somebody needs attention, not who or why (§5.2)."""
    if can(user, Noun.CARE, SEES) or not has_role(user, Role.CORRIDOR_HEAD):
        return False
    tags = CareTag.objects.open().filter(kind__need_to_know=False)
    mine = Household.objects.filter(pk=household.pk)
    return bool(tags.of_households(mine).exists())


@person_panel(30)
def care_of(person: Person, user: User, day: date) -> Panel | None:
    """One's place in the care library, and one's needs."""
    if not can(user, Noun.CARE, SEES):
        return None
    tags = list(CareTag.objects.visible_to(user).filter(person=person).for_list().order_by("-id"))
    needs = list(Need.objects.visible_to(user).filter(person=person).order_by("-id")[:SHOWN])
    if not tags and not needs:
        return None
    rows = [(tag, *visit_light(tag, day)) for tag in tags]
    return Panel("residents/care/person_panel.html", {"rows": rows, "needs": needs})
