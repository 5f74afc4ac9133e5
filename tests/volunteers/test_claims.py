"""Needs, resources and claims: quantity, both ways, what follows for the need, who fits."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from orgs.models import Unit
from residents.services import move_need
from tests.town import Town
from tests.volunteers.help import open_resource, published
from volunteers.fitting import fits_for
from volunteers.models import Claim, Resource
from volunteers.services.claims import ask_for, free_quantity, move_claim, send_to
from volunteers.services.resources import expire_resources


@pytest.fixture
def second_partner(town: Town) -> Unit:
    return Unit.objects.create(
        name="示范超市", kind="private_enterprise", district=town.district, street=town.street
    )


def test_a_unit_claims_and_the_community_confirms(town: Town) -> None:
    need, unit = published(town), town.users["partner_unit"]
    claim = ask_for(need=need, by=unit, quantity=1, unit=town.partner)
    with pytest.raises(PermissionDenied):
        move_claim(claim=claim, name="confirm", by=unit)
    move_claim(claim=claim, name="confirm", by=town.users["community_staff"])
    need.refresh_from_db()
    assert (need.status, claim.status) == ("matched", "live")
    move_claim(claim=claim, name="deliver", by=unit, note="陪去了一次")
    need.refresh_from_db()
    assert (need.status, claim.status) == ("met", "done")


def test_the_community_sends_and_the_unit_answers(town: Town) -> None:
    need, staff, unit = published(town), town.users["community_staff"], town.users["partner_unit"]
    claim = send_to(need=need, by=staff, quantity=1, unit=town.partner)
    with pytest.raises(PermissionDenied):
        move_claim(claim=claim, name="accept", by=staff)
    move_claim(claim=claim, name="decline", by=unit, note="人手不够")
    assert free_quantity(need) == 1
    again = send_to(need=need, by=staff, quantity=1, unit=town.partner)
    move_claim(claim=again, name="accept", by=unit)
    need.refresh_from_db()
    assert need.status == "matched"
    move_claim(claim=again, name="cancel", by=staff, note="改期")
    need.refresh_from_db()
    assert need.status == "published"


def test_claims_never_exceed_the_quantity(town: Town, second_partner: Unit) -> None:
    need, unit = published(town, quantity=3), town.users["partner_unit"]
    staff = town.users["community_staff"]
    with pytest.raises(ValidationError, match="最多填 3"):
        ask_for(need=need, by=unit, quantity=4, unit=town.partner)
    ask_for(need=need, by=unit, quantity=2, unit=town.partner)
    with pytest.raises(ValidationError, match="已经认领了"):
        ask_for(need=need, by=unit, quantity=1, unit=town.partner)
    with pytest.raises(ValidationError, match="最多填 1"):
        send_to(need=need, by=staff, quantity=2, unit=second_partner)
    send_to(need=need, by=staff, quantity=1, unit=second_partner)
    with pytest.raises(ValidationError, match="全部有人认领"):
        send_to(need=need, by=staff, quantity=1, unit=second_partner)


def test_a_need_withdrawn_while_matched_lets_its_claimers_go(town: Town) -> None:
    need, resource = published(town), open_resource(town, capacity=1)
    claim = ask_for(
        need=need, by=town.users["partner_unit"], quantity=1, unit=town.partner, resource=resource
    )
    move_claim(claim=claim, name="confirm", by=town.users["community_staff"])
    resource.refresh_from_db()
    assert resource.status == "reserved"
    need.refresh_from_db()
    move_need(need=need, move="withdraw", by=town.users["grid_head"], note="家里人回来了")
    claim.refresh_from_db()
    resource.refresh_from_db()
    assert (claim.status, resource.status) == ("cancelled", "open")


def test_a_resource_lapses_by_itself(town: Town) -> None:
    today = timezone.localdate()
    resource = open_resource(town, valid_until=today)
    assert expire_resources(today=today) == 0
    assert expire_resources(today=today + timedelta(days=1)) == 1
    assert expire_resources(today=today + timedelta(days=1)) == 0
    resource.refresh_from_db()
    assert resource.status == "expired"


def test_what_fits_comes_first_and_says_why(town: Town) -> None:
    need, today = published(town, quantity=2), timezone.localdate()
    good = open_resource(town)
    other_kind = open_resource(town, title="维修队", need_kinds=["repair"])
    elsewhere = open_resource(town, title="二网格陪伴", grids=[town.sister_grid])
    small = open_resource(town, title="一次陪伴", capacity=1)
    late = open_resource(town, title="下月陪伴", available_from=today + timedelta(days=40))
    need.wanted_by = today + timedelta(days=7)
    fits = fits_for(need, Resource.objects.all().with_taken(), today, 2)
    assert fits[0].resource == good
    assert fits[0].fits
    broken = {fit.resource: [one.words for one in fit.reasons if not one.holds] for fit in fits}
    assert broken[good] == []
    assert broken[other_kind] == ["不解决“陪伴关爱”"]
    assert broken[elsewhere] == ["这个网格不在服务范围"]
    assert broken[small] == ["余 1次，需要 2"]
    assert "赶不上" in broken[late][0]


def test_the_pages_show_a_unit_the_need_but_nobodys_name(town: Town, enter: Any) -> None:
    need = published(town, text="张桂兰想有人陪着去体检")
    page = enter("partner_unit").get(f"/volunteers/needs/{need.pk}/").content.decode()
    assert need.public_text in page
    assert need.text not in page
    client = enter("partner_unit")
    sent = client.post(
        f"/volunteers/needs/{need.pk}/claim/",
        {"unit": town.partner.pk, "quantity": "1", "note": "学生志愿者"},
    )
    assert sent.status_code == 302
    claim = Claim.objects.get()
    assert (
        "示范学院"
        in enter("community_staff").get("/volunteers/claims/?status=asked").content.decode()
    )
    enter("community_staff").post(f"/volunteers/claim/{claim.pk}/confirm/move/")
    claim.refresh_from_db()
    assert claim.status == "live"
    bad = client.post(
        f"/volunteers/needs/{need.pk}/claim/", {"unit": town.partner.pk, "quantity": "9"}
    )
    assert bad.status_code == 400
    assert enter("other_community_staff").get(f"/volunteers/needs/{need.pk}/").status_code == 404


def test_the_agreement_is_kept_sealed(town: Town, enter: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    claim = ask_for(
        need=published(town), by=town.users["partner_unit"], quantity=1, unit=town.partner
    )
    client = enter("partner_unit")
    bad = client.post(
        f"/volunteers/claims/{claim.pk}/", {"file": SimpleUploadedFile("a.pdf", b"MZ")}
    )
    assert bad.status_code == 200
    assert "请上传 PDF" in bad.content.decode()
    client.post(
        f"/volunteers/claims/{claim.pk}/", {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4 x")}
    )
    assert client.get(f"/volunteers/claims/{claim.pk}/agreement/").content == b"%PDF-1.4 x"
    assert enter("volunteer").get(f"/volunteers/claims/{claim.pk}/agreement/").status_code == 404
