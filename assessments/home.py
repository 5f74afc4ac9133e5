"""What needs me now: one sentence each, with a count that equals its list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.urls import reverse

from assessments.models import Appeal, Bulletin, Doubt, QuarterAssessment
from assessments.workflow import BulletinStatus
from cases.filters import CaseFilter
from cases.models import Accountability, Case, CaseTask, EffectReview, ExternalOrder, Revisit
from cases.scope import streets_served
from cases.upper_querysets import upper_grants
from councils.models import Meeting, Topic
from councils.workflow import Status as TopicStatus
from gridparty.lib.china_time import local_date
from grids.models import Grid
from orgs.models import ImportJob
from orgs.roles import APPROVE, CREATE, EDIT, GRID_ROLES, SEES, VIEW, Noun, Role
from orgs.scope import can, grants_with, has_role
from orgs.workdays import work_calendar
from partybuilding.waiting import waiting_for as party_waiting_for
from residents.campaigns.states import State as RoundState
from residents.models import CampaignDoor, CareSuggestion, CareTag, ChangeRequest, VisitCheck
from residents.visit_querysets import REVIEWERS
from volunteers.waiting import waiting_for

PHONE_ROLES = frozenset(
    {
        Role.GRID_HEAD,
        Role.GRID_WORKER_FT,
        Role.GRID_WORKER_PT,
        Role.POLICE_CONTACT,
        Role.GRID_INFORMANT,
        Role.GROUP_LEADER,
        Role.CORRIDOR_HEAD,
        Role.VOLUNTEER,
        Role.DEPT_HANDLER,
    }
)


@dataclass(frozen=True)
class Todo:
    """One sentence with its count and the list behind it; `level` is a light or ""."""

    sentence: str
    count: int
    url: str
    icon: str
    level: str = ""


def case_page(user: Any) -> str:
    """Return the name of the case list this user works with: phone or desk."""
    return "cases:mine" if has_role(user, *PHONE_ROLES) else "cases:desk"


def todos(user: Any, now: datetime) -> list[Todo]:
    """Return what waits for the user, most urgent first; nothing that counts zero."""
    found = [todo for rule in RULES for todo in rule(user, now) if todo.count]
    return sorted(found, key=lambda todo: ("red", "yellow", "").index(todo.level))


def _cases(user: Any, now: datetime) -> list[Todo]:
    if not can(user, Noun.CASE, EDIT):
        return []
    mine = Case.objects.visible_to(user)
    waiting, late = CaseFilter(mine=True), CaseFilter(mine=True, light="red")
    page = case_page(user)
    return [
        Todo("件事项等您办理", waiting.apply(mine, user=user, now=now).count(),
             waiting.url(page), "clipboard-check"),
        Todo("件等您办理的事项已超时", late.apply(mine, user=user, now=now).count(),
             late.url(page), "alarm", "red"),
    ]  # fmt: skip


def _orders(user: Any, now: datetime) -> list[Todo]:
    """Orders of other systems: those without a grid, and answers not handed back."""
    if not streets_served(user):
        return []
    orders, page = ExternalOrder.objects.visible_to(user), reverse("cases:orders")
    return [
        Todo("件外部工单等您定位到网格", orders.waiting().count(), f"{page}?tab=waiting",
             "geo-alt", "yellow"),
        Todo("件外部工单已办结，等您回传答复", orders.to_hand_back().count(),
             f"{page}?tab=answered", "upload"),
    ]  # fmt: skip


def _overdue(user: Any, now: datetime) -> list[Todo]:
    if not has_role(user, Role.STREET_ADMIN, Role.DISPATCHER, Role.DISTRICT_OFFICIAL):
        return []
    late = CaseFilter(light="overdue")
    count = late.apply(Case.objects.visible_to(user), now=now).count()
    return [Todo("件事项办理超时，可以催办、督办", count, late.url(), "exclamation-diamond", "red")]


def _reports(user: Any, now: datetime) -> list[Todo]:
    if can(user, Noun.CASE, EDIT) or not can(user, Noun.CASE, CREATE):
        return []
    count = Case.objects.visible_to(user).reported_by(user).open().count()
    return [Todo("件您上报的事项正在办理", count, reverse("cases:mine"), "clipboard-check")]


def _revisits(user: Any, now: datetime) -> list[Todo]:
    if not can(user, Noun.REVISIT, EDIT + APPROVE):
        return []
    address, seen = reverse("cases:revisits"), Revisit.objects.visible_to(user)
    undecided = seen.undecided()
    late = undecided.filter(decision_due_at__lt=now).exists()
    return [
        Todo("件事项等您回访", seen.pending_for(user).count(), address, "telephone", "yellow"),
        Todo("件回访不满意或没解决，等着决定重新办理还是解释", undecided.count(), f"{address}?tab=bad",
             "arrow-clockwise", "red" if late else "yellow"),
    ]  # fmt: skip


def _whistles(user: Any, now: datetime) -> list[Todo]:
    """The whistle-blower scores whom it called."""
    if not has_role(user, Role.STREET_ADMIN, Role.DISPATCHER):
        return []
    count = CaseTask.objects.visible_to(user).to_score().count()
    return [
        Todo(
            "个部门等您评分（吹哨报到）",
            count,
            f"{reverse('cases:whistles')}?what=to_score",
            "broadcast",
        )
    ]


def _accounts(user: Any, now: datetime) -> list[Todo]:
    """What the clock has proposed waits for the upper level's word."""
    if not upper_grants(user, EDIT):
        return []
    waiting = Accountability.objects.visible_to(user, EDIT).filter(state="proposed").count()
    address = f"{reverse('cases:accounts')}?state=proposed"
    return [Todo("件事项建议问责，等您决定", waiting, address, "exclamation-diamond", "red")]


