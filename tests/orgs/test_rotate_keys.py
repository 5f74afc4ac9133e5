"""Changing the sealing key: everything is sealed anew, once, and nothing becomes another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from orgs import sealedfiles
from orgs.fields import Sealed
from orgs.keys import keyring
from orgs.models import AuditEntry, ImportJob, Person
from orgs.rotation import columns, walk
from residents.models import RosterUndo
from tests.town import Town

NUMBER = "16900001234"


@pytest.fixture
def two_keys(settings: Any) -> Iterator[Any]:
    """Return a function that puts a new key in front of the ring."""
    old = dict(settings.PERSONAL_KEYS)

    def turn(*, keep: bool = True) -> None:
        settings.PERSONAL_KEYS = {"k9": "a new and long secret for the tests"} | (
            old if keep else {}
        )
        keyring.cache_clear()

    yield turn
    settings.PERSONAL_KEYS = old
    keyring.cache_clear()


def sealed_things(town: Town) -> tuple[Person, RosterUndo, str]:
    person = Person.objects.create(name="甲", phone=NUMBER)
    job = ImportJob.objects.create(
        kind="roster",
        under=town.community,
        street=town.street,
        uploaded_by=town.users["community_staff"],
        file_name="a.xlsx",
        file_hash="0",
    )
    undo = RosterUndo.objects.create(
        job=job, stamp="2026-06-01T00:00:00Z", homes=0, payload=keyring().seal_bytes(b"undo")
    )
    return person, undo, sealedfiles.store(b"sheet", folder="rosters")


def test_everything_is_sealed_anew_and_reads_the_same(
    town: Town, media: Path, two_keys: Any, capsys: Any
) -> None:
    person, undo, name = sealed_things(town)
    two_keys()
    late = Person.objects.create(name="乙", phone=NUMBER)  # under the new key already
    with pytest.raises(CommandError, match="旧密钥"):
        call_command("rotate_keys", check=True)
    call_command("rotate_keys")
    assert AuditEntry.objects.filter(action="keys.rotate").count() == 1
    call_command("rotate_keys", check=True)
    assert walk(change=True).done == 0  # a second time there is nothing to do
    two_keys(keep=False)  # the old key is gone
    for row in (person, undo, late):
        row.refresh_from_db()
    assert person.phone.reveal() == late.phone.reveal() == NUMBER
    assert person.phone.token.split(":")[1] == "k9"
    assert keyring().open_bytes(bytes(undo.payload)) == b"undo"
    assert sealedfiles.read(name) == b"sheet"
    assert NUMBER not in capsys.readouterr().out


def test_the_other_cipher_is_a_new_key_too(town: Town, settings: Any, two_keys: Any) -> None:
    person = Person.objects.create(name="甲", phone=NUMBER)
    settings.PERSONAL_CIPHER = "AES-GCM"
    keyring.cache_clear()
    assert walk(change=True).done
    person.refresh_from_db()
    assert person.phone.token.startswith("aes:") and person.phone.reveal() == NUMBER
    settings.PERSONAL_CIPHER = "SM4-GCM"


def test_what_is_written_meanwhile_stays(
    town: Town, two_keys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person.objects.create(name="甲", phone=NUMBER)
    two_keys()
    from orgs import rotation

    anew = rotation._anew

    def slow(old: Any) -> Any:
        Person.objects.filter(pk=person.pk).update(phone=Sealed.of("16900009999"))
        return anew(old)

    monkeypatch.setattr(rotation, "_anew", slow)
    walk(change=True)
    person.refresh_from_db()
    assert person.phone.reveal() == "16900009999"


def test_what_cannot_be_opened_is_named_and_left(
    town: Town, media: Path, two_keys: Any, capsys: Any
) -> None:
    person = Person.objects.create(name="甲", phone=NUMBER)
    person.refresh_from_db()
    broken = person.phone.token[:-4] + "AAAA"
    Person.objects.filter(pk=person.pk).update(phone=Sealed(broken))
    two_keys()
    with pytest.raises(CommandError, match="打不开"):
        call_command("rotate_keys")
    assert f"orgs.Person {person.pk}.phone" in capsys.readouterr().err
    person.refresh_from_db()
    assert person.phone.token == broken


def test_every_sealed_column_is_walked() -> None:
    named = {(model._meta.label, name) for model, name, _ in columns()}
    assert {("orgs.Person", "id_number"), ("residents.RosterUndo", "payload")} <= named
