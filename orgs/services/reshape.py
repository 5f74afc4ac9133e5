"""Merge, split and abolish organisations; nobody and nothing is left at a node that ends."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet

from orgs.levels import OrgStatus, PostKind
from orgs.models import (
    OrgPost,
    OrgUnit,
    OrgUnitChange,
    PartyMember,
    Region,
    RoleAssignment,
    Unit,
    User,
)
from orgs.roles import EDIT
from orgs.services.locks import lock_forest, lock_nodes
from orgs.services.rules import (
    check_active,
    check_form,
    check_may,
    check_name,
    check_place,
    check_unused_division,
    check_unused_name,
    day_or_today,
)
from orgs.services.telling import facts, tell
from orgs.services.tree import place

Kind = OrgUnitChange.Kind


@transaction.atomic
def merge(
    *,
    node: OrgUnit,
    into: OrgUnit,
    by: User | None,
    on: date | None = None,
    reason: str = "",
) -> OrgUnit:
    """Merge `node` into another organisation of its tier; return the successor.

    Children, members, posts, role assignments and units pass on. Where the successor has a
    secretary, the other secretary's post ends on the day.
    """
    node, into = _ready_to_hand_over(node, into, by)
    before = facts(node)

    _hand_over(node, into, by, day_or_today(on), reason)

    tell(Kind.MERGE, node, by=by, before=before, moved_to=into, reason=reason)
    return into


@transaction.atomic
def abolish(
    *,
    node: OrgUnit,
    by: User | None,
    successor: OrgUnit | None = None,
    on: date | None = None,
    reason: str = "",
) -> OrgUnit:
    """End an organisation: an empty one, or any with a successor that takes everything over."""
    day = day_or_today(on)
    if successor is not None:
        node, successor = _ready_to_hand_over(node, successor, by)
        before = facts(node)
        _hand_over(node, successor, by, day, reason)
    else:
        [node] = lock_nodes(node)
        check_may(by, EDIT, node)
        check_active(node)
        _check_empty(node)
        before = facts(node)
        _end_terms(OrgPost.objects.filter(org_unit=node), day)
        _end_terms(RoleAssignment.objects.filter(org_unit=node), day)
        _close(node, None, day)

    tell(Kind.ABOLISH, node, by=by, before=before, moved_to=successor, reason=reason)
    return node


@transaction.atomic
def split(
    *,
    node: OrgUnit,
    name: str,
    by: User | None,
    children: Iterable[OrgUnit] = (),
    members: Iterable[PartyMember] = (),
    org_form: str | None = None,
    region: Region | None = None,
    on: date | None = None,
    reason: str = "",
) -> OrgUnit:
    """Set up a sibling of `node` that takes over the given children and members; return it."""
    name = check_name(name)
    if node.parent_id is None:
        lock_forest()
    [node] = lock_nodes(node)
    check_may(by, EDIT, node, *([node.parent] if node.parent else []))
    check_active(node)
    check_form(node.tier, org_form or node.org_form)
    check_unused_name(name, node.parent)
    check_unused_division(region.code if region else None)
    child_ids = {child.pk for child in children}
    leaving = list(node.get_children().active().filter(pk__in=child_ids))
    if len(leaving) < len(child_ids):
        raise ValidationError({"children": f"选中的下级组织有的不属于“{node.name}”。"})
    member_ids = {member.pk for member in members}
    moving = PartyMember.objects.filter(pk__in=member_ids, org_unit=node)
    if moving.count() < len(member_ids):
        raise ValidationError({"members": f"选中的党员有的不属于“{node.name}”。"})

    new = OrgUnit(
        parent=node.parent,
        name=name,
        tier=node.tier,
        org_form=org_form or node.org_form,
        coverage_kind=node.coverage_kind,
        region=region,
        division_code=region.code if region else None,
        established_on=day_or_today(on),
    )
    new.save()
    moving.update(org_unit=new)
    for child in leaving:
        _pass_on(child, new, by, reason)

    tell(Kind.SPLIT, new, by=by, before={"from": node.pk}, moved_to=None, reason=reason)
    return new


def _ready_to_hand_over(node: OrgUnit, into: OrgUnit, by: User | None) -> tuple[OrgUnit, OrgUnit]:
    """Lock both trees and check that `into` may take over from `node`."""
    if node.parent_id is None or into.parent_id is None:
        lock_forest()
    node, into = lock_nodes(node, into)
    check_may(by, EDIT, node, into)
    check_active(node, into)
    if node.pk == into.pk:
        raise ValidationError({"into": "请选择另一个组织来承接。"})
    if node.tier != into.tier:
        raise ValidationError(
            {"into": f"“{into.name}”是{into.get_tier_display()}，只能由同一层级的组织承接。"}
        )
    twins = set(_live_children(node)) & set(_live_children(into))
    if twins:
        raise ValidationError({"into": f"两个组织下都有“{min(twins)}”，请先更名再合并。"})
    names = Unit.objects.filter(street=into).values("name")
    unit = Unit.objects.filter(street=node, name__in=names).first()
    if unit is not None:
        raise ValidationError({"into": f"两个组织都登记了单位“{unit.name}”，请先更名再合并。"})
    return node, into


def _live_children(node: OrgUnit) -> Iterable[str]:
    names: Iterable[str] = node.get_children().active().values_list("name", flat=True)
    return names


def _hand_over(node: OrgUnit, into: OrgUnit, by: User | None, day: date, reason: str) -> None:
    for child in list(node.get_children()):
        check_place(child.tier, into)
        _pass_on(child, into, by, reason)
    PartyMember.objects.filter(org_unit=node).update(org_unit=into)
    Unit.objects.filter(street=node).update(street=into)
    _hand_over_posts(node, into, day)
    _hand_over_roles(node, into, day)
    _close(node, into, day)


def _pass_on(child: OrgUnit, parent: OrgUnit, by: User | None, reason: str) -> None:
    """Move one child as part of a larger act; it gets its own line of history."""
    child.refresh_from_db()
    before = facts(child)
    place(child, parent)
    tell(Kind.MOVE, child, by=by, before=before, moved_to=parent, reason=reason)


def _hand_over_posts(node: OrgUnit, into: OrgUnit, day: date) -> None:
    live = OrgPost.objects.filter(Q(end=None) | Q(end__gte=day))
    mine = live.filter(org_unit=node)
    if live.filter(org_unit=into, kind=PostKind.SECRETARY).exists():
        _end_terms(mine.filter(kind=PostKind.SECRETARY), day)
        mine = mine.exclude(kind=PostKind.SECRETARY)
    held = OrgPost.objects.filter(org_unit=into).values_list("person_id", "kind")
    for post in mine:
        if (post.person_id, post.kind) in set(held):
            _end_terms(OrgPost.objects.filter(pk=post.pk), day)
        else:
            OrgPost.objects.filter(pk=post.pk).update(org_unit=into)


def _hand_over_roles(node: OrgUnit, into: OrgUnit, day: date) -> None:
    live = RoleAssignment.objects.filter(Q(end=None) | Q(end__gte=day))
    held = set(live.filter(org_unit=into).values_list("user_id", "role"))
    for role in live.filter(org_unit=node):
        same = RoleAssignment.objects.filter(pk=role.pk)
        if (role.user_id, role.role) in held:
            _end_terms(same, day)
        else:
            same.update(org_unit=into)


def _end_terms(rows: QuerySet[Any], day: date) -> None:
    """Let running terms end the day before; one that began on the day or later ends as it began."""
    rows = rows.filter(Q(end=None) | Q(end__gte=day))
    rows.filter(start__lt=day).update(end=day - timedelta(days=1))
    rows.filter(start__gte=day).update(end=F("start"))


def _close(node: OrgUnit, successor: OrgUnit | None, day: date) -> None:
    OrgUnit.objects.filter(pk=node.pk).update(
        status=OrgStatus.ABOLISHED, abolished_on=day, successor=successor
    )


def _check_empty(node: OrgUnit) -> None:
    if node.get_children().active().exists():
        raise ValidationError(f"“{node.name}”还有下级组织，请先撤并下级，或指定承接的组织。")
    if PartyMember.objects.filter(org_unit=node, left_on=None).exists():
        raise ValidationError(f"“{node.name}”还有党员，请先转出，或指定承接的组织。")
    if Unit.objects.filter(street=node, is_active=True).exists():
        raise ValidationError(f"“{node.name}”还有登记的单位，请指定承接的组织。")
