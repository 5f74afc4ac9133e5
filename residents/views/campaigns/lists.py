"""The list of campaigns; making a draft, its questions, opening and closing it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from gridparty.lib.text import row_id
from grids.acting import do
from orgs.models import OrgUnit
from orgs.paging import keyset_page
from orgs.roles import CREATE, EDIT, Noun
from orgs.scope import can, require
from residents.campaigns.area import households_of
from residents.campaigns.cost import yearly_cost
from residents.campaigns.questions import seconds_a_door
from residents.models import Campaign, CampaignDoor, CampaignQuestion
from residents.services import campaigns as verbs
from residents.views.campaigns.access import enter, fetch_campaign
from residents.views.campaigns.forms import AreaForm, CampaignForm, QuestionForm, areas_of
from residents.views.edit import form_page


@login_required
@require_GET
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Every round in view with how far it has come, newest first."""
    user: Any = request.user
    enter(user)
    rounds = Campaign.objects.visible_to(user).for_list()
    page = keyset_page(rounds, request, count=rounds.count())
    doors = CampaignDoor.objects.visible_to(user).filter(campaign__in=[one.pk for one in page.rows])
    figures = doors.figures_by("campaign_id")
    works = CampaignDoor.objects.visible_to(user, EDIT).waiting()
    waiting = works.filter(campaign__in=[one.pk for one in page.rows]).figures_by("campaign_id")
    context = {
        "page_title": "专项排查",
        "page": page,
        "rows": [
            {"campaign": one, "figures": figures.get(one.pk), "waiting": waiting.get(one.pk)}
            for one in page.rows
        ],
        "may_create": can(user, Noun.CAMPAIGN, CREATE),
    }
    return render(request, "residents/campaigns/list.html", context)


@login_required
@never_cache
def campaign_new(request: HttpRequest) -> HttpResponse:
    """First the area, then the facts: what can be chosen hangs on the area."""
    user: Any = request.user
    require(user, Noun.CAMPAIGN, CREATE)
    areas = areas_of(user)
    chosen = request.GET.get("under", "")
    under = areas.filter(pk=row_id(chosen)).first()
    if under is None and areas[:2].count() == 1:
        under = areas.first()
    if under is None:
        area_form = AreaForm(request.GET if chosen else None, user=user)
        context = {"page_title": "新建排查：选范围", "form": area_form}
        status = 400 if area_form.errors else 200
        return render(request, "residents/campaigns/area.html", context, status=status)
    form = CampaignForm(request.POST or None, under=under, campaign=None)
    made: list[Campaign] = []
    if request.method == "POST" and do(
        request, form,
        lambda: made.append(verbs.create_campaign(under=under, by=user, **form.cleaned_data)),
        "已存为草稿。请接着添加问题。",
    ):  # fmt: skip
        return redirect("residents:campaign", pk=made[0].pk)
    back = reverse("residents:campaigns")
    return form_page(request, form, f"新建排查：{under.name}", back, "存为草稿")


@login_required
@never_cache
def campaign_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    campaign = fetch_campaign(user, pk, CREATE)
    under: OrgUnit = campaign.under
    form = CampaignForm(request.POST or None, under=under, campaign=campaign)
    back = reverse("residents:campaign", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: verbs.edit_campaign(campaign=campaign, by=user, **form.cleaned_data), "已保存。",
    ):  # fmt: skip
        return redirect(back)
    title = "改结束日期" if campaign.is_open else f"修改“{campaign.name}”"
    return form_page(request, form, title, back, "保存")


@login_required
@never_cache
def question(request: HttpRequest, pk: int, question_pk: int | None = None) -> HttpResponse:
    """Add a question, or change one of a draft."""
    user: Any = request.user
    campaign = fetch_campaign(user, pk, CREATE)
    known = None if question_pk is None else _question(campaign, question_pk)
    facts = QuestionForm.facts(known) if known else None
    form = QuestionForm(request.POST or None, initial=facts)
    if request.method == "POST" and do(
        request, form,
        lambda: verbs.save_question(campaign=campaign, question=known, by=user, **form.cleaned_data),
        "已保存问题。",
    ):  # fmt: skip
        return redirect("residents:campaign", pk=pk)
    back = reverse("residents:campaign", args=[pk])
    return form_page(request, form, "修改问题" if known else "添加问题", back, "保存")


@login_required
@require_POST
def question_drop(request: HttpRequest, pk: int, question_pk: int) -> HttpResponse:
    campaign = fetch_campaign(request.user, pk, CREATE)
    known = _question(campaign, question_pk)
    user: Any = request.user
    return _act(request, pk, lambda: verbs.drop_question(question=known, by=user), "已删除问题。")


@login_required
@require_POST
def question_up(request: HttpRequest, pk: int, question_pk: int) -> HttpResponse:
    campaign = fetch_campaign(request.user, pk, CREATE)
    known = _question(campaign, question_pk)
    user: Any = request.user
    return _act(request, pk, lambda: verbs.raise_question(question=known, by=user), "已上移。")


@login_required
@never_cache
def campaign_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Before a round starts: what it will cost everybody who walks it."""
    user: Any = request.user
    campaign = fetch_campaign(user, pk, CREATE)
    if request.method == "POST":
        return _act(
            request, pk, lambda: verbs.open_campaign(campaign=campaign, by=user), "排查已经开始。"
        )
    questions = list(campaign.questions.all())
    doors = households_of(campaign).count()
    context = {
        "page_title": "开始排查前请看一眼",
        "campaign": campaign,
        "questions": questions,
        "doors": doors,
        "seconds": seconds_a_door(questions),
        "cost": yearly_cost(campaign, doors, questions),
    }
    return render(request, "residents/campaigns/open.html", context)


@login_required
@require_POST
def campaign_close(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    campaign = fetch_campaign(user, pk, CREATE)
    today = timezone.localdate()
    return _act(
        request, pk, lambda: verbs.close_campaign(campaign=campaign, by=user, today=today),
        "排查已结束，不再登记。",
    )  # fmt: skip


@login_required
@require_POST
def campaign_copy(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    campaign = fetch_campaign(user, pk, CREATE)
    made = verbs.copy_campaign(campaign=campaign, by=user, today=timezone.localdate())
    messages.success(request, "已复制成新的草稿，请改名称和日期。")
    return redirect("residents:campaign", pk=made.pk)


@login_required
@require_POST
def campaign_discard(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    campaign = fetch_campaign(user, pk, CREATE)
    try:
        verbs.discard_campaign(campaign=campaign, by=user)
    except ValidationError as refused:
        messages.warning(request, refused.messages[0])
        return redirect("residents:campaign", pk=pk)
    messages.success(request, "已删除草稿。")
    return redirect("residents:campaigns")


def _question(campaign: Campaign, pk: int) -> CampaignQuestion:
    rows = CampaignQuestion.objects.select_related("campaign")
    return get_object_or_404(rows, pk=pk, campaign=campaign)


def _act(request: HttpRequest, pk: int, act: Any, done: str) -> HttpResponse:
    """Run a verb of one button; its refusal becomes a message on the campaign's page."""
    try:
        act()
    except ValidationError as refused:
        messages.warning(request, refused.messages[0])
    else:
        messages.success(request, done)
    return redirect("residents:campaign", pk=pk)
