"""Who lives where: people move in, change, move out, die. Nothing is deleted; residency ends."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gridparty.lib.citizen_id import CitizenIdError, parse_citizen_id
from gridparty.lib.phones import parse_phones
from gridparty.lib.text import initials, squash
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.fields import Sealed
from orgs.keys import fingerprint
from orgs.models import Gender, Person, User
from residents.catalog import CITIZEN_ID, HEAD
from residents.models import CareTag, Household, LifeEvent, Residency
from residents.services.events import check_day, tell_event
from residents.services.heads import end_if_gone
from residents.services.households import touch

describe_actions(
    resident__add="登记居民",
    resident__edit="修改居民",
    resident__move_out="居民迁出",
    resident__died="居民死亡登记",
    resident__end="结束居住关系",
    resident__set_head="变更户主",
)
_ENDINGS = {
    Residency.EndReason.MOVED_OUT: ("resident.move_out", LifeEvent.Kind.MOVED_OUT),
    Residency.EndReason.DIED: ("resident.died", LifeEvent.Kind.DEATH),
}
# Columns of Person a form may set directly; the sealed ones go through `Identity`.
PLAIN_FIELDS = (
    "ethnicity", "political_status", "education", "marriage", "workplace", "registered_address",
    "remark",
)  # fmt: skip


@dataclass(frozen=True)
class Identity:
    """A person's papers as checked: `number` normalised, `birth` and `gender` from it if possible."""

    kind: str = ""
    number: str = ""
    birth: date | None = None
    gender: str = Gender.UNKNOWN


def read_identity(
    *, kind: str, number: str, birth: date | None, gender: str, today: date
) -> Identity:
    """Check an identity number against birth date and gender; what the number says wins blanks.

    ValidationError by field. A number that is no citizen's (passport, permit) is kept as written.
    """
    if birth is not None and not date(1900, 1, 1) <= birth <= today:
        raise ValidationError({"birth": "出生日期早于 1900 年或晚于今天，请核对。"})
    word = one_line(number, label="证件号码", longest=40, required=False)
    if not word:
        return Identity("", "", birth, gender)
    if kind not in ("", CITIZEN_ID):
        return Identity(kind, squash(word).upper(), birth, gender)
    try:
        parsed = parse_citizen_id(word, today)
    except CitizenIdError as error:
        raise ValidationError({"id_number": error.message_zh}) from None
    said = Gender.MALE if parsed.gender == "M" else Gender.FEMALE
    if birth is not None and birth != parsed.birth_date:
        raise ValidationError({"birth": "出生日期与身份证号不一致，请核对。"})
    if gender in (Gender.MALE, Gender.FEMALE) and gender != said:
        raise ValidationError({"gender": "性别与身份证号不一致，请核对。"})
    return Identity(kind or CITIZEN_ID, parsed.number, parsed.birth_date, said)


def read_phone(text: str) -> str:
    """Return the numbers joined by ";" as they are stored; ValidationError with the first fault."""
    one_line(text, label="联系电话", longest=100, required=False)
    parsed = parse_phones(text)
    if parsed.problems:
        raise ValidationError({"phone": f"{parsed.problems[0]}。"})
    return ";".join(parsed.numbers)


@transaction.atomic
def add_resident(
    *,
    household: Household,
    name: str,
    by: User | None,
    version: int | None = None,
    relation: str = "",
    is_head: bool = False,
    status: str = "",
    start: date | None = None,
    identity: Identity | None = None,
    phone: str = "",
    **plain: str,
) -> Residency:
    """Register somebody in a household; a known identity number means the person we know.

    `identity` comes from `read_identity`, `phone` from `read_phone`, `plain` are PLAIN_FIELDS.
    ValidationError: stale version, the number bears another name, already living here.
    """
    name = one_line(name, label="姓名", longest=60)
    touch(household, version)
    identity = identity or Identity()
    person = _known(identity.number, name)
    if person is None:
        person = Person(name=name, gender=identity.gender, id_kind=identity.kind)
        person.seal_identity(id_number=identity.number, phone=phone, birth_date=identity.birth)
        _set_plain(person, plain)
        person.save()
    elif household.residencies.filter(person=person, end=None).exists():
        raise ValidationError({"id_number": "此人已登记在这一户。"})
    residency = Residency.objects.create(
        person=person, household=household, relation=relation, status=status,
        start=start or timezone.localdate(),
    )  # fmt: skip
    _tell("resident.add", residency, by)
    if is_head or relation == HEAD:
        _make_head(residency)
    return residency


@transaction.atomic
def edit_resident(
    *,
    residency: Residency,
    version: int,
    by: User | None,
    name: str,
    relation: str,
    status: str,
    identity: Identity | None,
    phone: str | None,
    gender: str,
    **plain: str,
) -> Residency:
    """Change a resident of a household read at `version`.

    `identity` and `phone` None leave the sealed values as they are (forms never show them).
    """
    name = one_line(name, label="姓名", longest=60)
    touch(residency.household, version)
    person = Person.objects.select_for_update().get(pk=residency.person_id)
    if identity is not None and identity.number:
        other = Person.objects.filter(id_fingerprint=fingerprint(identity.number))
        if other.exclude(pk=person.pk).exists():
            raise ValidationError({"id_number": "这个证件号码已登记在另一个人名下，请核对。"})
        person.id_kind, person.id_number = identity.kind, Sealed.of(identity.number)
        person.id_fingerprint = fingerprint(identity.number)
    if identity is not None and identity.birth is not None:
        person.set_birth_date(identity.birth)
    if phone is not None:
        person.set_phone(phone)
    person.name, person.name_initials, person.gender = name, initials(name), gender
    _set_plain(person, plain)
    person.save()
    residency.relation, residency.status = relation, status
    residency.save(update_fields=["relation", "status"])
    if relation == HEAD:
        _make_head(residency)
    _tell("resident.edit", residency, by)
    residency.refresh_from_db()
    return residency


