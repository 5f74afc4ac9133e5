"""Holidays and make-up days, and the upload of a year's notice."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from orgs import services
from orgs.adminbase import ScopedAdmin
from orgs.models import WorkdayOverride
from orgs.roles import Noun, Role
from orgs.scope import has_role
from orgs.workdays import work_calendar


class UploadForm(forms.Form):
    file = forms.FileField(
        label="CSV 文件",
        help_text="三列：日期（2027-01-01）、是否上班（1 或 0）、说明。首行可以是列名。",
    )


@admin.register(WorkdayOverride)
class WorkdayOverrideAdmin(ScopedAdmin):
    """Everybody in the admin may look; only the system administrator changes the calendar."""

    noun = Noun.ORG
    service_audits = True
    deletable = True
    change_list_template = "admin/orgs/workdays.html"
    list_display = ("date", "is_workday", "name")
    list_filter = ("is_workday",)
    date_hierarchy = "date"
    ordering = ("-date",)

    def scope(self, queryset: QuerySet[Any], user: Any, letters: str) -> QuerySet[Any]:
        return queryset

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        user: Any = request.user
        return has_role(user, Role.SYSADMIN)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("date",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        user: Any = request.user
        services.set_workday(day=obj.date, is_workday=obj.is_workday, name=obj.name, by=user)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        user: Any = request.user
        services.remove_workday(override=obj, by=user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for override in queryset:
            self.delete_model(request, override)

    def get_urls(self) -> list[URLPattern]:
        upload = path(
            "upload/", self.admin_site.admin_view(self.upload), name="orgs_workdayoverride_upload"
        )
        return [upload, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        calendar = work_calendar()
        year = timezone.localdate().year
        unknown = [each for each in (year, year + 1) if not calendar.knows_year(each)]
        context = {"unknown_years": unknown, "may_upload": self.has_add_permission(request)}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def upload(self, request: HttpRequest) -> HttpResponse:
        """Take the CSV of a year; faults come back beside the file field."""
        if not self.has_add_permission(request):
            raise PermissionDenied("只有系统管理员可以维护节假日。")
        user: Any = request.user
        form = UploadForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            try:
                count = services.load_workdays(data=form.cleaned_data["file"].read(), by=user)
            except ValidationError as refusal:
                form.add_error("file", refusal)
            else:
                self.message_user(request, f"已导入 {count} 天。", messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:orgs_workdayoverride_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": "上传节假日", "form": form, "opts": self.opts,
        }  # fmt: skip
        return TemplateResponse(
            request, "admin/orgs/upload.html", context, status=400 if form.errors else 200
        )
