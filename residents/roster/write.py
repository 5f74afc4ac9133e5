"""Write one matched batch: new rows in bulk with ready values, changed rows in grouped updates.

`bulk_create` builds a model instance and prepares every column of every row, five to nine times
the cost of inserting ready rows (measured); so rows are made here. Columns nobody names get their
model default, so a column added to a model needs no change here. SQLite's driver searches an
adapter for every value that is not exactly int, float or str, at three times the cost of binding
it: hence 0 and 1 for bool, plain str for a choice, and no column for NULL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, models
from django.db.models import F

from gridparty.lib.text import initials
from orgs.divisions.bulk import insert_rows, new_ids
from orgs.fields import Sealed
from orgs.keys import fingerprint, keyring
from orgs.models import Gender, Person
from residents.models import CareTag, Household, Residency, door_key
from residents.roster.changes import GENDER_CODES
from residents.roster.match import HouseholdPlan, RowPlan
from residents.roster.outcome import STORED
from residents.roster.register import Home

_UPDATE_BATCH = 300
_NO_GENDER = str(Gender.UNKNOWN.value)


class Writer:
    """Writes plans of one import; `now` and `today` stamp every row it makes."""

    def __init__(
        self,
        *,
        homes: dict[int, Home],
        care_levels: dict[int, str],
        now: datetime,
        today: date,
        job_id: int | None,
        user_id: int | None,
    ) -> None:
        self.homes = homes
        self.care_levels = care_levels
        self.now = now
        self.today = today
        self.job_id = job_id
        self.user_id = user_id

    def write(self, plans: Sequence[HouseholdPlan]) -> None:
        """Write one batch; the caller holds the transaction and the lock of the communities."""
        rows = [row for plan in plans for row in plan.rows if row.outcome in STORED]
        self._new_households([plan for plan in plans if plan.is_new])
        self._changed_households([plan for plan in plans if plan.known is not None])
        self._new_persons([row for row in rows if row.person is None])
        self._changed_persons([row for row in rows if row.person is not None])
        self._residencies(plans)
        self._tags([row for row in rows if row.new_tags])

    def _new_households(self, plans: list[HouseholdPlan]) -> None:
        for plan, pk in zip(plans, new_ids(Household, len(plans)), strict=True):
            plan.pk = pk
        columns = (
            "id", "district_id", "street_id", "community_id", "grid_id", "building_id",
            "entrance_id", "room", "room_raw", "sort_key", "number",
        )  # fmt: skip
        self._insert(Household, columns, [self._household_row(plan) for plan in plans])

    def _household_row(self, plan: HouseholdPlan) -> tuple[Any, ...]:
        source = plan.source
        assert source.place is not None
        home = self.homes[source.place.key]
        return (
            plan.pk, home.district_id, home.street_id, home.community_id, home.grid_id,
            source.place.key, source.place.units.get(source.unit), source.room,
            source.members[0].door.raw[:80], _sort_key(home, plan), source.number,
        )  # fmt: skip

    def _changed_households(self, plans: list[HouseholdPlan]) -> None:
        touched = []
        changed = []
        for plan in plans:
            assert plan.known is not None
            plan.pk = plan.known.pk
            if plan.is_touched:
                touched.append(plan.pk)
            if plan.changes:
                changed.append((plan.pk, self._household_changes(plan)))
        update_grouped(Household, changed)
        for start in range(0, len(touched), 5000):
            chunk = touched[start : start + 5000]
            Household.objects.filter(pk__in=chunk).update(
                version=F("version") + 1, updated_at=self.now
            )

    def _household_changes(self, plan: HouseholdPlan) -> dict[str, Any]:
        """A corrected door takes scope and sort key with it."""
        changes = dict(plan.changes)
        if "building_id" in changes:
            home = self.homes[changes["building_id"]]
            changes |= {
                "district_id": home.district_id,
                "street_id": home.street_id,
                "community_id": home.community_id,
                "grid_id": home.grid_id,
                "room_raw": plan.source.members[0].door.raw[:80],
                "sort_key": _sort_key(home, plan),
            }
        return changes

    def _new_persons(self, rows: list[RowPlan]) -> None:
        for row, pk in zip(rows, new_ids(Person, len(rows)), strict=True):
            row.person_pk = pk
        columns = (
            "id", "name", "name_initials", "gender", "id_kind", "id_number", "id_fingerprint",
            "phone", "phone_fingerprint", "birth", "birth_year", "ethnicity", "political_status",
            "education", "marriage", "workplace", "registered_address", "is_volunteer", "remark",
        )  # fmt: skip
        self._insert(Person, columns, [_person_row(row) for row in rows])

    def _changed_persons(self, rows: list[RowPlan]) -> None:
        changed = []
        for row in rows:
            assert row.person is not None
            row.person_pk = row.person.pk
            if row.changes:
                columns = _sealed_columns(row.changes) | {"updated_at": self.now}
                changed.append((row.person_pk, columns))
        update_grouped(Person, changed)

    def _residencies(self, plans: Sequence[HouseholdPlan]) -> None:
        columns = (
            "id", "person_id", "household_id", "relation", "is_head", "status", "start",
            "import_job_id",
        )  # fmt: skip
        new: list[tuple[Any, ...]] = []
        added: list[RowPlan] = []
        changed: list[tuple[int, dict[str, Any]]] = []
        for plan in plans:
            changed += [(one.pk, {"is_head": False, "relation": ""}) for one in plan.demoted]
            for row in plan.rows:
                if row.outcome not in STORED:
                    continue
                if row.home is None:
                    added.append(row)
                    new.append(
                        (
                            row.person_pk, plan.pk, row.row.relation, int(row.is_head),
                            row.row.residence, _iso(row.row.moved_in), self.job_id,
                        )
                    )  # fmt: skip
                elif row.home_changes:
                    changed.append((row.home.pk, row.home_changes))
        update_grouped(Residency, changed)
        ids = new_ids(Residency, len(new))
        for pk, row in zip(ids, added, strict=True):
            row.home_pk = pk
        self._insert(Residency, columns, [(pk, *row) for pk, row in zip(ids, new, strict=True)])

    def _tags(self, rows: list[RowPlan]) -> None:
        owners = [(row, kind) for row in rows for kind in row.new_tags]
        ids = new_ids(CareTag, len(owners))
        for (row, _kind), pk in zip(owners, ids, strict=True):
            row.tag_pks.append(pk)
        columns = ("id", "person_id", "kind_id", "level", "basis", "start", "added_by_id")
        start = _iso(self.today)
        self._insert(
            CareTag,
            columns,
            [
                (pk, row.person_pk, kind, self.care_levels[kind], "花名册导入", start, self.user_id)
                for pk, (row, kind) in zip(ids, owners, strict=True)
            ],
        )

    def _insert(
        self, model: type[models.Model], columns: tuple[str, ...], rows: list[tuple[Any, ...]]
    ) -> None:
        """Insert rows of ready values; the model's other columns get their defaults."""
        if not rows:
            return
        rest = _defaults(model, columns, self.now)
        fixed = tuple(rest.values())
        insert_rows(model, (*columns, *rest), [row + fixed for row in rows])


