"""What hangs on a topic: opinions, objections, tasks, photos, the 90-day look."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cases.pictures import photo_response
from councils import services
from councils.forms.desk import (
    LookForm,
    ObjectionForm,
    OpinionForm,
    PhotosForm,
    TaskCaseForm,
    TaskDoneForm,
    TaskForm,
)
from councils.models import Topic, TopicPhoto, TopicTask
from councils.services.projects import project_from_topic
from councils.views.topics import fetch_topic
from grids.acting import do
from orgs.models import Unit
from orgs.roles import CREATE, EDIT
from residents.models import Household
from residents.services.households import read_room
from residents.views.edit import form_page
from volunteers.forms.lists import ProjectForm


def _back(topic: Topic, part: str) -> str:
    return f"{reverse('councils:topic', args=[topic.pk])}#{part}"


@login_required
@never_cache
def opinion_new(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    topic = fetch_topic(user, pk, CREATE)
    form = OpinionForm(request.POST or None)
    back = _back(topic, "opinions")
    if request.method == "POST" and do(
        request, form, lambda: services.add_opinion(topic=topic, by=user, **form.cleaned_data),
        "已登记意见。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"登记意见：{topic.title}", back, "登记")


@login_required
@never_cache
def objection_new(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    topic = fetch_topic(user, pk, EDIT)
    form = ObjectionForm(request.POST or None, topic=topic)
    back = _back(topic, "objections")

    def keep() -> None:
        data = dict(form.cleaned_data)
        home = _household(user, data.pop("building"), data.pop("room"))
        services.object_to(topic=topic, household=home, by=user, **data)

    if request.method == "POST" and do(request, form, keep, "已登记异议。"):
        return redirect(back)
    hint = "一户登记一次。住户须在居民登记里。"
    return form_page(request, form, f"登记异议：{topic.title}", back, "登记", hint=hint)


def _household(user: Any, building: Any, text: str) -> Household:
    """The one home with this room in the building; ValidationError at the room."""
    raw, room = read_room(text)
    homes = Household.objects.visible_to(user).open().filter(building=building)
    found = list(homes.filter(room__in={raw, room} - {""})[:2])
    if len(found) != 1:
        why = "这个房号有几户，请写上单元。" if found else "没有这一户，请核对楼栋和房号。"
        raise ValidationError({"room": why})
    return found[0]


@login_required
@never_cache
def task_new(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    topic = fetch_topic(user, pk, EDIT)
    form = TaskForm(request.POST or None, units=Unit.objects.serving(topic.street))
    back = _back(topic, "tasks")
    if request.method == "POST" and do(
        request, form, lambda: services.add_task(topic=topic, by=user, **form.cleaned_data),
        "已加上任务。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"分解任务：{topic.title}", back, "加上")


@login_required
@never_cache
def project_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft a service project for what was resolved."""
    user: Any = request.user
    topic = fetch_topic(user, pk, EDIT)
    today = timezone.localdate()
    form = ProjectForm(
        request.POST or None, community=topic.community,
        initial={
            "name": topic.title, "about": topic.resolution[:500], "starts_on": today,
            "grids": [topic.grid_id] if topic.grid_id else [],
        },
    )  # fmt: skip
    back = _back(topic, "tasks")
    if request.method == "POST" and do(
        request, form,
        lambda: project_from_topic(topic=topic, by=user, **form.cleaned_data),
        "已起草服务项目，完成后议题才能办结。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"立服务项目：{topic.title}", back, "起草")


def _fetch_task(user: Any, pk: int) -> TopicTask:
    task = get_object_or_404(
        TopicTask.objects.select_related("topic"), pk=pk,
        topic__in=Topic.objects.visible_to(user).values("pk"),
    )  # fmt: skip
    fetch_topic(user, task.topic_id, EDIT)
    return task


@login_required
@never_cache
def task_done(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    task = _fetch_task(user, pk)
    form = TaskDoneForm(request.POST or None)
    back = _back(task.topic, "tasks")
    if request.method == "POST" and do(
        request, form, lambda: services.finish_task(task=task, by=user, **form.cleaned_data),
        "任务已完成。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"完成任务：{task.what}", back, "完成")


@login_required
@never_cache
def task_case(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    task = _fetch_task(user, pk)
    form = TaskCaseForm(request.POST or None)
    back = _back(task.topic, "tasks")
    if request.method == "POST" and do(
        request, form, lambda: services.task_to_case(task=task, by=user, **form.cleaned_data),
        "已转为事项，销号后任务自动完成。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"转为事项：{task.what}", back, "转为事项")


@login_required
@never_cache
def photos_new(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    topic = fetch_topic(user, pk, EDIT)
    form = PhotosForm(request.POST or None, request.FILES or None)
    back = _back(topic, "photos")

    def keep() -> None:
        data = form.cleaned_data
        services.add_photos(topic=topic, kind=data["kind"], uploads=data["photos"], by=user)

    if request.method == "POST" and do(request, form, keep, "照片已上传。"):
        return redirect(back)
    hint = "办理前、办理后的照片会公开，请避开人脸和门牌。"
    return form_page(request, form, f"上传照片：{topic.title}", back, "上传", hint=hint)


@login_required
@require_GET
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """A photo of a topic the user may see."""
    topics = Topic.objects.visible_to(request.user)
    return photo_response(get_object_or_404(TopicPhoto, pk=pk, topic__in=topics.values("pk")))


@login_required
@never_cache
def look(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    topic = fetch_topic(user, pk, EDIT)
    form = LookForm(request.POST or None)
    back = reverse("councils:topic", args=[pk])
    if request.method == "POST" and do(
        request, form, lambda: services.look_again(topic=topic, by=user, **form.cleaned_data),
        "已登记回看。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"回看：{topic.title}", back, "登记")
