"""Writes of apps that report over the open interface: their keys, reports and updates."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.utils import timezone

from cases.catalog import ReopenReason, Source
from cases.models import (
    AppKey,
    AppReport,
    AppUpdate,
    Case,
    CaseEvent,
    Category,
    CategoryCode,
    ExternalOrder,
    ExternalSystem,
)
from cases.services.moves import move, refusal_of
from cases.services.refusals import MoveRefused, invalid
from cases.services.reports import report_case
from cases.statuses import Status
from grids.addressbook import AddressBook
from grids.catalog import GridStatus
from grids.models import Building, Grid
from grids.point_index import ground_index
from orgs import audit
from orgs.fields import Sealed
from orgs.keys import fingerprint
from orgs.models import OrgUnit, User

SYSTEM = "open311"


@dataclass(frozen=True)
class AppAsk:
    """What an app's user says. A place is a point (longitude, latitude), a grid's code or words."""

    category: Category
    text: str
    point: tuple[float, float] | None = None
    grid_code: str = ""
    address: str = ""
    name: str = ""
    phone: str = ""
    contact: str = ""
    account_id: str = ""
    media_url: str = ""
    client_key: str = ""
    photos: list[IO[bytes]] = field(default_factory=list)


@transaction.atomic
def give_key(*, app: AppKey, by: User | None) -> str:
    """Save the app under a new key and return the key, which cannot be read again."""
    key = secrets.token_urlsafe(32)
    set_key(app=app, key=key)
    audit.record(by=by, action="app.key", target=app, street=app.street_id)
    return key


def set_key(*, app: AppKey, key: str) -> None:
    """Save the app under this key; its old key, if it had one, ends."""
    app.digest = fingerprint(f"open311:{key}")
    app.save()


@transaction.atomic
def take_report(*, app: AppKey, ask: AppAsk, now: datetime | None = None) -> AppReport:
    """Make a case of it; where the place cannot be found it waits for the app's street.

    The same `client_key` sent again returns the first report. Raises MoveRefused with the fields.
    """
    now = now or timezone.now()
    if ask.client_key:
        app = AppKey.objects.select_for_update().get(pk=app.pk)  # one send after the other
        token = fingerprint(f"open311:{app.pk}:{ask.client_key}")[:22]
        known = AppReport.objects.filter(token=token).first()
        if known is not None:
            return known
    else:
        token = secrets.token_urlsafe(16)
    grid, building, problem = _find_place(app.street, ask)
    report = AppReport(
        app=app, token=token, account_id=ask.account_id, media_url=ask.media_url,
        longitude=ask.point[0] if ask.point else None, latitude=ask.point[1] if ask.point else None,
    )  # fmt: skip
    report.contact = Sealed.of(ask.contact)
    if grid is not None:
        report.case = report_case(
            by=None, text=ask.text, category=ask.category, grid=grid, building=building,
            address=_place_words(ask), source=Source.OPEN311, photos=ask.photos, reporter_name=ask.name,
            reporter_phone=ask.phone, anonymous=not (ask.name or ask.phone or ask.contact), now=now,
        )  # fmt: skip
    else:
        report.order = _wait_for_place(app.street, ask, token, problem, now)
    report.save()
    audit.record(
        by=None, action="app.report", target=app, street=app.street_id,
        detail={"placed": grid is not None},
    )  # fmt: skip
    return report


def _find_place(street: OrgUnit, ask: AppAsk) -> tuple[Grid | None, Building | None, str]:
    """Return where it is, or why that cannot be told; a grid's code must be right."""
    grids = Grid.objects.filter(status=GridStatus.ACTIVE).select_related("community")
    if ask.grid_code:
        grid = grids.filter(code=ask.grid_code[:15]).first()
        if grid is None:
            raise invalid({"address_id": "没有找到这个网格编码（15 位数字），或网格已撤销。"})
        return grid, None, ""
    found = AddressBook(street).find(ask.address) if ask.address else None
    building = Building.objects.filter(pk=found.building_id or 0).first() if found else None
    if ask.point is not None:
        grid = grids.filter(pk=ground_index().find(*ask.point) or 0).first()
        if grid is not None:
            return grid, building if building and building.grid_id == grid.pk else None, ""
    if found is not None and found.grid_id is not None:
        grid = grids.filter(pk=found.grid_id).first()
        if grid is None:
            return None, None, "所在网格尚未启用，请街道核实。"
        return grid, building, ""
    if found is not None:
        return None, None, found.problem
    return None, None, "坐标不在任何网格的边界内。"


def _place_words(ask: AppAsk) -> str:
    """Return the place as whoever goes there reads it; a bare point is told, too."""
    if ask.point is None:
        return ask.address
    return f"{ask.address[:150]}（坐标 {ask.point[0]:.5f}，{ask.point[1]:.5f}）"


def _wait_for_place(
    street: OrgUnit, ask: AppAsk, token: str, problem: str, now: datetime
) -> ExternalOrder:
    """Put it among the street's orders without a place (待定位); photos need a case to hang on."""
    if ask.photos:
        raise invalid({"media": f"{problem}带照片的反映要先有准确的地点，请写明小区和楼栋。"})
    system = ExternalSystem.objects.get(code=SYSTEM)
    CategoryCode.objects.get_or_create(
        system=system, street=street, word=ask.category.name, defaults={"category": ask.category}
    )
    order = ExternalOrder(
        system=system, street=street, external_id=token, received_at=now, text=ask.text,
        address=_place_words(ask), category_word=ask.category.name, problem=problem[:200], digest="",
        caller_name=ask.name, changed_at=now,
    )  # fmt: skip
    order.caller_phone = Sealed.of(ask.phone)
    order.save()
    return order


@transaction.atomic
def take_update(
    *, app: AppKey, case: Case, update_id: str, text: str, reopen: bool, now: datetime | None = None
) -> CaseEvent:
    """Add what the reporter says to the case: an answer, more words, or the wish to reopen it.

    The same `update_id` again returns the first event. Raises MoveRefused.
    """
    AppKey.objects.select_for_update().get(pk=app.pk)
    known = AppUpdate.objects.filter(app=app, update_id=update_id).select_related("event").first()
    if known is not None:
        return known.event
    name, needs = _move_for(case, text, reopen)
    move(case=case, name=name, by=None, as_reporter=True, now=now, **needs)
    event = CaseEvent.objects.filter(case=case).order_by("-id")[0]
    AppUpdate.objects.create(app=app, update_id=update_id or f"#{event.pk}", event=event)
    return event


def _move_for(case: Case, text: str, reopen: bool) -> tuple[str, dict[str, Any]]:
    if case.status == Status.CLOSED:
        if not reopen:
            raise MoveRefused(
                "wrong_state", "事项已办结；如果没有解决，请以 status=OPEN 申请重开。"
            )
        return "reopen", {"note": text, "reason": ReopenReason.REPORTER}
    answers = refusal_of(case, "answer", None, as_reporter=True) is None
    return "answer" if answers else "supplement", {"note": text}


audit.describe_actions(app__key="发放接入密钥", app__report="应用提交反映")
