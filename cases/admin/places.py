"""The admin of what holds everywhere or in one street: 区域时限, 答复模板.

The system administrator keeps all of it, a street's administrator that of the own street.
"""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from cases.models import AnswerTemplate, Category, ZoneLimit
from cases.models.placed import root_of, trees_kept
from orgs.adminbase import ScopedAdmin
from orgs.levels import Tier
from orgs.models import OrgUnit
from orgs.roles import ADMIN_ROLES, EDIT, Noun, Role
from orgs.scope import has_role


class KeptByStreet(ScopedAdmin):
    """Written by the system's administrator and the streets', who are offered nodes of their reach.

    `street` offers roots, `community` communities, `grid` is looked up.
    """

    noun = Noun.CASE

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return has_role(request.user, Role.SYSADMIN, Role.STREET_ADMIN)  # type: ignore[arg-type]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return self.has_add_permission(request)
        return bool(self.model.objects.visible_to(request.user, EDIT).filter(pk=obj.pk).exists())

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        nodes = OrgUnit.objects.visible_to(request.user)
        if db_field.name == "street":
            kwargs["queryset"] = nodes.filter(parent=None)
        if db_field.name == "community":
            kwargs["queryset"] = nodes.filter(tier=Tier.COMMUNITY)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class StreetSettings(KeptByStreet):
    """What a street sets for itself; the system's administrator also for everybody."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return has_role(request.user, *ADMIN_ROLES)  # type: ignore[arg-type]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "category":
            kwargs["queryset"] = Category.objects.filter(is_active=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Refuse a street's administrator whose row would hold for others, too."""
        if not has_role(request.user, Role.SYSADMIN):  # type: ignore[arg-type]
            root = root_of(obj)
            if root is None or root.tree_id not in trees_kept(request.user):
                raise ValidationError(
                    {"street": "您只能设置本街道的：请选择街道，或者本街道的社区、网格。"}
                )
        super().save_model(request, obj, form, change)

    def audit_street(self, obj: Any) -> int | None:
        root = root_of(obj)
        return None if root is None else int(root.get_root().pk)


@admin.register(ZoneLimit)
class ZoneLimitAdmin(StreetSettings):
    """区域时限: new cases take the nearest row; cases under way keep what they have."""

    list_display = ["place", "category", "sla_class", "reason", "is_active"]
    list_display_links = ["place"]
    list_filter = ["is_active", "sla_class"]
    list_select_related = ["street", "community", "grid", "category", "sla_class"]
    search_fields = ["reason"]
    autocomplete_fields = ["grid"]
    fields = ["category", "street", "community", "grid", "sla_class", "reason", "is_active"]

    @admin.display(description="区域")
    def place(self, row: ZoneLimit) -> str:
        return row.place


@admin.register(AnswerTemplate)
class AnswerTemplateAdmin(StreetSettings):
    list_display = ["name", "move", "category", "street", "order", "is_active"]
    list_filter = ["move", "is_active"]
    list_select_related = ["street", "category"]
    search_fields = ["name", "text"]
    fields = ["name", "move", "category", "street", "text", "order", "is_active"]
