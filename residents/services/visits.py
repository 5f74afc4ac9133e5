"""Recording a visit: once, whole or not at all, with all that follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gridparty.lib.images import BadImage, CleanImage, sanitise
from gridparty.lib.text import clean_prose, has_nul
from grids.texts import one_line
from orgs import sealedfiles
from orgs.audit import describe_actions, record
from orgs.models import User
from residents.models import Household, Residency, Visit, VisitPhoto
from residents.services.changes import Proposal, propose_change
from residents.services.due import note_visit
from residents.services.needs import create_need
from residents.visit_rules import MAX_PHOTOS, REACHED, Hazard, Outcome

describe_actions(
    visit__record="登记走访", visit__photo="查看走访照片", visit__export="导出走访记录"
)
# A visit may be written down later, but not next season.
LATEST_ENTRY = timedelta(days=31)


@dataclass(frozen=True)
class Found:
    """What a visit found besides its outcome."""

    met: Residency | None = None
    met_other: str = ""
    hazards: Sequence[str] = ()
    opinion: str = ""
    note: str = ""
    photo_consent: bool = False
    photos: Sequence[IO[bytes]] = ()
    changes: Sequence[Proposal] = field(default_factory=tuple)
    # Keyword arguments of `create_need` besides household, visit and by.
    need: dict[str, Any] | None = None


@transaction.atomic
def record_visit(
    *, household: Household, by: User, day: date, outcome: str, found: Found, client_key: str = ""
) -> Visit:
    """Store a visit with its photos, proposals and need; the same key again returns the first.

    ValidationError by field. Somebody has to be named when somebody was reached; pictures of the
    inside need the household's consent.
    """
    twin = Visit.objects.filter(visitor=by, client_key=client_key).first() if client_key else None
    if twin is not None:
        return twin
    _check(household, day, outcome, found)
    photos = clean_photos(found.photos)
    inside = outcome == Outcome.HOME
    if photos and inside and not found.photo_consent:
        raise ValidationError(
            {"photo_consent": "入户照片须住户同意。同意就打勾，不同意请去掉照片。"}
        )
    visit = Visit.objects.create(
        household=household, visitor=by, day=day, outcome=outcome, client_key=client_key,
        met=found.met.person if found.met else None,
        met_other=one_line(found.met_other, label="见到谁", longest=60, required=False),
        hazards=[code for code in Hazard.values if code in found.hazards] if inside else [],
        opinion=_prose(found.opinion, "opinion", "意见建议"),
        note=_prose(found.note, "note", "备注"), photo_consent=found.photo_consent,
    )  # fmt: skip
    _keep(photos, visit, inside)
    for proposal in found.changes:
        propose_change(household=household, proposal=proposal, visit=visit, by=by)
    if found.need is not None:
        create_need(household=household, visit=visit, by=by, source="visit", **found.need)
    if outcome in REACHED:
        note_visit(household=household, day=day)
    record(
        by=by, action="visit.record", target=visit, street=household.street_id,
        detail={"household": household.pk, "outcome": outcome},
    )  # fmt: skip
    return visit


def clean_photos(uploads: Sequence[IO[bytes]]) -> list[CleanImage]:
    """Return the photos made safe; ValidationError at "photos" for the first bad one."""
    if len(uploads) > MAX_PHOTOS:
        raise ValidationError(
            {"photos": f"一次走访最多 {MAX_PHOTOS} 张照片，现在有 {len(uploads)} 张。"}
        )
    photos = []
    for number, upload in enumerate(uploads, 1):
        try:
            photos.append(sanitise(upload))
        except BadImage as error:
            raise ValidationError({"photos": f"第 {number} 张：{error}"}) from None
    return photos


def _check(household: Household, day: date, outcome: str, found: Found) -> None:
    today = timezone.localdate()
    if household.closed_on is not None:
        raise ValidationError("这一户已经销户，不能登记走访。", code="closed")
    if not today - LATEST_ENTRY <= day <= today:
        raise ValidationError({"day": f"走访日期请填最近 {LATEST_ENTRY.days} 天内的日子。"})
    if outcome not in Outcome.values:
        raise ValidationError({"outcome": "请选择走访结果。"})
    if outcome in REACHED and found.met is None and not found.met_other.strip():
        raise ValidationError({"met": "请选择见到了谁；名单里没有的，写在“其他人”。"})
    if set(found.hazards) - set(Hazard.values):
        raise ValidationError({"hazards": "安全隐患里有不认识的选项，请刷新页面再填。"})


def _keep(photos: Sequence[CleanImage], visit: Visit, inside: bool) -> None:
    """Seal the photos. Files of a visit that is rolled back are taken away again."""
    names: list[str] = []
    try:
        for photo in photos:
            names.append(sealedfiles.store(photo.data, folder="visits"))
            VisitPhoto.objects.create(
                visit=visit, stored_as=names[-1], inside=inside, width=photo.width,
                height=photo.height,
            )  # fmt: skip
    except Exception:
        for name in names:
            sealedfiles.delete(name)
        raise


def _prose(text: str, name: str, label: str) -> str:
    if has_nul(text):
        raise ValidationError({name: f"{label}里有不可见的空字符，请删除后重新填写。"})
    text = clean_prose(text)
    if len(text) > 500:
        raise ValidationError({name: f"{label}最多 500 个字，现在是 {len(text)} 个。"})
    return text
