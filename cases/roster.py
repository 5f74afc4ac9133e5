"""Who asks: the revisitors of a case's street in turn, first those from another unit.

Nobody asks about a case he took part in. Where there is a choice, nobody asks about a case in
which an organisation or unit of his took part either (domain brief §4A-R).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

from django.db.models import Q, QuerySet
from django.utils import timezone

from cases.models import CaseTask
from cases.services.actors import took_part
from orgs.models import RoleAssignment
from orgs.roles import Role

# An organisation or a unit: ("org", id) or ("unit", id).
Home = tuple[str, int]
CHUNK = 500  # SQLite's limit on parameters


class Asked(Protocol):
    """What the roster reads of a drawn case."""

    @property
    def pk(self) -> int: ...
    @property
    def street_id(self) -> int: ...


class Roster:
    """Hands cases out among the revisitors of their street in turn."""

    def __init__(self, cases: Sequence[Asked]) -> None:
        self._turn: dict[int, int] = defaultdict(int)
        self._of_street: dict[int, list[int]] = defaultdict(list)
        rows = (
            _in_office()
            .filter(
                role=Role.REVISITOR, user__is_active=True, start__lte=timezone.localdate(),
                org_unit__in={one.street_id for one in cases},
            )
            .order_by("user_id")
            .values_list("org_unit_id", "user_id")
        )  # fmt: skip
        for street_id, user_id in rows:
            if street_id is not None and user_id not in self._of_street[street_id]:
                self._of_street[street_id].append(user_id)
        self._took_part = took_part([one.pk for one in cases])
        people = {user for users in self._of_street.values() for user in users}
        self._homes = _homes(people | set().union(*self._took_part.values()))
        self._involved = _involved([one.pk for one in cases], self._took_part, self._homes)

    def next_for(self, case: Asked) -> int | None:
        """Return the next eligible revisitor's id, None when the street has to find one."""
        people = self._of_street[case.street_id]
        turns = [
            (self._turn[case.street_id] + offset) % len(people) for offset in range(len(people))
        ]
        able = [turn for turn in turns if people[turn] not in self._took_part[case.pk]]
        strangers = [
            turn for turn in able if not self._homes[people[turn]] & self._involved[case.pk]
        ]
        for turn in (*strangers, *able):
            self._turn[case.street_id] = turn + 1
            return people[turn]
        return None


def from_within(case_id: int, user_ids: Iterable[int]) -> set[int]:
    """Return those of the users of whom an organisation or unit took part in the case."""
    actors, people = took_part([case_id]), set(user_ids)
    homes = _homes(people | actors[case_id])
    involved = _involved([case_id], actors, homes)[case_id]
    return {user for user in people if homes[user] & involved}


def _in_office() -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.filter(Q(end=None) | Q(end__gte=timezone.localdate()))


def _homes(user_ids: Iterable[int]) -> dict[int, set[Home]]:
    """Return where each user serves; the seat as revisitor is none, it takes no part in cases."""
    homes: dict[int, set[Home]] = defaultdict(set)
    known = sorted(user_ids)
    for start in range(0, len(known), CHUNK):
        rows = (
            _in_office().exclude(role=Role.REVISITOR).filter(user__in=known[start : start + CHUNK])
        )
        for user_id, org_id, unit_id in rows.values_list("user_id", "org_unit_id", "unit_id"):
            if org_id is not None:
                homes[user_id].add(("org", org_id))
            if unit_id is not None:
                homes[user_id].add(("unit", unit_id))
    return homes


def _involved(
    case_ids: Sequence[int], actors: dict[int, set[int]], homes: dict[int, set[Home]]
) -> dict[int, set[Home]]:
    """Return which organisations and units took part in each case: by a person, or by a task."""
    involved: dict[int, set[Home]] = defaultdict(set)
    for case_id in case_ids:
        involved[case_id] = set().union(*(homes[actor] for actor in actors[case_id]))
    for start in range(0, len(case_ids), CHUNK):
        tasks = CaseTask.objects.filter(case_id__in=case_ids[start : start + CHUNK])
        for case_id, unit_id in tasks.values_list("case_id", "unit_id"):
            involved[case_id].add(("unit", unit_id))
    return involved
