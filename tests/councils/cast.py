"""Short ways to seat a council and take a topic through its life; the actors are the town's."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from councils import services
from councils.catalog import Conclusion, Presence, SeatKind
from councils.models import Council, Meeting
from councils.services.meetings import Came, Spoken
from gridparty.lib.china_time import SHANGHAI
from tests.cases.cast import photo
from tests.town import Town

NOON = datetime(2026, 6, 3, 12, 0, tzinfo=SHANGHAI)
SEATS = (
    (SeatKind.BRANCH, "支书成"), (SeatKind.COMMITTEE, "居委甲"), (SeatKind.OWNERS, "业委乙"),
    (SeatKind.RESIDENT, "居民丙"), (SeatKind.PROPERTY, "物业丁"),
)  # fmt: skip


def council_of(town: Town, *, community: bool = False, seats: Any = SEATS) -> Any:
    council = services.found_council(
        community=town.community, grid=None if community else town.grid, by=None,
        name="联席会议" if community else "第1网格党群议事会", founded_on=date(2026, 1, 1),
    )  # fmt: skip
    for kind, name in seats:
        services.give_seat(
            council=council, kind=kind, name=name, start=date(2026, 1, 1), by=None,
            unit=town.partner if kind == SeatKind.RESIDENT_UNIT else None,
        )  # fmt: skip
    return council


def topic_of(council: Council, **more: Any) -> Any:
    facts: dict[str, Any] = {
        "title": "消防通道被占", "text": "底商货物占了消防通道，大家不安全。", "source": "resident",
        "by": None, "households": 100, "now": NOON,
    }  # fmt: skip
    return services.propose(council=council, **{**facts, **more})


def called(council: Council, *, now: datetime = NOON, days: int = 4) -> Any:
    return services.call_meeting(
        council=council, title="议事会议", kind="deliberate", place="党群服务站", by=None,
        starts_at=now + timedelta(days=days), now=now,
    )  # fmt: skip


def hold(
    meeting: Meeting, *, conclusion: str = Conclusion.ADOPTED, absent: Any = (),
    votes: tuple[int, int, int] | None = (4, 0, 0), heard: str = "",
) -> Any:  # fmt: skip
    """Write the minutes an hour after the meeting began; everybody came but `absent` kinds."""
    assert meeting.starts_at is not None
    attendance = [
        Came(seat, Presence.ABSENT, "出差") if seat.kind in absent else Came(seat, Presence.PRESENT)
        for seat in meeting.council.seats.all()
    ]
    spoken = [
        Spoken(
            item, conclusion, votes=votes, views=[("residents", "应当清走", "meeting")], heard=heard
        )
        for item in meeting.items.all()
    ]
    return services.record_meeting(
        meeting=meeting, attendance=attendance, spoken=spoken, minutes="逐条议过。", host="支书成",
        recorder="居委甲", by=None, now=meeting.starts_at + timedelta(hours=1),
    )  # fmt: skip


class Life:
    """A topic on its way; each step moves the clock on."""

    now: Any

    def __init__(self, town: Town, council: Council | None = None, **more: Any) -> None:
        self.town, self.now = town, NOON
        self.council = council or council_of(town)
        self.topic: Any = topic_of(self.council, **more)

    def go(self, name: str, **given: Any) -> Life:
        self.topic = services.move_topic(
            topic=self.topic, name=name, by=self.town.users["community_secretary"], now=self.now,
            **given,
        )  # fmt: skip
        return self

    def on_agenda(self) -> Life:
        return self.go("screen").go("set_agenda", meeting=called(self.council, now=self.now))

    def deliberating(self, **how: Any) -> Life:
        self.on_agenda()
        meeting = self.topic.items.last().meeting
        hold(meeting, **how)
        self.now = meeting.starts_at + timedelta(hours=2)
        return self.go("deliberate")

    def resolved(self) -> Life:
        self.deliberating()
        until = (self.now + timedelta(days=5)).date()
        return self.go("resolve", resolution="清走货物，划线禁停。", announce_until=until)

    def executing(self) -> Life:
        self.resolved()
        self.add_task()
        self.now += timedelta(days=7)
        return self.go("execute")

    def add_task(self) -> Any:
        return services.add_task(
            topic=self.topic, what="划禁停线", who="居委甲", due=date(2026, 7, 1),
            by=self.town.users["community_secretary"],
        )  # fmt: skip

    def supervising(self) -> Life:
        self.executing()
        task = self.topic.tasks.get()
        services.finish_task(
            task=task, on=self.now.date(), result="已划线", by=self.town.users["grid_head"]
        )
        return self.go("supervise", supervisors="居民丙")

    def closed(self) -> Life:
        self.supervising()
        return self.go("close", effect="good", result="通道畅通。", photos=[photo()])
