"""五个一: the wall of a month, the calendar, one board, recording and confirming."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from gridparty.lib.periods import Month
from grids.acting import attempt, do
from orgs.fetch import fetch
from orgs.models import PartyMember
from orgs.roles import APPROVE, CREATE, EDIT, SEES, Noun
from orgs.scope import require
from partybuilding.catalog import FiveKind
from partybuilding.figures import wall_figures, wall_kinds, wall_shown
from partybuilding.forms.common import NoteForm
from partybuilding.forms.five import RecordForm, WallFilterForm
from partybuilding.models import BoardItem, BranchMeeting, MonthlyBoard, Photo
from partybuilding.sections import sections
from partybuilding.services import move_item, record_items
from partybuilding.views.pages import Listing, cell, form_page, list_page, move_links
from partybuilding.workflow import OPEN_ITEMS, ItemStatus, move_of

COLUMNS = (
    ("党支部", 28), ("社区", 18), *((str(kind.label), 14) for kind in FiveKind), ("已确认", 8),
    ("得分", 8),
)  # fmt: skip


@login_required
@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The first page the user may open."""
    require(request.user, Noun.PARTY, SEES)
    tabs = sections(request.user, "")
    if not tabs:
        raise Http404
    return redirect(tabs[0].sections[0].url)


