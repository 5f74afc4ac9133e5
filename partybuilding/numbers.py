"""报告数字: what a report about a place counts, live and as the reader sees it, each with its list.

A reader who may see only statistics of something gets the count by street instead of the list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone

from councils.models import Council, Meeting, Topic
from grids.catalog import GridKind
from grids.models import Grid
from orgs.levels import Tier
from orgs.models import OrgUnit, PartyMember, Unit
from orgs.roles import SEES, STATS, Noun
from orgs.scope import can
from partybuilding.catalog import LOCAL_UNITS, SUPPORT
from partybuilding.models import FundAllocation, PolicyPaper, Training, TrainingAttendance
from partybuilding.querysets.terms import LED, posts_seen
from partybuilding.scope import is_staff
from residents.models import CorridorHead, Deployment
from volunteers.catalog import ActivityKind
from volunteers.models import Activity, Project, Team
from volunteers.scope import area_q

Rows = Callable[[Any, str, date], Any]


@dataclass(frozen=True)
class Number:
    """`rows(user, letters, day)` is what is counted; `street` leads from a row to its tree's id."""

    code: str
    group: str
    label: str
    unit: str
    noun: str
    rows: Rows
    page: str
    query: str = ""
    street: str = "street__tree_id"
    needs: tuple[str, ...] = ()  # further nouns the list asks for
    distinct: str = ""  # count the different values of this column
    staff: bool = False  # the list is for people with a territory in Party work
    bare: bool = False  # no list has one row for each that is counted: shown without a link

    @property
    def splits(self) -> bool:
        """Whether counts by street add up to it."""
        return bool(self.street) and not self.distinct


@dataclass(frozen=True)
class Counted:
    """A number as one reader sees it; `url` is its list, `split` its counts by street, if any."""

    code: str
    label: str
    value: Any
    unit: str
    url: str
    split: str


def _grids(kind: str = "") -> Rows:
    def rows(user: Any, letters: str, day: date) -> Any:
        found = Grid.objects.visible_to(user).live()
        return found.filter(kind=kind) if kind else found

    return rows


def _orgs(tier: int) -> Rows:
    def rows(user: Any, letters: str, day: date) -> Any:
        return OrgUnit.objects.visible_to(user).active().filter(tier=tier)

    return rows


def _activities(kind: str = "") -> Rows:
    def rows(user: Any, letters: str, day: date) -> Any:
        found = Activity.objects.visible_to(user, letters).held()
        return found.filter(kind=kind) if kind else found

    return rows


def _leaders(user: Any, letters: str, day: date) -> Any:
    return posts_seen(user, day).filter(org_unit__tier__in=LED)


def _members(user: Any, letters: str, day: date) -> Any:
    orgs = OrgUnit.objects.visible_to(user).active().values("pk")
    return PartyMember.objects.filter(org_unit__in=orgs, left_on=None)


def _heads(user: Any, letters: str, day: date) -> Any:
    return CorridorHead.objects.visible_to(user, letters).in_duty(day)


def _came(user: Any, letters: str, day: date) -> Any:
    trainings = Training.objects.visible_to(user).values("pk")
    return TrainingAttendance.objects.filter(training__in=trainings)


def _projects(user: Any, letters: str, day: date) -> Any:
    rows = Project.objects
    return rows.visible_to(user) if letters == SEES else rows.filter(area_q(user, letters))


def _partners(user: Any, letters: str, day: date) -> Any:
    return Unit.objects.visible_to(user).filter(is_active=True, kind__in=LOCAL_UNITS)


