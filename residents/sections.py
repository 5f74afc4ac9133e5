"""The sections behind 居民 in the menu, as tabs: whoever sees one sees the way to it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from orgs.roles import CREATE, EDIT, SEES, Noun, Role
from orgs.scope import can, has_role
from residents.duties import is_only_head
from residents.visit_querysets import REVIEWERS


@dataclass(frozen=True)
class Section:
    key: str
    label: str
    url: str
    active: bool


def sections(user: Any, active: str) -> list[Section]:
    """Return the tabs this user may open; one alone is no choice, so then none."""
    wanted = (
        ("households", "住户", "residents:households", can(user, Noun.RESIDENT, SEES)),
        ("mine", "我的联系户", "residents:mine", has_role(user, Role.CORRIDOR_HEAD)),
        ("heads", "红色楼道长", "residents:heads",
         can(user, Noun.HEAD, SEES) and not is_only_head(user)),
        ("care", "重点人群", "residents:care", can(user, Noun.CARE, SEES)),
        ("suggestions", "线索", "residents:suggestions", can(user, Noun.CARE, "CE")),
        ("needs", "需求", "residents:needs", can(user, Noun.CARE, SEES)),
        ("visits", "走访", "residents:tasks" if can(user, Noun.RESIDENT, CREATE) else
         "residents:visits", can(user, Noun.RESIDENT, SEES)),
        ("changes", "变更审核", "residents:changes",
         can(user, Noun.RESIDENT, EDIT) or has_role(user, *REVIEWERS)),
    )  # fmt: skip
    found = [
        Section(key, label, reverse(url), key == active)
        for key, label, url, allowed in wanted
        if allowed
    ]
    return found if len(found) > 1 else []
