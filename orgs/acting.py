"""A form and the verb behind it: run it once, bring a refusal back to the form."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest


def do(request: HttpRequest, form: forms.Form, act: Callable[[], object], done: str) -> bool:
    """Run `act` in a transaction when the form is valid, and say `done`; else return False.

    A service's refusal lands on its field, or above the form when the form has no such field.
    """
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            act()
    except ValidationError as refusal:
        named = getattr(refusal, "error_dict", {})
        known = named.keys() <= form.fields.keys()
        form.add_error(None, refusal if known else ValidationError(refusal.messages))
        return False
    messages.success(request, done)
    return True


def attempt(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Run an act without a form; say `done`, or the service's refusal as a message."""
    try:
        with transaction.atomic():
            act()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return False
    messages.success(request, done)
    return True
