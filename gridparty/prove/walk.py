"""The walk: every address, as one user, asked for what is not hers and read for what it shows."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Model
from django.http import HttpResponseBase

from gridparty.prove.addresses import NOBODY, Address, all_addresses, asked_for
from gridparty.prove.marks import Mark, marks_in
from gridparty.prove.seers import Seer

METHODS = ("get", "post")
REFUSED = frozenset({403, 405})
PUBLIC = frozenset({200, 400})  # what an open page answers, to a good and to an empty form
SEARCH_FOR_MARKS = "?q=⟦"
# What differs between two answers that say the same: tokens, nonces, request numbers.
NOISE = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|nonce[-=][\w"+/=-]+|\b[A-Za-z0-9]{64}\b|\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b'
    r"|<dcterms:(created|modified).*?</dcterms:\1>"
)
Models = tuple[type[Model], ...]


class Leak(NamedTuple):
    """One row too many: who, where, what was wrong; which row, and whether of another street."""

    user: str
    address: str
    problem: str
    model: str = ""
    pk: int | None = None
    is_away: bool = True


class Answer(NamedTuple):
    status: int
    text: str


@dataclass
class Map:
    """The model behind every number of every address, and the addresses nobody could tell of."""

    models: dict[Address, Models] = field(default_factory=dict)
    unknown: list[Address] = field(default_factory=list)


class rolled_back(transaction.Atomic):
    """A request that may write, and leaves no trace."""

    def __init__(self) -> None:
        super().__init__(using=None, savepoint=True, durable=False)

    def __exit__(self, *error: Any) -> None:
        transaction.set_rollback(True)
        super().__exit__(*error)


def ask(one: Seer, path: str, method: str = "get") -> Answer:
    """Send one request that leaves no trace; return its status and all the words in its answer."""
    with rolled_back():
        response = getattr(one.client, method)(path)
        return Answer(response.status_code, _words(response))


def learn(seers: list[Seer]) -> Map:
    """Find out what every number in every address names."""
    known = Map()
    for address in all_addresses():
        models: Models = ()
        while len(models) < address.numbers:
            found = _next_model(address, models, seers)
            if found is None:
                known.unknown.append(address)
                break
            models = (*models, found)
        else:
            known.models[address] = models
    return known


def foreign_doors(known: Map, one: Seer, outside: Seer) -> Iterator[Leak]:
    """Ask for rows that are not hers: the answer must be the one for a row that does not exist.

    What somebody outside may open anyway is no secret.
    """
    for address, models in known.models.items():
        for start in starts(models, one)[:2]:
            for method, pk in product(METHODS, one.hidden(models[-1])):
                nothing = ask(one, address.route.format(*start, NOBODY), method)
                if nothing.status in REFUSED:
                    continue
                path = address.route.format(*start, pk)
                got = ask(one, path, method)
                if got.status in PUBLIC and got.status == ask(outside, path, method).status:
                    continue
                if got.status != nothing.status:
                    problem = f"{method.upper()} {got.status}, not {nothing.status}"
                elif _plain(got.text, pk) != _plain(nothing.text, pk):
                    problem = f"{method.upper()} {got.status} with other words"
                else:
                    continue
                yield Leak(one.name, address.name, problem, *_row(one, Mark(models[-1], pk)))


def shown_rows(known: Map, one: Seer, public: "Pages", pages: "Pages") -> Iterator[Leak]:
    """Read every page she can open for the marks of rows that are not hers.

    What anybody reads without a log-in is no secret; `pages` remembers what each page showed.
    """
    for address, path in own_pages(known, one):
        answer = ask(one, path)
        marks = marks_in(answer.text)
        if answer.status == 200 and 'name="q"' in answer.text:
            marks |= marks_in(ask(one, path + SEARCH_FOR_MARKS).text)
        pages.note(address, answer.status, marks)
        if answer.status >= 500:
            yield Leak(one.name, address.name, f"answers {answer.status}")
        foreign = (mark for mark in marks - public.of(address) if not one.may_read_of(mark))
        for mark in foreign:
            yield Leak(one.name, address.name, "shows", *_row(one, mark))


@dataclass
class Pages:
    """What one user's pages answered and showed."""

    statuses: dict[Address, int] = field(default_factory=dict)
    marks: dict[Address, set[Any]] = field(default_factory=dict)

    def note(self, address: Address, status: int, marks: set[Any]) -> None:
        self.statuses.setdefault(address, status)
        self.marks.setdefault(address, set()).update(marks)

    def of(self, address: Address) -> set[Any]:
        return self.marks.get(address, set())


def own_pages(known: Map, one: Seer) -> Iterator[tuple[Address, str]]:
    """Return the addresses she can open: without numbers, or with the numbers of her own rows."""
    for address, models in known.models.items():
        if not models:
            yield address, address.route
            continue
        for start in starts(models, one)[:1]:
            for pk in one.own(models[-1])[:1] or [NOBODY]:
                yield address, address.route.format(*start, pk)


def starts(models: Models, one: Seer) -> list[tuple[int, ...]]:
    """Return what may stand in the numbers before the last: nothing, or some rows of hers."""
    if len(models) == 1:
        return [()]
    return [(pk,) for pk in one.own(models[0])] if models else []


def _next_model(address: Address, models: Models, seers: list[Seer]) -> type[Model] | None:
    rest = [NOBODY] * (address.numbers - len(models))
    for method, one in product(METHODS, seers):
        for start in starts((*models, Any), one):  # type: ignore[arg-type]
            with rolled_back():
                found = asked_for(one.client, address.route.format(*start, *rest), method)
            if found is not None:
                return found
    return None


def _row(one: Seer, mark: Mark) -> tuple[str, int, bool]:
    return mark.model._meta.label, mark.pk, not one.streets.of_row(mark) & one.home


def _plain(text: str, pk: int) -> str:
    return text.replace(str(NOBODY), "").replace(str(pk), "")


def _words(response: HttpResponseBase) -> str:
    parts: Any = response
    content = b"".join(parts.streaming_content) if response.streaming else parts.content
    if content[:2] == b"PK":  # Excel and Word
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in sorted(book.namelist()))
    where = response.headers.get("Location", "")
    return NOISE.sub("", content.decode("utf-8", "replace") + where)
