"""The monthly bulletins of the demonstration: last month's issued, as its street would on the day."""

from datetime import datetime

from assessments.issuing import draft_due, issue, may_issue
from assessments.models import Bulletin
from gridparty.demo.accounts import CAST
from orgs.models import User


def build_bulletins(now: datetime) -> None:
    """Draft what is due through the real sweep and issue the streets' that have an office."""
    draft_due(now)
    users = User.objects.filter(username__in=[account.username for account in CAST]).order_by("pk")
    offices = list(users)
    for bulletin in Bulletin.objects.select_related("street").order_by("month", "pk"):
        by = next((user for user in offices if may_issue(user, bulletin.street)), None)
        if by is not None:
            issue(bulletin=bulletin, by=by, now=now)
