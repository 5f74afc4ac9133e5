"""Topics: propose, and take along the table. `move_topic` is the only writer of a status."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cases.models import Case
from councils.catalog import MAX_NOTE, MAX_TEXT, MAX_TITLE, TopicSource
from councils.models import AgendaItem, Council, Topic, TopicEvent
from councils.notices import tell_escalated, tell_proposed
from councils.services.columns import columns_of
from councils.services.guards import GUARDS, Act
from councils.services.photos import clean_photos, keep_photos
from councils.services.texts import prose, public_prose
from councils.signals import topic_moved
from councils.workflow import BY_NAME, Status
from gridparty.lib.china_time import local_date
from grids.models import Building, Grid
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import User

describe_actions(
    topic__propose="提出议题", topic__edit="修改议题", topic__look="议题回看", topic__export="导出议题",
    **{f"topic__{move.name}": f"议题：{move.label}" for move in BY_NAME.values()},
)  # fmt: skip


@transaction.atomic
def propose(
    *,
    council: Council,
    title: str,
    text: str,
    source: str,
    by: User | None,
    grid: Grid | None = None,
    buildings: Sequence[Building] = (),
    households: int = 0,
    stakeholders: str = "",
    hot: bool = False,
    collect_until: date | None = None,
    origin: Case | None = None,
    photos: Sequence[IO[bytes]] = (),
    now: datetime | None = None,
) -> Topic:
    """Begin a topic in 征集意见. ValidationError by field; nothing is stored then.

    `by` None: proposed by a resident on the public page. Photos show the matter before.
    """
    now = now or timezone.now()
    if council.ended_on is not None:
        raise ValidationError("议事机构已撤销。")
    place = council.grid or grid
    if place is not None and place.community_id != council.community_id:
        raise ValidationError({"grid": "这个网格不属于本社区。"})
    if source not in TopicSource.values:
        raise ValidationError({"source": "请选择来源。"})
    if collect_until is not None and collect_until < local_date(now):
        raise ValidationError({"collect_until": "征集截止日期已经过去，请改晚一些。"})
    images = clean_photos(photos)
    topic = Topic(
        council=council, district_id=council.district_id, street_id=council.street_id,
        community_id=council.community_id, grid=place, source=source, origin=origin, hot=hot,
        collect_until=collect_until, created_by=by, created_at=now, status_since=now,
    )  # fmt: skip
    _fill(topic, title=title, text=text, households=households, stakeholders=stakeholders)
    topic.save()
    _set_buildings(topic, buildings)
    keep_photos(images, topic=topic, kind="before", by=by, now=now)
    TopicEvent.objects.create(topic=topic, move="propose", to_status=topic.status, by=by, at=now)
    record(
        by=by, action="topic.propose", target=topic, street=topic.street_id,
        detail={"source": source},
    )  # fmt: skip
    tell_proposed(topic)
    return topic


@transaction.atomic
def edit_topic(
    *, topic: Topic, by: User, title: str, text: str, households: int, stakeholders: str, hot: bool,
    collect_until: date | None, buildings: Sequence[Building] = (),
) -> Topic:  # fmt: skip
    """Revise a topic that has not been resolved yet."""
    if topic.status not in (Status.COLLECTING, Status.SCREENED, Status.AGENDA):
        raise ValidationError(f"议题{topic.status_label}，不能再改。")
    topic.hot, topic.collect_until = hot, collect_until
    _fill(topic, title=title, text=text, households=households, stakeholders=stakeholders)
    columns = ["hot", "collect_until", "title", "text", "households", "stakeholders"]
    topic.save(update_fields=columns)
    _set_buildings(topic, buildings)
    record(by=by, action="topic.edit", target=topic, street=topic.street_id)
    return topic


def _fill(topic: Topic, *, title: str, text: str, households: int, stakeholders: str) -> None:
    topic.title = public_prose(
        one_line(title, label="议题", longest=MAX_TITLE), "title", "议题", MAX_TITLE, required=True
    )
    topic.text = public_prose(text, "text", "情况和诉求", MAX_TEXT, required=True)
    topic.stakeholders = one_line(
        stakeholders, label="直接相关的人和单位", longest=200, required=False
    )
    if not 0 <= households <= 1_000_000:
        raise ValidationError({"households": "涉及户数应在 0 到 100 万之间。"})
    topic.households = households


def _set_buildings(topic: Topic, buildings: Sequence[Building]) -> None:
    if any(building.community_id != topic.community_id for building in buildings):
        raise ValidationError({"buildings": "所选楼栋不在本社区。"})
    topic.buildings.set(buildings)


@transaction.atomic
def move_topic(
    *,
    topic: Topic,
    name: str,
    by: User | None,
    now: datetime | None = None,
    photos: Sequence[IO[bytes]] = (),
    **given: Any,
) -> Topic:
    """Take a topic along one line of the table; exactly one row decides who came first.

    `given` are the move's needs: note, reason, category, meeting, resolution, announce_until,
    supervisors, effect, result. ValidationError by field, or code "stale" when it has moved on.
    """
    move = BY_NAME.get(name)
    if move is None:
        raise ValidationError("没有这个操作。")
    now = now or timezone.now()
    images = clean_photos(photos)
    fresh = Topic.objects.select_for_update().select_related("council").get(pk=topic.pk)
    if fresh.status not in move.sources:
        raise ValidationError(f"议题现在是“{fresh.status_label}”，不能{move.label}。", code="stale")
    act = Act(topic=fresh, move=move, by=by, now=now, given=given, photo_count=len(images))
    for guard in move.guards:
        GUARDS[guard](act)
    columns = columns_of(act)
    rows = Topic.objects.filter(pk=fresh.pk, status=fresh.status)
    if rows.update(status=move.target, status_since=now, **columns) != 1:
        raise ValidationError("议题刚被别人处理过，请刷新后再办理。", code="stale")
    # Files are no part of a transaction: a refusal above has stored none.
    keep_photos(images, topic=fresh, kind="after", by=by, now=now)
    if "meeting" in move.needs:
        AgendaItem.objects.get_or_create(topic=fresh, meeting=given["meeting"])
    event = TopicEvent.objects.create(
        topic=fresh, move=name, from_status=fresh.status, to_status=move.target, by=by, at=now,
        note=prose(given.get("note") or "", "note", "说明", MAX_NOTE, required=move.why),
    )  # fmt: skip
    record(
        by=by, action=f"topic.{name}", target=fresh, street=fresh.street_id,
        detail={"from": fresh.status, "event": event.pk},
    )  # fmt: skip
    fresh.refresh_from_db()
    if move.target == Status.ESCALATED:
        tell_escalated(fresh, event)
    topic_moved.send(sender=Topic, topic=fresh, move=move, event=event, by=by)
    return fresh


@transaction.atomic
def look_again(
    *, topic: Topic, lasted: bool, note: str, by: User, now: datetime | None = None
) -> Topic:
    """The 90-day look: it lasted, or it came back (then the topic is reopened)."""
    now = now or timezone.now()
    text = prose(note, "note", "回看情况", MAX_NOTE, required=True)
    rows = Topic.objects.filter(pk=topic.pk, status=Status.CLOSED, looked_at=None)
    if rows.update(looked_at=now) != 1:
        raise ValidationError("这个议题不需要回看，或已经回看过。", code="stale")
    TopicEvent.objects.create(
        topic=topic, move="look", from_status=Status.CLOSED, to_status=Status.CLOSED, by=by, at=now,
        note=text,
    )  # fmt: skip
    record(
        by=by, action="topic.look", target=topic, street=topic.street_id, detail={"lasted": lasted}
    )
    topic.refresh_from_db()
    return topic if lasted else move_topic(topic=topic, name="reopen", by=by, note=text, now=now)
