"""What Party work adds to the page of a person."""

from datetime import date

from orgs.models import Person, User
from orgs.roles import SEES, Noun
from orgs.scope import can
from partybuilding.life import life_of
from partybuilding.scope import is_staff
from residents.panels import Panel, person_panel


@person_panel(40)
def party_life(person: Person, user: User, day: date) -> Panel | None:
    """Membership, posts, check-in and duties, as far as the reader may see them."""
    if not (can(user, Noun.PARTY, SEES) and is_staff(user)):
        return None
    life = life_of(person, day, user=user)
    if not life:
        return None
    return Panel("partybuilding/person_panel.html", {"life": life, "year": day.year})
