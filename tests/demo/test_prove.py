"""The scope prover on the small town: it knows every address, finds nothing, and can find."""

from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.test import override_settings
from django.urls import path

from cases.models import Case
from gridparty.demo.world import World
from gridparty.prove.absence import changed_by_absence
from gridparty.prove.addresses import Address, all_addresses
from gridparty.prove.marks import Mark, mark_all, marks_in
from gridparty.prove.proof import prove
from gridparty.prove.seers import Streets, nobody, seer
from gridparty.prove.territory import our_models, way_home
from gridparty.prove.walk import Map, Pages, foreign_doors, rolled_back, shown_rows
from gridparty.urls import urlpatterns as site
from orgs.models import User
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db


def test_nobody_sees_a_row_too_many(demo: World) -> None:
    """The short form: one department; everybody walks with `manage.py prove_scope`."""
    proof = prove(names=("dept_handler",), now=NOW)
    assert proof.unknown == [], "say in gridparty/prove/addresses.py which word stands there"
    assert proof.leaks == []
    assert proof.addresses > 700


def test_the_matrix_knows_every_address() -> None:
    written = Path(settings.BASE_DIR, "docs/access-matrix.md").read_text(encoding="utf-8")
    new = [
        address.route
        for address in all_addresses()
        if f"`{address.route.format(*['…'] * address.numbers)}`" not in written
    ]
    assert new == [], "run manage.py prove_scope --write"


# ---- it can find: four faulty pages and an honest one ----


def shows_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("\n".join(Case.objects.values_list("text", flat=True)))


def counts_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"共 {Case.objects.count()} 件", status=200 if request.user.pk else 403)


def opens_all(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(
        get_object_or_404(Case, pk=pk).case_no, status=200 if request.user.pk else 403
    )


def tells_that_it_exists(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Case, pk=pk)
    mine = Case.objects.visible_to(request.user).filter(pk=found.pk)
    return HttpResponse("您的角色不能查看" if not mine else "好", status=200 if mine else 403)


def honest(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse(get_object_or_404(Case.objects.visible_to(request.user), pk=pk).text)


urlpatterns = [
    *site, path("faulty/all/", shows_all), path("faulty/count/", counts_all),
    path("faulty/open/<int:pk>/", opens_all), path("faulty/tell/<int:pk>/", tells_that_it_exists),
    path("faulty/honest/<int:pk>/", honest),
]  # fmt: skip


@override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver"])
def test_it_finds_what_is_wrong(demo: World) -> None:
    known = Map(
        {Address("all", "/faulty/all/"): (), Address("count", "/faulty/count/"): ()}
        | {Address(name, f"/faulty/{name}/{{}}/"): (Case,) for name in ("open", "tell", "honest")}
    )
    with rolled_back():
        streets = Streets()
        head, outside = seer(User.objects.get(username="grid_head"), streets), nobody(streets)
        assert {leak.address for leak in changed_by_absence(known, head, outside)} == {"count"}
        mark_all()
        seen = set(shown_rows(known, head, Pages(), Pages()))
        doors = set(foreign_doors(known, head, outside))
    assert {leak.address for leak in seen} == {"all"}
    assert {leak.is_away for leak in seen} == {True, False}
    assert {(leak.address, leak.problem) for leak in doors} >= {
        ("open", "GET 200, not 404"), ("tell", "GET 403, not 404"),
    }  # fmt: skip
    assert "honest" not in {leak.address for leak in doors}


def test_the_street_of_a_row_is_found_without_its_scope(demo: World) -> None:
    case = Case.objects.select_related("street").order_by("pk").last()
    assert case is not None
    assert Streets().of_row(Mark(Case, case.pk)) == {case.street_id}
    assert way_home(type(case.events.all()[0])) == "case__street"


def test_a_mark_names_its_row() -> None:
    number = our_models().index(Case)
    assert marks_in(f"井盖⟦{number}.17⟧ 破损") == {Mark(Case, 17)}
