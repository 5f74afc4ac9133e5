"""/api/v1/party-…/: trainings, funds, terms, programmes and papers, as the pages show them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from orgs.rest.idempotency import idempotent
from orgs.roles import Noun
from partybuilding import services
from partybuilding.models import (
    CommitteeTerm,
    FundAllocation,
    PolicyPaper,
    Programme,
    Training,
)
from partybuilding.rest import PartyViewSet, user_of


class TrainingSerializer(serializers.ModelSerializer[Training]):
    org_name = serializers.CharField(source="org.name", read_only=True)
    people = serializers.IntegerField(source="came_count", read_only=True, help_text="参加人数")

    class Meta:
        model = Training
        fields = [
            "id",
            "org",
            "org_name",
            "topic",
            "kind",
            "held_on",
            "hours",
            "place",
            "teacher",
            "people",
        ]


class FundSerializer(serializers.ModelSerializer[FundAllocation]):
    paid = serializers.DecimalField(14, 2, read_only=True, help_text="已支出，元")
    balance = serializers.DecimalField(14, 2, read_only=True, help_text="余额，元，已扣除待核准的")

    class Meta:
        model = FundAllocation
        fields = [
            "id", "title", "source", "purpose", "year", "doc_no", "allotted_on", "street",
            "community", "amount", "paid", "balance",
        ]  # fmt: skip


class TermSerializer(serializers.ModelSerializer[CommitteeTerm]):
    org_name = serializers.CharField(source="org.name", read_only=True)

    class Meta:
        model = CommitteeTerm
        fields = ["id", "org", "org_name", "name", "elected_on", "due_on", "put_off", "ended_on"]


class ProgrammeSerializer(serializers.ModelSerializer[Programme]):
    org_name = serializers.CharField(source="org.name", read_only=True)
    units = serializers.IntegerField(source="unit_count", read_only=True, help_text="参与单位数")
    work = serializers.IntegerField(source="work_count", read_only=True, help_text="关联工作数")

    class Meta:
        model = Programme
        fields = [
            "id", "org", "org_name", "kind", "name", "slogan", "started_on", "ended_on", "outcome",
            "units", "work",
        ]  # fmt: skip


class PaperSerializer(serializers.ModelSerializer[PolicyPaper]):
    asked = serializers.IntegerField(source="asked_count", read_only=True, help_text="应阅人数")
    read = serializers.IntegerField(source="read_count", read_only=True, help_text="已阅人数")

    class Meta:
        model = PolicyPaper
        fields = [
            "id", "title", "doc_no", "issuer", "issued_on", "text", "read_by", "withdrawn_on",
            "asked", "read",
        ]  # fmt: skip


class TrainingViewSet(PartyViewSet):
    """教育培训。"""

    queryset = Training.objects.all()
    serializer_class = TrainingSerializer


class FundViewSet(PartyViewSet):
    """党建经费，单位是元。"""

    noun = Noun.FUND
    queryset = FundAllocation.objects.all()
    serializer_class = FundSerializer

    def listed(self, rows: Any) -> Any:
        return rows.with_sums()


class TermViewSet(PartyViewSet):
    """班子届期；ended_on 为空的是现在这一届。"""

    noun = Noun.ORG
    queryset = CommitteeTerm.objects.all()
    serializer_class = TermSerializer

    def listed(self, rows: Any) -> Any:
        return rows.select_related("org")


class ProgrammeViewSet(PartyViewSet):
    """党建品牌和项目。"""

    queryset = Programme.objects.all()
    serializer_class = ProgrammeSerializer

    def listed(self, rows: Any) -> Any:
        return rows.for_list(self.request.user)


class PaperViewSet(PartyViewSet):
    """政策文件。"""

    queryset = PolicyPaper.objects.all()
    serializer_class = PaperSerializer

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    @idempotent
    def read(self, request: Request, pk: str | None = None) -> Response:
        """我已阅读。"""
        services.read_paper(paper=self.get_object(), by=user_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def register(router: BaseRouter) -> None:
    """Hang these views into the API."""
    router.register("party-trainings", TrainingViewSet, basename="party-training")
    router.register("party-funds", FundViewSet, basename="party-fund")
    router.register("party-terms", TermViewSet, basename="party-term")
    router.register("party-programmes", ProgrammeViewSet, basename="party-programme")
    router.register("party-papers", PaperViewSet, basename="party-paper")
