"""Topics: the list with its figures, one topic, its moves, export."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from councils import services
from councils.figures import topic_figures
from councils.forms.desk import MoveForm, TopicFilterForm, TopicForm
from councils.models import Council, Topic
from councils.querysets import TopicQuerySet
from councils.quorum import blades_of, objections_of
from councils.sections import sections
from councils.work import work_of
from councils.workflow import BY_NAME, TAKES_OPINIONS, Stage, Status, moves_from
from grids.acting import do
from grids.models import Grid
from orgs.audit import record
from orgs.fetch import fetch, may
from orgs.paging import Page, keyset_page
from orgs.roles import APPROVE, CREATE, EDIT, SEES, Noun
from orgs.scope import can, require
from orgs.workbook import Columns
from residents.views.edit import form_page
from residents.views.files import as_workbook

COLUMNS: Columns = (
    ("序号", 6), ("议题", 30), ("情况和诉求", 40), ("社区", 14), ("网格", 12), ("来源", 10),
    ("涉及户数", 9), ("热难点", 8), ("阶段", 10), ("状态", 10), ("决议", 40), ("办理结果", 40),
    ("效果", 10), ("点赞", 6), ("提出日期", 12), ("办结日期", 12),
)  # fmt: skip
MAX_ROWS = 5_000


@login_required
@never_cache
@require_GET
def topic_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.TOPIC, SEES)
    day = timezone.localdate()
    mine = Topic.objects.visible_to(user)
    form = TopicFilterForm(request.GET, grids=Grid.objects.where_may(user, Noun.TOPIC, SEES).live())
    context: dict[str, Any] = {
        "page_title": "议题", "sections": sections("topics"), "form": form,
        "may_propose": can(user, Noun.TOPIC, CREATE), "page": Page([]),
    }  # fmt: skip
    if not form.is_valid():
        return render(request, "councils/topics.html", context, status=400)
    found = _narrowed(mine, form.cleaned_data)
    context |= {
        "page": keyset_page(found.for_list(), request, count=found.count()),
        "figures": topic_figures(mine, day),
        "filtered": any(form.cleaned_data.values()),
        "export_url": f"{reverse('councils:topics_export')}?{request.GET.urlencode()}",
    }
    return render(request, "councils/topics.html", context)


def _narrowed(topics: TopicQuerySet, asked: dict[str, Any]) -> TopicQuerySet:
    """Apply the form; the same rows stand behind list, count, export and figures."""
    day = timezone.localdate()
    shown = {
        "late": lambda: topics.with_late_tasks(day),
        "out": lambda: topics.announced_out(day),
        "look": lambda: topics.to_look_again(day),
        "solved": topics.solved,
        "all": topics.all,
    }.get(asked["show"])
    if shown is not None:
        topics = shown()
    elif not asked["status"]:
        topics = topics.open()
    if asked["stage"]:
        topics = topics.in_stage(asked["stage"])
    if asked["status"]:
        topics = topics.filter(status=asked["status"])
    if asked["hot"]:
        topics = topics.filter(hot=True)
    for name in ("community", "grid"):
        if asked.get(name):
            topics = topics.filter(**{name: asked[name]})
    if asked["q"]:
        topics = topics.filter(title__icontains=asked["q"])
    return topics


@login_required
@require_GET
def topics_export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The list under the same filter, as a workbook; no names stand in topics."""
    user: Any = request.user
    require(user, Noun.TOPIC, SEES)
    form = TopicFilterForm(request.GET, grids=Grid.objects.where_may(user, Noun.TOPIC, SEES).live())
    if not form.is_valid():
        return redirect("councils:topics")
    found = _narrowed(Topic.objects.visible_to(user), form.cleaned_data).for_list()
    rows: list[Any] = list(found.order_by("-id")[:MAX_ROWS])
    record(by=user, action="topic.export", target=Topic, detail={"rows": len(rows)})
    cells = (
        [
            number, one.title, one.text, str(one.community), str(one.grid or ""),
            one.get_source_display(), one.households, "是" if one.hot else "", one.stage_label,
            one.status_label, one.resolution, one.result, one.get_effect_display(),
            one.like_count, f"{timezone.localtime(one.created_at):%Y-%m-%d}",
            f"{one.closed_on:%Y-%m-%d}" if one.closed_on else "",
        ]
        for number, one in enumerate(rows, start=1)
    )  # fmt: skip
    return as_workbook("议题清单", COLUMNS, cells, user=user, day=timezone.localdate())


