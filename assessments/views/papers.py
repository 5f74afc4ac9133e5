"""自评材料: put beside the self-review by the grid, read by whoever sees the assessment."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from assessments import services
from assessments.forms.quarters import EvidenceForm
from assessments.sides import sides_of
from assessments.views.quarter_detail import fetch_assessment
from assessments.workflow import Side
from orgs import sealedfiles
from orgs.acting import attempt, do
from orgs.audit import record
from residents.views.edit import form_page

KINDS = {b"%PDF": ("application/pdf", "pdf"), b"\x89PNG": ("image/png", "png")}


@login_required
@never_cache
def add(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_assessment(user, pk)
    if Side.GRID not in sides_of(row, user):
        raise PermissionDenied("自评材料由网格长上传。")
    form = EvidenceForm(request.POST or None, request.FILES or None)
    back = reverse("assessments:quarter_detail", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.add_evidence(assessment=row, by=user, **form.cleaned_data),
        "已上传。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"上传自评材料 · {row.grid}", back, "上传")


@login_required
@never_cache
@require_GET
def read(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    """The file, to those who see the assessment; each look is written down."""
    user: Any = request.user
    row = fetch_assessment(user, pk)
    one = get_object_or_404(row.evidence, pk=paper)
    try:
        data = sealedfiles.read(one.stored_as)
    except FileNotFoundError:
        raise Http404 from None
    record(by=user, action="assessment.read_evidence", target=row, street=row.street_id)
    kind, suffix = KINDS.get(data[:4], ("image/jpeg", "jpg"))
    name = f'attachment; filename="evidence-{one.pk}.{suffix}"'
    return HttpResponse(
        data, content_type=kind,
        headers={"Content-Disposition": name, "X-Content-Type-Options": "nosniff"},
    )  # fmt: skip


@login_required
@require_POST
def drop(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    user: Any = request.user
    row = fetch_assessment(user, pk)
    one = get_object_or_404(row.evidence.select_related("assessment"), pk=paper)
    attempt(request, lambda: services.drop_evidence(one=one, by=user), "已删除。")
    return redirect("assessments:quarter_detail", pk)
