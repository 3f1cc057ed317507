"""`backprop derive`: the whole derivation as text in the terminal, or as a document."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from scenes.command.choices import Choices
from scenes.command.plain_text import PlainText
from scenes.rendering.faults import RenderError, sentence_of

FORMATS = {".typ": "typst", ".pdf": "typst", ".tex": "latex", ".md": "markdown", ".html": "html", ".txt": ""}


def write_derivation(choices: Choices, output: Path | None) -> None:
    """Write the derivation of the chosen network, to the terminal where no file is named.

    Raises ValueError for a file of another kind, RenderError where it cannot be written,
    MissingFont where the letters for a PDF are not installed.
    """
    if output is not None and output.suffix not in FORMATS:
        raise ValueError(f"--output is {str(output)!r}, but its name must end in {', '.join(FORMATS)}")
    from bpmath import write_up
    from bpmath.handout import contents
    from scenes.settings import settings_from

    settings = settings_from(choices.settings())
    derivation, notation, language = settings.derivation(), settings.notation, settings.language
    format = FORMATS[output.suffix] if output is not None else ""
    if format:
        written = write_up(derivation, format, notation, language)
    else:
        written = PlainText(notation).document(contents(derivation, notation, language))
    if output is None:
        click.echo(written)
    else:
        _write(_set(written, language) if output.suffix == ".pdf" else written.encode(), output)
        click.echo(f"The derivation is in {output}")


def _set(written: str, language: str) -> bytes:
    """Return a document as PDF: letters that Typst's own fonts lack come from those of the stage.

    Raises MissingFont where these are not installed.
    """
    import typst

    from scenes.stage.fonts import text_fonts

    folders = [str(directory) for directory in text_fonts(language).directories]
    fonts = typst.Fonts(include_system_fonts=False, font_paths=folders)
    return typst.compile(written.encode(), format="pdf", font_paths=fonts)


def _write(content: bytes, output: Path) -> None:
    """Write a file at once."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        number, unfinished = tempfile.mkstemp(dir=output.parent, prefix=".backprop-")
        try:
            with os.fdopen(number, "wb") as file:
                file.write(content)
            os.chmod(unfinished, 0o644)
            os.replace(unfinished, output)
        except BaseException:
            os.unlink(unfinished)
            raise
    except OSError as error:
        raise RenderError(sentence_of(error, output.parent)) from None
