"""Questions of a campaign: their kinds, what an answer may be, how long asking takes. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from django.db.models import TextChoices

from gridparty.lib.text import clean_prose, clean_text, has_nul, squash

LONGEST_ANSWER = 500
MOST_OPTIONS = 20
MOST_QUESTIONS = 30
YES, NO = "是", "否"


class QuestionKind(TextChoices):
    YES_NO = "yes_no", "是或否"
    ONE = "one", "单选"
    SEVERAL = "several", "多选"
    NUMBER = "number", "数字"
    DATE = "date", "日期"
    TEXT = "text", "文字"


# Seconds to ask and note one answer, and for a door itself (walk, knock, explain): estimates for
# the figure shown before a campaign is opened, so that somebody thinks twice (基层减负).
SECONDS = {
    QuestionKind.YES_NO: 8, QuestionKind.ONE: 12, QuestionKind.SEVERAL: 18,
    QuestionKind.NUMBER: 12, QuestionKind.DATE: 15, QuestionKind.TEXT: 40,
}  # fmt: skip
SECONDS_A_DOOR = 150
CHOSEN = (QuestionKind.YES_NO, QuestionKind.ONE, QuestionKind.SEVERAL)


class Question(Protocol):
    """What the rules below need to know of a question."""

    pk: Any
    kind: str
    text: str
    required: bool
    options: Any


def field_of(question: Question) -> str:
    """Return the name an answer has in forms, in errors and where it is stored.

    Not the bare number: JSON paths take a number for a place in a list.
    """
    return f"q{question.pk}"


def options_of(question: Question) -> list[str]:
    """Return the words a choice may be; none for open questions."""
    if question.kind == QuestionKind.YES_NO:
        return [YES, NO]
    return list(question.options) if question.kind in CHOSEN else []


def read_options(text: str) -> list[str]:
    """Return the options written one a line (or with 、); raises ValueError with a sentence."""
    if has_nul(text):
        raise ValueError("选项里有不可见的空字符，请删除后重新填写。")
    words = [clean_text(part) for line in text.splitlines() for part in line.split("、")]
    options = list(dict.fromkeys(word for word in words if word))
    if len(options) < 2:
        raise ValueError("请至少写两个选项，一行一个。")
    if len(options) > MOST_OPTIONS:
        raise ValueError(f"选项最多 {MOST_OPTIONS} 个，现在是 {len(options)} 个。")
    if any(len(option) > 40 for option in options):
        raise ValueError("每个选项最多 40 个字。")
    return options


def read_answer(question: Question, raw: Any) -> Any:
    """Return one answer as stored: a str, a list of str (several), or None for no answer.

    Numbers are kept as written without leading zeros, dates as ISO. ValueError with a sentence.
    """
    if question.kind == QuestionKind.SEVERAL:
        return _several(question, raw)
    text = str(raw or "")
    if has_nul(text):
        raise ValueError("有不可见的空字符，请删除后重新填写。")
    if question.kind == QuestionKind.TEXT:
        text = clean_prose(text)
        if len(text) > LONGEST_ANSWER:
            raise ValueError(f"最多 {LONGEST_ANSWER} 个字，现在是 {len(text)} 个。")
        return text or None
    text = squash(text)
    if not text:
        return None
    if question.kind == QuestionKind.NUMBER:
        return _number(text)
    if question.kind == QuestionKind.DATE:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise ValueError("日期看不懂，请写成 2026-11-05 这样。") from None
    return _one(question, clean_text(raw))


def _number(text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError("请填数字。") from None
    if not value.is_finite() or abs(value) >= Decimal(10) ** 12 or len(text) > 20:
        raise ValueError("请填合理范围内的数字。")
    return f"{value:f}"


def _one(question: Question, text: str) -> str:
    if text not in options_of(question):
        raise ValueError("请在列出的选项里选。")
    return text


def _several(question: Question, raw: Any) -> list[str] | None:
    words = [raw] if isinstance(raw, str) else list(raw or ())
    chosen = {_one(question, clean_text(word)) for word in words if word}
    return [option for option in options_of(question) if option in chosen] or None


def read_answers(
    questions: Iterable[Question], raw: Mapping[str, Any], kept: frozenset[str] = frozenset()
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return (answers, sentences), both by field name.

    `kept` holds the fields whose stored answer stands when they are left blank.
    """
    answers: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for question in questions:
        field = field_of(question)
        try:
            answer = read_answer(question, raw.get(field))
        except ValueError as refusal:
            errors[field] = str(refusal)
            continue
        if answer is not None:
            answers[field] = answer
        elif question.required and field not in kept:
            errors[field] = f"请回答“{question.text}”。"
    return answers, errors


def shown(answer: Any) -> str:
    """Return an answer as people read it."""
    return "、".join(answer) if isinstance(answer, list) else str(answer or "")


def seconds_a_door(questions: Iterable[Question]) -> int:
    """Return the estimated seconds one household costs, door included."""
    return SECONDS_A_DOOR + sum(SECONDS[QuestionKind(one.kind)] for one in questions)


def hours(doors: int, seconds: int) -> int:
    """Return whole hours, rounded up: 100 doors of 200 seconds are 6 hours."""
    return -(-doors * seconds // 3600)