_ORG, _TEAM, _HELP, _TALK, _MEANS = "组织", "队伍", "志愿服务", "议事协商", "教育和保障"
_N = Noun
NUMBERS: tuple[Number, ...] = (
    Number("grids", _ORG, "网格", "个", _N.GRID, _grids(), "grids:list"),
    *(
        Number(f"grids_{kind}", _ORG, f"其中{kind.label}", "个", _N.GRID, _grids(kind),
               "grids:list", f"kind={kind}")
        for kind in GridKind
    ),
    *(
        Number(code, _ORG, label, "个", _N.ORG, _orgs(tier), "partybuilding:terms",
               f"tier={tier.value}", "tree_id", staff=True)
        for code, label, tier in (
            ("communities", "社区党组织", Tier.COMMUNITY), ("branches", "网格党支部", Tier.BRANCH),
            ("groups", "党小组", Tier.GROUP),
        )
    ),
    Number("members", _ORG, "党员", "名", _N.ORG, _members, "", street="org_unit__tree_id"),
    Number("leaders", _TEAM, "支部班子成员和党小组长", "名", _N.ORG, _leaders,
           "partybuilding:posts", "tier=34", "org_unit__tree_id", staff=True),
    Number("heads", _TEAM, "在任红色楼道长", "名", _N.HEAD, _heads, "residents:heads",
           "show=duty", needs=(_N.RESIDENT,)),
    Number("deployed", _TEAM, "下沉党员干部", "人次", _N.CAMPAIGN,
           lambda user, letters, day: Deployment.objects.visible_to(user),
           "residents:deployments", "when=all", "grid__street__tree_id"),
    Number("teams", _HELP, "志愿服务队", "支", _N.VOLUNTEER,
           lambda user, letters, day: Team.objects.visible_to(user, letters).active(),
           "volunteers:teams"),
    Number("services", _HELP, "开展服务", "次", _N.VOLUNTEER, _activities(),
           "volunteers:activities", "when=held"),
    *(
        Number(kind.value, _HELP, f"其中{kind.label}", "次", _N.VOLUNTEER, _activities(kind),
               "volunteers:activities", f"when=held&kind={kind}")
        for kind in (ActivityKind.POLICY, ActivityKind.CLEAN, ActivityKind.AID)
    ),
    Number("projects", _HELP, "服务项目", "个", _N.VOLUNTEER,
           _projects, "volunteers:projects", "status=all"),
    Number("categories", _HELP, "项目类别", "类", _N.VOLUNTEER,
           _projects, "", distinct="category", bare=True),
    Number("partners", _HELP, "驻区企事业单位", "家", _N.PARTY, _partners, "partybuilding:partners",
           "kind=local", "", staff=True),
    Number("councils", _TALK, "议事机构", "个", _N.TOPIC,
           lambda user, letters, day: Council.objects.visible_to(user).standing(),
           "councils:councils"),
    Number("meetings", _TALK, "召开议事会", "次", _N.TOPIC,
           lambda user, letters, day: Meeting.objects.visible_to(user).held(),
           "councils:meetings", "show=held", "council__street__tree_id"),
    Number("units", _TALK, "参加单位", "家", _N.TOPIC,
           lambda user, letters, day: Meeting.objects.visible_to(user).units(),
           "councils:units", street=""),
    Number("hot", _TALK, "解决热难点问题", "个", _N.TOPIC,
           lambda user, letters, day: Topic.objects.visible_to(user).solved().filter(hot=True),
           "councils:topics", "show=solved&hot=1"),
    Number("trainings", _MEANS, "教育培训", "次", _N.PARTY,
           lambda user, letters, day: Training.objects.visible_to(user),
           "partybuilding:trainings", "every=on"),
    Number("trained", _MEANS, "培训人次", "人次", _N.PARTY, _came, "",
           street="training__street__tree_id", bare=True),
    Number("trained_people", _MEANS, "参加培训的人（不重复）", "人", _N.PARTY, _came,
           "partybuilding:training_people", "every=on", "", distinct="person"),
    Number("papers", _MEANS, "政策文件", "份", _N.PARTY,
           lambda user, letters, day: PolicyPaper.objects.visible_to(user), "partybuilding:papers",
           street="", staff=True),
)  # fmt: skip
MONEY = (
    ("support", "活动和阵地经费", tuple(SUPPORT)),
    ("grid_subsidy", "网格工作补贴", ("grid_subsidy",)),
)


def number_of(code: str) -> Number | None:
    return next((one for one in NUMBERS if one.code == code), None)


def letters_of(user: Any, number: Number) -> str:
    """What of the number is for the user: the rows, their count only, or nothing ("")."""
    if can(user, number.noun, SEES):
        return SEES
    return STATS if can(user, number.noun, STATS) else ""


def count_of(user: Any, number: Number, letters: str, day: date) -> int:
    rows = number.rows(user, letters, day).order_by()
    if number.distinct:
        rows = rows.values(number.distinct).distinct()
    found: int = rows.count()
    return found


def _opens(user: Any, number: Number, letters: str) -> bool:
    """Whether the user may open the very list."""
    return (
        letters == SEES
        and bool(number.page)
        and all(can(user, noun, SEES) for noun in number.needs)
        and (not number.staff or is_staff(user))
    )


def groups_for(user: Any) -> list[tuple[str, list[Counted]]]:
    """Return (group, its numbers) as the user sees them; two queries a number at the most."""
    day = timezone.localdate()
    found: dict[str, list[Counted]] = {}
    for one in NUMBERS:
        letters = letters_of(user, one)
        if not letters:
            continue
        split = reverse("partybuilding:number", args=[one.code]) if one.splits else ""
        url = "" if one.bare else split
        if _opens(user, one, letters):
            url = reverse(one.page) + (f"?{one.query}" if one.query else "")
        if not url and not one.bare:
            continue
        value = count_of(user, one, letters, day)
        found.setdefault(one.group, []).append(
            Counted(one.code, one.label, value, one.unit, url, split)
        )
    if can(user, Noun.FUND, SEES):
        found.setdefault(_MEANS, []).extend(_money(user))
    return list(found.items())


def _money(user: Any) -> list[Counted]:
    mine = FundAllocation.objects.visible_to(user)
    return [
        Counted(
            code, label, mine.filter(purpose__in=purposes).aggregate(a=Sum("amount"))["a"] or 0,
            "万元", f"{reverse('partybuilding:funds')}?purpose={code}", "",
        )
        for code, label, purposes in MONEY
    ]  # fmt: skip


def by_street(user: Any, number: Number, letters: str, day: date) -> list[tuple[OrgUnit, int]]:
    """Return (root of the tree, count): the parts add up to the number."""
    rows = number.rows(user, letters, day).order_by().values(number.street)
    counts = dict(rows.annotate(n=Count("pk")).values_list(number.street, "n"))
    roots = OrgUnit.objects.filter(Q(parent=None), tree_id__in=counts).order_by("tree_id")
    return [(root, counts[root.tree_id]) for root in roots]
