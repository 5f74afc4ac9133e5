"""两地报到: the roster of a unit, application, matching, acceptance, moving house, leaving."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from gridparty.lib.china_time import local_date
from gridparty.lib.phones import parse_phones
from grids.addressbook import AddressBook
from grids.models import Building, Grid
from orgs.audit import describe_actions, record
from orgs.fields import Sealed
from orgs.keys import fingerprint
from orgs.levels import Tier
from orgs.models import OrgUnit, PartyMember, Person, Unit, User
from orgs.roles import EDIT, UNIT_ROLES, Noun
from orgs.scope import grants_with, refusal
from partybuilding.catalog import PostCategory
from partybuilding.models import CheckIn, MemberDuty, UnitDoor
from partybuilding.notices import tell_accepted, tell_applied, tell_transferred
from partybuilding.scope import sees_whole_lists, units_of
from partybuilding.services.lives import take_step
from partybuilding.services.texts import line
from partybuilding.workflow import LIVE_CHECKINS, CheckInStatus
from volunteers.catalog import Skill, Times
from volunteers.models import Volunteer
from volunteers.services.teams import register_volunteer

describe_actions(
    checkin__invite="列入报到名单", checkin__receipt="签收报到回执", checkin__door="开通单位报到码",
)  # fmt: skip
MOST_LINES = 500
_SEPARATORS = re.compile(r"[\s,，;；、]+")
NOT_ON_LIST = "名单里没有找到您，请核对姓名和手机号；没有列入名单的，请先联系单位。"
REPORTED_ALREADY = (
    "您已经报到过，一名党员只能在一个网格报到。请用原来的页面查看；搬了家的，请联系社区办理转接。"
)


def require_roster(unit: Unit, by: User | None) -> None:
    """Refuse whoever neither speaks for the unit nor works for the street it serves.

    A community sees only who has come to it; it could not read the list it hands in.
    """
    if by is None or unit.pk in units_of(by):
        return
    staff = any(grant.role not in UNIT_ROLES for grant in grants_with(by, Noun.PARTY, EDIT))
    seen = Unit.objects.visible_to(by).filter(pk=unit.pk).exists()
    if not (staff and seen and sees_whole_lists(by)):
        raise PermissionDenied(refusal(by, Noun.PARTY, EDIT))


def door_of(unit: Unit, by: User | None = None) -> UnitDoor:
    """Return the unit's check-in code; made when first asked for."""
    door, made = UnitDoor.objects.get_or_create(unit=unit)
    if made:
        record(by=by, action="checkin.door", target=unit, street=unit.street_id)
    return door


@transaction.atomic
def invite(*, unit: Unit, roster: str, by: User | None, now: datetime | None = None) -> int:
    """Put the members of a roster (a line each: name and mobile number) on the unit's list.

    ValidationError at "roster" with every bad line; nothing is stored then. Who is on the list
    already is passed over. Returns how many are new.
    """
    require_roster(unit, by)
    people = _read_roster(roster)
    made = 0
    for name, phone in people:
        person = _person(name, phone)
        live = CheckIn.objects.filter(person=person, status__in=LIVE_CHECKINS).first()
        if live is not None and live.unit_id == unit.pk:
            continue
        if live is not None:
            words = f"“{name}”已在另一个单位的名单里，一名党员只能由一个单位报送。"
            raise ValidationError({"roster": words})
        check_in = CheckIn(
            unit=unit, person=person, district_id=unit.district_id, street_id=unit.street_id,
            invited_at=now or timezone.now(),
        )  # fmt: skip
        check_in.save()
        made += 1
    record(
        by=by, action="checkin.invite", target=unit, street=unit.street_id, detail={"count": made}
    )
    return made


