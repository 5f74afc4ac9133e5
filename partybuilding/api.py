"""/api/v1/party-…/: Party work as the pages show it, and the writes a phone or another system makes.

Names are masked, as in every list that leaves the house; addresses of members are never given.
"""

from typing import Any

from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from grids.models import Grid
from orgs.rest.filters import IdFilter
from orgs.rest.idempotency import idempotent
from orgs.roles import SEES, Noun
from partybuilding import services
from partybuilding.models import (
    BoardItem,
    CheckIn,
    MemberDuty,
    MonthlyBoard,
    Pairing,
    Patrol,
)
from partybuilding.rest import NoteSerializer, PartyViewSet, PlacedSerializer, user_of
from partybuilding.workflow import CheckInStatus, move_of


class PairingSerializer(PlacedSerializer):
    unit_name = serializers.CharField(source="unit.name", read_only=True)
    grid_name = serializers.CharField(source="grid.name", read_only=True)

    class Meta:
        model = Pairing
        fields = [
            "id", "unit", "unit_name", "grid", "grid_name", "community", "community_name",
            "tasks", "start", "end", "ended_on", "end_reason",
        ]  # fmt: skip


class BoardItemSerializer(serializers.ModelSerializer[BoardItem]):
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    status_label = serializers.CharField(source="get_status_display", read_only=True)

    class Meta:
        model = BoardItem
        fields = [
            "id", "kind", "kind_label", "status", "status_label", "text", "first_at", "confirmed_at",
        ]  # fmt: skip


class BoardSerializer(PlacedSerializer):
    branch_name = serializers.CharField(source="branch.name", read_only=True)
    items = BoardItemSerializer(many=True, read_only=True)

    class Meta:
        model = MonthlyBoard
        fields = [
            "id",
            "month",
            "branch",
            "branch_name",
            "community",
            "community_name",
            "due_on",
            "items",
        ]


class CheckInSerializer(PlacedSerializer):
    member = serializers.CharField(
        source="person.masked_name", read_only=True, help_text="姓名，只显示姓"
    )
    unit_name = serializers.CharField(source="unit.name", read_only=True)
    status_label = serializers.CharField(source="get_status_display", read_only=True)

    class Meta:
        model = CheckIn
        fields = [
            "id", "member", "unit", "unit_name", "community", "community_name", "grid", "status",
            "status_label", "slip_no", "applied_at", "accepted_at", "received_at",
        ]  # fmt: skip


class DutySerializer(PlacedSerializer):
    member = serializers.CharField(source="person.masked_name", read_only=True)
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    category_label = serializers.CharField(source="get_category_display", read_only=True)

    class Meta:
        model = MemberDuty
        fields = [
            "id", "member", "kind", "kind_label", "category", "category_label", "duties", "grid",
            "community", "community_name", "start", "end",
        ]  # fmt: skip


class PatrolSerializer(PlacedSerializer):
    grid_name = serializers.CharField(source="grid.name", read_only=True)
    case_no = serializers.CharField(source="case.case_no", read_only=True, default=None)

    class Meta:
        model = Patrol
        fields = [
            "id", "grid", "grid_name", "community", "community_name", "at", "minutes", "route",
            "finding", "case", "case_no",
        ]  # fmt: skip


class PatrolWriteSerializer(serializers.Serializer[Any]):
    """A round through a grid; with `category` what was found is reported as a case at once."""

    grid: "serializers.PrimaryKeyRelatedField[Grid]" = serializers.PrimaryKeyRelatedField(
        queryset=Grid.objects.none()
    )
    route = serializers.CharField(max_length=100)
    minutes = serializers.IntegerField(min_value=1, max_value=720)
    at = serializers.DateTimeField(required=False, default=None, allow_null=True)
    finding = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
    category = serializers.CharField(
        max_length=40,
        required=False,
        default="",
        allow_blank=True,
        help_text="事项类别的 slug 或编号",
    )

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None and request.user.is_authenticated:
            grid: Any = fields["grid"]
            grid.queryset = Grid.objects.where_may(request.user, Noun.PARTY, SEES)
        return fields


class CheckInFilter(filters.FilterSet):  # type: ignore[misc]
    status = filters.ChoiceFilter(choices=CheckInStatus.choices, label="状态")
    unit = IdFilter(field_name="unit_id", label="单位的编号")
    grid = IdFilter(field_name="grid_id", label="网格的编号")


class GridFilter(filters.FilterSet):  # type: ignore[misc]
    grid = IdFilter(field_name="grid_id", label="网格的编号")


class BoardFilter(filters.FilterSet):  # type: ignore[misc]
    month = filters.DateFilter(label="月份的第一天")
    branch = IdFilter(field_name="branch_id", label="党支部的编号")


class PairingViewSet(PartyViewSet):
    """联点共建。"""

    queryset = Pairing.objects.all()
    serializer_class = PairingSerializer
    filterset_class = GridFilter


class BoardViewSet(PartyViewSet):
    """五个一：每个支部每月一张，五项在 items 里。"""

    queryset = MonthlyBoard.objects.all()
    serializer_class = BoardSerializer
    filterset_class = BoardFilter

    @extend_schema(request=NoteSerializer, responses=BoardItemSerializer)
    @action(detail=True, methods=["post"], url_path=r"items/(?P<item>\d{1,18})/(?P<name>[a-z_]+)")
    @idempotent
    def item(
        self, request: Request, pk: str | None = None, item: str = "", name: str = ""
    ) -> Response:
        """对一项办理：withdraw 撤回填报，confirm 确认完成，send_back 退回（要写 note）。"""
        known = move_of("item", name)
        found = BoardItem.objects.filter(board=self.get_object(), pk=item).first()
        if found is None or known is None or known.form:
            raise Http404
        asked = NoteSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        done = services.move_item(
            item=found, name=name, by=user_of(request), **asked.validated_data
        )
        return Response(BoardItemSerializer(done).data)


class CheckInViewSet(PartyViewSet):
    """两地报到。住址不在接口里。"""

    queryset = CheckIn.objects.all()
    serializer_class = CheckInSerializer
    filterset_class = CheckInFilter

    @extend_schema(request=None, responses=CheckInSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    def accept(self, request: Request, pk: str | None = None) -> Response:
        """社区接收报到，单位收到回执。"""
        done = services.accept(check_in=self.get_object(), by=user_of(request))
        return Response(CheckInSerializer(done).data)


class DutyViewSet(PartyViewSet):
    """党员责任区和责任岗。"""

    queryset = MemberDuty.objects.all()
    serializer_class = DutySerializer
    filterset_class = GridFilter


class PatrolViewSet(PartyViewSet):
    """党员巡查。"""

    queryset = Patrol.objects.all()
    serializer_class = PatrolSerializer
    filterset_class = GridFilter

    @extend_schema(request=PatrolWriteSerializer, responses={201: PatrolSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        """登记巡查；写了 category 的，发现的情况同时上报为事项。"""
        asked = PatrolWriteSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        made = services.record_patrol(by=user_of(request), **asked.validated_data)
        return Response(PatrolSerializer(made).data, status=status.HTTP_201_CREATED)


def register(router: BaseRouter) -> None:
    """Hang this app's views into the API."""
    router.register("party-boards", BoardViewSet, basename="party-board")
    router.register("party-check-ins", CheckInViewSet, basename="party-check-in")
    router.register("party-duties", DutyViewSet, basename="party-duty")
    router.register("party-pairings", PairingViewSet, basename="party-pairing")
    router.register("party-patrols", PatrolViewSet, basename="party-patrol")