@transaction.atomic
def end_residency(
    *,
    residency: Residency,
    on: date,
    reason: str,
    by: User | None,
    version: int | None = None,
    to: Household | None = None,
    note: str = "",
) -> Residency:
    """End a residency; a death ends all of the person's residencies and care tags.

    `to` is the household the person lives in now, when the register knows it; `note` says where
    else he went, or why it ended.
    """
    if reason not in Residency.EndReason.values:
        raise ValidationError("请选择原因。", code="reason")
    check_day(on)
    touch(residency.household, version)
    residency = Residency.objects.select_for_update().get(pk=residency.pk)
    if residency.end is not None:
        raise ValidationError(f"已于 {residency.end:%Y-%m-%d} 结束。", code="ended")
    _require_after_start(residency, on)
    ending = [residency]
    if reason == Residency.EndReason.DIED:
        Person.objects.filter(pk=residency.person_id).update(died_on=on)
        others = Residency.objects.filter(person=residency.person_id, end=None)
        ending += list(others.exclude(pk=residency.pk))
        for tag in CareTag.objects.filter(person=residency.person_id, end=None):
            tag.end, tag.end_reason = max(on, tag.start), "死亡"
            tag.save(update_fields=["end", "end_reason"])
    for row in ending:
        row.end, row.end_reason = max(on, row.start or on), reason
        row.save(update_fields=["end", "end_reason"])
        row.separations.filter(end=None).update(end=row.end)
        if row.household_id != residency.household_id:
            touch(row.household, None)
    action, kind = _ENDINGS.get(Residency.EndReason(reason), ("resident.end", ""))
    _tell(action, residency, by)
    if kind:
        tell_event(
            kind, household=residency.household, on=on, by=by, person=residency.person, other=to,
            note=note,
        )  # fmt: skip
    died = reason == Residency.EndReason.DIED
    end_if_gone(person=residency.person, on=on, died=died, to=to, by=by)
    return residency


@transaction.atomic
def move_to(*, residency: Residency, to: Household, on: date, by: User | None) -> Residency:
    """Move a resident to another household of the register on `on`; returns the new residency."""
    if to.pk == residency.household_id:
        raise ValidationError({"to": "此人就住在这一户，请填写另一个门牌。"})
    end_residency(
        residency=residency, on=on, reason=Residency.EndReason.MOVED_OUT, by=by, to=to
    )  # fmt: skip
    touch(to, None)
    if to.residencies.filter(person=residency.person_id, end=None).exists():
        raise ValidationError({"to": "此人已登记在那一户，请直接办理迁出。"})
    row = Residency.objects.create(
        person_id=residency.person_id, household=to, start=on, status=residency.status
    )
    tell_event(
        LifeEvent.Kind.MOVED_IN, household=to, on=on, by=by, person=row.person,
        other=residency.household,
    )  # fmt: skip
    return row


@transaction.atomic
def set_head(
    *,
    residency: Residency,
    by: User | None,
    version: int | None = None,
    on: date | None = None,
    former_relation: str = "",
) -> Residency:
    """Make this resident the head since `on` (today).

    A former head who still lives there becomes `former_relation` of the new one.
    """
    on = on or timezone.localdate()
    check_day(on)
    touch(residency.household, version)
    if residency.end is not None:
        raise ValidationError("此人已不住在这一户。", code="ended")
    if residency.is_head:
        raise ValidationError("此人已是户主。", code="head")
    former = residency.household.residencies.filter(is_head=True, end=None).first()
    _make_head(residency)
    if former is not None and former_relation:
        former.relation, former.is_head = former_relation, False
        former.save(update_fields=["relation", "is_head"])
    _tell("resident.set_head", residency, by)
    tell_event(
        LifeEvent.Kind.HEAD, household=residency.household, on=on, by=by, person=residency.person
    )
    return residency


def _make_head(residency: Residency) -> None:
    before = Residency.objects.filter(household=residency.household_id, is_head=True)
    before.exclude(pk=residency.pk).filter(relation=HEAD).update(relation="")
    before.exclude(pk=residency.pk).update(is_head=False)
    residency.is_head, residency.relation = True, HEAD
    residency.save(update_fields=["is_head", "relation"])


def _known(number: str, name: str) -> Person | None:
    """Return the person with this identity number; ValidationError when the names differ."""
    if not number:
        return None
    person = Person.objects.filter(id_fingerprint=fingerprint(number)).first()
    if person is not None and squash(person.name) != squash(name):
        raise ValidationError({"id_number": "这个证件号码已用另一个姓名登记，请核对。"})
    return person


def _set_plain(person: Person, plain: dict[str, Any]) -> None:
    for name in PLAIN_FIELDS:
        if name in plain:
            column: Any = Person._meta.get_field(name)
            label, longest = str(column.verbose_name), column.max_length or 500
            setattr(
                person, name, one_line(plain[name], label=label, longest=longest, required=False)
            )


def _require_after_start(residency: Residency, on: date) -> None:
    if residency.start is not None and on < residency.start:
        raise ValidationError("日期不能早于入住日期。", code="date")


def _tell(action: str, residency: Residency, by: User | None) -> None:
    record(
        by=by, action=action, target=residency.person,
        street=residency.household.street_id, detail={"household": residency.household_id},
    )  # fmt: skip
