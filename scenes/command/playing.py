"""`backprop player`: the page of the rendered lessons, in the order of the story."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from scenes.rendering.catalogue import Listed
from scenes.rendering.faults import RenderError


def make_page(
    lessons: Sequence[Listed], named: bool, folder: Path, output: Path, single_file: bool, language: str
) -> None:
    """Make the page of lessons that were rendered into a folder: of those named, or of all that are there.

    Raises RenderError for what is missing or corrupt.
    """
    from scenes.player import PlayerError, write_player

    records = [folder / f"{lesson.name}.json" for lesson in lessons]
    missing = [record.stem for record in records if not record.is_file()]
    if named and missing:
        raise RenderError(f"{missing[0]} is not in {folder}; run `backprop render {' '.join(missing)}` first")
    there = [record for record in records if record.is_file()]
    try:
        written = write_player(there or [folder], output, single_file=single_file, language=language)
    except PlayerError as error:
        raise RenderError(str(error)) from None
    for told in written.notes:
        click.echo(told, err=True)
    click.echo(f"The page is {written.page}")
