"""Who lives together, who is in the file twice, and whose head is missing (pure)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from residents.catalog import ELDER_RELATIONS, HEAD, TENANT_RELATION
from residents.roster.identity import ADULT_AGE, age_on
from residents.roster.issues import ERROR, INFO, WARN, Problem
from residents.roster.records import RosterHousehold, RosterRow

Note = Callable[[RosterRow, str, Problem], object]

HEAD_NONE = Problem("head_none", WARN, "这一户没有户主，请指定")
HEAD_REJECTED = Problem("head_rejected", INFO, "这一户的户主一行没有导入，暂无户主")
HEAD_TWO = Problem("head_two", WARN, "这一户有两个户主，请核对")
HEAD_CHILD = Problem("head_child", WARN, f"户主未满 {ADULT_AGE} 岁，请核对户主和与户主关系")
BESIDE_OWNER = Problem(
    "beside_owner", WARN, "房主本人住在这里，此人是家人还是租户表里没有写，请补填与户主关系"
)
SPLIT = Problem("split_household", INFO, "与本户其他成员不相邻，已按户编号归到一户")


def group_households(rows: Iterable[RosterRow]) -> list[RosterHousehold]:
    """Put every row into its household and return the households in file order.

    A household is a 户编号 within one room: the same number in another building or room is
    another household, so numbers that start again per building merge nobody. Without a number a
    household is a room; a second head there starts a second household (shared rental).
    """
    numbered: dict[tuple[object, ...], RosterHousehold] = {}
    unnumbered: dict[tuple[object, ...], RosterHousehold] = {}
    in_room: dict[tuple[object, ...], list[RosterHousehold]] = defaultdict(list)
    households: list[RosterHousehold] = []

    def start(row: RosterRow, room: tuple[object, ...]) -> RosterHousehold:
        household = RosterHousehold(row.place, row.door.unit, row.door.room, row.household_no)
        households.append(household)
        in_room[room].append(household)
        return household

    for row in rows:
        door = row.door
        where = row.place.key if row.place else (door.compound, door.building)
        room = (where, door.unit, door.room)
        if row.household_no:
            key = (*room, row.household_no)
            household = numbered.get(key)
            if household is None:
                household = numbered[key] = start(row, room)
        else:
            household = _without_number(row, room, unnumbered, in_room, start)
        household.members.append(row)
        row.household = household
    return households


def _without_number(
    row: RosterRow,
    room: tuple[object, ...],
    unnumbered: dict[tuple[object, ...], RosterHousehold],
    in_room: dict[tuple[object, ...], list[RosterHousehold]],
    start: Callable[[RosterRow, tuple[object, ...]], RosterHousehold],
) -> RosterHousehold:
    """The household of a row without 户编号: the only one of its room, or the one being read."""
    current = unnumbered.get(room)
    if current is None and len(in_room[room]) == 1 and row.relation != HEAD:
        return in_room[room][0]
    if row.relation == HEAD and current is not None:
        # A copied line is no second household.
        again = next((one for one in in_room[room] if _is_in(row, one)), None)
        if again is not None:
            return again
    second_head = current is not None and row.relation == HEAD and _has_head(current)
    if current is None or second_head or (not row.door.room and row.relation == HEAD):
        current = unnumbered[room] = start(row, room)
    return current


def _is_in(row: RosterRow, household: RosterHousehold) -> bool:
    """Whether the row names a member again: the same name, and the same papers or birth date."""
    return any(
        one.name == row.name
        and one.id_number == row.id_number
        and (row.id_number or (row.birth and one.birth == row.birth))
        for one in household.members
    )


def _has_head(household: RosterHousehold) -> bool:
    return any(member.relation == HEAD for member in household.members)


def doubt_tenants(households: Iterable[RosterHousehold], note: Note) -> None:
    """Take nobody for a tenant where the owner lives himself: who stands beside him may be family."""
    for household in households:
        supposed = [row for row in household.members if row.implied]
        if supposed and _has_head(household):
            for row in supposed:
                for name in row.implied:
                    setattr(row, name, "")
                note(row, "relation", BESIDE_OWNER)


def find_repeats(rows: Iterable[RosterRow], note: Note) -> None:
    """Mark repeated rows as duplicates and refuse an identity number that stands for two people.

    The first row of a person stands. A later row with the same number is a repeat when name and
    household agree; otherwise one of the two is wrong, and the later one is refused: nobody is
    moved or renamed by a slip of copying.
    """
    first_with: dict[tuple[object, ...], RosterRow] = {}
    for row in rows:
        if not row.name:
            continue
        if not row.id_number and row.rejected:
            continue
        first = first_with.setdefault(row.identity, row)
        if first is row:
            continue
        line = f"第 {first.number} 行"
        if first.sheet != row.sheet:
            line = f"“{first.sheet}”{line}"
        if row.name == first.name and row.household is first.household:
            row.duplicate_of = first
            if same_content(row, first):
                note(row, "name", Problem("row_duplicate", INFO, f"与{line}重复，已跳过"))
            else:
                said = f"与{line}是同一人但内容不同，以{line}为准"
                note(row, "name", Problem("row_repeat", WARN, said))
        elif row.name != first.name:
            row.rejected = True
            home = "" if row.household is first.household else "_other_home"
            kind = f"id_dup{home}" if home else "id_two_names"
            said = f"证件号与{line}相同，姓名却不同，请核对"
            note(row, "id_number", Problem(kind, ERROR, said))
        else:
            row.rejected = True
            said = f"此人在{line}已登记在另一户，请核对住在哪一户"
            note(row, "id_number", Problem("id_dup_other_home", ERROR, said))


_CONTENT = (
    "relation", "gender", "ethnicity", "id_kind", "birth", "political", "education", "marriage",
    "phones", "residence", "registered_address", "care", "volunteer", "workplace", "remark",
)  # fmt: skip


def same_content(row: RosterRow, other: RosterRow) -> bool:
    """Whether two rows of one person say the same."""
    return all(getattr(row, name) == getattr(other, name) for name in _CONTENT)


def check_households(households: Iterable[RosterHousehold], today: date, note: Note) -> None:
    """Report missing, double and child heads, and members that stand apart from their household."""
    refused_heads: set[tuple[str, str]] = set()
    listed = list(households)
    for household in listed:
        for row in household.members:
            if row.rejected and row.relation == HEAD and row.household_no:
                refused_heads.add((row.door.compound, row.household_no))
    last: RosterRow | None = None
    for household in listed:
        members = [row for row in household.members if row.duplicate_of is None]
        stored = [row for row in members if not row.rejected]
        if not stored:
            continue
        heads = [row for row in members if row.relation == HEAD]
        if not heads and _needs_no_head(household, members):
            pass
        elif not heads:
            refused = (stored[0].door.compound, household.number) in refused_heads
            note(stored[0], "relation", HEAD_REJECTED if refused else HEAD_NONE)
        elif not any(not row.rejected for row in heads):
            note(stored[0], "relation", HEAD_REJECTED)
        for row in heads[1:]:
            note(row, "relation", HEAD_TWO)
        _check_child_head(heads, members, today, note)
        if household.number:
            last = None
            for row in household.members:
                if last is not None and _stands_apart(last, row):
                    note(row, "household_no", SPLIT)
                last = row


def _needs_no_head(household: RosterHousehold, members: list[RosterRow]) -> bool:
    """Tenants who share a flat, and collective households (集体户, 员工宿舍), have no head."""
    words = f"{household.number}{household.room}"
    return any(word in words for word in ("集体", "宿舍")) or all(
        row.relation in (TENANT_RELATION, "非亲属") for row in members
    )


def _check_child_head(
    heads: list[RosterRow], members: list[RosterRow], today: date, note: Note
) -> None:
    """A child as head: reported at the child and at the first member who must be its elder."""
    for head in heads:
        if head.birth is not None and age_on(head.birth, today) < ADULT_AGE:
            note(head, "relation", HEAD_CHILD)
            elders = [row for row in members if row.relation in ELDER_RELATIONS]
            if elders:
                note(elders[0], "relation", HEAD_CHILD)


def _stands_apart(before: RosterRow, row: RosterRow) -> bool:
    """Whether rows of other households stand between two rows of one household."""
    return row.sheet == before.sheet and row.order - before.order > 1
