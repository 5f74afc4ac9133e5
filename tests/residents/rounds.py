"""A campaign in the fixed town, for the tests of campaigns."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from residents.models import Campaign, CampaignDoor, Household
from residents.services.campaigns import create_campaign, open_campaign, save_question
from residents.services.rounds import record_visit


def draft(under: Any, *, by: Any = None, days: int = 14, **facts: Any) -> Campaign:
    """燃气软管 round: a yes/no, a choice, several, a number, a date, a text, and one sensitive."""
    today = timezone.localdate()
    campaign = create_campaign(
        under=under, by=by,
        **{"name": "燃气软管排查", "purpose": "按安委会通知，排查超期软管。", "starts_on": today,
           "ends_on": today + timedelta(days=days), "keep_days": 90, **facts},
    )  # fmt: skip
    for kind, text, required, options, sensitive in (
        ("yes_no", "软管是否超期", True, "", False),
        ("one", "气源", False, "天然气\n液化气\n不用气", False),
        ("several", "隐患", False, "老化、接头松、穿墙", False),
        ("number", "用气人数", False, "", False),
        ("date", "上次更换", False, "", False),
        ("text", "说明", False, "", False),
        ("text", "家中病人", False, "", True),
    ):
        save_question(
            campaign=campaign, kind=kind, text=text, required=required, options=options,
            sensitive=sensitive, by=by,
        )  # fmt: skip
    return campaign


def opened(under: Any, **facts: Any) -> Campaign:
    campaign = draft(under, **facts)
    open_campaign(campaign=campaign, by=None)
    campaign.refresh_from_db()
    return campaign


def field(campaign: Campaign, text: str) -> str:
    return f"q{campaign.questions.get(text=text).pk}"


def door_of(campaign: Campaign, household: Household | None) -> CampaignDoor:
    return CampaignDoor.objects.get(campaign=campaign, household=household)


def knock(door: CampaignDoor, outcome: str = "visited", *, by: Any = None, **more: Any) -> Any:
    """Knock once, answering 否 to the first question unless told otherwise."""
    door.refresh_from_db()
    first = door.campaign.questions.first()
    assert first is not None
    return record_visit(
        door=door, outcome=outcome, by=by,
        **{"now": timezone.now(), "client_key": f"key-{door.pk}-{door.version}",
           "version": door.version, "answers": {f"q{first.pk}": "否"}, **more},
    )  # fmt: skip


def day(offset: int) -> date:
    return timezone.localdate() + timedelta(days=offset)
