"""The audit trail, to read only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from orgs.adminbase import ReadOnly, ScopedAdmin
from orgs.audit import ACTIONS
from orgs.models import AuditEntry
from orgs.roles import VIEW, Noun


class ActionFilter(admin.SimpleListFilter):
    title = "动作"
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted(ACTIONS.items(), key=lambda item: item[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, ScopedAdmin):
    noun = Noun.AUDIT
    view_letters = VIEW
    list_display = ("at", "actor", "action_label", "target", "street", "address", "purpose")
    list_filter = (ActionFilter, "at")
    list_select_related = ("actor__person", "street")
    search_fields = ("=target_id", "=actor__username", "=request_id")
    search_help_text = "对象编号、操作人用户名或请求编号（完整填写）"
    fields = (
        "at", "actor", "action_label", "target", "street", "purpose", "address", "request_id",
        "detail",
    )  # fmt: skip

    @admin.display(description="动作", ordering="action")
    def action_label(self, entry: AuditEntry) -> str:
        return ACTIONS.get(entry.action, entry.action)

    @admin.display(description="对象")
    def target(self, entry: AuditEntry) -> str:
        return f"{entry.target_kind} {entry.target_id}"
