"""党组织 by Excel: set up, rename, move. Parents first, in the same file or already there."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from orgs import services
from orgs.levels import CoverageKind, OrgForm, Tier
from orgs.models import OrgUnit
from orgs.roles import EDIT, SEES, Noun
from orgs.tables.base import ID, NUMBER, Column, Outcome, Row, Table
from orgs.tables.cells import read_choice, read_date
from orgs.tables.lookups import find_org, path_of, record_of

TIERS = [(str(value), str(label)) for value, label in Tier.choices]


class OrganisationTable(Table):
    kind, title, noun, letters = "organisations", "党组织", Noun.ORG, EDIT
    columns = (
        NUMBER,
        Column("parent", "上级组织", ("上级党组织",), width=36,
               help="名称，或从上到下用 / 隔开的路径。", example="示范街道党工委/示范社区党委"),
        Column("name", "名称", ("组织名称", "党组织名称"), required=True, width=28, example="示范第一网格党支部"),
        Column("tier", "层级", required=True, choices=tuple(Tier.labels), example="网格支部级"),
        Column("org_form", "组织形式", ("形式",), required=True, choices=tuple(OrgForm.labels), example="党支部"),
        Column("coverage_kind", "覆盖范围", choices=tuple(CoverageKind.labels), help="党小组填写。"),
        Column("established_on", "成立日期", width=12, example="2021-07-01"),
    )  # fmt: skip
    notes = (
        "上级写在前面，下级写在后面；同一个文件里可以先设上级再设下级。",
        "撤销、合并、分设不能用表格，请在组织页面上办。",
    )
    batch = None

    def key(self, row: Row) -> str:
        return row[ID] or f"{row['parent']}/{row['name']}"

    def rows(self, user: Any) -> Iterator[Sequence[str]]:
        names: dict[int, str] = {}
        nodes = OrgUnit.objects.visible_to(user, SEES).active().order_by("tree_id", "lft")
        for node in nodes.select_related("parent__parent__parent"):
            yield [
                str(node.pk), path_of(node.parent, names) if node.parent else "", node.name,
                node.get_tier_display(), node.get_org_form_display(),
                node.get_coverage_kind_display(),
                f"{node.established_on:%Y-%m-%d}" if node.established_on else "",
            ]  # fmt: skip

    def write(self, row: Row, user: Any) -> Outcome:
        tier = int(row.read("tier", lambda text: read_choice(text, TIERS, what="层级"), "0"))
        form = row.read(
            "org_form", lambda text: read_choice(text, OrgForm.choices, what="组织形式"), ""
        )
        parent = self._parent(row, user)
        node = self._node(row, user, parent)
        coverage = row.read(
            "coverage_kind", lambda text: read_choice(text, CoverageKind.choices, what="覆盖范围"),
            node.coverage_kind if node else "",
        )  # fmt: skip
        founded = row.read("established_on", read_date, node.established_on if node else None)
        if node is None:
            services.add_org_unit(
                parent=parent, name=row["name"], tier=tier, org_form=form, by=user,
                coverage_kind=coverage, established_on=founded, reason="表格导入",
            )  # fmt: skip
            return Outcome.CREATE
        if node.tier != tier:
            raise ValidationError({"tier": "层级不能用表格改，请撤销后另设。"})
        changed = Outcome.UNCHANGED
        if parent is not None and node.parent_id != parent.pk:
            node = services.move(node=node, parent=parent, by=user, reason="表格导入")
            changed = Outcome.UPDATE
        now = (node.name, node.org_form, node.coverage_kind, node.established_on)
        if now != (row["name"], form, coverage, founded):
            services.rename(
                node=node, name=row["name"], org_form=form, coverage_kind=coverage,
                established_on=founded, by=user, reason="表格导入",
            )  # fmt: skip
            changed = Outcome.UPDATE
        return changed

    def _parent(self, row: Row, user: Any) -> OrgUnit | None:
        return find_org(row["parent"], user, SEES, "parent") if row.has("parent") else None

    def _node(self, row: Row, user: Any, parent: OrgUnit | None) -> OrgUnit | None:
        nodes = OrgUnit.objects.visible_to(user, SEES).active().select_related("parent")
        if row.has(ID):
            node: OrgUnit = record_of(nodes, row[ID])
            return node
        return nodes.filter(parent=parent, name=row["name"]).first() if parent else None
