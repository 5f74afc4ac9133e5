"""One POST to the outside: allowed origins only, no redirects, with a time-out and a size limit."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from notices.transports.base import Refused, TryLater

TIMEOUT = 10.0
MOST_BYTES = 64 * 1024


def origin_of(url: str) -> str:
    """Return "scheme://host[:port]" in lower case; ValueError for what is no such address."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise ValueError("地址不完整")
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}"


def is_allowed(url: str) -> bool:
    """Say whether NOTICE_ORIGINS names the address: a robot's address must not reach inwards."""
    try:
        return origin_of(url) in settings.NOTICE_ORIGINS
    except ValueError:
        return False


def post(url: str, body: bytes, headers: dict[str, str]) -> str:
    """Send the body and return the answer of a 2xx; else TryLater (5xx, 429, no answer) or Refused."""
    if not is_allowed(url):
        raise Refused("地址不在允许的范围内")
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
    path = parts.path or "/"
    try:
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
        answer = connection.getresponse()
        text = answer.read(MOST_BYTES).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:  # the message may quote the address
        raise TryLater(f"连接失败（{type(error).__name__}）") from None
    finally:
        connection.close()
    if answer.status >= 500 or answer.status in (408, 425, 429):
        raise TryLater(f"对方暂时不可用（HTTP {answer.status}）")
    if not 200 <= answer.status < 300:
        raise Refused(f"对方拒绝（HTTP {answer.status}）")
    return text


def post_json(url: str, message: dict[str, Any], key: str) -> dict[str, Any]:
    """POST JSON and return the JSON object of the answer."""
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
    answer = post(url, json.dumps(message, ensure_ascii=False).encode(), headers)
    try:
        found = json.loads(answer)
    except ValueError:
        raise TryLater("对方的回答读不懂") from None
    return found if isinstance(found, dict) else {}


def cut(text: str, most: int) -> str:
    """Cut to `most` bytes of UTF-8, between characters."""
    data = text.encode()
    return text if len(data) <= most else data[: most - 3].decode("utf-8", "ignore") + "…"
