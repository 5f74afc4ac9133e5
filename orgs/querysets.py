"""Reads of the orgs app. `visible_to(user)` is the one door to every list, count and file."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Substr
from django.utils import timezone
from mptt.managers import TreeManager as MPTTTreeManager
from mptt.querysets import TreeQuerySet

from orgs.levels import OrgStatus, PostKind
from orgs.roles import CREATE, GRID_ROLES, PERSONAL_ROLES, SEES, VIEW, Noun
from orgs.scope import Grant, any_of, grants_with

if TYPE_CHECKING:
    from orgs.models import (  # noqa: F401
        AuditEntry,
        CheckFinding,
        CheckRound,
        ImportJob,
        OrgUnit,
        Person,
        RoleAssignment,
        Unit,
        User,
    )


class TreeManager(MPTTTreeManager):
    """MPTT's manager; named here so that `from_queryset` gives it our verbs."""


def subtree_q(grant: Grant) -> Q:
    """Match the nodes at or below the grant's org unit, by its tree numbers."""
    if (
        grant.lft == 1
    ):  # a root reaches its whole tree, also what was added since the grant was read
        return Q(tree_id=grant.tree_id)
    return Q(tree_id=grant.tree_id, lft__gte=grant.lft, rght__lte=grant.rght)


class OrgUnitQuerySet(TreeQuerySet):
    def visible_to(self, user: Any, letters: str = SEES) -> "OrgUnitQuerySet":
        """Nodes in the user's areas; personal roles see the node they belong to."""
        areas = any_of(self._area(grant) for grant in grants_with(user, Noun.ORG, letters))
        return cast("OrgUnitQuerySet", self.filter(areas))

    def streets_of(self, user: Any) -> "OrgUnitQuerySet":
        """The streets (roots) in which the user has any role at all."""
        return cast(
            "OrgUnitQuerySet",
            self.filter(any_of(self._street(one) for one in user.grants), parent=None),
        )

    def _street(self, grant: Grant) -> Q:
        if grant.is_everywhere:
            return Q(pk__isnull=False)
        if grant.region_code:
            return Q(division_code__startswith=grant.region_code)
        if grant.tree_id is not None:
            return Q(tree_id=grant.tree_id)
        return Q(pk=grant.unit_street_id or 0)

    def _area(self, grant: Grant) -> Q:
        if grant.is_everywhere:
            return Q(pk__isnull=False)
        if grant.region_code:
            roots = self.model._default_manager.filter(
                parent=None, division_code__startswith=grant.region_code
            )
            return Q(tree_id__in=roots.values("tree_id"))
        if grant.org_id is None:
            return Q(pk__in=[])
        if grant.role in PERSONAL_ROLES:
            return Q(pk=grant.org_id)
        return subtree_q(grant)

    def with_vacancy(self, day: date) -> "OrgUnitQuerySet":
        """Live organisations that have nobody at their head on that day.

        The head is the secretary, in a party group its leader.
        """
        posts = self.model._meta.get_field("posts").related_model._default_manager
        heads = posts.filter(
            org_unit=OuterRef("pk"),
            kind__in=[PostKind.SECRETARY, PostKind.GROUP_LEADER],
            start__lte=day,
        ).exclude(end__lt=day)
        return cast("OrgUnitQuerySet", self.active().filter(~Exists(heads)))

    def with_counts(self) -> "OrgUnitQuerySet":
        """Annotate `live_children` and `live_members` (direct ones; subqueries, no joins)."""
        members = self.model._meta.get_field("members").related_model._default_manager
        below = self.model._default_manager.filter(parent=OuterRef("pk"), status=OrgStatus.ACTIVE)
        here = members.filter(org_unit=OuterRef("pk"), left_on=None)
        return cast(
            "OrgUnitQuerySet",
            self.annotate(
                live_children=_count(below, "parent"), live_members=_count(here, "org_unit")
            ),
        )

    def with_tree_counts(self) -> "OrgUnitQuerySet":
        """Annotate live `orgs_below` (without the node) and `members_below` (with its own)."""
        members = self.model._meta.get_field("members").related_model._default_manager
        span = {
            "tree_id": OuterRef("tree_id"),
            "lft__gt": OuterRef("lft"),
            "rght__lt": OuterRef("rght"),
        }
        orgs = self.model._default_manager.filter(**span, status=OrgStatus.ACTIVE)
        people = members.filter(
            left_on=None,
            org_unit__tree_id=OuterRef("tree_id"),
            org_unit__lft__gte=OuterRef("lft"),
            org_unit__rght__lte=OuterRef("rght"),
        )
        return cast(
            "OrgUnitQuerySet",
            self.annotate(
                orgs_below=_count(orgs, "tree_id"),
                members_below=_count(people, "org_unit__tree_id"),
            ),
        )

    def active(self) -> "OrgUnitQuerySet":
        return cast("OrgUnitQuerySet", self.filter(status=OrgStatus.ACTIVE))


