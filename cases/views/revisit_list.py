"""The monthly revisits as a list: tabs by state, narrowed by month and answer, as page and workbook."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cases.exports import SIGNATURES
from cases.forms.revisits import RevisitFilter
from cases.models import Revisit
from cases.querysets import RevisitQuerySet
from cases.rows import community_name, place_of
from cases.views.ledger import MOST_EXPORTED, refused
from cases.words import due_words
from gridparty.lib.china_time import minute_text
from orgs import audit
from orgs.paging import Page, keyset_page
from orgs.roles import Noun
from orgs.scope import require
from orgs.workbook import download

audit.describe_actions(revisit__export="导出回访登记表")
COLUMNS = (
    ("序号", 6), ("月份", 9), ("事项编号", 20), ("问题描述", 46), ("类别", 14), ("社区", 18), ("网格", 14),
    ("承办单位", 20), ("回访员", 10), ("状态", 10), ("回访方式", 10), ("回访次数", 8), ("完成时间", 17),
    ("是否解决", 10), ("满意度", 10), ("不满意原因", 12), ("备注", 36), ("处置", 10),
)  # fmt: skip
DECISIONS = {"reopen": "重开", "explain": "解释说明"}


def _tabs(now: datetime) -> tuple[tuple[str, str, Q], ...]:
    """Return key in the address, label, condition: what each tab counts is what it lists."""
    pending = Q(state=Revisit.State.PENDING)
    return (
        ("pending", "待回访", pending & Q(locks_at__gt=now)),
        ("bad", "待处置", Q(decision_due_at__isnull=False, decision="")),
        ("done", "已回访", Q(state=Revisit.State.DONE)),
        ("unreached", "未联系上", Q(state=Revisit.State.UNREACHED)),
        ("missed", "逾期未访", pending & Q(locks_at__lte=now)),
    )


@login_required
@never_cache
@require_GET
def revisits(request: HttpRequest) -> HttpResponse | FileResponse:
    """The revisits in view: a revisitor's own, a street's or community's of its cases.

    `?export=1` gives the chosen tab as a workbook.
    """
    user: Any = request.user
    require(user, Noun.REVISIT, "VE")
    now = timezone.now()
    tabs = _tabs(now)
    names = [key for key, _, _ in tabs]
    active = request.GET.get("tab", "")
    active = active if active in names else "pending"
    form = RevisitFilter(request.GET, tab=active)
    context: dict[str, Any] = {
        "page_title": "回访", "form": form, "active": active, "page": Page([]), "user_name": user.display_name,
    }  # fmt: skip
    if not form.is_valid():
        return render(request, "cases/revisits.html", context, status=400)
    seen: Any = form.narrow(Revisit.objects.visible_to(user))
    counts = seen.aggregate(**{key: Count("pk", filter=found) for key, _, found in tabs})
    listed = seen.filter(next(found for key, _, found in tabs if key == active))
    if "export" in request.GET:
        label = next(label for key, label, _ in tabs if key == active)
        count = counts[active]
        if count > MOST_EXPORTED:
            return refused(
                f"共 {count} 条，一次最多导出 {MOST_EXPORTED} 条，请选一个回访月份再导出。"
            )
        return _workbook(user, listed, label, count)
    page = keyset_page(_with_places(listed), request, count=counts[active])
    context |= {
        "tabs_of_page": [
            {"url": form.url(key), "label": label, "count": counts[key], "active": key == active}
            for key, label, _ in tabs
        ],
        "page": page,
        "rows": [_row(one, now) for one in page.rows],
        "export_url": f"{form.url(active)}&export=1",
        "clear_url": f"?tab={active}",
    }
    return render(request, "cases/revisits.html", context)


def _with_places(rows: RevisitQuerySet) -> RevisitQuerySet:
    return rows.for_list().select_related("case__community__region", "case__building__compound")


def _row(one: Revisit, now: Any) -> dict[str, Any]:
    due = one.decision_due_at if one.decision_due_at and not one.decision else None
    if one.state == Revisit.State.PENDING:
        due = one.locks_at
    late = due is not None and now > due
    soon = due is not None and due - now < timedelta(days=1)
    return {
        "revisit": one,
        "case": one.case,
        "asked": one.asked,
        "place": place_of(one.case),
        "area": f"{community_name(one.case)} · {one.case.grid.name}",
        "due": due_words(due, now),
        "level": "red" if late else "yellow" if soon else "green" if due else "",
        "answer": "，".join(
            filter(None, [one.get_solved_display(), one.get_satisfaction_display()])
        ),
    }


def _workbook(user: Any, listed: Any, label: str, count: int) -> FileResponse:
    """Return the 回访登记表, without the name and number the reporter left.

    The problem, the place and the notes leave as people wrote them, and the revisitor's own name.
    """
    rows = _with_places(listed).select_related("case__lead_unit").order_by("month", "id")
    found = rows.prefetch_related("attempts")
    cells: Iterable[list[Any]] = (_cells(number, one) for number, one in enumerate(found, start=1))
    audit.record(by=user, action="revisit.export", target=Revisit, detail={"rows": count})
    return download(
        f"回访登记表-{label}.xlsx", COLUMNS, cells, title=f"回访登记表（{label}）", note=f"制表人：{user.display_name}",
        foot=SIGNATURES,
    )  # fmt: skip


def _cells(number: int, one: Revisit) -> list[Any]:
    attempts = list(one.attempts.all())
    return [
        number, one.month, one.asked.case_no, one.asked.summary, one.case.category.name,
        community_name(one.case), one.case.grid.name,
        one.case.lead_unit.name if one.case.lead_unit else "网格自办",
        one.assignee.display_name if one.assignee else "待指派", one.get_state_display(),
        attempts[-1].get_method_display() if attempts else "", len(attempts),
        minute_text(one.done_at), one.get_solved_display(),
        one.get_satisfaction_display(), one.get_reason_display(), one.note,
        DECISIONS.get(one.decision, ""),
    ]  # fmt: skip
