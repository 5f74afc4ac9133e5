"""通知通道 and 发送记录: for those who keep a street or community."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gridparty.lib.text import row_id
from notices import services
from notices.catalog import MessageState
from notices.forms import ChannelForm
from notices.models import Channel, OutboxMessage
from notices.transports import transport_of
from orgs.acting import attempt, do
from orgs.paging import keyset_page
from orgs.roles import EDIT, Noun
from orgs.scope import can

NOBODY = "通知通道由街道和社区工作人员登记。如有需要，请联系上级管理员。"


def _keeper(request: HttpRequest) -> Any:
    if not can(request.user, Noun.ORG, EDIT):
        raise PermissionDenied(NOBODY)
    return request.user


@login_required
@never_cache
@require_GET
def channels(request: HttpRequest) -> HttpResponse:
    user = _keeper(request)
    rows = Channel.objects.visible_to(user)
    page = keyset_page(rows.for_list(), request, count=rows.count())
    return render(request, "notices/channels.html", {
        "page_title": "通知通道", "page": page,
        "rows": [(one, transport_of(one.transport).label) for one in page.rows],
        "dead": OutboxMessage.objects.visible_to(user).dead().count(),
    })  # fmt: skip


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def channel(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    user = _keeper(request)
    row = None if pk is None else get_object_or_404(Channel.objects.visible_to(user), pk=pk)
    form = ChannelForm(request.POST or None, user=user, channel=row)
    if request.method == "POST":

        def save() -> object:
            return services.save_channel(channel=row, by=user, **form.cleaned_data)

        if do(request, form, save, "通知通道已保存。请点“发送测试”试一次。"):
            return redirect("notices:channels")
    return render(request, "notices/channel.html", {
        "page_title": "修改通知通道" if row else "登记通知通道", "form": form,
        "back_url": reverse("notices:channels"),
    })  # fmt: skip


@login_required
@require_POST
def channel_trial(request: HttpRequest, pk: int) -> HttpResponse:
    user = _keeper(request)
    row = get_object_or_404(Channel.objects.visible_to(user), pk=pk)
    attempt(
        request, lambda: services.try_channel(channel=row, by=user),
        "测试消息已排队，一般半分钟内发出；夜间 22 点到 7 点不发。没收到请看“发送记录”。",
    )  # fmt: skip
    return redirect("notices:channels")


@login_required
@never_cache
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    user = _keeper(request)
    mine = OutboxMessage.objects.visible_to(user)
    state = request.GET.get("state", MessageState.DEAD)
    state = state if state in MessageState.values else MessageState.DEAD
    rows = mine.filter(state=state)
    one_channel = row_id(request.GET.get("channel", ""))
    if one_channel is not None:
        rows = rows.filter(channel=one_channel)
    page = keyset_page(rows.for_list(), request, count=rows.count())
    return render(request, "notices/outbox.html", {
        "page_title": "发送记录", "page": page, "state": state,
        "rows": [(one, transport_of(one.transport).label) for one in page.rows],
        "states": [
            {"code": value, "label": label, "active": value == state,
             "count": mine.filter(state=value).count()}
            for value, label in MessageState.choices
        ],
    })  # fmt: skip


@login_required
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    user = _keeper(request)
    row = get_object_or_404(OutboxMessage.objects.visible_to(user), pk=pk)
    attempt(request, lambda: services.send_again(message=row, by=user), "已重新排队发送。")
    return redirect("notices:outbox")


@login_required
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    user = _keeper(request)
    row = get_object_or_404(OutboxMessage.objects.visible_to(user), pk=pk)
    attempt(request, lambda: services.drop(message=row, by=user), "这条消息不再发送。")
    return redirect("notices:outbox")
