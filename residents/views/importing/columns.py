"""列对应: which column of a file is read as what, to be checked once and remembered by header."""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from orgs.models import ImportJob
from orgs.roles import CREATE, Noun
from orgs.scope import require
from residents.models import RosterMapping
from residents.resources import chosen_mappings
from residents.roster.fields import FIELDS
from residents.roster.mapping import FIELD_CHOICES, ColumnMapping, SheetMapping
from residents.services.mapping import choose_columns, forget_mapping
from residents.views.importing.jobs import communities_of, the_job

MOST_HEADER_ROW = 200


@dataclass
class Group:
    """Sheets with one header, shown and changed together."""

    number: int
    sheets: list[SheetMapping]

    @property
    def first(self) -> SheetMapping:
        return self.sheets[0]

    @property
    def columns(self) -> list[tuple[str, ColumnMapping]]:
        return [(f"field-{self.number}-{one.index}", one) for one in self.first.columns]


def groups_of(sheets: Any) -> list[Group]:
    """Put sheets with the same header and shape together; one without a header stands alone."""
    found: dict[tuple[Any, ...], Group] = {}
    for place, one in enumerate(sheets):
        same = (one.fingerprint, one.header_row, one.shape) if one.fingerprint else (place,)
        group = found.setdefault(same, Group(len(found), []))
        group.sheets.append(one)
    return list(found.values())


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every sheet's columns with masked samples; POST reads the file anew as chosen."""
    user: Any = request.user
    job = the_job(request, pk)
    groups = groups_of(chosen_mappings(job))
    if job.state != ImportJob.State.PREVIEWED or not groups:
        messages.warning(request, "这份文件现在不能调整列对应。")
        return redirect("residents:import", pk=pk)
    error = ""
    if request.method == "POST":
        try:
            sheets, sure = read_choices(request.POST, groups)
            choose_columns(job=job, sheets=sheets, sure=sure, by=user)
        except ValidationError as refused:
            error = refused.messages[0]
        else:
            said = "已按您的选择重新检查。" if sure else "已换表头行，请再核对一次列对应。"
            messages.success(request, said)
            return redirect("residents:import", pk=pk)
    context = {
        "page_title": "核对列对应",
        "job": job,
        "groups": groups,
        "choices": FIELD_CHOICES,
        "error": error,
    }
    status = 400 if error else 200
    return render(request, "residents/imports/columns.html", context, status=status)


def read_choices(sent: Any, groups: list[Group]) -> tuple[list[SheetMapping], bool]:
    """Return the sheets as chosen, and whether the headers stayed where they were."""
    used = set(sent.getlist("use"))
    chosen: list[SheetMapping] = []
    sure = True
    for group in groups:
        row = _header_row(sent.get(f"header-{group.number}", ""), group.first)
        moved = row != group.first.header_row
        sure = sure and not moved
        fields = {one.index: sent.get(key, one.field) for key, one in group.columns}
        if any(field and field not in FIELDS for field in fields.values()):
            raise ValidationError("请从列表里选择列的含义。")
        for one in group.sheets:
            columns = tuple(
                replace(column, field=fields.get(column.index, column.field))
                for column in one.columns
            )
            top = one.header_top if not moved and one.header_top else row
            chosen.append(
                replace(one, columns=columns, header_row=row, header_top=top, use=one.sheet in used)
            )
    if not any(one.use for one in chosen):
        raise ValidationError("请至少保留一张工作表。")
    return chosen, sure


def _header_row(text: str, sheet: SheetMapping) -> int:
    if not text:
        return sheet.header_row
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_HEADER_ROW):
        raise ValidationError(f"表头所在行请填 1 到 {MOST_HEADER_ROW} 的数字。")
    return int(text)


@login_required
@require_GET
def mapping_list(request: HttpRequest) -> HttpResponse:
    """List what is remembered for the communities into which the user may import."""
    user: Any = request.user
    require(user, Noun.RESIDENT, CREATE)
    rows = _remembered(user).select_related("community", "saved_by__person").order_by("-used_at")
    context = {"page_title": "记住的列对应", "rows": rows[:200]}
    return render(request, "residents/imports/mappings.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def mapping_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one remembered mapping; POST forgets it."""
    user: Any = request.user
    require(user, Noun.RESIDENT, CREATE)
    mapping = get_object_or_404(_remembered(user), pk=pk)
    if request.method == "POST":
        forget_mapping(mapping=mapping, by=user)
        messages.success(request, "已忘记。下次遇到这种表头会请您核对。")
        return redirect("residents:mappings")
    context = {
        "page_title": "记住的列对应",
        "mapping": mapping,
        "sheet": SheetMapping.from_json(mapping.mapping),
    }
    return render(request, "residents/imports/mapping.html", context)


def _remembered(user: Any) -> Any:
    return RosterMapping.objects.filter(community__in=communities_of(user).order_by())
