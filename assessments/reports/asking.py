"""What is still to ask in a grid: gaps of the register and the team, each with where it is filled in."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from assessments.reports.common import Entries, with_url
from grids.models import Grid
from grids.staffing import vacancies_of
from orgs.roles import EXPORT, SEES, Noun
from orgs.scope import can
from residents.models import Household, Residency

# More than a grid can ask in a quarter; the note says that the list is cut.
MOST = 500
LACKS = (("性别", ~Q(person__gender__in=("1", "2"))), ("出生年份", Q(person__birth_year=None)),
         ("与户主关系", Q(relation="")), ("联系电话", Q(person__phone_fingerprint="")))  # fmt: skip


@dataclass(frozen=True)
class Asking:
    """`rows` are listed, `many` is how many there are, `note` says what is not among the rows."""

    rows: Entries
    many: int
    note: str


def still_to_ask(grid: Grid, user: Any, day: date, *, file: bool) -> Asking:
    """Return what lacks by home or post, doors in their order; nobody is named.

    In a file stand the homes the user may export.
    """
    posts: Entries = [
        with_url(
            {"事项": "配齐队伍", "对象": one.slot.name, "缺什么": "没有人"},
            reverse("grids:team", args=[grid.pk]),
        )
        for one in vacancies_of([grid], day)
    ]
    if not can(user, Noun.RESIDENT, SEES):
        return Asking(posts, len(posts), "您的角色看不到住户，住户要补的没有列出。")
    at = Household.objects.open().filter(grid=grid)
    listed = _lacking(at.visible_to(user, EXPORT if file else SEES))
    many = listed.count()
    notes = []
    if file and (left := _lacking(at.visible_to(user)).count() - many):
        notes.append(f"另有 {left} 户要补，您的角色不能导出住户，请在页面上看。")
    rows = [*posts, *_homes(listed)][:MOST]
    if len(posts) + many > MOST:
        notes.append(f"只列前 {MOST} 项。")
    return Asking(rows, len(posts) + many, "".join(notes))


def _lacking(homes: Any) -> Any:
    living = Residency.objects.filter(household=OuterRef("pk"), end=None).order_by()
    anything = Q()
    for _, lacks in LACKS:
        anything |= lacks
    return homes.filter(
        Q(occupancy="") | Exists(living.filter(anything)) | ~Q(occupancy="vacant") & ~Exists(living)
    )


def _homes(homes: Any) -> Entries:
    found = list(homes.select_related("building__compound", "entrance").by_door()[:MOST])
    counts = {
        key: numbers
        for key, *numbers in Residency.objects.filter(household__in=found, end=None).order_by()
        .values_list("household").annotate(
            all=Count("pk"), **{name: Count("pk", filter=lacks) for name, lacks in LACKS}
        )
    }  # fmt: skip
    entries: Entries = []
    for home in found:
        many, *lacking = counts.get(home.pk, [0, *(0 for _ in LACKS)])
        said = [f"{n} 人缺{name}" for (name, _), n in zip(LACKS, lacking, strict=True) if n]
        if not many and home.occupancy != "vacant":
            said.append("没有登记居民")
        if not home.occupancy:
            said.append("没有写自住、出租还是空置")
        entry = {"事项": "补居民信息", "对象": str(home), "缺什么": "、".join(said)}
        entries.append(with_url(entry, reverse("residents:household", args=[home.pk])))
    return entries