def _read_roster(roster: str) -> list[tuple[str, str]]:
    lines = [one for one in roster.splitlines() if one.strip()]
    if not lines:
        raise ValidationError({"roster": "请填写名单，一行一人：姓名和手机号。"})
    if len(lines) > MOST_LINES:
        raise ValidationError({"roster": f"一次最多 {MOST_LINES} 人，请分几次填。"})
    found: list[tuple[str, str]] = []
    faults = []
    for number, text in enumerate(lines, start=1):
        parts = [part for part in _SEPARATORS.split(text.strip()) if part]
        phones = parse_phones(parts[-1]) if len(parts) > 1 else None
        if phones is None or phones.problems or len(phones.numbers) != 1:
            faults.append(f"第 {number} 行应为姓名和一个手机号。")
        else:
            found.append(("".join(parts[:-1])[:60], phones.numbers[0]))
    if faults:
        raise ValidationError({"roster": faults[:10]})
    return list(dict.fromkeys(found))


def _person(name: str, phone: str) -> Person:
    """The person of this name and phone; a new one when there is none."""
    clean = line(name, "name", "姓名", 60)
    known = Person.objects.filter(
        name=clean, phone_fingerprint=fingerprint(phone), died_on=None
    ).first()
    if known is not None:
        return known
    person = Person(name=clean, political_status="中共党员")
    person.seal_identity(phone=phone)
    person.save()
    return person


@transaction.atomic
def apply(
    *, unit: Unit, name: str, phone: str, community: OrgUnit, place: str,
    skills: Sequence[str] = (), wishes: Sequence[str] = (), times: Sequence[str] = (),
    now: datetime | None = None,
) -> CheckIn:  # fmt: skip
    """A member of the roster applies from his phone; the grid follows from the address if it can.

    ValidationError: not on the list, reported already, a place nobody can find his way to.
    """
    now = now or timezone.now()
    parsed = parse_phones(phone)
    if parsed.problems or not parsed.numbers:
        raise ValidationError({"phone": "手机号看不懂，请填 11 位手机号。"})
    marks = {
        "person__name": line(name, "name", "姓名", 60),
        "person__phone_fingerprint": fingerprint(parsed.numbers[0]),
    }
    found = CheckIn.objects.filter(unit=unit, **marks).order_by("-id")
    check_in = found.filter(status=CheckInStatus.INVITED).first()
    if check_in is None:
        words = REPORTED_ALREADY if found.filter(status__in=LIVE_CHECKINS).exists() else NOT_ON_LIST
        raise ValidationError({"name": words})
    if community.tier != Tier.COMMUNITY:
        raise ValidationError({"community": "请选择所住的社区。"})
    take_step(
        row=check_in, name="apply", by=None, street=community.get_root().pk, now=now,
        applied_at=now, place=Sealed.of(line(place, "place", "住址", 120)), **_area(community),
        skills=[code for code in Skill.values if code in skills],
        wishes=[code for code in PostCategory.values if code in wishes],
        times=[code for code in Times.values if code in times],
    )  # fmt: skip
    _try_to_match(check_in, place, now)
    tell_applied(check_in)
    return check_in


def _area(community: OrgUnit) -> dict[str, Any]:
    return {
        "community_id": community.pk, "street_id": community.get_root().pk,
        "district_id": (community.division_code or "")[:6],
    }  # fmt: skip


def _try_to_match(check_in: CheckIn, place: str, now: datetime) -> None:
    """Match by the address when it names one grid of the community; otherwise a person decides."""
    assert check_in.street is not None
    found = AddressBook(check_in.street).find(place)
    grid = Grid.objects.filter(pk=found.grid_id or 0, community=check_in.community_id).first()
    if grid is not None:
        take_step(
            row=check_in, name="match", by=None, street=check_in.street_id or 0, now=now,
            grid_id=grid.pk, building_id=found.building_id,
        )  # fmt: skip


@transaction.atomic
def match(*, check_in: CheckIn, grid: Grid, by: User, building: Building | None = None) -> CheckIn:
    """Place an application in a grid of its community by hand."""
    if grid.community_id != check_in.community_id:
        raise ValidationError({"grid": "这个网格不在党员所住的社区。"})
    if building is not None and building.grid_id != grid.pk:
        raise ValidationError({"building": "这栋楼不在所选网格。"})
    take_step(
        row=check_in, name="match", by=by, street=check_in.street_id or 0, grid_id=grid.pk,
        building_id=building.pk if building else None,
    )  # fmt: skip
    return check_in


