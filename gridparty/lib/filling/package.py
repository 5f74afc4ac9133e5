"""Look into an Office package before it is opened: its kind, bombs, macros, links to elsewhere."""

import io
import re
import zipfile

from gridparty.lib.filling.fields import Unusable

WORD, EXCEL = "docx", "xlsx"
MOST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 500
_MAIN = {"word/document.xml": WORD, "xl/workbook.xml": EXCEL}
# What runs, embeds or fetches something when the file is opened.
_ACTIVE = re.compile(
    r"vbaProject|activeX|embeddings/|externalLinks/|customUI|connections\.xml|queryTables/|macrosheets/",
    re.IGNORECASE,
)
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ENTITY = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_FETCHES = re.compile(rb"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT)\b")
_INSTRUCTION = re.compile(rb"instrText[^>]*>([^<]*)<|w:instr=\"([^\"]*)\"")


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
    for name in names:
        if not name.endswith((".xml", ".rels")):
            continue
        text = package.read(name)
        if _ENTITY.search(text):
            raise Unusable("模板里有不允许的声明，请用 Word 或 Excel 另存后再上传。")
        if name.endswith(".rels") and any(_leads_out(one) for one in _RELATION.findall(text)):
            raise Unusable("模板引用了别处的文件，请把内容放进模板里再上传。")
        if any(_FETCHES.search(b"".join(one)) for one in _INSTRUCTION.findall(text)):
            raise Unusable("模板里有会取外部内容的域，请删去后再上传。")
    return kind


def _leads_out(relation: bytes) -> bool:
    """A link somebody clicks is fine; what is fetched on opening is not."""
    return b'TargetMode="External"' in relation and b"/hyperlink" not in relation
