"""What she reads must not change when everything that is not of her streets is gone.

Marks find words; counts, shares and ranks have none. So the rows of all other streets are
deleted, in a transaction that is taken back, and every page without a number is asked again.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache
from django.db import connection
from django.db.models import Model

from gridparty.prove.addresses import Address
from gridparty.prove.seers import Seer
from gridparty.prove.territory import our_models
from gridparty.prove.walk import Leak, Map, ask, rolled_back
from orgs.models import OrgUnit, Unit, User

# The tree, its units and accounts stay: without them nobody could log in.
KEPT: tuple[type[Model], ...] = (OrgUnit, Unit, User)
BATCH = 500


def changed_by_absence(known: Map, one: Seer, outside: Seer) -> Iterator[Leak]:
    """Compare every page she has before and after; those open to the public may change."""
    pages = [
        address
        for address in known.models
        if not address.numbers and ask(outside, address.route).status != 200
    ]
    before = {address: _asked(one, address) for address in pages}
    with rolled_back(), _only(one):
        for address in pages:
            if _asked(one, address) != before[address]:
                yield Leak(one.name, address.name, "changes when other streets are gone")


def _asked(one: Seer, address: Address) -> tuple[int, str]:
    cache.clear()
    status, text = ask(one, address.route)
    return status, text


@contextmanager
def _only(one: Seer) -> Iterator[None]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        else:
            cursor.execute("PRAGMA defer_foreign_keys = ON")
    for model in our_models():
        if model in KEPT:
            continue
        away = [pk for pk, street in one.streets.of(model).items() if street not in one.home]
        for start in range(0, len(away), BATCH):
            rows = model._base_manager.filter(pk__in=away[start : start + BATCH])
            rows._raw_delete(rows.db)
    yield
