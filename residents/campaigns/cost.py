"""What a round costs those who walk it, and the year so far: shown before it is opened (减负)."""

from collections.abc import Sequence
from dataclasses import dataclass

from residents.campaigns.area import households_of
from residents.campaigns.questions import hours, seconds_a_door
from residents.campaigns.states import State
from residents.models import Campaign, CampaignDoor, CampaignQuestion


@dataclass(frozen=True)
class Cost:
    """Hours of this round, and of the other rounds the same doors see in that year."""

    this: int
    others: int
    rounds: int

    @property
    def year(self) -> int:
        return self.this + self.others


def yearly_cost(campaign: Campaign, doors: int, questions: Sequence[CampaignQuestion]) -> Cost:
    """Return the estimated hours of this round, and of the year's other rounds at the same doors."""
    year = Campaign.objects.filter(
        starts_on__year=campaign.starts_on.year, street=campaign.street_id
    ).exclude(state=State.DRAFT).exclude(pk=campaign.pk)  # fmt: skip
    mine = CampaignDoor.objects.filter(household__in=households_of(campaign).values("pk"))
    figures = mine.filter(campaign__in=year).figures_by("campaign_id")
    spent = sum(
        hours(figures[one.pk]["total"], seconds_a_door(one.questions.all()))
        for one in year.filter(pk__in=figures).prefetch_related("questions")
    )
    return Cost(hours(doors, seconds_a_door(questions)), spent, len(figures))
