"""报告数字: the counts of a report, each with its list; a count by street."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Max, Min
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from orgs.audit import record
from orgs.models import OrgUnit
from orgs.roles import SEES, Noun
from orgs.scope import require
from partybuilding.numbers import by_street, groups_for, letters_of, number_of
from partybuilding.sections import sections
from partybuilding.views.funds import ten_thousands
from residents.views.files import as_workbook

COLUMNS = (("序号", 6), ("类别", 14), ("数字", 26), ("数量", 14), ("单位", 8))
STREET_COLUMNS = (("序号", 6), ("街道（社区）", 28), ("数量", 12))


@login_required
@never_cache
@require_GET
def numbers(request: HttpRequest) -> HttpResponse | FileResponse:
    """All numbers of the reader's area, as of now."""
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    groups = [
        (label, [(one, _words(one)) for one in counted]) for label, counted in groups_for(user)
    ]
    if request.GET.get("file") == "xlsx":
        _note(user, "numbers")
        lines = [(label, one.label, words, one.unit) for label, row in groups for one, words in row]
        return _workbook("报告数字", COLUMNS, lines, user)
    context = {
        "page_title": "报告数字", "groups": groups, "now": timezone.localtime(),
        "sections": sections(user, "numbers"),
        "several": OrgUnit.objects.visible_to(user).active().filter(parent=None)[:2].count() > 1,
    }  # fmt: skip
    return render(request, "partybuilding/numbers.html", context)


@login_required
@never_cache
@require_GET
def number(request: HttpRequest, code: str) -> HttpResponse | FileResponse:
    """One number by street; the parts add up to it."""
    user: Any = request.user
    require(user, Noun.PARTY, SEES)
    found = number_of(code)
    if found is None or not found.splits or not (letters := letters_of(user, found)):
        raise Http404
    parts = by_street(user, found, letters, timezone.localdate())
    if request.GET.get("file") == "xlsx":
        _note(user, code)
        title = f"{found.label}（按街道）"
        return _workbook(title, STREET_COLUMNS, [(str(root), many) for root, many in parts], user)
    tops = _tops(user) if code == "members" else {}
    rows = [(tops.get(root.tree_id, root), many, _members_url(tops, root)) for root, many in parts]
    context = {
        "page_title": f"{found.label}（按街道）", "rows": rows, "total": sum(n for _, n in parts),
        "number": found, "sections": sections(user, "numbers"),
    }  # fmt: skip
    return render(request, "partybuilding/number.html", context)


def _tops(user: Any) -> dict[int, OrgUnit]:
    """By tree the organisation that holds all the user sees there; none where several lie apart."""
    seen = OrgUnit.objects.visible_to(user).active()
    spans = seen.order_by().values("tree_id").annotate(first=Min("lft"), last=Max("rght"))
    wanted = {row["tree_id"]: (row["first"], row["last"]) for row in spans}
    firsts = seen.filter(tree_id__in=wanted, lft__in={first for first, _ in wanted.values()})
    return {
        node.tree_id: node for node in firsts if (node.lft, node.rght) == wanted[node.tree_id]
    }  # fmt: skip


def _members_url(tops: dict[int, OrgUnit], root: OrgUnit) -> str:
    top = tops.get(root.tree_id)
    return reverse("orgs:members", args=[top.pk]) if top else ""


def _words(one: Any) -> Any:
    return ten_thousands(one.value) if one.unit == "万元" else one.value


def _note(user: Any, code: str) -> None:
    record(by=user, action="party.export", target=OrgUnit, detail={"list": code})


def _workbook(title: str, columns: Any, lines: Any, user: Any) -> FileResponse:
    numbered = ([place, *cells] for place, cells in enumerate(lines, start=1))
    return as_workbook(title, columns, numbered, user=user, day=timezone.localdate())
