"""What the tests of the open interface share: an app with its key, and ways to send and refuse."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from cases.models import AppKey, Case
from cases.services.apps import give_key
from tests.town import Town

V2 = "/open311/v2"


@pytest.fixture(name="app")
def the_app(town: Town) -> AppKey:
    cache.clear()
    return AppKey(name="随手拍", contact="某公司", street=town.street)


@pytest.fixture(name="key")
def the_key(app: AppKey) -> str:
    return give_key(app=app, by=None)


def send(client: Client, key: str, town: Town, suffix: str = "json", **more: Any) -> Any:
    body = {
        "api_key": key, "service_code": "suggestion-suggestion", "address_id": town.grid.code,
        "description": "楼道灯不亮。", **more,
    }  # fmt: skip
    return client.post(f"{V2}/requests.{suffix}", {k: v for k, v in body.items() if v is not None})


def filed(client: Client, key: str, town: Town, **more: Any) -> Case:
    answer = send(client, key, town, **more)
    assert answer.status_code == 200, answer.content
    return Case.objects.get(case_no=answer.json()[0]["service_request_id"])


def refusal(answer: Any, status: int) -> str:
    """Return the sentences of an error answer, whose shape is checked."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json"
    errors = answer.json()
    assert errors and all(set(one) == {"code", "description"} for one in errors)
    assert all(one["code"] == status for one in errors)
    return " ".join(one["description"] for one in errors)
