"""/api/v1/households/ and /residents/: always masked; numbers are uncovered on pages only."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from gridparty.lib.masking import mask_room
from grids.models import Building
from orgs.audit import record
from orgs.rest.idempotency import idempotent
from orgs.rest.views import ScopedReadViewSet
from orgs.roles import CREATE, Noun
from orgs.scope import require
from residents import services
from residents.display import resident, shown_door
from residents.models import Household, Residency
from residents.services.households import entrance_named


class HouseholdSerializer(serializers.ModelSerializer[Household]):
    """A household; its room is masked for those who do not keep its register."""

    door = serializers.SerializerMethodField()
    room = serializers.SerializerMethodField()
    people = serializers.IntegerField(source="people_count", read_only=True)

    class Meta:
        model = Household
        fields = [
            "id", "door", "room", "number", "street", "community", "grid", "building", "entrance",
            "kind", "occupancy", "people", "version", "updated_at", "closed_on",
        ]  # fmt: skip

    def get_door(self, row: Any) -> str:
        return shown_door(row, full=row.shown_in_full)

    def get_room(self, row: Any) -> str:
        return row.room if row.shown_in_full else mask_room(row.room)


class HouseholdWriteSerializer(serializers.Serializer[Any]):
    """What a new household needs; `unit` is a label such as 1单元, blank where there are none."""

    building: "serializers.PrimaryKeyRelatedField[Building]" = serializers.PrimaryKeyRelatedField(
        queryset=Building.objects.none()
    )
    unit = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    room = serializers.CharField(max_length=40)
    number = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    kind = serializers.ChoiceField(choices=Household.Kind.choices, default=Household.Kind.ORDINARY)
    occupancy = serializers.ChoiceField(
        choices=Household.Occupancy.choices, required=False, allow_blank=True, default=""
    )
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    second_in_room = serializers.BooleanField(default=False)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None and request.user.is_authenticated:
            building: Any = fields["building"]
            building.queryset = Building.objects.where_may(request.user, Noun.RESIDENT, CREATE)
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs["entrance"] = entrance_named(attrs["building"], attrs.pop("unit"))
        return attrs


class HouseholdFilter(filters.FilterSet):  # type: ignore[misc]
    community = filters.NumberFilter(field_name="community_id", label="社区的编号")
    grid = filters.NumberFilter(field_name="grid_id", label="网格的编号")
    building = filters.NumberFilter(field_name="building_id", label="楼栋的编号")
    occupancy = filters.ChoiceFilter(choices=Household.Occupancy.choices, label="房屋状态")
    kind = filters.ChoiceFilter(choices=Household.Kind.choices, label="户类型")
    closed = filters.BooleanFilter(
        field_name="closed_on", lookup_expr="isnull", exclude=True, label="已销户"
    )

    class Meta:
        model = Household
        fields = ["community", "grid", "building", "occupancy", "kind", "closed"]


class HouseholdViewSet(ScopedReadViewSet[Household]):
    """您能看到的住户（房号按权限脱敏）；可以新建（POST，支持 Idempotency-Key）。"""

    noun = Noun.RESIDENT
    queryset = Household.objects.all()
    serializer_class = HouseholdSerializer
    filterset_class = HouseholdFilter

    def scope(self, queryset: QuerySet[Household], user: Any) -> QuerySet[Household]:
        homes: Any = super().scope(queryset, user)
        found: QuerySet[Household] = homes.for_list(timezone.localdate()).with_fullness(user)
        return found

    @extend_schema(request=HouseholdWriteSerializer, responses={201: HouseholdSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        """新建住户。"""
        user: Any = request.user
        require(user, Noun.RESIDENT, CREATE)
        asked = HouseholdWriteSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        made = services.create_household(by=user, **asked.validated_data)
        row = self.get_queryset().get(pk=made.pk)
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)


class ResidentSerializer(serializers.ModelSerializer[Residency]):
    """One person in one household: name, numbers and birth date masked for everybody."""

    name = serializers.SerializerMethodField()
    gender = serializers.CharField(source="person.gender", read_only=True)
    phone = serializers.SerializerMethodField()
    id_number = serializers.SerializerMethodField()
    birth = serializers.SerializerMethodField()
    grid = serializers.IntegerField(source="household.grid_id", read_only=True)

    class Meta:
        model = Residency
        fields = [
            "id", "household", "grid", "name", "gender", "relation", "is_head", "status", "phone",
            "id_number", "birth", "start", "end",
        ]  # fmt: skip

    def get_name(self, row: Residency) -> str:
        return row.person.masked_name

    def get_phone(self, row: Residency) -> str:
        return row.person.masked_phone

    def get_id_number(self, row: Residency) -> str:
        return row.person.masked_id_number

    def get_birth(self, row: Residency) -> str:
        return resident(row, full=False).birth


class ResidentFilter(filters.FilterSet):  # type: ignore[misc]
    household = filters.NumberFilter(field_name="household_id", label="住户的编号")
    grid = filters.NumberFilter(field_name="household__grid_id", label="网格的编号")
    community = filters.NumberFilter(field_name="household__community_id", label="社区的编号")
    is_head = filters.BooleanFilter(label="户主")

    class Meta:
        model = Residency
        fields = ["household", "grid", "community", "is_head"]


class ResidentViewSet(ScopedReadViewSet[Residency]):
    """现住居民，一律脱敏；查看单个居民记入审计。"""

    noun = Noun.RESIDENT
    queryset = Residency.objects.select_related("person", "household")
    serializer_class = ResidentSerializer
    filterset_class = ResidentFilter

    def scope(self, queryset: QuerySet[Residency], user: Any) -> QuerySet[Residency]:
        living: Any = super().scope(queryset, user)
        found: QuerySet[Residency] = living.current(timezone.localdate())
        return found

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        user: Any = request.user
        row = self.get_object()
        record(
            by=user, action="resident.view", target=row.household,
            street=row.household.street_id, detail={"residency": row.pk, "api": True},
        )  # fmt: skip
        return Response(self.get_serializer(row).data)


def register(router: BaseRouter) -> None:
    """Hang this app's views into the API."""
    router.register("households", HouseholdViewSet, basename="household")
    router.register("residents", ResidentViewSet, basename="resident")
