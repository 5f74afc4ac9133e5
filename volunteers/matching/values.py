"""The facts a match is made of, and what each is worth. Pure."""

from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, radians, sin, sqrt

EARTH_M = 6_371_000
Place = tuple[float, float]  # longitude, latitude

# What a fit is made of, out of 100. A filled place is worth more than any better fit elsewhere.
SKILL, NEAR, TIME, TURN, KNOWN, LIKES = 30, 20, 10, 15, 15, 10
FILLED = 150
# Where a fact is not known: some of it, so that blank forms are neither first nor never.
NO_SKILL_ASKED, WHERE_UNKNOWN, TIME_UNSAID = 15, 7, 4
# After so many days it is somebody's turn again as if never asked.
REST_DAYS = 90


@dataclass(frozen=True)
class Helper:
    """A volunteer. `times` empty: never said; `asked_days` None: never asked.

    `busy` holds the stays already promised, `knows` the beneficiaries helped before.
    """

    id: int
    person: int = 0
    skills: frozenset[str] = frozenset()
    likes: frozenset[str] = frozenset()
    times: frozenset[str] = frozenset()
    reach: int = 3000
    place: Place | None = None
    asked_days: int | None = None
    busy: tuple[tuple[datetime, datetime], ...] = ()
    knows: frozenset[int] = frozenset()
    is_minor: bool = False


@dataclass(frozen=True)
class Slot:
    """A shift with `places` to fill. `half_day`: code of `Times`; `closed_to`: helpers not to ask.

    `beneficiary` is the household the activity is for, `person` who of it must not help oneself.
    """

    id: int
    starts_at: datetime
    ends_at: datetime
    places: int
    kind: str = ""
    skills: frozenset[str] = frozenset()
    half_day: str = ""
    place: Place | None = None
    beneficiary: int | None = None
    person: int | None = None
    minors_welcome: bool = False
    closed_to: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Match:
    """One helper for one slot; `worth` out of 100."""

    slot: int
    helper: int
    worth: float


def metres(one: Place, other: Place) -> float:
    """Return the great-circle way between two places."""
    a, b = radians(one[1]), radians(other[1])
    turn = radians(other[0] - one[0]) / 2
    arc = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(turn) ** 2
    return 2 * EARTH_M * asin(sqrt(arc))
