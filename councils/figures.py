"""The figures over the lists. Each is a queryset's count, with the address of that very list."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from councils.querysets import CouncilQuerySet, MeetingQuerySet, TopicQuerySet
from councils.workflow import Stage
from gridparty.lib.periods import Month


@dataclass(frozen=True)
class Figure:
    label: str
    value: int
    unit: str
    url: str = ""
    level: str = ""


def topic_figures(topics: TopicQuerySet, day: date) -> list[Figure]:
    """Topics by stage, and what waits: seven counts."""
    page = reverse("councils:topics")
    found = [
        Figure(
            str(stage.label), topics.in_stage(stage).open().count(), "个", f"{page}?stage={stage}"
        )
        for stage in Stage
    ]
    solved = topics.solved()
    late, out = topics.with_late_tasks(day).count(), topics.announced_out(day).count()
    look = topics.to_look_again(day).count()
    found += [
        Figure(
            "解决热难点问题", solved.filter(hot=True).count(), "个", f"{page}?show=solved&hot=1"
        ),
        Figure("已办结", solved.count(), "个", f"{page}?show=solved"),
        Figure("任务超期", late, "个", f"{page}?show=late", "red" if late else ""),
        Figure("公示期满待实施", out, "个", f"{page}?show=out", "yellow" if out else ""),
        Figure("该回看", look, "个", f"{page}?show=look", "yellow" if look else ""),
    ]
    return found


def meeting_figures(meetings: MeetingQuerySet, year: int, day: date) -> list[Figure]:
    """Meetings held in a year and the distinct units that came (329次、592家)."""
    page = reverse("councils:meetings")
    held = meetings.between(Month(year, 1).start, Month(year, 12).end)
    late = meetings.late(day).count()
    return [
        Figure(f"{year} 年召开", held.count(), "次", f"{page}?show=held&year={year}"),
        Figure("参加单位", held.units().count(), "家", f"{reverse('councils:units')}?year={year}"),
        Figure("待召开", meetings.ahead().count(), "次", f"{page}?show=ahead"),
        Figure("应开未开", late, "次", f"{page}?show=late", "red" if late else ""),
    ]


def council_figures(councils: CouncilQuerySet, grids: Any, day: date) -> list[Figure]:
    """Councils by level, grids without one, and cadences missed."""
    page = reverse("councils:councils")
    standing = councils.standing()
    late = standing.overdue(day).count()
    gaps = grids.count()
    return [
        Figure("网格党群议事会", standing.filter(level="grid").count(), "个", f"{page}?level=grid"),
        Figure(
            "社区党建联席会议", standing.filter(level="community").count(), "个",
            f"{page}?level=community",
        ),
        Figure("未成立议事会的网格", gaps, "个", f"{page}?level=gap", "yellow" if gaps else ""),
        Figure("该开没开的", late, "个", f"{page}?level=late", "red" if late else ""),
    ]  # fmt: skip
