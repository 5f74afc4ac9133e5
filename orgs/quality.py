"""Integrity checks by code. An app registers its own in `<app>/checks.py` with `@check(…)`.

A check names rows that break a law of the model or need a look. It is asked by pages, by
`manage.py check_integrity` and in rounds: every night, and when somebody asks for one. Pages show
what the last round found; looking for everything at once costs a second per street.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
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

    `street` is the column (or path) that holds the root; one that ends with "tree_id" holds the
    number of the root's tree instead.
    `prepare(rows, user)` joins what `label`, `place` and `url` read. A label holds no personal
    data unless `prepare` found that this user sees it.
    """

    model: type[models.Model]
    noun: str
    label: Callable[[Any], str]
    url: Callable[[Any], str]
    place: Callable[[Any], str]
    street: str = "street"
    prepare: Callable[[Rows, Any], Rows] = _as_it_is
    order: tuple[str, ...] = ("id",)


@dataclass(frozen=True)
class Check:
    """One check. Pages count and list what the last round found: `listed`, not `look`.

    One of `ids` compares in Python and yields the ids of rows.
    """

    code: str
    title: str
    severity: Severity
    mend: str
    of: Subject
    find: Finder
    ids: bool = False

    def look(self, asked: Asked) -> Rows:
        """Return the rows that fail now, in the street asked for."""
        found = self.find(asked)
        if not self.ids:
            return self._within(cast(QuerySet[Any], found), asked)
        return self._within(self._all().filter(pk__in=list(found)), asked)

    def listed(self, asked: Asked) -> Rows:
        """Return the rows a page counts and lists: those of the last round."""
        known = CheckFinding.objects.filter(code=self.code).open().values("target")
        return self._within(self._all().filter(pk__in=known), asked)

    def listed_at(self, moment: datetime) -> Rows:
        """Return the rows that were listed then and still exist."""
        known = CheckFinding.objects.filter(code=self.code).open_at(moment).values("target")
        return self._all().filter(pk__in=known)

    def within(self, asked: Asked) -> Rows:
        """Return every row the check is about, in the street asked for."""
        return self._within(self._all(), asked)

    def _all(self) -> Rows:
        return self.of.model._default_manager.all()

    def _within(self, rows: Rows, asked: Asked) -> Rows:
        if asked.street is None:
            return rows
        by_tree = self.of.street.endswith("tree_id")
        return rows.filter(**{self.of.street: asked.street.tree_id if by_tree else asked.street.pk})


_registry: dict[str, Check] = {}


def check(
    code: str, *, title: str, severity: Severity, mend: str, of: Subject, ids: bool = False
) -> Callable[[Finder], Finder]:
    """Register the decorated finder: Asked → rows of `of.model` (`ids`: their ids)."""

    def register(find: Finder) -> Finder:
        known = _registry.get(code)
        if known is not None and known.find.__module__ != find.__module__:
            raise ValueError(f"two integrity checks are called {code}")
        _registry[code] = Check(code, title, severity, mend, of, find, ids)
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
