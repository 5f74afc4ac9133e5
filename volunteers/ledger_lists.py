"""三项清单 (需求、资源、项目) in the register. Needs by their public words only."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from cases.ledger_registry import LedgerList, Place, day, ledger_list
from gridparty.lib.periods import Month
from orgs.models import User
from residents.models import Need
from volunteers.models import Project, Resource
from volunteers.workflow import ProjectStatus, ResourceStatus

USABLE = (ResourceStatus.OPEN, ResourceStatus.RESERVED)
UNAPPROVED = (ProjectStatus.DRAFT, ProjectStatus.REVIEW)


@ledger_list
class Needs(LedgerList):
    code, note = "needs", "截至月末登记的、可以公开的需求"
    columns = (
        ("需求", 40), ("类别", 12), ("缓急", 8), ("来源", 10), ("数量", 7), ("网格", 14), ("期望时间", 12),
        ("状态", 10), ("登记日期", 12),
    )  # fmt: skip

    def rows(self, user: User, place: Place, month: Month) -> QuerySet[Any]:
        where = {f"household__{name}": value for name, value in place.items()}
        found = Need.objects.visible_to(user).on_offer().filter(created_at__lt=month.end, **where)
        return found.select_related("household__grid").order_by("id")

    def cells(self, row: Any) -> list[Any]:
        return [
            row.public_text, row.get_kind_display(), row.get_urgency_display(),
            row.get_source_display(), row.quantity, row.household.grid.name, day(row.wanted_by),
            row.get_status_display(), day(row.created_at),
        ]  # fmt: skip

    def url(self, row: Any) -> str:
        return reverse("volunteers:need", args=[row.pk])


def _of_area(place: Place, *, shared: bool) -> Q:
    """Rows of the community (or, `shared`, of the whole street) that serve the chosen grid, if any."""
    where = Q()
    if "street" in place:
        where &= Q(street=place["street"])
    if "community" in place:
        own = Q(community=place["community"])
        where &= (own | Q(community=None)) if shared else own
    if "grid" in place:
        where &= Q(grids=place["grid"]) | Q(grids=None)
    return where


@ledger_list
class Resources(LedgerList):
    code, note = "resources", "截至月末可用的资源"
    columns = (
        ("资源", 30), ("类别", 10), ("提供单位", 24), ("数量", 7), ("计量", 8), ("能解决", 24),
        ("可用时间", 20), ("使用条件", 24), ("有效期至", 12), ("状态", 10),
    )  # fmt: skip

    def rows(self, user: User, place: Place, month: Month) -> QuerySet[Any]:
        valid = Q(valid_until=None) | Q(valid_until__gte=month.first_day)
        found = Resource.objects.visible_to(user).filter(valid, created_at__lt=month.end)
        found = found.filter(status__in=USABLE)
        found = found.filter(_of_area(place, shared=True))
        return found.select_related("unit").distinct().order_by("id")

    def cells(self, row: Any) -> list[Any]:
        return [
            row.title, row.get_kind_display(), row.unit.name, row.capacity, row.measure,
            row.need_words, row.times, row.conditions, day(row.valid_until), row.get_status_display(),
        ]  # fmt: skip

    def url(self, row: Any) -> str:
        return reverse("volunteers:resource", args=[row.pk])


@ledger_list
class Projects(LedgerList):
    code, note = "projects", "当月在期的服务项目"
    columns = (
        ("项目", 28), ("类别", 12), ("品牌", 14), ("做什么", 40), ("牵头", 22), ("计划场次", 9),
        ("资金来源", 14), ("开始", 12), ("结束", 12), ("状态", 10),
    )  # fmt: skip

    def rows(self, user: User, place: Place, month: Month) -> QuerySet[Any]:
        found = Project.objects.visible_to(user).filter(
            starts_on__lt=month.end.date(), ends_on__gte=month.first_day
        )
        found = found.filter(_of_area(place, shared=False)).exclude(status__in=UNAPPROVED)
        return found.select_related("category", "lead_unit", "lead_team").distinct().order_by("id")

    def cells(self, row: Any) -> list[Any]:
        lead = row.lead_unit or row.lead_team
        return [
            row.name, row.category.name, row.brand, row.about, str(lead or ""), row.sessions,
            row.funding, day(row.starts_on), day(row.ends_on), row.get_status_display(),
        ]  # fmt: skip

    def url(self, row: Any) -> str:
        return reverse("volunteers:project", args=[row.pk])
