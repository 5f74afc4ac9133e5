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
FILES = re.compile(r"\b((?:export|file)=\w+)")
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

    What somebody outside may open anyway is no secret. Where an address has several numbers, each
    of them is foreign in turn, and the others are hers.
    """
    for address, models in known.models.items():
        for place, numbers in _with_a_foreign_one(models, one):
            nobody = [NOBODY if at == place else pk for at, pk in enumerate(numbers)]
            for method in METHODS:
                nothing = ask(one, address.route.format(*nobody), method)
                if nothing.status in REFUSED:
                    continue
                path = address.route.format(*numbers)
                got = ask(one, path, method)
                if got.status in PUBLIC and got.status == ask(outside, path, method).status:
                    continue
                if got.status != nothing.status:
                    problem = f"{method.upper()} {got.status}, not {nothing.status}"
                elif _plain(got.text, numbers[place]) != _plain(nothing.text, numbers[place]):
                    problem = f"{method.upper()} {got.status} with other words"
                else:
                    continue
                row = Mark(models[place], numbers[place])
                yield Leak(one.name, address.name, problem, *_row(one, row))


def _with_a_foreign_one(models: Models, one: Seer) -> Iterator[tuple[int, list[int]]]:
    """Yield (place of the foreign number, all numbers)."""
    for place, model in enumerate(models):
        others = [one.own(other)[:2] or [NOBODY] for other in models]
        others[place] = one.hidden(model)
        for numbers in product(*others):
            yield place, list(numbers)


def shown_rows(known: Map, one: Seer, public: "Pages", pages: "Pages") -> Iterator[Leak]:
    """Read every page she can open for the marks of rows that are not hers.

    What anybody reads without a log-in is no secret; `pages` remembers what each page showed.
    """
    for address, path in own_pages(known, one):
        answer = ask(one, path)
        marks = marks_in(answer.text)
        for more in _more_of(answer):
            marks |= marks_in(ask(one, path + more).text)
        sent = ask(one, path, "post")
        marks |= marks_in(sent.text)
        pages.note(address, answer.status, marks)
        for status in {answer.status, sent.status}:
            if status >= 500:
                yield Leak(one.name, address.name, f"answers {status}")
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
        numbers = [(one.own(model) or [NOBODY])[0] for model in models]
        yield address, address.route.format(*numbers)


def _more_of(answer: Answer) -> list[str]:
    """The same page searched, and as the files it offers."""
    if answer.status != 200:
        return []
    files = {f"?{query}" for query in FILES.findall(answer.text)}
    return [*sorted(files), *([SEARCH_FOR_MARKS] if 'name="q"' in answer.text else [])]


def _next_model(address: Address, models: Models, seers: list[Seer]) -> type[Model] | None:
    rest = [NOBODY] * (address.numbers - len(models))
    for method, one in product(METHODS, seers):
        for start in product(*(one.own(model) for model in models)):
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
