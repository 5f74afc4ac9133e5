"""Look into an .xlsx package before it is loaded: bombs, endless sheets, values that are missing.

The fast reader lays a sheet out as a full rectangle, so one stray blank in row 1,048,576 would
cost 800 MB (measured). A scan of the XML, about a tenth of the reading time, finds such sheets;
they are read as a stream instead, up to the first long run of blank rows.
"""

from __future__ import annotations

import html
import io
import itertools
import re
import zipfile
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import IO, Any

import openpyxl

from residents.roster.errors import RosterFileError
from residents.roster.marks import marks_of

MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
MAX_SHARED_TEXT_BYTES = 256 * 1024 * 1024
MAX_COLUMNS = 300
MAX_CELLS = 8_000_000
_TOO_LARGE = "文件解压后过大，无法读取；请只保留花名册内容，另存后再上传"
# After so many blank rows there is no more roster; Excel files are often formatted to the end.
BLANK_ROWS_END = 1000
_CHUNK = 1 << 20

_SHEET = re.compile(rb"<sheet\b[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_WORKSHEET = re.compile(rb"<((?:\w+:)?)worksheet\b")
_MOST_LOST = 10_000
_REPEATED = re.compile(
    rb'number-rows-repeated="([0-9]+)"[^>]*>((?:(?!</table:table-row>).){0,60000})', re.DOTALL
)
_REPEATED_CELL = re.compile(
    rb'<table:table-cell(?=[^>]*value-type)[^>]*number-columns-repeated="([0-9]+)"'
)


@dataclass(slots=True)
class SheetScan:
    """What the XML of one sheet says about its shape."""

    last_row: int = 0
    last_filled: int = 0
    # The last filled row before the first long run of blank rows; None when there is no such run.
    gap_after: int | None = None
    goes_on: bool = False
    is_wide: bool = False
    # Rows that are hidden or filtered away.
    hidden_rows: int = 0
    hidden_columns: int = 0
    # How many cells hold a value.
    cells: int = 0
    # Comments, struck-out and coloured cells: kind → addresses.
    marks: dict[str, list[str]] = field(default_factory=dict)
    # Cell address → "formula" (no stored result) or "error" (#REF! and the like).
    lost: dict[str, str] = field(default_factory=dict)

    @property
    def is_sparse(self) -> bool:
        """Whether the sheet must not be laid out as a full rectangle."""
        return self.gap_after is not None or self.is_wide


_COLUMN = re.compile(rb"<(?:\w+:)?col (?=[^>]*\bhidden=\"(?:1|true)\")[^>]*>")
_SPAN = re.compile(rb"\b(min|max)=\"([0-9]+)\"")
_LAST_COLUMN = 16384


class _Tags:
    """The patterns of one namespace prefix: some programs write <x:row> for <row>."""

    def __init__(self, prefix: bytes) -> None:
        p = re.escape(prefix)
        self.row = b"<" + prefix + b"row "
        self.values = (b"<" + prefix + b"v>", b"<" + prefix + b"v ", b"<" + prefix + b"is>")
        self.formula = b"<" + prefix + b"f"
        self.row_number = re.compile(rb"<%brow [^>]*?\br=\"([0-9]+)\"" % p)
        self.hidden_row = re.compile(rb"<%brow [^>]*\bhidden=\"1\"" % p)
        # From column LA (312) on.
        self.far_cell = re.compile(rb"r=\"(?:[L-Z][A-Z]|[A-Z]{3})[0-9]")
        self.no_result = re.compile(
            rb"<%bc (?![^>]*t=\"str\")[^>]*?\br=\"([A-Z]+[0-9]+)\"[^>]*>\s*"
            rb"<%bf(?:\s[^>]*?)?(?:/>|>[^<]*</%bf>)\s*(?:<%bv\s*/>|<%bv></%bv>|</%bc>)"
            % (p, p, p, p, p, p, p)
        )
        self.error_value = re.compile(rb"<%bc (?=[^>]*\bt=\"e\")[^>]*?\br=\"([A-Z]+[0-9]+)\"" % p)


def is_package(data: bytes) -> bool:
    """Whether the bytes are a zip archive (.xlsx, .xlsm, .ods)."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def scan_package(data: bytes) -> dict[str, SheetScan]:
    """Check an archive and scan its sheets; name → scan (empty for .ods and .xlsb).

    Raises RosterFileError for a damaged archive, one that is no spreadsheet, and for one that
    unpacks to more than fits.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _check_sizes(entries)
            names = {entry.filename for entry in entries}
            if "xl/workbook.xml" not in names:
                if "content.xml" in names:
                    _check_repeats(package)
                    return {}
                if "xl/workbook.bin" in names:
                    return {}
                if "word/document.xml" in names:
                    raise RosterFileError("这是 Word 文档，请把里面的表格复制到 Excel 里再上传")
                raise RosterFileError("这是压缩包，不是表格，请解压后上传里面的表格文件")
            _check_shared_text(package, names)
            scans = {}
            for name, entry in _sheet_entries(package).items():
                if entry in names:
                    scans[name] = _scan(package.open(entry))
                    scans[name].marks = marks_of(package, entry)
            return scans
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError):
        raise RosterFileError("文件已损坏，请用表格软件打开后另存为新的 .xlsx") from None


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise RosterFileError("文件设了打开密码，请在表格软件里去掉密码后重新上传")
    parts = [entry for entry in entries if not entry.filename.startswith("xl/media/")]
    unpacked = sum(entry.file_size for entry in parts)
    shared = sum(entry.file_size for entry in parts if "sharedStrings" in entry.filename)
    if unpacked > MAX_UNPACKED_BYTES or shared > MAX_SHARED_TEXT_BYTES:
        raise RosterFileError(_TOO_LARGE)