def _effects(user: Any, now: datetime) -> list[Todo]:
    """Closed cases whose second look is due: the community's."""
    if not has_role(user, Role.COMMUNITY_STAFF, Role.COMMUNITY_SECRETARY):
        return []
    count = EffectReview.objects.visible_to(user).due(local_date(now)).count()
    return [Todo("件销号的事项要跟踪核查", count, reverse("cases:effects"), "check2-square")]


def _imports(user: Any, now: datetime) -> list[Todo]:
    if not can(user, Noun.RESIDENT, CREATE):
        return []
    waiting = ImportJob.objects.filter(uploaded_by=user, state=ImportJob.State.PREVIEWED)
    count = waiting.filter(kind="roster").count()
    return [Todo("个花名册已检查完，等您确认导入", count, reverse("residents:imports"), "upload")]


def _tables(user: Any, now: datetime) -> list[Todo]:
    waiting = ImportJob.objects.filter(uploaded_by=user, state=ImportJob.State.PREVIEWED)
    count = waiting.filter(kind__startswith="table.").count()
    return [Todo("张基础表已检查完，等您确认导入", count, reverse("orgs:tables"), "upload")]


def _campaigns(user: Any, now: datetime) -> list[Todo]:
    """Doors to knock at, for those with a grid and for those sent into one."""
    doors = CampaignDoor.objects.visible_to(user, EDIT).waiting()
    doors = doors.filter(campaign__state=RoundState.OPEN, campaign__starts_on__lte=local_date(now))
    names = doors.order_by("-campaign").values_list("campaign", "campaign__name")
    return [
        Todo(f"户待上门：{name}", count, reverse("residents:campaign_work", args=[pk]), "door-open")
        for pk, name, count in names.annotate(count=Count("pk"))
    ]


def _care(user: Any, now: datetime) -> list[Todo]:
    """Workers are told whom to visit today; those above them what has been missed."""
    if not can(user, Noun.CARE, SEES):
        return []
    today, address = local_date(now), reverse("residents:care")
    tags = CareTag.objects.visible_to(user)
    if not has_role(user, *GRID_ROLES):
        return [
            Todo("位重点人员超期没有走访", tags.overdue(today).count(), f"{address}?due=overdue",
                 "heart", "yellow")
        ]  # fmt: skip
    late = tags.overdue(today).for_worker(user).count()
    return [
        Todo("位重点人员今天该走访", tags.due(today).for_worker(user).count(),
             f"{address}?due=today&who=mine", "heart", "red" if late else "yellow")
    ]  # fmt: skip


