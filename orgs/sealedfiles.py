"""Uploaded files, encrypted at rest under MEDIA_ROOT and served only by views that check scope."""

import os
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from orgs.keys import keyring

# Uploads to the admin that wait for a confirmation; no row knows them, age ends them.
UNCONFIRMED = "imports/admin"


def store(data: bytes, *, folder: str) -> str:
    """Seal `data` and write it; return its name relative to MEDIA_ROOT ("rosters/2026/11/….bin").

    The file appears under its name only when it is complete.
    """
    today = timezone.localdate()
    name = f"{folder}/{today:%Y/%m}/{secrets.token_hex(16)}.bin"
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(keyring().seal_bytes(data))
    partial.replace(path)
    return name


def read(name: str) -> bytes:
    """Return the plain bytes; raises FileNotFoundError when the file is gone."""
    return keyring().open_bytes(_path(name).read_bytes())


def delete(name: str) -> None:
    """Remove the file; one that is gone already is no error."""
    if name:
        _path(name).unlink(missing_ok=True)


def delete_older(folder: str, before: datetime) -> int:
    """Remove the files of a folder written before `before`; return how many."""
    gone = 0
    for path in (Path(settings.MEDIA_ROOT) / folder).rglob("*.bin"):
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _path(name: str) -> Path:
    root = Path(settings.MEDIA_ROOT).resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root) or path == root:
        raise ValueError("文件名不在存放目录内")
    return path
