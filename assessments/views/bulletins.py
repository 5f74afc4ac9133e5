"""The monthly bulletins: the list, one with its table, the cases behind each number, the files."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from assessments.bulletin_files import as_word, as_workbook, note_of, title_of, words_of
from assessments.bulletins import fingerprint_of
from assessments.issuing import DRAFT_WORKDAY, correct, issue, may_issue, refresh
from assessments.models import Bulletin, BulletinItem
from assessments.reports.board import bulletin_facts
from assessments.reports.kinds import BULLETIN
from assessments.services.templates import template_for
from assessments.views.files import report_file
from assessments.workflow import BulletinStatus
from cases.models import Case
from gridparty.lib.periods import Month
from orgs import audit
from orgs.paging import keyset_page
from orgs.roles import VIEW, Noun
from orgs.scope import require

FILES = {"xlsx": as_workbook, "docx": as_word}


@login_required
@require_GET
def bulletins(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.ASSESSMENT, VIEW)
    seen = Bulletin.objects.visible_to(user).for_list().defer("content")
    status = request.GET.get("status", "")
    if status in BulletinStatus.values:
        seen = seen.filter(status=status)
    page = keyset_page(seen, request, count=seen.count())
    context = {
        "page_title": "月度通报",
        "page": page,
        "rows": [(one, Month.parse(one.month).label) for one in page.rows],
        "status": status,
        "workday": DRAFT_WORKDAY,
    }
    return render(request, "assessments/bulletins.html", context)


def _found(request: HttpRequest, pk: int) -> Bulletin:
    require(request.user, Noun.ASSESSMENT, VIEW)
    rows = Bulletin.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("street", "issued_by__person", "scheme"), pk=pk)


@login_required
@never_cache
@require_GET
def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """The table; a row's numbers are links for whoever may see all the cases they count."""
    user: Any = request.user
    found = _found(request, pk)
    open_to = Counter(
        found.items.filter(case__in=Case.objects.visible_to(user).values("pk")).values_list(
            "row", flat=True
        )
    )
    url = reverse("assessments:bulletin_cases", args=[pk])
    content = found.content
    total = content["total"]
    all_open = sum(open_to.values()) == total["total"]
    newest = Bulletin.objects.filter(street=found.street, month=found.month).first()
    versions = Bulletin.objects.visible_to(user).filter(street=found.street, month=found.month)
    context = {
        "page_title": title_of(found),
        "found": found,
        "cutoff": str(found.cutoff.timestamp()),
        "note": note_of(found),
        "words": words_of(found),
        "lines": content["lines"],
        "results": BulletinItem.Result.labels,
        "rows": [
            _row(row, content["lines"], f"{url}?row={row['key']}&" if open_to[row["key"]] == row["total"] else "")
            for row in content["rows"]
        ],
        "total": _row(total, content["lines"], f"{url}?" if all_open else ""),
        "topics": [
            (one, f"{url}?topic={one['slug']}" if all_open else "") for one in content["topics"]
        ],
        "intact": found.is_issued and fingerprint_of(found) == found.sha256,
        "may_issue": may_issue(user, found.street),
        "is_newest": newest is not None and newest.pk == found.pk,
        "versions": versions.defer("content").order_by("version"),
    }  # fmt: skip
    return render(request, "assessments/bulletin.html", context)


def _row(row: dict[str, Any], lines: list[dict[str, str]], url: str) -> dict[str, Any]:
    """Return a row with (number, address) pairs; the address is "" where the list is not all theirs."""

    def link(query: str) -> str:
        return f"{url}{query}" if url else ""

    numbers = [(row["total"], link(""))]
    for line, counts in zip(lines, row["lines"], strict=True):
        numbers += [
            (count, link(f"line={line['code']}&result={result}"))
            for count, result in zip(counts, BulletinItem.Result.values, strict=True)
        ]
    return {
        "row": row, "numbers": numbers,
        "closed_url": link("closed=1"), "on_time_url": link("result=on_time"),
        "unsatisfied_url": link("unsatisfied=1"), "answered_url": link("answered=1"),
    }  # fmt: skip


@login_required
@never_cache
@require_GET
def bulletin_cases(request: HttpRequest, pk: int) -> HttpResponse:
    """The cases one number counts, as far as the user may see them."""
    found = _found(request, pk)
    asked = request.GET
    items = found.items.all()
    for name in ("row", "line", "result", "topic"):
        if asked.get(name):
            items = items.filter(**{name: asked[name][:40]})
    for name in ("answered", "unsatisfied"):
        if asked.get(name):
            items = items.filter(**{name: True})
    if asked.get("closed"):
        items = items.exclude(result=BulletinItem.Result.OPEN)
    cases = Case.objects.visible_to(request.user).filter(pk__in=items.values("case"))
    context = {
        "page_title": "通报明细",
        "found": found,
        "title": title_of(found),
        "page": keyset_page(cases.for_list(), request, count=cases.count()),
    }
    return render(request, "assessments/bulletin_cases.html", context)


@login_required
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Refresh, issue or correct."""
    user: Any = request.user
    found, now = _found(request, pk), timezone.now()
    what = request.POST.get("act", "")
    shown = found
    try:
        if what == "refresh":
            refresh(bulletin=found, by=user, now=now)
            messages.success(request, "已更新到现在。")
        elif what == "issue":
            if request.POST.get("cutoff") != str(found.cutoff.timestamp()):
                raise ValidationError("通报的数据已更新，请核对后再发布。")
            issue(bulletin=found, by=user, now=now)
            messages.success(request, "已发布。内容和明细已封存，如需更正请出新的版本。")
        elif what == "correct":
            shown = correct(
                bulletin=found, by=user, reason=request.POST.get("reason", ""), now=now
            )  # fmt: skip
            messages.success(request, "已起草更正版本，核对后发布；原来的版本保留。")
        else:
            raise Http404
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("assessments:bulletin", shown.pk)


@login_required
@require_GET
def download(request: HttpRequest, pk: int, kind: str) -> FileResponse | HttpResponse:
    """The bulletin as .xlsx or .docx: by the template somebody uploaded, else in the customary layout."""
    found = _found(request, pk)
    if kind not in FILES:
        raise Http404
    user: Any = request.user
    if template_for(BULLETIN.code, kind, found.street) is not None:
        facts = bulletin_facts(found, user, timezone.now())
        about = {"bulletin": found.pk, "period": str(found.month), "version": found.version}
        return report_file(request, BULLETIN, facts, found.street, kind, about)
    audit.record(
        by=user, action="bulletin.export", target=found, street=found.street,
        detail={"kind": kind, "version": found.version},
    )  # fmt: skip
    return FileResponse(
        FILES[kind](found), as_attachment=True, filename=f"{title_of(found)}.{kind}"
    )
