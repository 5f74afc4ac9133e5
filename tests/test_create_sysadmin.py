"""`manage.py create_sysadmin`: the first log-in of an installation may manage users at once."""

import io

import pytest
from django.core.management import CommandError, call_command

from orgs.models import User
from orgs.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch):
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_it_makes_a_system_administrator(typed, capsys: pytest.CaptureFixture[str]) -> None:
    typed("Correct-Horse-7\n")
    call_command("create_sysadmin", "root1", name="王建国", password_stdin=True)
    user = User.objects.get(username="root1")
    assert user.check_password("Correct-Horse-7")
    assert [grant.role for grant in user.grants] == [Role.SYSADMIN]
    assert user.display_name == "王建国"
    assert "Correct" not in capsys.readouterr().out


@pytest.mark.parametrize("password", ["", "short", "12345678901234"])
def test_it_refuses_a_weak_password_and_leaves_nothing(typed, password: str) -> None:
    typed(f"{password}\n")
    with pytest.raises(CommandError):
        call_command("create_sysadmin", "root1", password_stdin=True)
    assert not User.objects.exists()


def test_it_refuses_a_name_that_is_taken(typed) -> None:
    User.objects.create_user("root1")
    typed("Correct-Horse-7\n")
    with pytest.raises(CommandError):
        call_command("create_sysadmin", "root1", password_stdin=True)


def test_it_asks_only_at_a_terminal(typed) -> None:
    typed("")
    with pytest.raises(CommandError, match="--password-stdin"):
        call_command("create_sysadmin", "root1")
