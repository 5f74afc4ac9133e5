"""Word and Excel templates with fields in double braces: {{街道}}, and {{网格.名称}} in rows that repeat.

`fields_in` says which fields a template uses, or raises Unusable with a sentence; `fill` puts values
in. Pure: bytes in, bytes out.
"""

from gridparty.lib.filling.excel import fill_excel, read_excel
from gridparty.lib.filling.fields import Facts, Unusable, Used, Value, nearest
from gridparty.lib.filling.package import WORD, check_package
from gridparty.lib.filling.word import fill_word, read_word

__all__ = ["Facts", "Unusable", "Used", "Value", "fields_in", "fill", "kind_of", "nearest"]


def kind_of(data: bytes) -> str:
    """Return "docx" or "xlsx"; Unusable for anything else, for macros and for links to elsewhere."""
    return check_package(data)


def fields_in(data: bytes) -> list[Used]:
    """Return the fields of a template in their order, each with where it stands."""
    return read_word(data) if check_package(data) == WORD else read_excel(data)


def fill(data: bytes, facts: Facts) -> bytes:
    """Return the template with its fields replaced; a row of a list appears once per entry."""
    return fill_word(data, facts) if check_package(data) == WORD else fill_excel(data, facts)
