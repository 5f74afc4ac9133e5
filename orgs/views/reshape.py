"""Merge and split an organisation, end a unit, with the refusal of the service at the form."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from orgs import services
from orgs.fetch import fetch
from orgs.forms import MergeForm, SplitForm, UnitEndForm, put_refusal
from orgs.models import OrgUnit, Unit
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


@login_required
def end_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge a unit into another, or close it: its open work goes with it or back to the dispatchers."""
    user: Any = request.user
    unit = fetch(Unit.objects.filter(is_active=True), user, Noun.ORG, EDIT, pk=pk)
    form = UnitEndForm(request.POST or None, unit=unit, user=user)
    if request.method == "POST" and form.is_valid():
        into, reason = form.cleaned_data["into"], form.cleaned_data["reason"]
        try:
            if into is not None:
                services.merge_units(unit=unit, into=into, by=user, reason=reason)
            else:
                services.close_unit(unit=unit, by=user, reason=reason)
        except ValidationError as refusal:
            put_refusal(form, refusal)
        else:
            done = f"已并入“{into.name}”" if into else "已撤销"
            messages.success(request, f"“{unit.name}”{done}。")
            return redirect("admin:orgs_unit_changelist" if user.may_use_admin else "orgs:tree")
    context = {
        "page_title": f"撤并“{unit.name}”",
        "unit": unit,
        "form": form,
        "submit": "确定撤并",
        "confirm": f"撤并后“{unit.name}”停用，正在办理的事项转给承接单位（或退回派单）。确定吗？",
    }
    return render(request, "orgs/unit_end.html", context, status=400 if form.errors else 200)
