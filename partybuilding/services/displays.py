"""五亮: drafted with the member's consent, approved, posted, taken down."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from councils.services.texts import public_prose
from gridparty.lib.china_time import local_date
from grids.models import Grid
from orgs.audit import describe_actions, record
from orgs.models import Person, User
from partybuilding.catalog import FIVE_LIGHTS, DisplayPart
from partybuilding.models import MemberDisplay, Photo
from partybuilding.services.duties import require_grid
from partybuilding.services.lives import take_step
from partybuilding.services.photos import clean_photos, keep_photos
from partybuilding.services.texts import line
from partybuilding.workflow import DisplayStatus

describe_actions(display__draft="起草五亮", display__edit="修改五亮")
NO_CONSENT = "没有本人同意，不能公示。请先取得同意，填写同意日期并勾选同意公开的内容。"


def _fill(
    display: MemberDisplay, texts: dict[str, str], agreed: Sequence[str], agreed_on: date | None
) -> None:
    for part in FIVE_LIGHTS:
        name, label = part.value, str(part.label)
        longest = 100 if part == DisplayPart.IDENTITY else 200
        need = part in (DisplayPart.IDENTITY, DisplayPart.PLEDGE)
        words = line(texts.get(name, ""), name, label, longest, required=need)
        setattr(display, name, public_prose(words, name, label, longest))
    display.agreed = [code for code in DisplayPart.values if code in agreed]
    if agreed_on is not None and agreed_on > timezone.localdate():
        raise ValidationError({"agreed_on": "同意日期不能在今天以后。"})
    if display.agreed and agreed_on is None:
        raise ValidationError({"agreed_on": "请填写本人同意的日期。"})
    display.agreed_on = agreed_on


@transaction.atomic
def draft_display(
    *, grid: Grid, person: Person, by: User | None, agreed: Sequence[str] = (),
    agreed_on: date | None = None, photos: Sequence[IO[bytes]] = (), now: datetime | None = None,
    **texts: str,
) -> MemberDisplay:  # fmt: skip
    """Begin the display of a member of a grid. ValidationError by field; one at a time."""
    require_grid(grid, by)
    images = clean_photos(photos)
    display = MemberDisplay(
        district_id=grid.district_id, street_id=grid.street_id, community_id=grid.community_id,
        grid=grid, person=person,
    )  # fmt: skip
    _fill(display, texts, agreed, agreed_on)
    display.validate_constraints()
    try:
        with transaction.atomic():
            display.save()
    except IntegrityError:
        raise ValidationError("这名党员在本网格已有五亮，请直接修改。") from None
    keep_photos(images[:1], subject="display", row=display.pk, by=by, now=now or timezone.now())
    record(by=by, action="display.draft", target=display, street=grid.street_id)
    return display


@transaction.atomic
def edit_display(
    *, display: MemberDisplay, by: User, agreed: Sequence[str], agreed_on: date | None,
    photos: Sequence[IO[bytes]] = (), now: datetime | None = None, **texts: str,
) -> MemberDisplay:  # fmt: skip
    """Revise a draft. What is approved or posted has to be taken down first."""
    require_grid(display.grid, by)
    fresh = MemberDisplay.objects.select_for_update().get(pk=display.pk)
    if fresh.status != DisplayStatus.DRAFT:
        raise ValidationError(f"现在是“{fresh.get_status_display()}”，要改请先退回或撤下。")
    images = clean_photos(photos)
    _fill(fresh, texts, agreed, agreed_on)
    fresh.save()
    if images:
        Photo.objects.filter(subject="display", row=fresh.pk).delete()
        keep_photos(images[:1], subject="display", row=fresh.pk, by=by, now=now or timezone.now())
    record(by=by, action="display.edit", target=fresh, street=fresh.street_id)
    return fresh


@transaction.atomic
def move_display(
    *, display: MemberDisplay, name: str, by: User, note: str = "", now: datetime | None = None
) -> MemberDisplay:
    """Submit, approve, send back, post, take down. Without consent nothing is submitted."""
    now = now or timezone.now()
    columns: dict[str, Any] = {}
    if name in ("submit", "approve", "post"):
        fresh = MemberDisplay.objects.get(pk=display.pk)
        if fresh.agreed_on is None or not set(fresh.agreed) & set(FIVE_LIGHTS):
            raise ValidationError(NO_CONSENT)
    if name == "post":
        columns = {"posted_on": local_date(now), "place": note}
    elif name == "remove":
        columns["removed_on"] = local_date(now)
    take_step(
        row=display, name=name, by=by, street=display.street_id, note=note, now=now, **columns
    )
    return display
