"""/api/v1/campaigns/, /corridor-heads/ and /needs/: reading only, in the user's area."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from gridparty.lib.masking import mask_in_text
from orgs.rest.views import ScopedReadViewSet
from orgs.roles import Noun
from residents.campaigns.states import State
from residents.headship import Background, HeadState
from residents.models import Campaign, CampaignDoor, CorridorHead, Need
from residents.needflow import NeedStatus


class FiguresSerializer(serializers.Serializer[Any]):
    """Doors by what the last knock gave; `exceptions` are those where nobody opened three times."""

    total = serializers.IntegerField()
    todo = serializers.IntegerField()
    visited = serializers.IntegerField()
    absent = serializers.IntegerField()
    refused = serializers.IntegerField()
    exceptions = serializers.IntegerField()


class BuildingFiguresSerializer(FiguresSerializer):
    building = serializers.IntegerField()


class CampaignSerializer(serializers.ModelSerializer[Campaign]):
    """A round with its figures over the doors this user sees."""

    figures = serializers.SerializerMethodField()

    class Meta:
        model = Campaign
        fields = [
            "id", "name", "purpose", "state", "street", "under", "starts_on", "ends_on",
            "opened_at", "closed_on", "figures",
        ]  # fmt: skip

    @extend_schema_field(FiguresSerializer)
    def get_figures(self, row: Campaign) -> dict[str, int]:
        known: dict[int, dict[str, int]] = self.context.get("figures", {})
        return known.get(row.pk) or dict.fromkeys(FiguresSerializer().fields, 0)


class CampaignFilter(filters.FilterSet):  # type: ignore[misc]
    state = filters.ChoiceFilter(choices=State.choices, label="状态")
    street = filters.NumberFilter(field_name="street_id", label="街道的编号")

    class Meta:
        model = Campaign
        fields = ["state", "street"]


class CampaignViewSet(ScopedReadViewSet[Campaign]):
    """您能看到的专项排查，带您范围内的户数：未访、已访、无人、拒访。答案不在接口里。"""

    noun = Noun.CAMPAIGN
    queryset = Campaign.objects.all()
    serializer_class = CampaignSerializer
    filterset_class = CampaignFilter

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        self._shown = [row.pk for row in page or ()]
        return page

    def get_object(self) -> Campaign:
        row = super().get_object()
        self._shown = [row.pk]
        return row

    def get_serializer_context(self) -> dict[str, Any]:
        shown = getattr(self, "_shown", [])
        found = self._doors().filter(campaign__in=shown).figures_by("campaign_id") if shown else {}
        return {**super().get_serializer_context(), "figures": found}

    def _doors(self) -> Any:
        return CampaignDoor.objects.visible_to(self.request.user)

    @extend_schema(responses=BuildingFiguresSerializer(many=True))
    @action(detail=True)
    def buildings(self, request: Request, pk: str | None = None) -> Response:
        """各楼栋的进度。"""
        found = self._doors().filter(campaign=self.get_object()).figures_by("building_id")
        rows = [{"building": building, **found[building]} for building in sorted(found)]
        return Response(BuildingFiguresSerializer(rows, many=True).data)


class CorridorHeadSerializer(serializers.ModelSerializer[CorridorHead]):
    """A head; `households` in his care, `spoken` of them spoken to this quarter."""

    name = serializers.CharField(source="person.name", read_only=True)
    phone = serializers.CharField(source="person.masked_phone", read_only=True)
    households = serializers.IntegerField(source="load", read_only=True)
    spoken = serializers.IntegerField(read_only=True)

    class Meta:
        model = CorridorHead
        fields = [
            "id", "name", "phone", "street", "community", "grid", "building", "lane",
            "background", "state", "start", "term_end", "ended_on", "households", "spoken",
        ]  # fmt: skip


class CorridorHeadFilter(filters.FilterSet):  # type: ignore[misc]
    community = filters.NumberFilter(field_name="community_id", label="社区的编号")
    grid = filters.NumberFilter(field_name="grid_id", label="网格的编号")
    building = filters.NumberFilter(field_name="building_id", label="楼栋的编号")
    state = filters.ChoiceFilter(choices=HeadState.choices, label="状态")
    background = filters.ChoiceFilter(choices=Background.choices, label="身份")

    class Meta:
        model = CorridorHead
        fields = ["community", "grid", "building", "state", "background"]


class CorridorHeadViewSet(ScopedReadViewSet[CorridorHead]):
    """红色楼道长，带联系户数和本季已联系户数；电话脱敏。"""

    noun = Noun.HEAD
    queryset = CorridorHead.objects.all()
    serializer_class = CorridorHeadSerializer
    filterset_class = CorridorHeadFilter

    def scope(self, queryset: QuerySet[CorridorHead], user: Any) -> QuerySet[CorridorHead]:
        heads: Any = super().scope(queryset, user)
        found: QuerySet[CorridorHead] = heads.for_list(timezone.localdate())
        return found


class NeedSerializer(serializers.ModelSerializer[Need]):
    """A need; numbers of people in its text are masked."""

    text = serializers.SerializerMethodField()
    grid = serializers.IntegerField(source="household.grid_id", read_only=True)
    community = serializers.IntegerField(source="household.community_id", read_only=True)

    class Meta:
        model = Need
        fields = [
            "id", "household", "community", "grid", "kind", "urgency", "source", "privacy", "text",
            "public_text", "quantity", "wanted_by", "status", "status_note", "created_at",
        ]  # fmt: skip

    def get_text(self, row: Need) -> str:
        return mask_in_text(row.text)


class NeedFilter(filters.FilterSet):  # type: ignore[misc]
    community = filters.NumberFilter(field_name="household__community_id", label="社区的编号")
    grid = filters.NumberFilter(field_name="household__grid_id", label="网格的编号")
    kind = filters.ChoiceFilter(choices=Need.Kind.choices, label="类别")
    urgency = filters.ChoiceFilter(choices=Need.Urgency.choices, label="缓急")
    status = filters.ChoiceFilter(choices=NeedStatus.choices, label="状态")

    class Meta:
        model = Need
        fields = ["community", "grid", "kind", "urgency", "status"]


class NeedViewSet(ScopedReadViewSet[Need]):
    """需求清单，只有看得到重点人群的角色能读；涉及的人不在接口里。"""

    noun = Noun.CARE
    queryset = Need.objects.select_related("household")
    serializer_class = NeedSerializer
    filterset_class = NeedFilter


def register(router: BaseRouter) -> None:
    """Hang these views into the API."""
    router.register("campaigns", CampaignViewSet, basename="campaign")
    router.register("corridor-heads", CorridorHeadViewSet, basename="corridor-head")
    router.register("needs", NeedViewSet, basename="need")
