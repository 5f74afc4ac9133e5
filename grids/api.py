"""/api/v1/grids/ and /buildings/: the same scope and the same verbs as the pages."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from grids import services
from grids.catalog import GridKind, GridStatus, PropertyStatus
from grids.geometry import ShapeFault, read_point
from grids.history import Responsible, responsible_for
from grids.locate import communities_where
from grids.models import Building, Entrance, Grid, LegacyGridCode, TeamTemplate
from grids.querysets import GridQuerySet
from grids.whereabouts import Hit, grid_at, grids_of_address
from orgs.levels import Tier
from orgs.models import OrgUnit
from orgs.rest.idempotency import idempotent
from orgs.rest.views import ScopedReadViewSet
from orgs.roles import CREATE, VIEW, Noun
from orgs.scope import require


class LegacyCodeSerializer(serializers.ModelSerializer[LegacyGridCode]):
    class Meta:
        model = LegacyGridCode
        fields = ["system", "code", "name", "merged_on"]


class GridSerializer(serializers.ModelSerializer[Grid]):
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    status_label = serializers.CharField(source="get_status_display", read_only=True)
    street_name = serializers.CharField(source="street.name", read_only=True)
    community_name = serializers.CharField(source="community.name", read_only=True)
    party_branch_name = serializers.CharField(
        source="party_branch.name", read_only=True, default=None
    )
    legacy_codes = LegacyCodeSerializer(many=True, read_only=True)

    class Meta:
        model = Grid
        fields = [
            "id", "code", "name", "kind", "kind_label", "status", "status_label", "district",
            "street", "street_name", "community", "community_name", "party_branch",
            "party_branch_name", "team_template", "property_status", "area_note", "activated_on",
            "closed_on", "successor", "legacy_codes",
        ]  # fmt: skip


class GridWriteSerializer(serializers.Serializer[Any]):
    """What a new grid needs; the code is allotted."""

    community: "serializers.PrimaryKeyRelatedField[OrgUnit]" = serializers.PrimaryKeyRelatedField(
        queryset=OrgUnit.objects.none()
    )
    name = serializers.CharField(max_length=60)
    kind = serializers.ChoiceField(choices=GridKind.choices, default=GridKind.RESIDENTIAL)
    serial = serializers.IntegerField(required=False, allow_null=True, default=None)
    party_branch: "serializers.PrimaryKeyRelatedField[OrgUnit]" = (
        serializers.PrimaryKeyRelatedField(
            queryset=OrgUnit.objects.active().filter(tier=Tier.BRANCH),
            required=False,
            allow_null=True,
            default=None,
        )
    )
    team_template: "serializers.PrimaryKeyRelatedField[TeamTemplate]" = (
        serializers.PrimaryKeyRelatedField(
            queryset=TeamTemplate.objects.all(), required=False, allow_null=True, default=None
        )
    )
    area_note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    property_status = serializers.ChoiceField(
        choices=PropertyStatus.choices, required=False, allow_blank=True, default=""
    )

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None and request.user.is_authenticated:
            communities: Any = fields["community"]
            communities.queryset = communities_where(request.user, CREATE)
        return fields


class WhereSerializer(serializers.Serializer[Any]):
    """A place: lon and lat together, or an address."""

    lon = serializers.FloatField(required=False)
    lat = serializers.FloatField(required=False)
    address = serializers.CharField(required=False, max_length=80)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("lon" in attrs) != ("lat" in attrs) or ("lon" in attrs) == ("address" in attrs):
            raise serializers.ValidationError("请给出 lon 和 lat，或者 address。")
        if "lon" in attrs:
            try:
                read_point((attrs["lon"], attrs["lat"]))
            except ShapeFault as fault:
                raise serializers.ValidationError(str(fault)) from None
        return attrs


class HereSerializer(serializers.Serializer[Any]):
    grid = serializers.IntegerField(source="grid.pk")
    code = serializers.CharField(source="grid.code")
    name = serializers.CharField(source="grid.name")
    community_name = serializers.CharField(source="grid.community.name")
    building = serializers.IntegerField(source="building.pk", default=None)
    building_name = serializers.CharField(source="building", default=None)


class GridFilter(filters.FilterSet):  # type: ignore[misc]
    community = filters.NumberFilter(field_name="community_id", label="社区的编号")
    kind = filters.ChoiceFilter(choices=GridKind.choices, label="类型")
    status = filters.ChoiceFilter(choices=GridStatus.choices, label="状态")
    party_branch = filters.NumberFilter(field_name="party_branch_id", label="党支部的编号")
    code = filters.CharFilter(max_length=15, label="网格编码")
    search = filters.CharFilter(
        method="filter_search", max_length=60, label="名称、编码或原网格编码"
    )

    class Meta:
        model = Grid
        fields = ["community", "kind", "status", "party_branch", "code", "search"]

    def filter_search(self, queryset: GridQuerySet, name: str, value: str) -> Any:
        return queryset.matching(value)


class GridViewSet(ScopedReadViewSet[Grid]):
    """您能看到的网格；有新建权限的可以新建（POST，支持 Idempotency-Key）。"""

    noun = Noun.GRID
    letters = VIEW
    queryset = Grid.objects.select_related("street", "community", "party_branch").prefetch_related(
        "legacy_codes"
    )
    serializer_class = GridSerializer
    filterset_class = GridFilter

    @extend_schema(request=GridWriteSerializer, responses={201: GridSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        """新建网格，编码自动分配。"""
        user: Any = request.user
        require(user, Noun.GRID, CREATE)
        asked = GridWriteSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        grid = services.create_grid(by=user, opened_on=timezone.localdate(), **asked.validated_data)
        return Response(self.get_serializer(grid).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[
            OpenApiParameter("lon", float, description="经度（WGS-84），与 lat 一起用"),
            OpenApiParameter("lat", float, description="纬度（WGS-84）"),
            OpenApiParameter("address", str, description="地址，例如 阳光花园3栋2单元501"),
        ],
        responses={200: HereSerializer(many=True)},
        filters=False,
    )
    @action(detail=False, pagination_class=None, filter_backends=[])
    def here(self, request: Request) -> Response:
        """这个位置属于哪个网格：按经纬度，或按地址。找不到时是空列表。"""
        asked = WhereSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        place, user = asked.validated_data, request.user
        if "lon" in place:
            grid = grid_at(place["lon"], place["lat"], user)
            hits = [Hit(grid)] if grid else []
        else:
            hits = grids_of_address(place["address"], user)
        return Response(HereSerializer(hits, many=True).data)


class EntranceSerializer(serializers.ModelSerializer[Entrance]):
    class Meta:
        model = Entrance
        fields = ["id", "name", "floors", "rooms_per_floor"]


class BuildingSerializer(serializers.ModelSerializer[Building]):
    compound_name = serializers.CharField(source="compound.name", read_only=True)
    grid_name = serializers.CharField(source="grid.name", read_only=True)
    entrances = EntranceSerializer(many=True, read_only=True)

    class Meta:
        model = Building
        fields = [
            "id", "name", "compound", "compound_name", "grid", "grid_name", "community", "street",
            "party_group", "floors", "longitude", "latitude", "entrances",
        ]  # fmt: skip


class DoorDaySerializer(serializers.Serializer[Any]):
    day = serializers.DateField(required=False)
    unit = serializers.CharField(required=False, max_length=20, default="")
    room = serializers.CharField(required=False, max_length=40, default="")


class AnswerSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    text = serializers.CharField()


class ResponsibleSerializer(serializers.Serializer[Responsible]):
    day = serializers.DateField()
    grid = serializers.IntegerField(source="grid.pk")
    grid_code = serializers.CharField(source="grid.code")
    grid_name = serializers.CharField(source="grid.name")
    since = serializers.DateField()
    branch_name = serializers.CharField(source="branch.name", default=None)
    heads = serializers.SerializerMethodField()
    team = serializers.SerializerMethodField()
    others = AnswerSerializer(many=True)

    def get_heads(self, found: Responsible) -> list[str]:
        return [member.person.name for member in found.heads]

    def get_team(self, found: Responsible) -> list[str]:
        return [f"{member.slot.name} {member.person.name}" for member in found.team]


class BuildingFilter(filters.FilterSet):  # type: ignore[misc]
    grid = filters.NumberFilter(field_name="grid_id", label="网格的编号")
    community = filters.NumberFilter(field_name="community_id", label="社区的编号")
    compound = filters.NumberFilter(field_name="compound_id", label="小区的编号")
    name = filters.CharFilter(max_length=30, label="楼栋，例如 3栋")

    class Meta:
        model = Building
        fields = ["grid", "community", "compound", "name"]


class BuildingViewSet(ScopedReadViewSet[Building]):
    """您能看到的楼栋和单元。"""

    noun = Noun.GRID
    letters = VIEW
    queryset: "QuerySet[Building]" = Building.objects.select_related(
        "compound", "grid"
    ).prefetch_related("entrances")
    serializer_class = BuildingSerializer
    filterset_class = BuildingFilter

    @extend_schema(
        parameters=[
            OpenApiParameter("day", date, description="哪一天，默认今天"),
            OpenApiParameter("unit", str, description="单元，例如 2单元"),
            OpenApiParameter("room", str, description="房号，例如 501"),
        ],
        responses={200: ResponsibleSerializer},
        filters=False,
    )
    @action(detail=True, pagination_class=None, filter_backends=[])
    def responsible(self, request: Request, pk: str) -> Response:
        """这栋楼（这个门牌）在那一天归谁负责。"""
        asked = DoorDaySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        building, said = self.get_object(), asked.validated_data
        day = said.pop("day", None) or timezone.localdate()
        found = responsible_for(building, day, request.user, **said)
        return Response(ResponsibleSerializer(found).data)


def register(router: BaseRouter) -> None:
    """Hang this app's views into the API."""
    router.register("grids", GridViewSet, basename="grid")
    router.register("buildings", BuildingViewSet, basename="building")
