"""Finding the person a team form names: one of ours, or somebody new."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from gridparty.lib.phones import parse_phones
from grids.texts import one_line
from orgs.audit import describe_actions, record
from orgs.keys import fingerprint
from orgs.models import OrgUnit, Person, User

describe_actions(person__create="登记人员")


@transaction.atomic
def find_or_add_person(*, name: str, phone: str, street: OrgUnit, by: User | None) -> Person:
    """Return the person of this name known by the phone, or among the street's own people.

    The street's own people are its party members, post holders and users. Nobody found: a new
    person. ValidationError: an unreadable phone, or several people of this name and no phone.
    """
    name = one_line(name, label="姓名", longest=60)
    parsed = parse_phones(one_line(phone, label="联系电话", longest=60, required=False))
    if parsed.problems:
        raise ValidationError({"phone": f"{parsed.problems[0]}。"})
    namesakes = Person.objects.filter(name=name, died_on=None)
    if parsed.numbers:
        known = namesakes.filter(phone_fingerprint=fingerprint(parsed.numbers[0])).first()
        if known is not None:
            return known
    tree = street.tree_id or 0
    ours = namesakes.filter(
        Q(membership__org_unit__tree_id=tree, membership__left_on=None)
        | Q(posts__org_unit__tree_id=tree, posts__end=None)
        | Q(user__roles__org_unit__tree_id=tree)
        | Q(grid_posts__grid__street=street)
    ).distinct()[:2]
    if len(ours) == 1:
        return ours[0]
    if len(ours) > 1 and not parsed.numbers:
        raise ValidationError({"phone": "有多位同名人员，请填写手机号以便区分。"})
    person = Person(name=name)
    person.seal_identity(phone=";".join(parsed.numbers))
    person.save()
    record(by=by, action="person.create", target=person, street=street)
    return person
