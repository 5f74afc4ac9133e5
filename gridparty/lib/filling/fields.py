"""What a field looks like, and what stands in its place."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches

Value = str | int | Decimal | None
# Chinese keyboards give wide braces, Excel cells often a blank inside them.
FIELD = re.compile(r"[{｛]{2}\s*([^{}｛｝]*?)\s*[}｝]{2}")
_HALF = re.compile(r"[{｛]{2}|[}｝]{2}")
EMPTY = "—"


class Unusable(ValueError):
    """A template that cannot be filled; the sentence says why and what to do."""


@dataclass(frozen=True)
class Used:
    """A field as a template uses it; `row` says whether it stands in a row that can repeat."""

    name: str
    where: str
    row: bool = False

    @property
    def of_list(self) -> str:
        """The list it is a column of, "" for a single value."""
        return self.name.partition(".")[0] if "." in self.name else ""


@dataclass(frozen=True)
class Facts:
    """`single` values by name, and `lists`: name → entries, each {column: value}."""

    single: Mapping[str, Value]
    lists: Mapping[str, Sequence[Mapping[str, Value]]] = field(default_factory=dict)

    def value(self, name: str, entry: int | None = None) -> Value:
        """Return a field's value; of a list, that of the entry with this place (None: nothing)."""
        of_list, dot, column = name.partition(".")
        if not dot:
            return self.single[name]
        return None if entry is None else self.lists[of_list][entry][column]


def names_in(text: str, where: str) -> list[str]:
    """Return the fields in a piece of text; Unusable when braces do not close."""
    found = [match[1] for match in FIELD.finditer(text)]
    if _HALF.search(FIELD.sub("", text)):
        raise Unusable(f"{where}有没有写完的字段，请写成 {{{{字段名}}}}，两边各两个大括号。")
    if "" in found:
        raise Unusable(f"{where}的 {{{{}}}} 里没有写字段名。")
    return found


def one_list(names: Iterable[str], where: str) -> str:
    """Return the list whose entries a row shows, "" for none; Unusable for two lists in one row."""
    lists = dict.fromkeys(name.partition(".")[0] for name in names if "." in name)
    if len(lists) > 1:
        raise Unusable(f"{where}同时用了“{'”“'.join(lists)}”，一行只能用一个清单。")
    return next(iter(lists), "")


def put(text: str, value_of: Callable[[str], Value]) -> str:
    """Return the text with its fields replaced; nothing known is a dash."""
    return FIELD.sub(lambda match: shown(value_of(match[1])), text)


def shown(value: Value) -> str:
    return EMPTY if value is None else str(value)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known field most like `name`, "" when none is."""
    return next(iter(get_close_matches(name, list(known), n=1, cutoff=0.34)), "")
