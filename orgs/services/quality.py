"""Rounds of the integrity checks: asked for, run in the background, what they find kept."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from celery import current_app
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from orgs.audit import describe_actions, record
from orgs.models import CheckFinding, CheckRound, OrgUnit, User
from orgs.quality import Asked, Check, all_checks, check_named
from orgs.services.jobs import logger

describe_actions(quality__check="重新检查数据")
State = CheckRound.State
KEEP = timedelta(days=60)
STALE_AFTER = timedelta(minutes=5)
_CHUNK = 2000
Told = Callable[[int, int], None]


@transaction.atomic
def ask_for_round(*, street: OrgUnit | None, by: User, code: str = "") -> CheckRound:
    """Queue a round over a street (None: all) by all checks or one; a waiting one is joined."""
    waiting = CheckRound.objects.unfinished().filter(street=street, code=code).first()
    if waiting is not None:
        return waiting
    asked = CheckRound.objects.create(street=street, code=code, asked_by=by)
    record(by=by, action="quality.check", target=asked, street=street and street.pk)
    transaction.on_commit(_send_hint, robust=True)
    return asked


def _send_hint() -> None:
    try:
        current_app.send_task("orgs.tasks.run_check_rounds", retry=False)
    except Exception as error:  # a broker that is down must not undo the wish
        logger.warning("no broker for the check hint: %s", type(error).__name__)


def run_waiting_rounds() -> int:
    """Run every round that waits, or whose worker died; return how many."""
    done = 0
    while (claimed := _claim()) is not None:
        run_round(claimed)
        done += 1
    return done


def _claim() -> CheckRound | None:
    now = timezone.now()
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, heartbeat_at__lt=now - STALE_AFTER)
    for one in CheckRound.objects.filter(free).select_related("street").order_by("id"):
        won = CheckRound.objects.filter(free, pk=one.pk).update(
            state=State.RUNNING, heartbeat_at=now
        )
        if won:
            return one
    return None


def run_round(asked: CheckRound) -> None:
    """Run the checks of a claimed round, telling its progress."""

    def tell(done: int, total: int) -> None:
        CheckRound.objects.filter(pk=asked.pk).update(
            done=done, total=total, heartbeat_at=timezone.now()
        )

    only = check_named(asked.code) if asked.code else None
    checks = all_checks() if not asked.code else [only] if only else []
    try:
        _run(checks, Asked(timezone.localdate(), asked.street), tell)
    except Exception as error:
        # The message of a database error may quote a value: only its kind is logged.
        logger.error("check round %s: %s", asked.pk, type(error).__name__)
        state = State.FAILED
    else:
        state = State.DONE
    CheckRound.objects.filter(pk=asked.pk).update(state=state, finished_at=timezone.now())


def run_checks(*, day: date) -> dict[str, int]:
    """Run every check over everything, as every night; return how many rows each found."""
    now = timezone.now()
    night = CheckRound(state=State.DONE, created_at=now)
    found = _run(all_checks(), Asked(day), lambda done, total: None)
    night.done = night.total = len(found)
    night.finished_at = timezone.now()
    night.save()
    CheckFinding.objects.filter(gone_at__lt=now - KEEP).delete()
    # A check that was taken out leaves nothing behind.
    CheckFinding.objects.exclude(code__in=list(found)).delete()
    CheckRound.objects.filter(finished_at__lt=now - KEEP).delete()
    return found


def _run(checks: Iterable[Check], asked: Asked, tell: Told) -> dict[str, int]:
    found: dict[str, int] = {}
    todo = list(checks)
    for one in todo:
        tell(len(found), len(todo))
        found[one.code] = _keep(one, asked)
    return found


@transaction.atomic
def _keep(check: Check, asked: Asked) -> int:
    """Store what the check finds now: new rows open, rows it no longer finds are gone."""
    now = timezone.now()
    found = set(check.look(asked).order_by().values_list("pk", flat=True))
    known = CheckFinding.objects.filter(code=check.code).open()
    if asked.street is not None:
        known = known.filter(target__in=check.within(asked).order_by().values("pk"))
    before = set(known.values_list("target", flat=True))
    _close(check.code, sorted(before - found), now)
    CheckFinding.objects.bulk_create(
        (
            CheckFinding(code=check.code, target=target, found_at=now)
            for target in sorted(found - before)
        ),
        batch_size=2000,
        ignore_conflicts=True,  # a round over one street beside the nightly one
    )
    return len(found)


def _close(code: str, targets: list[int], now: datetime) -> None:
    for start in range(0, len(targets), _CHUNK):
        gone = CheckFinding.objects.filter(code=code, target__in=targets[start : start + _CHUNK])
        gone.open().update(gone_at=now)
