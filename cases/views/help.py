"""What helps to fill in a move: computed for its page, never filled in silently."""

from typing import Any

from cases.models import Case
from cases.views.similar import similar_to
from cases.workflow import Move


def help_for(case: Case, move: Move, user: Any) -> dict[str, Any]:
    """Return what templates/cases/move_help.html shows beside the form."""
    return {"similar": similar_to(case, user)} if move.name == "accept" else {}
