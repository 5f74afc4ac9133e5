"""People come: by moving in, by birth, by marriage."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from orgs.audit import describe_actions, record
from orgs.models import Gender, Person, User
from orgs.roles import EDIT
from residents.models import Household, LifeEvent, Residency
from residents.services.events import check_day, tell_event
from residents.services.residency import Identity, add_resident, end_residency

describe_actions(resident__marry="结婚登记")
APART = ("人户分离", "空挂")
# Ages by law (civil code, art. 1047), judged by the year of birth.
MARRIAGE_AGE = {Gender.MALE: 22, Gender.FEMALE: 20}
MARRIED = "已婚"
CHILD, GRANDCHILD = "子女", "孙子女"


@transaction.atomic
def move_in(
    *, household: Household, name: str, on: date, by: User | None, origin: str = "", **facts: Any
) -> Residency:
    """Register somebody who moved in on `on`; `facts` are those of `add_resident`.

    Homes the person has left, as far as `by` keeps them, end on the same day; others stay and
    show in the check for people in two homes.
    """
    check_day(on)
    residency = add_resident(household=household, name=name, by=by, start=on, **facts)
    left = _leave_former_homes(residency, on, by)
    tell_event(
        LifeEvent.Kind.MOVED_IN, household=household, on=on, by=by, person=residency.person,
        other=left[0] if left else None, note=origin,
    )  # fmt: skip
    return residency


@transaction.atomic
def register_birth(
    *,
    household: Household,
    name: str,
    gender: str,
    on: date,
    by: User | None,
    relation: str = CHILD,
    identity: Identity | None = None,
) -> Residency:
    """Register a newborn; papers may follow later by an edit."""
    check_day(on)
    if relation not in (CHILD, GRANDCHILD):
        raise ValidationError({"relation": "新生儿是户主的子女或孙子女，请选择其一。"})
    papers = identity or Identity()
    residency = add_resident(
        household=household, name=name, by=by, start=on, relation=relation, status="常住",
        identity=replace(papers, birth=on, gender=gender),
    )  # fmt: skip
    tell_event(
        LifeEvent.Kind.BIRTH, household=household, on=on, by=by, person=residency.person
    )  # fmt: skip
    return residency


@transaction.atomic
def marry(
    *,
    residency: Residency,
    on: date,
    by: User | None,
    spouse: Residency | None = None,
    name: str = "",
    identity: Identity | None = None,
    phone: str = "",
) -> Residency:
    """Marry a resident to `spouse` of the same household, or to `name`, who moves in.

    Returns the spouse's residency. ValidationError: already married, too young, same gender.
    """
    check_day(on)
    if spouse is None:
        if not name.strip():
            raise ValidationError({"name": "请选择同户的配偶，或填写迁入的配偶姓名。"})
        spouse = move_in(
            household=residency.household, name=name, on=on, by=by, origin="婚迁",
            relation=_relation_of_spouse(residency), identity=identity, phone=phone, status="常住",
        )  # fmt: skip
    elif spouse.household_id != residency.household_id or spouse.pk == residency.pk:
        raise ValidationError({"spouse": "请选择同一户的另一个人。"})
    pair = list(
        Person.objects.select_for_update().filter(pk__in=[residency.person_id, spouse.person_id])
    )
    _require_marriageable(pair, on)
    for person in pair:
        person.marriage = MARRIED
        person.save(update_fields=["marriage", "updated_at"])
    if residency.is_head and spouse.relation != "配偶":
        spouse.relation = "配偶"
        spouse.save(update_fields=["relation"])
    record(
        by=by, action="resident.marry", target=residency.person,
        street=residency.household.street_id, detail={"spouse": spouse.person_id},
    )  # fmt: skip
    for one in (residency, spouse):
        tell_event(
            LifeEvent.Kind.MARRIAGE, household=one.household, on=on, by=by, person=one.person
        )
    return spouse


def _leave_former_homes(residency: Residency, on: date, by: User | None) -> list[Household]:
    rows = Residency.objects.filter(person=residency.person_id, end=None)
    rows = rows.exclude(pk=residency.pk).exclude(status__in=APART).select_related("household")
    if by is not None:
        rows = rows.visible_to(by, EDIT)
    left = []
    for row in rows:
        end_residency(
            residency=row, on=on, reason=Residency.EndReason.MOVED_OUT, by=by,
            to=residency.household,
        )  # fmt: skip
        left.append(row.household)
    return left


def _relation_of_spouse(residency: Residency) -> str:
    """What the head calls the spouse: 配偶 of the head, 子女 of a child (儿媳、女婿)."""
    if residency.is_head:
        return "配偶"
    return residency.relation if residency.relation in (CHILD, GRANDCHILD) else "其他亲属"


def _require_marriageable(pair: list[Person], on: date) -> None:
    for person in pair:
        if person.marriage == MARRIED:
            raise ValidationError(f"{person.name}的婚姻状况已是已婚，请核对。", code="married")
        least = MARRIAGE_AGE.get(Gender(person.gender)) if person.gender in Gender.values else None
        if least and person.birth_year and on.year - person.birth_year < least:
            raise ValidationError(
                f"{person.name}不满 {least} 周岁，不到法定婚龄，请核对。", code="age"
            )
    known = [one.gender for one in pair if one.gender in (Gender.MALE, Gender.FEMALE)]
    if len(known) == 2 and known[0] == known[1]:
        raise ValidationError("两人登记的性别相同，请核对性别。", code="gender")
