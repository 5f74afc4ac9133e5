"""Template context every page shares: who I am, where I may go, what waits for me."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from orgs.menu import MENU, TABS, Entry
from orgs.roles import SEES, VIEW, Noun
from orgs.scope import can


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Return `nav`, `tabs` and `role_label` for the signed-in user (empty for visitors)."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "nav": _shown(MENU, user, request.path),
        "tabs": _shown(TABS, user, request.path),
        "may_search": can(user, Noun.GRID, SEES) or can(user, Noun.RESIDENT, SEES),
        "role_label": "、".join(dict.fromkeys(grant.role_label for grant in user.grants)),
        "scope_label": "、".join(dict.fromkeys(grant.label for grant in user.grants)),
    }


@cache  # the same for everybody, asked for twenty times a page
def _address(name: str) -> str:
    return reverse(name)


def _allowed(entry: Entry, user: Any) -> bool:
    if entry.noun == "admin":
        return bool(user.may_use_admin)
    allowed = not entry.noun or can(user, entry.noun, entry.letters)
    return allowed and (not entry.also or can(user, entry.also, VIEW))


def _shown(entries: Sequence[Entry], user: Any, path: str) -> list[dict[str, Any]]:
    """Return the allowed entries; the one whose address fits the path best is active."""
    urls = {entry: _address(entry.url_name) for entry in entries if _allowed(entry, user)}
    fitting = [url for url in urls.values() if path == url or (url != "/" and path.startswith(url))]
    best = max(fitting, key=len, default="")
    return [
        {
            "url": url, "icon": entry.icon, "label": entry.label,
            "active": url == best, "primary": entry.primary,
        }
        for entry, url in urls.items()
    ]  # fmt: skip
