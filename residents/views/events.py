"""Life events of a household as one short form each: come, go, marry, split, merge, rent."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from grids.acting import do
from orgs.roles import EDIT
from residents import services
from residents.forms import (
    ApartForm,
    BirthForm,
    EndForm,
    HeadForm,
    MarriageForm,
    MergeForm,
    MoveInForm,
    RentalEndForm,
    RentalForm,
    SplitForm,
    TogetherForm,
)
from residents.handover import hats_of
from residents.models import Household, Residency
from residents.views.edit import form_page, living_in
from residents.views.households import fetch_household


def _to(household: Household) -> str:
    return reverse("residents:household", args=[household.pk])


@login_required
@never_cache
def move_in(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    household = fetch_household(user, pk, EDIT)
    form = MoveInForm(request.POST or None)
    if request.method == "POST" and do(
        request, form,
        lambda: services.move_in(household=household, by=user, **form.cleaned_data),
        "已登记迁入。",
    ):  # fmt: skip
        return redirect(_to(household))
    return form_page(request, form, f"{household.door}：迁入", _to(household), "登记")


@login_required
@never_cache
def birth(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    household = fetch_household(user, pk, EDIT)
    form = BirthForm(request.POST or None)
    if request.method == "POST" and do(
        request, form,
        lambda: services.register_birth(household=household, by=user, **form.cleaned_data),
        "已登记出生。",
    ):  # fmt: skip
        return redirect(_to(household))
    return form_page(request, form, f"{household.door}：出生登记", _to(household), "登记")


@login_required
@never_cache
def split(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    household = fetch_household(user, pk, EDIT)
    form = SplitForm(request.POST or None, household=household)
    made: list[Household] = []
    if request.method == "POST" and do(
        request, form,
        lambda: made.append(
            services.split_household(household=household, by=user, **form.cleaned_data)
        ),
        "已分户，这是新的一户。请补填各人与新户主的关系。",
    ):  # fmt: skip
        return redirect(_to(made[0]))
    return form_page(request, form, f"{household.door}：分户", _to(household), "分户")


@login_required
@never_cache
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    household = fetch_household(user, pk, EDIT)
    homes = Household.objects.visible_to(user, EDIT).exclude(pk=household.pk)
    form = MergeForm(request.POST or None, homes=homes)
    if request.method == "POST" and do(
        request, form,
        lambda: services.merge_households(household=household, by=user, **form.cleaned_data),
        "已并户，原来的一户已销户。",
    ):  # fmt: skip
        return redirect(_to(form.cleaned_data["into"]))
    ask = "本户的人都转到那一户，本户随后销户。确定吗？"
    title = f"{household.door}：并户"
    return form_page(request, form, title, _to(household), "并户", confirm=ask)


@login_required
@never_cache
def rent(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    household = fetch_household(user, pk, EDIT)
    form = RentalForm(request.POST or None)
    if request.method == "POST" and do(
        request, form,
        lambda: services.start_rental(household=household, by=user, **form.cleaned_data),
        "已登记出租。",
    ):  # fmt: skip
        return redirect(_to(household))
    return form_page(request, form, f"{household.door}：登记出租", _to(household), "登记")


@login_required
@never_cache
def rent_end(request: HttpRequest, pk: int, rental_pk: int) -> HttpResponse:
    user: Any = request.user
    household = fetch_household(user, pk, EDIT)
    rental = get_object_or_404(household.rentals.running(), pk=rental_pk)
    form = RentalEndForm(request.POST or None)
    if request.method == "POST" and do(
        request, form,
        lambda: services.end_rental(rental=rental, by=user, **form.cleaned_data),
        "已登记退租。租户请逐个办理迁出。",
    ):  # fmt: skip
        return redirect(_to(household))
    return form_page(request, form, f"{household.door}：登记退租", _to(household), "登记")


@login_required
@never_cache
def end(request: HttpRequest, pk: int, residency_pk: int) -> HttpResponse:
    """Somebody moves out or has died; what he held is shown at once, to be handed over."""
    user: Any = request.user
    household = fetch_household(user, pk, EDIT)
    residency = living_in(household, residency_pk)
    homes = Household.objects.visible_to(user, EDIT).exclude(pk=household.pk)
    form = EndForm(request.POST or None, homes=homes)

    def act() -> None:
        asked = dict(form.cleaned_data)
        to = asked.pop("to")
        if to is not None:
            services.move_to(residency=residency, to=to, on=asked["on"], by=user)
        else:
            services.end_residency(residency=residency, by=user, **asked)

    if request.method == "POST" and do(request, form, act, "已办理。"):
        return _after_leaving(request, residency)
    title = f"{residency.person.name}：迁出或死亡登记"
    ask = "办理后此人不再列在这一户，记录会保留。确定吗？"
    return form_page(request, form, title, _to(household), "办理", confirm=ask)


def _after_leaving(request: HttpRequest, residency: Residency) -> HttpResponse:
    """Go to the person where something is to be handed over, else back to the household."""
    if residency.is_head and residency.household.residencies.filter(end=None).exists():
        messages.warning(request, "走的是户主，请在这一户指定新的户主。")
    if hats_of(residency.person, timezone.localdate()):
        messages.warning(request, "此人还有职务或联系户，请按“待交接”逐项交接。")
        return redirect("residents:person", pk=residency.person_id)
    return redirect(_to(residency.household))


@login_required
@never_cache
def marry(request: HttpRequest, pk: int, residency_pk: int) -> HttpResponse:
    user: Any = request.user
    household = fetch_household(user, pk, EDIT)
    residency = living_in(household, residency_pk)
    others = household.residencies.filter(end=None).exclude(pk=residency.pk)
    form = MarriageForm(request.POST or None, others=others.select_related("person"))
    if request.method == "POST" and do(
        request, form,
        lambda: services.marry(residency=residency, by=user, **form.cleaned_data),
        "已登记结婚。",
    ):  # fmt: skip
        return redirect(_to(household))
    title = f"{residency.person.name}：结婚登记"
    return form_page(request, form, title, _to(household), "登记")


@login_required
@never_cache
def head(request: HttpRequest, pk: int, residency_pk: int) -> HttpResponse:
    user: Any = request.user
    household = fetch_household(user, pk, EDIT)
    residency = living_in(household, residency_pk)
    form = HeadForm(request.POST or None)
    if request.method == "POST" and do(
        request, form,
        lambda: services.set_head(residency=residency, by=user, **form.cleaned_data),
        "已设为户主。",
    ):  # fmt: skip
        return redirect(_to(household))
    title = f"{residency.person.name}：设为户主"
    return form_page(request, form, title, _to(household), "设为户主")


@login_required
@never_cache
def apart(request: HttpRequest, pk: int, residency_pk: int) -> HttpResponse:
    """人户分离, or its end when it is already registered."""
    user: Any = request.user
    household = fetch_household(user, pk, EDIT)
    residency = living_in(household, residency_pk)
    ends = residency.separations.filter(end=None).exists()
    form: ApartForm | TogetherForm
    form = TogetherForm(request.POST or None) if ends else ApartForm(request.POST or None)
    verb = services.live_together if ends else services.live_apart

    def act() -> None:
        verb(residency=residency, by=user, **form.cleaned_data)

    if request.method == "POST" and do(request, form, act, "已登记。"):
        return redirect(_to(household))
    what = "人户分离结束" if ends else "人户分离"
    title = f"{residency.person.name}：{what}"
    return form_page(request, form, title, _to(household), "登记")
