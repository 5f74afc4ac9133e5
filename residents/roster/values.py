"""Cell → clean value, with what there is to say about it. Pure; each function takes one cell.

Every reader returns (value, problem or None); "" or None as a value means "not given", and a
blank never clears what is stored. Nothing is guessed: a value that cannot be read is dropped
with a warning, or refuses the row when the person could not be told from others without it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from gridparty.lib.citizen_id import CitizenId, CitizenIdError, parse_citizen_id
from gridparty.lib.phones import parse_phones
from gridparty.lib.text import clean_prose, clean_text, has_nul, is_blank_word, squash
from residents.catalog import CodeTable, yes_no
from residents.roster.issues import ERROR, INFO, WARN, Problem

Reading = tuple[Any, Problem | None]
Reader = Callable[[Any], Reading]

MAX_NAME = 50
MAX_REMARK = 500
DITTO_WORDS = frozenset(["同上", "〃", '"', "″", "''", "”", "“", "同前"])
DITTO = Problem("ditto", INFO, "“同上”已按上一行填写")
NUL = Problem("nul_character", ERROR, "含有不可见的空字符，请删除后重填")
# Not a finding: the explicit wish to clear what is stored (a blank never does).
CLEAR = Problem("clear", INFO, "清空")
_CLEAR_MARKS = frozenset(["【清空】", "[清空]", "〖清空〗", "［清空］", "「清空」"])
DATE_CELL = Problem("date_cell", ERROR, "被表格改成了日期，请把该列设为文本后重填")

_BRACKETS = re.compile(r"\([^)]*\)?")
_NAME_DOTS = re.compile("[·・•‧∙⋅.]")
_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z .,'’-]*")
_DESCRIPTION = re.compile(
    r".之(?:妻|夫|子|女|父|母|媳|孙|儿|长子|次子|长女|次女)$|^(?:未取名|未起名|未命名|待取名|无名氏|新生儿|婴儿|宝宝)$"
)
# Two people in one cell: 张三、李四. With a space between them it may be one long name.
_TWO_NAMES = re.compile(r"[\u4e00-\u9fff]{2,4}[、/,;&][\u4e00-\u9fff]{2,4}(?:[、/,;&].*)?")
_TWO_WORDS = re.compile(r"[\u4e00-\u9fff]{2,4} [\u4e00-\u9fff]{2,4}")
_SHOP = re.compile(
    r"(?:商铺|店铺|门面|门市|店面|底商|车库|储藏室).*|.{2,}(?:公司|超市|饭店|面馆|药店|诊所|幼儿园|办公室|仓库|门市部|便利店)"
)
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_TRAILING_NUMBER = re.compile(r"[0-9+-]{5,}$")
_FORMULA_STARTS = ("=", "+", "-", "@")
_MARKUP = re.compile(r"<[a-zA-Z/!][^>]*>")
# 残疾三级, 低保A类: the kind with its grade.
_GRADE = re.compile(r"[一二三四ABCabc1-4][级類类档]$")
_CARE_SEPARATORS = re.compile(r"[;,、/|+&\s]|和|及")
_SPACES = re.compile(r"[ \u00a0\u3000\t]")
_NO_PAPER = re.compile(
    r"(?:未|没|待|暂未|尚未|还没)(?:上户口?|报户口?|落户|办理?|领取?|有证件?|登记)|(?:正在)?办理中|新生儿?|遗失|丢失|忘记|不知道|保密|拒绝"
)
_LIKE_ID = re.compile(r"[0-9]{17}[0-9Xx]")
_PHONE_FAST = re.compile(r"1[0-9]{10}")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]+")
_AGE = re.compile(r"([0-9]{1,3})(?:岁|周岁)?")
_DEATH_WORDS = ("死亡", "去世", "已故", "亡故", "过世", "病故")
_LEFT_WORDS = ("迁出", "搬离", "搬走", "搬出", "退租", "已离开")
_PAPER = re.compile(r"[A-Z0-9()/-]{5,30}|[\u4e00-\u9fff]{1,4}字第[0-9]{4,12}号?")
_NO_LETTER = re.compile(r"[\W\d_]+")


NAME_TWO = Problem("name_two", ERROR, "一格里写了两个人的姓名，请每人一行")
NAME_TWO_WORDS = Problem("name_two_words", WARN, "姓名中间有空格，已去掉；如果是两个人，请每人一行")
NAME_FORM = Problem("name_form", INFO, "姓名里的间隔号或全角字符已规范")
NAME_FORMULA = Problem("name_formula", WARN, "姓名写成了公式，先按原样登记，请改成姓名")
CARE_UNKNOWN = Problem("cat_unknown", WARN, "有不认识的重点人群类别，没有存入")
CARE_GRADE = Problem(
    "care_grade", INFO, "类别已登记，等级（如三级、A类）没有存入，需要的请写在备注里"
)
NAME_SHOP = Problem("name_shop", WARN, "写的像是商铺或单位，请填写住在这里的人")


def is_clear_mark(value: Any) -> bool:
    """Whether a cell says 【清空】."""
    return isinstance(value, str) and "清空" in value and squash(value) in _CLEAR_MARKS


def read_text(value: Any, *, limit: int, label: str) -> Reading:
    """One line of plain text; over-long text is dropped with a warning, dates are refused."""
    if isinstance(value, date):
        return "", DATE_CELL
    text = clean_text(value)
    if isinstance(value, str):
        if has_nul(value):
            return "", NUL
        if value in DITTO_WORDS:
            return "", DITTO
    if len(text) > limit:
        return "", Problem("overlong", WARN, f"{label}超过 {limit} 字，没有存入，请缩短")
    return ("" if is_blank_word(text) else text), None


def read_name(value: Any) -> Reading:
    """A person's name; notes in brackets and stray spaces are taken out and said so."""
    if not isinstance(value, str):
        return "", Problem("name_missing", ERROR, "姓名不是文字")
    if has_nul(value):
        return "", NUL
    if value in DITTO_WORDS:
        return "", Problem("name_missing", ERROR, "姓名不能写“同上”，请填写姓名")
    line = clean_text(value)
    bare = _BRACKETS.sub("", line).strip()
    short = _TRAILING_NUMBER.sub("", bare) or bare
    name = short if _LATIN_NAME.fullmatch(short) else _NAME_DOTS.sub("·", squash(short))
    if is_blank_word(name) or _NO_LETTER.fullmatch(name):
        return "", Problem("name_missing", ERROR, "缺少姓名")
    if len(name) > MAX_NAME:
        return "", Problem("name_overlong", ERROR, f"姓名超过 {MAX_NAME} 字，请核对")
    if _TWO_NAMES.fullmatch(line):
        return name, NAME_TWO
    if _SHOP.fullmatch(name):
        return name, NAME_SHOP
    if name.startswith(_FORMULA_STARTS):
        return name, NAME_FORMULA
    if _DESCRIPTION.search(name):
        return name, Problem("name_description", WARN, "写的不是姓名，先按原样登记，请补填姓名")
    if _PRIVATE_USE.search(name):
        return name, Problem("name_private_use", WARN, "姓名里有造字，别处可能显示不出，请核对")
    if name == value:
        return name, None
    if _TWO_WORDS.fullmatch(line):
        return name, NAME_TWO_WORDS
    if name != squash(line) and short != line:
        return name, Problem("name_note", INFO, "姓名里的附注已去掉")
    if _SPACES.sub("", value) == name:
        return name, Problem("name_inner_space", INFO, "姓名里的空格已去掉")
    if unicodedata.normalize("NFKC", value).strip() == line:
        return name, NAME_FORM
    return name, Problem("name_zero_width", INFO, "姓名里的换行或不可见字符已去掉")


