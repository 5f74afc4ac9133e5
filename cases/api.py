"""The API of cases: lists by keyset, a detail with its `transitions`, and the writes behind them."""

from typing import Any

import django_filters
from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from cases.account_api import AccountViewSet
from cases.api_rows import api_lines
from cases.catalog import Source
from cases.exchange_api import ExternalOrderViewSet
from cases.forms.report import default_source
from cases.holders import TASKS
from cases.models import Attachment, Case, CaseEvent, Category, Revisit
from cases.pictures import photo_response
from cases.refusing import refusals
from cases.serializers import (
    AssigneeSerializer,
    AttachmentSerializer,
    CaseRowSerializer,
    CaseSerializer,
    CategorySerializer,
    ContactSerializer,
    DecisionSerializer,
    EventSerializer,
    PurposeSerializer,
    RecordSerializer,
    ReportSerializer,
    RevisitSerializer,
)
from cases.services import (
    add_photos,
    assign_revisit,
    contact_for,
    decide_revisit,
    eligible_revisitors,
    move,
    record_revisit,
    report_case,
    reveal_contact,
    undo,
)
from cases.workflow import BY_NAME, Status
from grids.models import Building
from orgs.models import User
from orgs.rest.idempotency import idempotent
from orgs.rest.parsers import CleanFormParser, CleanJSONParser, CleanMultiPartParser
from orgs.rest.views import ScopedReadViewSet
from orgs.roles import CREATE, Noun
from orgs.scope import require
from orgs.workdays import work_calendar

PARSERS = [CleanJSONParser, CleanMultiPartParser, CleanFormParser]
WRITES = ("transition", "undo")


