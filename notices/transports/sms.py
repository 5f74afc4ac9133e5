"""SMS by a gateway of the street's own: what to send is a template, what success looks like a text.

The template is a JSON text, or a form like `mobile={phone}&content={text}`. It may name {phone},
{text}, {key} (the same over attempts, for gateways that know an idempotency key) and {secret}.
"""

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

from notices.transports.base import Parcel, Refused, transport
from notices.transports.post import post

FIELDS = ("phone", "text", "key", "secret")
JSON_TYPE = "application/json; charset=utf-8"
FORM_TYPE = "application/x-www-form-urlencoded"


@transport("sms", label="短信")
def send(parcel: Parcel) -> None:
    body, content_type = body_of(parcel)
    headers = {"Content-Type": content_type, "Idempotency-Key": parcel.key}
    answer = post(parcel.address, body, headers)
    if parcel.expects and parcel.expects not in answer:
        raise Refused("短信网关没有返回成功标志")


def body_of(parcel: Parcel) -> tuple[bytes, str]:
    """Fill the template; values are escaped as its form asks. ValueError for a broken template."""
    text = f"{parcel.title}：{parcel.text}" if parcel.text else parcel.title
    values = {"phone": parcel.to, "text": text, "key": parcel.key, "secret": parcel.secret}
    if parcel.template.lstrip().startswith("{"):
        filled = _fill(json.loads(parcel.template), values)
        return json.dumps(filled, ensure_ascii=False).encode(), JSON_TYPE
    pairs = parse_qsl(parcel.template, strict_parsing=True, keep_blank_values=True)
    return urlencode([(name, _fill(value, values)) for name, value in pairs]).encode(), FORM_TYPE


def _fill(part: Any, values: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {name: _fill(value, values) for name, value in part.items()}
    if isinstance(part, list):
        return [_fill(value, values) for value in part]
    if isinstance(part, str):
        for name in FIELDS:
            # One at a time is safe: only {secret} comes after the words of a message.
            part = part.replace("{" + name + "}", values[name])
    return part
