"""The four milestones of the report's loop: 呼叫 → 吹哨 → 报到 → 销号. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from cases.statuses import ENDED, Status

# The four words of the report's loop.
MILESTONES: tuple[tuple[str, str], ...] = (
    ("call_up", "基层呼叫"),
    ("whistle", "街道吹哨"),
    ("check_in", "部门报到"),
    ("close", "问题销号"),
)


class EventLike(Protocol):
    """What `milestones` reads of an event."""

    @property
    def pk(self) -> int: ...
    @property
    def data(self) -> dict[str, Any]: ...
    @property
    def move(self) -> str: ...
    @property
    def to_status(self) -> str: ...
    @property
    def at(self) -> object: ...
    @property
    def cycle(self) -> int: ...


E = TypeVar("E", bound=EventLike)


def standing(events: Iterable[E]) -> list[E]:
    """Return the events without those taken back (撤销) and the taking back itself."""
    known = list(events)
    taken_back = {event.data["of"] for event in known if event.move == "undo"}
    return [event for event in known if event.move != "undo" and event.pk not in taken_back]


@dataclass(frozen=True)
class Milestone:
    """One step of the loop: state is done, current, todo or skipped (other ways were taken)."""

    name: str
    label: str
    state: str
    when: object | None = None


# How many of the first steps can no longer come in a status, reached or not.
_PASSED: dict[str, int] = {
    Status.RETURNED: 1,  # sent out once: the centre sends it again, nobody calls
    **dict.fromkeys(
        (Status.ASSIGNED, Status.SPLIT, Status.HANDLING, Status.FEEDBACK, Status.VERIFIED, *ENDED),
        3,
    ),
}


def milestones(events: Iterable[EventLike], status: str, cycle: int = 1) -> list[Milestone]:
    """Return the four steps of the given cycle with the time each was first reached.

    A step that was passed over (the grid settled it, or the community assigned it) is "skipped".
    """
    reached: dict[str, object] = {}
    for event in standing(events):
        arrived = event.move != "check_in" or event.to_status == Status.CHECKED_IN
        if event.cycle == cycle and arrived:
            reached.setdefault(event.move, event.at)
            if event.move == "unclose":
                reached.pop("close", None)
    last = max((i for i, (name, _) in enumerate(MILESTONES) if name in reached), default=-1)
    passed = max(last, _PASSED.get(status, 0))
    steps: list[Milestone] = []
    current_given = status in ENDED
    for index, (name, label) in enumerate(MILESTONES):
        if name in reached:
            steps.append(Milestone(name, label, "done", reached[name]))
        elif index < passed:
            steps.append(Milestone(name, label, "skipped"))
        elif not current_given:
            steps.append(Milestone(name, label, "current"))
            current_given = True
        else:
            steps.append(Milestone(name, label, "skipped" if status in ENDED else "todo"))
    return steps
