"""One batch of the file against the register: who is who, what changes, what contradicts.

Matching never moves or renames anybody: an identity number that lives in another home, or bears
another name, is a conflict for a person to decide. Blank cells never clear what is stored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gridparty.lib.text import squash
from residents.catalog import HEAD
from residents.roster.changes import door_changes, home_changes, person_changes
from residents.roster.issues import ERROR, INFO, WARN, Problem
from residents.roster.known import (
    Door,
    Known,
    KnownHousehold,
    KnownPerson,
    KnownResidency,
    door_of,
    fingerprints,
    load_known,
)
from residents.roster.outcome import STORED, Outcome
from residents.roster.records import RosterHousehold, RosterRow

OTHER_NAME = Problem("conflict_name", ERROR, "这个证件号已登记在另一个姓名下，请核对")
OTHER_HOME = Problem("conflict_home", ERROR, "此人已登记在另一户，请先办理迁移或核对")
OTHER_ID = Problem("conflict_id", ERROR, "同户同名的人登记的是另一个证件号，请核对")
DIED = Problem("conflict_died", ERROR, "此人已登记死亡，请核对")
MOVED_OUT = Problem("conflict_moved_out", ERROR, "此人已登记从这一户迁出，请核对")
SECOND_HOUSEHOLD = Problem("room_shared", INFO, "这个房号已有另一户，已另立一户")
HEAD_CHANGED = Problem("head_changed", WARN, "户主与登记的不同，已按花名册变更")
NEWER = Problem("conflict_newer", ERROR, "这一户在导出以后又在系统里改过，请核对以哪个为准")
CARE_STAYS = Problem("care_not_cleared", INFO, "重点人群不能在表里清空，请在一户一档里移出")
CARE_ENDED = Problem("care_ended", INFO, "此人已移出这一类重点人群，没有重新登记")


@dataclass(slots=True, eq=False)
class HouseholdPlan:
    """A household of the file with its counterpart; `changes` are columns of an existing one."""

    source: RosterHousehold
    known: KnownHousehold | None
    rows: list[RowPlan] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    # Present heads of the register that the file replaces without naming them.
    demoted: list[KnownResidency] = field(default_factory=list)
    pk: int = 0

    @property
    def is_new(self) -> bool:
        """Whether the household is to be created: unknown, and with somebody to put into it."""
        return self.known is None and any(plan.outcome in STORED for plan in self.rows)

    @property
    def is_touched(self) -> bool:
        """Whether anything about an existing household or its people changes."""
        return bool(self.changes or self.demoted) or any(
            plan.outcome in (Outcome.CREATE, Outcome.UPDATE) for plan in self.rows
        )


@dataclass(slots=True, eq=False)
class RowPlan:
    """A row with its person; `changes`/`home_changes` are columns to write on existing rows."""

    row: RosterRow
    outcome: Outcome
    print: str = ""
    person: KnownPerson | None = None
    home: KnownResidency | None = None
    is_head: bool = False
    changes: dict[str, Any] = field(default_factory=dict)
    home_changes: dict[str, Any] = field(default_factory=dict)
    new_tags: list[int] = field(default_factory=list)
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    # Ids of what was written for the row.
    person_pk: int = 0
    home_pk: int = 0
    tag_pks: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stays the same for all batches of one import.

    `buildings` may be written to, `care_kinds` maps labels to kind ids, `named` holds the doors of
    the whole file with the household numbers it gives there (`numbers_at_doors`).
    """

    buildings: Collection[int]
    care_kinds: dict[str, int]
    named: Collection[tuple[Door, str]]


def numbers_at_doors(households: Iterable[RosterHousehold]) -> set[tuple[Door, str]]:
    """The doors of a file with the household numbers of those it stores there."""
    return {
        (door_of(household), household.number)
        for household in households
        if household.number and any(row.is_stored for row in household.members)
    }


