"""What residents see without a log-in: topics of their community, opinions, likes, solved problems."""

from typing import Any

from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cases.limits import RateLimit
from cases.pictures import photo_response
from councils import services
from councils.catalog import PhotoKind, TopicSource, Way
from councils.forms.public import LikeForm, ProposalForm, VoiceForm
from councils.models import Council, Topic, TopicPhoto
from councils.quorum import blades_of
from councils.views.topics import stage_bar
from councils.workflow import TAKES_OPINIONS, Stage
from grids.acting import do
from orgs.models import OrgUnit
from orgs.paging import keyset_page

VOICES = RateLimit("topic-voice", times=20, minutes=60)
TOO_MANY = "这个网络地址提交得太多了，请过一小时再试。"
SHOWN_PHOTOS = (PhotoKind.BEFORE, PhotoKind.AFTER)
# The same words for a like that counted and one that did not: who is registered stays secret.
LIKED = "谢谢您的点赞。每个查询码或登记过的手机号只计一次。"


@never_cache
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """`?community=<code>`: its topics, by stage; without it, the communities that deliberate."""
    context: dict[str, Any] = {"page_title": "议事厅", "public_active": "topics"}
    community = _community(request.GET.get("community", ""))
    if community is None:
        context["places"] = _places()
        return render(request, "councils/public_board.html", context)
    topics = Topic.objects.public().filter(community=community)
    stage = request.GET.get("stage", "")
    solved = request.GET.get("solved") == "1"
    shown = (
        topics.solved()
        if solved
        else topics.in_stage(stage).open()
        if stage in Stage
        else topics.open()
    )
    context |= {
        "community": community,
        "stage": stage,
        "solved": solved,
        "stages": [
            {
                "value": one.value,
                "label": str(one.label),
                "count": topics.in_stage(one).open().count(),
            }
            for one in Stage
        ],
        "solved_count": topics.solved().count(),
        "page": keyset_page(shown.for_list().prefetch_related("photos"), request, size=20),
    }
    return render(request, "councils/public_board.html", context)


def _community(code: str) -> OrgUnit | None:
    if not (code.isascii() and code.isdigit()):
        return None
    found: OrgUnit | None = (
        OrgUnit.objects.active().filter(division_code=code).select_related("region").first()
    )
    return found


def _places() -> Any:
    """Communities with a standing council, with how many topics residents can read."""
    councils = Council.objects.standing().values("community")
    rows = (
        OrgUnit.objects.active().filter(pk__in=councils).select_related("region", "parent__region")
    )
    counted = Topic.objects.public().open().order_by().values("community").annotate(n=Count("pk"))
    numbers = {row["community"]: row["n"] for row in counted}
    return [(row, numbers.get(row.pk, 0)) for row in rows.order_by("division_code")]


def _public_topic(pk: int) -> Topic:
    rows = Topic.objects.public().select_related("community__region", "council", "grid")
    topic: Topic = get_object_or_404(rows, pk=pk)
    return topic


@never_cache
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    """One topic; a posted opinion is kept and shown to staff."""
    found = _public_topic(pk)
    form = VoiceForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not form.is_robot:
        if VOICES.is_spent(request):
            form.add_error(None, TOO_MANY)
        else:
            VOICES.count(request)
            text = form.cleaned_data["text"]
            if do(
                request, form,
                lambda: services.add_opinion(topic=found, text=text, way=Way.ONLINE, by=None),
                "意见已收到，会带到会上。",
            ):  # fmt: skip
                return redirect("councils:public_topic", pk=pk)
    return _page(request, found, form=form, status=400 if form.errors else 200)


def _page(request: HttpRequest, found: Topic, *, status: int = 200, **more: Any) -> HttpResponse:
    photos = list(found.photos.filter(kind__in=SHOWN_PHOTOS))
    context = {
        "page_title": found.title,
        "public_active": "topics",
        "topic": found,
        "stages": stage_bar(found),
        "before": [row for row in photos if row.kind == PhotoKind.BEFORE],
        "after": [row for row in photos if row.kind == PhotoKind.AFTER],
        "blades": blades_of(found),
        "likes": found.likes.count(),
        "opinion_count": found.opinions.count(),
        "takes_opinions": found.status in TAKES_OPINIONS,
        "tasks": found.tasks.select_related("unit"),
        "like_form": LikeForm(),
        **more,
    }
    return render(request, "councils/public_topic.html", context, status=status)


@never_cache
@require_POST
def like(request: HttpRequest, pk: int) -> HttpResponse:
    found = _public_topic(pk)
    form = LikeForm(request.POST)
    if VOICES.is_spent(request):
        form.full_clean()
        form.add_error("proof", TOO_MANY)
        return _page(request, found, form=VoiceForm(), like_form=form, status=429)
    if not form.is_valid():
        return _page(request, found, form=VoiceForm(), like_form=form, status=400)
    VOICES.count(request)
    proof = form.cleaned_data["proof"]
    do(request, form, lambda: services.like(topic=found, proof=proof), LIKED)
    return redirect("councils:public_topic", pk=pk)


@never_cache
def propose(request: HttpRequest) -> HttpResponse:
    """A resident proposes a topic; it is shown once the branch has screened it."""
    community = _community(request.POST.get("community") or request.GET.get("community", ""))
    councils = Council.objects.standing().filter(community=community) if community else None
    if community is None or councils is None or not councils.exists():
        return redirect("councils:public_board")
    form = ProposalForm(request.POST or None, councils=councils)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid() and VOICES.is_spent(request):
            form.add_error(None, TOO_MANY)
        elif form.is_valid() and not form.is_robot:
            VOICES.count(request)
            data = {name: form.cleaned_data[name] for name in ("council", "title", "text")}
            if do(
                request, form,
                lambda: services.propose(source=TopicSource.ONLINE, by=None, **data),
                "已收到您的议题，支部审题后在这里公布。",
            ):  # fmt: skip
                return redirect(
                    f"{request.path.removesuffix('new/')}?community={community.division_code}"
                )
    context = {
        "page_title": "提个议题", "public_active": "topics", "form": form, "community": community,
    }  # fmt: skip
    return render(request, "councils/public_propose.html", context, status=status)


@require_GET
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """A photo before or after, of a topic residents may read."""
    public = Topic.objects.public().values("pk")
    row = get_object_or_404(TopicPhoto, pk=pk, kind__in=SHOWN_PHOTOS, topic__in=public)
    return photo_response(row)
