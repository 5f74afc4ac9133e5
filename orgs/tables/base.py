"""What a reference table has to say about itself, and the register of tables."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ValidationError
from django.utils.module_loading import autodiscover_modules

from gridparty.lib.text import squash
from orgs.scope import can
from orgs.tables.cells import CLEAR, CellError, read_text
from orgs.tables.reading import MAX_ROWS

ID = "id"


class Outcome(StrEnum):
    """What becomes of a row."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    ERROR = "error"
    EXAMPLE = "example"


LABELS = {
    Outcome.CREATE: "新增", Outcome.UPDATE: "更新", Outcome.UNCHANGED: "未变",
    Outcome.ERROR: "有错，未导入", Outcome.EXAMPLE: "示例，已跳过",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: `mask` hides it in previews and exports, `choices` become a drop-down."""

    name: str
    label: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    width: int = 14
    choices: tuple[str, ...] = ()
    help: str = ""
    example: str = ""
    mask: Callable[[str], str] | None = None
    # Read from other people's forms, but kept nowhere here.
    ignored: bool = False
    # How the raw cell becomes text; raises CellError.
    clean: Callable[[Any], str] = read_text

    @property
    def names(self) -> frozenset[str]:
        return frozenset(squash(word).upper() for word in (self.label, *self.aliases))

    def shown(self, text: str) -> str:
        return self.mask(text) if self.mask and text and "*" not in text else text


NUMBER = Column(
    ID, "编号", ("系统编号",), width=10,
    help="系统给的编号。改已有的行请保留它；新增的行留空。", example="示例",
)  # fmt: skip


class Row:
    """The values of one line by column name, with readers that name the column when they refuse."""

    def __init__(self, values: Mapping[str, str], line: int) -> None:
        self.values, self.line = dict(values), line
        # What the person should know of a row that was taken, behind its outcome.
        self.remark = ""

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def has(self, name: str) -> bool:
        """Whether the file has the column at all, and the cell is not blank (blank never clears)."""
        return bool(self.values.get(name))

    def text(self, name: str, kept: str = "") -> str:
        """Return the cell; `kept` when it is blank, "" for 【清空】."""
        value = self[name]
        return "" if value == CLEAR else value or kept

    def read(self, name: str, reader: Callable[[str], Any], kept: Any = None) -> Any:
        """Return reader(cell); `kept` for a blank cell. A CellError becomes this column's refusal."""
        if not self.has(name):
            return kept
        if self[name] == CLEAR:
            return type(kept)() if isinstance(kept, str) else None
        try:
            return reader(self[name])
        except CellError as error:
            raise ValidationError({name: str(error)}) from None


class Table:
    """A reference table. Subclasses fill the class variables and the three methods."""

    kind: ClassVar[str]
    title: ClassVar[str]
    # Who may import and export it (the rows are limited by scope besides).
    noun: ClassVar[str]
    letters: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]
    notes: ClassVar[tuple[str, ...]] = ()
    # Rows a transaction; None: the whole file, where rows hang on rows before them.
    batch: ClassVar[int | None] = 100
    most_rows: ClassVar[int] = MAX_ROWS

    def open_to(self, user: Any) -> bool:
        """Whether the user may import and export the table at all."""
        return can(user, self.noun, self.letters)

    def meet(self, user: Any) -> None:
        """Called before a file of the user is read: a table may know headers of the user's own."""

    def done(self, job: Any, result: Any) -> None:
        """Called when a job of this table has been written."""

    def rows(self, user: Any) -> Iterable[Sequence[str]]:
        """Yield what the user may export, cell by cell under `columns`, sealed values masked."""
        raise NotImplementedError

    def write(self, row: Row, user: Any) -> Outcome:
        """Match, check and write one row through the services; ValidationError by column name."""
        raise NotImplementedError

    def key(self, row: Row) -> str:
        """Return what must not stand in a file twice; "" for rows that cannot be told."""
        return row[ID]

    @property
    def stored(self) -> list[Column]:
        """Return the columns of our own template and export."""
        return [column for column in self.columns if not column.ignored]


T = TypeVar("T", bound=type[Table])
_registry: dict[str, type[Table]] = {}


def table(cls: T) -> T:
    """Register a reference table; import jobs of kind "table.<kind>" run it."""
    _registry[cls.kind] = cls
    return cls


def all_tables() -> list[Table]:
    """Return every registered table."""
    autodiscover_modules("resources")
    return [cls() for cls in _registry.values()]


def table_of(kind: str) -> Table | None:
    return next((one for one in all_tables() if one.kind == kind), None)
