"""Division codes: 2, 4, 6, 9 or 12 digits, each beginning with its parent's."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from orgs.levels import REGION_CODE_LENGTH

LEVEL_OF_LENGTH = {length: level for level, length in REGION_CODE_LENGTH.items()}
PARENT_LENGTH = {
    length: REGION_CODE_LENGTH.get(level - 1, 0) for length, level in LEVEL_OF_LENGTH.items()
}
LONGEST_NAME = 60


class DivisionFileError(Exception):
    """The file cannot be loaded; `problems` are sentences, each with its line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class Divisions:
    """What a file says: names by code, in file order; `doubles` counts rows said twice.

    `lines` holds line numbers by code; None means row after row from line 2 on. `parents` holds
    the parents' codes in the order of `names` ("" for provinces), if the file was read by columns.
    """

    names: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] | None = None
    doubles: int = 0
    parents: list[str] = field(default_factory=list)

    def line(self, code: str) -> int:
        """Return the line of the file a code stands on."""
        if self.lines is not None:
            return self.lines[code]
        return 2 + list(self.names).index(code)


def parents_of(codes: Iterable[str]) -> list[str]:
    """Return the parent's code of every code, as `parent_code` does for one."""
    return [code[: PARENT_LENGTH[len(code)]] for code in codes]


def parent_code(code: str) -> str:
    """Return the code of the division above ("" for a province)."""
    return code[: PARENT_LENGTH[len(code)]]
