"""消息: the inbox, and how a user wants to be told."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notices import services
from notices.forms import ChoiceForm
from notices.kinds import all_kinds, label_of
from notices.models import Channel, Notification, Preference
from orgs.paging import keyset_page
from orgs.roles import EDIT, Noun
from orgs.scope import can


@login_required
@never_cache
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    rows = mine = Notification.objects.visible_to(user)
    kind, all_of_them = request.GET.get("kind", ""), request.GET.get("show") == "all"
    if kind:
        rows = rows.filter(kind=kind)
    unread = rows.unread().count()
    if not all_of_them:
        rows = rows.unread()
    kinds = sorted(set(mine.order_by().values_list("kind", flat=True).distinct()), key=label_of)
    page = keyset_page(rows.order_by("-id"), request)
    return render(request, "notices/inbox.html", {
        "page_title": "消息", "page": page, "unread": unread, "kind": kind, "show_all": all_of_them,
        "kinds": [{"code": one, "label": label_of(one), "active": one == kind} for one in kinds],
        "keeps_channels": can(user, Noun.ORG, EDIT),
    })  # fmt: skip


@login_required
@require_POST
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark as read and go where the letter points."""
    row = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    services.mark_read(rows=Notification.objects.filter(pk=row.pk))
    inside = url_has_allowed_host_and_scheme(row.link, allowed_hosts=None)
    return redirect(row.link if row.link and inside else "notices:inbox")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    rows = Notification.objects.visible_to(request.user)
    kind = request.POST.get("kind", "")
    done = services.mark_read(rows=rows.filter(kind=kind) if kind else rows)
    messages.success(request, f"{done} 条消息已标为已读。" if done else "没有未读消息。")
    return redirect("notices:inbox")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    kept = {row.kind: row for row in Preference.objects.filter(user=user)}
    forms = [
        ChoiceForm(
            request.POST or None, kind=kind,
            initial={
                "transports": kept[kind.code].transports if kind.code in kept else kind.transports,
                "digest": kind.code in kept and kept[kind.code].digest,
            },
        )
        for kind in all_kinds()
        if kind.chosen
    ]  # fmt: skip
    if request.method == "POST" and all(form.is_valid() for form in forms):
        for form in forms:
            services.choose(by=user, kind=form.kind.code, **form.cleaned_data)
        messages.success(request, "通知方式已保存。")
        return redirect("notices:choices")
    roots = {grant.tree_id for grant in user.grants}
    gateways = Channel.objects.active().filter(transport="sms", street__tree_id__in=roots)
    return render(request, "notices/choices.html", {
        "page_title": "通知方式", "forms": forms, "email": user.email,
        "has_phone": bool(user.person and user.person.phone), "has_gateway": gateways.exists(),
        "back_url": reverse("notices:inbox"),
    })  # fmt: skip
