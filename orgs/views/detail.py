"""One organisation: its head and posts, its members, what happened to it, its units."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from orgs.fetch import fetch, may
from orgs.levels import PostKind
from orgs.models import OrgPost, OrgUnit, PartyMember, Unit
from orgs.paging import keyset_page
from orgs.roles import EDIT, Noun
from orgs.views.tree import below

MOST_SHOWN = 30


@login_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one organisation."""
    user: Any = request.user
    node = fetch(OrgUnit.objects.select_related("successor", "region"), user, Noun.ORG, pk=pk)
    today = timezone.localdate()
    posts = OrgPost.objects.filter(org_unit=node, start__lte=today).exclude(end__lt=today)
    heads = [post for post in posts if post.kind in (PostKind.SECRETARY, PostKind.GROUP_LEADER)]
    edits = node.is_active and may(OrgUnit.objects, user, EDIT, node)
    context = {
        "page_title": node.name,
        "node": node,
        "path": _path(node, user),
        "posts": posts.select_related("person"),
        "is_vacant": node.is_active and not heads,
        "stats": _figures(node, user),
        "children": _children(node, user),
        "units": _units(node, user)[:MOST_SHOWN],
        "changes": node.changes.select_related("by__person")[:MOST_SHOWN],
        "edits": edits,
        "admin_url": reverse("admin:orgs_orgunit_change", args=[node.pk])
        if edits and user.may_use_admin
        else "",
    }
    return render(request, "orgs/detail.html", context)


@login_required
@require_GET
def members(request: HttpRequest, pk: int) -> HttpResponse:
    """Party members of an organisation and all below it; names in full only to who manages them."""
    user: Any = request.user
    node = fetch(OrgUnit.objects, user, Noun.ORG, pk=pk)
    found = _members(node, user)
    context = {
        "page_title": "党员",
        "node": node,
        "edits": may(OrgUnit.objects, user, EDIT, node),
        "page": keyset_page(
            found.select_related("person", "org_unit"), request, ("org_unit_id", "id"),
            count=found.count(),
        ),
    }  # fmt: skip
    return render(request, "orgs/members.html", context)


def _figures(node: OrgUnit, user: Any) -> list[dict[str, Any]]:
    """Every figure with the list it counts."""
    orgs = below(node, user)
    vacant = orgs.with_vacancy(timezone.localdate()).count()
    return [
        {
            "label": "下级组织", "value": orgs.exclude(pk=node.pk).count(), "unit": "个",
            "icon": "diagram-3", "url": reverse("orgs:organisations", args=[node.pk]),
        },
        {
            "label": "党员", "value": _members(node, user).count(), "unit": "名",
            "icon": "people", "url": reverse("orgs:members", args=[node.pk]),
        },
        {
            "label": "书记（组长）空缺", "value": vacant, "unit": "个",
            "level": "yellow" if vacant else "",
            "url": reverse("orgs:vacancies", args=[node.pk]),
        },
    ]  # fmt: skip


def _members(node: OrgUnit, user: Any) -> QuerySet[PartyMember]:
    return PartyMember.objects.filter(org_unit__in=below(node, user).values("pk"), left_on=None)


def _children(node: OrgUnit, user: Any) -> Any:
    rows = below(node, user).filter(parent=node).select_related("parent")
    return rows.with_tree_counts().order_by("lft")[:MOST_SHOWN]


def _units(node: OrgUnit, user: Any) -> QuerySet[Unit]:
    """Units of the street, on the street's own page only."""
    if node.parent_id is not None:
        return Unit.objects.none()
    mine = Q(street=node) | Q(street=None, district_id=(node.division_code or "-")[:6])
    return Unit.objects.visible_to(user).filter(mine, is_active=True).order_by("kind", "name")


def _path(node: OrgUnit, user: Any) -> list[dict[str, str]]:
    above = node.get_ancestors() & OrgUnit.objects.visible_to(user)
    crumbs = [
        {"label": "组织", "url": reverse("orgs:tree")},
        *({"label": one.name, "url": reverse("orgs:detail", args=[one.pk])} for one in above),
        {"label": node.name, "url": ""},
    ]
    return crumbs
