"""Posts, membership, log-ins and roles: what is refused, and what is written down."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from orgs import services
from orgs.models import AuditEntry, OrgPost, OrgUnit, RoleAssignment, User
from orgs.roles import Role
from tests.town import Town, make_person, make_user

PASSWORD = "Long-enough-0915"
START = date(2025, 1, 1)


def appoint(town, name="周书记", **asked):
    given = {"org_unit": town.branch, "kind": "secretary", "start": START, "by": None, **asked}
    return services.appoint(person=make_person(name), **given)


def test_one_secretary_at_a_time(town: Town):
    first = appoint(town, end=date(2025, 6, 30))
    appoint(town, "吴书记", start=date(2025, 7, 1))
    with pytest.raises(ValidationError, match="已有书记"):
        appoint(town, "郑书记", start=date(2026, 1, 1))
    with pytest.raises(ValidationError, match="已有书记"):
        appoint(town, "王书记", start=date(2025, 6, 30), end=date(2025, 6, 30))
    appoint(town, "冯副书记", kind="deputy_secretary")
    appoint(town, "陈副书记", kind="deputy_secretary")
    assert first.end == date(2025, 6, 30)
    assert AuditEntry.objects.filter(action="post.appoint").count() == 4


def test_posts_fit_their_tier(town: Town):
    with pytest.raises(ValidationError, match="党小组只设组长"):
        appoint(town, org_unit=town.group)
    with pytest.raises(ValidationError, match="只有党小组设组长"):
        appoint(town, kind="group_leader")
    with pytest.raises(ValidationError, match="没有这种职务"):
        appoint(town, kind="emperor")
    with pytest.raises(ValidationError, match="不能早于"):
        appoint(town, end=date(2024, 1, 1))
    with pytest.raises(PermissionDenied):
        appoint(town, by=town.users["other_street_admin"])
    assert not OrgPost.objects.exists()


def test_a_post_ends_once(town: Town):
    post = appoint(town)
    services.end_post(post=post, by=town.users["street_admin"], end=date(2025, 12, 31))
    with pytest.raises(ValidationError, match="已经结束"):
        services.end_post(post=post, by=None, end=date(2025, 12, 31))
    with pytest.raises(ValidationError, match="不能早于"):
        services.end_post(post=appoint(town, "吴书记", start=date(2026, 1, 1)), by=None, end=START)


def test_vacancies_are_the_absence_of_a_head(town: Town):
    day = date(2025, 6, 1)
    assert town.branch in OrgUnit.objects.with_vacancy(day)
    appoint(town, start=START, end=day)
    appoint(town, "委员", kind="publicity", org_unit=town.community)
    assert town.branch not in OrgUnit.objects.with_vacancy(day)
    assert town.branch in OrgUnit.objects.with_vacancy(day + timedelta(days=1))
    assert town.community in OrgUnit.objects.with_vacancy(day)
    services.abolish(node=town.group, by=None)
    assert town.group not in OrgUnit.objects.with_vacancy(day)


def test_a_member_is_registered_once_and_transferred(town: Town):
    by = town.users["street_admin"]
    person = make_person("周党员")
    member = services.register_member(person=person, org_unit=town.branch, by=by)
    with pytest.raises(ValidationError, match="已登记为党员"):
        services.register_member(person=person, org_unit=town.branch, by=by)
    with pytest.raises(PermissionDenied):
        services.transfer_member(member=member, to=town.other_branch, by=by)
    services.transfer_member(member=member, to=town.sister_branch, by=by)
    with pytest.raises(ValidationError, match="已在该组织"):
        services.transfer_member(member=member, to=town.sister_branch, by=by)
    entry = AuditEntry.objects.get(action="member.transfer")
    assert entry.detail["to"] == town.sister_branch.pk
    assert entry.street == town.street


def test_a_user_is_made_with_a_person_and_a_strong_password(town: Town):
    user = services.create_user(
        username=" ｎｅｗ1 ", password=PASSWORD, name="辛来", by=town.users["sysadmin"]
    )
    assert (user.username, user.display_name) == ("new1", "辛来")
    assert user.person
    assert user.person.name_initials == "XL"
    for asked in (
        {"username": "grid_head"}, {"username": "有空 格"}, {"username": ""},
        {"password": "1234567890"}, {"password": "short"}, {"name": "甲\0"},
    ):  # fmt: skip
        given: dict[str, Any] = {
            "username": "new2", "password": PASSWORD, "name": "辛来", "by": None, **asked,
        }  # fmt: skip
        with pytest.raises(ValidationError):
            services.create_user(**given)
    assert not User.objects.filter(username="new2").exists()
    with pytest.raises(PermissionDenied):
        services.create_user(username="x", password=PASSWORD, by=town.users["community_staff"])


FITS = [
    (Role.SYSADMIN, ""), (Role.DISTRICT_OFFICIAL, "district"), (Role.STREET_ADMIN, "street"),
    (Role.DISPATCHER, "street"), (Role.REVISITOR, "street"), (Role.COMMUNITY_STAFF, "community"),
    (Role.COMMUNITY_SECRETARY, "community"), (Role.BRANCH_SECRETARY, "branch"),
    (Role.GROUP_LEADER, "group"), (Role.GRID_HEAD, "community"), (Role.CORRIDOR_HEAD, "community"),
    (Role.VOLUNTEER, "community"), (Role.VOLUNTEER, "street"), (Role.DEPT_HANDLER, "department"),
    (Role.PARTNER_UNIT, "partner"),
]  # fmt: skip
FIELD_OF = {"district": "region", "department": "unit", "partner": "unit", "": None}


def give(town, user, role, node, by=None, **more):
    field = FIELD_OF.get(node, "org_unit")
    where = {field: getattr(town, node)} if field else {}
    return services.assign_role(user=user, role=role, by=by, start=START, **where, **more)


@pytest.mark.parametrize(("role", "node"), FITS)
def test_a_role_is_given_where_it_fits_and_nowhere_else(town: Town, role, node):
    user = make_user("someone", "某人")
    fitting = {fit for kind, fit in FITS if kind == role}
    for wrong in {fit for _, fit in FITS} - fitting:
        field = FIELD_OF.get(wrong, "org_unit")
        if field == "unit" and FIELD_OF.get(node) == "unit":
            continue
        with pytest.raises(ValidationError):
            give(town, user, role, wrong)
    give(town, user, role, node, by=town.users["sysadmin"])
    assert [grant.role for grant in User.objects.get(pk=user.pk).grants] == [role]


def test_a_role_is_not_given_twice_and_needs_a_live_node(town: Town):
    user = make_user("someone", "某人")
    give(town, user, Role.GRID_HEAD, "community")
    with pytest.raises(ValidationError, match="已有该角色"):
        give(town, user, Role.GRID_HEAD, "community")
    with pytest.raises(ValidationError, match="没有这个角色"):
        services.assign_role(user=user, role="emperor", by=None)
    with pytest.raises(ValidationError, match="不能早于"):
        give(town, user, Role.GRID_HEAD, "sister_community", end=date(2024, 1, 1))
    services.abolish(node=town.group, by=None)
    town.group.refresh_from_db()
    with pytest.raises(ValidationError, match="已撤销"):
        give(town, user, Role.GROUP_LEADER, "group")


def test_administration_and_audit_are_never_in_one_hand(town: Town):
    with pytest.raises(ValidationError, match="不能由同一人"):
        give(town, town.users["sysadmin"], Role.AUDITOR, "")


def test_a_street_gives_roles_only_inside_its_own_tree(town: Town):
    by = town.users["street_admin"]
    user = make_user("someone", "某人")
    give(town, user, Role.GRID_HEAD, "community", by=by)
    give(town, user, Role.PARTNER_UNIT, "partner", by=by)
    for role, node in (
        (Role.GRID_HEAD, "other_community"), (Role.DEPT_HANDLER, "department"),
        (Role.STREET_ADMIN, "street"), (Role.SYSADMIN, ""), (Role.DISTRICT_OFFICIAL, "district"),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            give(town, user, role, node, by=by)
    with pytest.raises(PermissionDenied):
        give(town, town.users["other_grid_head"], Role.GRID_HEAD, "community", by=by)
    with pytest.raises(PermissionDenied):
        give(town, user, Role.VOLUNTEER, "community", by=town.users["community_staff"])


def test_a_role_taken_back_is_gone_at_once(town: Town):
    by = town.users["street_admin"]
    assignment = RoleAssignment.objects.get(user=town.users["grid_head"])
    services.end_role(assignment=assignment, by=by)
    assert User.objects.get(username="grid_head").grants == ()
    with pytest.raises(ValidationError, match="已经收回"):
        services.end_role(assignment=assignment, by=by)
    today = services.assign_role(
        user=town.users["grid_head"], role=Role.GRID_HEAD, org_unit=town.community, by=by
    )
    services.end_role(assignment=today, by=by)
    assert User.objects.get(username="grid_head").grants == ()
    assert AuditEntry.objects.filter(action="role.end", street=town.street).count() == 2


def test_a_role_may_end_on_a_coming_day(town: Town):
    assignment = RoleAssignment.objects.get(user=town.users["grid_head"])
    services.end_role(
        assignment=assignment, last_day=timezone.localdate() + timedelta(days=3), by=None
    )
    assert User.objects.get(username="grid_head").grants


def test_another_streets_roles_cannot_be_taken_back(town: Town):
    assignment = RoleAssignment.objects.get(user=town.users["other_grid_head"])
    with pytest.raises(PermissionDenied):
        services.end_role(assignment=assignment, by=town.users["street_admin"])


def test_the_last_system_administrator_stays(town: Town):
    assignment = RoleAssignment.objects.get(user=town.users["sysadmin"])
    with pytest.raises(ValidationError, match="至少要保留"):
        services.end_role(assignment=assignment, by=town.users["sysadmin"])


def test_passwords_of_people_with_roles_elsewhere_are_safe(town: Town):
    by = town.users["street_admin"]
    services.reset_password(user=town.users["grid_head"], password=PASSWORD, by=by)
    assert User.objects.get(username="grid_head").check_password(PASSWORD)
    give(town, town.users["dispatcher"], Role.DISTRICT_OFFICIAL, "district")
    for who in ("dispatcher", "other_grid_head", "sysadmin", "street_admin"):
        with pytest.raises(PermissionDenied):
            services.reset_password(user=town.users[who], password=PASSWORD, by=by)
    with pytest.raises(ValidationError):
        services.reset_password(user=town.users["grid_head"], password="123", by=by)


def test_nobody_suspends_themselves(town: Town):
    with pytest.raises(ValidationError, match="自己"):
        services.set_active(user=town.users["sysadmin"], active=False, by=town.users["sysadmin"])
    services.set_active(user=town.users["grid_head"], active=False, by=town.users["sysadmin"])
    assert not User.objects.get(username="grid_head").is_active
