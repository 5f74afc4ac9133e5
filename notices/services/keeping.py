"""What people do with notices: read them, choose how to get them, keep channels, send again."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from notices.catalog import KEEP_READ, KEEP_SENT, MessageState
from notices.models import Channel, Notification, OutboxMessage, Preference
from notices.services.notify import hint_sender, notify
from notices.transports import Parcel, transport_of
from notices.transports.post import is_allowed
from notices.transports.sms import body_of
from orgs.audit import describe_actions, record
from orgs.fields import Sealed
from orgs.keys import fingerprint
from orgs.models import OrgUnit, User

describe_actions(
    channel__save="登记通知通道", channel__trial="通知通道发送测试",
    outbox__again="重新发送消息", outbox__drop="不再发送消息",
)  # fmt: skip


def mark_read(*, rows: Any) -> int:
    """Mark the unread ones of these notifications as read; returns how many."""
    return int(rows.unread().update(read_at=timezone.now()))


@transaction.atomic
def choose(*, by: User, kind: str, transports: Iterable[str], digest: bool) -> None:
    """Keep how the user wants this kind."""
    Preference.objects.update_or_create(
        user=by, kind=kind, defaults={"transports": sorted(transports), "digest": digest}
    )


@transaction.atomic
def save_channel(
    *,
    channel: Channel | None,
    by: User,
    name: str,
    transport: str,
    org: OrgUnit,
    address: str = "",
    secret: str = "",
    template: str = "",
    expects: str = "",
    is_active: bool = True,
) -> Channel:
    """Add or change a channel; an empty address or secret keeps the old one."""
    found = channel or Channel()
    if not address and not found.address:
        raise ValidationError({"address": "请填写地址。"})
    if address:
        _check_address(address, found)
        found.address, found.fingerprint = Sealed.of(address), fingerprint(address)
    if secret:
        found.secret = Sealed.of(secret)
    if transport == "sms":
        _check_template(template)
    found.name, found.transport, found.org = name, transport, org
    found.street = org.get_root()
    found.template, found.expects, found.is_active = template, expects, is_active
    found.save()
    record(
        by=by, action="channel.save", target=found, street=found.street_id,
        detail={"transport": transport, "active": is_active, "new_address": bool(address)},
    )  # fmt: skip
    return found


def _check_address(address: str, own: Channel) -> None:
    if not is_allowed(address):
        raise ValidationError(
            {
                "address": "这个地址不在允许的范围内。请核对后重填；自建网关请系统管理员先加入允许名单。"
            }
        )
    if Channel.objects.filter(fingerprint=fingerprint(address)).exclude(pk=own.pk).exists():
        raise ValidationError({"address": "这个地址已经登记过，一个机器人只登记一次。"})


def _check_template(template: str) -> None:
    try:
        if not template.lstrip().startswith("{"):
            parse_qsl(template, strict_parsing=True)
        body_of(Parcel(key="k", title="t", text="t", template=template))
        complete = "{phone}" in template and "{text}" in template
    except ValueError:
        complete = False
    if not complete:
        hint = (
            '请写成 {"mobile": "{phone}", "content": "{text}"} 或 mobile={phone}&content={text}。'
        )
        raise ValidationError({"template": f"请求内容不完整。{hint}"})


@transaction.atomic
def try_channel(*, channel: Channel, by: User) -> None:
    """Queue one test message: to the group, or by SMS to whoever asks."""
    if not channel.is_active:
        raise ValidationError("通道已停用，请先启用。")
    key = f"trial:{channel.pk}:{timezone.now():%Y%m%d%H%M%S%f}"
    if transport_of(channel.transport).to_group:
        notify(
            kind="notices.trial", to=[channel], key=key, street=channel.street_id, name=channel.name
        )
    elif by.person is None or not by.person.phone:
        raise ValidationError("您的账号没有登记手机号，收不到测试短信。")
    else:
        OutboxMessage.objects.create(
            kind="notices.trial", key=key, transport=channel.transport, channel=channel, user=by,
            street_id=channel.street_id, title="发送测试", text=f"通知通道“{channel.name}”可以使用。",
            urgency=0, not_before=timezone.now(),
        )  # fmt: skip
        hint_sender()
    record(by=by, action="channel.trial", target=channel, street=channel.street_id)


def send_again(*, message: OutboxMessage, by: User) -> None:
    """Put a dead message back in the queue, with fresh attempts."""
    _move(message, MessageState.WAITING, "outbox.again", by, not_before=timezone.now(), attempts=0)
    hint_sender()


def drop(*, message: OutboxMessage, by: User) -> None:
    """Give a dead message up."""
    _move(message, MessageState.DROPPED, "outbox.drop", by, phone="")


@transaction.atomic
def _move(message: OutboxMessage, state: str, action: str, by: User, **columns: Any) -> None:
    dead = OutboxMessage.objects.filter(pk=message.pk, state=MessageState.DEAD)
    if dead.update(state=state, **columns) != 1:
        raise ValidationError("这条消息已被他人处理，请刷新。")
    record(by=by, action=action, target=message, street=message.street_id)


def forget_old() -> int:
    """Delete read letters, and messages sent or given up, after 90 days."""
    now = timezone.now()
    read, _ = Notification.objects.filter(read_at__lt=now - KEEP_READ).delete()
    over = (MessageState.SENT, MessageState.DROPPED)
    sent, _ = OutboxMessage.objects.filter(state__in=over, created_at__lt=now - KEEP_SENT).delete()
    return read + sent
