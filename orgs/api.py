"""/api/v1/org-units/: the organisation tree, as far as the user may see it."""

from typing import Any

from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.routers import BaseRouter

from orgs.levels import OrgStatus, Tier
from orgs.models import OrgUnit
from orgs.querysets import OrgUnitQuerySet
from orgs.rest.filters import IdFilter
from orgs.rest.views import ScopedReadViewSet
from orgs.roles import Noun


class OrgUnitSerializer(serializers.ModelSerializer[OrgUnit]):
    tier_label = serializers.CharField(source="get_tier_display", read_only=True)
    org_form_label = serializers.CharField(source="get_org_form_display", read_only=True)
    descendants = serializers.IntegerField(
        source="get_descendant_count", read_only=True, help_text="全部下级组织数，含已撤销的"
    )
    members = serializers.IntegerField(
        source="live_members", read_only=True, help_text="直接隶属的党员数"
    )

    class Meta:
        model = OrgUnit
        fields = [
            "id", "name", "tier", "tier_label", "org_form", "org_form_label", "parent",
            "division_code", "coverage_kind", "status", "established_on", "abolished_on",
            "successor", "descendants", "members",
        ]  # fmt: skip


class OrgUnitFilter(filters.FilterSet):  # type: ignore[misc]
    tier = filters.ChoiceFilter(choices=Tier.choices, label="层级，1 到 4")
    parent = IdFilter(field_name="parent_id", label="上级组织的编号")
    division_code = filters.CharFilter(max_length=12, label="区划代码")
    status = filters.ChoiceFilter(choices=OrgStatus.choices, label="状态")
    search = filters.CharFilter(method="filter_search", max_length=50, label="名称包含")

    class Meta:
        model = OrgUnit
        fields = ["tier", "parent", "division_code", "status", "search"]

    def filter_search(self, queryset: OrgUnitQuerySet, name: str, value: str) -> Any:
        return queryset.filter(name__icontains=value)


class OrgUnitViewSet(ScopedReadViewSet[OrgUnit]):
    """组织树中您能看到的党组织。"""

    noun = Noun.ORG
    queryset = OrgUnit.objects.with_counts()
    serializer_class = OrgUnitSerializer
    filterset_class = OrgUnitFilter


def register(router: BaseRouter) -> None:
    """Hang this app's views into the API."""
    router.register("org-units", OrgUnitViewSet, basename="org-unit")
