"""Reporting a case: by grid workers, staff, corridor heads, or the public without a log-in."""

from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.catalog import MAX_TEXT, Source
from cases.clocks import due_after
from cases.models import Case, CaseEvent, CaseOrigin, Category
from cases.numbers import new_tracking_code, next_case_no
from cases.services.chaining import chained
from cases.services.inputs import BadInput, clean_text, find_category
from cases.services.photos import clean_photos, keep_photos
from cases.services.refusals import MoveRefused, invalid
from cases.signals import case_moved
from cases.workflow import BY_NAME, Status, Who
from cases.zoning import limits_of
from gridparty.lib.phones import parse_phones
from grids.catalog import GridStatus
from grids.models import Building, Grid
from orgs import audit
from orgs.fields import Sealed
from orgs.models import Person, User
from orgs.roles import CREATE, Noun
from orgs.scope import can, refusal
from orgs.workdays import work_calendar
from residents.models import CampaignDoor, Visit

MIN_PUBLIC_KEY = 16


def report_case(
    *,
    by: User | None,
    text: str,
    category: Category | int | str,
    grid: Grid | int | None = None,
    building: Building | None = None,
    address: str = "",
    source: str = Source.WEB,
    photos: Sequence[IO[bytes]] = (),
    reporter_name: str = "",
    reporter_phone: str = "",
    reporter_person: Person | None = None,
    anonymous: bool = False,
    confidential: bool = False,
    client_key: str = "",
    visit: Visit | None = None,
    door: CampaignDoor | None = None,
    now: datetime | None = None,
) -> Case:
    """Create a case in `reported` and return it; `by` None is the public.

    The grid (or its id, looked up in the reporter's reach) follows from the building when only that
    is given. `client_key` is the sender's own
    key: a second send with it returns the case of the first. `visit`, `door`: where it was found;
    one the sender may not see, or of another grid, is not kept. Raises MoveRefused with the fields.
    """
    if by is not None and not can(by, Noun.CASE, CREATE):
        raise MoveRefused("not_allowed", refusal(by, Noun.CASE, CREATE))
    cleaned = _clean(
        text=text, category=category, grid=grid, building=building, address=address, source=source,
        reporter_name=reporter_name, reporter_phone=reporter_phone, anonymous=anonymous,
        client_key=client_key, by=by,
    )  # fmt: skip
    known = _sent_before(cleaned["client_key"])
    if known is not None:
        return known
    images = clean_photos(photos)
    cleaned["confidential"] = confidential or cleaned["category"].confidential
    cleaned["reporter_person"] = None if anonymous else reporter_person
    origin = _origin_of(cleaned["grid"], by, visit, door)
    moment = now or timezone.now()
    try:
        with transaction.atomic():
            return _create(cleaned, images, by, moment, origin)
    except IntegrityError:
        # The same report sent twice at the same moment: the other one has won.
        known = _sent_before(cleaned["client_key"])
        if known is not None:
            return known
    with transaction.atomic():  # else the tracking code was taken: draw another
        return _create(cleaned, images, by, moment, origin)


def _origin_of(
    grid: Grid, by: User | None, visit: Visit | None, door: CampaignDoor | None
) -> dict[str, Any]:
    """Return the visit and door to keep: seen by the sender, in the case's grid."""
    found: dict[str, Any] = {}
    if visit is not None and visit.household.grid_id == grid.pk:
        found["visit"] = Visit.objects.visible_to(by).filter(pk=visit.pk).first()
    if door is not None and door.grid_id == grid.pk:
        found["door"] = CampaignDoor.objects.visible_to(by).filter(pk=door.pk).first()
    return {name: row for name, row in found.items() if row is not None}


def _sent_before(client_key: str | None) -> Case | None:
    return Case.objects.for_detail().filter(client_key=client_key).first() if client_key else None


