"""What happens at a door of a campaign, and the end of its answers."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone

from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.fields import Sealed
from orgs.models import User
from residents.campaigns.questions import CHOSEN, field_of, read_answers, shown
from residents.campaigns.states import FOLLOWED_BY, DoorStatus, State
from residents.models import Campaign, CampaignDoor, CampaignQuestion, CampaignVisit
from residents.services.campaigns import close_campaign, follow_register, shift
from residents.services.reveal import require_reveals_left

describe_actions(
    campaign__visit="登记排查上门",
    campaign__reveal="查看排查敏感答案",
    campaign__purge="清除排查答案",
)
STALE = "这一户刚由别人登记过，您填的内容还在下面。请核对后再保存。"


@transaction.atomic
def record_visit(
    *,
    door: CampaignDoor,
    outcome: str,
    by: User | None,
    now: datetime,
    client_key: str,
    version: int,
    answers: Mapping[str, Any] | None = None,
    note: str = "",
) -> CampaignVisit:
    """Register a knock at a door that was read at `version`; the same key twice is one visit.

    `answers` are raw values by field name ("q12"). ValidationError per field for what cannot be
    an answer; "state" outside the round, "stale" when somebody else was faster.
    """
    door = CampaignDoor.objects.select_for_update().get(pk=door.pk)
    known = door.visits.filter(client_key=client_key).first()
    if known is not None:
        return known
    campaign = door.campaign
    _require_open(campaign, now)
    if door.version != version:
        raise ValidationError(STALE, code="stale")
    if outcome not in FOLLOWED_BY[DoorStatus(door.status)]:
        raise ValidationError("这一户已访，只能更正答案。", code="outcome")
    note = one_line(note, label="备注", longest=200, required=False)
    visit = CampaignVisit(
        door=door, outcome=outcome, note=note, at=now, by=by, client_key=client_key
    )
    if outcome == DoorStatus.VISITED:
        _take_answers(visit, door, answers or {})
    visit.save()
    tries = F("tries") + 1 if outcome == DoorStatus.ABSENT else F("tries")
    filled = visit if outcome == DoorStatus.VISITED else door.filled
    CampaignDoor.objects.filter(pk=door.pk, version=version).update(
        status=outcome, tries=tries, version=F("version") + 1, last_at=now, last_by=by,
        filled=filled,
    )  # fmt: skip
    record(
        by=by, action="campaign.visit", target=door, street=door.street_id,
        detail={"campaign": door.campaign_id, "outcome": str(outcome)},
    )  # fmt: skip
    return visit


def _require_open(campaign: Campaign, now: datetime) -> None:
    today = timezone.localdate(now)
    if campaign.state != State.OPEN or today > campaign.ends_on:
        raise ValidationError("这次排查已经结束，不能再登记。", code="state")
    if today < campaign.starts_on:
        raise ValidationError(
            f"这次排查从 {campaign.starts_on:%Y-%m-%d} 开始，还不能登记。", code="state"
        )


def _take_answers(visit: CampaignVisit, door: CampaignDoor, raw: Mapping[str, Any]) -> None:
    questions = list(door.campaign.questions.all())
    before = sealed_answers(door.filled)
    found, errors = read_answers(questions, raw, kept=frozenset(before))
    if errors:
        raise ValidationError({name: [sentence] for name, sentence in errors.items()})
    hidden = {field_of(question) for question in questions if question.sensitive}
    visit.answers = {key: value for key, value in found.items() if key not in hidden}
    # Blank keeps what is sealed: nobody is shown it again to type it anew.
    secret = before | {key: value for key, value in found.items() if key in hidden}
    visit.secrets = Sealed.of(json.dumps(secret, ensure_ascii=False) if secret else "")


def sealed_answers(visit: CampaignVisit | None) -> dict[str, Any]:
    """Return the sensitive answers of a visit, for the services; pages go by `reveal_answers`."""
    sealed: Sealed | None = visit.secrets if visit else None
    return dict(json.loads(sealed.reveal())) if sealed else {}


@transaction.atomic
def reveal_answers(*, door: CampaignDoor, purpose: str, by: User) -> list[tuple[str, str]]:
    """Return (question, answer) of the sensitive answers of a door, once, on the record.

    Counts against the same daily limit as identity numbers.
    """
    purpose = one_line(purpose, label="用途", longest=200)
    require_reveals_left(by)
    record(
        by=by, action="campaign.reveal", target=door, street=door.street_id, purpose=purpose,
        detail={"campaign": door.campaign_id, "household": door.household_id},
    )  # fmt: skip
    answers = sealed_answers(door.filled)
    questions = CampaignQuestion.objects.filter(campaign=door.campaign_id, sensitive=True)
    return [
        (one.text, shown(answers[field_of(one)])) for one in questions if field_of(one) in answers
    ]


@transaction.atomic
def purge_campaign(*, campaign: Campaign, now: datetime, by: User | None = None) -> int:
    """Erase every answer, sealed answer and note of a closed round; its counts stay. Return how many."""
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    shift(campaign, "purge", purged_at=now, tallies=tallies_of(campaign))
    visits = CampaignVisit.objects.filter(door__campaign=campaign)
    erased = visits.update(answers={}, secrets="", note="")
    record(
        by=by, action="campaign.purge", target=campaign, street=campaign.street_id,
        detail={"visits": erased},
    )  # fmt: skip
    return erased


def tallies_of(campaign: Campaign, doors: Any = None) -> dict[str, dict[str, int]]:
    """Return how often each option was chosen: field name → word → doors. Sensitive ones not.

    One grouping query a question; combinations of several options are few.
    """
    doors = campaign.doors.all() if doors is None else doors
    counts: dict[str, dict[str, int]] = {}
    for question in campaign.questions.all():
        if question.kind not in CHOSEN or question.sensitive:
            continue
        counter: Counter[str] = Counter()
        answered = doors.order_by().filter(filled__isnull=False)
        rows = answered.values_list(f"filled__answers__{field_of(question)}")
        for chosen, number in rows.annotate(number=Count("pk")):
            for word in chosen if isinstance(chosen, list) else [chosen]:
                counter[word] += number
        counts[field_of(question)] = {word: n for word, n in counter.items() if word is not None}
    return counts


def sweep_campaigns(now: datetime) -> dict[str, int]:
    """Close what is over, follow the register in what is open, erase what has been kept long enough.

    Idempotent: a second run, or one after days of outage, does what is still to be done.
    """
    today: date = timezone.localdate(now)
    done = {"closed": 0, "added": 0, "purged": 0}
    for campaign in Campaign.objects.over_on(today):
        close_campaign(campaign=campaign, by=None, today=today)
        done["closed"] += 1
    for campaign in Campaign.objects.open().select_related("under"):
        with transaction.atomic():
            done["added"] += follow_register(campaign)[0]
    for campaign in Campaign.objects.filter(state=State.CLOSED):
        if campaign.purge_on <= today:
            purge_campaign(campaign=campaign, now=now)
            done["purged"] += 1
    return done
