"""visible_to per role, and the table that says who may do what."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.utils import timezone

from orgs.backends import AccountBackend
from orgs.models import AuditEntry, OrgUnit, Person, RoleAssignment, Unit, User
from orgs.roles import CAPABILITIES, EDIT, VERB_LABELS, Noun, Role, roles_with
from orgs.scope import can, refusal
from orgs.services.users import check_node_fits, roles_a_street_gives
from tests.town import Town

OWN = ["community", "branch", "group"]
STREET = ["street", "community", "sister_community", "branch", "sister_branch", "group"]
ALL = [*STREET, "other_street", "other_community", "other_branch"]
REACH = {
    "sysadmin": ALL,
    "auditor": ALL,
    "district_official": ALL,
    "street_admin": STREET,
    "dispatcher": STREET,
    "community_staff": OWN,
    "community_secretary": OWN,
    "branch_secretary": ["branch", "group"],
    "group_leader": ["group"],
    "grid_head": OWN,
    "grid_worker_ft": OWN,
    "grid_worker_pt": OWN,
    "police_contact": OWN,
    "grid_informant": [],
    "corridor_head": [],
    "volunteer": [],
    "revisitor": [],
    "dept_handler": [],
    "partner_unit": [],
    "other_street_admin": ["other_street", "other_community", "other_branch"],
}


def test_the_table_covers_every_role_and_noun():
    assert {role for role, _ in CAPABILITIES} == set(Role)
    assert {noun for _, noun in CAPABILITIES} == set(Noun)
    letters = set(VERB_LABELS)
    assert all(set(held) <= letters and held for held in CAPABILITIES.values())
    assert set(REACH) - {"other_street_admin"} == set(Role)


def test_every_role_has_a_kind_of_node(town: Town):
    for role in Role:
        nodes: list[dict[str, Any]] = [
            {"org_unit": None, "region": None, "unit": None},
            {"org_unit": None, "region": town.district, "unit": None},
            {"org_unit": None, "region": None, "unit": town.department},
            *(
                {"org_unit": org, "region": None, "unit": None}
                for org in (town.street, town.community, town.branch, town.group)
            ),
        ]
        for node in nodes:
            try:
                check_node_fits(role, **node)
            except ValidationError:
                pass
            else:
                break
        else:
            pytest.fail(f"no node fits {role}")


@pytest.mark.parametrize("who", REACH)
def test_organisations_reach_as_far_as_the_role(town: Town, who):
    seen = set(OrgUnit.objects.visible_to(town.users[who]))
    assert seen == {getattr(town, name) for name in REACH[who]}


@pytest.mark.parametrize("who", REACH)
def test_nobody_may_edit_what_they_do_not_see(town: Town, who):
    user = town.users[who]
    edits = set(OrgUnit.objects.visible_to(user, EDIT))
    assert edits <= set(OrgUnit.objects.visible_to(user))
    assert bool(edits) == can(user, Noun.ORG, EDIT)


def test_visitors_suspended_users_and_ended_roles_see_nothing(town: Town):
    assert not OrgUnit.objects.visible_to(AnonymousUser()).exists()
    user = town.users["street_admin"]
    user.is_active = False
    assert not OrgUnit.objects.visible_to(user).exists()
    RoleAssignment.objects.filter(user=town.users["dispatcher"]).update(end="2025-12-31")
    fresh = User.objects.get(pk=town.users["dispatcher"].pk)
    assert not OrgUnit.objects.visible_to(fresh).exists()


def test_units_serve_their_street_or_district(town: Town):
    street = set(Unit.objects.visible_to(town.users["street_admin"]))
    assert street == {town.department, town.second_department, town.partner}
    other = set(Unit.objects.visible_to(town.users["other_street_admin"]))
    assert other == {town.department, town.second_department}
    assert set(Unit.objects.visible_to(town.users["dept_handler"])) == {town.department}
    assert not Unit.objects.visible_to(town.users["grid_head"], EDIT).exists()


def test_users_and_roles_are_seen_by_those_who_manage_them(town: Town):
    mine = set(User.objects.visible_to(town.users["street_admin"]))
    assert town.users["grid_head"] in mine
    assert town.users["partner_unit"] in mine
    assert town.users["other_grid_head"] not in mine
    assert town.users["sysadmin"] not in mine
    assert User.objects.visible_to(town.users["sysadmin"]).count() == User.objects.count()
    assert not User.objects.visible_to(town.users["community_staff"]).exists()
    roles = RoleAssignment.objects.visible_to(town.users["other_street_admin"])
    assert {role.user.username for role in roles} == {
        "other_street_admin", "other_community_staff", "other_grid_head",
    }  # fmt: skip


def test_people_with_a_hat_are_seen_with_their_organisation(town: Town):
    seen = set(Person.objects.visible_to(town.users["street_admin"]))
    assert town.users["grid_head"].person in seen
    assert town.users["other_grid_head"].person not in seen
    assert Person.objects.visible_to(town.users["sysadmin"]).count() == User.objects.count()
    assert not Person.objects.visible_to(town.users["volunteer"]).exists()


def test_the_audit_trail_belongs_to_auditors_and_the_own_street(town: Town):
    for street in (town.street, town.other_street):
        AuditEntry.objects.create(action="org.add", target_kind="orgs.orgunit", street=street)
    assert AuditEntry.objects.visible_to(town.users["auditor"]).count() == 2
    assert AuditEntry.objects.visible_to(town.users["street_admin"]).count() == 1
    assert AuditEntry.objects.visible_to(town.users["sysadmin"]).count() == 0


def test_a_refusal_names_role_and_deed(town: Town):
    sentence = refusal(town.users["grid_head"], Noun.USER, EDIT)
    assert "网格长" in sentence
    assert "修改用户" in sentence


def test_roles_with_finds_the_holders():
    assert roles_with(Noun.USER, "C") == {Role.SYSADMIN, Role.STREET_ADMIN}
    given = {role for role, _ in roles_a_street_gives()}
    assert given.isdisjoint({Role.SYSADMIN, Role.AUDITOR, Role.STREET_ADMIN})


def test_grants_cost_one_query(town: Town, django_assert_num_queries):
    user = User.objects.get(username="street_admin")
    with django_assert_num_queries(1):
        assert user.grants
        assert user.may_use_admin


def test_the_account_of_a_request_has_the_roles_its_models_say(town: Town):
    """The query written out in orgs/backends.py against the models, for everybody in the cast."""
    yesterday = timezone.localdate() - timedelta(days=1)
    gone = RoleAssignment.objects.filter(user__username="volunteer").first()
    assert gone is not None
    RoleAssignment.objects.filter(pk=gone.pk).update(end=yesterday)
    for plain in User.objects.all():
        account: Any = AccountBackend().get_user(plain.pk)
        assert account.grants == plain.grants, plain.username
        assert account.display_name == plain.display_name and account == plain
        assert account.person == plain.person and account.last_login == plain.last_login
        if plain.person is not None:  # who is asked for a number is read with the account
            assert "phone" in account.person.__dict__ and account.person.phone == plain.person.phone
    assert not User.objects.get(username="volunteer").grants
    User.objects.filter(username="auditor").update(is_active=False)
    assert AccountBackend().get_user(User.objects.get(username="auditor").pk) is None
    assert AccountBackend().get_user(0) is None
