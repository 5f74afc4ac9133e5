"""Forms around a household: new, edit, close; its people: register, change; care tags."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from gridparty.lib.text import row_id
from grids.acting import do
from grids.models import Building
from orgs.models import User
from orgs.roles import CREATE, EDIT, Noun
from orgs.scope import refusal, require
from residents import services
from residents.display import resident, shown_door
from residents.forms import (
    CareTagForm,
    CloseHouseholdForm,
    EndCareForm,
    HouseholdForm,
    ResidentForm,
)
from residents.models import CareTag, Household, Residency
from residents.views.households import fetch_household


def form_page(
    request: HttpRequest, form: forms.Form, title: str, back: str, submit: str, **context: Any
) -> HttpResponse:
    """Show a form; 400 when it was sent and refused, with everything typed in place."""
    context |= {"page_title": title, "form": form, "back": back, "submit": submit}
    return render(request, "residents/form.html", context, status=400 if form.errors else 200)


@login_required
@never_cache
def household_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    require(user, Noun.RESIDENT, CREATE)
    buildings = Building.objects.where_may(user, Noun.RESIDENT, CREATE)
    initial = {"building": row_id(request.GET.get("building", ""))}
    form = HouseholdForm(request.POST or None, buildings=buildings, household=None, initial=initial)
    made: list[Household] = []
    if request.method == "POST" and do(
        request, form,
        lambda: made.append(services.create_household(by=user, **form.cleaned_data)),
        "已新建住户，请接着登记居民。",
    ):  # fmt: skip
        return redirect("residents:household", pk=made[0].pk)
    return form_page(request, form, "新建住户", reverse("residents:households"), "新建")


@login_required
@never_cache
def household_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    household = fetch_household(user, pk, EDIT)
    form = HouseholdForm(
        request.POST or None, buildings=None, household=household,
        initial=HouseholdForm.facts(household),
    )  # fmt: skip

    def save() -> None:
        data = dict(form.cleaned_data)
        services.edit_household(
            household=household, version=data.pop("version") or 0, by=user, **data
        )

    back = reverse("residents:household", args=[pk])
    if request.method == "POST" and do(request, form, save, "已保存。"):
        return redirect(back)
    latest = _after_conflict(form, household) and _door_facts(household)
    return form_page(request, form, f"修改{household.door}", back, "保存", latest=latest)


@login_required
@never_cache
def household_close(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    household = fetch_household(user, pk, EDIT)
    form = CloseHouseholdForm(request.POST or None, initial={"version": household.version})
    back = reverse("residents:household", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.close_household(household=household, by=user, **form.cleaned_data),
        "已销户。",
    ):  # fmt: skip
        return redirect(back)
    _after_conflict(form, household)
    return form_page(request, form, f"{household.door}：销户", back, "销户")


@login_required
@never_cache
def resident_new(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    household = fetch_household(user, pk, EDIT)
    form = ResidentForm(request.POST or None, residency=None)
    back = reverse("residents:household", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.add_resident(household=household, by=user, **_without_gender(form)),
        "已登记居民。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"{household.door}：登记居民", back, "登记")


@login_required
@never_cache
def resident_edit(request: HttpRequest, pk: int, residency_pk: int) -> HttpResponse:
    user: Any = request.user
    household = fetch_household(user, pk, EDIT)
    residency = living_in(household, residency_pk)
    form = ResidentForm(
        request.POST or None, residency=residency, initial=ResidentForm.facts(residency)
    )

    def save() -> None:
        data = dict(form.cleaned_data)
        services.edit_resident(
            residency=residency, version=data.pop("version") or 0, by=user, **data
        )

    back = reverse("residents:household", args=[pk])
    if request.method == "POST" and do(request, form, save, "已保存。"):
        return redirect(back)
    latest = _after_conflict(form, household) and _person_facts(residency)
    title = f"修改{residency.person.name}"
    return form_page(request, form, title, back, "保存", latest=latest)


@login_required
@never_cache
def care_new(request: HttpRequest, pk: int, residency_pk: int) -> HttpResponse:
    user: Any = request.user
    household = _fetch_cared(user, pk)
    residency = living_in(household, residency_pk)
    form = CareTagForm(request.POST or None, household=household, user=user)
    back = reverse("residents:household", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.add_care_tag(residency=residency, by=user, **form.cleaned_data),
        "已登记。",
    ):  # fmt: skip
        return redirect(back)
    name = resident(residency, full=True).name
    return form_page(request, form, f"{name}：登记重点人群", back, "登记")


@login_required
@never_cache
def care_end(request: HttpRequest, pk: int, tag_pk: int) -> HttpResponse:
    user: Any = request.user
    household = _fetch_cared(user, pk)
    tags = CareTag.objects.visible_to(user).filter(person__residencies__household=household)
    tag = get_object_or_404(tags.select_related("kind").distinct(), pk=tag_pk)
    form = EndCareForm(request.POST or None)
    back = reverse("residents:household", args=[pk])
    if request.method == "POST" and do(
        request, form,
        lambda: services.end_care_tag(
            tag=tag, by=user, street=household.street_id, **form.cleaned_data
        ),
        "已移出。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, f"移出“{tag.kind}”", back, "移出")


def living_in(household: Household, residency_pk: int) -> Residency:
    """Return the open residency of this household; 404 otherwise."""
    rows = Residency.objects.select_related("person", "household__street").filter(end=None)
    return get_object_or_404(rows, pk=residency_pk, household=household)


def _fetch_cared(user: User, pk: int) -> Household:
    household = fetch_household(user, pk)
    if not Household.objects.cared_by(user).filter(pk=household.pk).exists():
        raise PermissionDenied(refusal(user, Noun.CARE, EDIT))
    return household


def _without_gender(form: ResidentForm) -> dict[str, Any]:
    """The identity carries the gender of a new person."""
    data = dict(form.cleaned_data)
    gender = data.pop("gender")
    identity = data["identity"]
    data["identity"] = type(identity)(identity.kind, identity.number, identity.birth, gender)
    return data


def _after_conflict(form: forms.Form, household: Household) -> bool:
    """After a "stale" refusal let the next save count from what is there now; say so."""
    codes = {error.code for error in form.non_field_errors().as_data()}
    if "stale" not in codes:
        return False
    household.refresh_from_db()
    form.data = {**form.data.dict(), "version": str(household.version)}  # type: ignore[attr-defined]
    return True


def _door_facts(household: Household) -> list[tuple[str, str]]:
    """What a household says now, beside what somebody is about to write over it."""
    return [
        ("门牌", shown_door(household, full=True)),
        ("户编号", household.number),
        ("户类型", household.get_kind_display()),
        ("房屋状态", household.get_occupancy_display()),
        ("备注", household.note),
    ]


def _person_facts(residency: Residency) -> list[tuple[str, str]]:
    residency.refresh_from_db()
    residency.person.refresh_from_db()
    shown = resident(residency, full=True)
    return [
        ("姓名", shown.name),
        ("与户主关系", residency.relation),
        ("性别", residency.person.get_gender_display()),
        ("证件号码", shown.id_number),
        ("联系电话", shown.phone),
        ("居住状态", residency.status),
        ("工作单位", residency.person.workplace),
        ("备注", residency.person.remark),
    ]
