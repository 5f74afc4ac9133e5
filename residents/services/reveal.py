"""Showing a masked number once: with a purpose, on the record, and not without limit."""

from datetime import datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from gridparty.lib.china_time import SHANGHAI
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.models import AuditEntry, User
from residents.models import Residency

describe_actions(resident__reveal="查看完整号码", resident__view="查看一户一档")
DAILY_LIMIT = 50
# Acts that uncover something sealed; they count together.
REVEALS = ("resident.reveal", "campaign.reveal")
FIELDS = {"id_number": "证件号码", "phone": "联系电话", "birth": "出生日期"}


class RevealLimit(ValidationError):
    """The user has seen enough for today."""


@transaction.atomic
def reveal(*, residency: Residency, field: str, purpose: str, by: User) -> str:
    """Return the plain value of one sealed field of a resident; the audit says who saw it and why.

    `field` is one of FIELDS. RevealLimit after 50 a day and user (domain brief §5.3); the caller
    has checked that the user keeps this household.
    """
    if field not in FIELDS:
        raise ValidationError("没有这一项。", code="field")
    count_reveal(
        by=by, target=residency.person, street=residency.household.street_id, purpose=purpose,
        detail={"field": field, "household": residency.household_id},
    )  # fmt: skip
    return str(getattr(residency.person, field).reveal())


def count_reveal(
    *, by: User, target: Model, street: int | None, purpose: str, detail: dict[str, Any]
) -> None:
    """Put one look at something sealed on the record, within the day's limit of the user."""
    purpose = one_line(purpose, label="用途", longest=200)
    require_reveals_left(by)
    record(
        by=by, action="resident.reveal", target=target, street=street, purpose=purpose,
        detail=detail,
    )  # fmt: skip


def require_reveals_left(by: User) -> None:
    """Raise RevealLimit when the user has uncovered enough for today. Call inside a transaction."""
    User.objects.select_for_update().get(pk=by.pk)  # two at once must not pass the limit together
    if reveals_today(by) >= DAILY_LIMIT:
        raise RevealLimit(
            f"您今天已查看 {DAILY_LIMIT} 次完整号码，达到上限，请明天再看。", code="limit"
        )


def reveals_today(user: User) -> int:
    """Return how many values the user has uncovered since midnight in China."""
    midnight = datetime.combine(timezone.localdate(), time.min, tzinfo=SHANGHAI)
    return AuditEntry.objects.filter(actor=user, action__in=REVEALS, at__gte=midnight).count()