def fetch_topic(user: Any, pk: int, letters: str = SEES) -> Topic:
    topic: Topic = fetch(Topic.objects.for_detail(), user, Noun.TOPIC, letters, pk=pk)
    return topic


@login_required
@never_cache
@require_GET
def topic_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    topic = fetch_topic(user, pk)
    day = timezone.localdate()
    letters = {letter for letter in (EDIT, APPROVE) if may(Topic.objects, user, letter, topic)}
    opinions = list(topic.opinions.order_by("-id")[:100])
    context = {
        "page_title": topic.title,
        "topic": topic,
        "stages": stage_bar(topic),
        "moves": [move for move in moves_from(topic.status) if move.letter in letters],
        "may_edit": EDIT in letters,
        "may_revise": EDIT in letters
        and topic.status in (Status.COLLECTING, Status.SCREENED, Status.AGENDA),
        "takes_opinions": topic.status in TAKES_OPINIONS,
        "announced": topic.status == Status.RESOLVED,
        "runs": topic.announcement_runs(day),
        "objections": objections_of(topic),
        "objection_rows": topic.objections.select_related("household") if letters else [],
        "blades": blades_of(topic),
        "opinions": opinions,
        "items": topic.items.select_related("meeting__council").order_by("-id"),
        "tasks": topic.tasks.select_related("unit", "case"),
        "takes_tasks": topic.status in (Status.RESOLVED, Status.EXECUTING),
        "works": work_of(topic),
        "photos": topic.photos.all(),
        "events": topic.events.select_related("by__person").order_by("-id"),
        "likes": topic.likes.count(),
        "to_look": topic.status == Status.CLOSED and topic.looked_at is None,
        "buildings": topic.buildings.select_related("compound"),
        "day": day,
    }
    return render(request, "councils/topic.html", context)


def stage_bar(topic: Topic) -> list[dict[str, Any]]:
    """The four stages as a bar: done, current, to come."""
    order = list(Stage)
    now = order.index(Stage(topic.stage)) if topic.stage else -1
    done = topic.status == Status.CLOSED
    return [
        {
            "label": str(stage.label),
            "state": "done" if index < now or done else "current" if index == now else "todo",
        }
        for index, stage in enumerate(order)
    ]


@login_required
@never_cache
def topic_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.TOPIC, CREATE)
    councils = Council.objects.visible_to(user, CREATE).standing()
    form = TopicForm(
        request.POST or None, request.FILES or None, councils=councils,
        initial={"council": councils.first()},
    )  # fmt: skip
    made: list[Topic] = []
    if request.method == "POST" and do(
        request, form,
        lambda: made.append(services.propose(by=user, **form.cleaned_data)),
        "已登记，正在征集意见。",
    ):  # fmt: skip
        return redirect("councils:topic", pk=made[0].pk)
    hint = "" if councils else "您的范围里还没有议事机构，请先在“议事机构”里成立。"
    return form_page(request, form, "提出议题", reverse("councils:topics"), "提交", hint=hint)


@login_required
@never_cache
def topic_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    topic = fetch_topic(user, pk, EDIT)
    names = ("title", "text", "households", "stakeholders", "hot", "collect_until")
    facts: dict[str, Any] = {name: getattr(topic, name) for name in names}
    form = TopicForm(
        request.POST or None, councils=Council.objects.visible_to(user), topic=topic,
        initial={**facts, "buildings": topic.buildings.all()},
    )  # fmt: skip
    back = reverse("councils:topic", args=[pk])
    if request.method == "POST" and do(
        request, form, lambda: services.edit_topic(topic=topic, by=user, **form.cleaned_data),
        "已保存。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"修改：{topic.title}", back, "保存")


@login_required
@never_cache
def topic_move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One line of the table."""
    user: Any = request.user
    move = BY_NAME.get(name)
    if move is None:
        raise Http404
    topic = fetch_topic(user, pk, move.letter)
    form = MoveForm(request.POST or None, request.FILES or None, move=move, topic=topic)
    back = reverse("councils:topic", args=[pk])

    def go() -> None:
        services.move_topic(topic=topic, name=name, by=user, **form.cleaned_data)

    if request.method == "POST" and do(request, form, go, f"{move.label}：已办理。"):
        return redirect(back)
    title = f"{move.label}：{topic.title}"
    return form_page(request, form, title, back, move.label, hint=move.hint)
