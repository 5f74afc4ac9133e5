"""Grid teams by their templates (1+2+N of 海恒 and 宣城, 1+6 of 黄山), and the grids' log-ins."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gridparty.demo.photos import draw_portrait
from gridparty.demo.recruiting import Recruiter
from gridparty.demo.shapes import DEMO_GRID, HAIHENG, OTHER_GRID, XUANCHENG
from gridparty.demo.units import forces, property_company
from gridparty.demo.world import CommunityFacts, GridFacts, TreeFacts, World
from gridparty.lib.images import sanitise
from grids.catalog import GridStatus, SlotSource
from grids.models import TeamSlot
from grids.services.teams import assign_member, edit_member
from orgs.models import Person, Unit
from orgs.roles import Role
from residents.models import CorridorHead, LinkedHousehold
from residents.services import edit_board

_HEADS = {DEMO_GRID: "grid_head", OTHER_GRID: "other_grid_head"}
# The six forces of 黄山, in the order of `units.forces`, with the source their slot asks for.
_FORCE_SOURCES = {
    "urban-management": SlotSource.UNIT,
    "sanitation": SlotSource.UNIT,
    "parks": SlotSource.UNIT,
    "property": SlotSource.PROPERTY,
    "governance-informant": "",
    "property-supervisor": SlotSource.UNIT,
}


@dataclass(frozen=True)
class Seat:
    """Somebody for a slot of a team."""

    slot: str
    person: Person
    source: str = ""
    unit: Unit | None = None


def build_teams(world: World, recruiter: Recruiter) -> None:
    """Staff every active grid after its template."""
    slots = {
        (slot.template.code, slot.code): slot
        for slot in TeamSlot.objects.select_related("template")
    }
    for tree in world.trees:
        for community in tree.communities:
            officer = recruiter.hire(workplace="公安分局")
            for facts in community.grids:
                if facts.grid.status != GridStatus.ACTIVE:
                    continue
                for seat in _seats(recruiter, tree, community, facts, officer):
                    assign_member(
                        grid=facts.grid, slot=slots[tree.plan.team, seat.slot], by=None,
                        person=seat.person, source=seat.source, unit=seat.unit,
                        start=recruiter.since, term_end=_term_end(world, facts),
                    )  # fmt: skip
    _open_neighbours(recruiter, world.grid(DEMO_GRID))
    _agree_to_photos(world)


def _agree_to_photos(world: World) -> None:
    """Some of the demonstration's own team and heads let the notice board show face and number."""
    rng = world.setting.rng("portraits")
    team = world.grid(DEMO_GRID).grid.team.select_related("slot", "unit").order_by("pk")
    for member in team[:3]:
        edit_member(
            member=member, duties=member.duties, unit=member.unit, term_end=member.term_end,
            shows_phone=True, shows_photo=True, photo=sanitise(io.BytesIO(draw_portrait(rng))),
            by=None,
        )  # fmt: skip
    today = world.setting.today
    for head in CorridorHead.objects.filter(grid__code=DEMO_GRID).in_duty(today).order_by("pk")[:2]:
        portrait = sanitise(io.BytesIO(draw_portrait(rng)))
        edit_board(head=head, shows_phone=True, shows_photo=True, photo=portrait, by=None)


def _term_end(world: World, facts: GridFacts) -> date:
    """Teams are renewed over the years; some terms end within the next weeks."""
    return world.setting.today + timedelta(days=int(facts.grid.code[9:]) * 41 % 700)


def _seats(
    recruiter: Recruiter,
    tree: TreeFacts,
    community: CommunityFacts,
    facts: GridFacts,
    officer: Person,
) -> Iterator[Seat]:
    """Yield the team of one grid, slot by slot of its template."""
    head = recruiter.hire(member_of=facts.grid.party_branch)
    code = facts.grid.code
    facts.head = recruiter.open_login(
        _HEADS.get(code, f"head-{code}"), head, Role.GRID_HEAD, org_unit=community.org
    )
    if tree.plan is HAIHENG:
        company = tree.units[property_company(community.plan.short)]
        yield Seat("head", head)
        yield Seat("full-time", _full_time_worker(recruiter, facts), SlotSource.FULL_TIME)
        yield Seat("police", officer, SlotSource.POLICE)
        yield Seat("part-time", recruiter.hire(), SlotSource.PROPERTY, company)
        for member in facts.members[-2:]:
            yield Seat("part-time", member, SlotSource.CHECKED_IN_MEMBER)
        for neighbour in facts.neighbours[:1]:
            yield Seat("part-time", neighbour, SlotSource.VOLUNTEER)
    elif tree.plan is XUANCHENG:
        agency = tree.units[f"区直机关联建单位{1 + int(code[9:]) % 10}"]
        yield Seat("head", head, SlotSource.TWO_COMMITTEES)
        yield Seat("street-worker", recruiter.hire(member_of=tree.root), SlotSource.STREET)
        sent = recruiter.hire(member_of=facts.grid.party_branch, workplace=agency.name)
        yield Seat("unit-worker", sent, SlotSource.PAIRED_UNIT, agency)
        for neighbour, source in zip(
            facts.neighbours, (SlotSource.FIVE_ELDERS, SlotSource.CORRIDOR_HEAD), strict=False
        ):
            yield Seat("informant", neighbour, source)
    else:
        yield Seat("head", head)
        for slot, unit in zip(_FORCE_SOURCES, forces(tree), strict=True):
            yield Seat(slot, recruiter.hire(workplace=unit.name), _FORCE_SOURCES[slot], unit)


def _full_time_worker(recruiter: Recruiter, facts: GridFacts) -> Person:
    person, code = recruiter.hire(), facts.grid.code
    name = "grid_worker" if code == DEMO_GRID else f"worker-{code}"
    facts.worker = recruiter.open_login(
        name, person, Role.GRID_WORKER_FT, org_unit=facts.community.org
    )
    return person


def _open_neighbours(recruiter: Recruiter, facts: GridFacts) -> None:
    """The corridor head and the volunteer of the demonstration live in the demo grid."""
    first = (
        LinkedHousehold.objects.filter(household__grid=facts.grid)
        .order_by("household__sort_key", "pk")
        .select_related("head")[0]
    )
    org = facts.community.org
    recruiter.open_login("corridor_head", first.head, Role.CORRIDOR_HEAD, org_unit=org)
    volunteer = next(one for one in reversed(facts.neighbours) if one.pk != first.head_id)
    volunteer.is_volunteer = True
    volunteer.save(update_fields=["is_volunteer"])
    recruiter.open_login("volunteer", volunteer, Role.VOLUNTEER, org_unit=org)
    facts.reporters = [recruiter.world.users["corridor_head"], recruiter.world.users["volunteer"]]
