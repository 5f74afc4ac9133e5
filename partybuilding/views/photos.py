"""A photo of a row the user may see; any other answers 404."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from cases.pictures import photo_response
from partybuilding.models import BranchMeeting, JointRecord, MemberDisplay, Patrol, Photo, Training

OWNERS: dict[str, Any] = {
    "meeting": BranchMeeting,
    "joint": JointRecord,
    "display": MemberDisplay,
    "training": Training,
    "patrol": Patrol,
}


@login_required
@require_GET
def photo(request: HttpRequest, pk: int) -> FileResponse:
    found = get_object_or_404(Photo, pk=pk, subject__in=OWNERS)
    get_object_or_404(OWNERS[found.subject].objects.visible_to(request.user), pk=found.row)
    return photo_response(found)
