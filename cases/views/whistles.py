"""吹哨报到: the ranking of departments, the lists behind its figures, and the score of one department."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cases.exports import SIGNATURES
from cases.forms.whistles import TO_SCORE, PeriodForm, ScoreForm, WhistleListForm
from cases.models import CaseTask, WhistleScore
from cases.ranking import LABELS, MIN_RANKED, UnitRow, conditions, ranking
from cases.services import MoveRefused, score_whistle, scoring_refusal
from cases.views.ledger import MOST_EXPORTED, refused
from cases.whistle_querysets import CaseTaskQuerySet
from gridparty.lib.china_time import local_date, minute_text
from orgs import audit
from orgs.models import Unit
from orgs.paging import Page, keyset_page
from orgs.roles import EDIT, STATS, Noun, Role
from orgs.scope import has_role, require
from orgs.workbook import download

audit.describe_actions(
    whistle__export="导出部门报到排名", whistle__export_list="导出吹哨报到登记表"
)
LIST_COLUMNS = (
    ("序号", 6), ("事项编号", 20), ("问题描述", 46), ("类别", 14), ("网格", 14), ("部门", 20), ("牵头/协办", 10),
    ("吹哨时间", 17), ("到场时限", 17), ("到场", 10), ("到场时间", 17), ("到场地点", 24), ("反馈时间", 17), ("得分", 8),
)  # fmt: skip
COLUMNS = (
    ("名次", 10), ("部门", 26), ("吹哨", 8), ("应到场", 8), ("按时到场", 10), ("按时到场率", 12),
    ("迟到", 8), ("未到场", 8), ("退回", 8), ("退回率", 10), ("应办结", 8), ("按时反馈", 10),
    ("按时办结率", 12), ("已评分", 8), ("平均得分", 10),
)  # fmt: skip


@login_required
@never_cache
@require_GET
def rank(request: HttpRequest) -> HttpResponse | FileResponse:
    """The ranking of a period; `?export=1` gives it as a workbook. A department sees itself only."""
    user: Any = request.user
    require(user, Noun.CASE, EDIT + STATS)
    now = timezone.now()
    form = PeriodForm(request.GET, today=local_date(now))
    context: dict[str, Any] = {"page_title": "部门报到排名", "form": form, "least": MIN_RANKED}
    if not form.is_valid():
        return render(request, "cases/whistle_ranking.html", context, status=400)
    tasks = CaseTask.objects.visible_to(user)
    rows = ranking(tasks.whistled_in(form.chosen), now)
    if not rows and not request.GET.get("period"):
        # A month that has just begun has nothing to rank yet: the last full one says more.
        before = form.chosen.previous()
        if found := ranking(tasks.whistled_in(before), now):
            rows, context["began"] = found, form.chosen
            form = context["form"] = PeriodForm({"period": str(before)}, today=local_date(now))
            form.is_valid()
    if "export" in request.GET:
        return _workbook(user, rows, form.chosen.label, str(form.chosen))
    context |= {
        "rows": rows, "period": form.chosen,
        "before_url": f"?period={form.chosen.previous()}",
        "before_label": f"看{form.chosen.previous().label}", "alone": has_role(user, Role.DEPT_HANDLER),
        "day": local_date(now), "user_name": user.display_name,
    }  # fmt: skip
    return render(request, "cases/whistle_ranking.html", context)


def _workbook(user: Any, rows: list[UnitRow], label: str, period: str) -> FileResponse:
    cells: Iterable[list[Any]] = (
        [
            row.rank or "样本不足", row.name, row.counts["called"], row.counts["came_due"],
            row.counts["on_time"], _rate(row.came_rate), row.counts["late"], row.counts["absent"],
            row.counts["returned"], _rate(row.return_rate), row.counts["done_due"],
            row.counts["done_on_time"], _rate(row.done_rate), row.counts["scored"],
            "—" if row.score is None else str(row.score),
        ]
        for row in rows
    )  # fmt: skip
    audit.record(
        by=user, action="whistle.export", target=WhistleScore,
        detail={"rows": len(rows), "period": period},
    )  # fmt: skip
    return download(
        f"部门报到排名-{period}.xlsx", COLUMNS, cells, title="部门报到排名",
        note=f"{label}吹哨的事项，评分少于 {MIN_RANKED} 次的不排名　　制表人：{user.display_name}",
        foot=SIGNATURES,
    )  # fmt: skip


def _rate(value: int | None) -> str:
    return "—" if value is None else f"{value}%"


@login_required
@never_cache
@require_GET
def whistles(request: HttpRequest) -> HttpResponse | FileResponse:
    """The parts a figure counts; `?export=1` as a workbook.

    Waiting for a score is asked without a period: none gets lost.
    """
    user: Any = request.user
    require(user, Noun.CASE, EDIT + STATS)
    now, seen = timezone.now(), CaseTask.objects.visible_to(user)
    units = Unit.objects.filter(pk__in=seen.filter(whistled=True).order_by().values("unit_id"))
    form = WhistleListForm(request.GET, today=local_date(now), units=units.order_by("name"))
    context: dict[str, Any] = {"page_title": "吹哨报到", "form": form, "page": Page([])}
    if not form.is_valid():
        return render(request, "cases/whistles.html", context, status=400)
    unit, what = form.cleaned_data["unit"], form.cleaned_data["what"] or "called"
    found = _chosen(seen, what, form.chosen, now)
    if unit is not None:
        found = found.filter(unit=unit)
    found, words = found.for_list().prefetch_related("scores"), TO_SCORE[1]
    if what != TO_SCORE[0]:
        words = f"{form.chosen.label} {LABELS[what]}"
    count = found.order_by().count()
    if "export" in request.GET:
        if count > MOST_EXPORTED:
            return refused(
                f"共 {count} 条，一次最多导出 {MOST_EXPORTED} 条，请选一个部门或较短的时段。"
            )
        return _list_workbook(user, found, count, words, now)
    query = request.GET.copy()
    query["export"] = "1"
    page = keyset_page(found, request, count=count)
    context |= {
        "export_url": f"?{query.urlencode()}",
        "page": page, "rows": [_row(task, now) for task in page.rows],
        "what": TO_SCORE[1] if what == TO_SCORE[0] else LABELS[what],
        "period": None if what == TO_SCORE[0] else form.chosen,
    }  # fmt: skip
    return render(request, "cases/whistles.html", context)


def _list_workbook(user: Any, found: Any, count: int, words: str, now: datetime) -> FileResponse:
    cells: Iterable[list[Any]] = (
        [
            number, task.case.case_no, task.case.summary, task.case.category.name,
            task.case.grid.name, task.unit.name, "牵头" if task.is_lead else "协办",
            minute_text(task.created_at), minute_text(task.arrive_due_at), row["state"][1],
            minute_text(task.arrived_at), task.place, minute_text(task.fed_back_at),
            str(row["score"].total) if row["score"] else "—",
        ]
        for number, task in enumerate(found, start=1)
        for row in [_row(task, now)]
    )  # fmt: skip
    audit.record(
        by=user, action="whistle.export_list", target=CaseTask,
        detail={"rows": count, "list": words},
    )  # fmt: skip
    return download(
        "吹哨报到登记表.xlsx", LIST_COLUMNS, cells, title="吹哨报到登记表",
        note=f"{words}　　制表人：{user.display_name}",
        foot=SIGNATURES,
    )  # fmt: skip


def _chosen(seen: CaseTaskQuerySet, what: str, period: Any, now: datetime) -> CaseTaskQuerySet:
    if what == TO_SCORE[0]:
        return seen.to_score()
    return seen.whistled_in(period).filter(conditions(now)[what])


def _row(task: CaseTask, now: datetime) -> dict[str, Any]:
    score = next(iter(task.scores.all()), None)
    return {"task": task, "case": task.case, "score": score, "state": arrival_words(task, now)}


def arrival_words(task: CaseTask, now: datetime) -> tuple[str, str]:
    """Return a light and the words for how the department came."""
    if task.arrived_at is None:
        if task.returned_at:
            return "grey", "已退回"
        waits = task.arrive_due_at is None or now <= task.arrive_due_at
        return ("blue", "待到场") if waits else ("red", "未到场")
    label = str(task.arrival.label)
    return ("green" if task.arrival == "on_time" else "yellow"), label


@login_required
@never_cache
def score(request: HttpRequest, task_id: int) -> HttpResponse:
    """Score one department, or correct its score with the reason for it."""
    user: Any = request.user
    task = get_object_or_404(CaseTask.objects.visible_to(user).for_list(), pk=task_id)
    refusal = scoring_refusal(task, user)
    if refusal is not None and refusal.code == "not_allowed":
        raise PermissionDenied(refusal.message)
    if refusal is not None:
        messages.warning(request, refusal.message)
        return redirect("cases:detail", task.case_id)
    given = WhistleScore.objects.filter(
        case=task.case_id, unit=task.unit_id, cycle=task.cycle, resolution__isnull=False
    ).first()
    initial = (
        {name: getattr(given, name) for name in ("resolution", "attitude", "reason", "note")}
        if given
        else None
    )
    form = ScoreForm(request.POST or None, corrects=given is not None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            done = score_whistle(task=task, by=user, **form.cleaned_data)
        except MoveRefused as no:
            form.refuse(no)
        else:
            verb = "已更正" if given else "已评分"
            messages.success(request, f"{verb}：{task.unit.name} {done.total} 分。")
            return redirect("cases:detail", task.case_id)
    context = {
        "page_title": f"给{task.unit.name}评分", "form": form, "task": task, "case": task.case,
        "given": given, "state": arrival_words(task, timezone.now()),
    }  # fmt: skip
    return render(request, "cases/whistle_score.html", context, status=400 if form.errors else 200)
