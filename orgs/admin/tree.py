"""The organisation tree: one draggable tree at a time; dragging is `services.move`."""

from typing import Any, Literal, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from mptt.admin import DraggableMPTTAdmin

from orgs import services
from orgs.adminbase import ScopedAdmin
from orgs.models import OrgUnit
from orgs.roles import Noun
from orgs.tables.organisations import OrganisationTable
from orgs.tables.shell import TableShell


class OrgUnitForm(forms.ModelForm):  # type: ignore[type-arg]
    reason = forms.CharField(label="依据", max_length=200, required=False, help_text="例如批复文号")

    class Meta:
        model = OrgUnit
        fields = ["parent", "name", "tier", "org_form", "region", "coverage_kind", "established_on"]

    def _post_clean(self) -> None:
        """Skip the model's own checks: the services judge, under the tree's lock."""


class TreeFilter(admin.SimpleListFilter):
    """One tree at a time: a province has a hundred thousand nodes, a street a hundred."""

    title = "街道（社区）"
    parameter_name = "tree"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        if not str(self.value() or "").isdecimal():
            return []
        root = OrgUnit.objects.visible_to(request.user).filter(pk=self.value()).first()
        return [(str(root.pk), root.name)] if root else []

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return one_tree(request, queryset)


def one_tree(request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
    """Limit to the chosen tree; a user of one tree needs no choice, a search looks everywhere."""
    chosen = request.GET.get("tree", "")
    if chosen.isdecimal() and len(chosen) < 19:
        tree = OrgUnit.objects.filter(pk=chosen).values("tree_id")
        return queryset.filter(tree_id__in=tree)
    if request.GET.get("q"):
        return queryset
    trees = set(queryset.order_by().values_list("tree_id", flat=True).distinct()[:2])
    return queryset if len(trees) < 2 else queryset.filter(parent=None)


@admin.register(OrgUnit)
class OrgUnitAdmin(TableShell, ScopedAdmin, DraggableMPTTAdmin):  # type: ignore[misc]
    noun = Noun.ORG
    import_table = OrganisationTable
    service_audits = True
    form = OrgUnitForm
    list_display = (
        "tree_actions",
        "indented_title",
        "tier",
        "org_form",
        "members",
        "status",
        "open",
    )
    list_display_links = ("indented_title",)
    list_filter = (TreeFilter, "tier", "org_form", "status")
    list_per_page = 1000
    search_fields = ("name", "division_code")
    autocomplete_fields = ("parent", "region")
    actions = ("abolish_empty",)
    expand_tree_by_default = True

    class Media:
        css = {"all": ("orgs/admin-tree.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).with_counts()  # type: ignore[attr-defined,no-any-return]

    def audit_street(self, obj: OrgUnit) -> int | None:
        root: OrgUnit = obj.get_root()
        return int(root.pk)

    def get_list_display(self, request: HttpRequest) -> Any:
        """Offer to open a tree only where the list shows the roots of many."""
        user: Any = request.user
        many = any(grant.is_everywhere or grant.region_code for grant in user.grants)
        roots = many and not request.GET.get("tree")
        return self.list_display if roots else self.list_display[:-1]

    @admin.display(description="名称")
    def indented_title(self, item: OrgUnit) -> str:
        return format_html('<span class="tree-depth-{}">{}</span>', min(item.level, 9), item.name)

    @admin.display(description="党员")
    def members(self, item: Any) -> int:
        return int(item.live_members)

    @admin.display(description="")
    def open(self, item: OrgUnit) -> str:
        if item.parent_id is not None:
            return ""
        return format_html('<a href="?tree={}">展开</a>', item.pk)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = ("parent", "tier", "region", "status", "abolished_on", "successor")
        return fixed if obj else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = ["parent", "name", "tier", "org_form", "region", "coverage_kind", "established_on"]
        after = ["status", "abolished_on", "successor"] if obj else []
        editable = self.has_change_permission(request, obj) if obj else True
        return [*fields, *after, *(["reason"] if editable else [])]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        user: Any = request.user
        typed = form.cleaned_data
        if change:
            services.rename(
                node=obj, name=typed["name"], org_form=typed["org_form"],
                coverage_kind=typed["coverage_kind"], established_on=typed["established_on"],
                by=user, reason=typed["reason"],
            )  # fmt: skip
        else:
            made = services.add_org_unit(
                parent=typed["parent"], name=typed["name"], tier=typed["tier"],
                org_form=typed["org_form"], region=typed["region"],
                coverage_kind=typed["coverage_kind"], established_on=typed["established_on"],
                by=user, reason=typed["reason"],
            )  # fmt: skip
            obj.pk = made.pk
        obj.refresh_from_db()

    @admin.action(description="撤销所选组织（须没有下级和党员）", permissions=["change"])
    def abolish_empty(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        user: Any = request.user
        for node in queryset.order_by("-level"):
            try:
                services.abolish(node=node, by=user)
            except (ValidationError, PermissionDenied) as refusal:
                self.message_user(request, _sentence(refusal), messages.ERROR)
            else:
                self.message_user(request, f"“{node.name}”已撤销。", messages.SUCCESS)

    def _tree_context(self, request: HttpRequest) -> dict[str, Any]:
        shown = one_tree(request, self.get_queryset(request))
        return {
            "storageName": "tree_orgs_collapsed",
            "treeStructure": self._build_tree_structure(shown),
            "levelIndent": self.mptt_level_indent,
            "messages": {
                "before": "移到它前面", "child": "移到它下面", "after": "移到它后面",
                "collapseTree": "全部收起", "expandTree": "全部展开",
            },
            "expandTreeByDefault": self.expand_tree_by_default,
        }  # fmt: skip

    def _move_node(self, request: HttpRequest) -> HttpResponse:
        """Take the drop of a dragged row to the service; a refusal becomes a message."""
        user: Any = request.user
        position = request.POST.get("position")
        nodes = self._pair(request)
        if nodes is None or position not in ("last-child", "left", "right"):
            self.message_user(request, "组织刚刚有变动，请刷新后再试。", messages.ERROR)
            return HttpResponse("FAIL")
        node, target = nodes
        try:
            if position == "last-child":
                services.move(node=node, parent=target, by=user)
            else:
                side = cast(Literal["left", "right"], position)
                services.move(node=node, parent=target.parent, beside=target, side=side, by=user)
        except (ValidationError, PermissionDenied) as refusal:
            self.message_user(request, _sentence(refusal), messages.ERROR)
            return HttpResponse("FAIL")
        self.message_user(request, f"“{node.name}”已移动。", messages.SUCCESS)
        return HttpResponse("OK")

    def _pair(self, request: HttpRequest) -> tuple[OrgUnit, OrgUnit] | None:
        keys = [request.POST.get(name, "") for name in ("cut_item", "pasted_on")]
        if not all(key.isdecimal() and len(key) < 19 for key in keys):
            return None
        found = self.get_queryset(request).in_bulk([int(key) for key in keys])
        pair = [found.get(int(key)) for key in keys]
        return (pair[0], pair[1]) if pair[0] and pair[1] else None

    def view_on_site(self, obj: OrgUnit) -> str:
        return reverse("orgs:detail", args=[obj.pk])


def _sentence(refusal: Exception) -> str:
    if isinstance(refusal, ValidationError):
        return "；".join(refusal.messages)
    return str(refusal)
