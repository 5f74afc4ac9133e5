"""The tree, opened branch by branch; search by name; lists behind its figures."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from orgs.fetch import fetch
from orgs.forms import TreeSearchForm
from orgs.models import OrgUnit
from orgs.paging import Page, keyset_page
from orgs.querysets import OrgUnitQuerySet
from orgs.roles import EDIT, VIEW, Noun
from orgs.scope import can, require

TREE_ORDER = ("tree_id", "lft")


@login_required
@require_GET
def tree(request: HttpRequest) -> HttpResponse:
    """The highest organisations the user sees, or the hits of a search."""
    user: Any = request.user
    require(user, Noun.ORG, VIEW)
    form = TreeSearchForm(request.GET)
    context: dict[str, Any] = {"page_title": "组织", "form": form, "page": Page([])}
    context["keeps_tables"] = can(user, Noun.ORG, EDIT)
    if not form.is_valid():
        return render(request, "orgs/tree.html", context, status=400)
    words, everything = form.cleaned_data["q"], form.cleaned_data["all"]
    nodes = OrgUnit.objects.visible_to(user)
    nodes = nodes if everything else nodes.active()
    if words:
        found = nodes.filter(name__icontains=words)
        found = found.select_related("parent").with_tree_counts()
        context["page"] = keyset_page(found, request, TREE_ORDER)
    else:
        page = keyset_page(_tops(nodes, user).with_tree_counts(), request, TREE_ORDER)
        context["page"] = page
        if len(page.rows) == 1 and not page.previous_url:
            context["opened"] = _children(page.rows[0], user, request, everything=everything)
    return render(request, "orgs/tree.html", {**context, "words": words, "everything": everything})


@login_required
@require_GET
def children(request: HttpRequest, pk: int) -> HttpResponse:
    """The next layer of the tree, fetched when a branch is opened."""
    user: Any = request.user
    node = fetch(OrgUnit.objects, user, Noun.ORG, pk=pk)
    everything = request.GET.get("all") == "on"
    page = _children(node, user, request, everything=everything)
    context = {"node": node, "page": page, "everything": everything}
    return render(request, "orgs/tree_children.html", context)


@login_required
@require_GET
def vacancies(request: HttpRequest, pk: int) -> HttpResponse:
    """Organisations at and below a node that have nobody at their head today."""
    user: Any = request.user
    node = fetch(OrgUnit.objects, user, Noun.ORG, pk=pk)
    found = below(node, user).with_vacancy(timezone.localdate())
    context = {
        "node": node,
        "page_title": "书记（组长）空缺",
        "page": keyset_page(
            found.select_related("parent").with_tree_counts(), request, TREE_ORDER,
            count=found.count(),
        ),
        "empty": "没有空缺，都配齐了。",
    }  # fmt: skip
    return render(request, "orgs/nodes.html", context)


@login_required
@require_GET
def organisations(request: HttpRequest, pk: int) -> HttpResponse:
    """All live organisations below a node."""
    user: Any = request.user
    node = fetch(OrgUnit.objects, user, Noun.ORG, pk=pk)
    found = below(node, user).exclude(pk=node.pk)
    context = {
        "node": node,
        "page_title": "下级组织",
        "page": keyset_page(
            found.select_related("parent").with_tree_counts(), request, TREE_ORDER,
            count=found.count(),
        ),
        "empty": "还没有下级组织。",
    }  # fmt: skip
    return render(request, "orgs/nodes.html", context)


def below(node: OrgUnit, user: Any) -> OrgUnitQuerySet:
    """Live organisations at and below `node` that the user sees."""
    nodes: OrgUnitQuerySet = OrgUnit.objects.visible_to(user).active()
    found: OrgUnitQuerySet = nodes.filter(
        tree_id=node.tree_id, lft__gte=node.lft, rght__lte=node.rght
    )
    return found


def _tops(nodes: OrgUnitQuerySet, user: Any) -> OrgUnitQuerySet:
    """Roots in the user's areas, and the nodes the user's roles name."""
    named = [grant.org_id for grant in user.grants if grant.org_id is not None]
    tops: OrgUnitQuerySet = nodes.filter(Q(parent=None) | Q(pk__in=named))
    return tops


def _children(node: OrgUnit, user: Any, request: HttpRequest, *, everything: bool) -> Page:
    rows = OrgUnit.objects.visible_to(user).filter(parent=node)
    rows = rows if everything else rows.active()
    return keyset_page(rows.with_tree_counts(), request, TREE_ORDER, size=100)
