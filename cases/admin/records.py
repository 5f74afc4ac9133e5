"""The admin of cases: everything readable in scope, nothing written past the services.

Categories and SLA classes are configuration: the system administrator edits them, others read.
What a street may keep for itself: `cases/admin/places.py`.
"""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from cases.admin.places import KeptByStreet
from cases.models import (
    Case,
    CaseEvent,
    Category,
    CategoryQuestion,
    LedgerScheme,
    Revisit,
    RevisitDraw,
    RoutingRule,
    SlaClass,
)
from cases.open311 import admin as open311_admin  # noqa: F401  registers 接入应用
from cases.services.routing import save_rule
from cases.workflow import Who
from orgs.adminbase import Configuration, ReadOnly, ScopedAdmin, ScopedInline
from orgs.roles import ADMIN_ROLES, Noun, Role
from orgs.scope import has_role


class CaseSettings(Configuration):
    noun = Noun.CASE


@admin.register(SlaClass)
class SlaClassAdmin(CaseSettings):
    list_display = [
        "name",
        "code",
        "check_text",
        "sign_text",
        "contact_text",
        "handle_text",
        "is_active",
    ]
    prepopulated_fields: ClassVar[dict[str, Any]] = {}

    @admin.display(description="核实")
    def check_text(self, row: SlaClass) -> str:
        return row.check_limit.label if row.check_limit else "不限"

    @admin.display(description="签收（到场）")
    def sign_text(self, row: SlaClass) -> str:
        return row.sign_limit.label if row.sign_limit else "不限"

    @admin.display(description="首次联系")
    def contact_text(self, row: SlaClass) -> str:
        return row.contact_limit.label if row.contact_limit else "不限"

    @admin.display(description="办理")
    def handle_text(self, row: SlaClass) -> str:
        return row.handle_limit.label if row.handle_limit else "不限"


class QuestionInline(ScopedInline):
    """What apps of others ask besides the description; kept like the category."""

    noun = Noun.CASE
    model = CategoryQuestion
    extra = 0
    deletable = True

    def scope(self, queryset: QuerySet[Any], user: Any, letters: str) -> QuerySet[Any]:
        return queryset

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return has_role(request.user, *ADMIN_ROLES)  # type: ignore[arg-type]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return has_role(request.user, Role.SYSADMIN)  # type: ignore[arg-type]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request)


@admin.register(Category)
class CategoryAdmin(CaseSettings):
    inlines: ClassVar[Any] = [QuestionInline]
    list_display = [
        "name",
        "parent",
        "sla_class",
        "level",
        "lead_unit",
        "confidential",
        "needs_photo",
        "is_active",
    ]
    list_filter = ["level", "is_active", "sla_class"]
    list_select_related = ["parent", "sla_class", "lead_unit"]
    search_fields = ["name", "slug"]


@admin.register(RoutingRule)
class RoutingRuleAdmin(KeptByStreet):
    """A street's rules by its administrator, those of the whole installation by the system's.

    Saving leads to the trial page: only there a rule is switched on.
    """

    service_audits = True
    list_display = [
        "order", "name", "area", "category", "words", "source", "unit", "is_active", "trial_link",
    ]  # fmt: skip
    list_display_links = ["order", "name"]
    list_filter = ["is_active"]
    list_select_related = ["street", "community", "grid", "category", "unit"]
    search_fields = ["name", "words"]
    autocomplete_fields = ["grid"]
    fieldsets = [
        (None, {"fields": ["order", "name"]}),
        ("什么样的事项（留空就是不限，填了的都要符合）", {
            "fields": [
                "street", "community", "grid", "category", "words", "words_mode", "source",
            ],
        }),
        ("建议怎么派", {"fields": ["unit", "level", "sla_class", "final"]}),
        ("有效期", {"fields": ["valid_from", "valid_until"]}),
    ]  # fmt: skip

    def has_module_permission(self, request: HttpRequest) -> bool:
        return has_role(request.user, *ADMIN_ROLES - {Role.AUDITOR})  # type: ignore[arg-type]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """A street's administrator writes rules of that street only."""
        form = super().get_form(request, obj, change=change, **kwargs)
        field = getattr(form, "base_fields", {}).get("street")
        if field is not None and not has_role(request.user, Role.SYSADMIN):  # type: ignore[arg-type]
            field.required, field.help_text = True, ""
            field.initial = field.queryset.first()
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        user: Any = request.user
        save_rule(rule=obj, by=user)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return redirect("cases:rule_trial", obj.pk)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return redirect("cases:rule_trial", obj.pk)

    @admin.display(description="地点")
    def area(self, rule: RoutingRule) -> str:
        return str(rule.grid or rule.community or rule.street or "全平台")

    @admin.display(description="试运行")
    def trial_link(self, rule: RoutingRule) -> str:
        address = reverse("cases:rule_trial", args=[rule.pk])
        return format_html(
            '<a href="{}">{}</a>', address, "查看" if rule.is_active else "试运行并启用"
        )


