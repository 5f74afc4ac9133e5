"""Campaigns: prepare a draft with its questions, open it, close it; doors follow the register."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Value
from django.utils import timezone

from gridparty.lib.text import clean_prose, has_nul
from grids.models import Building, Grid
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import OrgUnit, User
from orgs.roles import CREATE, Noun
from orgs.scope import refusal
from residents.campaigns.area import buildings_under, grids_under, households_of
from residents.campaigns.questions import (
    CHOSEN,
    MOST_QUESTIONS,
    QuestionKind,
    read_options,
)
from residents.campaigns.states import LONGEST_KEEP, MOVES, DoorStatus, State
from residents.models import Campaign, CampaignDoor, CampaignQuestion, Household

describe_actions(
    campaign__create="新建专项排查",
    campaign__edit="修改专项排查",
    campaign__discard="删除专项排查草稿",
    campaign__open="开始专项排查",
    campaign__close="结束专项排查",
)
_COPIED = (
    "district_id", "street_id", "community_id", "grid_id", "building_id", "sort_key",
)  # fmt: skip


@transaction.atomic
def create_campaign(*, under: OrgUnit, by: User | None, **facts: Any) -> Campaign:
    """Prepare a round as a draft; `facts` are those of `edit_campaign`."""
    campaign = Campaign(under=under, street=under.get_root(), created_by=by)
    parts = _take(campaign, facts)
    campaign.save()
    if by is not None and not Campaign.objects.visible_to(by, CREATE).filter(pk=campaign.pk):
        raise PermissionDenied(refusal(by, Noun.CAMPAIGN, CREATE))
    _narrow(campaign, **parts)
    _tell("campaign.create", campaign, by)
    return campaign


@transaction.atomic
def edit_campaign(*, campaign: Campaign, by: User | None, **facts: Any) -> Campaign:
    """Change a draft: name, purpose, starts_on, ends_on, keep_days, grids, buildings.

    Of an open round only the end may still be moved; what people are asked stays as announced.
    """
    campaign = _lock(campaign)
    if campaign.state == State.OPEN:
        facts = {"ends_on": facts["ends_on"], "starts_on": campaign.starts_on}
        _take_period(campaign, facts, today=timezone.localdate())
        campaign.save(update_fields=["ends_on"])
    else:
        _require_draft(campaign)
        parts = _take(campaign, facts)
        campaign.save()
        _narrow(campaign, **parts)
    _tell("campaign.edit", campaign, by)
    return campaign


def _take(campaign: Campaign, facts: dict[str, Any]) -> dict[str, Any]:
    """Put the plain facts on the campaign, judged; return the parts it is narrowed to."""
    campaign.name = one_line(facts["name"], label="名称", longest=60)
    purpose = facts["purpose"]
    if has_nul(purpose):
        raise ValidationError({"purpose": "有不可见的空字符，请删除后重新填写。"})
    campaign.purpose = clean_prose(purpose)
    if not 0 < len(campaign.purpose) <= 300:
        raise ValidationError({"purpose": "请写明排查依据和目的，最多 300 个字。"})
    _take_period(campaign, facts, today=None)
    campaign.keep_days = facts.get("keep_days", campaign.keep_days)
    if not 1 <= campaign.keep_days <= LONGEST_KEEP:
        raise ValidationError({"keep_days": f"请填 1 到 {LONGEST_KEEP} 天。"})
    return {"grids": facts.get("grids", ()), "buildings": facts.get("buildings", ())}


def _take_period(campaign: Campaign, facts: dict[str, Any], today: date | None) -> None:
    campaign.starts_on, campaign.ends_on = facts["starts_on"], facts["ends_on"]
    if campaign.ends_on < campaign.starts_on:
        raise ValidationError({"ends_on": "结束日期不能早于开始日期。"})
    if today is not None and campaign.ends_on < today:
        raise ValidationError({"ends_on": "结束日期已经过去；要马上结束，请点“结束排查”。"})


def _narrow(campaign: Campaign, grids: Any, buildings: Any) -> None:
    """Limit the round to chosen grids and buildings, which must lie in its area."""
    inside = grids_under(campaign.under).filter(pk__in=[one.pk for one in grids])
    if inside.count() < len(grids):
        raise ValidationError({"grids": "有网格不在所选范围内，请重新选择。"})
    houses = buildings_under(campaign.under).filter(pk__in=[one.pk for one in buildings])
    if houses.count() < len(buildings):
        raise ValidationError({"buildings": "有楼栋不在所选范围内，请重新选择。"})
    campaign.grids.set(grids)
    campaign.buildings.set(buildings)


@transaction.atomic
def save_question(
    *,
    campaign: Campaign,
    kind: str,
    text: str,
    by: User | None,
    question: CampaignQuestion | None = None,
    help: str = "",
    options: str = "",
    required: bool = True,
    sensitive: bool = False,
) -> CampaignQuestion:
    """Add a question at the end, or change `question`. Options are written one a line."""
    campaign = _lock(campaign)
    _require_draft(campaign)
    if kind not in QuestionKind.values:
        raise ValidationError({"kind": "没有这种题型。"})
    words: list[str] = []
    if kind in CHOSEN and kind != QuestionKind.YES_NO:
        try:
            words = read_options(options)
        except ValueError as refused:
            raise ValidationError({"options": str(refused)}) from None
    if question is None:
        count = campaign.questions.count()
        if count >= MOST_QUESTIONS:
            raise ValidationError(f"最多 {MOST_QUESTIONS} 个问题。问得越少，走得越快。")
        last = campaign.questions.order_by("order").last()
        question = CampaignQuestion(campaign=campaign, order=last.order + 1 if last else 1)
    question.kind, question.options = kind, words
    question.text = one_line(text, label="问题", longest=100)
    question.help = one_line(help, label="说明", longest=200, required=False)
    question.required, question.sensitive = required, sensitive
    question.save()
    _tell("campaign.edit", campaign, by)
    return question


@transaction.atomic
def drop_question(*, question: CampaignQuestion, by: User | None) -> None:
    campaign = _lock(question.campaign)
    _require_draft(campaign)
    question.delete()
    _tell("campaign.edit", campaign, by)


@transaction.atomic
def raise_question(*, question: CampaignQuestion, by: User | None) -> None:
    """Swap a question with the one before it; the first one stays where it is."""
    campaign = _lock(question.campaign)
    _require_draft(campaign)
    before = campaign.questions.filter(order__lt=question.order).order_by("order").last()
    if before is not None:
        before.order, question.order = question.order, before.order
        before.save(update_fields=["order"])
        question.save(update_fields=["order"])
        _tell("campaign.edit", campaign, by)


@transaction.atomic
def copy_campaign(*, campaign: Campaign, by: User | None, today: date) -> Campaign:
    """Start a new draft with the same area and questions: next month's round need not be typed."""
    days = campaign.ends_on - campaign.starts_on
    made = create_campaign(
        under=campaign.under, by=by, name=campaign.name, purpose=campaign.purpose,
        starts_on=today, ends_on=today + days, keep_days=campaign.keep_days,
        grids=list(campaign.grids.all()), buildings=list(campaign.buildings.all()),
    )  # fmt: skip
    for question in campaign.questions.all():
        question.pk, question.campaign = None, made
        question._state.adding = True
        question.save()
    return made


