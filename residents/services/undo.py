"""Taking an import back: what nobody has touched since stands again as it was before.

Household by household, and each one whole or not at all. What an import created is deleted (people
imported by mistake must not stay in the register); what somebody has worked with since is left and
named. `residents/roster/journal.py` says what the import wrote.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from grids.models import Building
from orgs.fields import Sealed
from orgs.models import ImportJob, OrgUnit, Person
from residents.models import (
    CareTag,
    Household,
    Residency,
    RosterAbsence,
    RosterConflict,
    RosterUndo,
    door_key,
)
from residents.roster.journal import HomeEntry, read_homes
from residents.roster.write import update_grouped

EDITED = "这一户导入后改过"
PERSON_EDITED = "这一户有人的资料导入后改过"
IN_USE = "这一户的人或住处已被其他业务使用"
CLOSED = "这一户导入后已销户"
MOST_NAMED = 500
_CHUNK = 2000


@dataclass
class Effect:
    """What an undo does: households restored or removed, people removed, and what is left."""

    households: int = 0
    people: int = 0
    # Household id → why it is left as it is.
    left: dict[int, str] = field(default_factory=dict)


def undo_effect(job: ImportJob) -> Effect:
    """Say what undoing this job would do now; writes nothing."""
    effect = Effect()
    for batch in RosterUndo.objects.filter(job=job).order_by("-id"):
        homes = read_homes(batch)
        _add(effect, homes, _kept(homes, batch.stamp, job))
    return effect


def undo_batches(job: ImportJob) -> Effect:
    """Undo the newest batches first, each in its own transaction; safe to run again."""
    effect = Effect()
    _forget_questions(job)
    newest_first = RosterUndo.objects.filter(job=job).order_by("-id").values_list("pk", flat=True)
    for pk in list(newest_first):
        with transaction.atomic():
            list(OrgUnit.objects.select_for_update().filter(pk=job.under_id).values_list("pk"))
            batch = RosterUndo.objects.get(pk=pk)
            homes = read_homes(batch)
            kept = _kept(homes, batch.stamp, job)
            _add(effect, homes, kept)
            _restore([home for home in homes if home.pk not in kept])
            batch.delete()
            _remember(job, effect)
    return effect


def _add(effect: Effect, homes: list[HomeEntry], kept: dict[int, str]) -> None:
    restored = [home for home in homes if home.pk not in kept]
    effect.households += len(restored)
    effect.people += sum(before is None for home in restored for _pk, before in home.persons)
    effect.left |= kept


def _remember(job: ImportJob, effect: Effect) -> None:
    """Note in the job what is done so far, so that an interrupted undo adds up."""
    before = job.counts.get("undo", {})
    counts = {
        "households": before.get("households", 0) + effect.households,
        "people": before.get("people", 0) + effect.people,
        "left": before.get("left", 0) + len(effect.left),
    }
    left = [*job.options.get("left", []), *([pk, why] for pk, why in effect.left.items())]
    job.counts = {**job.counts, "undo": counts}
    job.options = {**job.options, "left": left[:MOST_NAMED]}
    ImportJob.objects.filter(pk=job.pk).update(
        counts=job.counts, options=job.options, heartbeat_at=timezone.now()
    )
    effect.households = effect.people = 0
    effect.left = {}


def _forget_questions(job: ImportJob) -> None:
    """What the import asked and nobody answered is no question any more."""
    RosterConflict.objects.filter(job=job, state=RosterConflict.State.OPEN).delete()
    RosterAbsence.objects.filter(job=job).undecided().delete()


# What may not be undone


def _kept(homes: list[HomeEntry], stamp: datetime, job: ImportJob) -> dict[int, str]:
    """Household id → why it stays as it is."""
    kept: dict[int, str] = {}
    versions = _facts(Household, [home.pk for home in homes], "version", "closed_on")
    persons = [pk for home in homes for pk, _before in home.persons]
    stamps = _facts(Person, persons, "updated_at")
    users = _users_of_new(homes, job)
    ended = set(_tags_ended([pk for home in homes for pk in home.tags]))
    for home in homes:
        version, closed_on = versions.get(home.pk, (None, None))
        if closed_on is not None:
            kept[home.pk] = CLOSED
        elif version != home.version or ended.intersection(home.tags):
            kept[home.pk] = EDITED
        elif any(stamps.get(pk) != (stamp,) for pk, _before in home.persons):
            kept[home.pk] = PERSON_EDITED
        elif home.pk in users:
            kept[home.pk] = IN_USE
    return kept


def _facts(model: type[models.Model], pks: list[int], *columns: str) -> dict[int, tuple[Any, ...]]:
    found: dict[int, tuple[Any, ...]] = {}
    for chunk in _chunks(pks):
        rows = model._default_manager.filter(pk__in=chunk).values_list("pk", *columns)
        found.update((pk, tuple(rest)) for pk, *rest in rows)
    return found


def _tags_ended(pks: list[int]) -> Iterable[int]:
    still_open: set[int] = set()
    for chunk in _chunks(pks):
        still_open.update(
            CareTag.objects.filter(pk__in=chunk, end=None).values_list("pk", flat=True)
        )
    return set(pks) - still_open


def _users_of_new(homes: list[HomeEntry], job: ImportJob) -> set[int]:
    """Households with something the import created that another row refers to by now."""
    home_of: dict[type[models.Model], dict[int, int]] = {Person: {}, Household: {}, Residency: {}}
    own: dict[type[models.Model], set[int]] = defaultdict(set)
    for home in homes:
        own[Residency].update(pk for pk, before in home.residencies if before is None)
        own[CareTag].update(home.tags)
        if home.before is None:
            home_of[Household][home.pk] = home.pk
        home_of[Person].update((pk, home.pk) for pk, before in home.persons if before is None)
        home_of[Residency].update(
            (pk, home.pk) for pk, before in home.residencies if before is None
        )
    used: set[int] = set()
    for model, pks in home_of.items():
        for relation in model._meta.related_objects:
            if relation.many_to_many:
                continue
            related: Any = relation.related_model
            column = relation.field.attname
            rows = related._base_manager.all()
            if related in (RosterConflict, RosterAbsence):
                rows = rows.exclude(job=job)
            for chunk in _chunks(list(pks)):
                users = rows.filter(**{f"{column}__in": chunk}).values_list("pk", column)
                used.update(pks[target] for pk, target in users if pk not in own[related])
    return used


# Restoring


def _restore(homes: list[HomeEntry]) -> None:
    now = timezone.now()
    _delete(CareTag, [pk for home in homes for pk in home.tags])
    residencies = [written for home in homes for written in home.residencies]
    _delete(Residency, [pk for pk, before in residencies if before is None])
    update_grouped(Residency, [(pk, before) for pk, before in residencies if before])
    persons = [written for home in homes for written in home.persons]
    update_grouped(
        Person, [(pk, _unsealed(before) | {"updated_at": now}) for pk, before in persons if before]
    )
    _delete(Person, [pk for pk, before in persons if before is None])
    _delete(Household, [home.pk for home in homes if home.before is None])
    changed = [home for home in homes if home.before is not None]
    update_grouped(Household, [(home.pk, _door(home.before)) for home in changed if home.before])
    for chunk in _chunks([home.pk for home in changed]):
        Household.objects.filter(pk__in=chunk).update(
            version=models.F("version") + 1, updated_at=now
        )


def _unsealed(before: dict[str, Any]) -> dict[str, Any]:
    """Sealed columns come back as the tokens they were."""
    return {
        name: Sealed(value) if name in ("phone", "birth", "id_number") else value
        for name, value in before.items()
    }


def _door(before: dict[str, Any]) -> dict[str, Any]:
    """The old door brings its scope and sort key along."""
    if "building_id" not in before:
        return before
    building = Building.objects.select_related("compound").get(pk=before["building_id"])
    entrance = building.entrances.filter(pk=before["entrance_id"] or 0).first()
    return before | {
        "district_id": building.district_id,
        "street_id": building.street_id,
        "community_id": building.community_id,
        "grid_id": building.grid_id,
        "sort_key": door_key(
            compound=building.compound.name,
            building=building.name,
            unit=entrance.name if entrance else "",
            room=before["room"],
        ),
    }


def _delete(model: type[models.Model], pks: list[int]) -> None:
    for chunk in _chunks(pks):
        model._default_manager.filter(pk__in=chunk).delete()


def _chunks(pks: list[int]) -> Iterable[list[int]]:
    for start in range(0, len(pks), _CHUNK):
        yield pks[start : start + _CHUNK]
