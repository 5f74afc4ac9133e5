"""Integrity checks by code. An app registers its own in `<app>/checks.py` with `@check(…)`.

A check names rows that break a law of the model or need a look. It is asked by pages, by
`manage.py check_integrity` and every night; all of them count and list the same rows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db import models
from django.db.models import QuerySet, TextChoices
from django.utils.module_loading import autodiscover_modules

from orgs.models import CheckFinding, OrgUnit


class Severity(TextChoices):
    """Error: a law of the model is broken. Warn: probably wrong. Info: worth a look."""

    ERROR = "error", "错误"
    WARN = "warn", "提醒"
    INFO = "info", "提示"


@dataclass(frozen=True)
class Asked:
    """What a check is asked for: the day that is today, and the street (None: every street)."""

    day: date
    street: OrgUnit | None = None


Rows = Any  # a queryset with `visible_to(user)`; django-stubs cannot say so across models
Finder = Callable[[Asked], Iterable[Any]]


def _as_it_is(rows: Rows, user: Any) -> Rows:
    return rows


@dataclass(frozen=True)
class Subject:
    """What a check is about: rows that have `visible_to`, how one is named and where it is mended.

    `street` and `community` are the columns (or paths) that hold the root and the community; a
    `street` that ends with "tree_id" holds the number of the root's tree instead.
    `prepare(rows, user)` joins what `label`, `place` and `url` read. A label holds no personal
    data unless `prepare` found that this user sees it.
    """

    model: type[models.Model]
    noun: str
    label: Callable[[Any], str]
    url: Callable[[Any], str]
    place: Callable[[Any], str]
    street: str = "street"
    community: str = "community"
    prepare: Callable[[Rows, Any], Rows] = _as_it_is
    order: tuple[str, ...] = ("id",)


@dataclass(frozen=True)
class Check:
    """One check. A `nightly` one is too slow for a page: pages list what the last night found."""

    code: str
    title: str
    severity: Severity
    mend: str
    of: Subject
    find: Finder
    nightly: bool = False

    def look(self, asked: Asked) -> Rows:
        """Return the rows that fail now, in the street asked for."""
        found = self.find(asked)
        if not self.nightly:
            return self._within(cast(QuerySet[Any], found), asked)
        return self._within(self._all().filter(pk__in=list(found)), asked)

    def listed(self, asked: Asked) -> Rows:
        """Return the rows a page counts and lists: of now, or of last night."""
        if not self.nightly:
            return self.look(asked)
        known = CheckFinding.objects.filter(code=self.code).values("target")
        return self._within(self._all().filter(pk__in=known), asked)

    def _all(self) -> Rows:
        return self.of.model._default_manager.all()

    def _within(self, rows: Rows, asked: Asked) -> Rows:
        if asked.street is None:
            return rows
        by_tree = self.of.street.endswith("tree_id")
        return rows.filter(**{self.of.street: asked.street.tree_id if by_tree else asked.street.pk})


_registry: dict[str, Check] = {}


def check(
    code: str, *, title: str, severity: Severity, mend: str, of: Subject, nightly: bool = False
) -> Callable[[Finder], Finder]:
    """Register the decorated finder: Asked → rows of `of.model` (nightly: their ids)."""

    def register(find: Finder) -> Finder:
        known = _registry.get(code)
        if known is not None and known.find.__module__ != find.__module__:
            raise ValueError(f"two integrity checks are called {code}")
        _registry[code] = Check(code, title, severity, mend, of, find, nightly)
        return find

    return register


def all_checks() -> list[Check]:
    """Return every registered check: errors first, then by code."""
    autodiscover_modules("checks")
    weight = {severity: place for place, severity in enumerate(Severity)}
    return sorted(_registry.values(), key=lambda one: (weight[one.severity], one.code))


def check_named(code: str) -> Check | None:
    autodiscover_modules("checks")
    return _registry.get(code)
