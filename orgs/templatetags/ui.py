"""The marks a long list repeats in every row: a tag costs a tenth of an included template."""

from functools import cache

from django.template import Library
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = Library()

# Colour is never alone: each light has a mark of its own, and the three of a clock have words.
LIGHTS = {
    "green": ("check-circle-fill", "正常"),
    "yellow": ("exclamation-triangle-fill", "临期"),
    "red": ("exclamation-octagon-fill", "超期"),
    "blue": ("info-circle-fill", ""),
    "grey": ("dash-circle", ""),
}


@register.simple_tag
@cache  # few names, many rows
def icon(name: str, css: str = "") -> SafeString:
    """Draw an icon of the sprite `static/icons.svg`; it says nothing to a screen reader."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" {css}" if css else "", static("icons.svg"), name,
    )  # fmt: skip


@register.simple_tag
def light(level: str, text: object = "") -> SafeString:
    """Draw a light: `level` is green, yellow, red, blue or grey; `text` replaces the usual words."""
    level = level if level in LIGHTS else "grey"
    mark, usual = LIGHTS[level]
    return format_html('<span class="light light-{}">{}{}</span>', level, icon(mark), text or usual)
