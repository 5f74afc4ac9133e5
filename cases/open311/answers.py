"""How GeoReport v2 answers look: one tree of Python values, written as XML or as JSON.

Both are plain ASCII (what is beyond it is escaped), so that a client which ignores the encoding
still reads Chinese. JSON follows XML by the specification's Spark rule: a list has no wrapper.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse

CONTENT_TYPES = {"xml": "text/xml", "json": "application/json"}
# The name of a list and of each thing in it.
SINGULAR = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def answer(root: str, content: Any, suffix: str, status: int = 200) -> HttpResponse:
    """Return `content` (a list of dicts, or a dict) under the root's name; `suffix` xml or json."""
    if suffix == "json":
        body = json.dumps(content, ensure_ascii=True).encode("ascii")
    else:
        tree = Element(root)
        _grow(tree, root, content)
        body = b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(tree, encoding="us-ascii")
    response = HttpResponse(body, content_type=CONTENT_TYPES[suffix], status=status)
    # Open data, and no cookie is read here: any page may ask.
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _grow(node: Element, name: str, content: Any) -> None:
    if isinstance(content, list):
        for one in content:
            _grow(SubElement(node, SINGULAR[name]), SINGULAR[name], one)
    elif isinstance(content, dict):
        for key, value in content.items():
            _grow(SubElement(node, key), key, value)
    elif isinstance(content, bool):
        node.text = "true" if content else "false"
    elif content is not None:
        node.text = _NO_XML.sub("", str(content))


def moment(at: datetime | None) -> str | None:
    """Return a time in the W3 form with its zone, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
