"""Officials of the demonstration: people with a job, and log-ins with a role."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password

from gridparty.demo.accounts import CAST, PASSWORD
from gridparty.demo.people import FEMALE, MALE, People
from gridparty.demo.profiles import OFFICIALS
from gridparty.demo.world import World
from orgs.models import OrgUnit, PartyMember, Person, Region, Unit, User
from orgs.roles import Role
from orgs.services.users import assign_role
from residents.catalog import CITIZEN_ID

_NAMED = frozenset([*(account.username for account in CAST), *OFFICIALS])


class Recruiter:
    """Hires people and opens their log-ins; all began `since`."""

    def __init__(self, world: World, people: People) -> None:
        self.world = world
        self.people = people
        self.since = world.setting.today - timedelta(days=400)
        self._password = make_password(PASSWORD)

    def hire(self, *, member_of: OrgUnit | None = None, workplace: str = "") -> Person:
        """Return a new official who lives elsewhere; a Party member if `member_of` is given."""
        rng = self.people.rng
        human = self.people.make(rng.choice((MALE, FEMALE)), rng.randint(27, 57))
        person = Person(
            name=human.name, gender=human.gender, id_kind=CITIZEN_ID, workplace=workplace,
            education="本科", marriage="已婚", ethnicity="汉族",
            political_status="中共党员" if member_of else "群众",
        )  # fmt: skip
        person.seal_identity(id_number=human.id_number, phone=human.phone, birth_date=human.born)
        person.save()
        if member_of is not None:
            PartyMember.objects.create(
                person=person, org_unit=member_of, joined_on=self.since - timedelta(days=2000),
                registered=True, working=True,
            )  # fmt: skip
        return person

    def open_login(
        self,
        username: str,
        person: Person,
        role: Role,
        *,
        org_unit: OrgUnit | None = None,
        region: Region | None = None,
        unit: Unit | None = None,
    ) -> User:
        """Give a person a log-in with a role. Only the named demo accounts can be entered."""
        user = User(username=username, person=person)
        if username in _NAMED:
            user.password = self._password
        else:
            user.set_unusable_password()
        user.save()
        assign_role(
            user=user, role=role, org_unit=org_unit, region=region, unit=unit, start=self.since,
            by=None,
        )  # fmt: skip
        self.world.users[username] = user
        return user
