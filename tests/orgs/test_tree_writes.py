"""add, rename, move, merge, split, abolish: what they do, refuse, and leave behind."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from orgs import services
from orgs.integrity import tree_problems
from orgs.levels import OrgForm, OrgStatus, PostKind, Tier, UnitKind
from orgs.models import (
    AuditEntry,
    OrgPost,
    OrgUnit,
    OrgUnitChange,
    PartyMember,
    RoleAssignment,
    Unit,
)
from orgs.roles import Role
from orgs.signals import tree_changed
from tests.town import Town, make_person, make_user

DAY = date(2026, 11, 23)
Kind = OrgUnitChange.Kind


def add_branch(parent, name, by=None):
    return services.add_org_unit(
        parent=parent, name=name, tier=Tier.BRANCH, org_form=OrgForm.BRANCH, by=by
    )


def enrol(name, org_unit):
    return PartyMember.objects.create(person=make_person(name), org_unit=org_unit)


@pytest.fixture
def heard():
    """Collect what the signal tells the floors above."""
    told = []

    def receiver(sender, kind, org_unit, moved_to, by, **_):
        told.append((kind, org_unit.pk, moved_to.pk if moved_to else None))

    tree_changed.connect(receiver)
    yield told
    tree_changed.disconnect(receiver)


def test_add_writes_node_history_audit_and_signal(town: Town, heard):
    by = town.users["street_admin"]
    node = add_branch(town.community, " 幸福第二网格党支部 ", by)
    assert node.name == "幸福第二网格党支部"
    assert (node.level, node.tier, node.parent) == (2, 3, town.community)
    change = OrgUnitChange.objects.get(org_unit=node)
    assert (change.kind, change.by, change.after["parent"]) == (Kind.ADD, by, town.community.pk)
    audit = AuditEntry.objects.get(action="org.add")
    assert (audit.target_id, audit.street_id, audit.actor) == (str(node.pk), town.street.pk, by)
    assert heard == [(Kind.ADD, node.pk, town.community.pk)]
    assert tree_problems() == []


def test_add_allows_to_skip_a_tier(town: Town):
    node = services.add_org_unit(
        parent=town.street, name="机关党支部", tier=Tier.BRANCH, org_form=OrgForm.BRANCH, by=None
    )
    assert node.level == 1


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"tier": Tier.COMMUNITY, "org_form": OrgForm.COMMITTEE}, "parent", "下级的层级必须更低"),
        ({"org_form": OrgForm.GROUP}, "org_form", "形式只能是"),
        ({"tier": 7}, "tier", "层级只能是"),
        ({"name": "幸福第一网格党支部"}, "name", "下已有"),
        ({"name": "  　 "}, "name", "请填写名称"),
        ({"name": "甲\0乙"}, "name", "空字符"),
        ({"name": "长" * 81}, "name", "最多 80 个字"),
        ({"parent": None}, "parent", "没有上级"),
    ],
)
def test_add_refuses_with_a_sentence_at_the_field(town: Town, change, field, words):
    asked: dict[str, Any] = {
        "parent": town.community, "name": "新党支部", "tier": Tier.BRANCH,
        "org_form": OrgForm.BRANCH, "by": None, **change,
    }  # fmt: skip
    before = OrgUnit.objects.count()
    with pytest.raises(ValidationError) as refused:
        services.add_org_unit(**asked)
    assert words in refused.value.message_dict[field][0]
    assert OrgUnit.objects.count() == before


def test_add_root_makes_a_new_tree_and_keeps_its_division_unique(town: Town):
    region = town.street.region
    with pytest.raises(ValidationError, match="已有对应的组织"):
        services.add_org_unit(
            parent=None, name="红星街道党工委", tier=1, org_form="working_committee",
            by=None, region=region,
        )  # fmt: skip
    root = services.add_org_unit(
        parent=None, name="新街道党工委", tier=1, org_form="working_committee", by=None
    )
    assert root.tree_id not in (town.street.tree_id, town.other_street.tree_id)
    assert (root.lft, root.rght) == (1, 2)
    assert tree_problems() == []


@pytest.mark.parametrize(
    "who", ["dispatcher", "grid_head", "branch_secretary", "community_staff", "volunteer"]
)
def test_add_needs_the_capability(town: Town, who):
    with pytest.raises(PermissionDenied):
        add_branch(town.community, "新党支部", town.users[who])


def test_add_elsewhere_is_refused(town: Town):
    with pytest.raises(PermissionDenied, match="不在您的管理范围"):
        add_branch(town.community, "新党支部", town.users["other_street_admin"])


def test_only_the_sysadmin_makes_trees(town: Town):
    asked: dict[str, Any] = {
        "parent": None, "name": "新街道党工委", "tier": 1, "org_form": "working_committee",
    }  # fmt: skip
    with pytest.raises(ValidationError):
        services.add_org_unit(**asked, by=town.users["street_admin"])
    services.add_org_unit(**asked, by=town.users["sysadmin"])


def test_rename_keeps_the_place_and_remembers_the_old_name(town: Town, heard):
    services.rename(
        node=town.community, name="幸福社区党总支", org_form=OrgForm.GENERAL_BRANCH,
        by=town.users["community_staff"], reason="街工委〔2026〕3号",
    )  # fmt: skip
    town.community.refresh_from_db()
    assert town.community.org_form == OrgForm.GENERAL_BRANCH
    change = OrgUnitChange.objects.get()
    assert change.before["name"] == "幸福社区党委"
    assert change.after["name"] == "幸福社区党总支"
    assert change.reason == "街工委〔2026〕3号"
    assert heard[0][0] == Kind.RENAME
    assert tree_problems() == []


def test_rename_refuses_a_siblings_name(town: Town):
    with pytest.raises(ValidationError, match="下已有"):
        services.rename(node=town.community, name="和平社区党委", by=None)


def test_move_takes_the_subtree_along(town: Town, heard):
    services.move(node=town.branch, parent=town.sister_community, by=None)
    town.group.refresh_from_db()
    assert town.group.get_ancestors().filter(pk=town.sister_community.pk).exists()
    assert heard == [(Kind.MOVE, town.branch.pk, town.sister_community.pk)]
    assert tree_problems() == []


def test_move_between_trees_and_back(town: Town):
    services.move(node=town.branch, parent=town.other_community, by=None)
    assert tree_problems() == []
    town.group.refresh_from_db()
    assert town.group.tree_id == OrgUnit.objects.get(pk=town.other_street.pk).tree_id
    services.move(node=town.branch, parent=town.community, by=None)
    assert tree_problems() == []


def test_move_makes_a_community_a_tree_of_its_own_and_takes_it_in_again(town: Town):
    services.move(node=town.community, parent=None, by=town.users["sysadmin"])
    town.community.refresh_from_db()
    assert (town.community.level, town.community.lft) == (0, 1)
    others = OrgUnit.objects.filter(pk__in=[town.street.pk, town.other_street.pk])
    assert {node.tree_id for node in others} == {town.street.tree_id, town.other_street.tree_id}
    assert tree_problems() == []
    services.move(node=town.community, parent=town.other_street, by=None)
    assert tree_problems() == []


def test_move_orders_siblings(town: Town):
    services.move(
        node=town.sister_community, parent=town.street, beside=town.community, side="left", by=None
    )
    names = [child.name for child in OrgUnit.objects.get(pk=town.street.pk).get_children()]
    assert names == ["和平社区党委", "幸福社区党委"]
    assert tree_problems() == []


def test_move_refuses(town: Town):
    with pytest.raises(ValidationError, match="它自己或它的下级"):
        services.move(node=town.community, parent=town.branch, by=None)
    with pytest.raises(ValidationError, match="它自己或它的下级"):
        services.move(node=town.community, parent=town.community, by=None)
    with pytest.raises(ValidationError, match="层级必须更低"):
        services.move(node=town.sister_community, parent=town.community, by=None)
    with pytest.raises(ValidationError, match="已经在这个位置"):
        services.move(node=town.branch, parent=town.community, by=None)
    with pytest.raises(ValidationError, match="没有上级"):
        services.move(node=town.branch, parent=None, by=None)
    with pytest.raises(PermissionDenied):
        services.move(node=town.branch, parent=town.other_community, by=town.users["street_admin"])
    assert not OrgUnitChange.objects.exists()


def test_merge_hands_everything_over(town: Town, heard):
    member = enrol("李党员", town.community)
    secretary = services.appoint(
        person=make_person("周书记"), org_unit=town.community, kind=PostKind.SECRETARY,
        start=date(2025, 1, 1), by=None,
    )  # fmt: skip
    staff_role = RoleAssignment.objects.get(user=town.users["community_staff"])
    services.merge(node=town.community, into=town.sister_community, by=None, on=DAY)
    for row in (town.community, town.branch, member, secretary, staff_role):
        row.refresh_from_db()
    assert town.community.status == OrgStatus.ABOLISHED
    assert (town.community.successor, town.community.abolished_on) == (town.sister_community, DAY)
    assert town.branch.parent == town.sister_community
    assert member.org_unit == secretary.org_unit == staff_role.org_unit == town.sister_community
    assert secretary.end is None
    assert [kind for kind, _, _ in heard][-2:] == [Kind.MOVE, Kind.MERGE]
    assert tree_problems() == []


def test_merge_ends_the_second_secretary(town: Town):
    ends, stays = (
        services.appoint(
            person=make_person(name), org_unit=org, kind=PostKind.SECRETARY,
            start=date(2025, 1, 1), by=None,
        )
        for name, org in (("周书记", town.community), ("吴书记", town.sister_community))
    )  # fmt: skip
    services.merge(node=town.community, into=town.sister_community, by=None, on=DAY)
    ends.refresh_from_db()
    assert ends.end == date(2026, 11, 22)
    live = OrgPost.objects.filter(org_unit=town.sister_community, end=None)
    assert list(live) == [stays]


def test_merge_of_streets_takes_units_along(town: Town):
    services.merge(node=town.street, into=town.other_street, by=None)
    town.partner.refresh_from_db()
    assert town.partner.street == town.other_street
    assert tree_problems() == []


def test_merge_refuses(town: Town):
    with pytest.raises(ValidationError, match="同一层级"):
        services.merge(node=town.branch, into=town.community, by=None)
    with pytest.raises(ValidationError, match="另一个组织"):
        services.merge(node=town.branch, into=town.branch, by=None)
    add_branch(town.sister_community, town.branch.name)
    with pytest.raises(ValidationError, match="先更名再合并"):
        services.merge(node=town.community, into=town.sister_community, by=None)
    Unit.objects.create(name=town.partner.name, kind=UnitKind.PARTNER, street=town.other_street)
    with pytest.raises(ValidationError, match="都登记了单位"):
        services.merge(node=town.street, into=town.other_street, by=None)


def test_split_takes_children_and_members_along(town: Town, heard):
    second = add_branch(town.community, "幸福第二网格党支部")
    moving, staying = enrol("李党员", town.community), enrol("吴党员", town.community)
    heard.clear()
    new = services.split(
        node=town.community, name="幸福二社区党委", children=[second], members=[moving], by=None
    )
    for row in (second, moving, staying):
        row.refresh_from_db()
    assert second.parent == moving.org_unit == new
    assert staying.org_unit == town.community
    assert (new.tier, new.parent) == (town.community.tier, town.street)
    assert [kind for kind, _, _ in heard] == [Kind.MOVE, Kind.SPLIT]
    assert tree_problems() == []


def test_split_refuses_what_is_not_its_own(town: Town):
    with pytest.raises(ValidationError, match="不属于"):
        services.split(node=town.community, name="新社区", children=[town.other_branch], by=None)
    stranger = enrol("孙党员", town.other_branch)
    with pytest.raises(ValidationError, match="不属于"):
        services.split(node=town.community, name="新社区", members=[stranger], by=None)


def test_split_of_a_root_makes_a_tree(town: Town):
    new = services.split(node=town.street, name="新红星街道党工委", by=town.users["sysadmin"])
    assert new.level == 0
    assert new.tree_id != town.street.tree_id
    assert tree_problems() == []


def test_abolish_an_empty_one_ends_posts_and_roles(town: Town):
    post = services.appoint(
        person=make_person("组长"), org_unit=town.group, kind=PostKind.GROUP_LEADER,
        start=date(2025, 1, 1), by=None,
    )  # fmt: skip
    services.abolish(node=town.group, by=town.users["street_admin"], on=DAY)
    town.group.refresh_from_db()
    post.refresh_from_db()
    assert not town.group.is_active
    assert post.end == date(2026, 11, 22)
    role = RoleAssignment.objects.get(user=town.users["group_leader"])
    assert role.end == date(2026, 11, 22)
    assert tree_problems() == []


def test_abolish_refuses_while_somebody_is_there(town: Town):
    with pytest.raises(ValidationError, match="还有下级组织"):
        services.abolish(node=town.community, by=None)
    enrol("李党员", town.group)
    with pytest.raises(ValidationError, match="还有党员"):
        services.abolish(node=town.group, by=None)
    with pytest.raises(ValidationError, match="登记的单位"):
        services.merge(node=town.community, into=town.other_community, by=None)
        services.merge(node=town.sister_community, into=town.other_community, by=None)
        services.abolish(node=town.street, by=None)


def test_abolish_with_a_successor_moves_children(town: Town):
    services.abolish(node=town.community, successor=town.sister_community, by=None)
    town.branch.refresh_from_db()
    assert town.branch.parent == town.sister_community
    last = OrgUnitChange.objects.filter(org_unit=town.community).first()
    assert last is not None
    assert (last.kind, last.after["moved_to"]) == (Kind.ABOLISH, town.sister_community.pk)


def test_nothing_changes_an_abolished_node(town: Town):
    services.abolish(node=town.group, by=None)
    for act in (
        lambda: services.rename(node=town.group, name="新名", by=None),
        lambda: services.abolish(node=town.group, by=None),
        lambda: services.move(node=town.group, parent=town.sister_branch, by=None),
        lambda: services.appoint(
            person=make_person("甲"), org_unit=town.group, kind=PostKind.GROUP_LEADER, by=None
        ),
    ):
        with pytest.raises(ValidationError, match="已撤销"):
            act()


def test_a_refusal_of_a_receiver_undoes_everything(town: Town):
    def refuse(**_):
        raise ValidationError("该组织下还有网格。")

    tree_changed.connect(refuse)
    try:
        with pytest.raises(ValidationError, match="还有网格"):
            services.abolish(node=town.group, by=None)
    finally:
        tree_changed.disconnect(refuse)
    town.group.refresh_from_db()
    assert town.group.is_active
    assert not AuditEntry.objects.exists()


def test_roles_follow_a_merge_without_doubles(town: Town):
    user = make_user("both", "双栖")
    for org in (town.community, town.sister_community):
        services.assign_role(user=user, role=Role.VOLUNTEER, org_unit=org, by=None)
    services.merge(node=town.community, into=town.sister_community, by=None)
    assert user.roles.filter(org_unit=town.sister_community, end=None).count() == 1
