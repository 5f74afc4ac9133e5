"""What waits for the user in Party work: sentences with counts that equal their lists."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse

from gridparty.lib.china_time import local_date
from gridparty.lib.periods import Month
from orgs.roles import APPROVE, EDIT, SEES, Noun
from orgs.scope import can
from partybuilding.models import (
    BasicsCheck,
    CheckIn,
    CommitteeTerm,
    FeedbackCard,
    FundLine,
    MemberDisplay,
    MonthlyBoard,
    Pairing,
    PolicyPaper,
)
from partybuilding.scope import units_of
from partybuilding.workflow import CardStatus
from volunteers.waiting import Waiting


def waiting_for(user: Any, now: datetime) -> list[Waiting]:
    """Return what waits, nothing that counts zero."""
    return [
        one
        for one in (
            *_five(user, now),
            *_check_ins(user),
            *_joint(user, now),
            *_funds(user),
            *_basics(user),
            *_papers(user),
            *_terms(user, now),
            *_own(user),
        )
        if one.count
    ]


def _check_ins(user: Any) -> Iterator[Waiting]:
    page, cards = reverse("partybuilding:checkins"), reverse("partybuilding:cards")
    if can(user, Noun.PARTY, APPROVE):
        mine = CheckIn.objects.visible_to(user, APPROVE)
        yield Waiting(
            "名党员申请报到，等社区接收",
            mine.waiting().count(),
            f"{page}?show=waiting",
            "person-plus",
        )
        yield Waiting(
            "名在岗党员待半年确认",
            mine.unconfirmed().count(),
            f"{page}?show=unconfirmed",
            "check2-square",
        )
        drafts = FeedbackCard.objects.visible_to(user, APPROVE).drafts().count()
        yield Waiting("张反馈卡已起草，等您发给单位", drafts, f"{cards}?show=draft", "send")
    if units_of(user):
        sent = FeedbackCard.objects.of_units(user).filter(status=CardStatus.SENT).count()
        yield Waiting("张党员反馈卡等单位签收", sent, f"{cards}?show=sent", "journal-check")
        invited = CheckIn.objects.of_units(user).invited().count()
        yield Waiting("名党员还没有报到", invited, f"{page}?show=invited", "people")


def _five(user: Any, now: datetime) -> Iterator[Waiting]:
    """This month's and last month's boards: to confirm for the community, to record for branches."""
    if not can(user, Noun.PARTY, EDIT):
        return
    month = Month.of(local_date(now))
    for one in (month.previous(), month):
        page = f"{reverse('partybuilding:wall')}?month={one}"
        if can(user, Noun.PARTY, APPROVE):
            boards = MonthlyBoard.objects.visible_to(user, APPROVE).of_month(one.first_day)
            yield Waiting(
                f"个支部的{one.label}五个一等您确认", boards.to_confirm().count(),
                f"{page}&show=waiting", "check2-circle",
            )  # fmt: skip
            yield Waiting(
                f"个支部的{one.label}五个一逾期", boards.late().count(), f"{page}&show=late",
                "alarm", "yellow",
            )  # fmt: skip
        else:
            boards = MonthlyBoard.objects.visible_to(user, EDIT).of_month(one.first_day)
            late = boards.late().count()
            yield Waiting(
                f"个支部的{one.label}五个一还没填全", boards.open().count(), f"{page}&show=open",
                "calendar-event", "red" if late else "",
            )  # fmt: skip


def _joint(user: Any, now: datetime) -> Iterator[Waiting]:
    if not can(user, Noun.PARTY, APPROVE):
        return
    displays = MemberDisplay.objects.visible_to(user, APPROVE).filter(status="review")
    yield Waiting(
        "份党员五亮等您审核", displays.count(), f"{reverse('partybuilding:displays')}?status=review",
        "flag",
    )  # fmt: skip
    page, day = reverse("partybuilding:pairings"), local_date(now)
    mine = Pairing.objects.visible_to(user, APPROVE)
    yield Waiting(
        "个共建结对 30 天内到期",
        mine.expiring(day).count(),
        f"{page}?show=expiring",
        "alarm",
        "yellow",
    )
    yield Waiting(
        "个共建结对已到期，等您续签或解除", mine.expired(day).count(), f"{page}?show=expired", "alarm",
        "yellow",
    )  # fmt: skip


def _funds(user: Any) -> Iterator[Waiting]:
    if not can(user, Noun.FUND, APPROVE):
        return
    lines = FundLine.objects.visible_to(user, APPROVE).to_pay()
    count = lines.values("allocation").distinct().count()
    page = f"{reverse('partybuilding:funds')}?show=waiting"
    yield Waiting("笔党建经费有开支等您核准", count, page, "check2-circle")


def _basics(user: Any) -> Iterator[Waiting]:
    if not can(user, Noun.PARTY, EDIT):
        return
    page = reverse("partybuilding:basics_list")
    half = BasicsCheck.objects.order_by("-half").values_list("half", flat=True).first()
    if half is None:
        return
    if can(user, Noun.PARTY, APPROVE):
        rows = BasicsCheck.objects.visible_to(user, APPROVE).of_half(half).to_confirm()
        yield Waiting(
            "个支部的五基自查等您确认",
            rows.count(),
            f"{page}?half={half}&status=submitted",
            "check2-circle",
        )
    else:
        rows = BasicsCheck.objects.visible_to(user, EDIT).of_half(half)
        for status, words in (("pending", "还没填"), ("returned", "被退回")):
            yield Waiting(
                f"个支部的五基自查{words}", rows.filter(status=status).count(),
                f"{page}?half={half}&status={status}", "clipboard-check",
            )  # fmt: skip


def _papers(user: Any) -> Iterator[Waiting]:
    if can(user, Noun.PARTY, SEES):
        unread = PolicyPaper.objects.visible_to(user).unread_by(user).count()
        page = f"{reverse('partybuilding:papers')}?show=unread"
        yield Waiting("份政策文件等您签阅", unread, page, "journal-text")


def _terms(user: Any, now: datetime) -> Iterator[Waiting]:
    if not can(user, Noun.ORG, EDIT):
        return
    page, day = reverse("partybuilding:terms"), local_date(now)
    mine = CommitteeTerm.objects.visible_to(user, EDIT)
    yield Waiting(
        "个班子届满没换届", mine.expired(day).count(), f"{page}?show=expired", "alarm", "yellow"
    )
    yield Waiting(
        "个班子半年内届满", mine.expiring(day).count(), f"{page}?show=expiring", "clock-history"
    )


def _own(user: Any) -> Iterator[Waiting]:
    """A member with a log-in is asked on his own page."""
    if user.person_id is not None:
        mine = CheckIn.objects.filter(person=user.person_id).unconfirmed().count()
        yield Waiting("项报到半年确认等您答复", mine, reverse("partybuilding:me"), "check2-square")
