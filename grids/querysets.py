"""Reads of the grids app."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from grids.catalog import MAX_HOUSEHOLDS, MIN_HOUSEHOLDS, GridKind, GridStatus, LegacySystem
from grids.scope import territory_q
from orgs.levels import OrgStatus, Tier
from orgs.roles import CREATE, GRID_ROLES, PERSONAL_ROLES, SEES, STATS, Noun, Role
from orgs.scope import Grant, any_of, grants_with

if TYPE_CHECKING:
    from grids.models import Building, Compound, Grid, GridDivision, GridShape, GridTeamMember  # noqa: F401


def grids_of_persons_node(grant: Grant, user: Any) -> Q:
    """Public facts of a grid (name, team): personal and unit roles see those of their street."""
    if grant.unit_id is not None:
        if grant.unit_street_id is not None:
            return Q(street_id=grant.unit_street_id)
        return Q(district_id=grant.unit_district) if grant.unit_district else Q(pk__in=[])
    return Q(community_id=grant.org_id) | Q(street_id=grant.org_id)


def related_rows(model: type[models.Model], name: str) -> Any:
    """Return the manager of the model behind a relation, which may live in an app above."""
    related: Any = model._meta.get_field(name).related_model
    return related._default_manager


def count_of(rows: Any, group: str) -> Coalesce:
    """Return an expression: how many of `rows` have this row's id in the column `group`."""
    counted = rows.filter(**{group: OuterRef("pk")}).order_by().values(group)
    total = counted.annotate(total=Count("pk")).values("total")
    return Coalesce(Subquery(total, output_field=IntegerField()), Value(0))


