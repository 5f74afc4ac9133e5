"""Kinds of notices, registered by a decorator: a label, how urgent, by which ways by default.

    @notice_kind("case.urged", label="催办", urgency=Urgency.IMPORTANT)
    def case_urged(*, case: Case) -> Words:
        return Words("催办", f"{case.case_no} 请尽快办理。")

The words are what every recipient may see: case numbers, categories, grids; never a resident's
name, number or door. `public` is the sentence for a group of many; "" keeps it out of groups.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from notices.catalog import Urgency


@dataclass(frozen=True)
class Words:
    """What a notice says: a title (≤ 80 characters), a text (≤ 500), a sentence for groups."""

    title: str
    text: str = ""
    public: str = ""


Wording = Callable[..., Words]


@dataclass(frozen=True)
class Kind:
    code: str
    label: str
    words: Wording
    urgency: int = Urgency.ROUTINE
    transports: tuple[str, ...] = ()  # beside the inbox, unless the user chose otherwise
    chosen: bool = True  # False: users have no say (residents, group robots, a trial)


_kinds: dict[str, Kind] = {}


def notice_kind(code: str, **more: Any) -> Callable[[Wording], Wording]:
    """Register the decorated wording; `more`: label, urgency, transports, chosen."""

    def register(words: Wording) -> Wording:
        if code in _kinds:
            raise ValueError(f"two notice kinds named {code!r}")
        _kinds[code] = Kind(code, words=words, **more)
        return words

    return register


def kind_of(code: str) -> Kind:
    """Return the kind; KeyError for one nobody registered."""
    return _kinds[code]


def label_of(code: str) -> str:
    """Return the label, the code itself for a kind that is no longer there."""
    return _kinds[code].label if code in _kinds else code


def all_kinds() -> list[Kind]:
    return list(_kinds.values())


@notice_kind("notices.trial", label="发送测试", chosen=False)
def trial(*, name: str) -> Words:
    text = f"这是通知通道“{name}”的测试消息，收到说明可以使用。"
    return Words("发送测试", text, text)
