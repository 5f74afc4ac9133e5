"""Look into an Office package before it is opened: its kind, bombs, macros, links to elsewhere.

Every part that is XML is read once by expat, which keeps nothing: what runs, fetches or swells is
found by what a parser sees, not by how the bytes are written.
"""

import io
import re
import zipfile
from typing import Any
from xml.parsers import expat

from openpyxl.utils.cell import range_boundaries

from gridparty.lib.filling.fields import Unusable

WORD, EXCEL = "docx", "xlsx"
MOST_UNPACKED = 40 * 1024 * 1024
# XML takes many times its size in memory once it is a document.
MOST_XML = 8 * 1024 * 1024
MOST_PARTS = 500
# A merged area is a cell object for each cell in it.
MOST_MERGED = 400_000
_MAIN = {"word/document.xml": WORD, "xl/workbook.xml": EXCEL}
# What runs, embeds or fetches something when the file is opened.
_ACTIVE = re.compile(
    r"vbaProject|activeX|embeddings/|externalLinks/|customUI|connections\.xml|queryTables/|macrosheets/",
    re.IGNORECASE,
)
# QUOTE writes a field's name in numbers.
_FETCHES = re.compile(
    r"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DATABASE|RD|QUOTE)\b",
    re.IGNORECASE,
)
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2", "definedName"})
_FORMULA_FETCHES = re.compile(
    r"(?<![A-Z0-9_])(WEBSERVICE|IMAGE|RTD|CALL|REGISTER(\.ID)?)\s*\(|\|", re.IGNORECASE
)
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_NOT_UTF8 = "文件的编码不是 UTF-8，请用 Word 或 Excel 另存后再上传。"
_XML_STARTS = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00<")


def check_package(data: bytes) -> str:
    """Return "docx" or "xlsx"; Unusable says what is wrong."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _checked(package)
    except Unusable:
        raise
    except Exception:
        # Damaged archives raise what they like.
        raise Unusable("文件打不开，请用 Word 或 Excel 另存为 .docx 或 .xlsx 后再上传。") from None


def _checked(package: zipfile.ZipFile) -> str:
    entries = package.infolist()
    if any(one.flag_bits & 1 for one in entries):
        raise Unusable("文件设了打开密码，请去掉密码后再上传。")
    if len(entries) > MOST_PARTS or sum(one.file_size for one in entries) > MOST_UNPACKED:
        raise Unusable("文件展开后太大，请删去大图片后再上传。")
    names = [one.filename for one in entries]
    kind = next((kind for name, kind in _MAIN.items() if name in names), "")
    if not kind:
        raise Unusable("模板要是 Word（.docx）或 Excel（.xlsx）文件。")
    if any(_ACTIVE.search(name) for name in names):
        raise Unusable("模板里有宏、嵌入的文件或外部数据，请删去后再上传。")
    if len({name.lower() for name in names}) < len(names):
        raise Unusable("文件里有重名的部分，请用 Word 或 Excel 另存后再上传。")
    whole = 0
    for entry in entries:
        data = package.read(entry)
        name = entry.filename.lower()
        if not name.endswith((".xml", ".rels")) and not data.lstrip().startswith(_XML_STARTS):
            continue  # a picture
        whole += len(data)
        if whole > MOST_XML:
            raise Unusable("文件里的文字和表格展开后太大，请删去多余的内容后再上传。")
        _Part(name).read(data)
    return kind


class _Part:
    """What expat sees of one part; Unusable at the first thing that may not be there."""

    def __init__(self, name: str) -> None:
        self.sheets = name.startswith("xl/")
        self.fields: list[str] = []
        self.merged = 0
        self.text: list[str] | None = None

    def read(self, data: bytes) -> None:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data:
            raise Unusable(_NOT_UTF8)
        parser = expat.ParserCreate("utf-8")
        parser.XmlDeclHandler = self.declared
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self.opened
        parser.EndElementHandler = self.closed
        parser.CharacterDataHandler = self.said
        try:
            parser.Parse(data, True)
        except expat.ExpatError:
            raise Unusable("文件里有读不懂的内容，请用 Word 或 Excel 另存后再上传。") from None
        # A field's instruction may be cut into runs: they are read as one.
        if _FETCHES.search("".join(self.fields)):
            raise Unusable("模板里有会取外部内容的域，请删去后再上传。")

    def declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "us-ascii"):
            raise Unusable(_NOT_UTF8)

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        local = _local(tag)
        named = {_local(key): value for key, value in attributes.items()}
        if local == "Relationship":
            _check_relation(named)
        elif local == "fldChar":
            self.fields.append(" ")
        elif local == "fldSimple":
            self.fields.append(f" {named.get('instr', '')} ")
        elif local == "mergeCell":
            self.merged += _area(named.get("ref", ""))
            if self.merged > MOST_MERGED:
                raise Unusable("合并的单元格太大，请取消多余的合并后再上传。")
        if local in ("instrText", "delInstrText") or (self.sheets and local in {*_FORMULAS, "t"}):
            self.text = []

    def said(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def closed(self, tag: str) -> None:
        if self.text is None:
            return
        local, text = _local(tag), "".join(self.text)
        if local in ("instrText", "delInstrText"):
            self.fields.append(text)
        elif (local in _FORMULAS or text.startswith("=")) and _FORMULA_FETCHES.search(
            _QUOTED.sub("", text)
        ):
            raise Unusable("模板里有会取外部内容的公式，请删去后再上传。")
        self.text = None


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse_doctype(*_: Any) -> None:
    raise Unusable("模板里有不允许的声明，请用 Word 或 Excel 另存后再上传。")


def _check_relation(named: dict[str, str]) -> None:
    """A link somebody clicks is fine; what is fetched on opening is not."""
    outside = named.get("TargetMode", "").strip().lower() == "external"
    if outside and not named.get("Type", "").endswith("/hyperlink"):
        raise Unusable("模板引用了别处的文件，请把内容放进模板里再上传。")


def _area(ref: str) -> int:
    left, top, right, bottom = range_boundaries(ref)
    if left is None or top is None or right is None or bottom is None:
        raise Unusable("合并的单元格太大，请取消多余的合并后再上传。")
    return int((right - left + 1) * (bottom - top + 1))
