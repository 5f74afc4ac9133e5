"""Merge and split an organisation, with the refusal of the service at the form."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from orgs import services
from orgs.fetch import fetch
from orgs.forms import MergeForm, SplitForm, put_refusal
from orgs.models import OrgUnit
from orgs.roles import EDIT, Noun


@login_required
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge this organisation into another of its tier."""
    user: Any = request.user
    node = fetch(OrgUnit.objects, user, Noun.ORG, EDIT, pk=pk)
    form = MergeForm(request.POST or None, node=node, user=user)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            into = services.merge(node=node, into=typed["into"], by=user, reason=typed["reason"])
        except ValidationError as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"“{node.name}”已并入“{into.name}”。")
            return redirect("orgs:detail", into.pk)
    context = {
        "page_title": f"合并“{node.name}”",
        "node": node,
        "form": form,
        "submit": "合并",
        "confirm": f"合并后“{node.name}”撤销，下级、党员、职务和角色都转给承接组织。确定合并吗？",
    }
    return render(request, "orgs/reshape.html", context, status=400 if form.errors else 200)


@login_required
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Set up a sibling that takes over some of the organisations below."""
    user: Any = request.user
    node = fetch(OrgUnit.objects, user, Noun.ORG, EDIT, pk=pk)
    form = SplitForm(request.POST or None, node=node)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            new = services.split(
                node=node, name=typed["name"], children=typed["children"], by=user,
                reason=typed["reason"],
            )  # fmt: skip
        except ValidationError as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"已分设“{new.name}”。")
            return redirect("orgs:detail", new.pk)
    context = {"page_title": f"分设“{node.name}”", "node": node, "form": form, "submit": "分设"}
    return render(request, "orgs/reshape.html", context, status=400 if form.errors else 200)
