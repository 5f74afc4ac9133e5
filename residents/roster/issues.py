"""What an import has to say about a cell: kind, severity, address, a sentence, a masked sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from gridparty.lib.masking import mask_birth_date, mask_id, mask_in_text, mask_name, mask_phone

# error: the row is not stored. warn: stored, somebody should look. info: mended, nothing to do.
Severity = Literal["error", "warn", "info"]
ERROR: Severity = "error"
WARN: Severity = "warn"
INFO: Severity = "info"

SEVERITY_LABELS: dict[Severity, str] = {ERROR: "错误", WARN: "提醒", INFO: "已更正"}


class Problem(NamedTuple):
    """A finding about a value, before it has a place in a file."""

    kind: str
    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class Issue:
    """A finding with its place. `cell` reads 居民花名册!F17; `sample` is masked and short."""

    kind: str
    severity: Severity
    sheet: str
    row: int
    column: str
    cell: str
    message: str
    sample: str = ""
    # Position of the person row it is about among those of the file; -1 for a whole sheet.
    person: int = -1


_MASKS = {"name": mask_name, "id_number": mask_id, "phone": mask_phone, "head_phone": mask_phone}


def sample_of(field: str, value: object) -> str:
    """Return a cell's content fit for a screen: masked by field, at most 24 characters."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join(str(value).split())
    if field == "birth":
        year = text[:4]
        return f"{year}…" if year.isdigit() else mask_birth_date(None)
    mask = _MASKS.get(field, mask_in_text)
    masked = mask(text)
    return masked if len(masked) <= 24 else f"{masked[:23]}…"


def column_letter(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
