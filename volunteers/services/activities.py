"""Activities: draft, publish, photos, whom they served; the hours follow when they are handed in."""

from collections.abc import Sequence
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from gridparty.lib.images import BadImage, sanitise
from gridparty.lib.text import clean_prose, has_nul
from grids.models import Building, Grid
from grids.texts import one_line
from orgs import sealedfiles
from orgs.audit import describe_actions, record
from orgs.models import OrgUnit, Person, User
from residents.models import Need
from volunteers.catalog import ActivityKind, Skill
from volunteers.models import Activity, ActivityPhoto, Project, Served, Team
from volunteers.notices import tell_cancelled
from volunteers.services.asks import lapse_asks
from volunteers.services.hours import credit_activity, decide_all, take_back_hours
from volunteers.services.lives import require_side, take_step
from volunteers.services.places import columns_of, require_community
from volunteers.services.projects import is_member
from volunteers.sides import sides
from volunteers.workflow import TAKES_PART, ActivityStatus, SignUpStatus, Who

describe_actions(
    activity__draft="登记活动", activity__edit="修改活动", activity__photos="上传活动照片",
    activity__served="登记服务对象",
)  # fmt: skip
MAX_PHOTOS = 9


@transaction.atomic
def draft_activity(*, community: OrgUnit, by: User | None, **facts: Any) -> Activity:
    """Write an activity down; shifts are added after. Staff, or whoever leads its project or team."""
    activity = Activity(**columns_of(community), created_by=by)
    _fill(activity, **facts)
    if by is not None and Who.LEAD not in _led_by(activity, by):
        require_community(community, by)
    activity.save()
    record(by=by, action="activity.draft", target=activity, street=activity.street_id)
    return activity


@transaction.atomic
def edit_activity(*, activity: Activity, by: User, **facts: Any) -> Activity:
    """Change what an activity says; its times are changed shift by shift."""
    require_side(activity, by, Who.STAFF, Who.LEAD)
    if activity.status not in (ActivityStatus.DRAFT, ActivityStatus.SCHEDULED):
        raise ValidationError(f"活动{activity.get_status_display()}，不能再改。")
    _fill(activity, **facts)
    activity.save()
    record(by=by, action="activity.edit", target=activity, street=activity.street_id)
    return activity


@transaction.atomic
def move_activity(*, activity: Activity, name: str, by: User | None, note: str = "") -> Activity:
    """Take an activity along its table; handing in and confirming carry the hours along."""
    if name == "publish":
        _require_ready(activity)
    if name == "submit":
        _require_over(activity)
    take_step(row=activity, name=name, by=by, note=note)
    if name == "submit":
        credit_activity(activity=activity, by=by)
    elif name == "return":
        take_back_hours(activity=activity)
    elif name == "confirm":
        decide_all(activity=activity, by=by)
    elif name == "cancel":
        _let_go(activity)
    return activity


def _let_go(activity: Activity) -> None:
    """Nobody stays signed up for what does not take place, and each is told."""
    for shift in activity.shifts.select_related("activity"):
        here = shift.signups.filter(status__in=(SignUpStatus.SIGNED, SignUpStatus.WAITING))
        tell_cancelled(shift=shift, volunteers=list(here.values_list("volunteer", flat=True)))
        here.update(status=SignUpStatus.CANCELLED, to_confirm=False)
        lapse_asks(shift=shift, note="活动取消")


def span(activity: Activity) -> None:
    """Write the span of the shifts to the activity."""
    found = activity.shifts.aggregate(first=Min("starts_at"), last=Max("ends_at"))
    Activity.objects.filter(pk=activity.pk).update(starts_at=found["first"], ends_at=found["last"])
    activity.refresh_from_db()


@transaction.atomic
def add_photos(*, activity: Activity, uploads: Sequence[IO[bytes]], by: User) -> int:
    """Seal photos of an activity; ValidationError at "photos" for the first bad one."""
    require_side(activity, by, Who.STAFF, Who.LEAD)
    if activity.photos.count() + len(uploads) > MAX_PHOTOS:
        raise ValidationError({"photos": f"一次活动最多 {MAX_PHOTOS} 张照片。"})
    clean = []
    for number, upload in enumerate(uploads, 1):
        try:
            clean.append(sanitise(upload))
        except BadImage as error:
            raise ValidationError({"photos": f"第 {number} 张：{error}"}) from None
    for photo in clean:
        ActivityPhoto.objects.create(
            activity=activity, stored_as=sealedfiles.store(photo.data, folder="activities"),
            width=photo.width, height=photo.height,
        )  # fmt: skip
    record(by=by, action="activity.photos", target=activity, detail={"count": len(clean)})
    return len(clean)