def _count(rows: Any, of: str) -> Any:
    counted = rows.order_by().values(of).annotate(total=Count("pk")).values("total")
    return Coalesce(Subquery(counted), 0)


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "UnitQuerySet":
        """Units that serve the user's streets, and the user's own unit.

        Seeing a unit takes no capability; changing one takes that letter on organisations.
        """
        grants = (
            getattr(user, "grants", ()) if VIEW in letters else grants_with(user, Noun.ORG, letters)
        )
        return self.filter(any_of(self._area(grant) for grant in grants))

    def _area(self, grant: Grant) -> Q:
        if grant.is_everywhere:
            return Q(pk__isnull=False)
        if grant.unit_id is not None:
            return Q(pk=grant.unit_id)
        if grant.region_code:
            return Q(district__code__startswith=grant.region_code)
        if grant.tree_id is None:
            return Q(pk__in=[])
        streets = self.model._meta.get_field("street").related_model._default_manager
        district = (
            streets.filter(tree_id=grant.tree_id, parent=None)
            .annotate(district_code=Substr("division_code", 1, 6))
            .values("district_code")[:1]
        )
        return Q(street__tree_id=grant.tree_id) | Q(street=None, district_id=district)

    def serving(self, street: "OrgUnit") -> "UnitQuerySet":
        """Active units a street may assign to: its own, and those of its district."""
        district = (street.division_code or "")[:6]
        return self.filter(is_active=True).filter(
            Q(street=street) | Q(street=None, district_id=district)
        )


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "PersonQuerySet":
        """People with a hat (post, membership, log-in) in organisations the user reaches.

        Residents without a hat are reached through their households, in the floor above.
        """
        if any(grant.is_everywhere for grant in grants_with(user, Noun.ORG, letters)):
            return self.filter(
                Q(pk__in=self._holders("posts"))
                | Q(pk__in=self._holders("membership"))
                | Q(user__isnull=False)
            )
        reach = self._org_units().visible_to(user, letters).values("pk")
        return self.filter(
            Q(pk__in=self._holders("posts").filter(org_unit__in=reach))
            | Q(pk__in=self._holders("membership").filter(org_unit__in=reach))
            | Q(pk__in=self._log_ins(reach))
        )

    def _org_units(self) -> Any:
        post: Any = self.model._meta.get_field("posts").related_model
        return post._meta.get_field("org_unit").related_model._default_manager

    def _holders(self, relation: str) -> Any:
        model: Any = self.model._meta.get_field(relation).related_model
        return model._default_manager.order_by().values("person_id")

    def _log_ins(self, reach: Any) -> Any:
        model: Any = self.model._meta.get_field("user").related_model
        return model._default_manager.filter(roles__org_unit__in=reach).values("person_id")


