"""微信群文字转上报: paste, check the drafts and add the pictures, send those ticked; nothing is kept of the rest."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from cases.chatlog import Message, read_chat
from cases.forms.paste import MOST_DRAFTS, DraftForm, PasteForm, draft_forms, key_of
from cases.models import Case
from cases.services import MoveRefused
from cases.similar import Report, similar_among, similar_candidates
from cases.suggesting import best_categories
from cases.views.back import back_url
from grids.models import Building, Grid
from orgs.roles import CREATE, Noun
from orgs.scope import require


@login_required
@never_cache
def paste(request: HttpRequest) -> HttpResponse:
    """Step one reads the text into drafts; step two sends the drafts that are ticked."""
    user: Any = request.user
    require(user, Noun.CASE, CREATE)
    if request.method != "POST":
        return _paste_page(request, PasteForm(user=user))
    if "drafts" in request.POST:
        return _send(request, user)
    form = PasteForm(request.POST, user=user)
    if not form.is_valid():
        return _paste_page(request, form, 400)
    grid, log = form.cleaned_data["grid"], read_chat(form.cleaned_data["text"])
    if not log.messages:
        form.add_error("text", "没有读到像问题的话。请连同名字和时间一起复制，或每个问题空一行。")
        return _paste_page(request, form, 400)
    read = log.messages[:MOST_DRAFTS]
    later = len(log.messages) - len(read)
    drafts = draft_forms(grid, initials=_initials(grid, read, user))
    return _drafts_page(request, user, grid, drafts, left_out=log.left_out, later=later)


def _paste_page(request: HttpRequest, form: PasteForm, status: int = 200) -> HttpResponse:
    context = {"page_title": "微信群文字转上报", "form": form}
    return render(request, "cases/paste/text.html", context, status=status)


def _initials(grid: Grid, read: tuple[Message, ...], user: Any) -> list[dict[str, Any]]:
    """Fill in what the words themselves say: category, building, phone; ticked unless sent before."""
    keys = [key_of(grid, one) for one in read]
    sent = set(
        Case.objects.filter(client_key__in=[f"{user.pk}:{key}" for key in keys])
        .values_list("client_key", flat=True)
    )  # fmt: skip
    numbers = _buildings_by_number(grid)
    categories = best_categories([one.text for one in read])
    return [
        {
            "take": f"{user.pk}:{key}" not in sent, "text": one.text, "key": key,
            "when": one.when, "pictures": one.pictures or None, "reporter_name": one.sender[:60],
            "reporter_phone": one.phone, "category": category.pk if category else "",
            "building": numbers.get(one.building, ""),
        }
        for one, key, category in zip(read, keys, categories, strict=True)
    ]  # fmt: skip


def _buildings_by_number(grid: Grid) -> dict[str, int]:
    """Return the buildings a number names without doubt."""
    found: dict[str, int] = {}
    doubtful = set()
    for pk, name in Building.objects.filter(grid=grid).values_list("pk", "name"):
        number = re.match(r"0*(\d+)\D*$", name)
        if number is None:
            continue
        if number[1] in found:
            doubtful.add(number[1])
        found[number[1]] = pk
    return {number: pk for number, pk in found.items() if number not in doubtful}


def _drafts_page(
    request: HttpRequest, user: Any, grid: Grid, drafts: list[DraftForm], *,
    left_out: int = 0, later: int = 0, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """Show the drafts, each with the open cases that may be the same (one query for all)."""
    candidates = similar_candidates(Case.objects.visible_to(user), grid, now=timezone.now())
    keys = [f"{user.pk}:{form['key'].value()}" for form in drafts]
    sent = dict(Case.objects.filter(client_key__in=keys).values_list("client_key", "case_no"))
    rows = [
        {
            "form": form, "number": number, "sent": sent.get(key, ""),
            "similar": similar_among(candidates, Report(grid, text=str(form["text"].value() or "")))[:2],
        }
        for number, (form, key) in enumerate(zip(drafts, keys, strict=True), start=1)
    ]  # fmt: skip
    context = {
        "page_title": "核对后上报", "grid": grid, "rows": rows, "left_out": left_out,
        "later": later, "lost_photos": any(form.is_bound and form.files for form in drafts),
        "wrong": sum(bool(form.errors) for form in drafts if form.is_bound),
    }  # fmt: skip
    return render(request, "cases/paste/drafts.html", context, status=status)


def _send(request: HttpRequest, user: Any) -> HttpResponse:
    form = PasteForm({"grid": request.POST.get("grid", ""), "text": "-"}, user=user)
    if not form.is_valid():
        return _paste_page(request, PasteForm(user=user), 400)
    grid = form.cleaned_data["grid"]
    drafts = draft_forms(grid, request.POST, request.FILES)
    if not all([draft.is_valid() for draft in drafts]):  # noqa: C419 - every draft shows its errors
        return _drafts_page(request, user, grid, drafts, status=400)
    ticked = [draft for draft in drafts if draft.cleaned_data["take"]]
    if not ticked:
        messages.warning(request, "没有勾选要上报的条目，请勾选后再提交。")
        return _drafts_page(request, user, grid, drafts, status=400)
    made: list[Case] = []
    refused = 0
    for draft in ticked:
        try:
            made.append(draft.send(user))
        except MoveRefused as refusal:
            draft.refuse(refusal)
            refused += 1
    if refused:
        # What has been sent is sent: its key finds it again, so the page can be sent once more.
        if made:
            messages.success(request, f"已上报 {len(made)} 件；下面标出的请改好再提交。")
        return _drafts_page(request, user, grid, drafts, status=400)
    messages.success(
        request, f"已上报 {len(made)} 件：{'、'.join(case.case_no for case in made)}。"
    )
    if len(made) == 1:
        return redirect("cases:detail", made[0].pk)
    return redirect(back_url(request))
