"""Every address of the site, and which row each number in it names.

Nobody has to say so: an address is asked for with a number no row has, and the table whose query
carries that number is the answer. A new page is known to the prover the day it is written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

NOBODY = 987_654_321  # no row has this number
HOLE = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>((?:[^()]|\([^()]*\))*)\)")
# Holes that hold a word, not the number of a row: an example of each.
WORDS = {
    "act": "adopt", "code": "handle_rate", "format": "json", "how": "full", "item": "1",
    "kind": "grid", "move": "confirm", "name": "confirm", "status": "active",
    "subject": "project", "token": "x" * 22, "what": "map", "rest": "", "suffix": "", "number": "0",
}  # fmt: skip
# Where the word decides which table is meant, or must be a true one to get that far.
WORDS_OF: dict[str, tuple[dict[str, str], ...]] = {
    "assessments:template_default": ({"report": "quarter", "kind": "docx"},),
    "partybuilding:number": ({"code": "branches"},),
    "residents:head_move": ({"name": "consent"},),
    "councils:topic_move": ({"name": "screen"},),
    "volunteers:move": (
        {"subject": "project", "name": "approve"},
        {"subject": "claim", "name": "accept"},
        {"subject": "activity", "name": "publish"},
        {"subject": "hours", "name": "confirm"},
    ),
}
# Not ours to prove: catch-alls that only add a slash, tables of libraries and of the whole
# country, a second format of the same answer.
SKIPPED = re.compile(
    r"^/(log|admin/(log|jsi18n|auth/|authtoken/|axes/|r/|orgs/(region|workdayoverride)/\{))"
    r"|\.json/?$|^/admin/\{\}/$"
)


@dataclass(frozen=True)
class Address:
    """One pattern: `route` has a `{}` for each number of a row; words stand in it as examples."""

    name: str
    route: str

    @property
    def numbers(self) -> int:
        return self.route.count("{}")


@cache
def all_addresses() -> tuple[Address, ...]:
    """Return all addresses but the logging in and out, each once."""
    found: dict[str, Address] = {}
    for route, name in _walk(get_resolver(), "/", ()):
        for words in WORDS_OF.get(name, ({},)):
            address = Address(name, _with_words(route, WORDS | words))
            if name != "admin:?" and not SKIPPED.search(address.route):
                found.setdefault(address.route, address)
    return tuple(found.values())


def _walk(resolver: URLResolver, prefix: str, spaces: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        route = prefix + re.sub(r"^\^|\\Z$|\$$", "", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            space = (pattern.namespace,) if pattern.namespace else ()
            yield from _walk(pattern, route, (*spaces, *space))
        elif isinstance(pattern, URLPattern):
            yield route, ":".join((*spaces, pattern.name or "?"))


def _with_words(route: str, words: dict[str, str]) -> str:
    def fill(match: re.Match[str]) -> str:
        kind, named, in_regex, _ = match.groups()
        is_number = kind == "int" or (named or in_regex) not in words
        return "{}" if is_number else words[named or in_regex]

    return HOLE.sub(fill, route).replace("/?", "/").replace("\\.", ".").replace("\\", "")


@cache
def _models_by_table() -> dict[str, type[Model]]:
    return {model._meta.db_table: model for model in apps.get_models()}


def asked_for(client: Client, path: str, method: str = "get") -> type[Model] | None:
    """Return the model in which this request looks for the row NOBODY, or None."""
    with CaptureQueriesContext(connection) as queries:
        getattr(client, method)(path)
    for query in queries:
        for table, column in re.findall(rf'"(\w+)"\."(\w+)" (?:= |IN \()\'?{NOBODY}', query["sql"]):
            if (model := _models_by_table().get(table)) and (named := _named_by(model, column)):
                return named
    return None


def _named_by(model: type[Model], column: str) -> type[Model] | None:
    for field in model._meta.concrete_fields:
        if field.column == column and isinstance(field, ForeignKey):
            target: Any = field.related_model
            return target  # type: ignore[no-any-return]
        if field.column == column and field.primary_key:
            return model
    return None
