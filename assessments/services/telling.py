"""Notices of an assessment's steps: grid heads, secretaries and streets hear what waits for them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from assessments.models import Appeal, Doubt, QuarterAssessment
from assessments.workflow import Move
from cases.holders import Post, users_of
from gridparty.lib.periods import Quarter
from notices.kinds import Words, notice_kind
from notices.services import notify, notify_counts
from orgs.models import User


@notice_kind("assessment.self_review", label="请您自评")
def self_review(*, quarter: str, due: str) -> Words:
    return Words(f"{quarter}考核请您自评", f"请核对各项数字，写明自评，{due}前提交。")


@notice_kind("assessment.waiting", label="考核等您审核")
def waiting(*, quarter: str, what: str) -> Words:
    return Words(f"{quarter}考核{what}，等您审核")


@notice_kind("assessment.result", label="考核结果")
def result(*, quarter: str, what: str) -> Words:
    return Words(f"{quarter}考核{what}", "可以查看每一项的计算过程和名单。")


@notice_kind("assessment.appeal", label="考核申诉")
def appeal(*, quarter: str, what: str) -> Words:
    return Words(f"{quarter}考核申诉：{what}")


@notice_kind("assessment.doubts", label="疑点请说明")
def doubts(*, new: int = 0) -> Words:
    return Words(f"有 {new} 个疑点请您说明", "这是提问，不自动扣分：写明情况即可。")


def _address(assessment: QuarterAssessment) -> str:
    return reverse("assessments:quarter_detail", args=[assessment.pk])


def _label(assessment: QuarterAssessment) -> str:
    return Quarter.parse(assessment.quarter).label


def _in(posts: set[Post], but: User | None) -> set[int]:
    found = set().union(*users_of(posts).values())
    return found - {but.pk} if but else found


def tell_step(assessment: QuarterAssessment, move: Move, *, by: User, at: datetime) -> None:
    """Tell whose turn it is after a step of one grid."""
    post: Post = {
        "submit": ("community", assessment.community_id), "return": ("head", assessment.grid_id),
        "endorse": ("street", assessment.street_id),
        "send_back": ("community", assessment.community_id),
    }[move.name]  # fmt: skip
    users = _in({post}, by)
    if users:
        notify(
            kind="assessment.waiting", to=users, key=f"assessment:{assessment.pk}:{move.name}:{at:%m%d%H%M%S}",
            link=_address(assessment), street=assessment.street_id, now=at,
            quarter=_label(assessment), what=move.label,
        )  # fmt: skip


def tell_together(
    rows: Iterable[QuarterAssessment], move: Move, *, by: User | None, at: datetime
) -> None:
    """Tell the grid heads of a street what happened to their grids: one letter each."""
    grids = {row.grid_id: row for row in rows}
    users_by_grid = {
        grid: users for (_, grid), users in users_of({("head", pk) for pk in grids}).items()
    }
    for row in grids.values():
        heads = users_by_grid[row.grid_id]
        if not heads:
            continue
        due = f"{row.review_due:%m月%d日}" if row.review_due else ""
        begins = move.name == "begin"
        facts: dict[str, Any] = {"due": due} if begins else {"what": move.label}
        notify(
            kind="assessment.self_review" if begins else "assessment.result", to=heads,
            key=f"assessment:{row.pk}:{move.name}", link=_address(row), street=row.street_id,
            now=at, quarter=_label(row), **facts,
        )  # fmt: skip


def tell_appeal(one: Appeal, *, by: User, at: datetime, answered: bool) -> None:
    row = one.assessment
    posts: set[Post] = {("head", row.grid_id)} if answered else {("street", row.street_id)}
    users = _in(posts, by)
    if users:
        what = one.get_status_display() if answered else "等您答复"
        notify(
            kind="assessment.appeal", to=users, key=f"appeal:{one.pk}:{one.status}", now=at,
            link=_address(row), street=row.street_id, quarter=_label(row), what=what,
        )  # fmt: skip


def tell_doubts(new: Iterable[Doubt], at: datetime) -> None:
    """Tell the communities how many questions are new or open again: one letter a day each."""
    many = Counter((doubt.street_id, doubt.community_id) for doubt in new)
    users = users_of({("community", community) for _, community in many})
    for (street, community), count in many.items():
        notify_counts(
            kind="assessment.doubts", what="new", key=f"doubts:{at:%Y%m%d}:{community}",
            counts=dict.fromkeys(users["community", community], count), street=street, now=at,
            link=f"{reverse('assessments:doubts')}?status=open",
        )  # fmt: skip