@transaction.atomic
def accept(*, check_in: CheckIn, by: User | None, now: datetime | None = None) -> CheckIn:
    """Sign the slip: the member serves here now, and the unit gets the receipt.

    He is put down as living here, and as a volunteer, so that his hours are counted once.
    """
    now = now or timezone.now()
    slip = f"BD{local_date(now):%Y}-{check_in.pk:06d}"
    take_step(
        row=check_in, name="accept", by=by, street=check_in.street_id or 0, now=now,
        accepted_at=now, slip_no=slip,
    )  # fmt: skip
    member, made = PartyMember.objects.get_or_create(
        person=check_in.person, defaults={"residing": True, "working": True}
    )
    if not made and not member.residing:
        PartyMember.objects.filter(pk=member.pk).update(residing=True)
    if not Volunteer.objects.filter(person=check_in.person).exists():
        assert check_in.community is not None
        register_volunteer(
            community=check_in.community, by=None, person=check_in.person, unit=check_in.unit,
            skills=check_in.skills, times=check_in.times, grid=check_in.grid,
            building=check_in.building,
        )  # fmt: skip
    tell_accepted(check_in)
    return check_in


@transaction.atomic
def move_check_in(
    *, check_in: CheckIn, name: str, by: User, note: str = "", now: datetime | None = None
) -> CheckIn:
    """The moves that ask for a word at most: send back, suspend, resume, leave, drop."""
    now = now or timezone.now()
    columns: dict[str, Any] = {}
    if name in ("leave", "drop"):
        columns["ended_on"] = local_date(now)
        _end_duties(check_in, local_date(now))
    street = check_in.street_id or check_in.unit.street_id
    take_step(row=check_in, name=name, by=by, street=street, note=note, now=now, **columns)
    return check_in


def _end_duties(check_in: CheckIn, on: date) -> None:
    MemberDuty.objects.filter(check_in=check_in, end=None).update(end=on)


@transaction.atomic
def transfer(
    *, check_in: CheckIn, community: OrgUnit, place: str, on: date, by: User | None,
    now: datetime | None = None,
) -> CheckIn:  # fmt: skip
    """The member has moved house: the old community hands over, the new one matches and accepts.

    Returns the new check-in. ValidationError by field: a day ahead, a community of another street
    that the unit does not reach, the same home.
    """
    now = now or timezone.now()
    if on > local_date(now):
        raise ValidationError({"on": "搬家日期还没有到，请到时再办。"})
    if check_in.accepted_at and on < local_date(check_in.accepted_at):
        raise ValidationError({"on": "搬家日期早于报到日期，请核对。"})
    if community.tier != Tier.COMMUNITY:
        raise ValidationError({"community": "请选择搬去的社区。"})
    address = line(place, "place", "新住址", 120)
    _end_duties(check_in, on)
    take_step(
        row=check_in, name="transfer", by=by, street=check_in.street_id or 0, now=now, ended_on=on
    )
    fresh = CheckIn(
        unit=check_in.unit, person=check_in.person, status=CheckInStatus.APPLIED, applied_at=now,
        skills=check_in.skills, wishes=check_in.wishes,
        times=check_in.times, came_from=check_in, **_area(community),
    )  # fmt: skip
    fresh.place = Sealed.of(address)
    try:
        with transaction.atomic():
            fresh.save()
    except IntegrityError:
        raise ValidationError("这名党员在别处已有报到。") from None
    fresh.refresh_from_db()
    _try_to_match(fresh, address, now)
    tell_transferred(fresh)
    return fresh


@transaction.atomic
def receive_slip(*, check_in: CheckIn, by: User, now: datetime | None = None) -> None:
    """The unit acknowledges the receipt of a slip."""
    if check_in.unit_id not in units_of(by):
        raise PermissionDenied(refusal(by, Noun.PARTY, EDIT))
    rows = CheckIn.objects.filter(pk=check_in.pk, accepted_at__isnull=False, received_at=None)
    if rows.update(received_at=now or timezone.now()) != 1:
        raise ValidationError("社区还没有接收，或回执已经签收。", code="stale")
    record(by=by, action="checkin.receipt", target=check_in, street=check_in.street_id)