@transaction.atomic
def note_served(
    *, activity: Activity, people: Sequence[Person], others: int, summary: str, by: User | None
) -> None:
    """Write down whom the activity served: people by name, others by number."""
    if by is not None:
        require_side(activity, by, Who.STAFF, Who.LEAD)
    helpers = set(
        activity.shifts.filter(signups__status__in=TAKES_PART).values_list(
            "signups__volunteer__person", flat=True
        )
    )
    if any(person.pk in helpers for person in people):
        raise ValidationError({"people": "参加活动的志愿者不能同时是服务对象，请去掉。"})
    for person in people:
        Served.objects.get_or_create(activity=activity, person=person)
    activity.served_others = others
    activity.summary = one_line(summary, label="小结", longest=500, required=False)
    activity.save(update_fields=["served_others", "summary"])
    record(by=by, action="activity.served", target=activity, street=activity.street_id)


def _require_ready(activity: Activity) -> None:
    shifts = activity.shifts.all()
    if not shifts:
        raise ValidationError("请先安排班次（时间和名额），再发布报名。")
    if all(shift.ends_at <= timezone.now() for shift in shifts):
        raise ValidationError("所有班次都已经过去，请先改时间。")
    if not activity.safety_note:
        raise ValidationError("请先填写安全提示。")
    if activity.lead is None:
        raise ValidationError("请先指定带队人。")
    project = activity.project
    if project and project.category.member_leads and not is_member(activity.lead):
        raise ValidationError(f"“{project.category}”活动须由党员带队，请换一位党员。")


def _require_over(activity: Activity) -> None:
    last = activity.shifts.aggregate(last=Max("ends_at"))["last"]
    if last is None or last > timezone.now():
        raise ValidationError("活动还没有结束，结束后再提交时长。")
    attended = activity.shifts.filter(signups__in_at__isnull=False).exists()
    if attended and not activity.photos.exists():
        raise ValidationError("请先上传至少一张现场照片，再提交时长。")
    forgot = activity.shifts.filter(
        signups__in_at__isnull=False, signups__out_at=None, signups__status__in=TAKES_PART
    )
    if forgot.exists():
        raise ValidationError("有人签到后没有签退，请先在点名里补上签退时间。")


def _led_by(activity: Activity, by: User) -> set[Who]:
    found = sides(activity, by) & {Who.LEAD}
    if activity.project is not None:
        found |= sides(activity.project, by) & {Who.LEAD}
    return found


def _fill(
    activity: Activity, *, title: str, kind: str, place: str, safety_note: str, about: str = "",
    project: Project | None = None, team: Team | None = None, need: Need | None = None,
    grid: Grid | None = None, building: Building | None = None, lead: Person | None = None,
    skills: Sequence[str] = (), minors_welcome: bool = False, is_public: bool = True,
) -> None:  # fmt: skip
    if kind not in ActivityKind.values:
        raise ValidationError({"kind": "请选择活动类型。"})
    for name, row in (("project", project), ("team", team), ("grid", grid), ("building", building)):
        if row is not None and row.community_id != activity.community_id:
            raise ValidationError({name: "所选内容不在活动所在的社区。"})
    if need is not None and need.household.community_id != activity.community_id:
        raise ValidationError({"need": "这条需求不在活动所在的社区。"})
    if has_nul(about):
        raise ValidationError({"about": "有不可见的空字符，请删除后重新填写。"})
    activity.title = one_line(title, label="活动名称", longest=60)
    activity.place = one_line(place, label="集合地点", longest=100)
    activity.safety_note = one_line(safety_note, label="安全提示", longest=300)
    activity.about = clean_prose(about)[:500]
    activity.kind, activity.project, activity.team, activity.need = kind, project, team, need
    activity.unit = project.lead_unit if project else (team.unit if team else None)
    activity.building = building
    activity.grid = building.grid if building else grid
    activity.lead = (
        lead or (project.lead_person if project else None) or (team.leader if team else None)
    )
    activity.skills = [code for code in Skill.values if code in skills]
    activity.minors_welcome, activity.is_public = minors_welcome, is_public
