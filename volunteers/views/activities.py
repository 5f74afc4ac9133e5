"""活动: the list, one activity with its shifts, drafting, photos, whom it served, evaluations."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gridparty.lib.text import row_id
from grids.acting import attempt
from orgs import sealedfiles
from orgs.models import Person
from orgs.roles import CREATE, EDIT, SEES, Noun
from orgs.scope import can, require
from residents.models import Household, Residency
from residents.needflow import ON_OFFER
from volunteers.figures import people_served, period_of
from volunteers.forms.activities import (
    ActivityFilterForm,
    ActivityForm,
    EvaluationForm,
    PhotosForm,
    ServedForm,
    ShiftForm,
)
from volunteers.models import Activity, ActivityPhoto, Evaluation, Project, Shift, SignUp, Volunteer
from volunteers.sections import is_staff
from volunteers.services import activities as services
from volunteers.services.evaluations import evaluate, report_problem
from volunteers.services.signups import add_shift, move_shift
from volunteers.sides import moves_for, sides
from volunteers.views.pages import (
    Link,
    Listing,
    ask_community,
    cell,
    chosen_community,
    detail_page,
    detail_url,
    fetch_row,
    fetch_shift,
    list_page,
    move_link,
    save_page,
    tone,
)
from volunteers.workflow import Who


@login_required
@never_cache
def activities(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    form = ActivityFilterForm(request.GET if request.GET.get("when") != "held" else _plain(request))
    rows = Activity.objects.visible_to(user)
    if form.is_valid():
        rows = _narrowed(rows, form.cleaned_data, user, request.GET.get("when", ""))
    actions = [Link("日历", reverse("volunteers:calendar"), "calendar-event")]
    if can(user, Noun.VOLUNTEER, CREATE + EDIT):
        actions.append(Link("新活动", reverse("volunteers:activity_new"), "plus-lg"))
    listing = Listing(
        "activities", "志愿活动", ("活动", "类型", "时间", "地点", "队伍", "状态"),
        "近期没有活动。", actions,
    )  # fmt: skip
    soonest = form.is_valid() and form.cleaned_data["when"] == ""
    order = ("begins", "id") if soonest else ("-begins", "-id")
    return list_page(request, listing, form, rows.for_list().by_date(), _cells, order)


def _plain(request: HttpRequest) -> Any:
    """Lists behind figures ask for what has been held; the select of times does not offer that."""
    data = request.GET.copy()
    data["when"] = "all"
    return data


def _narrowed(rows: Any, asked: dict[str, Any], user: Any, when: str) -> Any:
    now = timezone.now()
    if when == "held":
        rows = rows.held()
    elif asked["when"] == "past":
        rows = rows.filter(ends_at__lt=now)
    elif asked["when"] == "":
        # What is to come; who works here also sees what is still to be finished.
        open_ones = ("scheduled", "draft", "submitted") if is_staff(user) else ("scheduled",)
        rows = rows.filter(status__in=open_ones)
    period = period_of(asked["month"])
    if period is not None:
        rows = rows.between(*period)
    for name in ("kind", "status", "grid", "unit", "project"):
        if asked[name]:
            rows = rows.filter(**{name: asked[name]})
    if asked["mine"]:
        rows = rows.led_by(user)
    if asked["q"]:
        rows = rows.filter(Q(title__icontains=asked["q"]) | Q(place__icontains=asked["q"]))
    return rows


def _cells(row: Any) -> list[dict[str, Any]]:
    when = f"{timezone.localtime(row.starts_at):%m月%d日 %H:%M}" if row.starts_at else "未定"
    return [
        cell("活动", row.title, url=reverse("volunteers:activity", args=[row.pk])),
        cell("类型", row.get_kind_display()),
        cell("时间", when),
        cell("地点", row.place),
        cell("队伍", str(row.team or row.unit or "社区")),
        cell("状态", row.get_status_display(), level=tone(row.status)),
    ]


@login_required
@never_cache
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """One activity: sign up on the phone; leaders see who comes."""
    user: Any = request.user
    row = fetch_row(request, "activity", pk)
    mine = sides(row, user)
    leads = bool(mine & {Who.STAFF, Who.LEAD})
    me = Volunteer.objects.filter(person_id=user.person_id or -1).select_related("person").first()
    named, others = people_served(Activity.objects.filter(pk=pk))
    facts = [
        ("类型", row.get_kind_display()), ("地点", f"{row.place}{f'（{row.grid}）' if row.grid else ''}"),
        ("内容", row.about or "未写"), ("安全提示", row.safety_note),
        ("带队人", row.lead.masked_name if row.lead else "未定"),
        ("队伍", row.team or "不限"), ("项目", row.project or "不属于项目"),
        ("需要的特长", row.skill_words or "不限"),
        ("未成年人", "可以参加，须监护人同意" if row.minors_welcome else "不招募"),
        ("服务人数", f"登记姓名 {named} 人，其他 {others} 人"), ("小结", row.summary or "未写"),
    ]  # fmt: skip
    if row.need is not None:
        facts.insert(2, ("需求", row.need.public_text))
    links = [*_links(row, leads, pk), *_need_link(row, user)]
    return detail_page(
        request, row, "activities", row.title, facts, (), links,
        template="volunteers/activity.html", leads=leads, me=me,
        shifts=[_shift(one, me, leads, user) for one in row.shifts.all()],
        photos=row.photos.all(), evaluations=row.evaluations.select_related("case"),
        signable=row.status == "scheduled", may_report=leads and can(user, Noun.CASE, CREATE),
        over=row.is_over(timezone.now()) and row.status not in ("draft", "cancelled"),
    )  # fmt: skip


def _need_link(row: Activity, user: Any) -> list[Link]:
    """Whoever keeps the need says after the activity that it is met: one visit is not always enough."""
    over = row.status in ("submitted", "confirmed")
    if row.need is None or row.need.status not in ON_OFFER or not over:
        return []
    if not Household.objects.cared_by(user).filter(pk=row.need.household_id).exists():
        return []
    url = reverse("residents:need_move", args=[row.need_id, "meet"])
    return [Link("需求已满足", url, "check2-circle")]


def _links(row: Activity, leads: bool, pk: int) -> list[Link]:
    if not leads:
        return [Link("加到日历", reverse("volunteers:activity_ics", args=[pk]), "calendar-event")]
    found = []
    if row.status in ("draft", "scheduled"):
        found += [
            Link("修改", reverse("volunteers:activity_edit", args=[pk]), "pencil"),
            Link("加班次", reverse("volunteers:shift_new", args=[pk]), "clock"),
        ]
    if row.status != "draft":
        found.append(Link("传照片", reverse("volunteers:photos", args=[pk]), "camera"))
        found.append(Link("服务对象和小结", reverse("volunteers:served", args=[pk]), "people"))
    if row.status in ("submitted", "confirmed"):
        found.append(Link("登记评价", reverse("volunteers:evaluate", args=[pk]), "star-fill"))
    return found


def _shift(shift: Shift, me: Volunteer | None, leads: bool, user: Any) -> dict[str, Any]:
    """What a shift shows: places, one's own place, who comes."""
    signups = list(
        shift.signups.exclude(status="cancelled").select_related("volunteer__person").order_by("id")
    )
    taken = [one for one in signups if one.status in ("signed", "attended")]
    waiting = [one for one in signups if one.status == "waiting"]
    own = next((one for one in signups if me is not None and one.volunteer_id == me.pk), None)
    place = waiting.index(own) + 1 if own in waiting else 0
    asks = shift.asks.open().for_list().filter(volunteer=me) if me and own is None else ()
    invited = next(iter(asks), None)
    return {
        "shift": shift, "invited": invited,
        "answers": [move_link(invited, move) for move in moves_for(invited, user) if move.name in ("accept", "decline")] if invited else [],
        "taken": len(taken), "waiting": len(waiting), "own": own, "place": place,
        "left": max(shift.capacity - len(taken), 0),
        "people": [_shown(one) for one in signups] if leads else [],
    }  # fmt: skip


