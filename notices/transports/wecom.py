"""WeChat-Work group robot (企业微信群机器人): POST to the webhook, 20 messages a minute per key.

Shapes, limits and codes: developer.work.weixin.qq.com, 群机器人配置说明. Text ≤ 2048 bytes,
markdown ≤ 4096. The robot has no idempotency key: a message sent by a worker that then died comes
twice.
"""

from datetime import timedelta
from typing import Any

from notices.catalog import Urgency
from notices.transports.base import Parcel, Refused, TryLater, transport
from notices.transports.post import cut, post_json

BUSY, TOO_MANY = -1, 45009


@transport("wecom", label="企业微信群机器人", to_group=True, per_minute=20)
def send(parcel: Parcel) -> None:
    answer = post_json(parcel.address, message_of(parcel), parcel.key)
    code = answer.get("errcode")
    if code == 0:
        return
    if code == TOO_MANY:
        raise TryLater("发送太频繁（45009）", timedelta(minutes=1))
    if code == BUSY:
        raise TryLater("企业微信繁忙（-1）")
    raise Refused(f"企业微信拒绝（errcode {code}）")


def message_of(parcel: Parcel) -> dict[str, Any]:
    """Markdown with a link; plain text that calls everybody in an emergency, or without a link."""
    if parcel.url and parcel.urgency != Urgency.EMERGENCY:
        content = f"**{parcel.title}**\n{parcel.text}\n[打开查看]({parcel.url})"
        return {"msgtype": "markdown", "markdown": {"content": cut(content, 4096)}}
    lines = [parcel.title, parcel.text, parcel.url]
    text: dict[str, Any] = {"content": cut("\n".join(line for line in lines if line), 2048)}
    if parcel.urgency == Urgency.EMERGENCY:
        text["mentioned_list"] = ["@all"]
    return {"msgtype": "text", "text": text}
