"""The way back from a case to the list it was opened from, kept in the session.

The address holds no personal data: the desk refuses to search for phones and identity numbers.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from orgs.roles import Role

KEY = "cases_list"
# They work from the phone page; all others from the desk.
PHONE_ROLES = frozenset(
    {
        Role.GRID_HEAD, Role.GRID_WORKER_FT, Role.GRID_WORKER_PT, Role.GRID_INFORMANT,
        Role.CORRIDOR_HEAD, Role.VOLUNTEER, Role.DEPT_HANDLER,
    }
)  # fmt: skip


def back_url(request: HttpRequest) -> str:
    """Return the address of the list last looked at, else of the list the user's roles work from."""
    kept = request.session.get(KEY)
    return kept if isinstance(kept, str) else _usual(request.user)


def remember_list(request: HttpRequest, url: str) -> None:
    """Keep `url`, the address of a list of cases; the session is written only if it changes."""
    if back_url(request) != url:
        request.session[KEY] = url


def _usual(user: Any) -> str:
    roles = {grant.role for grant in user.grants}
    by_phone = bool(roles) and roles <= PHONE_ROLES
    return reverse("cases:mine" if by_phone else "cases:desk")
