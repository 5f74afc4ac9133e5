"""两级议事 and 五彩风车 of the demonstration: councils, past meetings, topics in every stage."""

import io
from datetime import datetime, timedelta
from typing import Any

from councils import services
from councils.catalog import Conclusion, Presence, SeatKind
from councils.models import Council, Meeting, Topic
from councils.services.meetings import Came, Spoken
from gridparty.demo.photos import draw_photos
from gridparty.demo.shapes import DEMO_COMMUNITY, HAIHENG, HUANGSHAN
from gridparty.demo.world import CommunityFacts, GridFacts, TreeFacts, World
from gridparty.lib.china_time import local_date
from orgs.models import User

_SEATS = (
    (SeatKind.BRANCH, "支部书记"), (SeatKind.COMMITTEE, "居委会主任"), (SeatKind.OWNERS, "业委会主任"),
    (SeatKind.RESIDENT, "居民代表"), (SeatKind.PROPERTY, "物业经理"),
)  # fmt: skip
_SURNAMES = "赵钱孙李周吴郑王冯陈"


def build_councils(world: World, now: datetime) -> None:
    """Seat councils in 海恒 and 黄山, hold meetings of the past months, take topics along."""
    haiheng = world.tree(HAIHENG.key)
    community = next(one for one in haiheng.communities if one.plan.code == DEMO_COMMUNITY)
    photos = draw_photos(world.setting.rng("councils"))
    higher = _community_council(haiheng, community, now)
    councils = [_grid_council(facts, now) for facts in community.grids[:3]]
    for months in (3, 2, 1):
        _meet(higher, now - timedelta(days=30 * months), [])
    _topics(councils, now, community.secretary, photos)
    mountain = world.tree(HUANGSHAN.key)
    for one in mountain.communities:
        conference = _community_council(mountain, one, now)
        for days in (80, 50, 20):
            _meet(conference, now - timedelta(days=days), [])
    services.open_slots(today=local_date(now))


def _names(seed: int) -> str:
    return f"{_SURNAMES[seed % len(_SURNAMES)]}代表"


def _community_council(tree: TreeFacts, community: CommunityFacts, now: datetime) -> Council:
    """A joint conference with the units of the street at the table."""
    founded = local_date(now - timedelta(days=400))
    council = services.found_council(
        community=community.org, grid=None, name=f"{community.org.name}党建联席会议"[:60], by=None,
        founded_on=founded, every_months=1, rules="每月一次例会；议题提前 3 天公布；一席一票，过半通过。",
    )  # fmt: skip
    for seed, (kind, duty) in enumerate(_SEATS):
        services.give_seat(
            council=council, kind=kind, name=_names(seed), duty=duty, start=founded, by=None
        )
    own = [unit for unit in tree.units.values() if unit.street_id]
    for seed, unit in enumerate(own[:32]):
        services.give_seat(
            council=council, kind=SeatKind.RESIDENT_UNIT, name=_names(seed + 3), unit=unit,
            duty="联络员", start=founded, by=None,
        )  # fmt: skip
    return council


def _grid_council(facts: GridFacts, now: datetime) -> Council:
    founded = local_date(now - timedelta(days=300))
    council = services.found_council(
        community=facts.grid.community, grid=facts.grid, name=f"{facts.grid.name}党群议事会",
        founded_on=founded, by=None,
    )  # fmt: skip
    for seed, (kind, duty) in enumerate(_SEATS):
        services.give_seat(
            council=council, kind=kind, name=_names(seed + facts.grid.pk), duty=duty,
            start=founded, by=None,
        )  # fmt: skip
    return council


def _meet(
    council: Council, at: datetime, topics: list[Topic], conclusion: str = Conclusion.ADOPTED
) -> Meeting:
    """Call a meeting four days ahead of `at`, and write its minutes an hour after it began."""
    meeting = _call(council, at)
    for topic in topics:
        services.move_topic(
            topic=topic, name="set_agenda", by=None, meeting=meeting, now=at - timedelta(days=4)
        )
    seats = list(council.seats.standing())
    attendance = [
        Came(seat, Presence.ABSENT, "出差") if number % 9 == 8 else Came(seat, Presence.PRESENT)
        for number, seat in enumerate(seats)
    ]
    came = sum(one.presence == Presence.PRESENT for one in attendance)
    spoken = [
        Spoken(
            item, conclusion, "", "方案一：划线并加装护栏；方案二：只张贴告示。", (came, 0, 0),
            views=[("residents", "希望尽快办，别反弹", "meeting"), ("property", "愿意每天巡查", "meeting")],
            heard="两家底商和物业经理到会" if item.topic.stakeholders else "",
        )
        for item in meeting.items.all()
    ]  # fmt: skip
    services.record_meeting(
        meeting=meeting, attendance=attendance, spoken=spoken, host=seats[0].name, by=None,
        recorder=seats[1].name, minutes="通报上月情况，逐项商议本月议题。", now=at + timedelta(hours=1),
    )  # fmt: skip
    return meeting


