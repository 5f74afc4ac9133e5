"""Reads of committees: their terms, who sits in them, what is vacant."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from orgs.levels import PostKind, Tier
from orgs.models import OrgPost, OrgUnit
from orgs.roles import SEES
from partybuilding.catalog import COMMITTEE_MEMBERS, TERM_ENDS_SOON

if TYPE_CHECKING:
    from partybuilding.models import CommitteeTerm  # noqa: F401

# The leading members the report counts: of the grids' branches and of the groups below.
LED = (Tier.BRANCH, Tier.GROUP)
_WHOLE = (PostKind.SECRETARY, PostKind.ORGANISATION, PostKind.PUBLICITY, PostKind.DISCIPLINE)
# (tier, members at least, post): what an organisation of that size has to fill.
REQUIRED: tuple[tuple[int, int, PostKind], ...] = (
    *((tier, 0, kind) for tier in (Tier.STREET, Tier.COMMUNITY) for kind in _WHOLE),
    (Tier.BRANCH, 0, PostKind.SECRETARY),
    (Tier.BRANCH, COMMITTEE_MEMBERS, PostKind.ORGANISATION),
    (Tier.BRANCH, COMMITTEE_MEMBERS, PostKind.PUBLICITY),
    (Tier.GROUP, 0, PostKind.GROUP_LEADER),
)


class TermQuerySet(models.QuerySet["CommitteeTerm"]):
    def visible_to(self, user: Any, letters: str = SEES) -> "TermQuerySet":
        """Terms of the organisations the user sees (or may change)."""
        return self.filter(org__in=OrgUnit.objects.visible_to(user, letters).values("pk"))

    def open(self) -> "TermQuerySet":
        """The present ones, of organisations that still exist."""
        return self.filter(ended_on=None, org__in=OrgUnit.objects.active().values("pk"))

    def expired(self, day: date) -> "TermQuerySet":
        """Over, and nobody has been elected since."""
        return self.open().filter(due_on__lt=day)

    def expiring(self, day: date) -> "TermQuerySet":
        return self.open().filter(due_on__gte=day, due_on__lte=day + timedelta(days=TERM_ENDS_SOON))


def posts_held(day: date) -> Any:
    """The posts in force on that day in organisations that exist."""
    rows = OrgPost.objects.filter(start__lte=day).exclude(end__lt=day)
    return rows.filter(org_unit__in=OrgUnit.objects.active().values("pk"))


def by_rank(posts: Iterable[OrgPost]) -> list[OrgPost]:
    """The secretary first, in the order of the table of posts."""
    order = [kind.value for kind in PostKind]
    return sorted(posts, key=lambda post: (order.index(post.kind), post.pk))


def posts_seen(user: Any, day: date) -> Any:
    """The leading members of the user's organisations, in force."""
    reach = OrgUnit.objects.visible_to(user).values("pk")
    return posts_held(day).filter(org_unit__in=reach).select_related("person", "org_unit")


def committees(user: Any) -> Any:
    """The organisations the user sees, with `members_below`."""
    return OrgUnit.objects.visible_to(user).active().with_tree_counts()


def with_vacancies(orgs: Any, day: date) -> Any:
    """Those that lack a post they have to fill."""
    lacking = Q(pk__in=[])
    for tier, least, kind in REQUIRED:
        held = posts_held(day).filter(org_unit=OuterRef("pk"), kind=kind)
        lacking |= Q(tier=tier, members_below__gte=least) & ~Q(Exists(held))
    return orgs.filter(lacking)


def lacking_posts(org: Any) -> list[PostKind]:
    """The same of one organisation read by `for_committees`."""
    held = {post.kind for post in org.posts_now}
    return [
        kind
        for tier, least, kind in REQUIRED
        if tier == org.tier and org.members_below >= least and kind not in held
    ]


def without_term(orgs: Any, terms: TermQuerySet) -> Any:
    """Committees whose term nobody has put down; a group has a leader, no term."""
    return orgs.filter(tier__lt=Tier.GROUP).exclude(pk__in=terms.open().values("org"))


def for_committees(orgs: Any, day: date) -> Any:
    """With `posts_now` and `open_terms` (one or none), for pages."""
    from_terms = OrgUnit._meta.get_field("terms").related_model._default_manager  # type: ignore[union-attr]
    return orgs.select_related("parent").prefetch_related(
        Prefetch("posts", posts_held(day).select_related("person"), to_attr="posts_now"),
        Prefetch("terms", from_terms.filter(ended_on=None), to_attr="open_terms"),
    )
