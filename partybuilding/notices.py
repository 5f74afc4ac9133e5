"""What Party work tells whom. Words carry organisations, months and counts; no member's name."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.urls import reverse

from notices.catalog import Urgency
from notices.kinds import Words, notice_kind
from notices.services import notify
from orgs.models import RoleAssignment
from orgs.roles import Role
from partybuilding.models import BoardItem, MonthlyBoard

COMMUNITY = (Role.COMMUNITY_STAFF, Role.COMMUNITY_SECRETARY)


@notice_kind("five.opened", label="五个一已生成")
def five_opened(*, month: str, branch: str) -> Words:
    return Words(
        f"{month}五个一已生成", f"{branch}：本月学习、通报、汇报、认领、协商五项，月底前填报。"
    )


@notice_kind("five.remind", label="五个一提醒", urgency=Urgency.IMPORTANT)
def five_remind(*, month: str, branch: str, left: int, until: str) -> Words:
    return Words(f"{month}五个一还有 {left} 项没填报", f"{branch}：请在 {until} 前填报。")


@notice_kind("five.late", label="五个一逾期", urgency=Urgency.IMPORTANT)
def five_late(*, month: str, count: int) -> Words:
    return Words(
        f"{month}五个一逾期", f"有 {count} 个支部没有按时完成。还可以补填，逾期的按一半计分。"
    )


@notice_kind("five.waiting", label="五个一等确认")
def five_waiting(*, month: str, branch: str, count: int) -> Words:
    return Words(f"{branch}填报了{month}五个一", f"{count} 项等社区确认。")


@notice_kind("five.returned", label="五个一被退回")
def five_returned(*, month: str, item: str, note: str) -> Words:
    return Words(f"{month}“{item}”被退回", f"原因：{note}。请改好后再填报。")


def holders(orgs: Iterable[int], roles: Sequence[str]) -> dict[int, set[int]]:
    """Return the users that hold one of the roles at each organisation: one query."""
    rows = RoleAssignment.objects.in_force().filter(
        org_unit__in=list(orgs), role__in=roles, user__is_active=True
    )
    found: dict[int, set[int]] = {}
    for org, user in rows.values_list("org_unit", "user"):
        if org is not None:
            found.setdefault(org, set()).add(user)
    return found


def _page(board: MonthlyBoard) -> str:
    return reverse("partybuilding:board", args=[board.pk])


def tell_opened(boards: Sequence[MonthlyBoard]) -> None:
    people = holders({board.branch_id for board in boards}, (Role.BRANCH_SECRETARY,))
    for board in boards:
        if board.branch_id in people:
            notify(
                kind="five.opened", to=people[board.branch_id], key=f"five:{board.pk}:opened",
                link=_page(board), street=board.street_id, month=board.label,
                branch=board.branch.name,
            )  # fmt: skip


def tell_remind(boards: Sequence[tuple[MonthlyBoard, str]]) -> None:
    """Tell the secretary; where the branch has none with a log-in, the community."""
    secretaries = holders({board.branch_id for board, _ in boards}, (Role.BRANCH_SECRETARY,))
    communities = holders({board.community_id for board, _ in boards}, COMMUNITY)
    for board, stage in boards:
        to = secretaries.get(board.branch_id) or communities.get(board.community_id)
        left = sum(item.status in ("pending", "returned") for item in board.items.all())
        until = board.grace_until if stage == "grace" else board.due_on
        if to:
            notify(
                kind="five.remind", to=to, key=f"five:{board.pk}:remind:{stage}",
                link=_page(board), street=board.street_id, month=board.label,
                branch=board.branch.name, left=left, until=f"{until.month}月{until.day}日",
            )  # fmt: skip


def tell_late(boards: Sequence[MonthlyBoard]) -> None:
    """One letter to each secretary, one with the count to each community."""
    secretaries = holders({board.branch_id for board in boards}, (Role.BRANCH_SECRETARY,))
    by_community: dict[int, list[MonthlyBoard]] = {}
    for board in boards:
        by_community.setdefault(board.community_id, []).append(board)
        if board.branch_id in secretaries:
            notify(
                kind="five.late", to=secretaries[board.branch_id], key=f"five:{board.pk}:late",
                link=_page(board), street=board.street_id, month=board.label, count=1,
            )  # fmt: skip
    people = holders(by_community, COMMUNITY)
    for community, rows in by_community.items():
        first = rows[0]
        wall = f"{reverse('partybuilding:wall')}?month={first.month:%Y-%m}&show=late"
        if community in people:
            notify(
                kind="five.late", to=people[community], link=wall, street=first.street_id,
                key=f"five:{community}:{first.month}:late", month=first.label, count=len(rows),
            )  # fmt: skip


def tell_waiting(board: MonthlyBoard, items: Sequence[BoardItem], *, now: datetime) -> None:
    people = holders([board.community_id], COMMUNITY).get(board.community_id)
    if people:
        marks = "-".join(str(item.pk) for item in items)
        notify(
            kind="five.waiting", to=people, key=f"five:{marks}:{now.timestamp():.0f}", now=now,
            link=_page(board), street=board.street_id, month=board.label,
            branch=board.branch.name, count=len(items),
        )  # fmt: skip


def tell_returned(item: BoardItem, note: str, *, now: datetime) -> None:
    if item.submitted_by_id is not None:
        board = item.board
        notify(
            kind="five.returned", to=[item.submitted_by_id], now=now, link=_page(board),
            key=f"five:{item.pk}:returned:{now.timestamp():.0f}", street=board.street_id,
            month=board.label, item=str(item), note=note,
        )  # fmt: skip
