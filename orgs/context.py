"""Template context every page shares: who I am, where I may go, what waits for me."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from orgs.menu import MENU, TABS, Entry
from orgs.scope import can


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Return `nav`, `tabs` and `role_label` for the signed-in user (empty for visitors)."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "nav": [_shown(entry, request) for entry in MENU if _allowed(entry, user)],
        "tabs": [_shown(entry, request) for entry in TABS if _allowed(entry, user)],
        "role_label": "、".join(dict.fromkeys(grant.role_label for grant in user.grants)),
        "scope_label": "、".join(dict.fromkeys(grant.label for grant in user.grants)),
    }


def _allowed(entry: Entry, user: Any) -> bool:
    if entry.noun == "admin":
        return bool(user.may_use_admin)
    return not entry.noun or can(user, entry.noun, entry.letters)


def _shown(entry: Entry, request: HttpRequest) -> dict[str, Any]:
    try:
        url = reverse(entry.url_name)
    except NoReverseMatch:  # an app that is not installed has no page
        url = ""
    active = request.path == url if url == "/" else bool(url) and request.path.startswith(url)
    return {"url": url, "icon": entry.icon, "label": entry.label, "active": active}
