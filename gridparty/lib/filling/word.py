"""Word templates. Word cuts a line of text into runs as it likes: a field may lie across several."""

import copy
import io
from collections.abc import Callable, Iterator
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from gridparty.lib.filling.fields import (
    FIELD,
    Facts,
    Unusable,
    Used,
    Value,
    names_in,
    one_list,
    shown,
)

P, T, TR, TC = qn("w:p"), qn("w:t"), qn("w:tr"), qn("w:tc")
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def _opened(data: bytes) -> Any:
    try:
        return Document(io.BytesIO(data))
    except Exception:
        raise Unusable("文件打不开，请用 Word 另存为 .docx 后再上传。") from None


def _roots(document: Any) -> Iterator[tuple[str, Any]]:
    """The body, and the headers and footers of each section."""
    yield "正文", document.element.body
    seen = set()
    for section in document.sections:
        for where, names in (("页眉", "header"), ("页脚", "footer")):
            for prefix in ("", "first_page_", "even_page_"):
                part = getattr(section, prefix + names)
                if not part.is_linked_to_previous and id(part._element) not in seen:
                    seen.add(id(part._element))
                    yield where, part._element


def _texts(paragraph: Any) -> list[Any]:
    """The text nodes of a paragraph itself, not of a text box inside it."""
    return [
        one for one in paragraph.iter(T) if next(one.iterancestors(P)) is paragraph
    ]  # fmt: skip


def _line(paragraph: Any) -> str:
    return "".join(one.text or "" for one in _texts(paragraph))


def _row_of(paragraph: Any) -> Any:
    return next(paragraph.iterancestors(TR), None)


def _names_of_row(row: Any, where: str) -> list[str]:
    return [name for one in row.iter(P) for name in names_in(_line(one), where)]


def read_word(data: bytes) -> list[Used]:
    """Return the fields in their order."""
    found = []
    for part, root in _roots(_opened(data)):
        rows: dict[Any, str] = {}
        for number, paragraph in enumerate(root.iter(P), start=1):
            row = _row_of(paragraph)
            where = f"{part}第 {number} 段" if row is None else f"{part}的表格里"
            for name in names_in(_line(paragraph), where):
                found.append(Used(name, where, row is not None))
                if "." in name and row is None:
                    raise Unusable(
                        f"{where}的“{name}”是清单里的一栏，请放进表格的一行，导出时逐行展开。"
                    )
            if row is not None and row not in rows:
                rows[row] = one_list(_names_of_row(row, where), where)
                if rows[row] and row.findall(f".//{TR}"):
                    raise Unusable(f"{where}要逐行展开的一行里不能再有表格。")
    return found


def fill_word(data: bytes, facts: Facts) -> bytes:
    document = _opened(data)
    for _, root in _roots(document):
        lists = {row: one_list(_names_of_row(row, ""), "") for row in root.iter(TR)}
        # Taken before anything is filled: a value with braces in it is no field.
        alone = [one for one in root.iter(P) if not lists.get(_row_of(one))]
        for row, of_list in lists.items():
            if of_list:
                _repeat(row, of_list, facts)
        for paragraph in alone:
            _replace(paragraph, facts.value)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _repeat(row: Any, of_list: str, facts: Facts) -> None:
    """Put a copy of the row for each entry; without entries one row of dashes stays."""
    many = len(facts.lists[of_list])
    copies = [row, *(copy.deepcopy(row) for _ in range(many - 1))]
    after = row
    for one in copies[1:]:
        after.addnext(one)
        after = one
    for place, one in enumerate(copies):
        entry = place if many else None
        for paragraph in one.iter(P):
            _replace(paragraph, lambda name, entry=entry: facts.value(name, entry))  # type: ignore[misc]


def _replace(paragraph: Any, value_of: Callable[[str], Value]) -> None:
    """Put the value where the field begins; the rest of the field goes out of the runs after it."""
    nodes = _texts(paragraph)
    line = "".join(one.text or "" for one in nodes)
    for match in reversed(list(FIELD.finditer(line))):
        start = 0
        first = True
        for node in nodes:
            text = node.text or ""
            low, high = max(match.start() - start, 0), min(match.end() - start, len(text))
            start += len(text)
            if low < high:
                node.text = text[:low] + (shown(value_of(match[1])) if first else "") + text[high:]
                node.set(SPACE, "preserve")
                first = False
