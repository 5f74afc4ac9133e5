"""What Party work tells whom. Words carry organisations, months and counts; no member's name."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.urls import reverse

from notices.catalog import Urgency
from notices.kinds import Words, notice_kind
from notices.services import Resident, notify
from orgs.levels import Tier
from orgs.models import RoleAssignment
from orgs.roles import Role
from partybuilding.models import (
    Alliance,
    BasicsCheck,
    BoardItem,
    CheckIn,
    CommitteeTerm,
    Confirmation,
    FeedbackCard,
    MonthlyBoard,
    Pairing,
    PolicyPaper,
)

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
    return RoleAssignment.objects.in_force().users_at(orgs, roles)


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


@notice_kind("checkin.applied", label="党员申请报到")
def checkin_applied(*, unit: str, matched: bool) -> Words:
    words = "已按住址找到网格，请接收。" if matched else "住址没有认出网格，请确定网格后接收。"
    return Words("有党员申请报到", f"来自{unit}。{words}")


@notice_kind("checkin.accepted", label="报到回执")
def checkin_accepted(*, slip: str, community: str) -> Words:
    return Words("报到回执", f"{community}已接收贵单位的党员，报到单 {slip}，请签收回执。")


@notice_kind("checkin.moved", label="报到转接")
def checkin_moved(*, unit: str) -> Words:
    return Words("有党员转来报到", f"来自{unit}，原社区已办理转出，请确定网格后接收。")


@notice_kind("checkin.confirm", label="半年确认", chosen=False)
def checkin_confirm(*, period: str) -> Words:
    text = f"{period}半年确认：请点开链接，确认是否仍住在这里、继续服务。"
    return Words("两地报到半年确认", text, text)


@notice_kind("checkin.asked", label="报到半年确认已发起")
def checkin_asked(*, period: str, count: int) -> Words:
    return Words(
        "报到半年确认已发起", f"{period}：{count} 名在岗党员待确认，没有答复的请社区联系。"
    )


@notice_kind("checkin.gone", label="党员已搬走")
def checkin_gone(*, slip: str) -> Words:
    return Words("党员确认已搬走", f"报到单 {slip}：请联系本人，办理搬家转出或退出。")


@notice_kind("card.sent", label="党员反馈卡")
def card_sent(*, quarter: str, community: str) -> Words:
    return Words(f"{quarter}党员反馈卡", f"{community}发来贵单位党员的服务情况，请查看并签收。")


def _check_in_page(check_in: CheckIn) -> str:
    return reverse("partybuilding:checkin", args=[check_in.pk])


def _community(org: int | None) -> set[int]:
    return holders([org or 0], COMMUNITY).get(org or 0, set())


def tell_applied(check_in: CheckIn) -> None:
    notify(
        kind="checkin.applied", to=_community(check_in.community_id), street=check_in.street_id,
        key=f"checkin:{check_in.pk}:applied:{check_in.applied_at}", link=_check_in_page(check_in),
        unit=check_in.unit.name, matched=check_in.grid_id is not None,
    )  # fmt: skip


def tell_accepted(check_in: CheckIn) -> None:
    notify(
        kind="checkin.accepted", to=[check_in.unit], street=check_in.street_id,
        key=f"checkin:{check_in.pk}:accepted", link=_check_in_page(check_in),
        slip=check_in.slip_no, community=str(check_in.community),
    )  # fmt: skip


def tell_transferred(check_in: CheckIn) -> None:
    notify(
        kind="checkin.moved", to=_community(check_in.community_id), street=check_in.street_id,
        key=f"checkin:{check_in.pk}:moved", link=_check_in_page(check_in), unit=check_in.unit.name,
    )  # fmt: skip


def tell_confirm(check_ins: Sequence[CheckIn], period: date) -> None:
    """The member by SMS with his own page, if there is a gateway; the community by a count."""
    words = f"{period.year}年{'上' if period.month < 7 else '下'}半年"
    counts: dict[int, list[CheckIn]] = {}
    for one in check_ins:
        counts.setdefault(one.community_id or 0, []).append(one)
        notify(
            kind="checkin.confirm", to=[Resident(one.person.phone)], street=one.street_id,
            key=f"checkin:{one.pk}:confirm:{period}", period=words,
            link=reverse("partybuilding:checkin_mine", args=[one.token]),
        )  # fmt: skip
    people = holders(counts, COMMUNITY)
    for community, rows in counts.items():
        notify(
            kind="checkin.asked", to=people.get(community, set()), street=rows[0].street_id,
            key=f"checkin:{community}:asked:{period}", period=words, count=len(rows),
            link=f"{reverse('partybuilding:checkins')}?show=unconfirmed",
        )  # fmt: skip


def tell_gone(check_in: CheckIn, asked: Confirmation) -> None:
    notify(
        kind="checkin.gone", to=_community(check_in.community_id), street=check_in.street_id,
        key=f"checkin:{check_in.pk}:gone:{asked.period}", link=_check_in_page(check_in),
        slip=check_in.slip_no,
    )  # fmt: skip


def tell_card(card: FeedbackCard) -> None:
    notify(
        kind="card.sent", to=[card.unit], street=card.street_id, key=f"card:{card.pk}:sent",
        link=reverse("partybuilding:card", args=[card.pk]), quarter=card.label,
        community=str(card.community),
    )  # fmt: skip


@notice_kind("pairing.soon", label="共建结对快到期")
def pairing_soon(*, count: int, unit: str) -> Words:
    return Words("共建结对快到期", f"有 {count} 个结对在 30 天内到期（{unit}等），请联系续签。")


@notice_kind("pairing.gone", label="共建结对已到期", urgency=Urgency.IMPORTANT)
def pairing_gone(*, count: int, unit: str) -> Words:
    return Words("共建结对已到期", f"有 {count} 个结对已到期（{unit}等），请续签或解除。")


@notice_kind("joint.silent", label="五联共治缺项")
def joint_silent(*, alliance: str, quarter: str, dimensions: str) -> Words:
    return Words(f"{quarter}五联共治有缺项", f"{alliance}：{dimensions}没有活动，请安排。")


def tell_expiring(pairings: Sequence[Pairing], stage: str) -> None:
    """One letter a community for what runs out on the same day; told once."""
    groups: dict[tuple[int, date], list[Pairing]] = {}
    for one in pairings:
        groups.setdefault((one.community_id, one.end), []).append(one)
    people = holders({community for community, _ in groups}, COMMUNITY)
    show = "expiring" if stage == "soon" else "expired"
    for (community, end), rows in groups.items():
        notify(
            kind=f"pairing.{stage}", to=people.get(community, set()), street=rows[0].street_id,
            key=f"pairing:{community}:{end}:{stage}", count=len(rows), unit=rows[0].unit.name,
            link=f"{reverse('partybuilding:pairings')}?show={show}",
        )  # fmt: skip


def tell_silent(alliances: Sequence[tuple[Alliance, list[str]]], quarter: str) -> None:
    people = holders({one.community_id for one, _ in alliances}, COMMUNITY)
    for one, labels in alliances:
        notify(
            kind="joint.silent", to=people.get(one.community_id, set()), street=one.street_id,
            key=f"alliance:{one.pk}:{quarter}", alliance=one.name, quarter=quarter,
            dimensions="、".join(labels), link=reverse("partybuilding:alliance", args=[one.pk]),
        )  # fmt: skip


@notice_kind("basics.opened", label="五基自查已生成")
def basics_opened(*, half: str, branch: str) -> Words:
    return Words(f"{half}五基自查", f"{branch}：请对照二十条自查，半年末前填报。")


def tell_basics(checks: Sequence[BasicsCheck]) -> None:
    people = holders({one.branch_id for one in checks}, (Role.BRANCH_SECRETARY,))
    for one in checks:
        if one.branch_id in people:
            notify(
                kind="basics.opened", to=people[one.branch_id], key=f"basics:{one.pk}",
                link=reverse("partybuilding:basics", args=[one.pk]), street=one.street_id,
                half=one.label, branch=one.branch.name,
            )  # fmt: skip


@notice_kind("paper.sent", label="政策文件")
def paper_sent(*, title: str, issuer: str, until: str) -> Words:
    return Words(f"请阅读：{title}", f"{issuer}，请在 {until} 前阅读并签阅。")


@notice_kind("paper.unread", label="文件没有签阅", urgency=Urgency.IMPORTANT)
def paper_unread(*, title: str) -> Words:
    return Words(f"还没有签阅：{title}", "阅读期限已过，请尽快阅读并签阅。")


def tell_paper(paper: PolicyPaper, users: Sequence[int]) -> None:
    notify(
        kind="paper.sent", to=users, key=f"paper:{paper.pk}", street=paper.street_id,
        link=reverse("partybuilding:paper", args=[paper.pk]), title=paper.title,
        issuer=paper.issuer, until=f"{paper.read_by.month}月{paper.read_by.day}日",
    )  # fmt: skip


def tell_unread(paper: PolicyPaper, users: Sequence[int]) -> None:
    notify(
        kind="paper.unread", to=users, key=f"paper:{paper.pk}:unread", street=paper.street_id,
        link=reverse("partybuilding:paper", args=[paper.pk]), title=paper.title,
    )  # fmt: skip


@notice_kind("term.soon", label="班子快届满")
def term_soon(*, count: int, org: str, due: str) -> Words:
    which = org if count == 1 else f"{org}等 {count} 个班子"
    return Words("班子快届满", f"{which}在 {due} 届满，请准备换届，或办理延期。")


@notice_kind("term.gone", label="班子届满没换届", urgency=Urgency.IMPORTANT)
def term_gone(*, count: int, org: str, due: str) -> Words:
    which = org if count == 1 else f"{org}等 {count} 个班子"
    return Words("班子届满没换届", f"{which}已在 {due} 届满，请组织换届并登记。")


def tell_terms(terms: Sequence[CommitteeTerm], stage: str) -> None:
    """One letter for what ends on the same day: to the community or street, to each secretary."""
    groups: dict[tuple[int, date], list[CommitteeTerm]] = {}
    roots: dict[int, int] = {}
    for one in terms:
        line = [one.org]
        while line[-1].parent is not None:
            line.append(line[-1].parent)
        home = next(org for org in line if org.tier <= Tier.COMMUNITY)
        for org in {one.org_id, home.pk}:
            groups.setdefault((org, one.due_on), []).append(one)
            roots[org] = line[-1].pk
    people = holders(
        {org for org, _ in groups}, (*COMMUNITY, Role.STREET_ADMIN, Role.BRANCH_SECRETARY)
    )
    page = reverse("partybuilding:terms")
    for (org, due), rows in groups.items():
        notify(
            kind=f"term.{stage}", to=people.get(org, set()), street=roots[org],
            key=f"term:{org}:{due}:{stage}", count=len(rows), org=rows[0].org.name,
            due=f"{due.year}年{due.month}月{due.day}日",
            link=f"{page}?show={'expiring' if stage == 'soon' else 'expired'}",
        )  # fmt: skip
