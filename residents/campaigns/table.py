"""下沉干部 by Excel or pasted: two hundred people in one go (海恒: 235)."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from gridparty.lib.masking import mask_name, mask_phone
from gridparty.lib.text import squash
from grids.services.people import find_or_add_person
from grids.tables.lookups import find_grid
from orgs.roles import CREATE, SEES, Noun
from orgs.tables.base import ID, NUMBER, Column, Outcome, Row, Table
from orgs.tables.cells import CellError, is_masked, read_date
from orgs.tables.lookups import UNKNOWN, find_org, find_unit, record_of
from residents.models import Campaign, Deployment, TaskKind
from residents.services.deployments import deploy, end_deployment


def read_tasks(text: str) -> list[str]:
    """Return the task codes of 政策宣传、人员摸排 …"""
    labels = {squash(label): str(value) for value, label in TaskKind.choices}
    words = [squash(word) for word in text.replace("，", "、").replace(",", "、").split("、")]
    unknown = [word for word in words if word and word not in labels]
    if unknown:
        raise CellError(f"没有这种任务，可以填：{'、'.join(TaskKind.labels)}，几项用顿号隔开。")
    return [labels[word] for word in words if word]


class DeploymentTable(Table):
    kind, title, noun, letters = "deployments", "下沉干部", Noun.CAMPAIGN, CREATE
    columns = (
        NUMBER,
        Column("name", "姓名", required=True, width=10, mask=mask_name, example="张示范"),
        Column("phone", "联系电话", ("手机号",), width=14, mask=mask_phone, help="有同名的人时必填。"),
        Column("unit", "派出单位", ("工作单位",), width=26, help="已登记的单位。和派出党组织填一个。",
               example="示范区城市管理局"),
        Column("org", "派出党组织", width=26, help="名称，或从上到下用 / 隔开的路径。"),
        Column("grid", "下沉网格", ("网格", "网格编码"), required=True, width=18,
               help="15 位网格编码，或范围里唯一的网格名称。", example="349901001001001"),
        Column("tasks", "任务", ("任务类型",), required=True, width=30,
               help=f"可以填：{'、'.join(TaskKind.labels)}，几项用顿号隔开。", example="政策宣传、人员摸排"),
        Column("start", "开始日期", width=12, help="不填就是今天。", example="2026-01-01"),
        Column("end", "结束日期", width=12, help="没有定可以不填。"),
        Column("campaign", "专项排查", width=24, help="只参加某一次排查时填它的名称。"),
        Column("note", "备注", width=20),
    )  # fmt: skip
    notes = ("已登记的人只能改结束日期；换网格请结束这一行，另起一行。",)

    def key(self, row: Row) -> str:
        return row[ID] or "/".join(row[name] for name in ("name", "phone", "grid", "start"))

    def rows(self, user: Any) -> Iterator[Sequence[str]]:
        mine = Deployment.objects.visible_to(user, CREATE).in_force(timezone.localdate())
        for one in mine.for_list():
            yield [
                str(one.pk), one.person.name, one.person.masked_phone,
                one.from_unit.name if one.from_unit else "",
                one.from_org.name if one.from_org else "", one.grid.code, one.task_labels,
                f"{one.start:%Y-%m-%d}", f"{one.end:%Y-%m-%d}" if one.end else "",
                one.campaign.name if one.campaign else "", one.note,
            ]  # fmt: skip

    def write(self, row: Row, user: Any) -> Outcome:
        grid = find_grid(row["grid"], user, Noun.CAMPAIGN, CREATE)
        tasks = row.read("tasks", read_tasks, [])
        start = row.read("start", read_date, timezone.localdate())
        end = row.read("end", read_date)
        known = self._known(row, user, grid, start)
        if known is not None:
            if known.person.name != row["name"] or known.grid_id != grid.pk:
                raise ValidationError({"id": "换人、换网格请结束这一行，另起一行。"})
            if sorted(tasks) != sorted(known.tasks):
                raise ValidationError({"tasks": "任务变了，请结束这一行，另起一行。"})
            if end is None or end == known.end:
                return Outcome.UNCHANGED
            end_deployment(deployment=known, end=end, by=user)
            return Outcome.UPDATE
        person = find_or_add_person(
            name=row["name"], phone=row["phone"], street=grid.street, by=user
        )
        deploy(
            person=person, grid=grid, tasks=tasks, start=start, end=end, by=user,
            from_unit=find_unit(row["unit"], user, "unit") if row.has("unit") else None,
            from_org=find_org(row["org"], user, SEES, "org") if row.has("org") else None,
            campaign=self._campaign(row, user), note=row.text("note"),
        )  # fmt: skip
        return Outcome.CREATE

    def _known(self, row: Row, user: Any, grid: Any, start: Any) -> Deployment | None:
        mine = Deployment.objects.visible_to(user, CREATE).select_related("person", "grid")
        if row.has(ID):
            found: Deployment = record_of(mine, row[ID])
            return found
        if is_masked(row["phone"]):
            raise ValidationError({"phone": "这一格打了星号，请填完整，或保留编号列。"})
        return mine.filter(grid=grid, person__name=row["name"], start=start).first()

    def _campaign(self, row: Row, user: Any) -> Campaign | None:
        if not row.has("campaign"):
            return None
        found = Campaign.objects.visible_to(user).open().filter(name=row["campaign"])[:2]
        if not found:
            raise ValidationError({"campaign": f"进行中的专项排查{UNKNOWN}"})
        return found[0]
