"""双网融合: merge progress, conflicts, the list behind every number, and the table as a file."""

import io
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gridparty.lib.text import clean_text
from grids import nets, services
from grids.catalog import LegacySystem
from grids.models import Grid, LegacyGridCode
from grids.resources import NET_COLUMNS, net_cells
from orgs.audit import record
from orgs.fetch import fetch
from orgs.paging import keyset_page
from orgs.roles import CREATE, EDIT, VIEW, Noun
from orgs.scope import can, require
from orgs.workbook import write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNCOVERED = "uncovered"
ANY = [("", "不限")]


class NetsForm(forms.Form):
    q = forms.CharField(label="搜索", required=False, max_length=60)
    system = forms.ChoiceField(label="系统", required=False, choices=ANY + LegacySystem.choices)
    status = forms.ChoiceField(
        label="合并情况", required=False, choices=ANY + list(nets.STATUSES.items())
    )
    conflict = forms.ChoiceField(
        label="冲突", required=False,
        choices=[*ANY, *nets.CONFLICTS.items(), (UNCOVERED, "楼栋没有综治网格覆盖")],
    )  # fmt: skip


@login_required
@require_GET
def nets_page(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.GRID, VIEW)
    form = NetsForm(request.GET)
    valid = form.is_valid()
    asked = form.cleaned_data
    context = {
        "page_title": "双网融合",
        "form": form,
        "figures": nets.progress(user),
        "conflicts": nets.conflicts(user),
        "systems": nets.by_system(user),
        "query": request.GET.urlencode(),
        "can_load": can(user, Noun.GRID, CREATE),
        "status_labels": nets.STATUSES,
    }
    if valid and asked["conflict"] == UNCOVERED:
        buildings = nets.uncovered_buildings(user).select_related("compound", "grid")
        context["buildings"] = keyset_page(buildings, request, count=buildings.count())
    else:
        codes = _narrow(nets.codes_in_view(user), asked) if valid else LegacyGridCode.objects.none()
        rows = codes.select_related("grid__community")
        context["page"] = page = keyset_page(rows, request, count=rows.count())
        editable = Grid.objects.visible_to(user, EDIT)
        mine = set(
            editable.filter(pk__in={one.grid_id for one in page.rows}).values_list("pk", flat=True)
        )
        context["rows"] = [
            {"code": one, "status": nets.STATUSES[one.merge_status], "edit": one.grid_id in mine}
            for one in page.rows
        ]
    return render(request, "grids/nets.html", context, status=200 if valid else 400)


@login_required
@require_GET
def nets_export(request: HttpRequest) -> HttpResponse:
    """The codes of the list under the same filter, in the layout the import reads."""
    user: Any = request.user
    require(user, Noun.GRID, VIEW)
    form = NetsForm(request.GET)
    if not form.is_valid():
        raise Http404
    codes = _narrow(nets.codes_in_view(user), form.cleaned_data).select_related("grid")
    rows = [net_cells(one) for one in codes.order_by("grid__code", "system", "code")]
    record(
        by=user,
        action="grid.export_legacy_codes",
        target=LegacyGridCode,
        detail={"rows": len(rows)},
    )
    today = timezone.localdate()
    note = f"制表人：{user.display_name}　日期：{today:%Y-%m-%d}　共 {len(rows)} 个"
    file = io.BytesIO()
    write_workbook(file, NET_COLUMNS, rows, title="原网格编码对照", note=note)
    name = quote(f"原网格编码对照_{today:%Y%m%d}.xlsx")
    return HttpResponse(
        file.getvalue(), content_type=XLSX,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )  # fmt: skip


@login_required
@require_POST
def code_merge(request: HttpRequest, pk: int, how: str) -> HttpResponse:
    """Mark a code as merged, in part or in full, from today on."""
    user: Any = request.user
    verbs = {"partial": services.part_merge_legacy_code, "full": services.merge_legacy_code}
    if how not in verbs:
        raise Http404
    legacy = get_object_or_404(nets.codes_in_view(user), pk=pk)
    fetch(Grid.objects, user, Noun.GRID, EDIT, pk=legacy.grid_id)
    try:
        verbs[how](legacy=legacy, on=timezone.localdate(), by=user)
        messages.success(request, f"{legacy}：已标记。")
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("grids:nets")


def _narrow(codes: Any, asked: dict[str, Any]) -> Any:
    if asked["system"]:
        codes = codes.filter(system=asked["system"])
    if asked["status"]:
        codes = nets.with_status(codes, asked["status"])
    if asked["conflict"] and asked["conflict"] != UNCOVERED:
        codes = nets.in_conflict(codes, asked["conflict"])
    if text := clean_text(asked["q"]):
        codes = codes.filter(
            Q(code__icontains=text) | Q(name__icontains=text) | Q(grid__name__icontains=text)
            | Q(grid__code__startswith=text)
        )  # fmt: skip
    return codes
