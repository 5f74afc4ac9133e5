"""The third step of every tree write: history row, audit entry, signal, in this order."""

from typing import Any

from orgs.audit import describe_actions, record
from orgs.models import OrgUnit, OrgUnitChange, User
from orgs.signals import tree_changed

describe_actions(
    org__add="设立组织",
    org__rename="组织更名",
    org__move="调整隶属",
    org__merge="合并组织",
    org__split="分设组织",
    org__abolish="撤销组织",
)


def facts(node: OrgUnit) -> dict[str, Any]:
    """What history remembers of a node."""
    return {
        "name": node.name,
        "tier": node.tier,
        "org_form": node.org_form,
        "parent": node.parent_id,
        "status": node.status,
    }


def tell(
    kind: OrgUnitChange.Kind,
    node: OrgUnit,
    *,
    by: User | None,
    before: dict[str, Any] | None = None,
    moved_to: OrgUnit | None = None,
    reason: str = "",
) -> None:
    """Write the change and tell the floors above; a receiver may refuse with ValidationError."""
    node.refresh_from_db()
    after = facts(node)
    if moved_to is not None:
        after["moved_to"] = moved_to.pk
        moved_to.refresh_from_db()
    OrgUnitChange.objects.create(
        org_unit=node, kind=kind, by=by, before=before or {}, after=after, reason=reason[:200]
    )
    root = OrgUnit.objects.filter(tree_id=node.tree_id, parent=None).values_list("pk", flat=True)
    record(
        by=by,
        action=f"org.{kind}",
        target=node,
        street=root.get(),
        detail={"moved_to": moved_to.pk} if moved_to else {},
    )
    if by is not None:
        by.__dict__.pop("grants", None)
    tree_changed.send(sender=OrgUnit, kind=kind, org_unit=node, moved_to=moved_to, by=by)
