"""What a council's resolution has set going here: fund lines that are not paid yet."""

from django.urls import reverse

from councils.models import Topic
from councils.work import Work, topic_work
from partybuilding.models import FundLine


@topic_work
def fund_lines(topic: Topic) -> list[Work]:
    """The spendings a topic asked for; done once paid."""
    rows = FundLine.objects.standing().filter(topic=topic)
    return [
        Work(
            f"经费：{row.what}", reverse("partybuilding:fund", args=[row.allocation_id]), row.state,
            row.paid_on is not None,
        )
        for row in rows
    ]  # fmt: skip
