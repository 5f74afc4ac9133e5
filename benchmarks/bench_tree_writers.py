"""Two, four and eight writers in the organisation tree at once: no error, no damaged node.

The floor is one writer doing as much work alone; it also shows that the locks cost little.
"""

from __future__ import annotations

import random
import threading
import time
from itertools import count
from typing import Any

from django.db import connection

from benchmarks.run import Figure

STREETS, COMMUNITIES = 3, 4
TOTAL = 240  # writes, shared by the writers


def run() -> list[Figure]:
    from orgs.models import AuditEntry, OrgUnit, OrgUnitChange

    seconds: dict[int, float] = {}
    for writers in (1, 2, 4, 8):
        seconds[writers] = storm(writers, TOTAL // writers)
        for model in (OrgUnitChange, AuditEntry, OrgUnit):
            model._base_manager.all()._raw_delete("default")
    return [
        Figure(
            f"tree: {TOTAL} writes by {writers} writers",
            seconds[writers],
            seconds[1],
            3,
            "1 writer",
        )
        for writers in (2, 4, 8)
    ]


def storm(writers: int, each: int) -> float:
    """Let `writers` threads make `each` writes; return the seconds. Raises on any error or damage."""
    from orgs.integrity import tree_problems

    communities = build_forest()
    errors: list[BaseException] = []
    start = threading.Barrier(writers + 1)

    def work(number: int) -> None:
        try:
            start.wait()
            write(random.Random(number), number, each, communities)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    start.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    if errors:
        raise RuntimeError(f"{len(errors)} of {writers} writers failed") from errors[0]
    if problems := tree_problems():
        raise RuntimeError(f"{len(problems)} damaged nodes: {problems[:5]}")
    return elapsed


_serial = count(1)


def build_forest() -> list[Any]:
    """Return the communities of a few fresh streets."""
    from orgs import services
    from orgs.levels import OrgForm, Tier

    communities = []
    for _ in range(STREETS):
        street = services.add_org_unit(
            parent=None, name=f"街道{next(_serial)}党工委", tier=Tier.STREET,
            org_form=OrgForm.WORKING_COMMITTEE, by=None,
        )  # fmt: skip
        communities += [
            services.add_org_unit(
                parent=street, name=f"社区{next(_serial)}党委", tier=Tier.COMMUNITY,
                org_form=OrgForm.COMMITTEE, by=None,
            )
            for _ in range(COMMUNITIES)
        ]  # fmt: skip
    return communities


def write(pick: random.Random, number: int, each: int, communities: list[Any]) -> None:
    """Add branches anywhere, move own ones within and between trees, now and then add a tree."""
    from orgs import services
    from orgs.levels import OrgForm, Tier

    own: list[tuple[Any, int]] = []
    for step in range(each):
        name = f"支部{number}-{step}-{next(_serial)}"
        choice = pick.random()
        if choice < 0.1:
            services.add_org_unit(
                parent=None, name=name, tier=Tier.STREET, org_form=OrgForm.COMMITTEE, by=None
            )
        elif choice < 0.5 or not own:
            place = pick.randrange(len(communities))
            branch = services.add_org_unit(
                parent=communities[place], name=name, tier=Tier.BRANCH,
                org_form=OrgForm.BRANCH, by=None,
            )  # fmt: skip
            own.append((branch, place))
        else:
            branch, place = own.pop(pick.randrange(len(own)))
            goal = (place + pick.randrange(1, len(communities))) % len(communities)
            services.move(node=branch, parent=communities[goal], by=None)
            own.append((branch, goal))
