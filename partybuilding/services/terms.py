"""Committees: elections with those who stay, terms put off, appointments, reminders."""

from collections.abc import Collection
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from orgs import services as orgs
from orgs.audit import describe_actions, record
from orgs.levels import Tier
from orgs.models import OrgPost, OrgUnit, PartyMember, Person, User
from orgs.roles import EDIT
from orgs.services.rules import check_active, check_may
from partybuilding.catalog import FIRST_TERM_YEAR, MOST_PUT_OFF, MOST_TERM_YEARS
from partybuilding.models import CommitteeTerm
from partybuilding.notices import tell_terms
from partybuilding.querysets.terms import posts_held
from partybuilding.services.texts import line

describe_actions(term__elect="登记换届", term__put_off="延期换届")


@transaction.atomic
def elect(
    *, org: OrgUnit, name: str, elected_on: date, due_on: date, by: User | None,
    staying: Collection[OrgPost] = (),
) -> CommitteeTerm:  # fmt: skip
    """Put down an election: the term before is closed, posts go on for those who stay.

    Also the first one put down ends the posts of who does not stay, as the form says.
    ValidationError by field: a day ahead or before the last election, dates reversed or absurd.
    """
    check_may(by, EDIT, org)
    check_active(org)
    if org.tier == Tier.GROUP:
        raise ValidationError("党小组只设组长，没有届期。")
    if elected_on > timezone.localdate():
        raise ValidationError({"elected_on": "换届还没有举行，选完再登记。"})
    if elected_on.year < FIRST_TERM_YEAR:
        raise ValidationError({"elected_on": f"早于 {FIRST_TERM_YEAR} 年，请检查年份。"})
    if due_on <= elected_on:
        raise ValidationError({"due_on": "届满日期应晚于换届日期，请改正。"})
    if due_on.year - elected_on.year > MOST_TERM_YEARS:
        raise ValidationError({"due_on": f"离换届超过 {MOST_TERM_YEARS} 年，请检查年份。"})
    before = CommitteeTerm.objects.select_for_update().filter(org=org, ended_on=None).first()
    if before is not None and elected_on <= before.elected_on:
        day = f"{before.elected_on:%Y-%m-%d}"
        raise ValidationError({"elected_on": f"应晚于上一届的换届日期 {day}。"})
    words = line(name, "name", "届次", 20)
    if before is not None:
        CommitteeTerm.objects.filter(pk=before.pk).update(ended_on=elected_on)
    _hand_over(org, elected_on, words, {one.pk for one in staying}, by)
    found = CommitteeTerm.objects.create(
        org=org, name=words, elected_on=elected_on, due_on=due_on, by=by
    )
    record(by=by, action="term.elect", target=found, street=org.get_root())
    return found


def _hand_over(
    org: OrgUnit, elected_on: date, term: str, staying: set[int], by: User | None
) -> None:
    """End the posts of the term before; who stays holds the same post in the new one."""
    eve = elected_on - timedelta(days=1)
    # A post that ends on the eve anyway has nothing to be ended.
    held = posts_held(eve).filter(org_unit=org).exclude(end=eve)
    for post in held.select_related("person", "org_unit"):
        orgs.end_post(post=post, end=eve, by=by)
        if post.pk in staying:
            orgs.appoint(
                person=post.person, org_unit=org, kind=post.kind, start=elected_on, term=term,
                source_identity=post.source_identity, by=by,
            )  # fmt: skip


@transaction.atomic
def put_off(*, term: CommitteeTerm, due_on: date, reason: str, by: User | None) -> CommitteeTerm:
    """Move the end of a term once, by a year at most."""
    check_may(by, EDIT, term.org)
    if term.put_off:
        raise ValidationError("这一届已经延过一次，不能再延，请尽快换届。")
    if not 0 < (due_on - term.due_on).days <= MOST_PUT_OFF:
        raise ValidationError(
            {"due_on": f"延期后的日期应晚于 {term.due_on:%Y-%m-%d}，最多延一年。"}
        )
    words = line(reason, "reason", "延期原因", 200)
    rows = CommitteeTerm.objects.filter(pk=term.pk, ended_on=None, due_on=term.due_on)
    if rows.update(due_on=due_on, put_off=words) != 1:
        raise ValidationError("这一届已经换届或改过日期，请刷新后再看。", code="stale")
    record(
        by=by, action="term.put_off", target=term, street=term.org.get_root(),
        detail={"from": term.due_on.isoformat(), "to": due_on.isoformat()},
    )  # fmt: skip
    term.refresh_from_db()
    return term


def member_named(name: str, org: OrgUnit) -> Person:
    """Find a member of the street by name, those of the organisation first.

    ValidationError at `name`: nobody is called so, or several are.
    """
    members = PartyMember.objects.filter(
        left_on=None, person__name=name.strip(), org_unit__tree_id=org.tree_id
    )
    own = members.filter(org_unit__lft__gte=org.lft, org_unit__rght__lte=org.rght)
    for rows in (own, members):
        found = list(rows.select_related("person")[:2])
        if len(found) == 1:
            person: Person = found[0].person
            return person
        if found:
            raise ValidationError({"name": "有几位同名的党员，请在管理后台“任职”里按人员选择。"})
    raise ValidationError({"name": "党员名册里没有这个姓名，请先登记党员。"})


@transaction.atomic
def appoint(
    *, org: OrgUnit, name: str, kind: str, source_identity: str, start: date, by: User | None
) -> OrgPost:
    """Give a vacant post to a member, within the present term."""
    check_may(by, EDIT, org)
    if start > timezone.localdate():
        raise ValidationError({"start": "任职日期不能在今天以后。"})
    open_term = CommitteeTerm.objects.filter(org=org, ended_on=None).first()
    return orgs.appoint(
        person=member_named(name, org), org_unit=org, kind=kind, start=start, by=by,
        source_identity=source_identity, term=open_term.name if open_term else "",
    )  # fmt: skip


@transaction.atomic
def watch_terms(*, today: date) -> int:
    """The daily sweep: each term is told once half a year before its end, once when it is over."""
    soon = list(CommitteeTerm.objects.expiring(today).select_related("org__parent__parent__parent"))
    gone = list(CommitteeTerm.objects.expired(today).select_related("org__parent__parent__parent"))
    tell_terms(soon, "soon")
    tell_terms(gone, "gone")
    return len(soon) + len(gone)
