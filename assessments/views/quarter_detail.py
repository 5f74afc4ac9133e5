"""为什么是 87.4: one grid's score to its last point, and what each side may do with it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from assessments import services
from assessments.forms.quarters import (
    WHOLE,
    AdjustForm,
    AnswerForm,
    AppealForm,
    NoteForm,
    ReviseForm,
    ScoreForm,
    name_of,
)
from assessments.indicators import INDICATORS, Indicator
from assessments.models import Adjustment, Appeal, AssessmentItem, QuarterAssessment
from assessments.scoring import MIN_SAMPLE, Part, in_words, interval, plain
from assessments.services.settling import digest_of
from assessments.sides import sides_of
from assessments.workflow import MOVES, AppealStatus, Side, Status, moves_from
from gridparty.lib.china_time import local_date
from gridparty.lib.periods import Quarter
from orgs.acting import do
from orgs.roles import VIEW, Noun
from orgs.scope import require
from residents.views.edit import form_page


@dataclass(frozen=True)
class Explained:
    """An item in words: what it is, how its points came about, and whether it may be judged."""

    item: AssessmentItem
    name: str
    formula: str
    words: str
    interval: tuple[float, float] | None
    is_small: bool
    has_list: bool

    @property
    def is_scored(self) -> bool:
        return self.item.full > 0


def fetch_assessment(user: Any, pk: int) -> QuarterAssessment:
    require(user, Noun.ASSESSMENT, VIEW)
    return get_object_or_404(QuarterAssessment.objects.visible_to(user).for_list(), pk=pk)


@login_required
@never_cache
@require_GET
def quarter_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_assessment(user, pk)
    sides = sides_of(row, user)
    quarter = Quarter.parse(row.quarter)
    rules = {rule.indicator: rule for rule in row.scheme.items.all()}
    items = list(row.items.all())
    versions = list(row.versions.select_related("by__person"))
    context = {
        "page_title": f"{row.grid} {quarter.label}",
        "assessment": row,
        "quarter": quarter,
        "parts": [
            {
                "label": part.label,
                "score": getattr(row, part.value),
                "items": [
                    _explain(item, rules.get(item.indicator)) for item in items if item.part == part
                ],
            }
            for part in Part
        ],
        "moves": [move for side in sides for move in moves_from(row.status, side)],
        "may_settle": Side.STREET in sides and row.status == Status.STREET_REVIEW,
        "may_appeal": Side.GRID in sides
        and row.status == Status.PUBLICITY
        and row.publicity_until is not None
        and local_date(timezone.now()) <= row.publicity_until,
        "may_revise": Side.STREET in sides and row.is_frozen,
        "may_answer": Side.STREET in sides,
        "adjustments": row.adjustments.select_related("by__person"),
        "appeals": [
            (one, appealed(one))
            for one in row.appeals.select_related("by__person", "answered_by__person")
        ],
        "papers": row.evidence.select_related("by__person"),
        "may_add_papers": Side.GRID in sides and row.status == Status.SELF_REVIEW,
        "steps": row.steps.select_related("by__person").order_by("-id"),
        "versions": [(one, digest_of(one.content) == one.digest) for one in versions],
    }
    return render(request, "assessments/quarter_detail.html", context)


def appealed(one: Appeal) -> str:
    """Return what an appeal objects to."""
    return name_of(one.indicator) if one.indicator else WHOLE


def _explain(item: AssessmentItem, rule: Any) -> Explained:
    found = INDICATORS.get(item.indicator)
    words = item.reason
    if not item.manual and rule is not None:
        words = in_words(
            rule.rule, item.numerator, item.denominator, item.points, prior=item.prior,
            lower_is_better=found.lower_is_better if found else False,
        )  # fmt: skip
    return Explained(
        item, name=name_of(item.indicator), formula=_formula(found),
        words=words, interval=interval(item.numerator, item.denominator),
        is_small=0 < item.denominator < MIN_SAMPLE, has_list=found is not None,
    )  # fmt: skip


def _formula(found: Indicator | None) -> str:
    if found is None:
        return "人工评分"
    return f"{found.formula}。{found.score_note}" if found.score_note else found.formula


def _form(
    request: HttpRequest, row: QuarterAssessment, form: Any, verb: Any, title: str, submit: str,
    done: str,
) -> HttpResponse:  # fmt: skip
    """Show the form, or do what it says and go back to the assessment."""
    back = reverse("assessments:quarter_detail", args=[row.pk])
    if request.method == "POST" and do(request, form, verb, done):
        return redirect(back)
    return form_page(request, form, f"{title} · {row.grid}", back, submit)


@login_required
@never_cache
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    user: Any = request.user
    row = fetch_assessment(user, pk)
    move = MOVES.get(name)
    if move is None or not move.side or move.together:
        raise Http404
    if move.side not in sides_of(row, user):
        raise PermissionDenied(f"“{move.label}”由{Side(move.side).label}操作。")
    form = NoteForm(request.POST or None, move=move)
    return _form(
        request, row, form,
        lambda: services.move_assessment(
            assessment=row, name=name, by=user, note=form.cleaned_data["note"]
        ),
        move.label, move.label, f"已{move.label}。",
    )  # fmt: skip


@login_required
@never_cache
def score(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_assessment(user, pk)
    _only_street(row, user)
    item = get_object_or_404(row.items, pk=item_pk, manual=True)
    given = {"points": item.points, "reason": item.reason}
    form = ScoreForm(request.POST or None, item=item, initial=given)
    return _form(
        request, row, form,
        lambda: services.score_item(
            assessment=row, indicator=item.indicator, by=user, **form.cleaned_data
        ),
        f"评分：{name_of(item.indicator)}", "保存", "已评分。",
    )  # fmt: skip


@login_required
@never_cache
def adjust(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_assessment(user, pk)
    _only_street(row, user)
    form = AdjustForm(request.POST or None, assessment=row)
    return _form(
        request, row, form,
        lambda: services.adjust(assessment=row, by=user, **form.cleaned_data),
        "加分、扣分、一票否决", "登记", "已登记。",
    )  # fmt: skip


@login_required
@never_cache
def end_adjustment(request: HttpRequest, pk: int, adjustment_pk: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_assessment(user, pk)
    _only_street(row, user)
    one = get_object_or_404(Adjustment, pk=adjustment_pk, assessment=row)
    form = NoteForm(request.POST or None, move=MOVES["endorse"])
    form.fields[
        "note"
    ].help_text = f"撤销“{one.get_kind_display()} {plain(one.points)}：{one.reason}”。"
    return _form(
        request, row, form, lambda: services.end_adjustment(adjustment=one, by=user),
        "撤销加扣分", "撤销", "已撤销。",
    )  # fmt: skip


@login_required
@never_cache
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_assessment(user, pk)
    if Side.GRID not in sides_of(row, user):
        raise PermissionDenied("申诉由网格长提出。")
    asked = {"indicator": request.GET.get("indicator", "")}
    form = AppealForm(request.POST or None, assessment=row, initial=asked)
    return _form(
        request, row, form,
        lambda: services.appeal(assessment=row, by=user, **form.cleaned_data),
        "申诉", "提交申诉", "申诉已提交，请等街道答复。",
    )  # fmt: skip


@login_required
@never_cache
def answer(request: HttpRequest, pk: int, appeal_pk: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_assessment(user, pk)
    _only_street(row, user)
    one = get_object_or_404(row.appeals, pk=appeal_pk)
    form = AnswerForm(request.POST or None)
    form.fields["reason"].help_text = f"申诉：{one.text}"

    def verb() -> None:
        values = dict(form.cleaned_data)
        upheld, text = bool(values.pop("upheld")), values.pop("reason")
        services.answer(one=one, upheld=upheld, text=text, by=user, **(values if upheld else {}))

    return _form(request, row, form, verb, "答复申诉", "答复", "已答复。")


@login_required
@never_cache
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_assessment(user, pk)
    _only_street(row, user)
    form = ReviseForm(request.POST or None)
    return _form(
        request, row, form,
        lambda: services.revise(assessment=row, by=user, **form.cleaned_data),
        "更正结果", "更正", "已更正，新版本已固定。",
    )  # fmt: skip


def _only_street(row: QuarterAssessment, user: Any) -> None:
    if Side.STREET not in sides_of(row, user):
        raise PermissionDenied("这一步由街道党工委操作。")


@login_required
@never_cache
@require_GET
def appeals(request: HttpRequest) -> HttpResponse:
    """Appeals of the assessments the user sees: waiting ones first."""
    user: Any = request.user
    require(user, Noun.ASSESSMENT, VIEW)
    found = Appeal.objects.visible_to(user).select_related(
        "assessment__grid", "assessment__community", "by__person"
    )
    quarter = request.GET.get("quarter", "")
    if quarter:
        found = found.filter(assessment__quarter=quarter)
    rows = sorted(found.order_by("-id")[:500], key=lambda one: one.status != AppealStatus.OPEN)
    context = {
        "page_title": "考核申诉",
        "quarter": quarter,
        "rows": [(one, appealed(one)) for one in rows],
        "count": len(rows),
    }
    return render(request, "assessments/appeals.html", context)
