"""Posts in party organisations and the membership of their members."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from orgs.audit import describe_actions, record
from orgs.levels import PostKind, Tier
from orgs.models import OrgPost, OrgUnit, PartyMember, Person, User
from orgs.roles import EDIT
from orgs.services.locks import lock_nodes
from orgs.services.rules import check_active, check_may, day_or_today

describe_actions(
    post__appoint="任命职务",
    post__end="免去职务",
    member__register="登记党员",
    member__revise="修改党员信息",
    member__transfer="转移党员组织关系",
)


@transaction.atomic
def appoint(
    *,
    person: Person,
    org_unit: OrgUnit,
    kind: str,
    by: User | None,
    start: date | None = None,
    end: date | None = None,
    source_identity: str = "",
    term: str = "",
) -> OrgPost:
    """Give a person a post from `start` (today) on; an organisation has one secretary at a time."""
    [org_unit] = lock_nodes(org_unit)
    check_may(by, EDIT, org_unit)
    check_active(org_unit)
    start = day_or_today(start)
    if end is not None and end < start:
        raise ValidationError({"end": "离任日期不能早于任职日期。"})
    _check_kind(kind, org_unit)
    _check_unheld(kind, org_unit, person, start, end)

    post = OrgPost.objects.create(
        person=person,
        org_unit=org_unit,
        kind=kind,
        source_identity=source_identity,
        start=start,
        end=end,
        term=term,
    )

    record(by=by, action="post.appoint", target=post, street=org_unit.get_root())
    return post


@transaction.atomic
def end_post(*, post: OrgPost, by: User | None, end: date | None = None) -> OrgPost:
    """End a post on `end` (today, inclusive)."""
    [org_unit] = lock_nodes(post.org_unit)
    check_may(by, EDIT, org_unit)
    post.refresh_from_db()
    end = day_or_today(end)
    if post.end is not None and post.end <= end:
        raise ValidationError("这个职务已经结束。")
    if end < post.start:
        raise ValidationError({"end": "离任日期不能早于任职日期。"})

    post.end = end
    post.save(update_fields=["end"])

    record(by=by, action="post.end", target=post, street=org_unit.get_root())
    return post


def _check_kind(kind: str, org_unit: OrgUnit) -> None:
    if kind not in PostKind.values:
        raise ValidationError({"kind": "没有这种职务。"})
    is_group = org_unit.tier == Tier.GROUP
    if is_group != (kind == PostKind.GROUP_LEADER):
        name = "党小组只设组长。" if is_group else "只有党小组设组长。"
        raise ValidationError({"kind": name})


def _check_unheld(
    kind: str, org_unit: OrgUnit, person: Person, start: date, end: date | None
) -> None:
    same = OrgPost.objects.filter(org_unit=org_unit, kind=kind).exclude(end__lt=start)
    if end is not None:
        same = same.filter(start__lte=end)
    if same.filter(person=person).exists():
        raise ValidationError({"person": "这个人在这段时间已担任该职务。"})
    if kind in (PostKind.SECRETARY, PostKind.GROUP_LEADER) and same.exists():
        raise ValidationError(
            {"kind": f"“{org_unit.name}”已有{PostKind(kind).label}，请先办理离任。"}
        )


@transaction.atomic
def register_member(
    *,
    person: Person,
    org_unit: OrgUnit | None,
    by: User | None,
    kind: str = PartyMember.Kind.FULL,
    joined_on: date | None = None,
    residing: bool = False,
    registered: bool = False,
    working: bool = False,
) -> PartyMember:
    """Register a person's Party membership at an organisation (None: not placed yet)."""
    if org_unit is not None:
        [org_unit] = lock_nodes(org_unit)
        check_may(by, EDIT, org_unit)
        check_active(org_unit)
    if PartyMember.objects.filter(person=person).exists():
        raise ValidationError({"person": "这个人已登记为党员。"})

    member = PartyMember.objects.create(
        person=person,
        org_unit=org_unit,
        kind=kind,
        joined_on=joined_on,
        residing=residing,
        registered=registered,
        working=working,
    )

    root = org_unit.get_root() if org_unit else None
    record(by=by, action="member.register", target=member, street=root)
    return member


@transaction.atomic
def transfer_member(
    *, member: PartyMember, to: OrgUnit, by: User | None, on: date | None = None
) -> PartyMember:
    """Move a membership to another organisation; the giving side needs the right to change it."""
    sides = [side for side in (member.org_unit, to) if side is not None]
    to = lock_nodes(*sides)[-1]
    check_may(by, EDIT, *sides)
    check_active(to)
    member.refresh_from_db()
    if member.org_unit_id == to.pk:
        raise ValidationError({"to": "这名党员已在该组织。"})
    before = member.org_unit_id

    member.org_unit = to
    member.left_on = None
    member.save(update_fields=["org_unit", "left_on"])

    record(
        by=by, action="member.transfer", target=member, street=to.get_root(),
        detail={"from": before, "to": to.pk, "on": day_or_today(on).isoformat()},
    )  # fmt: skip
    return member


@transaction.atomic
def revise_member(
    *,
    member: PartyMember,
    org_unit: OrgUnit | None,
    kind: str,
    joined_on: date | None,
    residing: bool,
    registered: bool,
    working: bool,
    left_on: date | None,
    by: User | None,
) -> PartyMember:
    """Correct a membership; another organisation means a transfer."""
    before = PartyMember.objects.get(pk=member.pk)
    if before.org_unit is not None:
        check_may(by, EDIT, before.org_unit)
    if left_on is not None and joined_on is not None and left_on < joined_on:
        raise ValidationError({"left_on": "转出日期不能早于入党日期。"})
    if org_unit is not None and org_unit.pk != before.org_unit_id:
        before = transfer_member(member=before, to=org_unit, by=by)

    before.kind, before.joined_on, before.left_on = kind, joined_on, left_on
    before.residing, before.registered, before.working = residing, registered, working
    before.save()

    root = before.org_unit.get_root() if before.org_unit else None
    record(by=by, action="member.revise", target=before, street=root)
    return before