def _call(council: Council, at: datetime) -> Meeting:
    return services.call_meeting(
        council=council, title=f"{council.name}例会"[:60], kind="deliberate", starts_at=at,
        place="社区党群服务中心", by=None, now=at - timedelta(days=4),
    )  # fmt: skip


def _topics(councils: list[Council], now: datetime, by: User | None, photos: list[bytes]) -> None:
    """One topic in each stage; the words are invented after the report's examples."""
    first, second, third = councils

    def picture(number: int) -> list[io.BytesIO]:
        return [io.BytesIO(photos[number % len(photos)])]

    fire = services.propose(
        council=first, title="小区消防通道长期被占", source="resident", households=210, hot=True, by=by,
        text="底商货物和私家车占了消防通道，救护车进不来，居民多次反映。",
        stakeholders="底商经营户、物业公司", photos=picture(0), now=now - timedelta(days=75),
    )  # fmt: skip
    _take_to_resolution(fire, now - timedelta(days=66), by)
    task = services.add_task(
        topic=_fresh(fire), what="清走占道物品，划禁停线", who="物业经理",
        due=local_date(now - timedelta(days=40)), by=by,
    )  # fmt: skip
    _go(fire, "execute", now - timedelta(days=58), by)
    services.finish_task(
        task=task, on=local_date(now - timedelta(days=45)), result="已划线 12 处，加装护栏", by=by
    )
    _go(fire, "supervise", now - timedelta(days=40), by, supervisors="3 栋、5 栋居民代表")
    services.move_topic(
        topic=_fresh(fire), name="close", by=by, now=now - timedelta(days=35), effect="good",
        result="消防通道畅通，物业每天巡查两次，一个月没有反弹。", photos=picture(3),
    )  # fmt: skip
    charge = services.propose(
        council=first, title="加装电动车集中充电棚", source="branch", households=160, by=by,
        text="飞线充电屡禁不止，居民希望在空地建充电棚。", photos=picture(1),
        now=now - timedelta(days=30),
    )  # fmt: skip
    _take_to_resolution(charge, now - timedelta(days=22), by)
    services.add_task(
        topic=_fresh(charge), what="确定选址和收费办法", who="居委会主任",
        due=local_date(now + timedelta(days=10)), by=by,
    )  # fmt: skip
    _go(charge, "execute", now - timedelta(days=14), by)
    lift = services.propose(
        council=second, title="老楼加装电梯意愿征求", source="resident", households=48, by=by,
        text="老人上下楼困难，想先摸清各户意愿和出资办法。", now=now - timedelta(days=6),
        collect_until=local_date(now + timedelta(days=20)),
    )  # fmt: skip
    _go(lift, "screen", now - timedelta(days=4), by)
    market = services.propose(
        council=third, title="农贸市场升级改造期间临时摆摊点", source="online", households=500, by=None,
        text="市场改造，附近居民买菜不便，希望商量一个临时摆摊的地方。", now=now - timedelta(days=2),
    )  # fmt: skip
    services.add_opinion(
        topic=market, text="放在停车场东侧比较合适", way="paper", by=by, party="residents"
    )


def _take_to_resolution(topic: Topic, at: datetime, by: User | None) -> None:
    """Screen, put on the agenda, hold the meeting on `at`, resolve two hours later."""
    _go(topic, "screen", at - timedelta(days=5), by)
    _meet(topic.council, at, [_fresh(topic)])
    _go(topic, "deliberate", at + timedelta(hours=2), by)
    services.move_topic(
        topic=_fresh(topic), name="resolve", by=by, now=at + timedelta(hours=3),
        resolution="按方案一办理：由物业牵头，居委会督促，一个月内完成，费用从公共收益列支。",
        announce_until=local_date(at + timedelta(days=6)),
    )  # fmt: skip


def _go(topic: Topic, name: str, at: datetime, by: User | None, **given: Any) -> None:
    services.move_topic(topic=_fresh(topic), name=name, by=by, now=at, **given)


def _fresh(topic: Topic) -> Topic:
    return Topic.objects.get(pk=topic.pk)
