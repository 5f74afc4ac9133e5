"""The whole proof: generate a town, walk it as its people, say what was found."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from unittest.mock import patch

from django.test import override_settings
from django.utils import timezone

from gridparty.demo.accounts import CAST
from gridparty.prove.absence import changed_by_absence
from gridparty.prove.addresses import Address
from gridparty.prove.allowed import is_allowed
from gridparty.prove.marks import mark_all
from gridparty.prove.seers import Streets, nobody, seer
from gridparty.prove.walk import (
    Leak,
    Pages,
    foreign_doors,
    learn,
    rolled_back,
    shown_rows,
)
from orgs.models import User

NAMES = tuple(account.username for account in CAST)
Tell = Callable[[str], None]
# Emptied again and again: the real one holds sessions, limits, and with Redis the tasks.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@dataclass
class Proof:
    """`pages[user]` is what her own pages answered and showed: the material of the matrix."""

    leaks: list[Leak] = field(default_factory=list)
    allowed: list[Leak] = field(default_factory=list)
    unknown: list[Address] = field(default_factory=list)
    addresses: int = 0
    pages: dict[str, Pages] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return not (self.leaks or self.unknown)


def prove(
    *, names: Sequence[str] = NAMES, now: datetime | None = None, tell: Tell = lambda line: None
) -> Proof:
    """Walk the town of the demonstration as the accounts named, at `now`; nothing of it is kept."""
    proof = Proof()
    with (
        override_settings(ALLOWED_HOSTS=["testserver"], CACHES=CACHES),
        patch("django.utils.timezone.now", return_value=now or timezone.now()),  # pages tell it
        rolled_back(),
    ):
        streets = Streets()
        outside = nobody(streets)
        seers = {
            one.username: seer(one, streets) for one in User.objects.filter(username__in=NAMES)
        }
        known = learn(list(seers.values()))
        proof.unknown, proof.addresses = known.unknown, len(known.models)
        tell(f"{len(known.models)} 个地址，{len(known.unknown)} 个认不出")
        for name in names:
            _sort(
                proof,
                changed_by_absence(known, seers[name], outside),
                f"{name} 别的街道不在时",
                tell,
            )
        mark_all()
        public = Pages()
        list(shown_rows(known, outside, Pages(), public))
        for name in names:
            pages = proof.pages[name] = Pages()
            _sort(proof, shown_rows(known, seers[name], public, pages), f"{name} 看到的", tell)
            _sort(proof, foreign_doors(known, seers[name], outside), f"{name} 打不开的", tell)
    return proof


def _sort(proof: Proof, found: Iterable[Leak], what: str, tell: Tell) -> None:
    leaks: list[Leak] = []
    for leak in found:
        (proof.allowed if is_allowed(leak) else leaks).append(leak)
    proof.leaks += leaks
    tell(f"{what}：{len(leaks)} 处多了")
