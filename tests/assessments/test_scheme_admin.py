"""Schemes in the admin: each half makes a hundred, an item is counted or scored by hand."""

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from assessments.models import AssessmentScheme
from assessments.services.compute import scheme_for
from tests.town import Town

BASE = {
    "name": "新方案", "version": "9", "grid_kind": "residential", "valid_from": "2027-01-01",
    "bonus_max": "5", "deduction_max": "10", "excellent_from": "90", "good_from": "80",
    "pass_from": "60", "excellent_share": "30", "subsidy_excellent": "0", "subsidy_good": "0",
    "subsidy_pass": "0", "subsidy_fail": "0", "items-INITIAL_FORMS": "0",
}  # fmt: skip


def sent(*items: dict[str, str], **more: str) -> dict[str, str]:
    data = BASE | more | {"items-TOTAL_FORMS": str(len(items))}
    for number, item in enumerate(items):
        row = {
            "order": "0",
            "target": "90",
            "slope": "1",
            "floor": "0",
            "zero_policy": "skip",
            "shrink": "0",
        }
        data |= {f"items-{number}-{name}": value for name, value in (row | item).items()}
    return data


WORK = {"part": "grid_work", "counted": "on_time_rate", "full": "100"}
SERVICE = {"part": "public_service", "by_hand": "居民评议", "full": "100"}


@pytest.fixture
def admin(town: Town, client: Client) -> Client:
    client.force_login(town.users["sysadmin"])
    return client


def post(client: Client, data: dict[str, str]) -> Any:
    return client.post(reverse("admin:assessments_assessmentscheme_add"), data)


def test_a_sound_scheme_is_kept_once_its_work_is_known(admin: Client) -> None:
    page = post(admin, sent(WORK, SERVICE))
    assert "4 个网格、一年四次，约 1 小时" in page.content.decode()
    assert not AssessmentScheme.objects.filter(version="9").exists()
    assert post(admin, sent(WORK, SERVICE, hours_known="1")).status_code == 302
    scheme = AssessmentScheme.objects.get(version="9")
    assert [(item.indicator, item.manual) for item in scheme.items.order_by("pk")] == [
        ("on_time_rate", False), ("居民评议", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("items", "more", "sentence"),
    [
        ((WORK | {"full": "90"}, SERVICE), {}, "网格工作现为 90 分"),
        ((WORK,), {}, "为民服务现为 0 分"),
        ((WORK | {"counted": ""}, SERVICE), {}, "二选一"),
        ((WORK | {"by_hand": "两样"}, SERVICE), {}, "二选一"),
        ((WORK, SERVICE), {"good_from": "95"}, "优秀高于良好"),
    ],
)
def test_an_unsound_scheme_is_refused(
    admin: Client, items: Any, more: dict[str, str], sentence: str
) -> None:
    page = post(admin, sent(*items, **more))
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not AssessmentScheme.objects.filter(version="9").exists()


def test_the_scheme_of_2027_counts_what_it_can(town: Town) -> None:
    new, old = (
        AssessmentScheme.objects.get(grid_kind="residential", version=version)
        for version in ("2027-1", "2026-2")
    )
    assert {item.indicator for item in new.items.filter(manual=True)} == {
        "巡查完成率", "代办和办实事",
    }  # fmt: skip
    assert sum(item.full for item in new.items.all()) == 200
    assert old.items.filter(manual=True).count() == 6
    assert new.items.get(indicator="self_discovery_rate").full == 0  # shown, its points handed on
    assert {
        code: new.items.get(indicator=code).full
        for code in ("on_time_rate", "dispute_rate", "rework_rate")
    } == {"on_time_rate": 18, "dispute_rate": 9, "rework_rate": 7}
    work = new.items.filter(part="grid_work")
    assert sum(item.full for item in work) == 100


def test_the_scheme_of_2027_leaves_a_newer_one_in_force(town: Town) -> None:
    """Coming to a platform whose administrators went on by themselves changes nothing of theirs."""
    add = import_module("assessments.migrations.0007_counted_items").add
    schemes = AssessmentScheme.objects
    schemes.filter(version="2027-1").delete()
    mine = schemes.create(
        name="自定", version="自定", grid_kind="residential", valid_from=date(2026, 10, 1)
    )
    old = schemes.get(grid_kind="exclusive", version="2026-2")
    old.items.filter(indicator="志愿服务").update(full=4)
    old.items.create(
        part="public_service", indicator="volunteer_rate", full=4, target=50, slope="0.1"
    )
    old.items.filter(indicator="rework_rate").delete()
    add(apps, None)
    new = schemes.get(version="2027-1")
    assert new.grid_kind == "exclusive"
    kept = {item.indicator: item for item in new.items.all()}
    assert kept["志愿服务"].manual and kept["volunteer_rate"].target == 50
    assert kept["on_time_rate"].full + kept["dispute_rate"].full == 15 + 7 + 7
    assert scheme_for("residential", date(2027, 1, 1)) == mine


def test_the_indicators_explain_themselves(town: Town, client: Client) -> None:
    client.force_login(town.users["grid_head"])
    page = client.get(reverse("assessments:indicators")).content.decode()
    for words in ("五个一完成率", "红色楼道长履职率", "代办和办实事", "返工率"):
        assert words in page
