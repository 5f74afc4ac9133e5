"""manage.py demo: fills an empty database once, and never in production."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from gridparty.demo.scale import SMALL
from gridparty.management.commands import demo as command
from orgs.models import User

pytestmark = pytest.mark.django_db


def test_it_refuses_in_production(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="生产环境"):
        call_command("demo")
    assert not User.objects.exists()


def test_it_leaves_somebody_elses_data_alone(town: Any) -> None:
    out = StringIO()
    call_command("demo", stdout=out)
    assert "没有改动" in out.getvalue()


def test_it_builds_what_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(command, "build", lambda **kwargs: asked.update(kwargs))
    out = StringIO()
    call_command("demo", scale="small", seed=7, stdout=out)
    assert (asked["scale"], asked["seed"]) == (SMALL, 7)
    assert "gridparty-demo" in out.getvalue()
