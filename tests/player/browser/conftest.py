"""The page in a browser: headless Chromium, driven by Playwright."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from scenes.player import write_player
from tests.player.browser.looking import COUNT_PLAYS
from tests.player.chromium import find_chromium
from tests.player.rendered import write_lessons

Open = Callable[..., Page]
PATIENCE = 30_000.0
"""Milliseconds until what is expected must be seen, on however busy a machine."""
expect.set_options(timeout=PATIENCE)
DESKTOP, PHONE = (1366, 768), (360, 740)


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page as a folder, and as one file."""
    lessons = tmp_path_factory.mktemp("rendered")
    records = write_lessons(lessons)
    return {
        "folder": write_player(records, lessons / "page").page,
        "single": write_player(records, lessons / "page.html", single_file=True).page,
    }


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        # In a container its sandbox cannot be set up, and these are our own pages.
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, pages: dict[str, Path]) -> Iterator[Open]:
    """Open the page, ready to play; in the end, nothing may have been said on the console."""
    contexts, complaints = [], list[str]()

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def opened(
        address: str = "", *, page: str = "folder", size: tuple[int, int] = DESKTOP, theme: str = "light"
    ) -> Page:
        touch = size == PHONE
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light",
            has_touch=touch,
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        tab = context.new_page()
        tab.add_init_script(COUNT_PLAYS)
        tab.on("console", heard)
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("request", lambda request: asked(request.url))
        tab.goto(pages[page].as_uri() + address)
        tab.wait_for_function("document.getElementById('video').readyState >= 2")
        return tab

    def asked(address: str) -> None:
        if not address.startswith(("file:", "data:", "blob:")):
            complaints.append(f"the page asked for {address}")

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