def _check_shared_text(package: zipfile.ZipFile, names: set[str]) -> None:
    """Unpack the shared text once: a size that lies shows here, before the fast reader trusts it."""
    if "xl/sharedStrings.xml" in names:
        with package.open("xl/sharedStrings.xml") as stream:
            while stream.read(_CHUNK):
                pass


def _check_repeats(package: zipfile.ZipFile) -> None:
    """Refuse an .ods whose few tags stand for millions of filled cells."""
    with package.open("content.xml") as stream:
        rest = b""
        while piece := stream.read(_CHUNK):
            xml = rest + piece
            for tag, body in _REPEATED.findall(xml):
                if int(tag) > BLANK_ROWS_END and b"<text:p" in body:
                    raise RosterFileError(_TOO_LARGE)
            if any(int(number) > MAX_COLUMNS for number in _REPEATED_CELL.findall(xml)):
                raise RosterFileError(_TOO_LARGE)
            rest = xml[-65536:]


def _sheet_entries(package: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → archive entry, from the workbook and its relations."""
    targets: dict[bytes, str] = {}
    relations = package.read("xl/_rels/workbook.xml.rels")
    for relation in _RELATION.findall(relations):
        parts = dict(_ATTRIBUTE.findall(relation))
        target = parts.get(b"Target", b"").decode()
        targets[parts.get(b"Id", b"")] = target.lstrip("/") if target[:1] == "/" else f"xl/{target}"
    found: dict[str, str] = {}
    for sheet in _SHEET.findall(package.read("xl/workbook.xml")):
        parts = dict(_ATTRIBUTE.findall(sheet))
        name = html.unescape(parts.get(b"name", b"").decode())
        found[name] = targets.get(parts.get(b"r:id", b""), "")
    return found


def _scan(stream: IO[bytes]) -> SheetScan:
    """Read the XML once, in pieces cut between rows."""
    scan = SheetScan()
    with stream:
        rest = stream.read(_CHUNK)
        found = _WORKSHEET.search(rest[:4000])
        scan.hidden_columns = _hidden_columns(rest)
        tags = _Tags(found[1] if found else b"")
        while piece := stream.read(_CHUNK):
            whole, marker, rest = (rest + piece).rpartition(tags.row)
            rest = marker + rest
            if whole:
                _scan_rows(whole, tags, scan)
            if len(rest) > 16 * _CHUNK:
                raise RosterFileError("文件里有一行过长，无法读取")
        _scan_rows(rest, tags, scan)
    if scan.gap_after is None and scan.last_row - scan.last_filled > BLANK_ROWS_END:
        scan.gap_after = scan.last_filled
    return scan


def _hidden_columns(xml: bytes) -> int:
    """How many columns are hidden; what is hidden up to the end of the sheet only tidies it."""
    count = 0
    for column in _COLUMN.findall(xml[: xml.find(b"sheetData")]):
        span = {name: int(number) for name, number in _SPAN.findall(column)}
        if span.get(b"max", _LAST_COLUMN) < _LAST_COLUMN:
            count += span[b"max"] - span.get(b"min", span[b"max"]) + 1
    return count


def _scan_rows(xml: bytes, tags: _Tags, scan: SheetScan) -> None:
    """Scan some whole rows. Runs of blank rows are found to within one piece of XML."""
    numbers = [int(number) for number in tags.row_number.findall(xml)]
    if not numbers:
        return
    # Looking for a tag that is not there walks through everything: only those that are.
    counts = {tag: count for tag in tags.values if (count := xml.count(tag))}
    first = _row_of_value(xml, tags, counts, first=True)
    if first is not None:
        _note_gap(scan, scan.last_filled, first)
        if numbers[-1] - numbers[0] > len(numbers) + BLANK_ROWS_END:
            for before, after in itertools.pairwise(numbers):
                _note_gap(scan, before, after)
        scan.last_filled = _row_of_value(xml, tags, counts, first=False) or first
        if b'hidden="1"' in xml:
            scan.hidden_rows += len(tags.hidden_row.findall(xml))
        scan.cells += sum(counts.values())
        if scan.cells > MAX_CELLS:
            raise RosterFileError(_TOO_LARGE)
        scan.is_wide = scan.is_wide or tags.far_cell.search(xml) is not None
        if tags.formula in xml:
            _note_lost(tags.no_result, "formula", xml, scan)
        if b't="e"' in xml:
            _note_lost(tags.error_value, "error", xml, scan)
    scan.last_row = numbers[-1]


def _row_of_value(
    xml: bytes, tags: _Tags, present: Collection[bytes], *, first: bool
) -> int | None:
    """The number of the first or last row with one of the tags `present`; None without any."""
    if not present:
        return None
    at = min(map(xml.find, present)) if first else max(map(xml.rfind, present))
    start = xml.rfind(tags.row, 0, at)
    found = tags.row_number.match(xml, max(start, 0))
    return int(found[1]) if found else None


def _note_gap(scan: SheetScan, before: int, after: int) -> None:
    if after - before > BLANK_ROWS_END and scan.gap_after is None:
        scan.gap_after, scan.goes_on = before, True


def _note_lost(pattern: re.Pattern[bytes], why: str, xml: bytes, scan: SheetScan) -> None:
    if len(scan.lost) < _MOST_LOST:
        scan.lost.update({address.decode(): why for address in pattern.findall(xml)})


def stream_sheet(data: bytes, name: str, scan: SheetScan) -> list[list[Any]]:
    """Read a sparse or very wide sheet row by row, up to its first long run of blank rows."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    try:
        sheet = book[name]
        sheet.reset_dimensions()
        rows = [
            ["" if value is None else value for value in row]
            for row in sheet.iter_rows(
                max_row=scan.gap_after, max_col=MAX_COLUMNS, values_only=True
            )
        ]
    finally:
        book.close()
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]
