"""下沉干部: who is in which grid, from where, for what; one by one here, many by Excel."""

import io
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from gridparty.lib.text import row_id
from grids.acting import do
from grids.forms import CHOOSE, DayInput
from grids.models import Grid
from grids.scope import territory_q
from grids.services.people import find_or_add_person
from orgs.audit import describe_actions, record
from orgs.fetch import fetch
from orgs.models import OrgUnit, Unit
from orgs.paging import Page, keyset_page
from orgs.roles import CREATE, EXPORT, SEES, Noun
from orgs.scope import can, require
from orgs.workbook import Cell, write_workbook
from residents.models import Campaign, Deployment, TaskKind
from residents.services.deployments import deploy, end_deployment
from residents.views.campaigns.doors import MAX_ROWS, XLSX, file_response
from residents.views.edit import form_page

describe_actions(deployment__export="导出下沉干部名单")
COLUMNS = (
    ("姓名", 10), ("派出单位", 26), ("下沉网格", 16), ("社区", 18), ("任务", 26), ("开始日期", 12),
    ("结束日期", 12), ("专项排查", 22), ("备注", 20),
)  # fmt: skip
WHEN = [("", "正在下沉"), ("all", "含已结束")]


def _grids(user: Any, letters: str) -> Any:
    area = territory_q(user, Noun.CAMPAIGN, letters, grid="pk", building="buildings")
    return Grid.objects.filter(pk__in=Grid.objects.filter(area).values("pk")).live()


class DeploymentFilterForm(forms.Form):
    when = forms.ChoiceField(label="状态", required=False, choices=WHEN)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="派出单位", required=False, empty_label="不限"
    )
    org = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="派出党组织", required=False, empty_label="不限"
    )
    grid = forms.ModelChoiceField(
        Grid.objects.none(), label="下沉网格", required=False, empty_label="不限"
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label="专项排查", required=False, empty_label="不限"
    )

    def __init__(self, data: Any, *, rows: Any) -> None:
        super().__init__(data)
        plain = rows.order_by()
        choices = {
            "unit": Unit.objects.filter(pk__in=plain.values("from_unit")),
            "org": OrgUnit.objects.filter(pk__in=plain.values("from_org")),
            "grid": Grid.objects.filter(pk__in=plain.values("grid")),
            "campaign": Campaign.objects.filter(pk__in=plain.values("campaign")),
        }
        for name, found in choices.items():
            self.fields[name].queryset = found  # type: ignore[attr-defined]


