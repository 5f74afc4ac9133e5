"""A real Chromium against the live server. Faults in the browser fail the test that caused them."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    expect,
    sync_playwright,
)
from playwright.sync_api import Request as BrowserRequest

HERE = Path(__file__).resolve().parent
IMAGES = HERE.parent.parent / "docs" / "images"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser(django_db_setup: None, django_db_blocker: Any) -> Iterator[Browser]:
    """The system's Chromium, one a worker; skips when there is none."""
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium fonts-noto-cjk)")
    # Playwright's sync API keeps an event loop running in this thread. Django would refuse queries
    # in it, and gives code in a loop another connection: that one must know the migrated rows, too.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    migrated_rows = vars(connections["default"]).get("_test_serialized_contents")
    with sync_playwright() as playwright:
        vars(connections["default"])["_test_serialized_contents"] = migrated_rows
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()
        with django_db_blocker.unblock():
            connections["default"].close()


@pytest.fixture
def phone() -> dict[str, Any]:
    """A grid worker's phone, 390×844."""
    return {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    }


@pytest.fixture
def desk() -> dict[str, Any]:
    """The small office screen that is common in communities, 1366×768."""
    return {"viewport": {"width": 1366, "height": 768}}


def follow(link: Locator) -> None:
    """Click a link and wait for its page: until then a locator may still find the page before."""
    with link.page.expect_navigation(timeout=PATIENCE_MS):
        link.click()


@dataclass
class Faults:
    """What went wrong in the browser: errors, refused content, foreign hosts, failed requests."""

    home: str
    seen: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        """Expect faults that match this regular expression, e.g. "404" when a test asks for one."""
        self.allowed.append(pattern)

    def unexpected(self) -> list[str]:
        return [text for text in self.seen if not any(re.search(p, text) for p in self.allowed)]

    def watch(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.seen.append(f"script error: {error.error}"))
        context.on("request", self._request)
        context.on("requestfailed", self._request_failed)

    def _console(self, message: ConsoleMessage) -> None:
        # Breaches of the content security policy are console errors, too.
        # A hint still on its way when the page is left, or overtaken by the next, is given up.
        given_up = re.match(r"htmx:(sendAbort|afterRequest)\b", message.text)
        if message.type == "error" and not given_up:
            self.seen.append(f"console: {message.text} ({message.location.get('url')})")

    def _request(self, request: BrowserRequest) -> None:
        if not request.url.startswith((self.home, "data:", "blob:", "about:")):
            self.seen.append(f"foreign host: {request.url}")

    def _request_failed(self, request: BrowserRequest) -> None:
        # Downloads and left pages end as "aborted".
        if request.failure != "net::ERR_ABORTED":
            self.seen.append(f"request failed: {request.url} {request.failure}")


@pytest.fixture
def faults(live_server: Any) -> Faults:
    """The faults of this test's pages; `faults.allow(pattern)` expects one."""
    return Faults(live_server.url)


@pytest.fixture
def page_as(
    browser: Browser, live_server: Any, faults: Faults, desk: dict[str, Any]
) -> Iterator[Callable[..., Page]]:
    """Return `page_as(user, device=desk)`: a page of a fresh browser, logged in (None: nobody)."""
    contexts: list[BrowserContext] = []

    def open_page(user: Any = None, device: dict[str, Any] | None = None) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **(device or desk),
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        faults.watch(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
            )
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not faults.unexpected(), "in the browser: " + "; ".join(faults.unexpected())


@pytest.fixture
def shot(tmp_path: Path) -> Callable[..., Path]:
    """Return `shot(page, name, full_page=False)`: a PNG in docs/images with GRIDPARTY_SHOTS=1."""
    folder = IMAGES if os.environ.get("GRIDPARTY_SHOTS") == "1" else tmp_path

    def take(page: Page, name: str, full_page: bool = False) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        page.screenshot(path=path, full_page=full_page, animations="disabled")
        return path

    return take
