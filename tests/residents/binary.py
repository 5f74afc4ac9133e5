"""Old binary workbooks (.xls, and .et, which is the same inside) and .ods, made by hand."""

import io
import struct
import zipfile
from typing import Any
from xml.sax.saxutils import escape

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def xls(
    rows: list[list[Any]],
    *,
    merged: tuple[tuple[int, int, int, int], ...] = (),
    locked: bool = False,
) -> bytes:
    """A BIFF8 workbook of one sheet 表; `merged` areas are (top, bottom, left, right), from 0."""
    lock = _record(0x2F, struct.pack("<HHH", 0, 0x1234, 0x5678)) if locked else b""
    name = "表".encode("utf-16-le")
    bound = struct.pack("<IBBBB", 0, 0, 0, 1, 1) + name
    globals_ = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6)) + lock
    offset = len(globals_) + 4 + len(bound) + 4
    stream = globals_ + _record(0x85, struct.pack("<I", offset) + bound[4:]) + _record(0x0A, b"")
    stream += _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, (int, float)):
                stream += _record(0x0203, struct.pack("<HHHd", r, c, 0, value))
            elif value:
                text = str(value).encode("utf-16-le")
                stream += _record(0x0204, struct.pack("<HHHHB", r, c, 0, len(str(value)), 1) + text)
    if merged:
        areas = b"".join(struct.pack("<HHHH", *area) for area in merged)
        stream += _record(0xE5, struct.pack("<H", len(merged)) + areas)
    return compound_file({"Workbook": stream + _record(0x0A, b"")})


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def compound_file(streams: dict[str, bytes]) -> bytes:
    """An OLE file holding these streams (each padded beyond the size of small streams)."""
    sectors: list[bytes] = []
    chains: list[int] = []
    entries = [_entry("Root Entry", 5, END, 0, child=1)]
    for name, data in streams.items():
        padded = data.ljust(4096, b"\0")
        start, count = len(sectors), -(-len(padded) // SECTOR)
        for part in range(count):
            sectors.append(padded[part * SECTOR : (part + 1) * SECTOR].ljust(SECTOR, b"\0"))
            chains.append(start + part + 1 if part + 1 < count else END)
        entries.append(_entry(name, 2, start, len(padded)))
    directory = len(sectors)
    body = b"".join(entries).ljust(SECTOR, b"\0")
    assert len(body) == SECTOR
    sectors.append(body)
    chains.append(END)
    count = -(-(len(sectors) + 1) // (SECTOR // 4 - 1))
    fats = list(range(len(sectors), len(sectors) + count))
    chains += [FAT] * count
    table = struct.pack(f"<{len(chains)}I", *chains).ljust(count * SECTOR, b"\xff")
    sectors += [table[n * SECTOR : (n + 1) * SECTOR] for n in range(count)]
    head = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, count, directory, 0, 4096, END, 0, END, 0)
    head += struct.pack("<109I", *fats, *([FREE] * (109 - count)))
    return head + b"".join(sectors)


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return (
        text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
        + struct.pack("<III", FREE, FREE, child) + bytes(36) + struct.pack("<IQ", start, size)
    )  # fmt: skip


def ods(rows: list[list[Any]], tail: str = "") -> bytes:
    """An OpenDocument sheet 表; `tail` is XML behind the last row."""
    body = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'
            if cell not in ("", None)
            else "<table:table-cell/>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="表">{body}{tail}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
        'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        "</manifest:manifest>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", manifest)
        package.writestr("content.xml", content)
    return stream.getvalue()
