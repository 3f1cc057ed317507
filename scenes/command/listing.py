"""The lessons as a list in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import groupby

from rich.console import Console
from rich.table import Table

from scenes.rendering.catalogue import Listed, lessons

__all__ = ["clock", "show_lessons"]

WIDE = 200


def show_lessons() -> None:
    """Print the lessons by film."""
    # What is piped elsewhere is not broken into lines.
    console = Console() if sys.stdout.isatty() else Console(width=WIDE)
    for film, of_film in groupby(lessons(), key=lambda lesson: lesson.film):
        table = _table(list(of_film))
        if console.is_terminal:
            console.print(f"\n[bold]{film}[/bold]")
        else:
            print(f"\n{film}")
        console.print(table, soft_wrap=False)


def _table(lessons: Iterable[Listed]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, justify="right")
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, overflow="ellipsis")
    for lesson in lessons:
        figures = f"Fig. {', '.join(map(str, lesson.figures))}" if lesson.figures else ""
        table.add_row(lesson.name, clock(lesson.seconds), figures, lesson.about)
    return table


def clock(seconds: float | None) -> str:
    """Return minutes and seconds, as 1:05."""
    if seconds is None:
        return ""
    return f"{round(seconds) // 60}:{round(seconds) % 60:02d}"