class CaseFilterSet(django_filters.FilterSet):
    status = django_filters.MultipleChoiceFilter(choices=Status.choices)
    source = django_filters.ChoiceFilter(choices=Source.choices)
    category = django_filters.CharFilter(field_name="category__slug")
    grid = django_filters.NumberFilter(field_name="grid_id")
    community = django_filters.NumberFilter(field_name="community_id")
    open = django_filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull")
    waiting = django_filters.BooleanFilter(method="only_waiting", label="待我办理")

    def only_waiting(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.waiting_for(self.request.user) if value else queryset


class CaseViewSet(ScopedReadViewSet[Case]):
    """事项. `POST cases/` reports; `POST cases/{id}/transitions/{name}/` makes a move."""

    noun = Noun.CASE
    queryset = Case.objects.all()
    serializer_class = CaseSerializer
    filterset_class = CaseFilterSet
    parser_classes = PARSERS

    def get_queryset(self) -> QuerySet[Case]:
        cases: Any = super().get_queryset()
        if self.action == "list":
            return cases  # type: ignore[no-any-return]
        if self.action in WRITES:  # the verb reads the case itself, locked
            bare: QuerySet[Case] = cases.only("parent")
            return bare
        full: QuerySet[Case] = cases.for_detail().select_related("sla_class")
        return full.prefetch_related(TASKS, "events")

    def get_serializer_class(self) -> Any:
        return CaseRowSerializer if self.action == "list" else CaseSerializer

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The rows as `CaseRowSerializer` describes them, read without model objects."""
        page = self.paginate_queryset(api_lines(self.filter_queryset(self.get_queryset())))
        now, calendar = timezone.now(), work_calendar()
        return self.get_paginated_response([line.data(now, calendar) for line in page or ()])

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        return {**context, "now": timezone.now(), "calendar": work_calendar()}

    @extend_schema(request=ReportSerializer, responses={201: CaseSerializer})
    @idempotent
    @refusals
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Report a case; JSON, or multipart with up to nine `photos`."""
        require(request.user, Noun.CASE, CREATE)
        asked = ReportSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = dict(asked.validated_data)
        data["building"] = _in_reach(Building, data.get("building"), request.user, "building")
        data.setdefault("source", default_source(_user(request)))
        photos = request.FILES.getlist("photos")
        case = report_case(by=_user(request), photos=photos, **data)
        case.community = case.grid.community  # read with it
        return Response(self._full(case), status=status.HTTP_201_CREATED)

    @extend_schema(request=OpenApiTypes.OBJECT, responses=CaseSerializer)
    @action(detail=True, methods=["post"], url_path=r"transitions/(?P<name>[a-z_]+)")
    @idempotent
    @refusals
    def transition(self, request: Request, pk: str | None = None, name: str = "") -> Response:
        """Make the move `name`; send its `fields`, optionally `version` and `photos`."""
        case = self.get_object()
        known = BY_NAME.get(name)
        if known is None or not known.sources:
            raise Http404
        inputs = {key: _value(request.data, key) for key in request.data if key != "photos"}
        after = move(
            case=case, name=name, by=_user(request), version=_version(inputs.pop("version", None)),
            photos=request.FILES.getlist("photos"), **_only_known(inputs, known.needs),
        )  # fmt: skip
        return Response(self._full(after))

    @extend_schema(request=None, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    @refusals
    def undo(self, request: Request, pk: str | None = None) -> Response:
        """Take back one's own last move, within the minutes the table allows."""
        return Response(self._full(undo(case=self.get_object(), by=_user(request))))

    @extend_schema(responses=EventSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def events(self, request: Request, pk: str | None = None) -> Response:
        """The history, oldest first."""
        case = self.get_object()
        events = (
            CaseEvent.objects.filter(case=case)
            .select_related("actor__person")
            .prefetch_related("attachments")
        )
        hidden = contact_for(case, _user(request)).level in ("hidden", "none")
        context = {**self.get_serializer_context(), "hide_reporter": hidden}
        return Response(EventSerializer(events, many=True, context=context).data)

    @extend_schema(request=PurposeSerializer, responses=ContactSerializer)
    @action(detail=True, methods=["post"])
    def contact(self, request: Request, pk: str | None = None) -> Response:
        """The reporter's contact in full; the purpose is recorded."""
        case = self.get_object()
        asked = PurposeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        contact = reveal_contact(
            case=case, by=_user(request), purpose=asked.validated_data["purpose"]
        )
        return Response(ContactSerializer(contact).data)

    @extend_schema(responses=AttachmentSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def attachments(self, request: Request, pk: str | None = None) -> Response:
        """The photos; their content is at `attachments/{id}/file/`."""
        photos = Attachment.objects.filter(case=self.get_object())
        return Response(AttachmentSerializer(photos, many=True).data)

    @extend_schema(request=OpenApiTypes.OBJECT, responses={201: AttachmentSerializer(many=True)})
    @attachments.mapping.post
    @idempotent
    @refusals
    def add_attachments(self, request: Request, pk: str | None = None) -> Response:
        """Add `photos` to one's own last step (multipart)."""
        photos = request.FILES.getlist("photos")
        if not photos:
            raise exceptions.ValidationError({"photos": ["请选择照片。"]})
        kept = add_photos(case=self.get_object(), by=_user(request), uploads=photos)
        data = AttachmentSerializer(kept, many=True).data
        return Response(data, status=status.HTTP_201_CREATED)

    def _full(self, case: Case) -> Any:
        prefetch_related_objects([case], TASKS, "events")
        return CaseSerializer(case, context=self.get_serializer_context()).data


class AttachmentViewSet(GenericViewSet[Attachment]):
    """The photos' content, for whoever may see the case."""

    queryset = Attachment.objects.all()
    serializer_class = AttachmentSerializer
    lookup_value_regex = r"\d{1,18}"

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    @action(detail=True)
    def file(self, request: Request, pk: str | None = None) -> HttpResponseBase:
        photos = Attachment.objects.filter(case__in=Case.objects.visible_to(request.user))
        return photo_response(get_object_or_404(photos, pk=pk))


class RevisitFilterSet(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Revisit.State.choices)
    month = django_filters.CharFilter()


class RevisitViewSet(ScopedReadViewSet[Revisit]):
    """回访. A revisitor's own; for streets and communities those of their cases."""

    noun = Noun.REVISIT
    queryset = Revisit.objects.all()
    serializer_class = RevisitSerializer
    filterset_class = RevisitFilterSet
    parser_classes = PARSERS

    def get_queryset(self) -> QuerySet[Revisit]:
        revisits: Any = super().get_queryset()
        rows: QuerySet[Revisit] = revisits.for_list()
        return rows

    @extend_schema(request=RecordSerializer, responses=RevisitSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    @refusals
    def record(self, request: Request, pk: str | None = None) -> Response:
        """Record one attempt; an answer of 未解决 or 不满意 reopens the case."""
        revisit = self.get_object()
        asked = RecordSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        done = record_revisit(revisit=revisit, by=_user(request), **asked.validated_data)
        return Response(RevisitSerializer(done).data)

    @extend_schema(request=DecisionSerializer, responses=RevisitSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    @refusals
    def decide(self, request: Request, pk: str | None = None) -> Response:
        """Settle an unsatisfied answer that has not reopened the case."""
        revisit = self.get_object()
        asked = DecisionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        done = decide_revisit(revisit=revisit, by=_user(request), **asked.validated_data)
        return Response(RevisitSerializer(done).data)

    @extend_schema(request=AssigneeSerializer, responses=RevisitSerializer)
    @action(detail=True, methods=["post"])
    @idempotent
    @refusals
    def assign(self, request: Request, pk: str | None = None) -> Response:
        """Give the revisit to another revisitor of the street."""
        revisit = self.get_object()
        asked = AssigneeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        to = eligible_revisitors(revisit).filter(pk=asked.validated_data["to"]).first()
        if to is None:
            raise exceptions.ValidationError({"to": ["此人不是本街道的回访员，或参与过办理。"]})
        done = assign_revisit(revisit=revisit, to=to, by=_user(request))
        return Response(RevisitSerializer(done).data)


class CategoryViewSet(ReadOnlyModelViewSet[Category]):
    """类别, two levels, in the order of the pages."""

    queryset = Category.objects.filter(is_active=True).select_related("parent", "sla_class")
    serializer_class = CategorySerializer
    pagination_class = None


def _user(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user


def _in_reach(model: type[Any], pk: int | None, user: Any, field: str) -> Any:
    """Return the grid or building the user may see; None when none is given."""
    if pk is None:
        return None
    rows = model.objects.visible_to(user).select_related("community")
    found = rows.filter(pk=pk).first() if 0 < pk < 2**63 else None
    if found is None:
        raise exceptions.ValidationError({field: ["没有找到，或者您无权查看。"]})
    return found


def _value(data: Any, name: str) -> Any:
    """Return one input of JSON or of a form, where lists repeat the name."""
    if not hasattr(data, "getlist"):
        return data[name]
    values = data.getlist(name)
    return values if name == "co_units" else values[-1]


def _only_known(inputs: dict[str, Any], needs: Any) -> dict[str, Any]:
    known = {need.name for need in needs}
    unknown = [name for name in inputs if name not in known]
    if unknown:
        raise exceptions.ValidationError({name: ["不认识这一项。"] for name in unknown})
    return inputs


def _version(value: Any) -> int | None:
    if value in (None, ""):
        return None
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise exceptions.ValidationError({"version": ["版本号应为整数。"]})
    return int(text)


def register(router: BaseRouter) -> None:
    """Put the views under /api/v1/."""
    router.register("cases", CaseViewSet, "case")
    router.register("case-attachments", AttachmentViewSet, "case-attachment")
    router.register("case-categories", CategoryViewSet, "case-category")
    router.register("revisits", RevisitViewSet, "revisit")
    router.register("case-accounts", AccountViewSet, "case-account")
    router.register("external-orders", ExternalOrderViewSet, "external-order")