@transaction.atomic
def discard_campaign(*, campaign: Campaign, by: User | None) -> None:
    """Delete a draft; nothing hangs on it yet."""
    campaign = _lock(campaign)
    _require_draft(campaign)
    _tell("campaign.discard", campaign, by)
    campaign.delete()


@transaction.atomic
def open_campaign(*, campaign: Campaign, by: User | None, now: datetime | None = None) -> int:
    """Open the round and list its doors; return how many. Two at once: one of them is told."""
    now = now or timezone.now()
    campaign = _lock(campaign)
    if not campaign.questions.exists():
        raise ValidationError("还没有问题，请先添加至少一个。", code="questions")
    if campaign.ends_on < timezone.localdate(now):
        raise ValidationError("结束日期已经过去，请先修改日期。", code="date")
    shift(campaign, "open", opened_at=now)
    doors = add_doors(campaign)
    if not doors:
        raise ValidationError("这个范围里还没有登记住户，不能开始。", code="empty")
    _tell("campaign.open", campaign, by, doors=doors)
    return doors


@transaction.atomic
def close_campaign(*, campaign: Campaign, by: User | None, today: date) -> Campaign:
    """End the round; the answers are kept for `keep_days` from today."""
    campaign = _lock(campaign)
    shift(campaign, "close", closed_on=today)
    _tell("campaign.close", campaign, by)
    return campaign