def _sort_key(home: Home, plan: HouseholdPlan) -> str:
    source = plan.source
    return door_key(
        compound=home.compound, building=home.building, unit=source.unit, room=source.room
    )


def _person_row(plan: RowPlan) -> tuple[Any, ...]:
    row = plan.row
    seal = keyring().seal
    phone = ";".join(row.phones)
    birth = row.birth
    return (
        plan.person_pk, row.name, initials(row.name)[:60],
        GENDER_CODES.get(row.gender, _NO_GENDER), row.id_kind,
        seal(row.id_number) if row.id_number else "", plan.print or None,
        seal(phone) if phone else "", fingerprint(row.phones[0]) if phone else "",
        seal(birth.isoformat()) if birth else "", birth.year if birth else None,
        row.ethnicity, row.political, row.education, row.marriage, row.workplace,
        row.registered_address, int(bool(row.volunteer)), row.remark,
    )  # fmt: skip


def _iso(day: date | None) -> str | None:
    """A date as both databases take it in a ready row."""
    return day.isoformat() if day else None


def _sealed_columns(changes: dict[str, Any]) -> dict[str, Any]:
    """Changes of a person with the plain phone, birth and id turned into their sealed columns."""
    columns = dict(changes)
    if "phone" in columns:
        columns["phone_fingerprint"] = fingerprint(columns["phone"].split(";")[0])
        columns["phone"] = Sealed.of(columns["phone"])
    if "birth" in columns:
        birth: date | None = columns["birth"]
        columns["birth_year"] = birth.year if birth else None
        columns["birth"] = Sealed.of(birth.isoformat() if birth else "")
    if "id_number" in columns:
        columns["id_fingerprint"] = fingerprint(columns["id_number"])
        columns["id_number"] = Sealed.of(columns["id_number"])
    return columns


def _defaults(model: type[models.Model], given: tuple[str, ...], now: datetime) -> dict[str, Any]:
    """Column → ready value for every column of the model that is not given and not NULL."""
    values: dict[str, Any] = {}
    for column in model._meta.concrete_fields:
        if column.attname in given:
            continue
        automatic = getattr(column, "auto_now", False) or getattr(column, "auto_now_add", False)
        value = now if automatic else column.get_default()
        ready = column.get_db_prep_save(value, connection)
        if isinstance(ready, bool | str):
            ready = int(ready) if isinstance(ready, bool) else str(ready)
        if ready is not None:
            values[column.attname] = ready
    return values


def update_grouped(model: type[models.Model], changed: list[tuple[int, dict[str, Any]]]) -> None:
    """Update rows that change the same columns together."""
    groups: dict[frozenset[str], list[models.Model]] = defaultdict(list)
    for pk, columns in changed:
        groups[frozenset(columns)].append(model(pk=pk, **columns))
    for names, instances in groups.items():
        fields = [name.removesuffix("_id") for name in sorted(names)]
        model._default_manager.bulk_update(instances, fields, batch_size=_UPDATE_BATCH)
