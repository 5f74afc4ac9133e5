"""Writing the register: serials given once, months frozen for good."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from cases.ledger import all_rows, cases_of, fingerprint, header_of
from cases.ledger_columns import WHICH
from cases.ledger_registry import other_lists
from cases.models import Case, LedgerEntry, LedgerFreeze, LedgerScheme
from cases.scope import COMMUNITY_ROLES, STREET_ROLES
from cases.services.refusals import MoveRefused
from gridparty.lib.china_time import local
from gridparty.lib.periods import Month
from orgs import audit
from orgs.models import OrgUnit, User
from orgs.roles import EDIT, Noun
from orgs.scope import grants_with

PORTION = 2000
MOST_FROZEN = 20_000


def number_cases(*, scheme: LedgerScheme, communities: Collection[int], before: datetime) -> int:
    """Give serials to the communities' cases reported before, in the order of their reports.

    Each community counts anew every year. Returns how many were numbered; idempotent.
    """
    if not any(one["which"] in WHICH for one in scheme.lists):
        return 0  # no list of this scheme holds cases
    numbered = 0
    while portion := _number_portion(scheme, communities, before):
        numbered += portion
    return numbered


def _number_portion(scheme: LedgerScheme, communities: Collection[int], before: datetime) -> int:
    known = LedgerEntry.objects.filter(scheme=scheme, case=OuterRef("pk"))
    missing = (
        Case.objects.counted()
        .filter(~Exists(known), community__in=communities, created_at__lt=before)
        .order_by("created_at", "id")
        .values_list("pk", "community_id", "created_at")
    )
    if not missing[:1]:  # the usual answer: nothing to lock for
        return 0
    with transaction.atomic():
        LedgerScheme.objects.select_for_update().get(pk=scheme.pk)  # one at a time
        rows = list(missing.all()[:PORTION])
        last = _last_serials(scheme, {community for _, community, _ in rows})
        entries = []
        for pk, community, created_at in rows:
            year = local(created_at).year
            last[community, year] += 1
            entries.append(
                LedgerEntry(
                    scheme=scheme, scope_id=community, year=year, serial=last[community, year],
                    case_id=pk,
                )
            )  # fmt: skip
        LedgerEntry.objects.bulk_create(entries)
    return len(entries)


def _last_serials(scheme: LedgerScheme, communities: set[int]) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = defaultdict(int)
    rows = LedgerEntry.objects.filter(scheme=scheme, scope__in=communities).order_by()
    for scope, year, last in rows.values_list("scope", "year").annotate(last=Max("serial")):
        found[scope, year] = last
    return found


def may_freeze(user: User, scope: OrgUnit) -> bool:
    """Say whether the user keeps this unit's register: its community, or its street."""
    root_id = scope.get_root().pk
    return any(
        (grant.role in COMMUNITY_ROLES and grant.org_id == scope.pk)
        or (grant.role in STREET_ROLES and grant.org_id == root_id)
        for grant in grants_with(user, Noun.CASE, EDIT)
    )


@transaction.atomic
def freeze_month(
    *, scheme: LedgerScheme, scope: OrgUnit, month: Month, by: User, now: datetime
) -> list[LedgerFreeze]:
    """Keep all lists of a finished month as they are now; raises MoveRefused."""
    if not may_freeze(by, scope):
        raise MoveRefused("not_allowed", "台账由建账的社区或街道封存。")
    if month.end > now:
        raise MoveRefused("wrong_state", f"{month.label}还没有结束，月末以后才能封存。")
    LedgerScheme.objects.select_for_update().get(pk=scheme.pk)
    frozen = LedgerFreeze.objects.filter(scheme=scheme, scope=scope, month=str(month)).first()
    if frozen is not None:
        who = frozen.frozen_by.display_name
        raise MoveRefused("wrong_state", f"{month.label}的台账已由{who}封存，不能再改。")
    is_root = scope.parent_id is None
    cases = Case.objects.filter(street=scope) if is_root else Case.objects.filter(community=scope)
    communities = set(cases.order_by().values_list("community_id", flat=True).distinct())
    number_cases(scheme=scheme, communities=communities, before=month.end)
    made, others = [], other_lists()
    place = {"street" if is_root else "community": scope}
    for one in scheme.lists:
        other = others.get(one["which"])
        if other is not None:
            shown = other.shown(other.rows(by, place, month)[:MOST_FROZEN])
            made.append(
                _freeze(scheme, scope, month, one, [label for label, _ in other.header],
                        [row.cells for row in shown], by, now)
            )  # fmt: skip
            continue
        found = cases_of(cases, one["which"], month)
        if found.count() > MOST_FROZEN:
            raise MoveRefused(
                "invalid", f"“{one['title']}”超过 {MOST_FROZEN} 条，请由各社区分别封存。"
            )
        rows = list(all_rows(found, scheme, one["columns"], now))
        header = [label for label, _ in header_of(one["columns"])]
        made.append(_freeze(scheme, scope, month, one, header, rows, by, now))
    audit.record(
        by=by, action="ledger.freeze", target=scope, street=scope.get_root().pk,
        detail={"month": str(month), "scheme": scheme.code, "rows": [len(one.rows) for one in made]},
    )  # fmt: skip
    return made


def _freeze(
    scheme: LedgerScheme, scope: OrgUnit, month: Month, one: Any, header: list[str],
    rows: list[list[Any]], by: User, now: datetime,
) -> LedgerFreeze:  # fmt: skip
    title = f"{scope.name}{one['title']}（{month.label}）"
    return LedgerFreeze.objects.create(
        scheme=scheme, street=scope.get_root(), scope=scope, month=str(month),
        list_code=one["code"], title=title, header=header, rows=rows,
        sha256=fingerprint(title, header, rows), frozen_by=by, frozen_at=now,
    )  # fmt: skip


audit.describe_actions(ledger__freeze="封存台账", ledger__export="导出台账")