def read_code(value: Any, *, table: CodeTable, kind: str, fallback: str = "") -> Reading:
    """A word of a code table; unknown words give `fallback` and a warning."""
    if isinstance(value, str) and (has_nul(value) or value in DITTO_WORDS):
        return "", NUL if has_nul(value) else DITTO
    word = squash(value)
    label = table.label_for(word)
    if label is None and is_blank_word(word) and not fallback and yes_no(word) is not True:
        return "", None
    if label is None:
        stored = f"按“{fallback}”登记" if fallback else "没有存入"
        return fallback, Problem(kind, WARN, f"{table.title}里没有这个写法，{stored}，请核对")
    return label, None


def read_yes_no(value: Any, *, title: str) -> Reading:
    """是/否 in its many spellings; None when blank or unreadable."""
    word = squash("是" if value is True else "否" if value is False else value)
    answer = yes_no(word)
    if answer is None and not is_blank_word(word):
        return None, Problem("bool_unknown", WARN, f"{title}请填“是”或“否”")
    return answer, None


def read_care(value: Any, *, known: Mapping[str, str]) -> Reading:
    """Key-population words separated by anything usual; a tuple of stored labels, in order."""
    text = clean_text(value)
    labels: list[str] = []
    unknown = graded = False
    for word in _CARE_SEPARATORS.split(text):
        word = squash(word)
        label = known.get(word)
        if label is None and (bare := _GRADE.sub("", word)) != word:
            label = known.get(bare)
            graded |= label is not None
        if label is not None:
            labels.append(label)
        elif not is_blank_word(word) and word != "否":
            unknown = True
    if unknown:
        return tuple(dict.fromkeys(labels)), CARE_UNKNOWN
    return tuple(dict.fromkeys(labels)), CARE_GRADE if graded else None


