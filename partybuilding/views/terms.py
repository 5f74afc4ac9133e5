"""班子届期: committees with their terms and vacancies; 班子成员: who sits in them."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from grids.acting import do
from orgs import services as orgs
from orgs.fetch import fetch, may
from orgs.levels import PostKind, SourceIdentity, Tier
from orgs.models import OrgUnit
from orgs.roles import EDIT, SEES, Noun
from orgs.scope import require
from partybuilding import services
from partybuilding.catalog import TERM_ENDS_SOON, TERM_YEARS
from partybuilding.figures import Figure
from partybuilding.forms.common import DayForm
from partybuilding.forms.terms import (
    LED_TIERS,
    AppointForm,
    CommitteeFilterForm,
    ElectForm,
    PostFilterForm,
    PutOffForm,
)
from partybuilding.models import CommitteeTerm
from partybuilding.querysets.terms import (
    LED,
    by_rank,
    committees,
    for_committees,
    lacking_posts,
    posts_seen,
    with_vacancies,
    without_term,
)
from partybuilding.views.pages import (
    Block,
    Line,
    Link,
    Listing,
    cell,
    detail_page,
    form_page,
    list_page,
)

COLUMNS = (
    ("组织", 28), ("上级", 24), ("届次", 10), ("换届日期", 12), ("届满日期", 12), ("状态", 14),
    ("班子人数", 10), ("空缺职务", 24),
)  # fmt: skip
POST_COLUMNS = (
    ("姓名", 12), ("职务", 12), ("党组织", 30), ("级别", 12), ("来源身份", 14), ("任职日期", 12), ("届次", 10),
)  # fmt: skip
ORDER = ("tree_id", "lft")


def shown(rows: Any, show: str) -> Any:
    """The committees one choice stands for; figures and list share it."""
    day, terms = timezone.localdate(), CommitteeTerm.objects
    if show == "expired":
        return rows.filter(pk__in=terms.expired(day).values("org"))
    if show == "expiring":
        return rows.filter(pk__in=terms.expiring(day).values("org"))
    if show == "unknown":
        return without_term(rows, terms.all())
    return with_vacancies(rows, day) if show == "vacant" else rows


def state_of(term: CommitteeTerm | None, tier: int) -> tuple[str, str]:
    """What people read of a term, and its light."""
    if term is None:
        return ("不设届期", "grey") if tier == Tier.GROUP else ("没有登记", "yellow")
    left = (term.due_on - timezone.localdate()).days
    if left < 0:
        return f"届满 {-left} 天", "red"
    return (f"还有 {left} 天", "yellow") if left <= TERM_ENDS_SOON else ("在届", "green")


@login_required
@never_cache
@require_GET
def term_list(request: HttpRequest) -> HttpResponse | FileResponse:
    user: Any = request.user
    require(user, Noun.ORG, SEES)
    mine = committees(user)
    form = CommitteeFilterForm(request.GET)
    rows = mine
    if form.is_valid():
        asked = form.cleaned_data
        rows = shown(mine, asked["show"])
        if asked["tier"]:
            rows = rows.filter(tier=asked["tier"])
        if asked["q"]:
            rows = rows.filter(name__icontains=asked["q"])
    page = reverse("partybuilding:terms")
    figures = [Figure("党组织", mine.count(), "个", page)]
    for show, label, level in (
        ("expired", "届满没换届", "red"), ("expiring", "半年内届满", "yellow"),
        ("unknown", "没有登记届期", "yellow"), ("vacant", "有空缺职务", "yellow"),
    ):  # fmt: skip
        count = shown(mine, show).count()
        figures.append(Figure(label, count, "个", f"{page}?show={show}", level if count else ""))
    posts = posts_seen(user, timezone.localdate()).count()
    figures.append(Figure("班子成员", posts, "名", reverse("partybuilding:posts")))
    actions = [Link("班子成员", reverse("partybuilding:posts"), "people")]
    listing = Listing(
        "terms", "班子届期", COLUMNS, "还没有党组织。", actions, order=ORDER, numbers=("班子人数",)
    )
    listed = for_committees(rows, timezone.localdate())
    return list_page(request, listing, form, listed, _cells, figures=figures)


def _cells(org: Any) -> list[dict[str, Any]]:
    term = org.open_terms[0] if org.open_terms else None
    words, level = state_of(term, org.tier)
    lacking = "、".join(str(kind.label) for kind in lacking_posts(org))
    return [
        cell("组织", org.name, url=reverse("partybuilding:committee", args=[org.pk])),
        cell("上级", org.parent.name if org.parent else "—"),
        cell("届次", term.name if term else "—"),
        cell("换届日期", f"{term.elected_on:%Y-%m-%d}" if term else "—"),
        cell("届满日期", f"{term.due_on:%Y-%m-%d}" if term else "—"),
        cell("状态", words, level=level), cell("班子人数", len(org.posts_now), number=True),
        cell("空缺职务", lacking, level="yellow") if lacking else cell("空缺职务", "没有"),
    ]  # fmt: skip


@login_required
@never_cache
@require_GET
def post_list(request: HttpRequest) -> HttpResponse | FileResponse:
    """班子成员 and group leaders, by where they come from (宣城: 966)."""
    user: Any = request.user
    require(user, Noun.ORG, SEES)
    mine = posts_seen(user, timezone.localdate())
    form = PostFilterForm(request.GET)
    rows = mine
    if form.is_valid():
        asked = form.cleaned_data
        if asked["kind"]:
            rows = rows.filter(kind=asked["kind"])
        if asked["tier"]:
            tiers = LED if asked["tier"] == LED_TIERS else (asked["tier"],)
            rows = rows.filter(org_unit__tier__in=tiers)
        if asked["source"]:
            source = "" if asked["source"] == "none" else asked["source"]
            rows = rows.filter(source_identity=source)
        if asked["q"]:
            rows = rows.filter(
                Q(person__name__icontains=asked["q"]) | Q(org_unit__name__icontains=asked["q"])
            )
    page = reverse("partybuilding:posts")
    figures = [
        Figure("班子成员和小组长", mine.count(), "名", page),
        Figure("书记", mine.filter(kind=PostKind.SECRETARY).count(), "名", f"{page}?kind=secretary"),
    ]  # fmt: skip
    for one in (*SourceIdentity, None):
        count = mine.filter(source_identity=one or "").count()
        if count:
            label = str(one.label) if one else "没有登记来源"
            figures.append(Figure(label, count, "名", f"{page}?source={one or 'none'}"))
    actions = [Link("班子届期", reverse("partybuilding:terms"), "clock-history")]
    listing = Listing(
        "terms", "班子成员", POST_COLUMNS, "还没有登记任职。", actions, order=("org_unit_id", "id")
    )

    def cells(one: Any) -> list[dict[str, Any]]:
        return [
            cell("姓名", one.person.name), cell("职务", one.get_kind_display()),
            cell("党组织", one.org_unit.name,
                 url=reverse("partybuilding:committee", args=[one.org_unit_id])),
            cell("级别", one.org_unit.get_tier_display()),
            cell("来源身份", one.get_source_identity_display() or "—"),
            cell("任职日期", f"{one.start:%Y-%m-%d}"), cell("届次", one.term or "—"),
        ]  # fmt: skip

    return list_page(request, listing, form, rows, cells, figures=figures)


def _fetch(user: Any, pk: int, letters: str = SEES) -> OrgUnit:
    org: OrgUnit = fetch(OrgUnit.objects.all(), user, Noun.ORG, letters, pk=pk)
    return org


@login_required
@never_cache
@require_GET
def committee(request: HttpRequest, pk: int) -> HttpResponse:
    """One committee: its term, who sits in it, what is vacant, the terms before."""
    user: Any = request.user
    _fetch(user, pk)
    org = for_committees(committees(user), timezone.localdate()).filter(pk=pk).first()
    if org is None:  # abolished
        return redirect("orgs:detail", pk=pk)
    keeps = may(OrgUnit.objects, user, EDIT, org)
    term = org.open_terms[0] if org.open_terms else None
    words, level = state_of(term, org.tier)
    moves, appointing = [], []
    if keeps and org.tier < Tier.GROUP:
        moves.append(Link("登记换届", reverse("partybuilding:elect", args=[pk]), "pen"))
        if term and not term.put_off:
            url = reverse("partybuilding:put_off", args=[pk])
            moves.append(Link("延期换届", url, "hourglass-split"))
    if keeps:
        appointing.append(Link("任命", reverse("partybuilding:appoint", args=[pk]), "person-plus"))
    posts = [_line(post, keeps) for post in by_rank(org.posts_now)]
    vacant = [Line(str(kind.label), "空缺", "yellow") for kind in lacking_posts(org)]
    before = [
        Line(one.name, note=f"{one.elected_on:%Y-%m-%d} 换届，{one.due_on:%Y-%m-%d} 届满")
        for one in org.terms.exclude(ended_on=None)
    ]
    facts = [
        ("级别", org.get_tier_display()), ("上级", org.parent), ("党员", org.members_below),
        ("届次", term.name if term else "没有登记"),
        ("换届日期", f"{term.elected_on:%Y-%m-%d}" if term else ""),
        ("届满日期", f"{term.due_on:%Y-%m-%d}" if term else ""),
    ]  # fmt: skip
    if term and term.put_off:
        facts.append(("延期原因", term.put_off))
    blocks = [Block("班子成员", posts, appointing, "还没有登记任职。")]
    blocks += [Block("空缺职务", vacant)] if vacant else []
    blocks += [Block("历届", before)] if before else []
    return detail_page(
        request, "terms", org.name, facts, ("班子届期", reverse("partybuilding:terms")),
        status=words, level=level, moves=moves, blocks=blocks,
        actions=[Link("组织页面", reverse("orgs:detail", args=[pk]), "diagram-3")],
    )  # fmt: skip


def _line(post: Any, keeps: bool) -> Line:
    url = reverse("partybuilding:post_end", args=[post.pk])
    note = "，".join(
        one
        for one in (
            post.get_source_identity_display(),
            f"{post.start:%Y-%m-%d} 任职",
            f"{post.end:%Y-%m-%d} 离任" if post.end else "",
        )
        if one
    )
    links = [Link("免去", url, "x-circle-fill")] if keeps and post.end is None else []
    return Line(f"{post.get_kind_display()}　{post.person.name}", note=note, links=links)


@login_required
@never_cache
def elect(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    org = _fetch(user, pk, EDIT)
    today = timezone.localdate()
    posts = posts_seen(user, today).filter(org_unit=org, end=None)
    years = TERM_YEARS.get(org.tier, 3)
    due = today.replace(year=today.year + years, day=min(today.day, 28))
    form = ElectForm(request.POST or None, posts=posts, initial={"due_on": due})
    back = reverse("partybuilding:committee", args=[pk])
    if request.method == "POST" and do(
        request, form, lambda: services.elect(org=org, by=user, **form.cleaned_data),
        "已登记换届。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"登记换届：{org}", back, "登记换届")


@login_required
@never_cache
def put_off(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    org = _fetch(user, pk, EDIT)
    term = get_object_or_404(CommitteeTerm.objects.visible_to(user).open(), org=org)
    form = PutOffForm(request.POST or None)
    back = reverse("partybuilding:committee", args=[pk])
    if request.method == "POST" and do(
        request, form, lambda: services.put_off(term=term, by=user, **form.cleaned_data),
        "已延期。",
    ):  # fmt: skip
        return redirect(back)
    hint = f"现在的届满日期是 {term.due_on:%Y-%m-%d}。"
    return form_page(request, form, f"延期换届：{org}", back, "延期", hint=hint)


@login_required
@never_cache
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    org = _fetch(user, pk, EDIT)
    form = AppointForm(request.POST or None, tier=org.tier)
    back = reverse("partybuilding:committee", args=[pk])
    if request.method == "POST" and do(
        request, form, lambda: services.appoint(org=org, by=user, **form.cleaned_data), "已任命。"
    ):
        return redirect(back)
    return form_page(request, form, f"任命：{org}", back, "任命")


@login_required
@never_cache
def post_end(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.ORG, SEES)
    post = get_object_or_404(posts_seen(user, timezone.localdate()), pk=pk)
    _fetch(user, post.org_unit_id, EDIT)
    form = DayForm(request.POST or None, initial={"on": timezone.localdate()})
    back = reverse("partybuilding:committee", args=[post.org_unit_id])
    if request.method == "POST" and do(
        request, form, lambda: orgs.end_post(post=post, end=form.cleaned_data["on"], by=user),
        "已免去。",
    ):  # fmt: skip
        return redirect(back)
    title = f"免去：{post.get_kind_display()} {post.person.name}"
    return form_page(request, form, title, back, "免去", hint="日期是在任的最后一天。")
