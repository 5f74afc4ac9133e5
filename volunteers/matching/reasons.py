"""Why somebody is suggested, in words: each suggestion can answer for itself. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from volunteers.catalog import ActivityKind, Skill, Times, words
from volunteers.matching.values import Helper, Slot, metres

# From here on being asked again is no burden.
RESTED = 14


@dataclass(frozen=True)
class Reason:
    """One rule: whether it speaks for the match, and the words for it."""

    holds: bool
    words: str


def why(helper: Helper, slot: Slot) -> list[Reason]:
    """Return what speaks for (and against) asking this helper for this slot."""
    found = []
    if slot.skills:
        fitting = helper.skills & slot.skills
        found.append(
            Reason(True, f"会{words(sorted(fitting), Skill)}") if fitting
            else Reason(False, f"没有填{words(sorted(slot.skills), Skill)}")
        )  # fmt: skip
    if slot.place and helper.place:
        found.append(Reason(True, way_words(metres(slot.place, helper.place))))
    else:
        found.append(Reason(False, "距离未知"))
    if slot.half_day in helper.times:
        found.append(Reason(True, f"{words([slot.half_day], Times)}方便"))
    elif not helper.times:
        found.append(Reason(False, "没有填方便时间"))
    found.append(_turn(helper.asked_days))
    if slot.beneficiary is not None and slot.beneficiary in helper.knows:
        found.append(Reason(True, "以前帮过这一家"))
    if slot.kind in helper.likes:
        found.append(Reason(True, f"愿意参加{words([slot.kind], ActivityKind)}"))
    return found


def _turn(days: int | None) -> Reason:
    if days is None:
        return Reason(True, "还没有邀请过")
    ago = f"上次邀请是 {days} 天前" if days else "今天刚邀请过"
    return Reason(days >= RESTED, ago)


def way_words(way: float) -> str:
    return f"相距约 {way:.0f} 米" if way < 1000 else f"相距约 {way / 1000:.1f} 公里"


def as_rows(reasons: list[Reason]) -> list[Mapping[str, object]]:
    """Return reasons as they are stored with an ask."""
    return [{"holds": one.holds, "words": one.words} for one in reasons]
