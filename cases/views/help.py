"""What helps to fill in a move: computed for its page, never filled in silently."""

from typing import Any

from django.http import QueryDict

from cases.models import Case
from cases.services import refusal_of
from cases.views.similar import similar_to
from cases.workflow import Move


def help_for(case: Case, move: Move, user: Any) -> dict[str, Any]:
    """Return what templates/cases/move_help.html shows beside the form."""
    if move.name not in ("accept", "merge"):
        return {}
    may_merge = move.name == "accept" and refusal_of(case, "merge", user) is None
    return {
        "similar": similar_to(case, user),
        "pick": "id_main" if move.name == "merge" else "",
        "merge": case if may_merge else None,
    }


def prefill(move: Move, query: QueryDict) -> dict[str, Any]:
    """Return what the link that led to the form has chosen already."""
    number = query.get("main", "")
    readable = number.isascii() and number.isdigit() and len(number) <= 20
    return {"main": number} if move.name == "merge" and readable else {}