def _found_at_doors(user: Any, now: datetime) -> list[Todo]:
    """What visits and the register bring up, for those who decide it."""
    found = []
    if has_role(user, *REVIEWERS):
        count = ChangeRequest.objects.visible_to(user).pending().count()
        found.append(Todo("条登记变更等您审核", count, reverse("residents:changes"), "pencil"))
        checks = VisitCheck.objects.visible_to(user).pending_for(user).count()
        found.append(
            Todo("次走访等您回访抽查", checks, reverse("residents:visit_checks"), "telephone")
        )
    if can(user, Noun.CARE, EDIT):
        count = CareSuggestion.objects.visible_to(user).waiting().count()
        found.append(
            Todo("条重点人群线索等您核实", count, reverse("residents:suggestions"), "person-plus")
        )
    return found


def _councils(user: Any, now: datetime) -> list[Todo]:
    """What waits in the councils, for those who may move a topic on."""
    if not can(user, Noun.TOPIC, EDIT):
        return []
    day, page = local_date(now), reverse("councils:topics")
    topics = Topic.objects.visible_to(user, EDIT)
    meetings = Meeting.objects.visible_to(user, EDIT)
    return [
        Todo("个议题等您审题",
             Topic.objects.visible_to(user, APPROVE).filter(status=TopicStatus.COLLECTING).count(),
             f"{page}?status=collecting", "chat-left-text"),
        Todo("个决议公示期满，等您组织实施", topics.announced_out(day).count(), f"{page}?show=out",
             "award", "yellow"),
        Todo("个议题有任务超期", topics.with_late_tasks(day).count(), f"{page}?show=late", "alarm",
             "red"),
        Todo("个办结的议题该回看有没有反弹", topics.to_look_again(day).count(),
             f"{page}?show=look", "eye", "yellow"),
        Todo("次议事例会应开未开", meetings.late(day).count(),
             f"{reverse('councils:meetings')}?show=late", "calendar-x", "yellow"),
    ]  # fmt: skip


def _gaps(user: Any, now: datetime) -> list[Todo]:
    if not can(user, Noun.GRID, EDIT) or has_role(user, Role.GRID_HEAD):
        return []
    grids = Grid.objects.visible_to(user)
    address = reverse("grids:list")
    return [
        Todo("个网格还没有党支部", grids.without_branch().count(), f"{address}?gap=branch",
             "diagram-3", "yellow"),
        Todo("个网格还没有网格长", grids.without_head(local_date(now)).count(),
             f"{address}?gap=head", "person-x", "yellow"),
    ]  # fmt: skip


def _calendar(user: Any, now: datetime) -> list[Todo]:
    """From November on the next year's holidays are published; until entered, clocks guess."""
    today = local_date(now)
    years = [today.year, today.year + 1] if today.month >= 11 else [today.year]
    if not has_role(user, Role.SYSADMIN):
        return []
    calendar = work_calendar()
    missing = [year for year in years if not calendar.knows_year(year)]
    names = "、".join(f"{year} 年" for year in missing)
    return [
        Todo(f"个年度的节假日安排未录入（{names}），时限暂按周一至周五计算", len(missing),
             reverse("admin:orgs_workdayoverride_changelist"), "calendar-x", "yellow")
    ]  # fmt: skip


def _bulletins(user: Any, now: datetime) -> list[Todo]:
    """Drafts wait for whoever issues them."""
    if not can(user, Noun.ASSESSMENT, APPROVE):
        return []
    count = Bulletin.objects.visible_to(user, APPROVE).filter(status=BulletinStatus.DRAFT).count()
    return [Todo("份月度通报已起草，等您审核发布", count, f"{reverse('assessments:bulletins')}?status=draft",
                 "megaphone", "yellow")]  # fmt: skip


