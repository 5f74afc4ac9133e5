"""How a write says no: a code for machines, a sentence for people, sentences per field."""

from typing import Literal

Code = Literal["not_allowed", "wrong_state", "stale", "invalid"]
HTTP_STATUS: dict[str, int] = {"not_allowed": 403, "wrong_state": 409, "stale": 409, "invalid": 400}


class MoveRefused(Exception):
    """Nothing was written. `fields` maps input names to sentences (code "invalid" only)."""

    def __init__(self, code: Code, message: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.code: Code = code
        self.message = message
        self.fields = fields or {}

    @property
    def http_status(self) -> int:
        return HTTP_STATUS[self.code]


def not_allowed(sentence: str) -> MoveRefused:
    """Return a refusal of this person; somebody else may."""
    return MoveRefused("not_allowed", sentence)


def wrong_state(sentence: str) -> MoveRefused:
    """Return a refusal for what the case is now; nobody may."""
    return MoveRefused("wrong_state", sentence)


def invalid(fields: dict[str, str]) -> MoveRefused:
    """Return a refusal that points at fields."""
    return MoveRefused("invalid", "；".join(fields.values()), fields)
