"""The tables walked: every move by every role of the town, from every status; nothing else moves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from tests.town import Town, person_of
from tests.volunteers.help import helper, open_resource, published, scheduled
from tests.volunteers.village import project_of
from volunteers.models import Ask, Hours, Step
from volunteers.services.claims import send_to
from volunteers.services.lives import take_step
from volunteers.services.places import columns_of
from volunteers.sides import moves_for
from volunteers.workflow import TABLES, Move, Who, moves_from

# Who of the town stands where, towards a row of 幸福社区 led by the corridor head, of the partner's.
STAFF = {
    "community_staff", "community_secretary", "branch_secretary", "grid_head", "sister_grid_head",
    "grid_worker_ft", "grid_informant", "group_leader",
}  # fmt: skip
COMMUNITY = {"community_staff", "community_secretary"}
ON_SIDE: dict[Who, set[str]] = {
    Who.STAFF: STAFF, Who.COMMUNITY: COMMUNITY, Who.SECRETARY: {"community_secretary"},
    Who.UNIT: {"partner_unit"}, Who.LEAD: {"corridor_head"}, Who.SELF: {"volunteer"},
    Who.SYSTEM: set(),
}  # fmt: skip
WITHOUT: dict[str, set[Who]] = {  # sides a table's rows do not have
    "resource": {Who.LEAD, Who.SELF}, "claim": {Who.LEAD, Who.SELF}, "project": set(),
    "activity": {Who.UNIT, Who.SELF}, "hours": {Who.UNIT, Who.LEAD}, "ask": {Who.UNIT},
}  # fmt: skip


def rows(town: Town) -> dict[str, Callable[[], Any]]:
    me, lead = helper(town, who="volunteer"), helper(town, who="corridor_head")
    need = published(town, quantity=9)
    shift = scheduled(town, lead=lead, ahead=timedelta(days=4))

    def hours() -> Hours:
        return Hours.objects.create(
            **columns_of(town.community), volunteer=me, activity=shift.activity, credited=1,
            start=timezone.now(), end=timezone.now(), status="submitted",
        )  # fmt: skip

    def ask() -> Ask:
        Ask.objects.all().delete()
        made = Ask.objects.create(
            **columns_of(town.community), shift=shift, volunteer=me, worth=50,
            answer_by=timezone.now() + timedelta(days=1),
        )  # fmt: skip
        return Ask.objects.for_list().get(pk=made.pk)

    def claim() -> Any:
        from volunteers.models import Claim

        Claim.objects.all().delete()
        return send_to(need=need, unit=town.partner, quantity=1, by=None)

    def project() -> Any:
        from volunteers.models import Project

        made = project_of(town, lead_unit=town.partner)
        Project.objects.filter(pk=made.pk).update(
            lead_person=person_of(town.users["corridor_head"])
        )
        return Project.objects.get(pk=made.pk)

    return {
        "resource": lambda: open_resource(town), "claim": claim, "project": project,
        "activity": lambda: scheduled(town, lead=lead, ahead=timedelta(days=9)).activity,
        "hours": hours, "ask": ask,
    }  # fmt: skip


def may(subject: str, move: Move) -> set[str]:
    return set().union(*(ON_SIDE[who] for who in move.who if who not in WITHOUT[subject]))


@pytest.mark.parametrize("subject", sorted(TABLES))
def test_every_move_by_every_role(town: Town, subject: str) -> None:
    make = rows(town)[subject]
    for move in TABLES[subject]:
        allowed = may(subject, move)
        for who, user in town.users.items():
            row = make()
            type(row)._default_manager.filter(pk=row.pk).update(status=move.sources[0])
            row.refresh_from_db()
            if subject == "activity":
                row.ends_at = timezone.now() - timedelta(hours=1)
            shown = move.name in {one.name for one in moves_for(row, user)}
            assert shown == (who in allowed), f"{subject} {move.name} {who}: button"
            if move.is_system:
                continue
            if who in allowed:
                take_step(row=row, name=move.name, by=user, note="说明")
                assert row.status == move.target
            else:
                with pytest.raises(PermissionDenied):
                    take_step(row=row, name=move.name, by=user, note="说明")


@pytest.mark.parametrize("subject", sorted(TABLES))
def test_nothing_moves_from_where_the_table_has_no_line(town: Town, subject: str) -> None:
    row = rows(town)[subject]()
    statuses = {str(value) for value, _label in type(row)._meta.get_field("status").choices}
    for status in sorted(statuses):
        for move in TABLES[subject]:
            type(row)._default_manager.filter(pk=row.pk).update(status=status)
            row.refresh_from_db()
            before = Step.objects.count()
            if status in move.sources:
                take_step(row=row, name=move.name, by=None, note="说明")
                assert Step.objects.count() == before + 1
                continue
            with pytest.raises(ValidationError):
                take_step(row=row, name=move.name, by=None, note="说明")
            row.refresh_from_db()
            assert (row.status, Step.objects.count()) == (status, before)


@pytest.mark.parametrize("subject", sorted(TABLES))
def test_the_table_is_whole(subject: str) -> None:
    moves = TABLES[subject]
    assert len({move.name for move in moves}) == len(moves)
    for move in moves:
        assert move.who, move.name
        assert move.target not in move.sources, move.name
        assert move in moves_from(subject, move.sources[0])


def test_what_asks_for_a_line_gets_one(town: Town) -> None:
    for subject, make in rows(town).items():
        for move in TABLES[subject]:
            if move.asks:
                row = make()
                type(row)._default_manager.filter(pk=row.pk).update(status=move.sources[0])
                with pytest.raises(ValidationError):
                    take_step(row=row, name=move.name, by=None, note="  ")