def _shown(one: SignUp) -> dict[str, Any]:
    return {
        "signup": one, "name": one.volunteer.person.name, "tone": tone(one.status),
        "status": one.get_status_display(),
    }  # fmt: skip


@login_required
@never_cache
def activity_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    back = reverse("volunteers:activities")
    project_id = row_id(request.GET.get("project", ""))
    project = Project.objects.visible_to(user).filter(pk=project_id or 0).first()
    led = project is not None and Who.LEAD in sides(project, user)
    community = project.community if led and project else chosen_community(request)
    if community is None:
        return ask_community(request, "新活动", back)
    initial: dict[str, Any] = {"need": row_id(request.GET.get("need", ""))}
    if project is not None:
        initial |= {"project": project, "kind": project.kind, "team": project.lead_team,
                    "title": project.name}  # fmt: skip
    form = ActivityForm(request.POST or None, community=community, initial=initial)
    return save_page(
        request, form,
        lambda: services.draft_activity(community=community, by=user, **form.facts_to_store()),
        "已起草，请安排班次，再发布报名。", title="新活动", back=back, submit="下一步：安排时间",
        to=lambda made: reverse("volunteers:shift_new", args=[made.pk]),
    )  # fmt: skip


@login_required
@never_cache
def activity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_row(request, "activity", pk, Who.STAFF, Who.LEAD)
    form = ActivityForm(
        request.POST or None, community=row.community, initial=ActivityForm.facts(row)
    )
    return save_page(
        request, form,
        lambda: services.edit_activity(activity=row, by=user, **form.facts_to_store()),
        "已保存。", title=f"修改：{row.title}", back=detail_url(row), submit="保存",
    )  # fmt: skip


