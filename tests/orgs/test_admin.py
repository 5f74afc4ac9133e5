"""The admin: entered by role, limited by scope, written through the services."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from orgs.integrity import tree_problems
from orgs.models import (
    AuditEntry,
    OrgPost,
    OrgUnit,
    OrgUnitChange,
    PartyMember,
    Person,
    RoleAssignment,
    Unit,
    User,
)
from orgs.roles import ADMIN_ROLES, Role
from tests.town import Town, make_person

LISTS = [
    "orgunit", "unit", "region", "person", "partymember", "orgpost", "user", "roleassignment",
    "workdayoverride", "auditentry",
]  # fmt: skip
PASSWORD = "Long-enough-0915"


def changelist(model: str) -> str:
    return reverse(f"admin:orgs_{model}_changelist")


def change(obj) -> str:
    return reverse(f"admin:orgs_{obj._meta.model_name}_change", args=[obj.pk])


def add(model: str) -> str:
    return reverse(f"admin:orgs_{model}_add")


def test_the_door_opens_by_role(town: Town, enter, client):
    for who, user in town.users.items():
        expected = 200 if any(grant.role in ADMIN_ROLES for grant in user.grants) else 403
        assert enter(who).get("/admin/", follow=True).status_code == expected, who
    answer = client.get("/admin/")
    assert answer.status_code == 302
    assert client.get(answer.url).url.startswith("/login/")


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("who", ["sysadmin", "auditor", "street_admin", "community_staff"])
def test_every_list_opens_or_refuses(enter, who, model):
    answer = enter(who).get(changelist(model), {"q": "x"} if model == "person" else {})
    closed = {
        "sysadmin": {"auditentry"},
        "auditor": set(),
        "street_admin": set(),
        "community_staff": {"user", "roleassignment", "auditentry"},
    }
    assert answer.status_code == (403 if model in closed[who] else 200)


def test_no_inline_script_or_style_reaches_the_browser(enter, town: Town):
    admin = enter("street_admin")
    for url in (
        changelist("orgunit"), add("orgunit"), change(town.branch), changelist("user"),
        changelist("workdayoverride"), add("orgpost"),
    ):  # fmt: skip
        answer = admin.get(url)
        html = answer.content.decode()
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert " style=" not in html, url
        assert "onclick=" not in html
        assert "<script>" not in html


def test_the_tree_shows_only_the_own_street(enter, town: Town):
    html = enter("street_admin").get(changelist("orgunit")).content.decode()
    assert town.branch.name in html
    assert town.other_branch.name not in html
    html = enter("community_staff").get(changelist("orgunit")).content.decode()
    assert town.branch.name in html
    assert town.sister_branch.name not in html


def test_somebody_of_many_trees_opens_one_at_a_time(enter, town: Town):
    admin = enter("sysadmin")
    html = admin.get(changelist("orgunit")).content.decode()
    assert town.street.name in html
    assert town.branch.name not in html
    html = admin.get(changelist("orgunit"), {"tree": town.street.pk}).content.decode()
    assert town.branch.name in html
    assert town.other_street.name not in html
    for nonsense in ("x", "9" * 30, ""):
        assert admin.get(changelist("orgunit"), {"tree": nonsense}).status_code in (200, 302)


def test_another_streets_row_is_not_there(enter, town: Town):
    admin = enter("street_admin")
    assert admin.get(change(town.other_branch)).status_code == 404
    assert admin.post(change(town.other_branch), {"name": "改"}).status_code == 404
    assert admin.get(change(town.users["other_grid_head"])).status_code == 404


def test_an_auditor_reads_and_does_not_write(enter, town: Town):
    admin = enter("auditor")
    assert admin.get(change(town.branch)).status_code == 200
    assert admin.post(change(town.branch), {"name": "改"}).status_code == 403
    assert admin.get(add("orgunit")).status_code == 403


def drag(client: Client, node, target, position):
    return client.post(
        changelist("orgunit"),
        {"cmd": "move_node", "cut_item": node.pk, "pasted_on": target.pk, "position": position},
        follow=True,
    )


def messages_of(client: Client) -> str:
    return client.get(changelist("orgunit")).content.decode()


def test_dragging_moves_through_the_service(enter, town: Town):
    admin = enter("street_admin")
    assert drag(admin, town.branch, town.sister_community, "last-child").content == b"OK"
    town.branch.refresh_from_db()
    assert town.branch.parent == town.sister_community
    assert OrgUnitChange.objects.filter(org_unit=town.branch, kind="move").exists()
    assert drag(admin, town.branch, town.sister_branch, "left").content == b"OK"
    names = [
        child.name for child in OrgUnit.objects.get(pk=town.sister_community.pk).get_children()
    ]
    assert names == [town.branch.name, town.sister_branch.name]
    assert tree_problems() == []


def test_a_refused_drop_says_why_and_changes_nothing(enter, town: Town):
    admin = enter("street_admin")
    assert drag(admin, town.community, town.sister_community, "last-child").content == b"FAIL"
    assert "层级必须更低" in messages_of(admin)
    assert drag(admin, town.branch, town.other_community, "last-child").content == b"FAIL"
    assert "刷新后再试" in messages_of(admin)
    assert drag(admin, town.community, town.street, "right").content == b"FAIL"
    assert (
        drag(enter("auditor"), town.branch, town.sister_community, "last-child").content == b"FAIL"
    )
    assert not OrgUnitChange.objects.exists()
    assert tree_problems() == []


NODE = {
    "name": "幸福第二网格党支部", "tier": "3", "org_form": "branch", "coverage_kind": "",
    "established_on": "", "region": "", "reason": "批复1号",
}  # fmt: skip


def test_adding_a_node_goes_through_the_service(enter, town: Town):
    answer = enter("street_admin").post(add("orgunit"), {**NODE, "parent": town.community.pk})
    assert answer.status_code == 302
    node = OrgUnit.objects.get(name=NODE["name"])
    assert node.parent == town.community
    assert OrgUnitChange.objects.get(org_unit=node).reason == "批复1号"
    assert AuditEntry.objects.filter(target_id=str(node.pk)).count() == 1
    assert tree_problems() == []


def test_a_refusal_comes_back_on_the_form_with_what_was_typed(enter, town: Town):
    admin = enter("street_admin")
    answer = admin.post(add("orgunit"), {**NODE, "parent": town.community.pk, "org_form": "group"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "网格支部级组织的形式只能是" in html
    assert NODE["name"] in html
    answer = admin.post(add("orgunit"), {**NODE, "parent": town.other_community.pk})
    assert "请修正" in answer.content.decode() or "选择" in answer.content.decode()
    answer = admin.post(add("orgunit"), {**NODE, "parent": town.community.pk, "name": "甲\0乙"})
    assert answer.status_code == 400
    assert not OrgUnit.objects.filter(name=NODE["name"]).exists()


def test_renaming_and_its_history(enter, town: Town):
    admin = enter("community_staff")
    answer = admin.post(
        change(town.branch),
        {"name": "幸福总支", "org_form": "general_branch", "coverage_kind": "", "reason": ""},
    )
    assert answer.status_code == 302
    town.branch.refresh_from_db()
    assert (town.branch.name, town.branch.org_form) == ("幸福总支", "general_branch")
    url = reverse("admin:orgs_orgunit_history", args=[town.branch.pk])
    assert "组织更名" in admin.get(url).content.decode()


def test_abolishing_from_the_list(enter, town: Town):
    admin = enter("street_admin")
    asked = {"action": "abolish_empty", "_selected_action": [town.group.pk, town.community.pk]}
    html = admin.post(changelist("orgunit"), asked, follow=True).content.decode()
    assert "已撤销" in html
    assert "还有下级组织" in html
    town.group.refresh_from_db()
    town.community.refresh_from_db()
    assert not town.group.is_active
    assert town.community.is_active


def test_nothing_can_be_deleted(enter, town: Town):
    admin = enter("sysadmin")
    volunteer = town.users["volunteer"]
    assert volunteer.person
    for obj in (town.group, town.department, volunteer, volunteer.person):
        url = reverse(f"admin:orgs_{obj._meta.model_name}_delete", args=[obj.pk])
        assert admin.post(url, {"post": "yes"}).status_code == 403


def test_a_secretary_is_appointed_and_ends(enter, town: Town):
    admin = enter("street_admin")
    typed = {
        "org_unit": town.branch.pk, "person": "", "new_person": "钱书记", "kind": "secretary",
        "source_identity": "resident", "term": "", "start": "2026-01-01", "end": "",
    }  # fmt: skip
    assert admin.post(add("orgpost"), typed).status_code == 302
    post = OrgPost.objects.get()
    assert post.person.name == "钱书记"
    people = Person.objects.count()
    html = admin.post(add("orgpost"), {**typed, "new_person": "孙书记"}).content.decode()
    assert "已有书记" in html
    assert Person.objects.count() == people
    assert admin.post(change(post), {"end": "2026-06-30"}).status_code == 302
    post.refresh_from_db()
    assert post.end == date(2026, 6, 30)


def test_a_member_is_registered_and_transferred(enter, town: Town):
    admin = enter("street_admin")
    typed = {
        "person": "", "new_person": "周党员", "org_unit": town.branch.pk, "kind": "full",
        "joined_on": "", "residing": "on",
    }  # fmt: skip
    assert admin.post(add("partymember"), typed).status_code == 302
    member = PartyMember.objects.get()
    assert member.residing
    typed = {"org_unit": town.sister_branch.pk, "kind": "full", "joined_on": "", "left_on": ""}
    assert admin.post(change(member), typed).status_code == 302
    member.refresh_from_db()
    assert member.org_unit == town.sister_branch
    assert AuditEntry.objects.filter(action="member.transfer").count() == 1
    assert enter("other_street_admin").get(change(member)).status_code == 404


def test_sealed_values_are_not_shown(enter, town: Town):
    person = town.users["branch_secretary"].person
    assert person
    person.seal_identity(id_number="349901199001011236", phone="16900001234")
    person.save()
    html = enter("street_admin").get(change(person)).content.decode()
    assert "349901199001011236" not in html
    assert "16900001234" not in html
    assert "169****1234" in html
    typed = {"name": "支书成", "gender": "1", "workplace": "居委会"}
    assert enter("street_admin").post(change(person), typed).status_code == 302
    person.refresh_from_db()
    assert person.phone.reveal() == "16900001234"
    assert person.workplace == "居委会"


NEW_USER = {
    "username": "newbie", "person": "", "new_name": "辛来", "password": PASSWORD,
    "role": "grid_head", "unit": "",
}  # fmt: skip


def test_users_are_made_and_given_roles_inside_the_own_street(enter, town: Town):
    admin = enter("street_admin")
    typed = {**NEW_USER, "org_unit": town.community.pk}
    assert admin.post(add("user"), typed).status_code == 302
    user = User.objects.get(username="newbie")
    assert user.check_password(PASSWORD)
    assert [grant.role for grant in user.grants] == ["grid_head"]
    role = {"user": user.pk, "role": "volunteer", "org_unit": town.street.pk, "start": "2026-01-01"}
    assert admin.post(add("roleassignment"), role).status_code == 302
    assert AuditEntry.objects.filter(action="role.assign").count() == 2
    for wrong in ({"role": "sysadmin"}, {"org_unit": town.other_community.pk}):
        html = admin.post(add("roleassignment"), {**role, **wrong}).content.decode()
        assert "errorlist" in html
    assert RoleAssignment.objects.filter(user=user).count() == 2


@pytest.mark.parametrize("wrong", [{"role": ""}, {"org_unit": ""}, {"username": "grid_head"}])
def test_a_user_is_made_whole_or_not_at_all(enter, town: Town, wrong):
    users, people = User.objects.count(), Person.objects.count()
    typed = {**NEW_USER, "org_unit": town.community.pk, **wrong}
    answer = enter("street_admin").post(add("user"), typed)
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert (User.objects.count(), Person.objects.count()) == (users, people)


def test_weak_passwords_come_back_on_the_field(enter):
    typed = {"username": "newbie", "person": "", "new_name": "辛来", "password": "12345678"}
    html = enter("sysadmin").post(add("user"), typed).content.decode()
    assert "密码" in html
    assert not User.objects.filter(username="newbie").exists()


def test_a_role_is_taken_back_from_the_list(enter, town: Town):
    role = RoleAssignment.objects.get(user=town.users["grid_informant"])
    asked = {"action": "take_back", "_selected_action": [role.pk]}
    html = enter("street_admin").post(changelist("roleassignment"), asked, follow=True).content
    assert "已收回" in html.decode()
    assert User.objects.get(pk=role.user_id).grants == ()


def test_a_district_official_gets_a_region_with_the_log_in(enter, town: Town):
    typed = {
        "username": "qu_ganbu", "new_name": "区新人", "password": PASSWORD,
        "role": Role.DISTRICT_OFFICIAL, "region": town.district.pk,
    }  # fmt: skip
    assert enter("sysadmin").post(add("user"), typed).status_code == 302
    assert RoleAssignment.objects.get(user__username="qu_ganbu").region == town.district


def test_a_token_is_shown_once(enter, town: Town):
    asked = {"action": "issue_tokens", "_selected_action": [town.users["dispatcher"].pk]}
    html = enter("street_admin").post(changelist("user"), asked, follow=True).content.decode()
    assert town.users["dispatcher"].auth_token.key in html


def test_a_streets_unit_lies_in_its_district(enter, town: Town):
    typed = {
        "name": "幸福物业公司", "kind": "property_company", "street": town.street.pk,
        "duties": "", "contact_name": "", "office_phone": "", "is_active": "on",
    }  # fmt: skip
    assert enter("street_admin").post(add("unit"), typed).status_code == 302
    unit = Unit.objects.get(name="幸福物业公司")
    assert (unit.district_id, unit.street) == ("349901", town.street)
    assert AuditEntry.objects.filter(action="unit.create", target_id=str(unit.pk)).count() == 1
    assert enter("other_street_admin").get(change(unit)).status_code == 404


def test_a_street_reads_its_own_audit_trail(enter, town: Town):
    enter("street_admin").post(add("orgunit"), {**NODE, "parent": town.community.pk})
    entry = AuditEntry.objects.get(action="org.add")
    assert enter("street_admin").get(change(entry)).status_code == 200
    assert enter("other_street_admin").get(change(entry)).status_code == 404
    assert enter("auditor").get(changelist("auditentry")).status_code == 200
    assert enter("auditor").post(change(entry), {"action": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("model", "term"),
    [("orgunit", "幸福"), ("unit", "学院"), ("person", "网格"), ("user", "grid")],
)
def test_autocomplete_is_scoped(enter, town: Town, model, term):
    fields = {
        "orgunit": ("orgunit", "parent"), "unit": ("roleassignment", "unit"),
        "person": ("user", "person"), "user": ("roleassignment", "user"),
    }  # fmt: skip
    source, field = fields[model]
    asked = {"app_label": "orgs", "model_name": source, "field_name": field, "term": term}
    answer = enter("street_admin").get(reverse("admin:autocomplete"), asked)
    assert answer.status_code == 200
    texts = " ".join(row["text"] for row in answer.json()["results"])
    assert "孙" not in texts
    assert "东湖" not in texts


def test_the_list_costs_the_same_for_more_rows(enter, town: Town, django_assert_max_num_queries):
    admin = enter("street_admin")
    for number in range(20):
        OrgUnit.objects.create(
            name=f"支部{number}",
            tier=3,
            org_form="branch",
            parent=OrgUnit.objects.get(pk=town.community.pk),
        )
        make_person(f"人{number}")
    with django_assert_max_num_queries(16):
        admin.get(changelist("orgunit"))
    with django_assert_max_num_queries(16):
        admin.get(changelist("user"))


def test_roles_of_the_admin_are_roles():
    assert set(Role) >= ADMIN_ROLES
