"""The subsidies of an assessment that stands, for the page of the funds they are paid from."""

from typing import Any

from django.urls import reverse

from assessments.models import QuarterAssessment
from assessments.workflow import Status
from gridparty.lib.periods import Quarter
from orgs.roles import VIEW, Noun
from orgs.scope import can
from partybuilding.payouts import PayoutList, payout_list


@payout_list
def subsidies(user: Any) -> PayoutList | None:
    """The newest quarter with final results in the user's reach."""
    if not can(user, Noun.ASSESSMENT, VIEW):
        return None
    final = QuarterAssessment.objects.visible_to(user).filter(
        status__in=(Status.FINAL, Status.APPLIED)
    )
    newest = final.order_by("-quarter").values_list("quarter", flat=True).first()
    if newest is None:
        return None
    label = f"{Quarter.parse(newest).label}考核补贴名单"
    return PayoutList(label, f"{reverse('assessments:results')}?quarter={newest}")
