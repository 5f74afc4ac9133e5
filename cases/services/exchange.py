"""What else is written about other systems: the exchange log, mappings, and what was handed back."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases.models import (
    CategoryCode,
    ExchangeLog,
    ExternalOrder,
    ExternalSystem,
    SheetColumn,
)
from cases.scope import streets_served
from cases.services.refusals import invalid, not_allowed
from gridparty.lib.text import squash
from orgs import audit
from orgs.models import ImportJob, OrgUnit, User


def log_exchange(
    *, system: ExternalSystem, street: OrgUnit, way: str, carrier: str, rows: int,
    counts: Mapping[str, Any], by: User | None, digest: str = "", job: ImportJob | None = None,
) -> ExchangeLog:  # fmt: skip
    """Write one line of the exchange log; a job that runs twice has one line."""
    values = {
        "system": system, "street": street, "way": way, "carrier": carrier[:200], "rows": rows,
        "counts": dict(counts), "by": by, "digest": digest,
    }  # fmt: skip
    if job is None:
        return ExchangeLog.objects.create(**values)
    log, _ = ExchangeLog.objects.update_or_create(job=job, defaults=values)
    return log


@transaction.atomic
def hand_back(*, orders: Any, system: ExternalSystem, carrier: str, by: User) -> int:
    """Note which answers are given to the other system now; return how many. Logged by street."""
    now = timezone.now()
    done = 0
    streets = OrgUnit.objects.filter(pk__in=streets_served(by))
    for street in streets:
        mine = ExternalOrder.objects.filter(pk__in=orders.values("pk"), street=street)
        count = mine.update(handed_back_at=now)
        if count:
            log_exchange(
                system=system, street=street, way=ExchangeLog.Way.OUT, carrier=carrier,
                rows=count, counts={"answers": count}, by=by,
            )  # fmt: skip
            audit.record(
                by=by, action="order.hand_back", target=ExternalOrder, street=street,
                detail={"system": system.code, "rows": count},
            )  # fmt: skip
        done += count
    return done


@transaction.atomic
def map_category(*, code: CategoryCode, category: Any, by: User) -> CategoryCode:
    """Say which of our categories the other system's word means; for orders that come from now on."""
    _require_centre(code.street_id, by)
    code.category = category
    code.save(update_fields=["category"])
    audit.record(
        by=by, action="order.map", target=code, street=code.street_id,
        detail={"category": category.slug if category else ""},
    )  # fmt: skip
    return code


@transaction.atomic
def map_column(
    *, system: ExternalSystem, street: OrgUnit, header: str, column: str, by: User
) -> SheetColumn:
    """Remember what a header means, for this street's next sheet."""
    _require_centre(street.pk, by)
    word = squash(header)
    if not word or len(word) > 30:
        raise invalid({"header": "请填写表头，最多 30 字。"})
    row, _ = SheetColumn.objects.update_or_create(
        system=system, street=street, header=word, defaults={"column": column}
    )
    audit.record(by=by, action="order.map", target=row, street=street, detail={"column": column})
    return row


def _require_centre(street_id: int, by: User) -> None:
    if street_id not in streets_served(by):
        raise not_allowed("对照表由街道指挥中心维护。")
