"""Who is asked for which shift: an assignment of volunteers to places (issue 6.4). Pure.

Ids, codes, times and positions only; no names. `asking.py` reads the facts, `services/asking.py`
writes the asks.
"""

from volunteers.matching.engine import assign, ranked
from volunteers.matching.reasons import why
from volunteers.matching.values import Helper, Match, Slot

__all__ = ["Helper", "Match", "Slot", "assign", "ranked", "why"]
