"""Writing the audit trail. Call `record` inside the transaction of the act it records."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models

from orgs.models import AuditEntry, OrgUnit, User


@dataclass(frozen=True)
class RequestFacts:
    """What the middleware knows about the request being served."""

    address: str | None = None
    request_id: str = ""


NO_REQUEST = RequestFacts()
current_request: ContextVar[RequestFacts] = ContextVar("current_request", default=NO_REQUEST)

# Every action an entry may carry, with its label. An app adds its own with `describe_actions`;
# a test fails for an action nobody described. Entries hold ids and codes only, so erasing a
# person needs no change here: the person row is erased, the id stays.
ACTIONS: dict[str, str] = {}


def describe_actions(**labels: str) -> None:
    """Register actions as keyword `noun__verb="中文"`; stored as "noun.verb"."""
    ACTIONS.update({name.replace("__", "."): label for name, label in labels.items()})


def record(
    *,
    by: User | None,
    action: str,
    target: models.Model | type[models.Model],
    street: OrgUnit | int | None = None,
    purpose: str = "",
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write one entry. `detail` must hold codes, counts and ids only, never personal data."""
    if action not in ACTIONS:
        raise KeyError(f"undescribed audit action {action!r}: add it with describe_actions")
    facts = current_request.get()
    return AuditEntry.objects.create(
        actor=by,
        action=action,
        target_kind=target._meta.label_lower,
        target_id=str(target.pk) if isinstance(target, models.Model) else "",
        street_id=street.pk if isinstance(street, OrgUnit) else street,
        purpose=purpose[:200],
        address=facts.address,
        request_id=facts.request_id,
        detail=detail or {},
    )


describe_actions(keys__rotate="更换加密密钥")
