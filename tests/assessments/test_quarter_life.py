"""A quarter from draft to use: whose step it is, what is refused, what is frozen, what a correction does."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from assessments.models import Appeal, QuarterAssessment
from assessments.scoring import Grade
from assessments.services import (
    adjust,
    advance_due,
    answer,
    appeal,
    compute_quarter,
    end_adjustment,
    move_assessment,
    move_street,
    revise,
    score_item,
)
from assessments.services.settling import digest_of
from assessments.workflow import FROZEN, MOVES, REVIEWS, Status, moves_from
from gridparty.lib.china_time import SHANGHAI
from notices.models import Notification
from orgs.models import AuditEntry
from tests.assessments.test_quarter import QUARTER, closed_case
from tests.town import Town

LATER = QUARTER.end + timedelta(days=4)


def mine(town: Town) -> Any:
    return QuarterAssessment.objects.select_related("grid", "scheme").get(grid=town.grid)


def begin(town: Town) -> None:
    move_street(street=town.street, quarter=QUARTER, name="begin", by=None, now=LATER)


def to_street(town: Town) -> None:
    """Every grid of the street is with the street, scored by hand."""
    begin(town)
    secretary, admin = town.users["community_secretary"], town.users["street_admin"]
    for row in QuarterAssessment.objects.filter(street=town.street):
        row.status = Status.COMMUNITY_REVIEW
        row.save(update_fields=["status"])
        if row.community_id == town.community.pk:
            move_assessment(assessment=row, name="endorse", by=secretary)
        else:
            QuarterAssessment.objects.filter(pk=row.pk).update(status=Status.STREET_REVIEW)
    for row in QuarterAssessment.objects.filter(street=town.street).select_related("scheme"):
        if row.items.filter(manual=True).exists():
            score_item(
                assessment=row, indicator="巡查", points=Decimal(40), reason="抽查四次", by=admin
            )


def publish(town: Town, at: datetime = LATER) -> None:
    to_street(town)
    move_street(
        street=town.street, quarter=QUARTER, name="publish", by=town.users["street_admin"], now=at
    )


def test_the_clock_begins_it_and_passes_over_who_is_late(town: Town, drafts: Any) -> None:
    assert advance_due(QUARTER.end + timedelta(days=2)) == 0  # entries may still come
    assert advance_due(LATER) == 4  # both streets
    assert advance_due(LATER) == 0
    row = mine(town)
    assert (row.status, str(row.review_due)) == (
        Status.SELF_REVIEW,
        "2026-10-13",
    )  # 8, 9, 10 (调休), 12, 13
    letters = Notification.objects.filter(kind="assessment.self_review")
    assert letters.filter(user=town.users["grid_head"]).count() == 1
    assert advance_due(datetime(2026, 10, 13, 12, tzinfo=SHANGHAI)) == 0
    assert advance_due(datetime(2026, 10, 14, 3, tzinfo=SHANGHAI)) == 4
    row.refresh_from_db()
    assert row.status == Status.COMMUNITY_REVIEW
    assert [step.move for step in row.steps.all()] == ["begin", "pass_over"]


@pytest.mark.parametrize("status", [status for status in Status if status != Status.OPEN])
def test_a_step_is_made_only_from_its_status_and_by_its_side(
    town: Town, drafts: Any, status: Status
) -> None:
    actors = {
        "grid": "grid_head", "community": "community_secretary", "street": "street_admin",
    }  # fmt: skip
    for name, move in MOVES.items():
        if not move.side or move.together:
            continue
        for side, who in actors.items():
            QuarterAssessment.objects.filter(grid=town.grid).update(status=status)
            allowed = side == move.side and status in move.sources

            def make(name: str = name, who: str = who) -> None:
                move_assessment(
                    assessment=mine(town), name=name, by=town.users[who], note="写明原因"
                )

            if allowed:
                make()
                assert mine(town).status == move.target
                assert move in moves_from(status, side)
            else:
                with pytest.raises((ValidationError, PermissionDenied)):
                    make()
                assert mine(town).status == status


def test_a_self_review_says_something(town: Town, drafts: Any) -> None:
    begin(town)
    with pytest.raises(ValidationError, match="请填写说明"):
        move_assessment(assessment=mine(town), name="submit", by=town.users["grid_head"], note=" ")


def test_another_grid_head_has_no_say(town: Town, drafts: Any) -> None:
    begin(town)
    with pytest.raises(PermissionDenied):
        move_assessment(
            assessment=mine(town), name="submit", by=town.users["other_grid_head"], note="好"
        )


def test_two_at_once_make_one_step(town: Town, drafts: Any) -> None:
    begin(town)
    first, second = mine(town), mine(town)
    head = town.users["grid_head"]
    move_assessment(assessment=first, name="submit", by=head, note="一")
    with pytest.raises(ValidationError):
        move_assessment(assessment=second, name="submit", by=head, note="二")
    assert first.steps.filter(move="submit").count() == 1


def test_publicity_waits_for_every_grid_and_every_score(town: Town, drafts: Any) -> None:
    admin = town.users["street_admin"]
    begin(town)
    with pytest.raises(ValidationError, match="还不能公示"):
        move_street(street=town.street, quarter=QUARTER, name="publish", by=admin)
    QuarterAssessment.objects.filter(street=town.street).update(status=Status.STREET_REVIEW)
    with pytest.raises(ValidationError, match="没有评分"):
        move_street(street=town.street, quarter=QUARTER, name="publish", by=admin)


def test_points_by_hand_stay_in_their_bounds_and_are_kept_when_counted_anew(
    town: Town, drafts: Any
) -> None:
    to_street(town)
    admin, row = town.users["street_admin"], mine(town)
    for points in (Decimal(-1), Decimal(51)):
        with pytest.raises(ValidationError):
            score_item(assessment=row, indicator="巡查", points=points, reason="看", by=admin)
    with pytest.raises(ValidationError, match="按数据计算"):
        score_item(
            assessment=row, indicator="on_time_rate", points=Decimal(1), reason="看", by=admin
        )
    with pytest.raises(PermissionDenied):
        score_item(
            assessment=row,
            indicator="巡查",
            points=Decimal(1),
            reason="看",
            by=town.users["grid_head"],
        )
    closed_case(town, town.grid, late=True, number=99)
    compute_quarter(quarter=QUARTER, now=LATER, by=None)
    row.refresh_from_db()
    assert row.items.get(indicator="巡查").points == Decimal(40)
    assert row.items.get(indicator="on_time_rate").denominator == 11
    assert row.status == Status.STREET_REVIEW


def test_adjustments_are_capped_and_can_be_taken_back(town: Town, drafts: Any) -> None:
    to_street(town)
    admin, row = town.users["street_admin"], mine(town)
    before = row.total
    for _ in range(3):
        adjust(assessment=row, kind="bonus", points=Decimal(2), reason="市级表彰", by=admin)
    row.refresh_from_db()
    assert row.total == before + 5  # the scheme's cap, not 6
    with pytest.raises(ValidationError, match="不超过方案上限"):
        adjust(assessment=row, kind="bonus", points=Decimal(6), reason="x", by=admin)
    one = row.adjustments.first()
    end_adjustment(adjustment=one, by=admin)
    with pytest.raises(ValidationError, match="已经撤销"):
        end_adjustment(adjustment=one, by=admin)
    row.refresh_from_db()
    assert row.total == before + 4


def test_publicity_freezes_and_a_second_press_changes_nothing(town: Town, drafts: Any) -> None:
    publish(town)
    row = mine(town)
    version = row.versions.get()
    assert (row.status, row.version, version.number) == (Status.PUBLICITY, 1, 1)
    assert digest_of(version.content) == version.digest
    assert version.content["total"] == f"{row.total:.2f}"
    closed_case(town, town.grid, late=True, number=98)
    compute_quarter(quarter=QUARTER, now=LATER, by=None)
    assert mine(town).total == row.total
    admin = town.users["street_admin"]
    assert move_street(street=town.street, quarter=QUARTER, name="publish", by=admin) == 0
    assert AuditEntry.objects.filter(action="assessment.publish").count() == 1


def test_a_veto_caps_the_grade(town: Town, drafts: Any) -> None:
    to_street(town)
    admin = town.users["street_admin"]
    adjust(assessment=mine(town), kind="veto", points=Decimal(0), reason="数据造假", by=admin)
    move_street(street=town.street, quarter=QUARTER, name="publish", by=admin, now=LATER)
    assert mine(town).grade == Grade.PASS


def test_an_appeal_upheld_makes_a_second_version(town: Town, drafts: Any) -> None:
    publish(town)
    head, admin, row = town.users["grid_head"], town.users["street_admin"], mine(town)
    with pytest.raises(PermissionDenied):
        appeal(assessment=row, text="不对", by=admin, now=LATER)
    one = appeal(assessment=row, text="少算一件", indicator="on_time_rate", by=head, now=LATER)
    with pytest.raises(ValidationError, match="已有未答复"):
        appeal(assessment=row, text="又一次", indicator="on_time_rate", by=head, now=LATER)
    over = LATER + timedelta(days=30)
    with pytest.raises(ValidationError, match="公示期内"):
        appeal(assessment=row, text="晚了", by=head, now=over)
    with pytest.raises(ValidationError, match="申诉没有答复"):
        move_street(street=town.street, quarter=QUARTER, name="finalise", by=admin, now=over)
    closed_case(town, town.grid, late=False, number=97)
    before = row.total
    answer(one=one, upheld=True, text="补录属实", by=admin, recompute=True, now=over)
    row.refresh_from_db()
    assert row.version == 2
    assert row.total > before
    assert [v.number for v in row.versions.all()] == [1, 2]
    assert row.versions.last().reason.startswith("申诉成立")
    with pytest.raises(ValidationError, match="已经答复"):
        answer(one=one, upheld=False, text="再答", by=admin)


def test_a_rejected_appeal_changes_no_score(town: Town, drafts: Any) -> None:
    publish(town)
    row = mine(town)
    one = appeal(assessment=row, text="不公平", by=town.users["grid_head"], now=LATER)
    answer(one=one, upheld=False, text="复核无误", by=town.users["street_admin"], now=LATER)
    assert mine(town).version == 1
    assert Appeal.objects.get().status == "rejected"


def test_a_correction_says_why_and_how(town: Town, drafts: Any) -> None:
    admin = town.users["street_admin"]
    with pytest.raises(ValidationError, match="公示前直接修改"):
        revise(assessment=mine(town), reason="改", by=admin, recompute=True)
    publish(town)
    with pytest.raises(ValidationError, match="怎样更正"):
        revise(assessment=mine(town), reason="改", by=admin)
    with pytest.raises(ValidationError, match="更正原因"):
        revise(assessment=mine(town), reason=" ", by=admin, recompute=True)
    revise(assessment=mine(town), reason="投诉查实", by=admin, kind="deduction", points=Decimal(2))
    assert mine(town).version == 2


def test_it_ends_in_lists_for_use(town: Town, drafts: Any, client: Client) -> None:
    publish(town)
    admin = town.users["street_admin"]
    with pytest.raises(ValidationError, match="之后才能定案"):
        move_street(street=town.street, quarter=QUARTER, name="finalise", by=admin, now=LATER)
    over = LATER + timedelta(days=30)
    move_street(street=town.street, quarter=QUARTER, name="finalise", by=admin, now=over)
    move_street(street=town.street, quarter=QUARTER, name="apply", by=admin, now=over)
    client.force_login(admin)
    way = f"{reverse('assessments:results')}?quarter={QUARTER}"
    assert way in client.get(reverse("partybuilding:funds")).content.decode()
    page = client.get(reverse("assessments:results"), {"quarter": str(QUARTER)})
    shares = page.context["shares"]
    assert {share.row.grid_id for share in shares} >= {town.grid.pk}
    assert page.context["total"] == sum(share.yuan for share in shares)
    row = mine(town)
    own = [share for share in shares if share.row.pk == row.pk]
    assert sum(share.yuan for share in own) <= row.scheme.subsidy(row.grade)
    book = client.get(reverse("assessments:subsidies"), {"quarter": str(QUARTER)})
    assert book.status_code == 200


def test_frozen_and_reviewed_are_no_common_ground() -> None:
    assert not set(FROZEN) & set(REVIEWS)
