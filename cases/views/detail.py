"""One case: its facts, history, photos, and the buttons the workflow table allows."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cases.catalog import FROM_OUTSIDE, LimitUnit
from cases.effects import TERMS
from cases.forms.contact import PurposeForm
from cases.models import (
    Accountability,
    AppReport,
    Attachment,
    Case,
    CaseOrigin,
    CaseTask,
    EffectReview,
    ExternalOrder,
    Rating,
    WhistleScore,
)
from cases.pictures import photo_response
from cases.routing import route_of
from cases.rows import case_row
from cases.services import (
    Contact,
    MoveRefused,
    contact_for,
    reveal_contact,
    sides_of,
    transitions_for,
    undo,
    undoable,
    waiting_request,
)
from cases.services.accounting import may_account
from cases.services.lasting import may_watch
from cases.timeline import events_of, milestone_bar, timeline
from cases.upper_querysets import upper_grants
from cases.views.back import back_url
from cases.words import due_words
from cases.workflow import TO_DISPATCH, Move, Status, Who
from cases.zoning import why_this_limit
from gridparty.lib.china_time import local_date
from orgs.roles import EDIT
from orgs.workdays import work_calendar
from residents.models import CampaignDoor, Visit

# Nobody has it yet: here a routing rule may advise.
UNSENT = (Status.REPORTED, *TO_DISPATCH)


def visible_case(request: HttpRequest, case_id: int) -> Case:
    """Return the case, or 404: fetching is the permission check.

    `has_…` say in the same query which of the rare sections there is anything to read for.
    """
    return get_object_or_404(
        Case.objects.visible_to(request.user)
        .for_detail()
        .select_related("community__region")
        .annotate(
            has_tasks=Exists(CaseTask.objects.filter(case=OuterRef("pk"))),
            has_merged=Exists(Case.objects.filter(merged_into=OuterRef("pk"))),
            has_accounts=Exists(Accountability.objects.filter(case=OuterRef("pk"))),
            has_effects=Exists(EffectReview.objects.filter(case=OuterRef("pk"))),
            has_origin=Exists(CaseOrigin.objects.filter(case=OuterRef("pk"))),
        ),
        pk=case_id,
    )


# Decisions with two answers: the no stays in sight beside the yes.
TWO_ANSWERS = {
    "verify_pass": "verify_fail",
    "grant_extension": "refuse_extension",
    "grant_hang": "refuse_hang",
}


def split_moves(moves: list[Move]) -> tuple[list[Move], list[Move]]:
    """Return the forward moves (buttons, the usual one first) and the rest (menu)."""
    forward = [move for move in moves if move.tone == "primary"]
    noes = {TWO_ANSWERS[move.name] for move in forward if move.name in TWO_ANSWERS}
    forward += [move for move in moves if move.name in noes]
    return forward, [move for move in moves if move not in forward]


@dataclass(frozen=True)
class TaskRow:
    """A unit's part: how far it is, and whether it is late; and what the whistle-blower gave it."""

    task: CaseTask
    state: str
    level: str
    due: str
    score: WhistleScore | None = None
    may_score: bool = False


def task_rows(case: Case, now: datetime, user: Any) -> list[TaskRow]:
    """Return the units' parts, this cycle's first, lead before helpers; a unit reads its own score."""
    tasks = case.tasks.select_related("unit", "arrived_by__person").order_by(
        "-cycle", "-is_lead", "id"
    )
    rows = [_task_row(task, now) for task in tasks]
    if not any(row.task.whistled for row in rows):
        return rows
    scores = {score.task_id: score for score in case.scores.visible_to(user)}
    waiting: set[int] = set()
    if Who.STREET in sides_of(case, user):
        waiting = {*case.tasks.to_score().values_list("pk", flat=True), *scores}
    return [
        replace(row, score=scores.get(row.task.pk), may_score=row.task.pk in waiting)
        for row in rows
    ]


def _task_row(task: CaseTask, now: datetime) -> TaskRow:
    if task.returned_at:
        return TaskRow(task, "已退回", "yellow", task.get_return_reason_display())
    if task.fed_back_at:
        return TaskRow(task, "已反馈", "green", "")
    if task.waived_at:
        return TaskRow(task, "无需反馈", "grey", "")
    if task.ended_at:
        return TaskRow(task, "已结束", "grey", "")
    if task.signed_at:
        return TaskRow(task, "办理中", "blue", "")
    waiting = "待报到" if task.whistled and task.arrived_at is None else "待签收"
    due = task.arrive_due_at if waiting == "待报到" else task.sign_due_at
    late = due is not None and now > due
    return TaskRow(task, waiting, "red" if late else "blue", due_words(due, now))


@login_required
@never_cache
@require_GET
def detail(request: HttpRequest, case_id: int) -> HttpResponse:
    return case_page(request, visible_case(request, case_id))


