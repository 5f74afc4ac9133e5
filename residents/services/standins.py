"""When a head goes: the group leader of the building looks after the doors until they are assigned."""

from datetime import date, timedelta

from django.db import transaction

from orgs.audit import describe_actions, record
from orgs.levels import PostKind
from orgs.models import OrgPost, Person, User
from residents.models import LinkedHousehold

describe_actions(head__stand_in="联系户交党小组组长临时代管")


@transaction.atomic
def hand_to_leaders(*, head: Person, on: date, by: User | None) -> int:
    """End the head's links on `on`; return how many households a group leader looks after now.

    Doors of a building without a living group leader are left without anybody, and are listed.
    """
    links = list(
        LinkedHousehold.objects.select_for_update(of=("self",))
        .filter(head=head, end=None)
        .select_related("household")
        .order_by("id")
    )
    LinkedHousehold.objects.filter(pk__in=[link.pk for link in links]).update(
        end=on - timedelta(days=1)
    )
    leaders = _leaders(links, head, on)
    fresh = [
        LinkedHousehold(
            head_id=leaders[link.household.building_id], household=link.household, start=on,
            temporary=True,
        )
        for link in links
        if link.household.building_id in leaders
    ]  # fmt: skip
    LinkedHousehold.objects.bulk_create(fresh)
    if links:
        record(
            by=by, action="head.stand_in", target=head, street=links[0].household.street_id,
            detail={"households": len(links), "stood_in": len(fresh)},
        )  # fmt: skip
    return len(fresh)


def _leaders(links: list[LinkedHousehold], head: Person, on: date) -> dict[int, int]:
    """Return building → the person who leads its group on `on`."""
    posts = (
        OrgPost.objects.filter(
            kind=PostKind.GROUP_LEADER, start__lte=on, person__died_on=None,
            org_unit__group_buildings__in={link.household.building_id for link in links},
        )
        .exclude(end__lt=on)
        .exclude(person=head)
    )  # fmt: skip
    return dict(posts.order_by("-id").values_list("org_unit__group_buildings", "person"))
