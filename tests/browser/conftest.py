"""A real Chromium, the machine's own. Without one these tests are skipped in words; in CI that is a failure."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.channels.web.echo import Echo, serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIETLY = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one module at a time: playwright's loop would be in the way of the async tests of another."""
    if CHROMIUM is None and os.environ.get("CI") == "true":
        pytest.fail("CI must run the browser tests: apt-get install chromium")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine, so the web chat was not tried in a browser: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        yield browser
        browser.close()


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def address(echo: Echo) -> Iterator[str]:
    with serving(echo) as address:
        yield address


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A small phone in Chinese; it hangs up before the service at `address` stops, which would wait for it."""
    assert address
    with browser.new_context(viewport={"width": 360, "height": 640}, locale="zh-CN") as context:
        yield context


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    """The chat, opened. Whatever a test does, the page asks nobody else and the browser has nothing to complain of."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.on("request", lambda asked: None if asked.url.startswith((address, "data:")) else complaints.append(asked.url))
    page.goto(f"{address}/chat")
    yield page
    assert complaints == []
