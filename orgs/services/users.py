"""Log-ins, the roles they hold and their API tokens."""

import unicodedata
from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from rest_framework.authtoken.models import Token

from orgs.audit import describe_actions, record
from orgs.levels import Tier
from orgs.models import OrgUnit, Person, Region, RoleAssignment, Unit, User
from orgs.roles import (
    CREATE,
    EVERYWHERE_ROLES,
    ROLES_OF_ROOT,
    ROLES_OF_SYSADMIN,
    TIERS_OF_ROLE,
    UNIT_ROLES,
    Noun,
    Role,
)
from orgs.scope import can, grants_with, refusal
from orgs.services.people import new_person
from orgs.services.rules import day_or_today
from orgs.signals import user_left

describe_actions(
    user__create="新建用户",
    user__password="重设密码",  # noqa: S106
    user__suspend="停用用户",
    user__resume="启用用户",
    user__token="发放接口令牌",  # noqa: S106
    role__assign="授予角色",
    role__end="收回角色",
)


@transaction.atomic
def create_user(
    *, username: str, password: str, by: User | None, person: Person | None = None, name: str = ""
) -> User:
    """Make a log-in for `person`, or for a new person called `name`. It has no role yet."""
    _check_may_manage(by)
    username = unicodedata.normalize("NFKC", username).strip()
    user = User(username=username, person=person)
    user.full_clean(exclude=["password"])
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise ValidationError({"password": weak.messages}) from None
    if person is not None and User.objects.filter(person=person).exists():
        raise ValidationError({"person": "这个人已有登录账号。"})

    user.person = person or (new_person(name) if name else None)
    user.set_password(password)
    user.save()

    record(by=by, action="user.create", target=user)
    return user


@transaction.atomic
def reset_password(*, user: User, password: str, by: User | None) -> None:
    """Set a new password for somebody else."""
    _check_may_manage(by, user)
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise ValidationError({"password": weak.messages}) from None
    user.set_password(password)
    user.save(update_fields=["password"])
    record(by=by, action="user.password", target=user)


@transaction.atomic
def set_active(*, user: User, active: bool, by: User | None) -> None:
    """Suspend or resume a log-in; suspending takes its API token away."""
    _check_may_manage(by, user)
    if by is not None and by.pk == user.pk:
        raise ValidationError("不能停用自己的账号。")
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        Token.objects.filter(user=user).delete()
    record(by=by, action="user.resume" if active else "user.suspend", target=user)
    if not active:
        user_left.send(sender=User, user=user, by=by)


@transaction.atomic
def issue_token(*, user: User, by: User | None) -> str:
    """Give the user a fresh API token; an earlier one stops working. Shown once."""
    _check_may_manage(by, user)
    Token.objects.filter(user=user).delete()
    token = Token.objects.create(user=user)
    record(by=by, action="user.token", target=user)
    return str(token.key)