def shift(campaign: Campaign, name: str, **values: Any) -> None:
    """Make one move of the table; exactly one row decides. ValidationError when it is not its turn."""
    move = MOVES[name]
    rows = Campaign.objects.filter(pk=campaign.pk, state=move.source)
    if rows.update(state=move.target, **values) != 1:
        raise ValidationError(
            f"这次排查现在是“{campaign.get_state_display()}”，不能“{move.label}”。", code="conflict"
        )
    campaign.refresh_from_db()


def add_doors(campaign: Campaign, only: Household | None = None) -> int:
    """List the households of the round that are not in it yet, in one statement; return how many."""
    known = CampaignDoor.objects.filter(campaign=campaign, household=OuterRef("pk"))
    rows = households_of(campaign).filter(~Exists(known))
    if only is not None:
        rows = rows.filter(pk=only.pk)
    selected = rows.order_by("sort_key", "id").annotate(
        in_campaign=Value(campaign.pk), at_status=Value(str(DoorStatus.TODO)),
        at_tries=Value(0), at_version=Value(1),
    )  # fmt: skip
    query = selected.values_list(
        "in_campaign", "pk", *_COPIED, "at_status", "at_tries", "at_version"
    ).query
    sql, params = query.sql_with_params()
    columns = ["campaign_id", "household_id", *_COPIED, "status", "tries", "version"]
    quote = connection.ops.quote_name
    table = quote(CampaignDoor._meta.db_table)
    names = ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        # Names are quoted, values are parameters.
        cursor.execute(f"INSERT INTO {table} ({names}) {sql} ON CONFLICT DO NOTHING", params)
        return int(cursor.rowcount)


def follow_register(campaign: Campaign) -> tuple[int, int]:
    """Take new households into an open round, and closed ones nobody met out; (added, dropped)."""
    gone = CampaignDoor.objects.filter(campaign=campaign, last_at=None)
    dropped, _ = gone.exclude(household__closed_on=None).delete()
    return add_doors(campaign), dropped


def join_open_campaigns(household: Household) -> None:
    """Put a household just registered into every open round of its area."""
    for campaign in Campaign.objects.open().filter(street=household.street_id):
        add_doors(campaign, only=household)


def _lock(campaign: Campaign) -> Campaign:
    rows = Campaign.objects.select_for_update(of=("self",)).select_related("under")
    return rows.get(pk=campaign.pk)


def _require_draft(campaign: Campaign) -> None:
    if campaign.state != State.DRAFT:
        raise ValidationError("排查已经开始，不能再改问题和范围。可以复制一份新的。", code="state")


def _tell(action: str, campaign: Campaign, by: User | None, **detail: int) -> None:
    record(by=by, action=action, target=campaign, street=campaign.street_id, detail=detail)


def parts_of(campaign: Campaign) -> tuple[list[Grid], list[Building]]:
    """Return the grids and buildings the round is narrowed to."""
    return list(campaign.grids.all()), list(campaign.buildings.select_related("compound"))
