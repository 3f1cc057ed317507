"""What a test sees of the page: the time, whether it plays, the picture."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from playwright.sync_api import Page

from tests.player.rendered import COLOURS, SECONDS

CLOSE = 0.004
"""Seconds that are no difference: a frame lasts 0.067."""
COUNT_PLAYS = """
window.plays = window.playsSeen = 0;
document.addEventListener("play", () => { window.plays += 1; }, true);
"""
TOUCH = 44
CONTRAST = 4.5


def now(page: Page) -> float:
    return float(page.evaluate("document.getElementById('video').currentTime"))


def playing(page: Page) -> bool:
    return not page.evaluate("document.getElementById('video').paused")


def wait_until_paused(page: Page) -> None:
    page.wait_for_function(
        "document.getElementById('video').paused && !document.getElementById('video').seeking"
    )


def wait_until_playing(page: Page) -> None:
    """Wait until it has begun to play since the last call: a short beat may be over before anybody looks."""
    page.wait_for_function("window.plays > window.playsSeen && (window.playsSeen = window.plays)")


def picture(page: Page) -> str:
    """Return the name of the colour that the video shows."""
    page.wait_for_timeout(150)
    shot = Image.open(io.BytesIO(page.locator("#video").screenshot())).convert("RGB")
    seen = np.asarray(shot, dtype=float)[shot.height // 4, shot.width // 4]
    return min(COLOURS, key=lambda name: float(np.abs(seen - COLOURS[name]).sum()))


def end_of(beat: int) -> float:
    return SECONDS * (beat + 1)