class UserManager(DjangoUserManager["User"]):
    """Django's manager; named here so that `from_queryset` gives it our verbs."""

    use_in_migrations = False


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "UserQuerySet":
        """Users with a role inside the trees (or units of the trees) the user manages."""
        grants = grants_with(user, Noun.USER, letters)
        if any(grant.is_everywhere for grant in grants):
            return self.all()
        trees = [grant.tree_id for grant in grants if grant.tree_id is not None]
        return self.filter(
            Q(pk__in=self._role_holders(org_unit__tree_id__in=trees))
            | Q(pk__in=self._role_holders(unit__street__tree_id__in=trees))
        )

    def _role_holders(self, **where: Any) -> Any:
        roles = self.model._meta.get_field("roles").related_model._default_manager
        return roles.filter(**where).order_by().values("user_id")


class RoleQuerySet(models.QuerySet["RoleAssignment"]):
    def in_force(self, day: date | None = None) -> "RoleQuerySet":
        day = day or timezone.localdate()
        return self.filter(start__lte=day).exclude(end__lt=day)

    def visible_to(self, user: Any, letters: str = SEES) -> "RoleQuerySet":
        """Roles given inside the trees (or to units of the trees) the user manages."""
        grants = grants_with(user, Noun.USER, letters)
        if any(grant.is_everywhere for grant in grants):
            return self.all()
        trees = [grant.tree_id for grant in grants if grant.tree_id is not None]
        return self.filter(Q(org_unit__tree_id__in=trees) | Q(unit__street__tree_id__in=trees))

    def users_at(self, orgs: Iterable[int | None], roles: Iterable[str]) -> dict[int, set[int]]:
        """Return the active users that hold one of the roles at each organisation: one query."""
        wanted = [org for org in orgs if org is not None]
        rows = self.filter(org_unit__in=wanted, role__in=list(roles), user__is_active=True)
        found: dict[int, set[int]] = {}
        for org, user in rows.values_list("org_unit", "user"):
            if org is not None:
                found.setdefault(org, set()).add(user)
        return found


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def visible_to(self, user: Any, letters: str = VIEW) -> "AuditQuerySet":
        """The auditor reads all of it, a street what happened in the street."""
        grants = grants_with(user, Noun.AUDIT, letters)
        if any(grant.is_everywhere for grant in grants):
            return self.all()
        return self.filter(street__in=[grant.org_id for grant in grants])


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    def visible_to(self, user: Any) -> "ImportJobQuerySet":
        """One's own uploads, and those into the area where one may add residents."""
        return self.filter(
            Q(uploaded_by=user)
            | any_of(self._area(grant) for grant in grants_with(user, Noun.RESIDENT, CREATE))
        )

    def _area(self, grant: Grant) -> Q:
        if grant.tree_id is None or grant.role in GRID_ROLES:
            return Q(pk__in=[])
        return Q(
            under__tree_id=grant.tree_id, under__lft__gte=grant.lft, under__rght__lte=grant.rght
        )

    def for_list(self) -> "ImportJobQuerySet":
        return self.select_related("under", "uploaded_by__person").order_by("-id")


class CheckFindingQuerySet(models.QuerySet["CheckFinding"]):
    def open(self) -> "CheckFindingQuerySet":
        """What the last round found."""
        return self.filter(gone_at=None)

    def open_at(self, moment: datetime) -> "CheckFindingQuerySet":
        """What was open then."""
        return self.filter(Q(gone_at=None) | Q(gone_at__gt=moment), found_at__lte=moment)


class CheckRoundQuerySet(models.QuerySet["CheckRound"]):
    def of_streets(self, streets: Iterable[int]) -> "CheckRoundQuerySet":
        """Rounds that looked at these streets, alone or among all."""
        return self.filter(Q(street=None) | Q(street__in=streets))

    def unfinished(self) -> "CheckRoundQuerySet":
        return self.filter(state__in=["waiting", "running"])
