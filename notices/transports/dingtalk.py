"""DingTalk group robot (钉钉群机器人) with signature (加签): 20 messages a minute per robot.

Shapes, signature and codes: open.dingtalk.com, 自定义机器人. `timestamp` is in milliseconds; `sign` is
base64(HMAC-SHA256(secret, timestamp + newline + secret)).
"""

import base64
import hashlib
import hmac
import time
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

from notices.catalog import Urgency
from notices.transports.base import Parcel, Refused, TryLater, transport
from notices.transports.post import cut, post_json

BUSY, TOO_MANY = -1, 130101


@transport("dingtalk", label="钉钉群机器人", to_group=True, per_minute=20)
def send(parcel: Parcel) -> None:
    url = parcel.address
    if parcel.secret:
        stamp = str(int(time.time() * 1000))
        url += f"&timestamp={stamp}&sign={quote_plus(signature(parcel.secret, stamp))}"
    code = post_json(url, message_of(parcel), parcel.key).get("errcode")
    if code == 0:
        return
    if code == TOO_MANY:
        raise TryLater("发送太频繁（130101）", timedelta(minutes=1))
    if code == BUSY:
        raise TryLater("钉钉繁忙（-1）")
    raise Refused(f"钉钉拒绝（errcode {code}）")


def signature(secret: str, stamp: str) -> str:
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def message_of(parcel: Parcel) -> dict[str, Any]:
    link = f"\n\n[打开查看]({parcel.url})" if parcel.url else ""
    text = cut(f"#### {parcel.title}\n\n{parcel.text}{link}", 4096)
    return {
        "msgtype": "markdown",
        "markdown": {"title": parcel.title, "text": text},
        "at": {"isAtAll": parcel.urgency == Urgency.EMERGENCY},
    }
