"""Integrity checks of the organisation tree and its people."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q
from django.urls import reverse

from gridparty.lib.masking import mask_name
from orgs.integrity import tree_problems
from orgs.levels import OrgStatus
from orgs.models import OrgUnit, PartyMember, Person
from orgs.quality import Asked, Severity, Subject, check
from orgs.roles import Noun


def _org_url(node: OrgUnit) -> str:
    return reverse("orgs:detail", args=[node.pk])


def _members_url(person: Person) -> str:
    org = person.membership.org_unit_id
    return reverse("orgs:members", args=[org]) if org else reverse("orgs:tree")


def _with_membership(rows: Any, user: Any) -> Any:
    return rows.select_related("membership__org_unit")


TREE = Subject(
    model=OrgUnit, noun=Noun.ORG, street="tree_id",
    label=lambda node: node.name, url=_org_url, place=lambda node: node.get_tier_display(),
)  # fmt: skip
MEMBER = Subject(
    model=Person, noun=Noun.ORG, street="membership__org_unit__tree_id",
    label=lambda person: mask_name(person.name), url=_members_url,
    place=lambda person: str(person.membership.org_unit or "未落实组织"),
    prepare=_with_membership,
)  # fmt: skip


@check(
    "org_tree", title="组织树的编号或上下级损坏", severity=Severity.ERROR, ids=True, of=TREE,
    mend="请系统管理员运行 check_tree 查看损坏的节点，并从备份恢复。",
)  # fmt: skip
def damaged_trees(asked: Asked) -> Iterator[int]:
    trees = OrgUnit.objects.order_by("tree_id").values_list("tree_id", flat=True).distinct()
    for tree in trees:
        if tree_problems(tree):
            rows = OrgUnit.objects.filter(tree_id=tree).order_by("lft", "pk")
            yield rows.values_list("pk", flat=True)[0]


@check(
    "member_org", title="党员没有在用的党组织", severity=Severity.ERROR, of=MEMBER,
    mend="在管理后台打开这名党员，把组织关系转到在用的党支部或党小组。",
)  # fmt: skip
def members_without_organisation(asked: Asked) -> Any:
    open_memberships = PartyMember.objects.filter(left_on=None)
    lost = Q(org_unit=None) | ~Q(org_unit__status=OrgStatus.ACTIVE)
    return Person.objects.filter(
        died_on=None, pk__in=open_memberships.filter(lost).values("person")
    )


@check(
    "org_parent", title="在用的组织归在已撤销的组织之下", severity=Severity.ERROR, of=TREE,
    mend="在组织页把它调整到在用的上级组织。",
)  # fmt: skip
def below_an_abolished(asked: Asked) -> Any:
    return OrgUnit.objects.filter(
        status=OrgStatus.ACTIVE, parent__status=OrgStatus.ABOLISHED, tree_id=F("parent__tree_id")
    )
