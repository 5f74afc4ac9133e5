"""品牌和项目: programmes with the units that take part and the work done under their name."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Sum
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from grids.acting import attempt, do
from orgs.fetch import fetch, may
from orgs.models import Unit
from orgs.roles import EDIT, SEES, Noun
from orgs.scope import can, require
from partybuilding import services
from partybuilding.catalog import ProgrammeKind
from partybuilding.figures import Figure
from partybuilding.forms.programmes import (
    EndProgrammeForm,
    ProgrammeFilterForm,
    ProgrammeForm,
    WorkForm,
)
from partybuilding.models import (
    FundAllocation,
    JointRecord,
    PolicyPaper,
    Programme,
    ProgrammeLink,
    Training,
)
from partybuilding.models.programmes import LINKED
from partybuilding.scope import is_staff
from partybuilding.views.funds import orgs_below, ten_thousands
from partybuilding.views.pages import (
    Block,
    Line,
    Link,
    Listing,
    cell,
    detail_page,
    form_page,
    list_page,
)
from volunteers.models import Activity, Project

COLUMNS = (
    ("名称", 28), ("类型", 10), ("主办组织", 26), ("开始", 12), ("结束", 12), ("参与单位", 10), ("关联工作", 10),
    ("状态", 10),
)  # fmt: skip
# Where a piece of work has its page.
PAGES = {
    "record": "partybuilding:joint_record", "activity": "volunteers:activity",
    "project": "volunteers:project", "training": "partybuilding:training",
    "fund": "partybuilding:fund", "paper": "partybuilding:paper",
}  # fmt: skip


def shown(rows: Any, show: str) -> Any:
    if show == "running":
        return rows.running()
    return rows.exclude(ended_on=None) if show == "ended" else rows


@login_required
@never_cache
@require_GET
def programme_list(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    mine = Programme.objects.visible_to(user)
    form = ProgrammeFilterForm(request.GET)
    rows = mine
    if form.is_valid():
        asked = form.cleaned_data
        rows = shown(mine, asked["show"])
        if asked["kind"]:
            rows = rows.filter(kind=asked["kind"])
        if asked["q"]:
            rows = rows.filter(name__icontains=asked["q"])
    page = reverse("partybuilding:programmes")
    figures = [
        Figure(str(kind.label), mine.filter(kind=kind).count(), "个", f"{page}?kind={kind}")
        for kind in ProgrammeKind
    ]
    figures.append(Figure("进行中", mine.running().count(), "个", f"{page}?show=running"))
    actions = []
    if is_staff(user) and can(user, Noun.PARTY, EDIT):
        actions.append(Link("登记品牌或项目", reverse("partybuilding:programme_new"), "plus-lg"))
    listing = Listing(
        "programmes", "品牌和项目", COLUMNS, "还没有登记党建品牌和项目。", actions,
        numbers=("参与单位", "关联工作"),
    )  # fmt: skip
    return list_page(request, listing, form, rows.for_list(user), _cells, figures=figures)


def _cells(one: Any) -> list[dict[str, Any]]:
    state = ("已结束", "grey") if one.ended_on else ("进行中", "green")
    return [
        cell("名称", one.name, url=reverse("partybuilding:programme", args=[one.pk])),
        cell("类型", one.get_kind_display()), cell("主办组织", one.org.name),
        cell("开始", f"{one.started_on:%Y-%m-%d}"),
        cell("结束", f"{one.ended_on:%Y-%m-%d}" if one.ended_on else "—"),
        cell("参与单位", one.unit_count, number=True),
        cell("关联工作", one.work_count, number=True), cell("状态", state[0], level=state[1]),
    ]  # fmt: skip


def _work_seen(user: Any) -> dict[str, Any]:
    """The work of each kind this user sees."""
    models: dict[str, Any] = {
        "record": JointRecord, "activity": Activity, "project": Project, "training": Training,
        "fund": FundAllocation, "paper": PolicyPaper,
    }  # fmt: skip
    return {name: models[name].objects.visible_to(user) for name in LINKED}


def _fetch(user: Any, pk: int, letters: str = SEES) -> Programme:
    one: Programme = fetch(
        Programme.objects.select_related("org"), user, Noun.PARTY, letters, pk=pk
    )
    return one


@login_required
@never_cache
@require_GET
def programme_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A programme: who takes part, and its work by kind, as far as the user sees it."""
    user: Any = request.user
    one = _fetch(user, pk)
    keeps = may(Programme.objects, user, EDIT, one)
    seen = _work_seen(user)
    blocks = [
        Block(
            "参与单位",
            [Line(unit.name) for unit in one.units.order_by("name")],
            (),
            "还没有参与单位。",
        )
    ]
    money = None
    for name in LINKED:
        links = one.links.filter(**{f"{name}__in": seen[name].values("pk")})
        lines = [_line(link, name, keeps) for link in links.select_related(name).order_by("-id")]
        if lines:
            label = ProgrammeLink._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            blocks.append(Block(f"{label} {len(lines)} 项", lines))
        if name == "fund" and lines:
            money = links.aggregate(total=Sum("fund__amount"))["total"]
    if len(blocks) == 1:
        blocks.append(Block("关联工作", (), (), "还没有关联工作。"))
    moves = []
    if keeps:
        moves.append(
            Link("关联工作", reverse("partybuilding:programme_work", args=[pk]), "plus-lg")
        )
        moves.append(Link("修改", reverse("partybuilding:programme_edit", args=[pk]), "pen"))
    if keeps and one.ended_on is None:
        url = reverse("partybuilding:programme_end", args=[pk])
        moves.append(Link("结束", url, "x-circle-fill"))
    facts = [
        ("类型", one.get_kind_display()), ("主办组织", one.org), ("一句话介绍", one.slogan),
        ("做什么", one.text), ("开始日期", f"{one.started_on:%Y-%m-%d}"),
    ]  # fmt: skip
    if money is not None:
        facts.append(("经费", f"{ten_thousands(money)} 万元"))
    if one.ended_on:
        facts += [("结束日期", f"{one.ended_on:%Y-%m-%d}"), ("成效", one.outcome)]
    status, level = ("已结束", "grey") if one.ended_on else ("进行中", "green")
    return detail_page(
        request, "programmes", one.name, facts, ("品牌和项目", reverse("partybuilding:programmes")),
        status=status, level=level, moves=moves, blocks=blocks,
    )  # fmt: skip


