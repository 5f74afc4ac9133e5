"""Who gets to a campaign's pages: roles by the table, the deployed by their grid."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from orgs.roles import CREATE, SEES, Noun
from orgs.scope import can, refusal
from residents.campaigns.querysets import CampaignDoorQuerySet, deployed_to
from residents.models import Campaign, CampaignDoor, Deployment


def enter(user: Any) -> None:
    """Raise PermissionDenied unless the user has a role in campaigns, or was sent into a grid."""
    if not can(user, Noun.CAMPAIGN, SEES) and not deployed_to(user, Deployment.objects):
        raise PermissionDenied(refusal(user, Noun.CAMPAIGN, SEES))


def fetch_campaign(user: Any, pk: int, letters: str = SEES) -> Campaign:
    """Return the campaign; 404 out of scope, 403 in scope without the letters."""
    enter(user)
    campaign = Campaign.objects.visible_to(user).for_list().filter(pk=pk).first()
    if campaign is None:
        raise Http404
    if letters != SEES and not leads(user, campaign, letters):
        raise PermissionDenied(refusal(user, Noun.CAMPAIGN, letters))
    return campaign


def leads(user: Any, campaign: Campaign, letters: str = CREATE) -> bool:
    return Campaign.objects.visible_to(user, letters).filter(pk=campaign.pk).exists()


def doors_of(user: Any, campaign: Campaign, letters: str = SEES) -> CampaignDoorQuerySet:
    """Return the campaign's doors in the user's view; drafts have none."""
    doors: CampaignDoorQuerySet = CampaignDoor.objects.visible_to(user, letters)
    return doors.filter(campaign=campaign)