@login_required
@never_cache
@require_GET
def wall(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    mine = MonthlyBoard.objects.visible_to(user)
    form = WallFilterForm(request.GET, boards=mine)
    month = Month.of(timezone.localdate())
    boards = mine
    if form.is_valid():
        asked = form.cleaned_data
        month = Month.parse(asked["month"]) if asked["month"] else month
        boards = mine.of_month(month.first_day)
        if asked.get("community"):
            boards = boards.filter(community=asked["community"])
        rows = wall_shown(boards, asked["show"])
        if asked["kind"]:
            rows = rows.without_items(kind=asked["kind"], status=ItemStatus.CONFIRMED)
        if asked["q"]:
            rows = rows.filter(branch__name__icontains=asked["q"])
    else:
        rows = boards
    listing = Listing(
        "five", f"五个一 {month.label}", COLUMNS, "这个月没有五个一。每月 1 日为每个网格党支部自动生成。",
        order=("community_id", "branch_id", "id"), numbers=("已确认", "得分"),
    )  # fmt: skip
    return list_page(
        request, listing, form, rows.for_list(), _wall_cells, template="partybuilding/wall.html",
        figures=wall_figures(boards, str(month)), kinds=wall_kinds(boards, str(month)), month=month,
    )  # fmt: skip


def _wall_cells(board: MonthlyBoard) -> list[dict[str, Any]]:
    page = reverse("partybuilding:board", args=[board.pk])
    cells = [cell("党支部", board.branch.name, url=page), cell("社区", board.community.name)]
    cells += [cell(str(item), item.state_words, level=item.level) for item in board.items.all()]
    score = f"{board.score:g}"
    done: int = board.done_count  # type: ignore[attr-defined]
    return [*cells, cell("已确认", done, number=True), cell("得分", score, number=True)]


def fetch_board(user: Any, pk: int, letters: str = SEES) -> MonthlyBoard:
    rows = MonthlyBoard.objects.select_related("branch", "community", "street")
    board: MonthlyBoard = fetch(rows, user, Noun.PARTY, letters, pk=pk)
    return board


@login_required
@never_cache
@require_GET
def board_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    board = fetch_board(user, pk)
    items = list(
        board.items.select_related("meeting", "submitted_by__person").prefetch_related(
            "links__case__category", "links__need", "links__topic"
        )
    )
    meetings = list(board.meetings.order_by("held_at"))
    photos: dict[int, list[Photo]] = {}
    wanted = [meeting.pk for meeting in meetings]
    for photo in Photo.objects.filter(subject="meeting", row__in=wanted):
        photos.setdefault(photo.row, []).append(photo)
    may_record = bool(MonthlyBoard.objects.visible_to(user, CREATE + EDIT).filter(pk=pk).exists())
    open_kinds = [item.kind for item in items if item.status in OPEN_ITEMS]
    others = MonthlyBoard.objects.visible_to(user).filter(branch=board.branch_id)
    context = {
        "page_title": f"{board.branch.name} {board.label}五个一",
        "board": board,
        "cards": [
            {"item": item, "moves": move_links(item, user), "links": list(item.links.all())}
            for item in items
        ],
        "done": sum(item.status == ItemStatus.CONFIRMED for item in items),
        "waits": sum(item.status == ItemStatus.SUBMITTED for item in items),
        "may_confirm": bool(MonthlyBoard.objects.visible_to(user, APPROVE).filter(pk=pk).exists()),
        "meetings": [{"row": one, "photos": photos.get(one.pk, [])} for one in meetings],
        "may_record": may_record and len(open_kinds) > 1,
        "months": others.for_list().order_by("-month")[:12],
        "sections": sections(user, "five"),
        "today": timezone.localdate(),
    }
    return render(request, "partybuilding/board.html", context)


@login_required
@never_cache
def board_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Several items by one meeting, or one item (`?kind=`)."""
    user: Any = request.user
    board = fetch_board(user, pk, CREATE + EDIT)
    items = {item.kind: item for item in board.items.all()}
    wanted = request.GET.get("kind", "")
    if wanted and wanted not in items:
        raise Http404
    kinds = [wanted] if wanted else [k for k, item in items.items() if item.status in OPEN_ITEMS]
    back = reverse("partybuilding:board", args=[pk])
    if not kinds:
        return redirect(back)
    initial = _initial(board, items[wanted]) if wanted else _initial(board, None)
    form = RecordForm(
        request.POST or None, request.FILES or None, board=board, kinds=kinds, user=user,
        initial=initial,
    )  # fmt: skip
    if request.method == "POST" and do(
        request, form,
        lambda: record_items(
            board=board, kinds=form.cleaned_data["kinds"], evidence=form.evidence(), by=user
        ),
        "已填报，等社区确认。",
    ):  # fmt: skip
        return redirect(back)
    what = str(items[wanted]) if wanted else "一次会议完成几项"
    hint = "" if timezone.localdate() <= board.grace_until else "已过期限：还可以补填，按一半计分。"
    return form_page(request, form, f"{what}：{board}", back, "提交", hint=hint)


def _initial(board: MonthlyBoard, item: BoardItem | None) -> dict[str, Any]:
    """What was typed before it was sent back; the number of members to begin with."""
    members = PartyMember.objects.filter(
        org_unit__tree_id=board.branch.tree_id, org_unit__lft__gte=board.branch.lft,
        org_unit__rght__lte=board.branch.rght, left_on=None,
    ).count()  # fmt: skip
    facts: dict[str, Any] = {"expected": members or None}
    if item is None:
        return facts
    text = {"tell": "told", "report": "work", "consult": "conclusion"}.get(item.kind)
    if text:
        facts[text] = item.text
    facts |= {
        "channel": item.channel,
        "comment": item.comment,
        "reporter": item.who,
        "claimer": item.who,
        "until": item.until,
        "meeting": item.meeting,
        "cases": [link.case_id for link in item.links.all() if link.case_id],
        "problems": [link.case_id for link in item.links.all() if link.case_id],
        "needs": [link.need_id for link in item.links.all() if link.need_id],
        "topics": [link.topic_id for link in item.links.all() if link.topic_id],
    }
    return facts


@login_required
@never_cache
def item_form(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The address of a move with a page of its own: recording."""
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    item = get_object_or_404(BoardItem.objects.visible_to(user), pk=pk)
    if name != "submit":
        raise Http404
    return redirect(
        f"{reverse('partybuilding:board_record', args=[item.board_id])}?kind={item.kind}"
    )


@login_required
@never_cache
def item_move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Withdraw, confirm, send back."""
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    rows = BoardItem.objects.visible_to(user).select_related("board__branch")
    item = get_object_or_404(rows, pk=pk)
    move = move_of("item", name)
    if move is None or move.form:
        raise Http404
    back = reverse("partybuilding:board", args=[item.board_id])
    if not move.asks:
        if request.method == "POST":
            attempt(request, lambda: move_item(item=item, name=name, by=user), "已办理。")
        return redirect(back)
    form = NoteForm(request.POST or None, label=move.asks)
    if request.method == "POST" and do(
        request, form, lambda: move_item(item=item, name=name, by=user, **form.cleaned_data),
        "已退回。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"{move.label}：{item}", back, move.label)


@login_required
@never_cache
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """The meetings of branches in a month, day by day."""
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    today = timezone.localdate()
    try:
        month = Month.parse(request.GET.get("month", "") or str(Month.of(today)))
    except ValueError:
        month = Month.of(today)
    rows = BranchMeeting.objects.visible_to(user).between(month.start, month.end)
    by_day: dict[date, list[BranchMeeting]] = {}
    for meeting in rows.for_list().order_by("held_at")[:2000]:
        by_day.setdefault(timezone.localtime(meeting.held_at).date(), []).append(meeting)
    context = {
        "page_title": f"支部会议 {month.label}", "sections": sections(user, "calendar"),
        "weeks": _weeks(month, by_day), "days": sorted(by_day.items()), "today": today,
        "count": sum(len(found) for found in by_day.values()),
        "previous": f"?month={month.previous()}", "next": f"?month={month.next()}",
        "wall_url": f"{reverse('partybuilding:wall')}?month={month}",
    }  # fmt: skip
    return render(request, "partybuilding/calendar.html", context)


def _weeks(month: Month, by_day: dict[date, list[BranchMeeting]]) -> list[list[dict[str, Any]]]:
    day = month.first_day - timedelta(days=month.first_day.weekday())
    weeks = []
    while day < month.end_day:
        week = [day + timedelta(days=offset) for offset in range(7)]
        weeks.append(
            [{"day": one, "here": month.contains(one), "rows": by_day.get(one, [])} for one in week]
        )
        day += timedelta(days=7)
    return weeks
