"""Deciding a contradiction between a roster and the register; nothing is overwritten unseen."""

import json
from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gridparty.lib.text import initials
from grids.models import Building, Entrance
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.fields import Sealed
from orgs.keys import fingerprint
from orgs.models import Person, User
from orgs.roles import EDIT
from residents.catalog import HEAD
from residents.models import Household, Residency, RosterConflict
from residents.services.households import create_household, touch
from residents.services.residency import Identity, add_resident, end_residency

describe_actions(roster__decide="处理导入冲突")
Kind, State = RosterConflict.Kind, RosterConflict.State
KEEP, TAKE, MOVE, BOTH, OTHER = "keep", "take", "move", "both", "other"
LABELS = {
    KEEP: "保留系统",
    TAKE: "采用文件",
    MOVE: "迁到新户（旧户办迁出）",
    BOTH: "两处都住（人户分离）",
    OTHER: "不是同一人，另行登记",
}
STATES = {
    KEEP: State.KEPT, TAKE: State.TAKEN, MOVE: State.TAKEN, BOTH: State.BOTH,
    OTHER: State.DISMISSED,
}  # fmt: skip
# Which ways out a contradiction has.
CHOICES: dict[str, tuple[str, ...]] = {
    Kind.HOME: (KEEP, MOVE, BOTH, OTHER),
    Kind.NAME: (KEEP, TAKE, OTHER),
    Kind.ID: (KEEP, TAKE, OTHER),
    Kind.MOVED_OUT: (KEEP, TAKE),
    Kind.DIED: (KEEP, TAKE, OTHER),
    Kind.NEWER: (KEEP, TAKE),
}
STALE = "系统里的内容刚被改过，请对照最新内容后再选一次。"
LIVES_ELSEWHERE = "此人现在还登记在另一户，请先在那一户办理迁出。"


def filed_values(conflict: RosterConflict) -> dict[str, Any]:
    """Return what the file says: `person`, `home`, `door` (plain; the caller masks)."""
    values: dict[str, Any] = json.loads(conflict.payload.reveal() or "{}")
    return values


def seen_version(conflict: RosterConflict) -> str:
    """Return a token of the register's side as it is now; a decision is made on what was seen."""
    person = conflict.person
    homes = Residency.objects.filter(person=person).order_by("pk")
    facts = homes.values_list("pk", "end", "household__version", "household__closed_on")
    return fingerprint(f"{conflict.pk} {person.updated_at.isoformat()} {list(facts)}")[:32]


@transaction.atomic
def decide_conflict(
    *,
    conflict: RosterConflict,
    choice: str,
    by: User,
    seen: str,
    fields: Collection[str] = (),
    note: str = "",
) -> RosterConflict:
    """Settle a conflict by one of CHOICES; `fields` are the columns of Person to take over.

    `seen` is the `seen_version` the page showed. ValidationError: decided by somebody else
    meanwhile, the register moved on, or the choice needs something out of the user's area.
    """
    note = one_line(note, label="处理说明", longest=200, required=False)
    conflict = RosterConflict.objects.select_for_update().get(pk=conflict.pk)
    if choice not in CHOICES[conflict.kind]:
        raise ValidationError("请选择一种处理办法。", code="choice")
    person = Person.objects.select_for_update().get(pk=conflict.person_id)
    if conflict.state == State.OPEN and seen != seen_version(conflict):
        raise ValidationError(STALE, code="stale")
    values = filed_values(conflict)
    _close(conflict, STATES[choice], by, note)
    today = timezone.localdate()
    taken: list[str] = []
    if choice in (TAKE, MOVE, BOTH):
        taken = _write_person(person, values["person"], fields)
        if conflict.kind == Kind.DIED:
            Person.objects.filter(pk=person.pk).update(died_on=None)
        if choice == MOVE:
            _leave_other_homes(conflict, person, by, today)
        if conflict.kind == Kind.NAME and _lives_elsewhere(conflict, person):
            _ask_where(conflict, values)
        elif conflict.kind != Kind.NEWER:
            _settle(conflict, person, values, by, today, second=choice == BOTH)
    elif choice == OTHER:
        _register_apart(conflict, values, by, today)
    record(
        by=by, action="roster.decide", target=person, street=conflict.street_id,
        detail={"conflict": conflict.pk, "choice": choice, "fields": taken},
    )  # fmt: skip
    return conflict


def _close(conflict: RosterConflict, state: str, by: User, note: str) -> None:
    """Exactly one decision wins; what the file said is not kept longer than needed."""
    changed = RosterConflict.objects.filter(pk=conflict.pk, state=State.OPEN).update(
        state=state, decided_by=by, decided_at=timezone.now(), note=note, payload=Sealed("")
    )
    if not changed:
        raise ValidationError(f"这条冲突已处理：{conflict.get_state_display()}。", code="decided")
    conflict.state = state


