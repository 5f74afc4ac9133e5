"""单位 by Excel: departments of a district, units of a street."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from orgs.levels import UnitKind
from orgs.models import OrgUnit, Region, Unit
from orgs.roles import EDIT, SEES, Noun
from orgs.scope import grants_with
from orgs.services.units import save_unit
from orgs.tables.base import ID, NUMBER, Column, Outcome, Row, Table
from orgs.tables.cells import read_choice, read_yes_no
from orgs.tables.lookups import find_org, record_of


class UnitTable(Table):
    kind, title, noun, letters = "units", "单位", Noun.ORG, EDIT
    columns = (
        NUMBER,
        Column("name", "单位名称", ("名称",), required=True, width=28, example="示范区城市管理局"),
        Column("kind", "类型", ("单位类型",), required=True, choices=tuple(UnitKind.labels), example="职能部门"),
        Column("street", "服务街道（社区）", ("服务街道", "所属街道"), width=26,
               help="只服务一个街道时填写；街道管理员导入时不填就是本街道。", example="示范街道党工委"),
        Column("district", "所属区县代码", ("区县代码",), width=12,
               help="6 位代码，服务全区县的单位填写；只有系统管理员能登记这样的单位。"),
        Column("duties", "职责", width=36, example="市容环境、违法建设"),
        Column("contact_name", "联系人", width=10),
        Column("office_phone", "办公电话", width=16, help="单位的电话，不要写个人手机。"),
        Column("is_active", "在用", width=6, choices=("是", "否"), example="是"),
    )  # fmt: skip

    def key(self, row: Row) -> str:
        return row[ID] or f"{row['name']}/{row['street']}/{row['district']}"

    def rows(self, user: Any) -> Iterator[Sequence[str]]:
        units = Unit.objects.visible_to(user, EDIT).select_related("street", "district")
        for unit in units.order_by("district_id", "street_id", "name"):
            yield [
                str(unit.pk), unit.name, unit.get_kind_display(),
                unit.street.name if unit.street else "", self._code(unit, user), unit.duties,
                unit.contact_name, unit.office_phone, "是" if unit.is_active else "否",
            ]  # fmt: skip

    def _code(self, unit: Unit, user: Any) -> str:
        """The district of a unit for all of it, for those who may set it."""
        everywhere = any(grant.is_everywhere for grant in user.grants)
        return (unit.district_id or "") if everywhere and unit.street is None else ""

    def write(self, row: Row, user: Any) -> Outcome:
        kind = row.read(
            "kind", lambda text: read_choice(text, UnitKind.choices, what="单位类型"), ""
        )
        street, district = self._area(row, user)
        unit = self._unit(row, user, street, district)
        if unit is not None and not row.has("street") and not row.has("district"):
            street, district = unit.street, unit.district
        active = row.read(
            "is_active", lambda text: read_yes_no(text, default=True),
            unit.is_active if unit else True,
        )  # fmt: skip
        facts: dict[str, Any] = {
            name: row.text(name, getattr(unit, name) if unit else "")
            for name in ("duties", "contact_name", "office_phone")
        }
        facts |= {"name": row["name"], "kind": kind, "street": street, "is_active": active}
        if unit is not None and all(getattr(unit, name) == value for name, value in facts.items()):
            return Outcome.UNCHANGED
        save_unit(unit=unit, district=district, by=user, **facts)
        return Outcome.UPDATE if unit else Outcome.CREATE

    def _area(self, row: Row, user: Any) -> tuple[OrgUnit | None, Region | None]:
        if row.has("street"):
            return find_org(row["street"], user, SEES, "street").get_root(), None
        if row.has("district"):
            if not any(grant.is_everywhere for grant in user.grants):
                raise ValidationError(
                    {"district": "只有系统管理员能登记服务全区县的单位，请留空。"}
                )
            district = Region.objects.filter(code=row["district"]).first()
            if district is None:
                raise ValidationError({"district": "没有这个区县代码。"})
            return None, district
        own = {one.tree_id for one in grants_with(user, Noun.ORG, EDIT) if one.tree_id is not None}
        if len(own) == 1:
            root: OrgUnit = OrgUnit.objects.get(tree_id=own.pop(), parent=None)
            return root, None
        return None, None

    def _unit(
        self, row: Row, user: Any, street: OrgUnit | None, district: Region | None
    ) -> Unit | None:
        units = Unit.objects.visible_to(user, EDIT).select_related("street", "district")
        if row.has(ID):
            unit: Unit = record_of(units, row[ID])
            return unit
        if street is None and district is None:
            raise ValidationError({"street": "请填写服务街道（社区），或所属区县代码。"})
        where = {"street": street} if street else {"street": None, "district": district}
        return units.filter(name=row["name"], **where).first()
