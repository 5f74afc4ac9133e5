"""Writing bulletins: drafted by the calendar, refreshed while a draft, frozen when issued."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from assessments.bulletins import collect, content_of, fingerprint_of
from assessments.models import Bulletin, BulletinItem, BulletinScheme
from assessments.workflow import BULLETIN_MOVES
from cases.models import Case
from gridparty.lib.china_time import local_date
from gridparty.lib.periods import Month
from orgs import audit
from orgs.models import OrgUnit, User
from orgs.roles import APPROVE, Noun
from orgs.scope import grants_with
from orgs.workdays import work_calendar

audit.describe_actions(
    bulletin__draft="起草月度通报", bulletin__issue="发布月度通报", bulletin__export="导出月度通报",
)  # fmt: skip
# The bulletin of a month belongs to this working day of the next.
DRAFT_WORKDAY = 3
BATCH = 1000
STALE = "通报已由他人发布或更新，请刷新后查看。"


def may_issue(user: User, street: OrgUnit) -> bool:
    """Say whether the user answers for the street's bulletins."""
    return any(grant.org_id == street.pk for grant in grants_with(user, Noun.ASSESSMENT, APPROVE))


def draft_due(now: datetime) -> int:
    """Draft the bulletins of the last month and the one before, as far as due and missing.

    Returns how many were drafted; a second run drafts nothing.
    """
    scheme = BulletinScheme.objects.filter(is_active=True).first()
    if scheme is None:
        return 0
    drafted = 0
    last = Month.of(now).previous()
    for month in (last.previous(), last):
        eve = month.end_day - timedelta(days=1)
        if local_date(now) < work_calendar().add_workdays(eve, DRAFT_WORKDAY):
            continue
        known = Bulletin.objects.filter(month=str(month)).values("street")
        cases = Case.objects.reported_in(month).exclude(street__in=known).order_by()
        for street in OrgUnit.objects.filter(pk__in=cases.values("street")).order_by("pk"):
            drafted += (
                draft(street=street, month=month, scheme=scheme, by=None, now=now) is not None
            )
    return drafted


def draft(
    *, street: OrgUnit, month: Month, scheme: BulletinScheme, by: User | None, now: datetime,
    version: int = 1, reason: str = "",
) -> Bulletin | None:  # fmt: skip
    """Write a draft with what is known at `now`; None when another run has just written it."""
    try:
        with transaction.atomic():
            bulletin = Bulletin.objects.create(
                street=street, month=str(month), scheme=scheme, version=version, reason=reason,
                cutoff=now, drafted_at=now,
            )  # fmt: skip
            _fill(bulletin, now)
            audit.record(
                by=by, action="bulletin.draft", target=bulletin, street=street,
                detail={"month": str(month), "version": version},
            )  # fmt: skip
    except IntegrityError:
        return None
    return bulletin


def _fill(bulletin: Bulletin, now: datetime) -> None:
    month = Month.parse(bulletin.month)
    items = collect(bulletin.street, month, bulletin.scheme, now)
    for item in items:
        item.bulletin = bulletin
    before = Bulletin.objects.filter(street=bulletin.street, month=str(month.previous()))
    bulletin.content = content_of(items, bulletin.scheme, before.order_by("-version").first())
    bulletin.cutoff = now
    bulletin.save(update_fields=["content", "cutoff"])
    BulletinItem.objects.filter(bulletin=bulletin).delete()
    BulletinItem.objects.bulk_create(items, batch_size=BATCH)


def _locked(bulletin: Bulletin, move: str, by: User) -> Bulletin:
    """Return the row locked, in a status the move starts from; raises with a sentence."""
    if not may_issue(by, bulletin.street):
        raise PermissionDenied("通报由街道党工委起草和发布，您不能操作。")
    fresh = Bulletin.objects.select_for_update(of=("self",)).select_related("street", "scheme")
    found = fresh.get(pk=bulletin.pk)
    if found.status not in BULLETIN_MOVES[move].sources:
        raise ValidationError(STALE)
    return found


@transaction.atomic
def refresh(*, bulletin: Bulletin, by: User, now: datetime) -> Bulletin:
    """Bring a draft up to `now`."""
    found = _locked(bulletin, "refresh", by)
    _fill(found, now)
    return found


@transaction.atomic
def issue(*, bulletin: Bulletin, by: User, now: datetime) -> Bulletin:
    """Freeze the draft as it was looked at; raises ValidationError when somebody was faster."""
    found = _locked(bulletin, "issue", by)
    if found.cutoff != bulletin.cutoff:
        raise ValidationError(STALE)
    move = BULLETIN_MOVES["issue"]
    won = Bulletin.objects.filter(pk=found.pk, status__in=move.sources).update(
        status=move.target, issued_by=by, issued_at=now, sha256=fingerprint_of(found)
    )
    if won != 1:
        raise ValidationError(STALE)
    audit.record(
        by=by, action="bulletin.issue", target=found, street=found.street,
        detail={"month": found.month, "version": found.version},
    )  # fmt: skip
    return Bulletin.objects.get(pk=found.pk)


def correct(*, bulletin: Bulletin, by: User, reason: str, now: datetime) -> Bulletin:
    """Begin a new version of an issued bulletin; the issued one stays as it is."""
    if not may_issue(by, bulletin.street):
        raise PermissionDenied("通报由街道党工委更正，您不能操作。")
    why = reason.strip()
    if not why:
        raise ValidationError("请写明更正原因。")
    if len(why) > 200:
        raise ValidationError("更正原因最多 200 字。")
    newest = Bulletin.objects.filter(street=bulletin.street, month=bulletin.month).first()
    if newest is None or newest.pk != bulletin.pk or not newest.is_issued:
        raise ValidationError("已有更新的版本，请在最新版本上更正。")
    made = draft(
        street=bulletin.street, month=Month.parse(bulletin.month), scheme=bulletin.scheme, by=by,
        now=now, version=bulletin.version + 1, reason=why,
    )  # fmt: skip
    if made is None:
        raise ValidationError("他人已开始更正，请刷新后查看。")
    return made
