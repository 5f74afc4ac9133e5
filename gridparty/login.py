"""The log-in page; on a demonstration it offers the demo log-ins to tap."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView

from gridparty.demo.accounts import CAST, PASSWORD
from orgs.models import User


class LoginPage(LoginView):
    """Django's log-in with the demo accounts beside it, never in production."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"demo_accounts": demo_accounts()}


def demo_accounts() -> list[dict[str, str]]:
    """Return the log-ins of the demo, empty when this is no demonstration."""
    names = [account.username for account in CAST]
    if settings.PRODUCTION or User.objects.filter(username__in=names).count() < len(names):
        return []
    return [
        {
            "username": account.username,
            "password": PASSWORD,
            "role": str(account.role.label),
            "scope": account.tip,
        }
        for account in CAST
    ]
