"""Writes of the party tree: set up, rename, move. Every verb checks, does, tells.

Each locks the trees it touches first (see `locks.py`), so callers may run side by side. Only the
bulk loader writes the tree past this file, under the same locks.
"""

from datetime import date
from typing import Literal

from django.core.exceptions import ValidationError
from django.db import transaction

from orgs.levels import OrgForm
from orgs.models import OrgUnit, OrgUnitChange, Region, User
from orgs.roles import CREATE, EDIT
from orgs.services.locks import lock_forest, lock_nodes
from orgs.services.rules import (
    check_active,
    check_form,
    check_may,
    check_name,
    check_place,
    check_unused_division,
    check_unused_name,
)
from orgs.services.telling import facts, tell

Kind = OrgUnitChange.Kind


@transaction.atomic
def add_org_unit(
    *,
    parent: OrgUnit | None,
    name: str,
    tier: int,
    org_form: str,
    by: User | None,
    region: Region | None = None,
    coverage_kind: str = "",
    established_on: date | None = None,
    reason: str = "",
) -> OrgUnit:
    """Set up an organisation below `parent`, or as a new tree (system and 系统管理员 only)."""
    name = check_name(name)
    check_form(tier, org_form)
    check_place(tier, parent)
    if parent is None:
        lock_forest()
        if by is not None and not any(grant.is_everywhere for grant in by.grants):
            raise ValidationError({"parent": "请选择上级组织。"})
        check_may(by, CREATE)
    else:
        [parent] = lock_nodes(parent)
        check_may(by, CREATE, parent)
        check_active(parent)
        check_place(tier, parent)
    check_unused_name(name, parent)
    check_unused_division(region.code if region else None)

    node = OrgUnit(
        parent=parent,
        name=name,
        tier=tier,
        org_form=org_form,
        region=region,
        division_code=region.code if region else None,
        coverage_kind=coverage_kind,
        established_on=established_on,
    )
    node.save()

    tell(Kind.ADD, node, by=by, moved_to=parent, reason=reason)
    return node


@transaction.atomic
def rename(
    *,
    node: OrgUnit,
    name: str,
    by: User | None,
    org_form: str | None = None,
    coverage_kind: str | None = None,
    established_on: date | None = None,
    reason: str = "",
) -> OrgUnit:
    """Change the name, and if given the form (党支部改设党总支), coverage and founding date."""
    name = check_name(name)
    [node] = lock_nodes(node)
    check_may(by, EDIT, node)
    check_active(node)
    check_unused_name(name, node.parent, besides=node.pk)
    before = facts(node)
    if org_form is not None:
        check_form(node.tier, org_form)
        node.org_form = OrgForm(org_form)
    if coverage_kind is not None:
        node.coverage_kind = coverage_kind
    node.established_on = established_on or node.established_on
    node.name = name

    node.save()

    tell(Kind.RENAME, node, by=by, before=before, reason=reason)
    return node


@transaction.atomic
def move(
    *,
    node: OrgUnit,
    parent: OrgUnit | None,
    by: User | None,
    beside: OrgUnit | None = None,
    side: Literal["left", "right"] = "right",
    reason: str = "",
) -> OrgUnit:
    """Put `node` with everything below it under `parent`, or make it a tree of its own (None).

    `beside` and `side` place it next to one of the new siblings; without, it becomes the last.
    """
    if parent is None or node.parent_id is None:
        lock_forest()
    node, *others = lock_nodes(*(one for one in (node, parent, beside) if one is not None))
    parent = others.pop(0) if parent is not None else None
    beside = others.pop(0) if beside is not None and parent is not None else None
    check_may(by, EDIT, node, *([parent] if parent else []))
    check_active(node, *([parent] if parent else []))
    if parent is not None and _is_within(parent, node):
        raise ValidationError({"parent": f"不能把“{node.name}”移到它自己或它的下级之下。"})
    if node.parent_id == (parent.pk if parent else None) and beside is None:
        raise ValidationError({"parent": f"“{node.name}”已经在这个位置。"})
    if beside is not None and (beside.parent_id != getattr(parent, "pk", None) or beside == node):
        raise ValidationError({"parent": "组织刚刚有变动，请刷新后再试。"})
    check_place(node.tier, parent)
    check_unused_name(node.name, parent, besides=node.pk)
    if by is not None and parent is None and not any(grant.is_everywhere for grant in by.grants):
        raise ValidationError({"parent": "只有系统管理员可以把组织调整为没有上级。"})
    before = facts(node)

    place(node, parent, beside, side)

    tell(Kind.MOVE, node, by=by, before=before, moved_to=parent, reason=reason)
    return node


def place(
    node: OrgUnit,
    parent: OrgUnit | None,
    beside: OrgUnit | None = None,
    side: Literal["left", "right"] = "right",
) -> None:
    """Renumber the trees for the new place of `node`. The trees must be locked."""
    if parent is None:
        node.parent = None
        node.save()
    elif beside is not None:
        OrgUnit.objects.move_node(node, beside, side)
    else:
        OrgUnit.objects.move_node(node, parent, "last-child")


def _is_within(node: OrgUnit, other: OrgUnit) -> bool:
    """Say whether `node` is `other` or lies below it."""
    return bool(node.tree_id == other.tree_id and other.lft <= node.lft and node.rght <= other.rght)
