"""接入应用: keys are given out by the system's and the streets' administrators, and shown once."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from cases.models import AppKey
from cases.services.apps import give_key
from orgs.adminbase import ScopedAdmin
from orgs.models import OrgUnit
from orgs.roles import Noun, Role
from orgs.scope import has_role

KEPT_BY = (Role.SYSADMIN, Role.STREET_ADMIN)


def _streets(user: Any) -> list[int]:
    """Return the streets the user gives keys out for."""
    return [grant.org_id for grant in user.grants if grant.role == Role.STREET_ADMIN]


@admin.register(AppKey)
class AppKeyAdmin(ScopedAdmin):
    """Saving a new app shows its key; 重新发放 ends the old key. Nothing here is deleted."""

    noun = Noun.CASE
    list_display = [
        "name",
        "contact",
        "street",
        "is_active",
        "expires_on",
        "publishes",
    ]
    list_filter = ["is_active"]
    list_select_related = ["street"]
    search_fields = ["name", "contact"]
    fields = ["name", "contact", "street", "publishes", "is_active", "expires_on"]
    actions = ["renew"]

    def scope(self, queryset: QuerySet[Any], user: Any, letters: str) -> QuerySet[Any]:
        if has_role(user, Role.SYSADMIN):
            return queryset
        return queryset.filter(street_id__in=_streets(user))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return has_role(request.user, *KEPT_BY)  # type: ignore[arg-type]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return self.has_module_permission(request)
        return self.scope(AppKey.objects.filter(pk=obj.pk), request.user, "").exists()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "street":
            roots = OrgUnit.objects.filter(parent=None)
            if not has_role(request.user, Role.SYSADMIN):  # type: ignore[arg-type]
                roots = roots.filter(pk__in=_streets(request.user))
            kwargs["queryset"] = roots
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            self._show(request, obj)

    def _show(self, request: HttpRequest, app: AppKey) -> None:
        key = give_key(app=app, by=request.user)  # type: ignore[arg-type]
        messages.warning(request, f"“{app}”的 api_key（只显示这一次，请立即抄存）：{key}")

    @admin.action(description="重新发放密钥（旧的立即失效）", permissions=["change"])
    def renew(self, request: HttpRequest, queryset: QuerySet[AppKey]) -> None:
        for app in queryset:
            self._show(request, app)
