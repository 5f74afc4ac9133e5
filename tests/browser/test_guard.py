"""The browser's own guards: the log-in page is clean, and what breaks the rules is noticed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from playwright.sync_api import Page

from tests.browser.conftest import Faults

PageAs = Callable[..., Page]


def test_the_log_in_page_is_clean_on_a_phone(
    page_as: PageAs, phone: dict[str, Any], shot: Callable[..., Path]
) -> None:
    page = page_as(None, phone)
    page.goto("/login/")
    assert page.get_by_role("button", name="登录").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert shot(page, "login-phone").stat().st_size > 5_000


def test_a_session_cookie_logs_in(page_as: PageAs, desk: dict[str, Any]) -> None:
    user = get_user_model().objects.create_user("wang")
    page = page_as(user, desk)
    page.goto("/password/")
    assert page.url.endswith("/password/")


def test_inline_script_and_style_are_refused_and_noticed(page_as: PageAs, faults: Faults) -> None:
    page = page_as()
    page.goto("/login/")
    page.evaluate(
        """() => {
            document.body.insertAdjacentHTML("beforeend", "<p style='color:red'>x</p>");
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script);
        }"""
    )
    assert page.evaluate("window.ran") is None
    assert len(faults.unexpected()) >= 2
    faults.allow("Content Security Policy")


def test_foreign_hosts_and_missing_files_are_noticed(page_as: PageAs, faults: Faults) -> None:
    page = page_as()
    page.goto("/login/")
    page.evaluate("fetch('/static/no-such.js').then(r => r.text())")
    page.evaluate("fetch('http://foreign.invalid/x').catch(() => null)")
    found = " ".join(faults.unexpected())
    assert "404" in found
    assert "Content Security Policy" in found or "foreign host" in found
    faults.allow("404|foreign|Content Security Policy|Refused to connect")
