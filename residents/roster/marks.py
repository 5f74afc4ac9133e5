"""What people say with a sheet beside its cells: comments, struck-out text, colour. Never read, but told.

Only small packages are looked into; the answer is a few addresses, so that somebody can look.
"""

from __future__ import annotations

import posixpath
import re
import zipfile

# Above this a sheet is an export, where nobody colours rows by hand, and looking costs too much.
_MOST_XML = 4 * 1024 * 1024
_MOST_KEPT = 2000
STRIKE, COLOUR, COMMENT = "strike", "colour", "comment"

_FONTS = re.compile(rb"<fonts\b.*?</fonts>", re.DOTALL)
_FONT = re.compile(rb"<font\b[^>]*/>|<font\b.*?</font>", re.DOTALL)
_FILLS = re.compile(rb"<fills\b.*?</fills>", re.DOTALL)
_FILL = re.compile(rb"<fill\b[^>]*/>|<fill\b.*?</fill>", re.DOTALL)
_FORMATS = re.compile(rb"<cellXfs\b.*?</cellXfs>", re.DOTALL)
_FORMAT = re.compile(rb"<xf\b[^>]*>")
_NUMBER = re.compile(rb'\b(fontId|fillId)="([0-9]+)"')
_STRIKE = re.compile(rb'<strike\s*(?:/>|val="(?:1|true)"|>)')
_RED = re.compile(rb'<color rgb="(?:FF)?FF0000"')
# White and no fill mean nothing.
_PAINTED = re.compile(
    rb'patternType="solid"(?!.*?<fgColor (?:rgb="(?:FF|00)FFFFFF"|indexed="(?:9|64|65)"))',
    re.DOTALL,
)
_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)" s="([0-9]+)"[^>/]*>')
_COMMENT = re.compile(rb'<comment\b[^>]*\bref="([A-Z]+[0-9]+)"')
_COMMENTS_PART = re.compile(rb'Target="([^"]*comments[^"]*\.xml)"')


def marks_of(package: zipfile.ZipFile, entry: str) -> dict[str, list[str]]:
    """Kind → addresses of the filled cells of a sheet that bear the mark, in the sheet's order."""
    found: dict[str, list[str]] = {}
    names = set(package.namelist())
    comments = _comments(package, entry, names)
    if comments:
        found[COMMENT] = comments
    if package.getinfo(entry).file_size > _MOST_XML or "xl/styles.xml" not in names:
        return found
    if package.getinfo("xl/styles.xml").file_size > _MOST_XML:
        return found
    struck, painted = _styles(package.read("xl/styles.xml"))
    if struck or painted:
        for address, style in _CELL.findall(package.read(entry)):
            for kind, styles in ((STRIKE, struck), (COLOUR, painted)):
                if int(style) in styles and len(found.setdefault(kind, [])) < _MOST_KEPT:
                    found[kind].append(address.decode())
    return {kind: addresses for kind, addresses in found.items() if addresses}


def _styles(xml: bytes) -> tuple[set[int], set[int]]:
    """Numbers of the cell formats that strike text out, and of those with a colour."""
    fonts = _FONT.findall(next(iter(_FONTS.findall(xml)), b""))
    fills = _FILL.findall(next(iter(_FILLS.findall(xml)), b""))
    struck, painted = set(), set()
    for number, tag in enumerate(_FORMAT.findall(next(iter(_FORMATS.findall(xml)), b""))):
        parts = {name: int(value) for name, value in _NUMBER.findall(tag)}
        font, fill = parts.get(b"fontId", 0), parts.get(b"fillId", 0)
        if font < len(fonts) and _STRIKE.search(fonts[font]):
            struck.add(number)
        red = font < len(fonts) and _RED.search(fonts[font])
        if red or (fill < len(fills) and _PAINTED.search(fills[fill])):
            painted.add(number)
    return struck, painted


def _comments(package: zipfile.ZipFile, entry: str, names: set[str]) -> list[str]:
    folder, name = posixpath.split(entry)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in names or package.getinfo(relations).file_size > _MOST_XML:
        return []
    found = _COMMENTS_PART.search(package.read(relations))
    if found is None:
        return []
    target = found[1].decode()
    part = (
        target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
    )
    if part not in names or package.getinfo(part).file_size > _MOST_XML:
        return []
    return [address.decode() for address in _COMMENT.findall(package.read(part))[:_MOST_KEPT]]
