"""Who was there, and who objects: what the guards and the five-blade chart count."""

from dataclasses import dataclass

from councils.catalog import BLADES, HUB, OBJECTION_PERCENT, PARTY_OF, Party, Presence
from councils.models import Council, Meeting, Objection, Opinion, Topic


def parties_seated(council: Council) -> set[str]:
    """Return the parties with a standing seat."""
    kinds = council.seats.standing().values_list("kind", flat=True)
    return {PARTY_OF[kind] for kind in kinds if kind in PARTY_OF}


def parties_at(meeting: Meeting) -> set[str]:
    """Return the parties that came, or were represented."""
    came = meeting.attendances.exclude(presence=Presence.ABSENT)
    kinds = came.values_list("seat__kind", flat=True)
    return {PARTY_OF[kind] for kind in kinds if kind in PARTY_OF}


def votes_possible(meeting: Meeting) -> int:
    """How many votes there can be: the seats that came or were represented."""
    return meeting.attendances.exclude(presence=Presence.ABSENT).count()


@dataclass(frozen=True)
class Objections:
    """Objections to the resolution as it is announced now."""

    count: int
    of: int

    @property
    def percent(self) -> int:
        """Whole percent, rounded down; 0 when nobody knows how many are concerned."""
        return self.count * 100 // self.of if self.of else 0

    @property
    def too_many(self) -> bool:
        return self.of > 0 and self.count * 100 >= self.of * OBJECTION_PERCENT


def round_of(topic: Topic) -> int:
    """Which announcement runs: one more than how often it was taken back to the table."""
    return topic.events.filter(move="back").count() + 1


def objections_of(topic: Topic) -> Objections:
    count = Objection.objects.filter(topic=topic, round=round_of(topic)).count()
    return Objections(count, topic.households)


@dataclass(frozen=True)
class Blade:
    """One party's part in a topic: was it seated, did it come, how many views did it give."""

    party: str
    label: str
    seated: bool
    came: int
    opinions: int

    @property
    def took_part(self) -> bool:
        return self.came > 0 or self.opinions > 0


def blades_of(topic: Topic) -> list[Blade]:
    """Return hub and five blades with their part in this topic: three queries."""
    seated = parties_seated(topic.council)
    meetings = Meeting.objects.held().filter(items__topic=topic)
    came: dict[str, int] = {}
    rows = meetings.filter(attendances__presence__in=[Presence.PRESENT, Presence.PROXY])
    for kind in rows.values_list("attendances__seat__kind", flat=True):
        party = PARTY_OF.get(kind)
        if party:
            came[party] = came.get(party, 0) + 1
    spoken: dict[str, int] = {}
    for party in Opinion.objects.filter(topic=topic).values_list("party", flat=True):
        spoken[party] = spoken.get(party, 0) + 1
    return [
        Blade(
            party,
            str(Party(party).label),
            party in seated,
            came.get(party, 0),
            spoken.get(party, 0),
        )
        for party in (HUB, *BLADES)
    ]
