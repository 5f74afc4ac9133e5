"""Sealing everything anew under the current key, so that an old key can be thrown away.

Walks every `SealedField`, the binary columns a model names in `SEALED_BYTES`, and the sealed files
below MEDIA_ROOT. Each value is replaced by compare-and-set: a value written meanwhile is newer and
stays, and what was done is not done twice, so the walk may be stopped and started at any time.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from gridparty.lib.ciphers import SealError
from orgs.fields import Sealed, SealedField
from orgs.keys import keyring

BATCH = 2000


@dataclass
class Walk:
    """What was found: values by key ("sm4:k1"), how many were sealed anew, and which cannot be opened."""

    keys: Counter[str] = field(default_factory=Counter)
    done: int = 0
    broken: list[str] = field(default_factory=list)

    @property
    def outdated(self) -> int:
        """Return how many values are (or were, before this walk) under another key."""
        return sum(n for key, n in self.keys.items() if keyring().needs_resealing(f"{key}:"))


def columns() -> Iterator[tuple[type[models.Model], str, bool]]:
    """Yield (model, field name, whether it holds bytes) of every sealed column."""
    for model in apps.get_models():
        for one in model._meta.local_concrete_fields:
            if isinstance(one, SealedField):
                yield model, one.name, False
        for name in getattr(model, "SEALED_BYTES", ()):
            yield model, name, True


def walk(*, change: bool, tell: Callable[[str], None] = lambda text: None) -> Walk:
    """Count the values by key and, with `change`, seal the outdated ones anew."""
    result = Walk()
    for model, name, binary in columns():
        before = result.keys.total()
        _walk_column(model, name, binary, change, result)
        if result.keys.total() > before:
            tell(f"{model._meta.label}.{name}：{result.keys.total() - before} 个")
    _walk_files(change, result)
    return result


def _walk_column(
    model: type[models.Model], name: str, binary: bool, change: bool, result: Walk
) -> None:
    last = 0
    rows: Any = models.QuerySet(model).order_by("pk").values_list("pk", name)
    while page := list(rows.filter(pk__gt=last)[:BATCH]):
        last = page[-1][0]
        with transaction.atomic():
            for pk, value in page:
                old: Any = bytes(value) if binary else value.token
                if old and _count(old, result) and change:
                    _replace(model, pk, name, old, result)


def _count(old: str | bytes, result: Walk) -> bool:
    """Count the value under its key; say whether it is outdated."""
    text = old[:45].decode("ascii", "replace") if isinstance(old, bytes) else old
    key = ":".join(text.split(":")[:2])
    result.keys[key] += 1
    return keyring().needs_resealing(f"{key}:")


def _replace(model: type[models.Model], pk: Any, name: str, old: str | bytes, result: Walk) -> None:
    try:
        new = _anew(old)
    except SealError as error:
        result.broken.append(f"{model._meta.label} {pk}.{name}：{error.message_zh}")
        return
    # The plain QuerySet: append-only tables refuse update() of their own.
    was = Sealed(old) if isinstance(old, str) else old
    now = Sealed(new) if isinstance(new, str) else new
    result.done += models.QuerySet(model).filter(pk=pk, **{name: was}).update(**{name: now})


def _anew(old: str | bytes) -> str | bytes:
    ring = keyring()
    return (
        ring.seal(ring.open(old)) if isinstance(old, str) else ring.seal_bytes(ring.open_bytes(old))
    )


def _walk_files(change: bool, result: Walk) -> None:
    for path in sorted(Path(settings.MEDIA_ROOT).rglob("*.bin")):
        try:
            with path.open("rb") as file:
                head = file.read(45)
            if not _count(head, result) or not change:
                continue
            sealed = _anew(path.read_bytes())
        except FileNotFoundError:  # erased meanwhile
            continue
        except SealError as error:
            result.broken.append(f"{path.name}：{error.message_zh}")
            continue
        partial = path.with_suffix(".part")
        partial.touch(0o600)
        partial.write_bytes(sealed if isinstance(sealed, bytes) else sealed.encode())
        if path.exists():
            partial.replace(path)
            result.done += 1
        else:
            partial.unlink()
