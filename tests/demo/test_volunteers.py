"""Voluntary work of the demonstration: the report's figures, and rows that keep the rules."""

from typing import Any

import pytest
from django.db.models import Count, F, Sum

from gridparty.demo.shapes import HAIHENG, XUANCHENG
from gridparty.demo.world import World
from tests.demo.conftest import NOW
from volunteers.models import (
    Activity,
    Ask,
    Claim,
    Hours,
    PointsEntry,
    Project,
    Resource,
    Shift,
    SignUp,
    Team,
)

pytestmark = pytest.mark.django_db


def of(demo: World, key: str, model: Any) -> Any:
    return model.objects.filter(street__tree_id=demo.tree(key).root.tree_id)


def test_the_figures_are_the_reports(demo: World) -> None:
    assert of(demo, HAIHENG.key, Team).values("kind").distinct().count() == 6
    projects = of(demo, HAIHENG.key, Project)
    assert (projects.count(), projects.values("category").distinct().count()) == (42, 7)
    assert projects.values("lead_unit").distinct().count() == 32
    assert of(demo, HAIHENG.key, Resource).values("unit").distinct().count() == 32
    assert of(demo, HAIHENG.key, Activity).held().count() == 175
    held = of(demo, XUANCHENG.key, Activity).held().order_by()
    counts = dict(held.values_list("kind").annotate(many=Count("pk")))
    assert counts == {"policy": 76, "clean": 58, "aid": 120}
    assert set(of(demo, XUANCHENG.key, Team).values_list("kind", flat=True)) == {
        "retired", "youth", "women", "elders",
    }  # fmt: skip


def test_its_rows_keep_the_rules(demo: World) -> None:
    late = F("shift__ends_at")
    assert not SignUp.objects.filter(in_at__gt=late).exists()
    for shift in Shift.objects.filter(starts_at__gt=NOW):
        assert shift.signups.taking_part().count() <= shift.capacity
    twice = Hours.objects.values("volunteer", "days__day").annotate(total=Sum("days__credited"))
    assert not twice.filter(total__gt=8).exists()
    confirmed = Hours.objects.filter(status="confirmed")
    assert PointsEntry.objects.values("hours").distinct().count() == confirmed.count()
    assert not Activity.objects.held().filter(starts_at__gt=NOW).exists()


def test_there_is_something_to_do_for_everybody(demo: World) -> None:
    me = demo.users["volunteer"]
    assert Ask.objects.of(me).open().count() == 1
    assert SignUp.objects.of(me).filter(status="signed", shift__starts_at__gt=NOW).exists()
    assert Hours.objects.filter(volunteer__person=me.person, status="confirmed").exists()
    assert SignUp.objects.waiting().count() == 2
    assert Hours.objects.filter(status="submitted").exists()
    assert set(Claim.objects.values_list("status", flat=True)) >= {"sent", "live", "done"}
