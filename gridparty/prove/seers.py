"""Who walks: a user, the streets she is at home in, and the rows she may read of."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.test import Client

from councils.models import CouncilSeat
from gridparty.prove.marks import Mark
from gridparty.prove.territory import has_scope, streets_of
from grids.models import Building, Compound, Grid, GridTeamMember
from orgs.models import OrgPost, OrgUnit, PartyMember, Person, RoleAssignment, Unit, User
from residents.models import CorridorHead, Household, Residency
from volunteers.models import Volunteer

# Their names stand on the pages of everybody in the street.
NAMES_OF_THE_STREET: tuple[type[Model], ...] = (OrgUnit, Unit, Grid, Compound, Building)
OFFICES: tuple[type[Model], ...] = (OrgPost, PartyMember, GridTeamMember, CorridorHead, CouncilSeat)


class Streets:
    """The street of every row as it stands; a person has those of her homes and offices."""

    def __init__(self) -> None:
        self._of: dict[type[Model], dict[int, int]] = {}
        self.officers: dict[int, set[int]] = defaultdict(set)
        self.people: dict[int, set[int]] = defaultdict(set)
        for model in OFFICES:
            self._meet(model, "person", self.officers)
        self._meet(RoleAssignment, "user__person", self.officers)
        for person in RoleAssignment.objects.values_list("user__person", flat=True):
            self.officers[person]  # of a district, or of no place at all: an office all the same
        for model in (Volunteer, Residency):
            self._meet(model, "person", self.people)

    def of(self, model: type[Model]) -> dict[int, int]:
        if model not in self._of:
            self._of[model] = streets_of(model)
        return self._of[model]

    def of_row(self, mark: Mark) -> set[int]:
        """Return the streets of one row: empty for what belongs to nobody, like a category."""
        if mark.model is Person:
            return self.officers[mark.pk] | self.people[mark.pk]
        street = self.of(mark.model).get(mark.pk)
        return set() if street is None else {street}

    def _meet(self, model: type[Model], lookup: str, people: dict[int, set[int]]) -> None:
        persons = dict(model._base_manager.values_list("pk", lookup))
        for pk, street in self.of(model).items():
            people[persons[pk]].add(street)


@dataclass
class Seer:
    """One user with her client; nobody is at home nowhere."""

    user: User | AnonymousUser
    client: Client
    streets: Streets
    home: frozenset[int]
    # Found out once: the rows of the town stand still while she walks.
    _seen: dict[type[Model], frozenset[int]] = field(default_factory=dict)
    _hidden: dict[type[Model], list[int]] = field(default_factory=dict)
    _own: dict[type[Model], list[int]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.user.get_username() or "nobody"

    def sees(self, model: type[Model]) -> frozenset[int] | None:
        """Return the primary keys `visible_to` gives her, None where a model has no such thing."""
        if not has_scope(model):
            return None
        if isinstance(self.user, AnonymousUser):
            return frozenset()
        if model not in self._seen:
            rows: Any = model._default_manager.all()
            self._seen[model] = frozenset(rows.visible_to(self.user).values_list("pk", flat=True))
        return self._seen[model]

    def may_read_of(self, mark: Mark) -> bool:
        """Say whether the words of this row may stand on a page of hers."""
        model, pk = mark
        streets = self.streets.of_row(mark)
        if model is Person:
            is_official = pk in self.streets.officers and (not streets or bool(streets & self.home))
            return is_official or pk in self._people()
        if model in NAMES_OF_THE_STREET and (not streets or streets & self.home):
            return True
        seen = self.sees(model)
        if seen is None:
            return not streets or bool(streets & self.home)
        return pk in seen

    def hidden(self, model: type[Model]) -> list[int]:
        """Return up to two rows she must not meet: one of another street, one of her own."""
        if model not in self._hidden:
            self._hidden[model] = self._look_for_hidden(model)
        return self._hidden[model]

    def _look_for_hidden(self, model: type[Model]) -> list[int]:
        seen = self.sees(model)
        if model is Person:
            seen = self._people() | frozenset(self.streets.officers)
        away: int | None = None
        near: int | None = None
        for pk in model._default_manager.order_by("pk").values_list("pk", flat=True):
            streets = self.streets.of_row(Mark(model, pk))
            at_home = bool(streets & self.home)
            if pk in seen if seen is not None else at_home or not streets:
                continue
            if at_home and near is None:
                near = pk
            elif not at_home and away is None:
                away = pk
        return [pk for pk in (away, near) if pk is not None]

    def own(self, model: type[Model]) -> list[int]:
        """Return some rows that are hers, the first ones."""
        if model not in self._own:
            seen = self.sees(model)
            if seen is None:
                streets = self.streets.of(model).items()
                seen = frozenset(pk for pk, street in streets if street in self.home)
            self._own[model] = sorted(seen)[:8]
        return self._own[model]

    def _people(self) -> frozenset[int]:
        """Whom she reaches: by their office, through their homes, as volunteers, and herself."""
        if Person not in self._seen:
            found: set[Any] = {getattr(self.user, "person_id", None)}
            if not isinstance(self.user, AnonymousUser):
                doors = Household.objects.visible_to(self.user)
                for rows in (
                    Person.objects.visible_to(self.user).values_list("pk", flat=True),
                    Residency.objects.filter(household__in=doors).values_list("person", flat=True),
                    Volunteer.objects.visible_to(self.user).values_list("person", flat=True),
                ):
                    found |= set(rows)
            self._seen[Person] = frozenset(found)
        return self._seen[Person]


def seer(user: User, streets: Streets) -> Seer:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return Seer(user, client, streets, frozenset(_home(user)))


def nobody(streets: Streets) -> Seer:
    """Somebody from outside, without a log-in."""
    return Seer(AnonymousUser(), Client(raise_request_exception=False), streets, frozenset())


def _home(user: User) -> set[int]:
    found: set[int] = set()
    roots = OrgUnit.objects.filter(parent=None)
    for grant in user.grants:
        if grant.is_everywhere:
            found |= set(roots.values_list("pk", flat=True))
        elif grant.tree_id is not None:
            found |= set(roots.filter(tree_id=grant.tree_id).values_list("pk", flat=True))
        elif grant.unit_street_id is not None:
            found.add(grant.unit_street_id)
        elif district := grant.region_code or grant.unit_district:
            found |= set(
                roots.filter(division_code__startswith=district[:6]).values_list("pk", flat=True)
            )
    return found
