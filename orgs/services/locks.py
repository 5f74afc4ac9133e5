"""Locks of the tree. Two unlocked writers silently corrupt MPTT's numbers, so every write here
first locks the roots of the trees it touches and then reads its nodes again.

Row locks are FOR NO KEY UPDATE: other tables' foreign keys to a street do not wait for them.
SQLite needs none: transactions begin IMMEDIATE, there is one writer at a time.
"""

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from orgs.models import OrgUnit

FOREST_LOCK = 0x6F726773  # any fixed number; it names the advisory lock of new tree ids
_MOST_TRIES = 50


def lock_forest() -> None:
    """Serialise the making of new trees until the transaction ends. Take before `lock_nodes`."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOREST_LOCK])


def lock_nodes(*nodes: OrgUnit) -> list[OrgUnit]:
    """Lock the trees of `nodes` (roots in id order) and return the nodes as they are now.

    Must run inside a transaction. A node may change trees while we wait for its root; then the
    locks are given back and taken anew.
    """
    wanted = [node.pk for node in nodes]
    for _ in range(_MOST_TRIES):
        savepoint = transaction.savepoint()
        tree_ids = OrgUnit.objects.filter(pk__in=wanted).values_list("tree_id", flat=True)
        roots = OrgUnit.objects.select_for_update(no_key=True).filter(
            parent=None, tree_id__in=set(tree_ids)
        )
        locked = {root.tree_id for root in roots.order_by("pk")}
        fresh = OrgUnit.objects.in_bulk(wanted)
        if len(fresh) < len(set(wanted)):
            raise ValidationError("这个组织已不存在。")
        if all(node.tree_id in locked for node in fresh.values()):
            transaction.savepoint_commit(savepoint)
            return [fresh[pk] for pk in wanted]
        transaction.savepoint_rollback(savepoint)
    raise ValidationError("组织正在被频繁调整，请稍后再试。")
