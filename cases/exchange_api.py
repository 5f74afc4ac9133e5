"""The interface for other systems: `POST external-orders/` pushes orders, `GET` pulls the answers.

One order may be pushed any number of times: its number (`external_id`) decides.
"""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases.models import ExchangeLog, ExternalOrder, ExternalSystem
from cases.order_answers import Answer, answers_of
from cases.scope import streets_served
from cases.services.exchange import log_exchange
from cases.services.orders import Order, Received, receive_order
from cases.services.refusals import MoveRefused
from gridparty.lib.phones import parse_phones
from gridparty.lib.text import has_nul
from grids.addressbook import AddressBook
from orgs.models import OrgUnit
from orgs.rest.idempotency import idempotent
from orgs.rest.parsers import CleanJSONParser
from orgs.rest.views import ScopedReadViewSet
from orgs.roles import EDIT, Noun

MOST_ORDERS = 200


class PushedOrderSerializer(serializers.Serializer[Any]):
    """One order. Times as ISO 8601; without a zone they are Shanghai's."""

    external_id = serializers.CharField(max_length=64)
    text = serializers.CharField(trim_whitespace=False)
    address = serializers.CharField(required=False, allow_blank=True)
    category = serializers.CharField(required=False, allow_blank=True, source="category_word")
    received_at = serializers.DateTimeField(required=False, allow_null=True)
    due_at = serializers.DateTimeField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True)
    confidential = serializers.BooleanField(required=False)
    caller_name = serializers.CharField(required=False, allow_blank=True)
    caller_phone = serializers.CharField(required=False, allow_blank=True)

    def validate_caller_phone(self, value: str) -> str:
        """Keep the first number; a masked one ("169****0001") is no number."""
        if "*" in value or not value.strip():
            return ""
        parsed = parse_phones(value)
        if parsed.problems or not parsed.numbers:
            raise serializers.ValidationError(
                parsed.problems[0] if parsed.problems else "看不出是电话号码。"
            )
        return parsed.numbers[0]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if any(isinstance(value, str) and has_nul(value) for value in attrs.values()):
            raise serializers.ValidationError("有不可见的空字符，请删除后重新提交。")
        return attrs


class PushSerializer(serializers.Serializer[Any]):
    system = serializers.SlugField(help_text="外部系统代号：hotline 或 yiwangqing")
    orders = serializers.ListField(
        child=serializers.DictField(), allow_empty=False, max_length=MOST_ORDERS
    )


class ExternalOrderSerializer(serializers.ModelSerializer[ExternalOrder]):
    """An order with what we answer; `answered` once there is a result to take over."""

    system = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    case_no = serializers.CharField(source="case.case_no", default="", read_only=True)
    status = serializers.CharField(source="case.status", default="waiting", read_only=True)
    result = serializers.SerializerMethodField()
    answer = serializers.SerializerMethodField()
    ended_at = serializers.SerializerMethodField()
    satisfaction = serializers.SerializerMethodField()

    class Meta:
        model = ExternalOrder
        fields = [
            "id", "system", "external_id", "case_no", "status", "problem", "due_at", "result",
            "answer", "ended_at", "satisfaction", "changed_at",
        ]  # fmt: skip

    def _answer(self, order: ExternalOrder) -> Answer:
        known: dict[int, Answer] | None = self.context.get("answers")
        if known is None:
            known = answers_of([order])
        return known.get(order.pk, Answer())

    def get_result(self, order: ExternalOrder) -> str:
        return self._answer(order).result

    def get_answer(self, order: ExternalOrder) -> str:
        return self._answer(order).words

    def get_ended_at(self, order: ExternalOrder) -> Any:
        return self._answer(order).ended_at

    def get_satisfaction(self, order: ExternalOrder) -> str:
        return self._answer(order).satisfaction


class ExternalOrderFilterSet(django_filters.FilterSet):
    system = django_filters.CharFilter(field_name="system__code")
    external_id = django_filters.CharFilter()
    answered = django_filters.BooleanFilter(method="only_answered", label="有答复的")

    def only_answered(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.answered() if value else queryset


class ExternalOrderViewSet(ScopedReadViewSet[ExternalOrder]):
    """外部工单 of the street whose centre the token's user is."""

    noun = Noun.CASE
    letters = EDIT
    queryset = ExternalOrder.objects.all()
    serializer_class = ExternalOrderSerializer
    filterset_class = ExternalOrderFilterSet
    parser_classes = [CleanJSONParser]

    def get_queryset(self) -> QuerySet[ExternalOrder]:
        orders: Any = super().get_queryset()
        rows: QuerySet[ExternalOrder] = orders.for_list()
        return rows

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Pull: newest first, page by page; every pull that finds something is logged."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        context = {**self.get_serializer_context(), "answers": answers_of(page)}
        data = ExternalOrderSerializer(page, many=True, context=context).data
        for system in {order.system for order in page}:
            _log(request, system, ExchangeLog.Way.OUT, len(page), {"answers": len(page)})
        return self.get_paginated_response(data)

    @extend_schema(request=PushSerializer, responses=OpenApiTypes.OBJECT)
    @idempotent
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Push up to 200 orders; each has its own result, a faulty one stops none of the others."""
        asked = PushSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        served = streets_served(request.user)
        if not served:
            raise exceptions.PermissionDenied("外部工单由街道指挥中心接收。")
        system = get_object_or_404(
            ExternalSystem, code=asked.validated_data["system"], is_active=True
        )
        street = OrgUnit.objects.get(pk=served[0])
        book = AddressBook(street)
        results = [
            _receive(request.user, system, street, book, one)
            for one in asked.validated_data["orders"]
        ]
        outcomes = [result["outcome"] for result in results]
        counts = {name: outcomes.count(name) for name in ("create", "update", "unchanged", "error")}
        _log(request, system, ExchangeLog.Way.IN, len(results), counts)
        return Response({"counts": counts, "results": results})


def _receive(
    user: Any, system: ExternalSystem, street: OrgUnit, book: AddressBook, data: dict[str, Any]
) -> dict[str, Any]:
    """Take one order in and say what became of it."""
    number = str(data.get("external_id", ""))[:64]
    order = PushedOrderSerializer(data=data)
    if not order.is_valid():
        return {"external_id": number, "outcome": "error", "errors": order.errors}
    try:
        done = receive_order(
            system=system, street=street, order=Order(**order.validated_data), by=user, book=book,
            now=timezone.now(),
        )  # fmt: skip
    except MoveRefused as refusal:
        fields = {name: [text] for name, text in refusal.fields.items()}
        return {
            "external_id": number, "outcome": "error", "errors": fields or [refusal.message],
        }  # fmt: skip
    return _told(done)


def _told(done: Received) -> dict[str, Any]:
    case = done.order.case
    return {
        "external_id": done.order.external_id, "outcome": done.outcome,
        "case_no": case.case_no if case else "", "remark": done.remark,
    }  # fmt: skip


def _log(
    request: Request, system: ExternalSystem, way: str, rows: int, counts: dict[str, int]
) -> None:
    user: Any = request.user
    for street in OrgUnit.objects.filter(pk__in=streets_served(user)[:1]):
        log_exchange(
            system=system, street=street, way=way, carrier=request.path, rows=rows, counts=counts,
            by=user,
        )  # fmt: skip
