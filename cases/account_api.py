"""The API of 问责 records: the upper level's list, raising one, deciding a proposed one, their photos."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases.accountability import AccountGround, AccountKind, AccountState
from cases.models import Accountability, AccountPhoto, Case
from cases.pictures import photo_response
from cases.refusing import refusals
from cases.services.accounting import decide_account, raise_account
from cases.upper_querysets import upper_grants
from orgs.rest.idempotency import idempotent
from orgs.rest.parsers import CleanFormParser, CleanJSONParser, CleanMultiPartParser
from orgs.rest.views import ScopedReadViewSet
from orgs.roles import Noun

OUTSIDE = "问责记录只有街道和区县能看。"


class AccountPhotoSerializer(serializers.ModelSerializer[AccountPhoto]):
    class Meta:
        model = AccountPhoto
        fields = ["id", "content_type", "size", "width", "height", "sha256", "created_at"]


class AccountSerializer(serializers.ModelSerializer[Accountability]):
    """`kind` is "" until it is issued; `raised_by_name` is "" for what the clock proposed."""

    case_no = serializers.CharField(source="case.case_no", read_only=True)
    state_label = serializers.CharField(source="get_state_display", read_only=True)
    kind_label = serializers.CharField(source="get_kind_display", read_only=True)
    ground_label = serializers.CharField(source="get_ground_display", read_only=True)
    raised_by_name = serializers.CharField(
        source="raised_by.display_name", default="", read_only=True
    )
    decided_by_name = serializers.CharField(
        source="decided_by.display_name", default="", read_only=True
    )
    photos = AccountPhotoSerializer(many=True, read_only=True)

    class Meta:
        model = Accountability
        fields = [
            "id", "case", "case_no", "cycle", "unit", "subject", "ground", "ground_label", "facts",
            "state", "state_label", "kind", "kind_label", "raised_by_name", "raised_at", "decision",
            "decided_by_name", "decided_label", "decided_at", "photos",
        ]  # fmt: skip


class RaiseSerializer(serializers.Serializer[Accountability]):
    """A record the upper level writes by itself; multipart may carry up to nine `photos`."""

    case = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    kind = serializers.ChoiceField(choices=AccountKind.choices)
    ground = serializers.ChoiceField(choices=AccountGround.choices)
    text = serializers.CharField(help_text="事实")


class DecideSerializer(serializers.Serializer[Accountability]):
    """`kind` "" drops the proposal; the text is then the reason."""

    kind = serializers.ChoiceField(choices=AccountKind.choices, allow_blank=True)
    text = serializers.CharField(help_text="处理意见或不予问责的理由")


class AccountFilterSet(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=AccountState.choices)
    kind = django_filters.ChoiceFilter(choices=AccountKind.choices)
    case = django_filters.NumberFilter(field_name="case_id")
    unit = django_filters.NumberFilter(field_name="unit_id")


class AccountViewSet(ScopedReadViewSet[Accountability]):
    """问责记录. Read and written by the upper level only; whoever is meant gets 403."""

    noun = Noun.CASE
    queryset = Accountability.objects.all()
    serializer_class = AccountSerializer
    filterset_class = AccountFilterSet
    parser_classes = [CleanJSONParser, CleanMultiPartParser, CleanFormParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not upper_grants(request.user):
            raise exceptions.PermissionDenied(OUTSIDE)

    def get_queryset(self) -> QuerySet[Accountability]:
        records: Any = super().get_queryset()
        rows: QuerySet[Accountability] = records.for_list().prefetch_related("photos")
        return rows

    @extend_schema(request=RaiseSerializer, responses={201: AccountSerializer})
    @idempotent
    @refusals
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record what the upper level decides about a case's holder."""
        asked = RaiseSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = dict(asked.validated_data)
        case = get_object_or_404(Case.objects.visible_to(request.user), pk=data.pop("case"))
        user: Any = request.user
        made = raise_account(case=case, by=user, photos=request.FILES.getlist("photos"), **data)
        return Response(AccountSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    @action(detail=True, url_path=r"photos/(?P<photo>\d{1,18})")
    def photo(self, request: Request, pk: str | None = None, photo: str = "") -> FileResponse:
        """The content of one of the record's photos."""
        return photo_response(get_object_or_404(self.get_object().photos, pk=photo))

    @extend_schema(request=DecideSerializer, responses=AccountSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    @refusals
    def decide(self, request: Request, pk: str | None = None) -> Response:
        """Issue a proposed record, or drop it with the reason."""
        record = self.get_object()
        asked = DecideSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        user: Any = request.user
        done = decide_account(
            record=record, by=user, photos=request.FILES.getlist("photos"), **asked.validated_data
        )
        return Response(AccountSerializer(done).data)