@login_required
@never_cache
def shift_new(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_row(request, "activity", pk, Who.STAFF, Who.LEAD)
    form = ShiftForm(request.POST or None)
    return save_page(
        request, form, lambda: add_shift(activity=row, by=user, **form.cleaned_data),
        "已安排班次。", title=f"{row.title}：安排班次", back=detail_url(row), submit="保存",
    )  # fmt: skip


@login_required
@never_cache
def shift_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    shift = fetch_shift(request, pk, Who.STAFF, Who.LEAD)
    form = ShiftForm(
        request.POST or None,
        initial={name: getattr(shift, name) for name in ("starts_at", "ends_at", "capacity")},
    )
    return save_page(
        request, form, lambda: move_shift(shift=shift, by=user, **form.cleaned_data),
        "已调整。时间变了的，报名的人会收到通知，请他们重新确认。", title="调整班次",
        back=detail_url(shift.activity), submit="保存", hint="改时间不会取消任何人的报名。",
    )  # fmt: skip


@login_required
@never_cache
def photos(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_row(request, "activity", pk, Who.STAFF, Who.LEAD)
    form = PhotosForm(request.POST or None, request.FILES or None)
    return save_page(
        request, form,
        lambda: services.add_photos(activity=row, uploads=form.cleaned_data["photos"], by=user),
        "已上传照片。", title=f"{row.title}：传照片", back=detail_url(row), submit="上传",
        photos=form["photos"],
    )  # fmt: skip


@login_required
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo, to those who see the activity."""
    require(request.user, Noun.VOLUNTEER, SEES)
    found = get_object_or_404(ActivityPhoto, pk=pk)
    fetch_row(request, "activity", found.activity_id)
    try:
        data = sealedfiles.read(found.stored_as)
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(data, content_type="image/jpeg", headers={"Cache-Control": "private"})


@login_required
@never_cache
def served(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom the activity served: the household of its need is offered by name."""
    user: Any = request.user
    row = fetch_row(request, "activity", pk, Who.STAFF, Who.LEAD)
    form = ServedForm(
        request.POST or None, offered=_beneficiaries(row, user),
        initial={"others": row.served_others, "summary": row.summary,
                 "people": [str(one) for one in row.served.values_list("person", flat=True)]},
    )  # fmt: skip

    def save() -> None:
        people = Person.objects.filter(pk__in=form.cleaned_data.get("people", []))
        services.note_served(
            activity=row, people=list(people), others=form.cleaned_data["others"] or 0,
            summary=form.cleaned_data["summary"], by=user,
        )  # fmt: skip

    return save_page(
        request, form, save, "已登记。", title=f"{row.title}：服务对象和小结",
        back=detail_url(row), submit="保存",
    )  # fmt: skip


def _beneficiaries(row: Activity, user: Any) -> list[tuple[str, str]]:
    """Who lives where the need came from, to those who keep the care library there."""
    if row.need is None or not type(row.need).objects.visible_to(user).filter(pk=row.need_id or 0):
        return []
    living = Residency.objects.filter(household=row.need.household_id, end=None)
    people = living.select_related("person").order_by("id")
    return [(str(one.person_id), one.person.masked_name) for one in people]


@login_required
@never_cache
def evaluation_new(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_row(request, "activity", pk, Who.STAFF, Who.LEAD)
    form = EvaluationForm(request.POST or None)
    return save_page(
        request, form, lambda: evaluate(activity=row, by=user, **form.cleaned_data),
        "已登记评价。", title=f"{row.title}：评价", back=detail_url(row), submit="登记",
    )  # fmt: skip


@login_required
@require_POST
def problem(request: HttpRequest, pk: int) -> HttpResponse:
    """A problem found becomes a case."""
    user: Any = request.user
    require(user, Noun.VOLUNTEER, SEES)
    found = get_object_or_404(Evaluation, pk=pk)
    fetch_row(request, "activity", found.activity_id)
    attempt(request, lambda: report_problem(evaluation=found, by=user), "已转成事项。")
    return redirect("volunteers:activity", pk=found.activity_id)
