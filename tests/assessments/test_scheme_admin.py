"""Schemes in the admin: each half makes a hundred, an item is counted or scored by hand."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import AssessmentScheme
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


def test_the_indicators_explain_themselves(town: Town, client: Client) -> None:
    client.force_login(town.users["grid_head"])
    page = client.get(reverse("assessments:indicators")).content.decode()
    for words in ("五个一完成率", "红色楼道长履职率", "代办和办实事", "返工率"):
        assert words in page
