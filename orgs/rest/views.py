"""The read side of the API: fetching is the permission check."""

from typing import Any, ClassVar, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.request import Request
from rest_framework.viewsets import ReadOnlyModelViewSet

from orgs.roles import SEES
from orgs.scope import require

M = TypeVar("M", bound=Model)


class ScopedReadViewSet(ReadOnlyModelViewSet[M]):
    """List and detail of what the user may see; set `noun`, `queryset`, `serializer_class`.

    Out of scope is 404; a user with none of `letters` on the noun gets 403 with the reason.
    Override `scope` where the queryset's `visible_to` is not the whole answer.
    """

    noun: ClassVar[str]
    letters: ClassVar[str] = SEES

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(request.user, self.noun, self.letters)

    def get_queryset(self) -> QuerySet[M]:
        queryset = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):  # the schema generator has no user
            return queryset.none()
        return self.scope(queryset, self.request.user)

    def filter_queryset(self, queryset: Any) -> Any:
        """Narrow lists only: a filter on one row would cost its form and say nothing."""
        return queryset if self.detail else super().filter_queryset(queryset)

    def scope(self, queryset: QuerySet[M], user: Any) -> QuerySet[M]:
        """Limit the queryset to what the user may see."""
        scoped: QuerySet[M] = queryset.visible_to(user)  # type: ignore[attr-defined]
        return scoped