@admin.register(LedgerScheme)
class LedgerSchemeAdmin(CaseSettings):
    list_display = ["name", "code", "owner_level", "is_active"]
    fields = ["name", "code", "owner_level", "lists", "is_active"]


class EventInline(ReadOnly, ScopedInline):
    model = CaseEvent
    noun = Noun.CASE
    fields = ["at", "label", "from_status", "to_status", "who", "org_label", "note"]
    readonly_fields = ["label", "who"]
    verbose_name_plural = "办理记录"

    def scope(self, queryset: QuerySet[Any], user: Any, letters: str) -> QuerySet[Any]:
        return queryset.select_related("actor__person", "case")

    @admin.display(description="动作")
    def label(self, event: CaseEvent) -> str:
        return event.label

    @admin.display(description="操作人")
    def who(self, event: CaseEvent) -> str:
        """Name the actor, but never who reported in confidence: the case's page knows who may ask."""
        if event.case.confidential and event.role == Who.REPORTER:
            return "反映人（保密）"
        return event.actor.display_name if event.actor else ""


@admin.register(Case)
class CaseAdmin(ReadOnly, ScopedAdmin):
    """Read only: a case moves on its page, where the workflow table gives the buttons."""

    noun = Noun.CASE
    list_display = ["case_no", "status", "category", "grid", "lead_unit", "created_at", "due_at"]
    list_filter = ["status", "source", "level"]
    list_select_related = ["category", "grid", "lead_unit"]
    search_fields = ["case_no"]
    search_help_text = "按编号查找"
    ordering = ["-id"]
    # The reporter's contact is asked for on the case's page, with a purpose.
    fields = [
        "case_no", "status", "text", "category", "sla_class", "source", "level", "street",
        "community", "grid", "building", "address", "lead_unit", "in_grid", "outcome", "cycle",
        "rework_count", "created_at", "accepted_at", "due_at", "original_due_at", "signed_at",
        "fed_back_at", "verified_at", "closed_at", "supervised_at",
    ]  # fmt: skip
    inlines = [EventInline]


@admin.register(RevisitDraw)
class RevisitDrawAdmin(ReadOnly, ScopedAdmin):
    noun = Noun.REVISIT
    list_display = ["month", "grid", "population", "quota", "drawn_at"]
    list_select_related = ["grid"]
    list_filter = ["month"]
    fields = [
        "month", "grid", "population", "quota", "list_hash", "seed", "listed", "mandatory", "case_nos",
        "drawn_at",
    ]  # fmt: skip

    def scope(self, queryset: QuerySet[Any], user: Any, letters: str) -> QuerySet[Any]:
        revisits = Revisit.objects.visible_to(user, letters)
        return queryset.filter(pk__in=revisits.values("draw_id"))


@admin.register(Revisit)
class RevisitAdmin(ReadOnly, ScopedAdmin):
    noun = Noun.REVISIT
    list_display = ["case", "month", "assignee", "state", "solved", "satisfaction", "done_at"]
    list_select_related = ["case", "assignee__person"]
    list_filter = ["state", "month", "satisfaction"]
    search_fields = ["case__case_no"]
    fields = [
        "case", "month", "assignee", "state", "solved", "satisfaction", "reason", "note",
        "done_at", "decision_due_at", "decision", "locks_at",
    ]  # fmt: skip
