"""The pages behind 党建 in the menu, in a few groups; a group opens without a script."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from orgs.roles import SEES, Noun
from orgs.scope import can
from partybuilding.scope import is_staff


@dataclass(frozen=True)
class Section:
    key: str
    label: str
    url: str
    active: bool


@dataclass(frozen=True)
class Group:
    """`now` is the page of it the user is on, or None; a group of one page is a plain link."""

    label: str
    sections: list[Section]
    now: Section | None


def _anybody(user: Any) -> bool:
    return True


def _sees_funds(user: Any) -> bool:
    return can(user, Noun.FUND, SEES)


def _sees_terms(user: Any) -> bool:
    return is_staff(user) and can(user, Noun.ORG, SEES)


_Row = tuple[str, str, str, Callable[[Any], bool]]
_GROUPS: tuple[tuple[str, tuple[_Row, ...]], ...] = (
    ("支部工作", (
        ("five", "五个一", "partybuilding:wall", is_staff),
        ("calendar", "党建月历", "partybuilding:calendar", is_staff),
        ("ready", "三有", "partybuilding:three_have", is_staff),
        ("basics", "五基", "partybuilding:basics_list", is_staff),
        ("terms", "班子届期", "partybuilding:terms", _sees_terms),
    )),
    ("党员先锋", (
        ("checkins", "两地报到", "partybuilding:checkins", _anybody),
        ("units", "单位报到", "partybuilding:units", _anybody),
        ("cards", "反馈卡", "partybuilding:cards", _anybody),
        ("displays", "五亮", "partybuilding:displays", is_staff),
        ("duties", "责任区和责任岗", "partybuilding:duties", _anybody),
        ("patrols", "党员巡查", "partybuilding:patrols", is_staff),
    )),
    ("共建联建", (
        ("pairings", "联点共建", "partybuilding:pairings", _anybody),
        ("alliances", "党建联盟", "partybuilding:alliances", _anybody),
        ("programmes", "品牌和项目", "partybuilding:programmes", is_staff),
        ("partners", "单位名册", "partybuilding:partners", is_staff),
    )),
    ("教育保障", (
        ("trainings", "教育培训", "partybuilding:trainings", is_staff),
        ("papers", "政策文件", "partybuilding:papers", is_staff),
        ("honours", "荣誉", "partybuilding:honours", is_staff),
        ("funds", "党建经费", "partybuilding:funds", _sees_funds),
    )),
    ("报告数字", (("numbers", "报告数字", "partybuilding:numbers", is_staff),)),
)  # fmt: skip


def sections(user: Any, active: str) -> list[Group]:
    """Return the groups with the pages this user may open; empty groups are left out."""
    found = []
    for label, rows in _GROUPS:
        shown = [
            Section(key, title, reverse(url), key == active)
            for key, title, url, allowed in rows
            if allowed(user)
        ]
        if shown:
            found.append(Group(label, shown, next((one for one in shown if one.active), None)))
    return found
