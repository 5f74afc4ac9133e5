"""Who is signed in, read with the person behind the account and the roles: every page needs both."""

from axes.backends import AxesStandaloneBackend
from django.contrib.auth.backends import ModelBackend

from orgs.models import RoleAssignment, User


class _WithRoles(ModelBackend):
    def get_user(self, user_id: int) -> User | None:
        """Return the account with `grants` known (one query; a second one for who has no role)."""
        rows = list(
            RoleAssignment.objects.in_force()
            .filter(user=user_id)
            .select_related("user__person", "org_unit", "unit")
            .order_by("id")
        )
        if not rows:
            user = User.objects.select_related("person").filter(pk=user_id).first()
        else:
            user = rows[0].user
            user.grants = tuple(row.as_grant() for row in rows)
        return user if user is not None and self.user_can_authenticate(user) else None


class LockoutBackend(AxesStandaloneBackend, _WithRoles):
    """Refuses an account that is locked after too many failures.

    The lock stands before `_WithRoles`, whose own `authenticate` would only look at the password.
    """


class AccountBackend(_WithRoles):
    """Checks the password."""
