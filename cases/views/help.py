"""What helps to fill in a move: computed for its page, never filled in silently."""

from typing import Any

from django.http import QueryDict
from django.utils import timezone

from cases.models import Case
from cases.routing import route_of
from cases.services import refusal_of
from cases.suggesting import suggest_categories
from cases.views.similar import similar_to
from cases.workflow import Move

# Moves that choose a unit.
DISPATCHING = ("assign", "whistle", "transfer")


def help_for(case: Case, move: Move, user: Any) -> dict[str, Any]:
    """Return what templates/cases/move_help.html shows beside the form."""
    if move.name in DISPATCHING:
        return {"route": route_of(case, timezone.localdate())}
    if move.name not in ("accept", "merge"):
        return {}
    may_merge = move.name == "accept" and refusal_of(case, "merge", user) is None
    return {
        "route": route_of(case, timezone.localdate()) if move.name == "accept" else None,
        "suggested": (
            suggest_categories(case.text, chosen=case.category_id) if move.name == "accept" else []
        ),
        "chosen_label": case.category.name,
        "similar": similar_to(case, user),
        "pick": "id_main" if move.name == "merge" else "",
        "merge": case if may_merge else None,
    }


def prefill(case: Case, move: Move, query: QueryDict) -> dict[str, Any]:
    """Return what is chosen already: by the link that led to the form, or by a routing rule."""
    if move.name in DISPATCHING:
        route = route_of(case, timezone.localdate())
        return {"unit": route.rule.unit_id, "final": route.rule.final} if route else {}
    if move.name == "accept":
        route = route_of(case, timezone.localdate())
        return {"sla_class": route.rule.sla_class_id} if route else {}
    number = query.get("main", "")
    readable = number.isascii() and number.isdigit() and len(number) <= 20
    return {"main": number} if move.name == "merge" and readable else {}
