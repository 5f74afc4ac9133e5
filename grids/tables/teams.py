"""网格队伍 by Excel: who serves which grid in which slot, who comes and who leaves."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from gridparty.lib.masking import mask_name, mask_phone
from grids import services
from grids.catalog import SlotSource
from grids.models import Grid, GridTeamMember, TeamSlot
from grids.services.people import find_or_add_person
from grids.tables.lookups import find_grid
from orgs.models import Unit
from orgs.roles import CREATE, Noun
from orgs.tables.base import ID, NUMBER, Column, Outcome, Row, Table
from orgs.tables.cells import is_masked, read_choice, read_date
from orgs.tables.lookups import find_unit, record_of


class TeamTable(Table):
    kind, title, noun, letters = "teams", "网格队伍", Noun.GRID, CREATE
    columns = (
        NUMBER,
        Column("grid", "网格", ("网格编码", "网格名称"), required=True, width=18,
               help="15 位网格编码，或社区里唯一的网格名称。", example="349901001001001"),
        Column("slot", "岗位", required=True, width=14, help="该网格队伍模式里的岗位。", example="网格长"),
        Column("name", "姓名", required=True, width=10, mask=mask_name, example="张示范"),
        Column("phone", "联系电话", ("手机号",), width=14, mask=mask_phone, help="有同名的人时必填。"),
        Column("unit", "派出单位", width=24, help="由单位派出的岗位必填。"),
        Column("source", "来源", ("人员来源",), width=14, choices=tuple(SlotSource.labels)),
        Column("duties", "职责", width=28),
        Column("start", "到岗日期", width=12, help="不填就是今天。", example="2026-01-01"),
        Column("end", "离岗日期", width=12, help="填了就是办离岗，这一天是最后一天。"),
    )  # fmt: skip
    notes = ("换人：给离开的人填离岗日期，另起一行写新来的人。",)

    def key(self, row: Row) -> str:
        return row[ID] or "/".join(row[name] for name in ("grid", "slot", "name", "phone"))

    def rows(self, user: Any) -> Iterator[Sequence[str]]:
        team = _team(user).serving_on(timezone.localdate())
        rows = team.select_related("grid", "slot", "person", "unit")
        for one in rows.order_by("grid__code", "slot__order", "pk"):
            yield [
                str(one.pk), one.grid.code, one.slot.name, one.person.name,
                one.person.masked_phone, one.unit.name if one.unit else "",
                one.get_source_display(), one.duties, f"{one.start:%Y-%m-%d}",
                f"{one.end:%Y-%m-%d}" if one.end else "",
            ]  # fmt: skip

    def write(self, row: Row, user: Any) -> Outcome:
        grid = find_grid(row["grid"], user, Noun.GRID, CREATE)
        if is_masked(row["phone"]):
            row.values["phone"] = ""
        unit = find_unit(row["unit"], user, "unit") if row.has("unit") else None
        end = row.read("end", read_date)
        member = self._member(row, user, grid)
        if member is None:
            return self._assign(row, user, grid, unit, end)
        return self._revise(row, user, member, unit, end)

    def _member(self, row: Row, user: Any, grid: Grid) -> GridTeamMember | None:
        team = _team(user).select_related("grid", "slot", "person", "unit")
        if row.has(ID):
            member: GridTeamMember = record_of(team, row[ID])
            for column, now in (
                ("grid", member.grid == grid), ("slot", member.slot.name == row["slot"]),
                ("name", member.person.name == row["name"]),
            ):  # fmt: skip
                if not now:
                    raise ValidationError(
                        {column: "换网格、换岗、换人请给这一行填离岗日期，另起一行。"}
                    )
            return member
        serving = team.filter(grid=grid, slot__name=row["slot"], person__name=row["name"])
        found = list(serving.serving_on(timezone.localdate())[:2])
        if len(found) > 1:
            raise ValidationError({"name": "这个岗位有几位同名人员，请填写编号。"})
        return found[0] if found else None

    def _assign(
        self, row: Row, user: Any, grid: Grid, unit: Unit | None, end: date | None
    ) -> Outcome:
        slot = TeamSlot.objects.filter(template=grid.team_template_id, name=row["slot"]).first()
        if slot is None:
            raise ValidationError({"slot": "该网格的队伍模式里没有这个岗位。"})
        source = row.read(
            "source", lambda text: read_choice(text, SlotSource.choices, what="来源"), ""
        )
        person = find_or_add_person(
            name=row["name"], phone=row["phone"], street=grid.street, by=user
        )
        made = services.assign_member(
            grid=grid, slot=slot, person=person, unit=unit, source=source, by=user,
            start=row.read("start", read_date, timezone.localdate()), duties=row.text("duties"),
        )  # fmt: skip
        if end is not None:
            services.remove_member(member=made, end=end, by=user)
        return Outcome.CREATE

    def _revise(
        self, row: Row, user: Any, member: GridTeamMember, unit: Unit | None, end: date | None
    ) -> Outcome:
        changed = False
        duties = row.text("duties", member.duties)
        unit = unit or member.unit
        if (duties, unit) != (member.duties, member.unit):
            services.edit_member(member=member, duties=duties, unit=unit, by=user)
            changed = True
        if end is not None and end != member.end:
            services.remove_member(member=member, end=end, by=user)
            changed = True
        return Outcome.UPDATE if changed else Outcome.UNCHANGED


def _team(user: Any) -> Any:
    grids = Grid.objects.visible_to(user, CREATE)
    return GridTeamMember.objects.filter(grid__in=grids.values("pk"))
