"""SealedField: text encrypted at rest that shows nothing unless somebody says reveal().

In Python the value is a `Sealed`; its str() is dots, so a careless template or log line leaks
nothing. Decryption happens only in reveal(), so listing a thousand people costs no cipher work.
"""

from collections.abc import Callable
from typing import Any

from django.db import models

from orgs.keys import keyring

HIDDEN = "••••••"


class Sealed:
    """An encrypted value: its token as stored ("alg:key id:payload"), or "" for no value."""

    __slots__ = ("token",)

    def __init__(self, token: str) -> None:
        self.token = token

    @classmethod
    def of(cls, plain: str) -> "Sealed":
        return cls(keyring().seal(plain) if plain else "")

    def reveal(self) -> str:
        """Return the plain text. Callers that show it to a person audit that first."""
        return keyring().open(self.token) if self.token else ""

    def masked(self, mask: Callable[[str], str]) -> str:
        return mask(self.reveal()) if self.token else ""

    def __bool__(self) -> bool:
        return bool(self.token)

    def __str__(self) -> str:
        return HIDDEN if self.token else ""

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and other.token == self.token

    def __hash__(self) -> int:
        return hash(self.token)


class SealedField(models.TextField):  # type: ignore[type-arg]
    """A text column holding a `Sealed`; assigning a plain str seals it on the way in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Sealed:
        return Sealed(value or "")

    def to_python(self, value: object) -> Sealed:
        if isinstance(value, Sealed):
            return value
        return Sealed.of(str(value or ""))

    def get_prep_value(self, value: object) -> str:
        return self.to_python(value).token

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))
