"""项目: draft, claim by those who lead it, review by the joint conference."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gridparty.lib.periods import Quarter
from gridparty.lib.text import clean_prose, has_nul
from grids.models import Grid
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import OrgUnit, PartyMember, Person, Unit, User
from volunteers.catalog import ActivityKind
from volunteers.models import Project, ProjectCategory, ProjectReview, Team
from volunteers.scope import units_of
from volunteers.services.claims import start_needs
from volunteers.services.lives import require_side, take_step
from volunteers.services.places import columns_of, require_community
from volunteers.workflow import ProjectStatus, Who

describe_actions(project__draft="起草项目", project__edit="修改项目", project__review="季度评议")


@transaction.atomic
def draft_project(
    *, community: OrgUnit, by: User | None, grids: Sequence[Grid] = (), **facts: Any
) -> Project:
    """Write a project down: staff of the community, or a unit for itself."""
    unit = facts.get("lead_unit")
    if by is None or unit is None or unit.pk not in units_of(by):
        require_community(community, by)
    project = Project(**columns_of(community), created_by=by)
    _fill(project, **facts)
    project.save()
    project.grids.set(_grids_of(project, grids))
    record(by=by, action="project.draft", target=project, street=project.street_id)
    return project


@transaction.atomic
def edit_project(
    *, project: Project, by: User, grids: Sequence[Grid] = (), **facts: Any
) -> Project:
    """Change a project that is not over."""
    require_side(project, by, Who.STAFF, Who.UNIT, Who.LEAD)
    if project.status in (ProjectStatus.DONE, ProjectStatus.EVALUATED, ProjectStatus.STOPPED):
        raise ValidationError(f"项目{project.get_status_display()}，不能再改。")
    _fill(project, **facts)
    project.save()
    project.grids.set(_grids_of(project, grids))
    record(by=by, action="project.edit", target=project, street=project.street_id)
    return project


@transaction.atomic
def move_project(*, project: Project, name: str, by: User | None, note: str = "") -> Project:
    """Take a project along its table (claiming has a verb of its own)."""
    if name == "claim":
        raise ValidationError("认领请填写牵头人。")
    take_step(row=project, name=name, by=by, note=note)
    return project


@transaction.atomic
def claim_project(
    *, project: Project, by: User | None, person: Person, team: Team | None = None,
    unit: Unit | None = None,
) -> Project:  # fmt: skip
    """认领: somebody takes the lead; in categories that ask for it, a Party member."""
    if project.category.member_leads and not is_member(person):
        raise ValidationError({"person": f"“{project.category}”项目须由党员牵头，请选择一位党员。"})
    columns: dict[str, Any] = {"lead_person": person}
    if team is not None:
        columns["lead_team"] = team
    if unit is not None:
        columns["lead_unit"] = unit
    take_step(row=project, name="claim", by=by, **columns)
    start_needs(project, by)
    return project


@transaction.atomic
def review_project(
    *, project: Project, quarter: str, verdict: str, note: str, held_on: date, by: User | None
) -> ProjectReview:
    """Write down what the joint conference said of a project in a quarter."""
    if by is not None:
        require_side(project, by, Who.STAFF)
    try:
        Quarter.parse(quarter)
    except ValueError as error:
        raise ValidationError({"quarter": f"{error}。"}) from None
    if verdict not in ProjectReview.Verdict.values:
        raise ValidationError({"verdict": "请选择结论。"})
    if held_on > timezone.localdate():
        raise ValidationError({"held_on": "评议日期不能在今天以后。"})
    if ProjectReview.objects.filter(project=project, quarter=quarter).exists():
        raise ValidationError({"quarter": "这个季度已经评议过了。"})
    review = ProjectReview.objects.create(
        project=project, quarter=quarter, verdict=verdict, held_on=held_on, by=by,
        note=one_line(note, label="评议意见", longest=300),
    )  # fmt: skip
    record(by=by, action="project.review", target=project, street=project.street_id)
    return review


def is_member(person: Person) -> bool:
    """Whether the person is a Party member now."""
    return PartyMember.objects.filter(person=person, left_on=None).exists()


def _grids_of(project: Project, grids: Sequence[Grid]) -> list[Grid]:
    if any(grid.community_id != project.community_id for grid in grids):
        raise ValidationError({"grids": "投放网格里有别的社区的网格。"})
    return list(grids)


def _fill(
    project: Project, *, name: str, category: ProjectCategory, about: str, kind: str,
    starts_on: date, ends_on: date, brand: str = "", lead_unit: Unit | None = None,
    lead_team: Team | None = None, sessions: int = 1, target_people: int | None = None,
    budget: Decimal | None = None, funding: str = "", goal: str = "",
) -> None:  # fmt: skip
    if kind not in ActivityKind.values:
        raise ValidationError({"kind": "请选择活动类型。"})
    if ends_on < starts_on:
        raise ValidationError({"ends_on": "结束日期要晚于开始日期。"})
    if lead_team is not None and lead_team.community_id != project.community_id:
        raise ValidationError({"lead_team": "这支服务队不在本社区。"})
    if has_nul(about):
        raise ValidationError({"about": "有不可见的空字符，请删除后重新填写。"})
    project.about = clean_prose(about)
    if not project.about:
        raise ValidationError({"about": "请写明做什么。"})
    project.name = one_line(name, label="项目名称", longest=60)
    project.brand = one_line(brand, label="品牌名称", longest=40, required=False)
    project.funding = one_line(funding, label="资金来源", longest=60, required=False)
    project.goal = one_line(goal, label="目标", longest=200, required=False)
    project.category, project.kind = category, kind
    project.starts_on, project.ends_on = starts_on, ends_on
    project.lead_unit, project.lead_team = lead_unit, lead_team
    project.sessions, project.target_people, project.budget = sessions, target_people, budget
