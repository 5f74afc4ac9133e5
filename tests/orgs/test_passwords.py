"""Refused passwords are explained in Chinese."""

import pytest
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.core.exceptions import ValidationError


@pytest.mark.parametrize("password", ["short1", "12345678901", "password123"])
def test_a_refusal_is_a_chinese_sentence(password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert not [text for text in refused.value.messages if text.isascii()]


def test_the_rules_are_told_in_chinese():
    assert not [text for text in password_validators_help_texts() if text.isascii()]