def match_batch(batch: Sequence[RosterHousehold], frame: Frame) -> list[HouseholdPlan]:
    """Match the stored rows of these households; reads the register, writes nothing."""
    prints = fingerprints(batch)
    matcher = _Matcher(load_known(batch, prints), prints, frame)
    return [matcher.match(household) for household in batch]


class _Matcher:
    """The state of one batch: which persons and households of the register are spoken for."""

    def __init__(self, known: Known, prints: dict[RosterRow, str], frame: Frame) -> None:
        self.known = known
        self.prints = prints
        self.frame = frame
        self.taken: set[int] = set()
        self.met: set[int] = set()

    def match(self, source: RosterHousehold) -> HouseholdPlan:
        """Match one household: its counterpart first, then each of its people."""
        rows = [row for row in source.members if row.is_stored]
        at_door = self.known.by_door.get(door_of(source), [])
        household = self._counterpart(source, rows, at_door)
        plan = HouseholdPlan(source, household)
        if household is not None:
            self.taken.add(household.pk)
            plan.changes = door_changes(source, household)
        head = next((row for row in rows if row.relation == HEAD), None)
        for row in rows:
            matched = self._match_row(row, household, is_head=row is head)
            if plan.changes and matched.outcome is Outcome.UNCHANGED:
                matched.outcome = Outcome.UPDATE
            plan.rows.append(matched)
        if plan.is_new and any(one.members for one in at_door):
            plan.rows[0].problems.append(("room", SECOND_HOUSEHOLD))
        self._replace_head(plan)
        return plan

    def _counterpart(
        self, source: RosterHousehold, rows: list[RosterRow], at_door: list[KnownHousehold]
    ) -> KnownHousehold | None:
        """The household of the register this is; None for a new one.

        Behind the same door: the one with its number, or with one of its people, or an empty one.
        Elsewhere: where all its known people live, if the number agrees (a corrected door).
        Strangers behind one door are never merged.
        """
        free = [one for one in at_door if one.pk not in self.taken]
        if source.number:
            for one in free:
                if one.number == source.number:
                    return one
        living = self._present_homes(rows)
        # A number the file gives to another household of this room is spoken for.
        door = door_of(source)
        free = [one for one in free if (door, one.number) not in self.frame.named]
        for one in free:
            if one.pk in living or self._shares_person(one, rows):
                return one
        for one in free:
            if not one.members and not (source.number and one.number):
                return one
        if len(living) == 1:
            (pk,) = living
            there = self.known.households.get(pk)
            if (
                there is not None
                and source.number == there.number != ""
                and there.building_id in self.frame.buildings
                and pk not in self.taken
            ):
                return there
        return None

    def _present_homes(self, rows: list[RosterRow]) -> set[int]:
        """Ids of the households where the people of these rows live now, by identity number."""
        homes: set[int] = set()
        for row in rows:
            person = self._by_papers(row)
            if person is not None:
                homes.update(one.household_id for one in person.homes if one.end is None)
        return homes

    def _shares_person(self, household: KnownHousehold, rows: list[RosterRow]) -> bool:
        names = {row.name for row in rows}
        return any(self.known.persons[one.person_id].name in names for one in household.members)

    def _match_row(
        self, row: RosterRow, household: KnownHousehold | None, *, is_head: bool
    ) -> RowPlan:
        plan = RowPlan(row, Outcome.CREATE, self.prints.get(row, ""), is_head=is_head)
        person = self._by_papers(row)
        if person is not None:
            against = _contradiction(row, person, household)
            if plan.print and person.id_fingerprint not in (None, plan.print):
                against = OTHER_ID
            if against is not None:
                plan.outcome, plan.person = Outcome.CONFLICT, person
                plan.problems.append(("id_number", against))
                return plan
        elif household is not None:
            person = self._same_name(row, household)
            if person is not None and plan.print and person.id_fingerprint:
                plan.outcome, plan.person = Outcome.CONFLICT, person
                plan.problems.append(("id_number", OTHER_ID))
                return plan
        if person is not None:
            self.met.add(person.pk)
            self._compare(plan, person, household)
            if plan.outcome is Outcome.UPDATE and _is_outdated(row, household):
                plan.outcome = Outcome.CONFLICT
                plan.problems.append(("name", NEWER))
                return plan
        self._tag(plan)
        return plan

    def _by_papers(self, row: RosterRow) -> KnownPerson | None:
        """The person of the row's identity number, else of its key from our own export."""
        print_ = self.prints.get(row)
        person = self.known.by_fingerprint.get(print_) if print_ else None
        if person is None and row in self.known.by_key:
            person = self.known.persons.get(self.known.by_key[row])
        return person

    def _same_name(self, row: RosterRow, household: KnownHousehold) -> KnownPerson | None:
        """A present member with the row's name whose birth date does not contradict it."""
        born = row.birth.isoformat() if row.birth else ""
        for one in household.members:
            person = self.known.persons[one.person_id]
            if person.pk in self.met or not _same(person.name, row.name):
                continue
            if not born or not person.birth or person.born() == born:
                return person
        return None

    def _compare(
        self, plan: RowPlan, person: KnownPerson, household: KnownHousehold | None
    ) -> None:
        """Fill the changes of a person we know and of the residency in this household."""
        row, plan.person = plan.row, person
        plan.changes = person_changes(row, person, plan.print)
        here = household.pk if household is not None else None
        plan.home = next(
            (one for one in person.homes if one.end is None and one.household_id == here), None
        )
        plan.outcome = Outcome.UPDATE
        if plan.home is not None:
            plan.home_changes = home_changes(row, plan.home, is_head=plan.is_head)
            if not plan.changes and not plan.home_changes:
                plan.outcome = Outcome.UNCHANGED

    def _tag(self, plan: RowPlan) -> None:
        """Key populations the person is not registered in yet; removed ones stay removed."""
        if "care" in plan.row.cleared:
            plan.problems.append(("care", CARE_STAYS))
        for label in plan.row.care:
            kind = self.frame.care_kinds.get(label)
            if kind is None:
                continue
            state = self.known.tags.get((plan.person.pk, kind)) if plan.person else None
            if state is None:
                plan.new_tags.append(kind)
            elif state is False:
                plan.problems.append(("care", CARE_ENDED))
        if plan.new_tags and plan.outcome is Outcome.UNCHANGED:
            plan.outcome = Outcome.UPDATE

    def _replace_head(self, plan: HouseholdPlan) -> None:
        """Where the file names a head, present heads it does not list step back."""
        head = next((one for one in plan.rows if one.is_head), None)
        if plan.known is None or head is None or head.outcome is Outcome.CONFLICT:
            return
        listed = {one.person.pk for one in plan.rows if one.person is not None}
        plan.demoted = [
            one for one in plan.known.members if one.is_head and one.person_id not in listed
        ]
        was_head = head.home is not None and head.home.is_head
        if not was_head and any(one.is_head for one in plan.known.members):
            head.problems.append(("relation", HEAD_CHANGED))


def _contradiction(
    row: RosterRow, person: KnownPerson, household: KnownHousehold | None
) -> Problem | None:
    """Why a row must not be written to the person its identity number names, or None."""
    if not _same(person.name, row.name):
        return OTHER_NAME
    if person.died_on is not None:
        return DIED
    here = household.pk if household is not None else None
    open_at = {one.household_id for one in person.homes if one.end is None}
    if here in open_at:
        return None
    if open_at:
        return OTHER_HOME
    if any(one.household_id == here for one in person.homes):
        return MOVED_OUT
    return None


def _is_outdated(row: RosterRow, household: KnownHousehold | None) -> bool:
    """Whether the household was written to since the export this row comes from."""
    if not row.row_version or household is None:
        return False
    return row.row_version != str(household.version)


def _same(name: str, other: str) -> bool:
    return name == other or squash(name) == squash(other)