def _assessments(user: Any, now: datetime) -> list[Todo]:
    if not can(user, Noun.ASSESSMENT, VIEW):
        return []
    waiting = QuarterAssessment.objects.visible_to(user).waiting_for(user)
    here = reverse("assessments:quarters")
    found = [
        Todo("个网格的季度考核等您处理", many, f"{here}?quarter={quarter}&mine=on", "award", "yellow")
        for quarter, many in waiting.order_by().values_list("quarter").annotate(Count("pk"))
    ]  # fmt: skip
    if can(user, Noun.ASSESSMENT, EDIT):
        appeals = Appeal.objects.visible_to(user, EDIT).open().count()
        found.append(
            Todo(
                "件考核申诉等您答复",
                appeals,
                reverse("assessments:appeals"),
                "chat-left-text",
                "red",
            )
        )
    return found


def _volunteering(user: Any, now: datetime) -> list[Todo]:
    return [
        Todo(one.sentence, one.count, one.url, one.icon, one.level)
        for one in (*waiting_for(user, now), *party_waiting_for(user, now))
    ]


def _doubts(user: Any, now: datetime) -> list[Todo]:
    if not can(user, Noun.ASSESSMENT, APPROVE + EDIT):
        return []
    waiting = Doubt.objects.visible_to(user).waiting_for(user).count()
    url = f"{reverse('assessments:doubts')}?mine=on"
    return [Todo("个疑点等您说明或核查", waiting, url, "question-circle", "yellow")]


RULES: tuple[Callable[[Any, datetime], list[Todo]], ...] = (
    _cases, _orders, _overdue, _reports, _revisits, _whistles, _accounts, _effects, _care, _found_at_doors, _imports,
    _tables, _campaigns, _councils, _volunteering, _gaps, _calendar, _bulletins, _assessments,
    _doubts,
)  # fmt: skip


@dataclass(frozen=True)
class Shortcut:
    label: str
    url: str
    icon: str
    primary: bool = False


def shortcuts(user: Any) -> list[Shortcut]:
    """Return the pages this user opens most, by capability."""
    wanted = (
        ("上报事项", "cases:report", "camera", can(user, Noun.CASE, CREATE)),
        ("事项", case_page(user), "clipboard-check", can(user, Noun.CASE, VIEW)),
        ("居民", "residents:households", "people", can(user, Noun.RESIDENT, "VM")),
        ("走访", "residents:tasks", "door-open", can(user, Noun.RESIDENT, CREATE)),
        ("重点人群", "residents:care", "heart", can(user, Noun.CARE, SEES)),
        ("花名册导入", "residents:imports", "upload", can(user, Noun.RESIDENT, CREATE)),
        ("回访", "cases:revisits", "telephone", can(user, Noun.REVISIT, EDIT + VIEW)),
        ("党建", "partybuilding:start", "flag-fill", can(user, Noun.PARTY, SEES)),
        ("议事", "councils:topics", "chat-left-text", can(user, Noun.TOPIC, SEES)),
        ("志愿", "volunteers:activities", "heart", can(user, Noun.VOLUNTEER, SEES)),
        ("网格", "grids:list", "grid-3x3-gap", can(user, Noun.GRID, VIEW)),
        ("组织", "orgs:tree", "diagram-3", can(user, Noun.ORG, VIEW)),
        ("看板", "assessments:dashboard", "bar-chart",
         can(user, Noun.ASSESSMENT, VIEW) and can(user, Noun.CASE, VIEW)),
        ("考核", "assessments:quarters", "award", can(user, Noun.ASSESSMENT, VIEW)),
        ("管理后台", "admin:index", "gear", user.may_use_admin),
    )  # fmt: skip
    return [
        Shortcut(label, reverse(name), icon, name == "cases:report")
        for label, name, icon, allowed in wanted
        if allowed
    ] + [
        Shortcut("单位看板", reverse("assessments:unit_board", args=[grant.unit_id]), "bar-chart")
        for grant in grants_with(user, Noun.PARTY, SEES)
        if grant.unit_id is not None
    ]