class DeployForm(forms.Form):
    name = forms.CharField(label="姓名", max_length=60)
    phone = forms.CharField(
        label="联系电话", max_length=60, required=False, help_text="用来区分同名的人"
    )
    from_unit = forms.ModelChoiceField(
        Unit.objects.none(), label="派出单位", required=False, empty_label="不是单位派出的"
    )
    from_org = forms.ModelChoiceField(
        OrgUnit.objects.none(), label="派出党组织", required=False, empty_label="不是党组织派出的"
    )
    grid = forms.ModelChoiceField(Grid.objects.none(), label="下沉网格", empty_label=CHOOSE)
    tasks = forms.MultipleChoiceField(
        label="任务", choices=TaskKind.choices, widget=forms.CheckboxSelectMultiple
    )
    start = forms.DateField(label="开始日期", initial=timezone.localdate, widget=DayInput())
    end = forms.DateField(
        label="结束日期", required=False, widget=DayInput(), help_text="没有定可以不填"
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label="专项排查", required=False, empty_label="不限于某一次",
        help_text="选了就只能看到这一次排查的住户",
    )  # fmt: skip
    note = forms.CharField(label="备注", max_length=100, required=False)

    def __init__(self, data: Any, *, user: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        choices = {
            "from_unit": Unit.objects.visible_to(user).filter(is_active=True),
            "from_org": OrgUnit.objects.visible_to(user).active().order_by("tree_id", "lft"),
            "grid": _grids(user, CREATE).select_related("community"),
            "campaign": Campaign.objects.visible_to(user).open(),
        }
        for name, found in choices.items():
            self.fields[name].queryset = found  # type: ignore[attr-defined]


class EndForm(forms.Form):
    end = forms.DateField(label="最后一天", initial=timezone.localdate, widget=DayInput())


@login_required
@never_cache
@require_GET
def deployment_list(request: HttpRequest) -> HttpResponse:
    """Who serves where, with how many by origin and by grid; every number filters the list."""
    user: Any = request.user
    require(user, Noun.CAMPAIGN, SEES)
    mine = Deployment.objects.visible_to(user)
    form = DeploymentFilterForm(request.GET, rows=mine)
    context: dict[str, Any] = {
        "page_title": "下沉干部", "form": form, "may_send": can(user, Noun.CAMPAIGN, CREATE),
        "may_export": can(user, Noun.CAMPAIGN, EXPORT), "today": timezone.localdate(),
        "user_name": user.display_name,
    }  # fmt: skip
    if not form.is_valid():
        context["page"] = Page([])
        return render(request, "residents/campaigns/deployments.html", context, status=400)
    found = _narrow(mine, form.cleaned_data)
    page = keyset_page(found.for_list(), request, ("grid_id", "id"), count=found.count())
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    context |= {
        "page": page,
        "query": query.urlencode(),
        "people": found.heads(),
        "groups": _groups(found, form.cleaned_data["when"]),
        "filtered": any(form.cleaned_data.values()),
    }
    return render(request, "residents/campaigns/deployments.html", context)


def _narrow(rows: Any, asked: dict[str, Any]) -> Any:
    if not asked["when"]:
        rows = rows.in_force(timezone.localdate())
    for name, column in (
        ("unit", "from_unit"), ("org", "from_org"), ("grid", "grid"), ("campaign", "campaign"),
    ):  # fmt: skip
        if asked.get(name):
            rows = rows.filter(**{column: asked[name]})
    return rows


def _groups(found: Any, when: str) -> list[dict[str, Any]]:
    """Return people by origin and by grid, the largest first, each with its list."""
    address = reverse("residents:deployments")
    groups = []
    for title, column, name, model in (
        ("按派出单位", "from_unit_id", "unit", Unit), ("按派出党组织", "from_org_id", "org", OrgUnit),
        ("按网格", "grid_id", "grid", Grid),
    ):  # fmt: skip
        counts = {pk: count for pk, count in found.count_by(column).items() if pk is not None}
        names = model._default_manager.in_bulk(counts)
        rows = [
            {"name": str(names[pk]), "count": count, "url": f"{address}?{name}={pk}&when={when}"}
            for pk, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        ]
        if rows:
            groups.append({"title": title, "rows": rows})
    return groups


@login_required
@never_cache
@require_GET
def deployment_export(request: HttpRequest) -> HttpResponse:
    """The list under the same filter, names masked as on the page; audited."""
    user: Any = request.user
    require(user, Noun.CAMPAIGN, SEES)
    require(user, Noun.CAMPAIGN, EXPORT)
    mine = Deployment.objects.visible_to(user)
    form = DeploymentFilterForm(request.GET, rows=mine)
    if not form.is_valid():
        raise Http404
    rows = list(_narrow(mine, form.cleaned_data).for_list()[:MAX_ROWS])
    record(by=user, action="deployment.export", target=Deployment, detail={"rows": len(rows)})
    today = timezone.localdate()
    note = f"制表人：{user.display_name}　日期：{today:%Y-%m-%d}　共 {len(rows)} 条"
    file = io.BytesIO()
    write_workbook(file, COLUMNS, map(_cells, rows), title="下沉干部", note=note)
    return file_response(file.getvalue(), f"下沉干部_{today:%Y%m%d}.xlsx", XLSX)


def _cells(row: Deployment) -> list[Cell]:
    return [
        row.person.masked_name, row.origin, str(row.grid), str(row.grid.community),
        row.task_labels, f"{row.start:%Y-%m-%d}", f"{row.end:%Y-%m-%d}" if row.end else "",
        str(row.campaign or ""), row.note,
    ]  # fmt: skip


@login_required
@never_cache
def deployment_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.CAMPAIGN, CREATE)
    initial = {"campaign": row_id(request.GET.get("campaign", ""))}
    form = DeployForm(request.POST or None, user=user, initial=initial)

    def send() -> None:
        data = dict(form.cleaned_data)
        person = find_or_add_person(
            name=data.pop("name"), phone=data.pop("phone"), street=data["grid"].street, by=user
        )
        deploy(person=person, by=user, **data)

    back = reverse("residents:deployments")
    if request.method == "POST" and do(request, form, send, "已登记下沉。"):
        return redirect(back)
    return form_page(request, form, "登记下沉干部", back, "登记")


@login_required
@never_cache
def deployment_end(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    rows = Deployment.objects.select_related("person", "grid")
    deployment = fetch(rows, user, Noun.CAMPAIGN, CREATE, pk=pk)
    form = EndForm(request.POST or None)
    back = reverse("residents:deployments")
    if request.method == "POST" and do(
        request, form,
        lambda: end_deployment(deployment=deployment, by=user, **form.cleaned_data), "已结束下沉。",
    ):  # fmt: skip
        return redirect(back)
    title = f"{deployment.person.masked_name}（{deployment.grid}）：结束下沉"
    return form_page(request, form, title, back, "结束下沉")
