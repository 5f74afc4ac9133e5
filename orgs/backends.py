"""Who is signed in, read with the person behind the account and the roles: every page needs both."""

from typing import Any

from axes.backends import AxesStandaloneBackend
from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from orgs.fields import Sealed
from orgs.models import Person, User
from orgs.scope import Grant

# Written out: every request asks it, and to build it from the models cost most of a small answer.
# One row for each role in force, one row with no role for who has none. The rules are those of
# `RoleQuerySet.in_force` and `RoleAssignment.as_grant`; a test holds them together.
ACCOUNT = """
SELECT account.*, person.name AS person_name, person.phone AS person_phone,
       given.role AS role, given.region_id AS region_code,
       given.org_unit_id AS org_id, given.unit_id AS unit_id,
       COALESCE(org.name, unit.name, region.name, '全部') AS label,
       org.tier AS tier, org.tree_id AS tree_id, org.lft AS lft, org.rght AS rght,
       unit.street_id AS unit_street_id, unit.district_id AS unit_district
  FROM orgs_user account
  LEFT JOIN orgs_person person ON person.id = account.person_id
  LEFT JOIN orgs_roleassignment given ON given.user_id = account.id AND given.start <= %s
       AND (given."end" IS NULL OR given."end" >= %s)
  LEFT JOIN orgs_orgunit org ON org.id = given.org_unit_id
  LEFT JOIN orgs_unit unit ON unit.id = given.unit_id
  LEFT JOIN orgs_region region ON region.code = given.region_id
 WHERE account.id = %s ORDER BY given.id
"""


class _WithRoles(ModelBackend):
    def get_user(self, user_id: int) -> User | None:
        """Return the account with `grants`, the person's name and phone known, in one query."""
        today = timezone.localdate()
        rows: list[Any] = list(User.objects.raw(ACCOUNT, [today, today, user_id]))
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        user: User = rows[0]
        if user.person_id is not None:  # its other columns are read when somebody asks for them
            user.person = Person.from_db(
                user._state.db,
                ["id", "name", "phone"],
                [user.person_id, rows[0].person_name, Sealed(rows[0].person_phone)],
            )
        user.grants = tuple(_grant(row) for row in rows if row.role is not None)
        return user


def _grant(row: Any) -> Grant:
    return Grant(
        role=row.role,
        label=row.label,
        region_code=row.region_code or "",
        org_id=row.org_id,
        tier=row.tier,
        tree_id=row.tree_id,
        lft=row.lft,
        rght=row.rght,
        unit_id=row.unit_id,
        unit_street_id=row.unit_street_id,
        unit_district=row.unit_district or "",
    )


class LockoutBackend(AxesStandaloneBackend, _WithRoles):
    """Refuses an account that is locked after too many failures.

    The lock stands before `_WithRoles`, whose own `authenticate` would only look at the password.
    """


class AccountBackend(_WithRoles):
    """Checks the password."""
