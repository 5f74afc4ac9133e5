"""“我的联系户”: what a corridor head has on the phone, and what others record for him."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from grids.acting import do
from orgs.models import User
from orgs.roles import EDIT, Noun, Role
from orgs.scope import has_role, refusal
from residents import services
from residents.display import household_rows
from residents.duties import progress_of
from residents.models import CorridorHead, HeadContact, Household
from residents.sections import sections
from residents.views.edit import form_page
from residents.views.head_forms import ContactForm, DeedForm
from residents.views.heads import fetch_head


@login_required
@never_cache
@require_GET
def my_homes(request: HttpRequest) -> HttpResponse:
    """Own households: door, name, masked phone, size, whether somebody needs care; nothing else."""
    user: Any = request.user
    day = timezone.localdate()
    head = _own(user)
    homes = list(Household.objects.of_head(user.person_id, day).for_head(day).by_door())
    rows = household_rows(homes, in_full={home.pk for home in homes}, day=day, names=True)
    today = set()
    if head is not None:
        today = set(head.contacts.filter(on=day).values_list("household_id", flat=True))
    cards = [(row, progress_of(row.household, day), row.household.pk in today) for row in rows]
    cards.sort(key=lambda card: card[1].is_done)
    context = {
        "page_title": "我的联系户",
        "sections": sections(user, "mine"),
        "head": head,
        "cards": cards,
        "done": sum(progress.is_done for _, progress, _ in cards),
        "people": sum(row.people for row, _, _ in cards),
        "deeds": list(head.deeds.for_list()[:5]) if head else [],
        "day": day,
    }
    return render(request, "residents/heads/mine.html", context)


def _own(user: User) -> CorridorHead | None:
    """The head the user is; 403 for everybody else. None when his term has not begun."""
    if not has_role(user, Role.CORRIDOR_HEAD):
        raise PermissionDenied("“我的联系户”是红色楼道长的页面。" + refusal(user, Noun.HEAD, EDIT))
    duty = CorridorHead.objects.in_duty(timezone.localdate())
    return duty.filter(person=user.person_id).first() if user.person_id else None


def _head_to_log(user: User, pk: int) -> CorridorHead:
    """The head for whom the user may record: himself, or one he looks after (letter E)."""
    own = CorridorHead.objects.in_duty(timezone.localdate()).filter(pk=pk, person=user.person_id)
    found = own.select_related("person").first() if user.person_id else None
    return found or fetch_head(user, pk, EDIT)


def _home(head: CorridorHead, pk: int) -> Household:
    homes = Household.objects.of_head(head.person_id, timezone.localdate())
    rows = homes.select_related("building__compound", "entrance")
    found: Household = get_object_or_404(rows, pk=pk)
    return found


def _back(user: User, head: CorridorHead) -> str:
    if head.person_id == user.person_id:
        return reverse("residents:mine")
    return reverse("residents:head", args=[head.pk])


@login_required
@require_POST
def contact_tap(request: HttpRequest, pk: int, home_pk: int) -> HttpResponse:
    """已联系, with one tap; `undo` takes today's tick back."""
    user: Any = request.user
    head, day = _head_to_log(user, pk), timezone.localdate()
    home = _home(head, home_pk)
    if "undo" in request.POST:
        ticked = get_object_or_404(HeadContact, head=head, household=home, on=day)
        services.take_back_contact(contact=ticked, today=day, by=user)
    else:
        services.note_contact(head=head, household=home, on=day, today=day, by=user)
    return redirect(f"{_back(user, head)}#home-{home.pk}")


@login_required
@never_cache
def contact_new(request: HttpRequest, pk: int, home_pk: int) -> HttpResponse:
    """A contact with its way, day and what was heard."""
    user: Any = request.user
    head = _head_to_log(user, pk)
    home = _home(head, home_pk)
    form = ContactForm(request.POST or None)
    back = _back(user, head)
    if request.method == "POST" and do(
        request, form,
        lambda: services.note_contact(
            head=head, household=home, today=timezone.localdate(), by=user, **form.cleaned_data
        ),
        "已登记联系。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, "登记联系", back, "登记", hint=home.door)


@login_required
@never_cache
def deed_new(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    head = _head_to_log(user, pk)
    homes = Household.objects.of_head(head.person_id, timezone.localdate()).by_door()
    form = DeedForm(
        request.POST or None, homes=homes.select_related("building__compound", "entrance")
    )
    back = _back(user, head)
    if request.method == "POST" and do(
        request, form,
        lambda: services.record_deed(
            head=head, today=timezone.localdate(), by=user, **form.cleaned_data
        ),
        "已登记办实事。",
    ):  # fmt: skip
        return redirect(back)
    return form_page(request, form, "登记办实事", back, "登记")
