"""What every admin of the product inherits: the roles table decides, scope limits, audit records.

    @admin.register(Grid)
    class GridAdmin(ScopedAdmin):
        noun = Noun.GRID

Rows come from the model's `visible_to(user, letters)`. Writes belong in `save_model`, through the
app's services; a ValidationError raised there comes back as a message on the form, with
everything typed still in place. Nothing can be deleted unless the admin says `deletable = True`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import ForeignKey, ManyToManyField, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from orgs.audit import ACTIONS, describe_actions, record
from orgs.models import AuditEntry
from orgs.roles import ADMIN_ROLES, CREATE, EDIT, SEES, Role
from orgs.scope import can, has_role

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin

    _Base = BaseModelAdmin[Any]
    _Admin = admin.ModelAdmin[Any]
    _Tabular = admin.TabularInline[Any, Any]
else:
    _Base = object
    _Admin = admin.ModelAdmin
    _Tabular = admin.TabularInline

describe_actions(
    admin__add="后台新建", admin__change="后台修改", admin__delete="后台删除",
)  # fmt: skip


class ByRole(_Base):
    """Permissions by noun and letters, rows and choices by `visible_to`."""

    noun: ClassVar[str]
    view_letters: ClassVar[str] = SEES
    add_letters: ClassVar[str] = CREATE
    change_letters: ClassVar[str] = EDIT
    deletable: ClassVar[bool] = False

    def scope(self, queryset: QuerySet[Any], user: Any, letters: str) -> QuerySet[Any]:
        """Limit rows to those where the user holds any of `letters`. Override for other rules."""
        scoped: QuerySet[Any] = queryset.visible_to(user, letters)  # type: ignore[attr-defined]
        return scoped

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        letters = self.view_letters + self.change_letters
        return self.scope(super().get_queryset(request), request.user, letters)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return can(request.user, self.noun, self.view_letters)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can(request.user, self.noun, self.view_letters)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.add_letters) and can(request.user, self.noun, self.add_letters)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not self.change_letters or not can(request.user, self.noun, self.change_letters):
            return False
        if obj is None or not isinstance(obj, self.model):  # an inline is asked about its parent
            return True
        own = self.model._default_manager.filter(pk=obj.pk)
        return self.scope(own, request.user, self.change_letters).exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.deletable and self.has_change_permission(request, obj)

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        _limit_choices(db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        _limit_choices(db_field, request, kwargs)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class ScopedAdmin(ByRole, _Admin):
    """A ModelAdmin by roles; see the module's docstring."""

    # True where the services behind `save_model` write the audit entries themselves.
    service_audits: ClassVar[bool] = False
    list_per_page = 50
    show_full_result_count = False
    save_on_top = False

    def audit_street(self, obj: Any) -> int | None:
        """Return the id of the tree root the object belongs to, for the audit trail."""
        return getattr(obj, "street_id", None)

    def log_addition(self, request: HttpRequest, object: Any, message: Any) -> Any:
        return self._record(request, "admin.add", object, {})

    def log_change(self, request: HttpRequest, object: Any, message: Any) -> Any:
        fields = [
            name for part in message if isinstance(part, dict)
            for what in part.values() for name in what.get("fields", [])
        ]  # fmt: skip
        return self._record(request, "admin.change", object, {"fields": fields})

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return [self._record(request, "admin.delete", obj, {}) for obj in queryset]

    def _record(self, request: HttpRequest, action: str, obj: Any, detail: dict[str, Any]) -> Any:
        if self.service_audits:
            return None
        user: Any = request.user
        return record(
            by=user, action=action, target=obj, street=self.audit_street(obj), detail=detail
        )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show a service's refusal on the form instead of failing; the typed values stay."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refusal:
            request.service_refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "service_refusal", None)
        return form if refusal is None else _refusing(form, refusal)

    def _get_obj_does_not_exist_redirect(self, *args: Any) -> HttpResponse:
        raise Http404("没有找到，或者您无权查看。")

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the audit trail of the object in Django's history page."""
        entries = AuditEntry.objects.filter(
            target_kind=self.opts.label_lower, target_id=unquote(object_id)
        ).select_related("actor__person")
        page: Any = Paginator(entries, 100).get_page(request.GET.get(PAGE_VAR, "1"))
        page.object_list = [_HistoryLine(entry) for entry in page.object_list]
        context = {
            "action_list": page,
            "page_range": page.paginator.get_elided_page_range(page.number),
            "pagination_required": page.has_other_pages(),
        }
        return super().history_view(request, object_id, {**context, **(extra_context or {})})


class ScopedInline(ByRole, _Tabular):
    """A tabular inline by roles: its noun's letters decide, whatever the parent allows."""

    extra = 0
    show_change_link = False


class ReadOnly:
    """Mix in before ScopedAdmin for tables nobody writes by hand."""

    add_letters: ClassVar[str] = ""
    change_letters: ClassVar[str] = ""


def _limit_choices(db_field: Any, request: HttpRequest, kwargs: dict[str, Any]) -> None:
    """Offer only rows the user may see, wherever the related model knows scope."""
    related = db_field.remote_field.model._default_manager
    if "queryset" not in kwargs and hasattr(related, "visible_to"):
        kwargs["queryset"] = related.visible_to(request.user)


def _refusing(form: Any, refusal: ValidationError) -> Any:
    """Return the form class with the service's refusal as its error."""

    def clean(self: Any) -> Any:
        data = form.clean(self)
        for name, errors in _by_field(refusal).items():
            self.add_error(name if name in self.fields else None, errors)
        return data

    return type(form.__name__, (form,), {"clean": clean})


def _by_field(refusal: ValidationError) -> dict[str | None, list[Any]]:
    if hasattr(refusal, "error_dict"):
        return {name: list(errors) for name, errors in refusal.error_dict.items()}
    return {None: refusal.error_list}


class _HistoryLine:
    """One audit entry in the shape Django's history template asks for."""

    def __init__(self, entry: AuditEntry) -> None:
        self.action_time = entry.at
        self.user = _Named(entry.actor.display_name if entry.actor else "系统")
        self.get_change_message: Callable[[], str] = lambda: _describe(entry)


class _Named:
    def __init__(self, name: str) -> None:
        self.get_username = name
        self.get_full_name = ""


def _describe(entry: AuditEntry) -> str:
    label = ACTIONS.get(entry.action, entry.action)
    fields = "、".join(map(str, entry.detail.get("fields", [])))
    return f"{label}：{fields}" if fields else label


class Configuration(ScopedAdmin):
    """Tables without territory: the system administrator writes, whoever enters the admin reads."""

    def scope(self, queryset: QuerySet[Any], user: Any, letters: str) -> QuerySet[Any]:
        return queryset

    def has_module_permission(self, request: HttpRequest) -> bool:
        return has_role(request.user, *ADMIN_ROLES)  # type: ignore[arg-type]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return has_role(request.user, Role.SYSADMIN)  # type: ignore[arg-type]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request)
