"""Short texts on their way into a column: one clean line, or a sentence why not."""

from django.core.exceptions import ValidationError

from gridparty.lib.text import clean_prose, clean_text, has_nul

# What may be as long as this is a sentence, not a name: its Chinese punctuation stays.
SENTENCE = 100


def one_line(value: str, *, label: str, longest: int, required: bool = True) -> str:
    """Return `value` as one clean line; ValidationError when it cannot be stored as `label`."""
    if has_nul(value):
        raise ValidationError(f"{label}里有不可见的空字符，请删除后重新填写。", code="nul")
    text = clean_text(value) if longest < SENTENCE else " ".join(clean_prose(value).split())
    if required and not text:
        raise ValidationError(f"请填写{label}。", code="required")
    if len(text) > longest:
        raise ValidationError(f"{label}最多 {longest} 个字，现在是 {len(text)} 个。", code="long")
    return text
