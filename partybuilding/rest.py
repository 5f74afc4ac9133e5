"""What the API views of Party work share."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from orgs.models import User
from orgs.rest.views import ScopedReadViewSet
from orgs.roles import Noun


def user_of(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user


class NoteSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=200, required=False, default="", help_text="退回原因等")


class PlacedSerializer(serializers.ModelSerializer[Any]):
    """Where it belongs, by id and name."""

    community_name = serializers.CharField(source="community.name", read_only=True, default="")


class PartyViewSet(ScopedReadViewSet[Any]):
    """What all of Party work shares: its noun, and the rows with what lists show."""

    noun = Noun.PARTY

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = super().get_queryset()
        found: QuerySet[Any] = self.listed(rows)
        return found

    def listed(self, rows: Any) -> Any:
        return rows.for_list()
