"""楼道公示牌: what hangs at the entrance about the head who serves it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from gridparty.lib.qr import qr_svg
from grids.acting import do
from orgs import sealedfiles
from orgs.audit import describe_actions, record
from orgs.fetch import may
from orgs.roles import EDIT
from residents import services
from residents.headship import OVER
from residents.models import CorridorHead, Household
from residents.runs import runs_of
from residents.views.edit import form_page
from residents.views.head_forms import BoardForm
from residents.views.heads import fetch_head

describe_actions(head__board="打印楼道公示牌")


@login_required
@require_GET
def head_board(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, doors, and what the head has agreed to being shown of phone and face."""
    user: Any = request.user
    head = fetch_head(user, pk)
    day = timezone.localdate()
    homes = Household.objects.of_head(head.person, day).by_door()
    phone = head.person.phone.reveal().split(";")[0] if head.shows_phone else ""
    if phone:
        record(by=user, action="head.board", target=head, street=head.street_id)
    report = f"{request.scheme}://{request.get_host()}{reverse('cases:public_report')}"
    context = {
        "page_title": "楼道公示牌",
        "head": head,
        "runs": runs_of(homes.select_related("building__compound", "entrance")),
        "phone": phone,
        "may_edit": head.state not in OVER and may(CorridorHead.objects, user, EDIT, head),
        "qr": qr_svg(f"{report}?grid={head.grid.code}"),
        "day": day,
    }
    return render(request, "residents/heads/board.html", context)


@login_required
def board_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Consent to phone and photo, and the photo."""
    user: Any = request.user
    head = fetch_head(user, pk, EDIT)
    kept = {"shows_phone": head.shows_phone, "shows_photo": head.shows_photo}
    form = BoardForm(request.POST or None, request.FILES or None, initial=kept)
    back = reverse("residents:head_board", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.edit_board(head=head, by=user, **form.cleaned_data), "已保存。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"{head.person.name}：公示内容", back, "保存")


@login_required
@never_cache
@require_GET
def head_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """The photo for the notice board, with the consent of the person only."""
    head = fetch_head(request.user, pk)
    if not (head.shows_photo and head.photo):
        raise Http404
    try:
        data = sealedfiles.read(head.photo)
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(
        data, content_type="image/jpeg", headers={"X-Content-Type-Options": "nosniff"}
    )
