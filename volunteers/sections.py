"""The pages behind 志愿 in the menu, as tabs."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from orgs.roles import CREATE, EDIT, Noun
from orgs.scope import can
from volunteers.scope import is_staff_grant


@dataclass(frozen=True)
class Section:
    key: str
    label: str
    url: str
    active: bool


def is_staff(user: Any) -> bool:
    """Whether some role of the user has a territory in voluntary work."""
    return any(is_staff_grant(grant) for grant in user.grants if grant.holds(Noun.VOLUNTEER, "VM"))


def sections(user: Any, active: str) -> list[Section]:
    """Return the tabs this user may open."""
    staff = is_staff(user)
    wanted = (
        ("overview", "概览", "volunteers:overview", staff),
        ("activities", "活动", "volunteers:activities", True),
        (
            "me",
            "我的志愿",
            "volunteers:me",
            not staff or not can(user, Noun.VOLUNTEER, CREATE + EDIT),
        ),
        ("needs", "需求清单", "volunteers:needs", True),
        ("resources", "资源清单", "volunteers:resources", True),
        ("projects", "项目清单", "volunteers:projects", True),
        ("claims", "对接", "volunteers:claims", True),
        ("teams", "服务队", "volunteers:teams", True),
        ("people", "志愿者", "volunteers:people", staff),
        ("hours", "时长", "volunteers:hours", staff),
        ("counts", "统计", "volunteers:counts", staff),
    )
    return [
        Section(key, label, reverse(url), key == active)
        for key, label, url, allowed in wanted
        if allowed
    ]
