"""What somebody who dies or moves away leaves behind: posts and links that need another person."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from grids.models import GridTeamMember
from orgs.models import OrgPost, PartyMember, Person, User
from residents.models import LinkedHousehold


@dataclass(frozen=True)
class Hat:
    """One thing a person does or is: what, where, and the page where it is handed over."""

    label: str
    where: str
    url: str = ""


def hats_of(person: Person, day: date) -> list[Hat]:
    """Return the posts, team places, linked households and membership of `person` on `day`."""
    posts = OrgPost.objects.filter(Q(end=None) | Q(end__gte=day), person=person)
    team = GridTeamMember.objects.serving_on(day).filter(person=person)
    found = [
        Hat(post.get_kind_display(), str(post.org_unit), _org(post.org_unit_id))
        for post in posts.select_related("org_unit")
    ]
    found += [
        Hat(str(one.slot), str(one.grid), reverse("grids:team", args=[one.grid_id]))
        for one in team.select_related("slot", "grid")
    ]
    links = LinkedHousehold.objects.current(day).filter(head=person).count()
    if links:
        found.append(Hat("红色楼道长", f"联系 {links} 户"))
    member = PartyMember.objects.filter(person=person, left_on=None).select_related("org_unit")
    found += [
        Hat(one.get_kind_display(), str(one.org_unit or "未落实组织"), _org(one.org_unit_id))
        for one in member
    ]
    if User.objects.filter(person=person, is_active=True).exists():
        found.append(Hat("登录账号", "在用，请管理员停用"))
    return found


def _org(pk: int | None) -> str:
    return reverse("orgs:detail", args=[pk]) if pk else ""
