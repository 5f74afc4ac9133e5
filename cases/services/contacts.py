"""Who may know the reporter (domain brief §5.2 and §5.3): hidden, masked, or on asking with a purpose."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cases.models import AppReport, Case
from cases.services.actors import sides_of
from cases.workflow import Who
from gridparty.lib.masking import mask_name, mask_phone
from orgs import audit
from orgs.fields import Sealed
from orgs.models import User

_MAY_ASK = frozenset(
    {Who.GRID_HEAD, Who.GRID_WORKER, Who.COMMUNITY, Who.STREET, Who.UNIT, Who.REVISITOR}
)
# A confidential reporter (举报) is known to the street and the revisitor only, never to a handler.
_MAY_ASK_CONFIDENTIAL = frozenset({Who.STREET, Who.REVISITOR})


@dataclass(frozen=True)
class Contact:
    """What a page shows of the reporter. `level`: none, hidden, masked, full; `may_reveal`: button.

    `other` is what an app was left beside a phone number of ours, "" while masked.
    """

    level: str
    name: str = ""
    phone: str = ""
    other: str = ""
    may_reveal: bool = False
    has_more: bool = False
    why: str = ""


def contact_for(case: Case, user: User | None, *, as_reporter: bool = False) -> Contact:
    """Return the reporter's contact as this user may see it without asking."""
    sides = set(sides_of(case, user, as_reporter=as_reporter))
    allowed = _MAY_ASK_CONFIDENTIAL if case.confidential else _MAY_ASK
    # A confidential reporter stays hidden from whoever handles, whatever else they are; also one
    # who left no contact: the log-in that reported is a name, too.
    may_reveal = bool(sides & allowed) and not (case.confidential and Who.UNIT in sides)
    if case.confidential and not may_reveal and Who.REPORTER not in sides:
        return Contact("hidden", why="保密反映，不显示反映人")
    other = _left_with_app(case)
    if case.anonymous or not (case.reporter_name or case.reporter_phone or other):
        return Contact("none", why="匿名反映" if case.anonymous else "没有留下联系方式")
    if Who.REPORTER in sides:
        return _full(case, other)
    masked_phone = case.reporter_phone.masked(mask_phone)
    return Contact(
        "masked", mask_name(case.reporter_name), masked_phone, may_reveal=may_reveal,
        has_more=bool(other),
    )  # fmt: skip


@transaction.atomic
def reveal_contact(*, case: Case, by: User, purpose: str) -> Contact:
    """Return name and phone in full and record who asked and why; raises PermissionDenied."""
    contact = contact_for(case, by)
    if contact.level == "full":
        return contact
    if not contact.may_reveal:
        raise PermissionDenied(contact.why or "您不能查看反映人的联系方式。")
    if not purpose.strip():
        raise PermissionDenied("请说明查看联系方式的用途。")
    audit.record(
        by=by, action="case.reveal_contact", target=case, street=case.street_id,
        purpose=purpose.strip(),
    )  # fmt: skip
    return _full(case, _left_with_app(case))


def _full(case: Case, other: Sealed | None) -> Contact:
    phone = case.reporter_phone.reveal()
    return Contact("full", case.reporter_name, phone, other.reveal() if other else "")


def _left_with_app(case: Case) -> Sealed | None:
    """Return what the reporter left with an app beside a phone number of ours."""
    known = AppReport.of_case(case)
    return known.contact if known and known.contact else None
