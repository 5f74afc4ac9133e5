"""Deployments (下沉干部): send a person into a grid, call them back."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q

from grids.catalog import GridStatus
from grids.models import Grid
from grids.scope import territory_q
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import OrgUnit, Person, Unit, User
from orgs.roles import CREATE, Noun
from orgs.scope import refusal
from residents.campaigns.area import households_of
from residents.models import Campaign, Deployment, TaskKind

describe_actions(deployment__start="下沉到网格", deployment__end="结束下沉")


@transaction.atomic
def deploy(
    *,
    person: Person,
    grid: Grid,
    tasks: Sequence[str],
    start: date,
    by: User | None,
    end: date | None = None,
    from_unit: Unit | None = None,
    from_org: OrgUnit | None = None,
    campaign: Campaign | None = None,
    note: str = "",
) -> Deployment:
    """Send a person from a unit or a Party organisation into a grid.

    ValidationError: closed grid, no or two origins, no task, bad dates, already there in this
    period, or a campaign that does not go to this grid.
    """
    grid = Grid.objects.select_for_update().get(pk=grid.pk)
    _require_reach(grid, by)
    if grid.status == GridStatus.CLOSED:
        raise ValidationError({"grid": "这个网格已经撤销，不能下沉人员。"})
    if (from_unit is None) == (from_org is None):
        raise ValidationError("派出单位和派出党组织请填一个，只填一个。", code="origin")
    kinds = [kind.value for kind in TaskKind if kind in tasks]
    if not kinds or len(kinds) < len(set(tasks)):
        raise ValidationError({"tasks": f"任务请从这几项里选：{'、'.join(TaskKind.labels)}。"})
    if end is not None and end < start:
        raise ValidationError({"end": "结束日期不能早于开始日期。"})
    if person.died_on is not None:
        raise ValidationError("此人已登记死亡，不能安排。", code="died")
    _require_new(person, grid, start, end)
    if campaign is not None and not households_of(campaign).filter(grid=grid).exists():
        raise ValidationError({"campaign": "这次排查不涉及所选网格。"})
    made = Deployment.objects.create(
        person=person, grid=grid, tasks=kinds, start=start, end=end, from_unit=from_unit,
        from_org=from_org, campaign=campaign,
        note=one_line(note, label="备注", longest=100, required=False),
    )  # fmt: skip
    _tell("deployment.start", made, by)
    return made


@transaction.atomic
def end_deployment(*, deployment: Deployment, end: date, by: User | None) -> Deployment:
    """End a deployment; `end` is the last day in the grid."""
    deployment = Deployment.objects.select_for_update(of=("self",)).get(pk=deployment.pk)
    if deployment.end is not None and deployment.end <= end:
        raise ValidationError(f"已于 {deployment.end:%Y-%m-%d} 结束。", code="ended")
    if end < deployment.start:
        raise ValidationError({"end": "结束日期不能早于开始日期。"})
    deployment.end = end
    deployment.save(update_fields=["end"])
    _tell("deployment.end", deployment, by)
    return deployment


def _require_reach(grid: Grid, by: User | None) -> None:
    """Whoever sends people into a grid leads campaigns there."""
    if by is None:
        return
    area = territory_q(by, Noun.CAMPAIGN, CREATE, grid="pk", building="buildings")
    if not Grid.objects.filter(area, pk=grid.pk).exists():
        raise PermissionDenied(refusal(by, Noun.CAMPAIGN, CREATE))


def _require_new(person: Person, grid: Grid, start: date, end: date | None) -> None:
    same = Deployment.objects.filter(person=person, grid=grid).exclude(end__lt=start)
    if end is not None:
        same = same.filter(Q(start__lte=end))
    if same.exists():
        raise ValidationError("此人这段时间已下沉在这个网格。", code="twice")


def _tell(action: str, deployment: Deployment, by: User | None) -> None:
    record(
        by=by, action=action, target=deployment, street=deployment.grid.street_id,
        detail={"person": deployment.person_id, "grid": deployment.grid_id},
    )  # fmt: skip
