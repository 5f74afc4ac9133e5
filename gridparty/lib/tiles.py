"""The address of a base map, and what the content security policy must allow for it."""

import re
from urllib.parse import urlsplit

# A host of our own or of a map service; "{s}" may stand in its first label for the mirrors.
_HOST = re.compile(r"(?:[a-z0-9-]*\{s\}[a-z0-9-]*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,5})?")


def tile_source(template: str) -> str:
    """Return " https://host" to stand behind `img-src`, "" without tiles or for our own path.

    ValueError with a sentence: no {z}{x}{y}, or a host that could smuggle in a second rule.
    """
    if not template:
        return ""
    if not all(mark in template for mark in ("{z}", "{x}", "{y}")):
        raise ValueError("应含 {z}、{x}、{y}，例如 /tiles/{z}/{x}/{y}.png。")
    if template.startswith("/") and not template.startswith("//"):
        return ""
    parts = urlsplit(template)
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(parts.netloc):
        raise ValueError("应以 http://、https:// 或 / 开头，主机名只含字母、数字、点和短横线。")
    first, dot, rest = parts.netloc.partition(".")
    host = f"*.{rest}" if "{s}" in first and dot else parts.netloc
    return f" {parts.scheme}://{host}"