def _write_person(person: Person, filed: dict[str, str], fields: Collection[str]) -> list[str]:
    """Write the chosen columns and return their names."""
    taken = [name for name in filed if name in fields]
    for name in taken:
        value = filed[name]
        if name == "phone":
            person.set_phone(value)
        elif name == "birth":
            person.set_birth_date(date.fromisoformat(value))
        elif name == "id_number":
            _require_free_number(value, person)
            person.id_number, person.id_fingerprint = Sealed.of(value), fingerprint(value)
        else:
            setattr(person, name, value)
    if taken:
        person.name_initials = initials(person.name)[:60]
        person.save()
        for home in Household.objects.filter(
            pk__in=person.residencies.filter(end=None).values("household"), closed_on=None
        ):
            touch(home, None)
    return taken


def _require_free_number(number: str, person: Person) -> None:
    others = Person.objects.filter(id_fingerprint=fingerprint(number)).exclude(pk=person.pk)
    if others.exists():
        raise ValidationError("文件里的证件号已登记在另一个人名下，请先核对那个人。", code="taken")


def _leave_other_homes(conflict: RosterConflict, person: Person, by: User, today: date) -> None:
    """End the person's other residencies; those out of the user's area are for that community."""
    others = Residency.objects.filter(person=person, end=None).select_related("household")
    for residency in others.exclude(household=conflict.household_id or 0):
        reachable = Household.objects.visible_to(by, EDIT).filter(pk=residency.household_id)
        if not reachable.exists():
            raise ValidationError(
                "此人登记在您负责范围以外的住户，请联系那里的社区先办迁出。", code="area"
            )
        end_residency(residency=residency, on=today, reason="moved_out", by=by)


def _lives_elsewhere(conflict: RosterConflict, person: Person) -> bool:
    living = Residency.objects.filter(person=person, end=None)
    here = conflict.household_id or 0
    return living.exists() and not living.filter(household=here).exists()


def _ask_where(conflict: RosterConflict, values: dict[str, Any]) -> None:
    """The name is settled; where the person lives is the next question."""
    payload = json.dumps(values, ensure_ascii=False, sort_keys=True)
    RosterConflict.objects.create(
        job_id=conflict.job_id, district_id=conflict.district_id, street_id=conflict.street_id,
        community_id=conflict.community_id, grid_id=conflict.grid_id,
        building_id=conflict.building_id, sheet=conflict.sheet, row=conflict.row, kind=Kind.HOME,
        person_id=conflict.person_id, household_id=conflict.household_id,
        payload=payload,
        key=fingerprint(f"{Kind.HOME.value} {conflict.person_id} {payload}"),
    )  # fmt: skip


def _settle(
    conflict: RosterConflict,
    person: Person,
    values: dict[str, Any],
    by: User,
    today: date,
    *,
    second: bool,
) -> None:
    """Let the person live behind the file's door, unless they do already."""
    household = _household(conflict, values["door"], by)
    if Residency.objects.filter(person=person, household=household, end=None).exists():
        return
    if not second and Residency.objects.filter(person=person, end=None).exists():
        raise ValidationError(LIVES_ELSEWHERE, code="elsewhere")
    touch(household, None)
    home = values["home"]
    has_head = household.residencies.filter(end=None, is_head=True).exists()
    is_head = home["relation"] == HEAD and not has_head
    Residency.objects.create(
        person=person, household=household, is_head=is_head, status=home["status"],
        relation="" if home["relation"] == HEAD and has_head else home["relation"],
        start=date.fromisoformat(home["start"]) if home["start"] else today,
    )  # fmt: skip


def _household(conflict: RosterConflict, door: dict[str, Any], by: User) -> Household:
    """The household of the file: the one it was matched to, one registered since, or a new one."""
    homes = Household.objects.open()
    found = homes.filter(pk=conflict.household_id or 0).first()
    if found is None:
        there = homes.filter(
            building=door["building"], entrance=door["entrance"], room=door["room"]
        )
        found = there.filter(number=door["number"]).order_by("pk").first()
    if found is not None:
        return found
    return create_household(
        building=Building.objects.get(pk=door["building"]),
        entrance=Entrance.objects.filter(pk=door["entrance"]).first(),
        room=door["room"],
        number=door["number"],
        second_in_room=True,
        by=by,
    )


def _register_apart(
    conflict: RosterConflict, values: dict[str, Any], by: User, today: date
) -> None:
    """Register the row as somebody else; a number that belongs to another person is left out."""
    filed = dict(values["person"])
    number = filed.pop("id_number", "")
    if number and Person.objects.filter(id_fingerprint=fingerprint(number)).exists():
        number = ""
    birth = filed.pop("birth", "")
    identity = Identity(
        kind=filed.pop("id_kind", "") if number else "",
        number=number,
        birth=date.fromisoformat(birth) if birth else None,
        gender=filed.pop("gender", "0"),
    )
    home = values["home"]
    household = _household(conflict, values["door"], by)
    has_head = household.residencies.filter(end=None, is_head=True).exists()
    add_resident(
        household=household, name=filed.pop("name"), by=by, identity=identity,
        relation="" if home["relation"] == HEAD and has_head else home["relation"],
        status=home["status"], phone=filed.pop("phone", ""),
        start=date.fromisoformat(home["start"]) if home["start"] else today, **filed,
    )  # fmt: skip