def case_page(
    request: HttpRequest, case: Case, *, contact: Contact | None = None, status: int = 200,
    purpose_form: PurposeForm | None = None,
) -> HttpResponse:  # fmt: skip
    """Render the case's page; `contact` is given once somebody has said what it is needed for."""
    user: Any = request.user
    now = timezone.now()
    contact = contact or contact_for(case, user)
    events = events_of(case)
    forward, others = split_moves(transitions_for(case, user))
    entries = timeline(events, hide_reporter=contact.level == "hidden")
    context = {
        "page_title": f"事项 {case.case_no}",
        "case": case,
        "row": case_row(case, now, work_calendar()),
        "contact": contact,
        "purpose_form": purpose_form or PurposeForm(),
        "milestones": milestone_bar(events, case),
        "entries": entries[::-1],
        "photos": [photo for entry in entries for photo in entry.photos],
        "tasks": task_rows(case, now, user) if getattr(case, "has_tasks", True) else [],
        "forward": forward,
        "others": others,
        "order": order_of(case),
        "app_report": AppReport.of_case(case),
        "request_waiting": waiting_request(case),
        "supervisions": list(case.supervisions.all()) if case.supervised_at else [],
        "merged_cases": _merged(case, user),
        "parts": parts_of(case, user) if case.was_split else [],
        "ratings": _ratings(case, user),
        "undoable": undoable(case, user, now=now, last=events[-1]) if events else None,
        **_effects(case, user),
        **_origin(case, user),
        "limit_why": why_this_limit(events),
        "accounts": _accounts(case, user),
        "may_account": bool(
            (case.is_open or case.status == Status.CLOSED) and may_account(case, user)
        ),
        "is_reporter": case.reporter_user_id == user.pk,
        "back_url": back_url(request),
        "route": route_of(case, local_date(now)) if case.status in UNSENT and forward else None,
        "guessed_year": _guessed_year(case),
        "now": now,
    }
    return render(request, "cases/detail.html", context, status=status)


def _guessed_year(case: Case) -> int | None:
    """Return the year of the due date when its holidays are not known: weekdays were counted.

    Not of a limit somebody set or extended to, nor of a case that is over.
    """
    computed = case.is_open and case.due_at == case.original_due_at
    if not computed or case.due_at is None or case.sla_class.handle_unit != LimitUnit.WORKDAYS:
        return None
    year = local_date(case.due_at).year
    return None if work_calendar().knows_year(year) else year


def _merged(case: Case, user: Any) -> list[Case]:
    """Return the cases merged into this one that the user may see, oldest first."""
    if not getattr(case, "has_merged", True):
        return []
    merged = Case.objects.visible_to(user).filter(merged_into=case)
    return list(merged.only("case_no", "text", "created_at").order_by("id")[:50])


def parts_of(case: Case, user: Any) -> list[Case]:
    """Return the parts of a split case that the user may see, oldest first."""
    visible = Case.objects.visible_to(user).filter(parent=case)
    return list(visible.select_related("lead_unit", "category", "grid").order_by("id")[:50])


def order_of(case: Case) -> ExternalOrder | None:
    """Return the order of another system the case came as; asked only of cases from outside."""
    if case.source not in FROM_OUTSIDE:
        return None
    return ExternalOrder.objects.select_related("system").filter(case=case).first()


def _ratings(case: Case, user: Any) -> list[Rating]:
    """Return what its reporters said of the handling; nobody speaks before the first closing."""
    if case.closed_at is None and case.cycle == 1:
        return []
    return list(Rating.objects.visible_to(user).filter(case=case).select_related("report")[:50])


def _origin(case: Case, user: Any) -> dict[str, Any]:
    """Return the visit or the campaign's door it was found at, for those who may open that page."""
    if not getattr(case, "has_origin", True):
        return {}
    origin = CaseOrigin.objects.filter(case=case).first()
    if origin is None:
        return {}
    seen: Any = Visit.objects.visible_to(user) if origin.visit_id else CampaignDoor.objects.visible_to(user, EDIT)  # fmt: skip
    found = seen.filter(pk=origin.visit_id or origin.door_id)
    return {"from_visit": found.first()} if origin.visit_id else {"from_door": found.select_related("campaign").first()}  # fmt: skip


def _effects(case: Case, user: Any) -> dict[str, Any]:
    """Return the looks after the closing, and the terms it may still be taken in for."""
    reviews = []
    if getattr(case, "has_effects", True):
        reviews = list(case.effects.select_related("done_by__person"))
    left: list[int] = []
    if case.status == Status.CLOSED and may_watch(case, user):
        taken = {one.days for one in reviews if one.cycle == case.cycle}
        left = [days for days in TERMS if days not in taken]
    return {"effects": reviews, "terms_left": left}


def _accounts(case: Case, user: Any) -> list[Accountability]:
    """Return the records about this case; only the upper level has any to read."""
    if not (upper_grants(user) and getattr(case, "has_accounts", True)):
        return []
    return list(Accountability.objects.visible_to(user).filter(case=case)[:20])


@login_required
@never_cache
@require_POST
def take_back(request: HttpRequest, case_id: int) -> HttpResponse:
    """撤销刚才的操作."""
    case = visible_case(request, case_id)
    user: Any = request.user
    try:
        after = undo(case=case, by=user)
    except MoveRefused as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, f"已撤销，事项现在是“{after.status_label}”。")
    return redirect("cases:detail", case.pk)


@login_required
@never_cache
@require_POST
def contact(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show the reporter's name and phone once, on a page of its own request, with the purpose audited."""
    case = visible_case(request, case_id)
    form = PurposeForm(request.POST)
    if not form.is_valid():
        return case_page(request, case, purpose_form=form, status=400)
    user: Any = request.user
    shown = reveal_contact(case=case, by=user, purpose=form.purpose)
    return case_page(request, case, contact=shown)


@login_required
@require_GET
def attachment(request: HttpRequest, attachment_id: int) -> FileResponse:
    """A photo of a case the user may see."""
    found = get_object_or_404(
        Attachment, pk=attachment_id, case__in=Case.objects.visible_to(request.user)
    )
    return photo_response(found)