def _clean(
    *, text: str, category: Any, grid: Grid | int | None, building: Building | None, address: str,
    source: str, reporter_name: str, reporter_phone: str, anonymous: bool, client_key: str,
    by: User | None,
) -> dict[str, Any]:  # fmt: skip
    errors: dict[str, str] = {}
    cleaned: dict[str, Any] = {"building": building, "anonymous": anonymous}

    def read(name: str, value: str, label: str, limit: int) -> None:
        try:
            cleaned[name] = clean_text(value, label, limit)
        except BadInput as error:
            errors[name] = str(error)

    read("text", text, "问题描述", MAX_TEXT)
    if "text" in cleaned and not cleaned["text"]:
        errors["text"] = "请写明发生了什么问题。"
    read("address", address, "地点", 200)
    read("reporter_name", "" if anonymous else reporter_name, "姓名", 60)
    try:
        cleaned["category"] = find_category(category)
    except BadInput as error:
        errors["category"] = str(error)
    try:
        cleaned["reporter_phone"] = Sealed.of("" if anonymous else _phone(reporter_phone))
    except BadInput as error:
        errors["reporter_phone"] = str(error)
    cleaned["grid"], wrong = _place(grid, building, by)
    errors |= wrong
    if source not in Source.values:
        errors["source"] = "来源不在可选范围内。"
    cleaned["source"] = source
    try:
        cleaned["client_key"] = _client_key(client_key, by)
    except BadInput as error:
        errors["client_key"] = str(error)
    if errors:
        raise invalid(errors)
    return cleaned


def _place(
    asked: Grid | int | None, building: Building | None, by: User | None
) -> tuple[Grid | None, dict[str, str]]:
    """Return the grid, inside the reporter's reach, and what is wrong with the place by field."""
    wanted = asked or (building.grid if building else None)
    if wanted is None:
        return None, {"grid": "请选择网格或楼栋。"}
    grid = wanted if isinstance(wanted, Grid) else None
    if by is not None:
        reach = Grid.objects.visible_to(by).select_related("community")
        grid = reach.filter(pk=getattr(wanted, "pk", wanted)).first()
    if grid is None:
        return None, {"grid": "没有找到这个网格，或者它不在您的工作范围内。"}
    if grid.status == GridStatus.CLOSED:
        return grid, {"grid": "该网格已撤销，请选择承接的网格。"}
    if building is not None and building.grid_id != grid.pk:
        return grid, {"building": "该楼栋不在所选网格内。"}
    return grid, {}


def _phone(text: str) -> str:
    if not text.strip():
        return ""
    parsed = parse_phones(text)
    if parsed.problems or not parsed.numbers:
        raise BadInput(parsed.problems[0] if parsed.problems else "看不出是电话号码。")
    return parsed.numbers[0]


def _client_key(key: str, by: User | None) -> str | None:
    """Return the key as stored: each user has keys of their own, the public shares one space."""
    if not key:
        return None
    if len(key) > 80 or not key.isascii() or not key.isprintable():
        raise BadInput("client_key 最多 80 个可打印的英文字符。")
    if by is None and len(key) < MIN_PUBLIC_KEY:
        raise BadInput(f"client_key 至少 {MIN_PUBLIC_KEY} 个字符。")
    return f"{by.pk if by else 'public'}:{key}"


def _create(
    cleaned: dict[str, Any], images: list[Any], by: User | None, now: datetime,
    origin: dict[str, Any],
) -> Case:  # fmt: skip
    grid: Grid = cleaned["grid"]
    category: Category = cleaned["category"]
    sla, because = limits_of(category, grid)
    case = Case(
        **cleaned,
        case_no=next_case_no(grid.code[:12], now),
        tracking_code=new_tracking_code(),
        district_id=grid.district_id, street_id=grid.street_id, community_id=grid.community_id,
        sla_class=sla, reporter_user=by, created_at=now, status_since=now,
        step_due_at=due_after(now, sla.check_limit, work_calendar()),
    )  # fmt: skip
    event = CaseEvent(
        case=case, move="report", to_status=Status.REPORTED, at=now, actor=by, role=Who.REPORTER,
        org_label=by.grants[0].label if by and by.grants else "", data={"source": case.source, **because},
    )  # fmt: skip
    case.trail_head = chained(event, case_no=case.case_no, previous="").digest
    case.save(force_insert=True)
    event.case = case
    event.save()
    if origin:
        CaseOrigin.objects.create(case=case, **origin)
    keep_photos(images, event=event, by=by, now=now)
    audit.record(
        by=by, action="case.report", target=case, street=case.street_id,
        detail={"source": case.source, "category": category.slug, "photos": len(images)},
    )  # fmt: skip
    case_moved.send(sender=Case, case=case, move=BY_NAME["report"], event=event, by=by)
    return case
