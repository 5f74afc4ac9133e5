"""The pages of 走访, as tabs."""

from typing import Any

from django.urls import reverse

from orgs.roles import CREATE, EDIT, MASKED, VIEW, Noun, Role
from orgs.scope import can, has_role
from residents.sections import Section


def visit_tabs(user: Any, active: str) -> list[Section]:
    """Return the tabs this user may open."""
    keeps = can(user, Noun.RESIDENT, CREATE + EDIT)
    walks = keeps or has_role(user, Role.CORRIDOR_HEAD, Role.GRID_WORKER_PT, Role.POLICE_CONTACT)
    wanted = (
        ("tasks", "今日任务", "residents:tasks", walks),
        ("records", "走访记录", "residents:visits", True),
        ("progress", "季度进度", "residents:visit_progress",
         can(user, Noun.RESIDENT, VIEW + MASKED) and not has_role(user, Role.CORRIDOR_HEAD)),
        ("vacant", "空户待核", "residents:vacancies", keeps),
        ("checks", "回访抽查", "residents:visit_checks", keeps and can(user, Noun.REVISIT, EDIT)),
    )  # fmt: skip
    return [
        Section(key, label, reverse(url), key == active)
        for key, label, url, allowed in wanted
        if allowed
    ]
