"""Users and the roles they hold; both only through the services."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from orgs import services
from orgs.adminbase import ScopedAdmin
from orgs.models import OrgUnit, Region, RoleAssignment, Unit, User
from orgs.roles import CREATE, Noun, Role


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new user gets the first role at once: without one, a street would not see its own user."""

    new_name = forms.CharField(label="或新登记姓名", max_length=60, required=False)
    password = forms.CharField(
        label="密码", required=False, strip=False, max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少 10 位，不能是常见密码。修改用户时留空表示不改密码。",
    )  # fmt: skip
    role = forms.ChoiceField(label="首个角色", required=False)
    org_unit = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="角色所在党组织", required=False,
        widget=AutocompleteSelect(RoleAssignment._meta.get_field("org_unit"), admin.site),
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="角色所在单位", required=False,
        widget=AutocompleteSelect(RoleAssignment._meta.get_field("unit"), admin.site),
        help_text="职能部门经办和共建单位选单位，其他角色选党组织。",
    )  # fmt: skip
    region = forms.ModelChoiceField(
        Region.objects.none(), label="角色所在区划", required=False,
        widget=AutocompleteSelect(RoleAssignment._meta.get_field("region"), admin.site),
        help_text="区县干部选区划。",
    )  # fmt: skip

    class Meta:
        model = User
        fields = ["username", "person", "is_active"]

    def _post_clean(self) -> None:
        """Skip the model's own checks: the services judge."""


@admin.register(User)
class UserAdmin(ScopedAdmin):
    noun = Noun.USER
    service_audits = True
    change_letters = CREATE
    form = UserForm
    list_display = ("username", "shown_name", "role_names", "is_active", "last_login")
    list_filter = ("is_active",)
    list_select_related = ("person",)
    search_fields = ("username__startswith", "person__name__startswith")
    autocomplete_fields = ("person",)
    ordering = ("username",)
    actions = ("issue_tokens",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related(
            "roles__org_unit", "roles__unit", "roles__region"
        )  # fmt: skip

    @admin.display(description="姓名")
    def shown_name(self, user: User) -> str:
        return user.display_name

    @admin.display(description="角色")
    def role_names(self, user: User) -> str:
        return "、".join(str(role) for role in user.roles.all() if role.is_in_force)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if not obj:
            new = ["username", "person", "new_name", "password"]
            return [*new, "role", "org_unit", "unit", "region"]
        return ["username", "person", "role_names", "is_active", "password", "last_login"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("username", "person", "role_names", "last_login") if obj else ()

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            form.base_fields["role"].choices = [("", "---------"), *_givable(request.user)]
            form.base_fields["org_unit"].queryset = OrgUnit.objects.visible_to(request.user)
            form.base_fields["unit"].queryset = Unit.objects.visible_to(request.user)
            form.base_fields["region"].queryset = Region.objects.all()
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by: Any = request.user
        typed = form.cleaned_data
        if not change:
            if not typed["role"] and not _is_everywhere(by):
                raise ValidationError({"role": "请选择首个角色。"})
            made = services.create_user(
                username=typed["username"], password=typed["password"], person=typed["person"],
                name=typed["new_name"], by=by,
            )  # fmt: skip
            if typed["role"]:
                services.assign_role(
                    user=made, role=typed["role"], org_unit=typed["org_unit"],
                    unit=typed["unit"], region=typed["region"], by=by,
                )  # fmt: skip
            obj.pk = made.pk
        else:
            if typed["password"]:
                services.reset_password(user=obj, password=typed["password"], by=by)
            if "is_active" in form.changed_data:
                services.set_active(user=obj, active=typed["is_active"], by=by)
        obj.refresh_from_db()

    @admin.action(description="发放接口令牌（原令牌作废）", permissions=["change"])
    def issue_tokens(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        by: Any = request.user
        for user in queryset[:10]:
            try:
                token = services.issue_token(user=user, by=by)
            except (ValidationError, PermissionDenied) as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
            else:
                text = f"{user.username} 的新令牌是 {token}，只显示这一次，请妥善交给本人。"
                self.message_user(request, text, messages.SUCCESS)


class RoleForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = RoleAssignment
        fields = ["user", "role", "org_unit", "region", "unit", "start", "end"]

    def _post_clean(self) -> None:
        """Skip the model's own checks: the services judge."""


class InForceFilter(admin.SimpleListFilter):
    title = "状态"
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", "在用"), ("0", "已收回")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "1":
            return queryset.in_force()  # type: ignore[attr-defined,no-any-return]
        if self.value() == "0":
            return queryset.exclude(pk__in=RoleAssignment.objects.in_force().values("pk"))
        return queryset


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(ScopedAdmin):
    noun = Noun.USER
    service_audits = True
    change_letters = CREATE
    form = RoleForm
    list_display = ("user", "role", "org_unit", "unit", "region", "start", "end")
    list_filter = (InForceFilter, "role")
    list_select_related = ("user", "org_unit", "unit", "region")
    search_fields = ("user__username__startswith", "user__person__name__startswith")
    autocomplete_fields = ("user", "org_unit", "region", "unit")
    ordering = ("-id",)
    actions = ("take_back",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("user", "role", "org_unit", "region", "unit", "start") if obj else ()

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the roles this user may give."""
        if db_field.name == "role":
            kwargs["choices"] = [("", "---------"), *_givable(request.user)]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by: Any = request.user
        typed = form.cleaned_data
        if change:
            services.end_role(assignment=obj, last_day=typed["end"], by=by)
        else:
            made = services.assign_role(
                user=typed["user"], role=typed["role"], org_unit=typed["org_unit"],
                region=typed["region"], unit=typed["unit"], start=typed["start"],
                end=typed["end"], by=by,
            )  # fmt: skip
            obj.pk = made.pk
        obj.refresh_from_db()

    @admin.action(description="收回所选角色", permissions=["change"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        by: Any = request.user
        for assignment in queryset:
            try:
                services.end_role(assignment=assignment, by=by)
            except (ValidationError, PermissionDenied) as refusal:
                text = "；".join(getattr(refusal, "messages", [str(refusal)]))
                self.message_user(request, f"{assignment}：{text}", messages.ERROR)
            else:
                label = Role(assignment.role).label
                self.message_user(request, f"已收回{assignment.user}的{label}角色。")


def _givable(user: Any) -> list[tuple[str, str]]:
    return list(Role.choices) if _is_everywhere(user) else services.roles_a_street_gives()


def _is_everywhere(user: Any) -> bool:
    return any(grant.is_everywhere for grant in user.grants)