def read_phones(value: Any) -> Reading:
    """Telephone numbers in stored form, in order; a tuple."""
    if isinstance(value, str) and _PHONE_FAST.fullmatch(value):
        return (value,), None
    found = parse_phones(value if isinstance(value, str) else clean_text(value))
    if found.problems or not found.numbers:
        if not found.numbers and _LIKE_ID.fullmatch(squash(value)):
            return (), Problem(
                "phone_is_id", WARN, "电话一列填的像证件号，没有存入，请核对是否填反"
            )
        sentence = "；".join(found.problems) or "没有可用的电话号码"
        return tuple(found.numbers), Problem("phone_bad", WARN, sentence)
    return tuple(found.numbers), None


def read_remark(value: Any) -> Reading:
    """Free text, kept as written (also =1+1 or <b>): it is text here and in every export."""
    text = clean_prose(value) if isinstance(value, str) else clean_text(value)
    if isinstance(value, str) and has_nul(value):
        return "", NUL
    if len(text) > MAX_REMARK:
        return "", Problem("overlong", WARN, f"备注超过 {MAX_REMARK} 字，没有存入，请缩短")
    if text.startswith(_FORMULA_STARTS) and len(text) > 1:
        return text, Problem("csv_injection", INFO, "以公式符号开头，已按文字保存")
    if _MARKUP.search(text):
        return text, Problem("html_markup", INFO, "含有网页代码，已按文字保存")
    return text, None


_ID_KINDS = {
    "checksum": "id_checksum",
    "birth_date": "id_bad_date",
    "masked": "id_masked",
    "scientific": "id_number_cell",
    "characters": "id_characters",
}
NUMBER_CELL = Problem(
    "id_number_cell", ERROR, "证件号被存成数字，末几位已丢失，请把该列设为文本后重填"
)

ID_IS_PHONE = Problem("id_is_phone", ERROR, "证件号一列填的像手机号，请核对是否与电话填反")


def read_citizen_id(value: Any, today: date) -> tuple[CitizenId | None, Problem | None]:
    """An identity number: (parsed, None or an info), (None, problem) or (None, None) for blank."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if abs(value) >= 1e15:
            return None, NUMBER_CELL
        value = clean_text(value)
    elif isinstance(value, (bool, date)):
        return None, DATE_CELL
    try:
        parsed = parse_citizen_id(value, today)
    except CitizenIdError as error:
        if _says_none(value):
            return None, None
        if _PHONE_FAST.fullmatch(squash(value)):
            return None, ID_IS_PHONE
        kind = _ID_KINDS.get(error.code)
        if kind is None:
            kind = "id_short" if len(squash(value)) < 18 else "id_long"
        return None, Problem(kind, ERROR, error.message_zh)
    if parsed.number == value:
        return parsed, None
    if parsed.converted_from_15:
        return parsed, Problem("id_15", INFO, "15 位旧证号已换算成 18 位")
    kind = "id_lower_x" if value.upper() == parsed.number else "id_spaces"
    if kind == "id_spaces" and not _SPACES.search(value):
        kind = "id_fullwidth"
    return parsed, Problem(kind, INFO, "证件号的写法已规范")


def _says_none(value: Any) -> bool:
    """Whether a cell says that there is no number (yet): blank words, 未上户, 办理中."""
    return is_blank_word(value) or _NO_PAPER.fullmatch(squash(value)) is not None


def read_paper(value: Any) -> tuple[str, Problem | None]:
    """The number of another paper (passport, birth certificate, permit), upper case."""
    if isinstance(value, datetime | date):
        return "", DATE_CELL
    if isinstance(value, float) and abs(value) >= 1e15:
        return "", NUMBER_CELL
    word = squash(value).upper()
    if _says_none(word):
        return "", None
    if not _PAPER.fullmatch(word):
        return "", Problem("id_characters", ERROR, "证件号只能是字母和数字，长度 5–30 位")
    return word, None


def read_number_text(value: Any, *, limit: int, label: str) -> Reading:
    """A number that is a name (户编号): like text, but a number cell that lost digits is dropped."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) >= 1e15:
        return "", Problem("number_cell", WARN, f"{label}被存成数字，末几位已丢失，没有存入")
    text = clean_text(value)
    if _SCIENTIFIC.fullmatch(text):
        return "", Problem("number_cell", WARN, f"{label}被显示成科学计数，没有存入")
    return read_text(value, limit=limit, label=label)


def read_age(value: Any) -> Reading:
    """Years of life as a number (45, 45岁); None for months, words and nonsense: it is only compared."""
    found = _AGE.fullmatch(squash(value))
    return (int(found[1]), None) if found else (None, None)


def read_state(value: Any) -> Reading:
    """Whether a state column (正常, 已迁出, 死亡) says that somebody is gone: 迁出, 死亡 or ""."""
    word = squash(value)
    if any(mark in word for mark in _DEATH_WORDS):
        return "死亡", None
    return ("迁出" if any(mark in word for mark in _LEFT_WORDS) else ""), None


def text_reader(limit: int, label: str) -> Reader:
    """A reader of plain text with its limit bound."""
    return partial(read_text, limit=limit, label=label)
