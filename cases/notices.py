"""What a case tells whom: the kinds of notices of this app, and who gets them.

Words carry number, category and grid, never a resident's name, number, door or own text. A
confidential case tells its holders its number only, and no group at all.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from cases.catalog import EMERGENCY
from cases.clocks import SUPERVISED_FROM_CYCLE
from cases.filters import CaseFilter
from cases.holders import (
    Post,
    deciders_of,
    helpers_in,
    helpers_of,
    owing_posts,
    posts_of,
    street_posts,
    users_of,
)
from cases.models import Case, CaseEvent, CaseRequest, Supervision
from cases.workflow import Clock, Move, Status
from gridparty.lib.china_time import local_date
from notices.catalog import Urgency
from notices.kinds import Words, notice_kind
from notices.models import Channel
from notices.services import Letter, Resident, notify, notify_counts, notify_each
from notices.transports import transport_of
from orgs.models import User

# What whoever reported hears of, and (by SMS) a resident who left a number.
REPORTER_HEARS = ("accept", "reject", "merge", "wait", "close", "void")
RESIDENT_HEARS = ("accept", "reject", "merge", "wait", "close")
# What they hear whose reports were merged into the case; nobody waits for a word from them.
JOINED_HEAR = ("accept", "reject", "close", "void")
GROUP_HEARS = ("report", "whistle", "close")


@notice_kind("case.next", label="轮到您办理")
def case_next(*, about: str, move: str) -> Words:
    return Words(f"轮到您办理：{about}", f"上一步：{move}。请按时限办理。")


@notice_kind("case.urged", label="催办", urgency=Urgency.IMPORTANT)
def case_urged(*, about: str, move: str) -> Words:
    return Words(f"催办：{about}", "上级催办，请尽快办理并填写进展。")


@notice_kind("case.supervised", label="督办", urgency=Urgency.IMPORTANT, transports=("email",))
def case_supervised(*, about: str, move: str) -> Words:
    return Words(f"督办：{about}", "上级督办，须在期限内书面回复。")


@notice_kind("case.replied", label="督办有回复")
def case_replied(*, about: str, move: str) -> Words:
    return Words(f"督办有回复：{about}", "承办方已书面回复，请查看；解决后请解除督办。")


@notice_kind("case.decide", label="请您答复申请", urgency=Urgency.IMPORTANT)
def case_decide(*, about: str, move: str) -> Words:
    return Words(f"{move}：{about}", "请在期限内答复；不答复不等于同意。")


@notice_kind("case.decided", label="申请有答复")
def case_decided(*, about: str, move: str) -> Words:
    return Words(f"{move}：{about}", "您提出的申请已有答复。")


@notice_kind("case.reporter", label="您上报的事项有进展")
def case_reporter(*, about: str, move: str) -> Words:
    return Words(f"您上报的事项{move}：{about}")


@notice_kind("case.late", label="超时汇总", urgency=Urgency.IMPORTANT)
def case_late(*, step: int = 0, overdue: int = 0, supervised: int = 0) -> Words:
    parts = (
        (step, "件没有按时走完这一步"), (overdue, "件办理超时，已催办"), (supervised, "件严重超时，已督办"),
    )  # fmt: skip
    text = "，".join(f"{count} {words}" for count, words in parts if count)
    return Words(f"今天有 {step + overdue + supervised} 件次超时提醒", f"{text}。")


@notice_kind("case.rerouted", label="事项转到您这里")
def case_rerouted(*, over: int = 0, back: int = 0, held: int = 0) -> Words:
    parts = (
        (over, "件因单位合并改由本单位承办"), (back, "件因承办单位撤销退回派单"), (held, "件因承办人离岗交回网格"),
    )  # fmt: skip
    text = "，".join(f"{count} {words}" for count, words in parts if count)
    return Words(f"有 {over + back + held} 件事项转到您这里", f"{text}。期限不变，请及时办理。")


@notice_kind("case.absent", label="吹哨没有到场", urgency=Urgency.IMPORTANT)
def case_absent(*, late: int = 0, absent: int = 0) -> Words:
    parts = ((late, "次已超过到场时限，请立即到场报到"), (absent, "次已计为未到场，已督办"))
    text = "，".join(f"{count} {words}" for count, words in parts if count)
    return Words(f"今天有 {late + absent} 次吹哨没有按时到场", f"{text}。")


@notice_kind("case.account", label="建议问责", urgency=Urgency.IMPORTANT)
def case_account(*, proposed: int = 0) -> Words:
    return Words(
        f"有 {proposed} 件事项建议问责", "督办后仍没有办结，请决定提醒、约谈、通报或不予问责。"
    )


@notice_kind("case.effect", label="跟踪核查到期")
def case_effect(*, due: int = 0) -> Words:
    return Words(f"有 {due} 件销号的事项要跟踪核查", "请看问题有没有反弹，登记核查情况。")


@notice_kind("case.group", label="网格群动态", chosen=False)
def case_group(*, about: str, move: str) -> Words:
    return Words(f"{move}：{about}", public=f"{move}：{about}")


@notice_kind("case.resident", label="给反映人的短信", chosen=False)
def case_resident(*, number: str, public: str) -> Words:
    return Words(f"您反映的问题（{number}）", public)


def tell_of_move(*, case: Case, move: Move, event: CaseEvent, by: User | None) -> None:
    """Turn one move into notices, in its transaction; undoing one is not told."""
    if event.move == "undo":
        return
    category, grid, sla = _names(case)
    ways = list(Channel.objects.active().filter(street=case.street_id).order_by("id"))
    facts: dict[str, Any] = {
        "about": case.case_no if case.confidential else f"{category}（{grid}，{case.case_no}）",
        "move": move.label,
    }
    more: dict[str, Any] = {
        "link": reverse("cases:detail", args=[case.pk]), "street": case.street_id,
        "now": event.at, "ways": ways, "urgency": Urgency.EMERGENCY if sla == EMERGENCY else None,
    }  # fmt: skip
    me = by.pk if by else None
    kind, users = _addressees(case, move)
    if users - {me}:
        notify(kind=kind, to=users - {me}, key=f"case:{event.pk}", **more, **facts)
    if move.name == "reopen" and case.cycle >= SUPERVISED_FROM_CYCLE:  # it demands a reply as well
        owing = _in(owing_posts(case)) - {me}
        key = f"case:{event.pk}:supervised"
        notify(kind="case.supervised", to=owing, key=key, **more, **facts)
    if case.reporter_user_id not in (None, me) and move.name in REPORTER_HEARS:
        key = f"case:{event.pk}:reporter"
        notify(kind="case.reporter", to=[case.reporter_user_id or 0], key=key, **more, **facts)
    elif _hears_by_sms(case) and move.name in RESIDENT_HEARS:
        notify(
            kind="case.resident", to=[Resident(case.reporter_phone)],
            key=f"case:{event.pk}:resident", street=case.street_id, now=event.at, ways=ways,
            number=case.case_no, public=move.public,
        )  # fmt: skip
    if move.name in JOINED_HEAR:
        _tell_joined(case, move, event, me, ways)
    if move.name in GROUP_HEARS and not case.confidential:
        groups = robots_of(case, ways)
        if groups:
            notify(kind="case.group", to=groups, key=f"case:{event.pk}:group", **more, **facts)


def _tell_joined(
    case: Case, move: Move, event: CaseEvent, me: int | None, ways: Sequence[Channel]
) -> None:
    """Tell those whose reports were merged into the case, each by the number of the own report."""
    # Who reported the main case, or acts, has heard already; a number or a user hears once.
    users: set[int | None] = {None, me, case.reporter_user_id}
    numbers = {"", "" if case.anonymous else case.reporter_phone.reveal()}
    colleagues: list[Letter] = []
    residents: list[Letter] = []
    for report in joined_reports(case):
        key = f"case:{event.pk}:joined:{report.pk}"
        number = report.reporter_phone.reveal() if _hears_by_sms(report) else ""
        if report.reporter_user_id not in users:
            colleagues.append(Letter(
                to=[report.reporter_user_id or 0], key=key,
                link=reverse("cases:detail", args=[report.pk]),
                facts={"about": report.case_no, "move": move.label},
            ))  # fmt: skip
        elif number not in numbers and move.name in RESIDENT_HEARS:
            residents.append(Letter(
                to=[Resident(report.reporter_phone)], key=key,
                facts={"number": report.case_no, "public": move.public},
            ))  # fmt: skip
        users.add(report.reporter_user_id)
        numbers.add(number)
    more: dict[str, Any] = {"street": case.street_id, "now": event.at, "ways": ways}
    notify_each(kind="case.reporter", letters=colleagues, **more)
    notify_each(kind="case.resident", letters=residents, **more)


def joined_reports(case: Case) -> list[Case]:
    """Return the reports merged into the case, at any depth: one query, and one more per layer."""
    found: list[Case] = []
    layer = [case.pk]
    while layer:
        rows = Case.objects.filter(status=Status.MERGED, merged_into__in=layer).order_by("pk")
        fresh = list(rows.only(
            "case_no", "anonymous", "reporter_user", "reporter_phone", "parent", "merged_into",
        ))  # fmt: skip
        found += fresh
        layer = [report.pk for report in fresh]
    return found


def _names(case: Case) -> tuple[str, str, str]:
    """Return category, grid and limit class: from what the case carries, else by one query."""
    if {"category", "grid", "sla_class"} <= case._state.fields_cache.keys():
        return case.category.name, case.grid.name, case.sla_class.code
    names = Case.objects.values_list("category__name", "grid__name", "sla_class__code")
    return names.get(pk=case.pk)


def _addressees(case: Case, move: Move) -> tuple[str, set[int]]:
    """Return the kind of the notice and who gets it; nobody for moves that change no duty."""
    if move.name == "reply":
        standing = Supervision.objects.filter(case=case, lifted_at=None)
        issuers = set(standing.values_list("issued_by", flat=True))
        # What nobody issued (the clock, a reopening) is the street's to lift.
        street = _in(street_posts(case)) if None in issuers else set()
        return "case.replied", street | {pk for pk in issuers if pk}
    if move.clock == Clock.DECIDE:
        return "case.decide", _in(deciders_of(case))
    if move.name in ("grant_extension", "refuse_extension", "grant_hang", "refuse_hang"):
        asked = CaseRequest.objects.filter(case=case).exclude(asked_by=None).order_by("-id")
        return "case.decided", {pk for pk in asked.values_list("asked_by", flat=True)[:1] if pk}
    if move.target is None and move.name not in ("urge", "supervise", "answer", "supplement"):
        return "", set()
    kind = {"urge": "case.urged", "supervise": "case.supervised"}.get(move.name, "case.next")
    helpers = helpers_in(case) if case.lead_unit_id else set()
    return kind, _in(posts_of(case, helpers))


def _in(posts: set[Post]) -> set[int]:
    return set().union(*users_of(posts).values()) if posts else set()


def _hears_by_sms(case: Case) -> bool:
    known = not case.anonymous and bool(case.reporter_phone)
    # The reporter of a split case is told of the whole, not of each part.
    return known and case.reporter_user_id is None and case.parent_id is None


def robots_of(case: Case, ways: Sequence[Channel]) -> list[Channel]:
    """Return the group robots of the nearest organisation that has one: community, then street."""
    robots = [one for one in ways if transport_of(one.transport).to_group]
    own = [one for one in robots if one.org_id == case.community_id]
    return own or [one for one in robots if one.org_id == case.street_id]


def tell_late(rows: Sequence[Any], what: str, now: datetime) -> None:
    """Tell the holders of what the sweep found late: sums, one letter a day for each of them.

    `rows` have `cases.holders.COLUMNS`; `what`: step | overdue | supervised. Call it in the batch's
    transaction: a batch that is rolled back has told nobody.
    """
    link = CaseFilter(mine=True, light="red").url("cases:mine")
    _tell_sums("case.late", what, _with_posts(rows), now, link=link, key=f"late:{local_date(now)}")


def tell_rerouted(rows: Sequence[Any], what: str, now: datetime) -> None:
    """Tell whose step it is now what came over from an ended unit (over, back) or a leaver (held)."""
    link = CaseFilter(mine=True).url("cases:mine")
    key = f"rerouted:{local_date(now)}"
    _tell_sums("case.rerouted", what, _with_posts(rows), now, link=link, key=key)


def tell_absent(tasks: Sequence[Any], stage: int, now: datetime) -> None:
    """Tell the departments awaited at a whistle, and of absences also the street that whistled.

    `tasks` carry `case`. Sums, one letter a day: the same department may miss several.
    """
    asked: list[tuple[Any, set[Post]]] = []
    for task in tasks:
        posts: set[Post] = {("unit", task.unit_id)}
        if stage == 2:
            at_root = task.case.street_id == task.case.community_id
            posts.add(("community" if at_root else "street", task.case.street_id))
        asked.append((task.case, posts))
    what, key = "absent" if stage == 2 else "late", f"absent:{local_date(now)}"
    link = CaseFilter(mine=True, light="red").url("cases:mine")
    _tell_sums("case.absent", what, asked, now, link=link, key=key)


def tell_proposed(records: Sequence[Any], now: datetime) -> None:
    """Tell the street centre how many records the clock has proposed; nobody below hears of it."""
    asked: list[tuple[Any, set[Post]]] = [
        (one.case, {("street", one.case.street_id), ("community", one.case.street_id)})
        for one in records
    ]
    link = f"{reverse('cases:accounts')}?state=proposed"
    _tell_sums("case.account", "proposed", asked, now, link=link, key=f"account:{local_date(now)}")


def _with_posts(rows: Sequence[Any]) -> list[tuple[Any, set[Post]]]:
    helpers = helpers_of([row.pk for row in rows])
    return [(row, posts_of(row, helpers[row.pk])) for row in rows]


def _tell_sums(
    kind: str, what: str, asked: Sequence[tuple[Any, set[Post]]], now: datetime, *,
    link: str, key: str,
) -> None:  # fmt: skip
    """Add to one letter a day per person; `asked`: rows with `street_id`, each with its posts."""
    users = users_of(set().union(*(posts for _, posts in asked)))
    sums: dict[int, Counter[int]] = {}
    for row, posts in asked:
        told = set().union(*(users[post] for post in posts))
        sums.setdefault(row.street_id, Counter()).update(told)
    for street, counts in sorted(sums.items()):
        notify_counts(
            kind=kind, what=what, counts=dict(counts), street=street, link=link, now=now, key=key
        )
