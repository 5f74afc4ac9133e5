"""Run-time dependencies carry only licences that fit Apache-2.0; docs/dependencies.md names each."""

import re
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import cast

import pytest

from tests.source import text_of

FITTING = re.compile(r"\b(MIT(-0|-CMU)?|BSD|Apache|PSF|0BSD|ISC|HPND)\b", re.IGNORECASE)
# Under the LGPL, used unchanged as a separate package.
KNOWN = {"psycopg2-binary"}


def packages(name: str) -> list[str]:
    return re.findall(r"^([A-Za-z0-9_.-]+)==", text_of(Path(name)), re.MULTILINE)


def licence_of(package: str) -> str:
    """Return what the installed metadata says: expression, short licence field, classifiers."""
    about = cast(Message, metadata.metadata(package))
    # Some packages put the whole text into the field; its first line is the name or a copyright.
    field = (about.get("License") or "").splitlines()[:1]
    classifiers = [text for text in about.get_all("Classifier", []) if text.startswith("License")]
    return " | ".join([about.get("License-Expression") or "", *field, *classifiers])


@pytest.mark.parametrize("package", sorted(set(packages("requirements.lock")) - KNOWN))
def test_the_licence_fits(package: str) -> None:
    try:
        licence = licence_of(package)
    except metadata.PackageNotFoundError:
        pytest.skip("not for this platform or Python")
    assert FITTING.search(licence), f"{package}: unknown licence {licence!r}; look, then decide"
    assert not re.search(r"GPL|Affero", licence), f"{package}: {licence} would bind the whole work"


def test_every_direct_dependency_has_its_reason() -> None:
    text = text_of(Path("docs/dependencies.md")).lower()
    names = packages("requirements.txt") + packages("requirements-dev.txt")
    missing = [name for name in names if name.lower() not in text]
    assert not missing, f"say in docs/dependencies.md what these are for: {missing}"
