"""Template context every page shares: how many letters nobody has opened."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from notices.models import Notification

# Counting stops there: the bell shows 99+.
MOST = 100


def bell(request: HttpRequest) -> dict[str, Any]:
    """Return `unread_count`, counted by one indexed query when a page shows the bell."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"unread_count": SimpleLazyObject(lambda: unread_count(user))}


def unread_count(user: Any) -> int:
    # At most a hundred small numbers: cheaper than to have the database count a subquery.
    return len(Notification.objects.visible_to(user).unread().order_by().values_list("pk")[:MOST])