@transaction.atomic
def assign_role(
    *,
    user: User,
    role: str,
    by: User | None,
    org_unit: OrgUnit | None = None,
    region: Region | None = None,
    unit: Unit | None = None,
    start: date | None = None,
    end: date | None = None,
) -> RoleAssignment:
    """Give a user a role at the node that fits it (see `check_node_fits`)."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # one decision at a time per user
    check_node_fits(role, org_unit=org_unit, region=region, unit=unit)
    _check_may_give(by, role, org_unit, unit)
    _check_may_take_in(by, user)
    start = day_or_today(start)
    if end is not None and end < start:
        raise ValidationError({"end": "结束日期不能早于开始日期。"})
    held = RoleAssignment.objects.filter(user=user).exclude(end__lt=start)
    if held.filter(role=role, org_unit=org_unit, region=region, unit=unit).exists():
        raise ValidationError({"role": "这个用户已有该角色。"})
    rivals = EVERYWHERE_ROLES - {role}
    if role in EVERYWHERE_ROLES and held.filter(role__in=rivals).exists():
        raise ValidationError({"role": "系统管理员和安全审计员不能由同一人担任。"})

    assignment = RoleAssignment.objects.create(
        user=user, role=role, org_unit=org_unit, region=region, unit=unit, start=start, end=end
    )

    user.__dict__.pop("grants", None)
    record(
        by=by, action="role.assign", target=assignment, street=_street_of(assignment),
        detail={"user": user.pk, "role": role},
    )  # fmt: skip
    return assignment


@transaction.atomic
def end_role(
    *, assignment: RoleAssignment, by: User | None, last_day: date | None = None
) -> RoleAssignment:
    """Take a role back; by default at once, so its last day was yesterday."""
    assignment = RoleAssignment.objects.select_for_update(no_key=True).get(pk=assignment.pk)
    _check_may_give(by, assignment.role, assignment.org_unit, assignment.unit)
    last_day = last_day or day_or_today(None) - timedelta(days=1)
    if assignment.end is not None and assignment.end <= last_day:
        raise ValidationError("这个角色已经收回。")
    _check_not_last_sysadmin(assignment)

    # A role given today and taken back today never was in force on a whole day.
    assignment.start = min(assignment.start, last_day)
    assignment.end = last_day
    assignment.save(update_fields=["start", "end"])

    assignment.user.__dict__.pop("grants", None)
    record(
        by=by, action="role.end", target=assignment, street=_street_of(assignment),
        detail={"user": assignment.user_id, "role": assignment.role},
    )  # fmt: skip
    user_left.send(sender=User, user=assignment.user, by=by)
    return assignment


def roles_a_street_gives() -> list[tuple[str, str]]:
    """Return value and label of the roles a street may give inside its own tree."""
    return [(role.value, str(role.label)) for role in Role if role not in ROLES_OF_SYSADMIN]


def check_node_fits(
    role: str, *, org_unit: OrgUnit | None, region: Region | None, unit: Unit | None
) -> None:
    """Refuse a role at a node of the wrong kind: exactly one node, of the kind the role has."""
    if role not in Role.values:
        raise ValidationError({"role": "没有这个角色。"})
    label = Role(role).label
    given = [name for name, node in _nodes(org_unit, region, unit) if node is not None]
    needed = _kind_of_node(role)
    if given != ([needed] if needed else []):
        names = {"org_unit": "党组织", "region": "区划", "unit": "单位"}
        wants = f"需要且只需要指定{names[needed]}" if needed else "不需要指定组织、区划或单位"
        raise ValidationError({needed or "role": f"“{label}”{wants}。"})
    if org_unit is None:
        return
    if not org_unit.is_active:
        raise ValidationError({"org_unit": f"“{org_unit.name}”已撤销。"})
    if role in ROLES_OF_ROOT:
        if org_unit.parent_id is not None:
            raise ValidationError({"org_unit": f"“{label}”应设在街道（或三级架构的社区）一级。"})
    elif org_unit.tier not in TIERS_OF_ROLE[role]:
        tiers = "或".join(Tier(tier).label for tier in sorted(TIERS_OF_ROLE[role]))
        raise ValidationError({"org_unit": f"“{label}”应设在{tiers}组织。"})


def _nodes(
    org_unit: OrgUnit | None, region: Region | None, unit: Unit | None
) -> list[tuple[str, object]]:
    return [("org_unit", org_unit), ("region", region), ("unit", unit)]


def _kind_of_node(role: str) -> str:
    if role in EVERYWHERE_ROLES:
        return ""
    if role == Role.DISTRICT_OFFICIAL:
        return "region"
    return "unit" if role in UNIT_ROLES else "org_unit"


def _check_may_manage(by: User | None, user: User | None = None) -> None:
    if by is None:
        return
    if not can(by, Noun.USER, CREATE):
        raise PermissionDenied(refusal(by, Noun.USER, CREATE))
    if user is None or any(grant.is_everywhere for grant in grants_with(by, Noun.USER, CREATE)):
        return
    mine = RoleAssignment.objects.visible_to(by, CREATE).exclude(role__in=ROLES_OF_SYSADMIN)
    held = user.roles.in_force()
    if held.exclude(pk__in=mine.values("pk")).exists() or not (
        User.objects.visible_to(by, CREATE).filter(pk=user.pk).exists()
    ):
        raise PermissionDenied("这个用户不在您的管理范围内，或者还有别处的角色。")


def _check_may_give(
    by: User | None, role: str, org_unit: OrgUnit | None, unit: Unit | None
) -> None:
    """系统管理员 gives every role, a street those inside its own tree."""
    if by is None:
        return
    _check_may_manage(by)
    by.__dict__.pop("grants", None)
    grants = grants_with(by, Noun.USER, CREATE)
    if any(grant.is_everywhere for grant in grants):
        return
    if role in ROLES_OF_SYSADMIN:
        raise PermissionDenied(f"“{Role(role).label}”只能由系统管理员授予或收回。")
    trees = {grant.tree_id for grant in grants}
    node = org_unit or (unit.street if unit else None)
    if node is None or node.tree_id not in trees:
        raise PermissionDenied("只能在本街道的组织内授予或收回角色。")


def _check_may_take_in(by: User | None, user: User) -> None:
    """A street gives roles to its own users and to those who have none yet."""
    if by is None or any(grant.is_everywhere for grant in by.grants) or not user.roles.exists():
        return
    if not User.objects.visible_to(by, CREATE).filter(pk=user.pk).exists():
        raise PermissionDenied("这个用户不在您的管理范围内。")


def _check_not_last_sysadmin(assignment: RoleAssignment) -> None:
    if assignment.role != Role.SYSADMIN:
        return
    today = day_or_today(None)
    others = RoleAssignment.objects.filter(
        Q(end=None) | Q(end__gte=today), role=Role.SYSADMIN, user__is_active=True
    ).exclude(pk=assignment.pk)
    if not others.exists():
        raise ValidationError("至少要保留一名系统管理员。")


def _street_of(assignment: RoleAssignment) -> OrgUnit | None:
    if assignment.org_unit is not None:
        root: OrgUnit = assignment.org_unit.get_root()
        return root
    return assignment.unit.street if assignment.unit else None
