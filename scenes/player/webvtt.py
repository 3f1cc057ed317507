"""Captions as WebVTT, for players other than the page, such as that of a web server or a video library."""

from __future__ import annotations

from collections.abc import Iterable

from scenes.rendering.records import BeatRecord


def webvtt(beats: Iterable[BeatRecord], language: str) -> str:
    """Return the words of beats in a language as a WebVTT file.  Source: WebVTT, W3C, 2019."""
    cues = ["WEBVTT"]
    for beat in beats:
        words = beat.captions[language].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        cues.append(
            f"{beat.name}\n{timestamp(beat.start)} --> {timestamp(beat.end)}\n{' '.join(words.split())}"
        )
    return "\n\n".join(cues) + "\n"


def timestamp(seconds: float) -> str:
    """Return a time as WebVTT writes it, 00:01:02.345."""
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"
