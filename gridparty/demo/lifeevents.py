"""A few recent life events in the demonstration's own grid, one of each lasting kind."""

from datetime import timedelta

from gridparty.demo.people import FEMALE, People
from gridparty.demo.shapes import DEMO_GRID
from gridparty.demo.world import World
from residents.catalog import CITIZEN_ID
from residents.models import Household, Residency, Separation
from residents.services import live_apart, move_in, register_birth, start_rental
from residents.services.residency import Identity

MOVED, RENTED = timedelta(days=3), timedelta(days=400)


def build_life_events(world: World, people: People) -> None:
    """A birth, somebody new in a let home whose tenancy has run out, and a son who lives elsewhere."""
    facts, today = world.grid(DEMO_GRID), world.setting.today
    by = facts.head
    homes = Household.objects.filter(grid=facts.grid).order_by("sort_key", "id")
    here = Residency.objects.filter(household__in=homes).order_by("household__sort_key", "id")
    wife = here.filter(
        relation="配偶", person__gender=FEMALE,
        person__birth_year__range=(today.year - 38, today.year - 24),
    ).first()  # fmt: skip
    if wife is not None:
        head = wife.household.residencies.get(is_head=True).person
        child = people.make(FEMALE, 0, head.name[0])
        register_birth(
            household=wife.household, name=child.name, gender=FEMALE, on=child.born, by=by,
            identity=Identity(CITIZEN_ID, child.id_number),
        )  # fmt: skip
    let = homes.filter(occupancy=Household.Occupancy.RENTED).first()
    if let is not None:
        owner, tenant = people.make(FEMALE, 51), people.make(FEMALE, 27)
        start_rental(
            household=let, landlord=owner.name, phone=owner.phone, start=today - RENTED,
            until=today - timedelta(days=35), by=by,
        )  # fmt: skip
        move_in(
            household=let, name=tenant.name, on=today - MOVED, by=by, origin="外市", status="流动",
            relation="非亲属", phone=tenant.phone,
            identity=Identity(CITIZEN_ID, tenant.id_number, tenant.born, tenant.gender),
        )  # fmt: skip
    son = here.filter(relation="子女", person__birth_year__lte=today.year - 19).first()
    if son is not None:
        live_apart(
            residency=son, kind=Separation.Kind.AWAY, elsewhere="外省求学", on=today - MOVED, by=by
        )
