"""What grew out of a resolution, asked of every app that can hold some of it.

A topic cannot go to supervision, nor be closed, while any of it is open. An app above adds its own
(projects, fund lines) with `@topic_work`: a function of a topic that returns `Work` rows.
"""

from collections.abc import Callable
from dataclasses import dataclass

from councils.models import Topic


@dataclass(frozen=True)
class Work:
    """One thing that follows from a resolution; `url` opens it, `state` is what people read."""

    label: str
    url: str
    state: str
    done: bool


WORK: list[Callable[[Topic], list[Work]]] = []


def topic_work(find: Callable[[Topic], list[Work]]) -> Callable[[Topic], list[Work]]:
    """Register a function that finds what a topic's resolution has set going elsewhere."""
    WORK.append(find)
    return find


def work_of(topic: Topic) -> list[Work]:
    """Return everything apps above hold of this topic."""
    return [work for find in WORK for work in find(topic)]


def open_work(topic: Topic) -> list[str]:
    """Return what is still to do, in words; empty when the topic may go on."""
    tasks = topic.tasks.filter(done_on=None)
    return [task.what for task in tasks] + [work.label for work in work_of(topic) if not work.done]