class GridQuerySet(models.QuerySet["Grid"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "GridQuerySet":
        area = territory_q(
            user, Noun.GRID, letters, grid="pk", building="buildings",
            personal=grids_of_persons_node,
        )  # fmt: skip
        # A subquery, not a join: the rows stay single, lockable and countable.
        return self.filter(pk__in=self.model._default_manager.filter(area).values("pk"))

    def where_may(self, user: Any, noun: str, letters: str) -> "GridQuerySet":
        """Grids in whose area the user holds any of the letters on another noun."""
        area = territory_q(user, noun, letters, grid="pk", building="buildings")
        return self.filter(pk__in=self.model._default_manager.filter(area).values("pk"))

    def assessed(self) -> "GridQuerySet":
        """Active grids: reserved and closed ones stay out of rates and assessments."""
        return self.filter(status=GridStatus.ACTIVE)

    def open_before(self, day: date) -> "GridQuerySet":
        """Grids opened before `day`; without a date they have always been there."""
        return self.exclude(activated_on__gte=day)

    def live(self) -> "GridQuerySet":
        """Grids that exist today: active and reserved ones."""
        return self.exclude(status=GridStatus.CLOSED)

    def matching(self, text: str) -> "GridQuerySet":
        """Find by name, by code, or by any code or name an older network used."""
        old = related_rows(self.model, "legacy_codes").filter(
            Q(code__icontains=text) | Q(name__icontains=text)
        )
        return self.filter(
            Q(name__icontains=text) | Q(code__startswith=text) | Q(pk__in=old.values("grid"))
        )

    def for_list(self, user: Any) -> "GridQuerySet":
        """The rows of the list page: with related names and the sizes the user may know."""
        return self.select_related("community", "party_branch", "team_template").with_sizes(user)

    def with_sizes(self, user: Any) -> "GridQuerySet":
        """Annotate building_count and household_count (open households in the user's view)."""
        homes = related_rows(self.model, "households")
        return self.annotate(
            building_count=count_of(related_rows(self.model, "buildings"), "grid"),
            household_count=count_of(homes.visible_to(user, SEES + STATS).open(), "grid"),
        )

    # ---- what is missing: each is a list a number links to ----

    def without_branch(self) -> "GridQuerySet":
        """Active grids no live branch leads (宣城: a branch in every grid)."""
        return self.assessed().filter(
            Q(party_branch=None) | ~Q(party_branch__status=OrgStatus.ACTIVE)
        )

    def without_buildings(self) -> "GridQuerySet":
        """Active residential grids with no building: nobody lives there on paper."""
        buildings = related_rows(self.model, "buildings").filter(grid=OuterRef("pk"))
        return self.assessed().filter(~Exists(buildings), kind=GridKind.RESIDENTIAL)

    def without_head(self, day: date) -> "GridQuerySet":
        """Active grids without a grid head on `day`."""
        team = related_rows(self.model, "team").serving_on(day)
        heads = team.filter(grid=OuterRef("pk"), slot__role=Role.GRID_HEAD)
        return self.assessed().filter(~Exists(heads))

    def short_of_team(self, day: date) -> "GridQuerySet":
        """Active grids that miss somebody their team template asks for, or have no template."""
        team = related_rows(self.model, "team").serving_on(day)
        slots = related_rows(self.model, "team_template").model._meta.get_field("slots")
        filled = (
            team.filter(grid=OuterRef(OuterRef("pk")), slot=OuterRef("pk"))
            .order_by()
            .values("slot")
            .annotate(total=Count("pk"))
            .values("total")
        )
        gaps = (
            slots.related_model._default_manager.filter(
                template=OuterRef("team_template"), minimum__gt=0
            )
            .annotate(filled=Coalesce(Subquery(filled, output_field=IntegerField()), Value(0)))
            .filter(filled__lt=F("minimum"))
        )
        return self.assessed().filter(Q(team_template=None) | Exists(gaps))

    def off_size(self) -> "GridQuerySet":
        """Active residential grids far from 500 households; after `with_sizes`."""
        return self.assessed().filter(
            Q(household_count__lt=MIN_HOUSEHOLDS) | Q(household_count__gt=MAX_HOUSEHOLDS),
            kind=GridKind.RESIDENTIAL,
        )

    def without_shape(self) -> "GridQuerySet":
        """Live grids nobody has drawn on the map yet."""
        shapes = related_rows(self.model, "shape").filter(grid=OuterRef("pk"))
        return self.live().filter(~Exists(shapes))

    def without_governance(self) -> "GridQuerySet":
        """Active grids no grid of the governance network (综治) is mapped to."""
        codes = related_rows(self.model, "legacy_codes").filter(system=LegacySystem.GOVERNANCE)
        return self.assessed().exclude(pk__in=codes.values("grid"))

    def to_merge(self) -> "GridQuerySet":
        """Grids with a code of an older network that is not merged yet (双网融合)."""
        codes = related_rows(self.model, "legacy_codes").filter(merged_on=None)
        return self.live().filter(pk__in=codes.values("grid"))


class CompoundQuerySet(models.QuerySet["Compound"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "CompoundQuerySet":
        """Compounds with a building in view, and all of the communities in the user's area."""
        buildings = related_rows(self.model, "buildings").visible_to(user, letters)
        communities = any_of(
            _communities_q(grant) for grant in grants_with(user, Noun.GRID, letters)
        )
        return self.filter(Q(pk__in=buildings.values("compound")) | communities)


def _communities_q(grant: Grant) -> Q:
    """Rows with a community at or below the grant's node, for roles that have a territory."""
    if grant.is_everywhere:
        return Q(pk__isnull=False)
    if grant.tier not in (Tier.STREET, Tier.COMMUNITY) or grant.role in GRID_ROLES | PERSONAL_ROLES:
        return Q(pk__in=[])
    return Q(
        community__tree_id=grant.tree_id or 0,
        community__lft__gte=grant.lft or 0,
        community__rght__lte=grant.rght or 0,
    )


class BuildingQuerySet(models.QuerySet["Building"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "BuildingQuerySet":
        return self.filter(
            territory_q(user, Noun.GRID, letters, building="pk", personal=grids_of_persons_node)
        )

    def where_may(self, user: Any, noun: str, letters: str) -> "BuildingQuerySet":
        """Buildings in whose area the user holds any of the letters on another noun."""
        return self.filter(territory_q(user, noun, letters, building="pk"))

    def placed(self) -> "BuildingQuerySet":
        """Buildings with a point on the map."""
        return self.exclude(longitude=None).exclude(latitude=None)

    def inside_box(
        self, west: float, south: float, east: float, north: float
    ) -> "BuildingQuerySet":
        return self.filter(
            longitude__gte=west, longitude__lte=east, latitude__gte=south, latitude__lte=north
        )

    def without_entrances(self) -> "BuildingQuerySet":
        """Buildings nobody has divided into entrances yet ("无" counts as one)."""
        entrances = related_rows(self.model, "entrances").filter(building=OuterRef("pk"))
        return self.filter(~Exists(entrances))

    def with_sizes(self, user: Any) -> "BuildingQuerySet":
        """Annotate entrance_count and household_count (open households in the user's view)."""
        homes = related_rows(self.model, "households")
        return self.annotate(
            entrance_count=count_of(related_rows(self.model, "entrances"), "building"),
            household_count=count_of(homes.visible_to(user, SEES + STATS).open(), "building"),
        )


class GridShapeQuerySet(models.QuerySet["GridShape"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "GridShapeQuerySet":
        """Outlines of the grids in view."""
        grids = related_rows(self.model, "grid").visible_to(user, letters)
        return self.filter(grid__in=grids.values("pk"))

    def standing(self) -> "GridShapeQuerySet":
        """Outlines of grids that are not closed."""
        return self.exclude(grid__status=GridStatus.CLOSED)

    def touching(self, west: float, south: float, east: float, north: float) -> "GridShapeQuerySet":
        """Outlines whose box meets this box."""
        return self.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south)


class DivisionQuerySet(models.QuerySet["GridDivision"]):
    def visible_to(self, user: Any, letters: str = CREATE) -> "DivisionQuerySet":
        """Sheets of the communities in whose area the user draws grids."""
        return self.filter(
            any_of(_communities_q(grant) for grant in grants_with(user, Noun.GRID, letters))
        )


class TeamMemberQuerySet(models.QuerySet["GridTeamMember"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "TeamMemberQuerySet":
        """Members of the teams of the grids in view."""
        grids = related_rows(self.model, "grid").visible_to(user, letters)
        return self.filter(grid__in=grids.values("pk"))

    def serving_on(self, day: date) -> "TeamMemberQuerySet":
        return self.filter(start__lte=day).exclude(end__lt=day)

    def term_ends_within(self, day: date, days: int) -> "TeamMemberQuerySet":
        """Those serving on `day` whose term ends within `days`, or has ended already."""
        last = day + timedelta(days=days)
        return self.serving_on(day).filter(term_end__lte=last, grid__status=GridStatus.ACTIVE)

    def in_grids(self, grids: Iterable[int]) -> "TeamMemberQuerySet":
        """The members of these grids, with what a team card shows, in the order of the slots."""
        return (
            self.filter(grid__in=list(grids))
            .select_related("slot", "person", "unit")
            .order_by("slot__order", "start", "id")
        )