def _line(link: ProgrammeLink, name: str, keeps: bool) -> Line:
    row = getattr(link, name)
    drop = Link(
        "取消关联", reverse("partybuilding:programme_unlink", args=[link.pk]), "x-circle-fill",
        post=True, confirm="只是取消关联，这项工作还在。确定取消？",
    )  # fmt: skip
    return Line(
        str(row), url=reverse(PAGES[name], args=[row.pk]), links=[drop] if keeps else []
    )  # fmt: skip


@login_required
@never_cache
def programme_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.PARTY, EDIT)
    form = ProgrammeForm(
        request.POST or None, orgs=orgs_below(user), units=Unit.objects.visible_to(user)
    )
    made: list[Programme] = []
    if request.method == "POST" and do(
        request, form,
        lambda: made.append(services.begin_programme(by=user, **form.cleaned_data)),
        "已登记，请接着关联工作。",
    ):  # fmt: skip
        return redirect("partybuilding:programme", pk=made[0].pk)
    back = reverse("partybuilding:programmes")
    return form_page(request, form, "登记品牌或项目", back, "登记")


@login_required
@never_cache
def programme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one = _fetch(user, pk, EDIT)
    initial = {name: getattr(one, name) for name in ("kind", "name", "slogan", "text")}
    form = ProgrammeForm(
        request.POST or None, units=Unit.objects.visible_to(user),
        linked=one.units.values("pk"), initial={**initial, "units": one.units.all()},
    )  # fmt: skip
    back = reverse("partybuilding:programme", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.revise_programme(programme=one, by=user, **form.cleaned_data), "已修改。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"修改：{one}", back, "保存")


@login_required
@never_cache
def programme_end(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    one = _fetch(user, pk, EDIT)
    form = EndProgrammeForm(request.POST or None)
    back = reverse("partybuilding:programme", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.end_programme(programme=one, by=user, **form.cleaned_data), "已结束。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"结束：{one}", back, "结束")


@login_required
@never_cache
def programme_work(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick what was done under the programme's name."""
    user: Any = request.user
    one = _fetch(user, pk, EDIT)
    work = {}
    for name, rows in _work_seen(user).items():
        street = "alliance__street" if name == "record" else "street"
        linked = one.links.exclude(**{name: None}).values(name)
        work[name] = rows.filter(**{street: one.street_id}).exclude(pk__in=linked).order_by("-pk")
    form = WorkForm(request.POST or None, work=work)
    back = reverse("partybuilding:programme", args=[pk])
    if not form.fields:
        hint = "这里还没有可以关联的活动、项目、培训、经费或文件，请先登记。"
    else:
        hint = "勾上以这个品牌（项目）开展的工作；每类列出最近的 30 项。"
    if request.method == "POST" and do(
        request, form, lambda: services.link_work(programme=one, by=user, **form.cleaned_data),
        "已关联。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"关联工作：{one}", back, "关联", hint=hint)


@login_required
@require_POST
def programme_unlink(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    mine = ProgrammeLink.objects.filter(programme__in=Programme.objects.visible_to(user))
    link = get_object_or_404(mine.select_related("programme"), pk=pk)
    _fetch(user, link.programme_id, EDIT)
    attempt(request, lambda: services.unlink_work(link=link, by=user), "已取消关联。")
    return redirect("partybuilding:programme", pk=link.programme_id)
