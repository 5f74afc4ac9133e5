"""Log-ins and the roles they hold. A role is a post at a node, with a start and an end."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from orgs.models.people import Person
from orgs.models.regions import Region
from orgs.models.tree import OrgUnit
from orgs.models.units import Unit
from orgs.querysets import RoleQuerySet, UserManager, UserQuerySet
from orgs.roles import ADMIN_ROLES, Role
from orgs.scope import Grant


class User(AbstractUser):
    """A log-in. `is_staff` and `is_superuser` grant nothing: roles do (see `orgs/roles.py`)."""

    person = models.OneToOneField(
        Person, models.PROTECT, null=True, blank=True, related_name="user", verbose_name="人员"
    )

    objects = UserManager.from_queryset(UserQuerySet)()  # type: ignore[misc]

    class Meta(AbstractUser.Meta):
        verbose_name = verbose_name_plural = "用户"

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """The role assignments in force today, as values (one query a request)."""
        rows = self.roles.in_force().select_related("org_unit", "unit").order_by("id")
        return tuple(row.as_grant() for row in rows)

    @property
    def display_name(self) -> str:
        return self.person.name if self.person else self.get_full_name() or self.username

    @property
    def may_use_admin(self) -> bool:
        return any(grant.role in ADMIN_ROLES for grant in self.grants)


class RoleAssignment(models.Model):
    """One role of one user at one node, in force from `start` to `end` (both inclusive).

    The node is an org unit, a region (district officials), or a unit (departments, partners).
    Grid roles name their community here; which grids follows from the grid teams.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="roles", verbose_name="用户")
    role = models.CharField("角色", max_length=30, choices=Role.choices)
    org_unit = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="党组织"
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="区划"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    start = models.DateField("开始日期", default=timezone.localdate)
    end = models.DateField("结束日期", null=True, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "角色授权"
        ordering = ["user", "role"]

    def __str__(self) -> str:
        return f"{self.get_role_display()}（{self.node_label}）"

    @property
    def is_in_force(self) -> bool:
        today = timezone.localdate()
        return self.start <= today and (self.end is None or self.end >= today)

    @property
    def node_label(self) -> str:
        return str(self.org_unit or self.unit or self.region or "全部")

    def as_grant(self) -> Grant:
        org = self.org_unit
        return Grant(
            role=self.role,
            label=self.node_label,
            region_code=self.region_id or "",
            org_id=org.pk if org else None,
            tier=org.tier if org else None,
            tree_id=org.tree_id if org else None,
            lft=org.lft if org else None,
            rght=org.rght if org else None,
            unit_id=self.unit_id,
            unit_street_id=self.unit.street_id if self.unit else None,
            unit_district=(self.unit.district_id or "") if self.unit else "",
        )
