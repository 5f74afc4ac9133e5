"""楼道公示牌: what hangs at the entrance about the head who serves it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from gridparty.lib.qr import qr_svg
from orgs.audit import describe_actions, record
from residents.models import Household
from residents.runs import runs_of
from residents.views.heads import fetch_head

describe_actions(head__board="打印楼道公示牌")


@login_required
@require_GET
def head_board(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, doors, and the phone if the head has agreed to it being shown."""
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
        "qr": qr_svg(f"{report}?grid={head.grid.code}"),
        "day": day,
    }
    return render(request, "residents/heads/board.html", context)
