"""疑似迁出: the residents a full list did not name, to be confirmed one by one or together."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gridparty.lib.masking import mask_name
from grids.acting import do
from grids.forms import DayInput, offer
from grids.models import Grid
from orgs.audit import record
from orgs.models import ImportJob
from orgs.paging import keyset_page
from orgs.roles import APPROVE, EDIT, EXPORT, Noun
from orgs.scope import can, refusal, require
from orgs.workbook import Columns
from residents.display import shown_door
from residents.models import Household, RosterAbsence
from residents.services.absences import CHOICES, decide_absences
from residents.views.files import as_workbook

State = RosterAbsence.State
KEEPS = EDIT + APPROVE
MOST_EXPORTED = 20_000
# The last column is for the pen of whoever goes and asks.
COLUMNS: Columns = (
    ("序号", 6), ("姓名", 12), ("与户主关系", 12), ("联系电话", 16), ("社区", 18), ("网格", 14), ("门牌", 26),
    ("来由", 22), ("名单", 28), ("状态", 12), ("处理人", 12), ("核实情况", 24),
)  # fmt: skip


class AbsenceFilterForm(forms.Form):
    grid = forms.ModelChoiceField(
        Grid.objects.none(), label="网格", required=False, empty_label="不限"
    )
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "待核实和稍后再核"), *State.choices],
    )
    job = forms.ModelChoiceField(
        ImportJob.objects.none(), label="导入文件", required=False, empty_label="不限"
    )

    def __init__(self, data: Any, *, rows: Any, user: Any) -> None:
        super().__init__(data)
        offer(self, grid=Grid.objects.filter(pk__in=rows.order_by().values("grid").distinct()))
        job = self.fields["job"]
        assert isinstance(job, forms.ModelChoiceField)
        jobs = ImportJob.objects.visible_to(user).filter(kind="roster")
        job.queryset = jobs.filter(pk__in=rows.order_by().values("job").distinct())


class DecideForm(forms.Form):
    rows = forms.ModelMultipleChoiceField(
        RosterAbsence.objects.none(),
        error_messages={
            "required": "请先勾选人员。",
            "invalid_choice": "勾选的人员里有您不能处理的，请刷新后重选。",
            "invalid_pk_value": "勾选的人员里有您不能处理的，请刷新后重选。",
        },
    )
    choice = forms.ChoiceField(
        label="处理",
        choices=list(CHOICES.items()),
        error_messages={"required": "请选择一种处理办法。"},
    )
    on = forms.DateField(label="日期", required=False, widget=DayInput())
    note = forms.CharField(label="处理说明", required=False, max_length=200)

    def __init__(self, data: Any, *, rows: Any) -> None:
        super().__init__(data)
        field = self.fields["rows"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = rows


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def absence_list(request: HttpRequest) -> HttpResponse:
    """List the missing with their doors; POST settles the ticked ones."""
    user: Any = request.user
    require(user, Noun.RESIDENT, KEEPS)
    mine = RosterAbsence.objects.visible_to(user, KEEPS)
    editable = RosterAbsence.objects.visible_to(user, EDIT).undecided()
    if request.method == "POST" and not editable.exists():
        raise PermissionDenied(refusal(user, Noun.RESIDENT, EDIT))
    decide = DecideForm(request.POST or None, rows=editable)
    if request.method == "POST":
        done: list[int] = []
        if do(request, decide, lambda: done.append(_settle(decide, user)), "已处理。"):
            if not done[0]:
                messages.warning(request, "勾选的人员已由别人处理。")
            return redirect(request.get_full_path())
    form = AbsenceFilterForm(request.GET, rows=mine, user=user)
    found = _narrow(mine, form)
    page = keyset_page(_with_people(found), request, count=found.count())
    homes = [row.residency.household_id for row in page.rows]
    full = set(Household.objects.in_full_to(user).filter(pk__in=homes).values_list("pk", flat=True))
    context = {
        "page_title": "疑似迁出、死亡",
        "form": form,
        "decide": decide,
        "page": page,
        "rows": [_row(row, full) for row in page.rows],
        "export_url": f"{reverse('residents:absences_export')}?{request.GET.urlencode()}"
        if can(user, Noun.RESIDENT, EXPORT) else "",
        "may_decide": editable.exists(),
        "filtered": bool(request.GET),
    }  # fmt: skip
    status = 400 if decide.errors or not form.is_valid() else 200
    return render(request, "residents/imports/absences.html", context, status=status)


def _narrow(mine: Any, form: AbsenceFilterForm) -> Any:
    if not form.is_valid():
        return mine.none()
    asked = form.cleaned_data
    found = mine.filter(state=asked["state"]) if asked["state"] else mine.undecided()
    if asked.get("grid"):
        found = found.filter(grid=asked["grid"])
    return found.filter(job=asked["job"]) if asked["job"] else found


def _with_people(found: Any) -> Any:
    return found.for_list().select_related(
        "job", "grid", "residency__person", "residency__household__building__compound",
        "residency__household__entrance", "decided_by__person",
    )  # fmt: skip


def _row(row: RosterAbsence, full: set[int]) -> dict[str, Any]:
    residency = row.residency
    shown = residency.household_id in full
    return {
        "row": row,
        "name": residency.person.name if shown else mask_name(residency.person.name),
        "door": shown_door(residency.household, full=shown),
        "relation": residency.relation,
        "phone": residency.person.masked_phone,
        "open": row.state in (State.OPEN, State.LATER),
    }


def _settle(form: DecideForm, user: Any) -> int:
    asked = form.cleaned_data
    return decide_absences(
        rows=asked["rows"], choice=asked["choice"], by=user, on=asked["on"], note=asked["note"]
    )


@login_required
@never_cache
@require_POST
def absences_export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The list as it is filtered, to go and ask at the doors; on the record."""
    user: Any = request.user
    require(user, Noun.RESIDENT, KEEPS)
    require(user, Noun.RESIDENT, EXPORT)
    mine = RosterAbsence.objects.visible_to(user, KEEPS)
    form = AbsenceFilterForm(request.GET, rows=mine, user=user)
    if not form.is_valid():
        return redirect("residents:absences")
    may = Household.objects.visible_to(user, EXPORT)
    rows = _narrow(mine, form).filter(residency__household__in=may.values("pk"))
    count = rows.count()
    if count > MOST_EXPORTED:
        messages.warning(
            request, f"共 {count} 人，一次最多导出 {MOST_EXPORTED} 人，请按网格或导入文件缩小范围。"
        )
        return redirect(f"{reverse('residents:absences')}?{request.GET.urlencode()}")
    found = list(_with_people(rows).order_by("residency__household__sort_key", "id"))
    homes = may.in_full_to(user).filter(pk__in=rows.order_by().values("residency__household"))
    full = set(homes.values_list("pk", flat=True))
    record(
        by=user, action="roster.absent_export", target=RosterAbsence, detail={"rows": len(found)}
    )
    cells = (_cells(number, _row(row, full)) for number, row in enumerate(found, start=1))
    return as_workbook("疑似迁出名单", COLUMNS, cells, user=user, day=timezone.localdate())


def _cells(number: int, item: dict[str, Any]) -> list[str | int]:
    row = item["row"]
    said = f"，{row.said_on:%Y-%m-%d}" if row.said_on else ""
    return [
        number, item["name"], item["relation"], item["phone"], row.community.name, row.grid.name,
        item["door"], f"{row.get_kind_display()}{said}",
        row.job.file_name if row.job else "命令行导入", row.get_state_display(),
        row.decided_by.display_name if row.decided_by else "", "",
    ]  # fmt: skip
