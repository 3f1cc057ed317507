"""What can go wrong with a render, in one sentence each."""

from __future__ import annotations

import errno
from pathlib import Path

__all__ = ["RenderError", "sentence_of"]

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)


class RenderError(Exception):
    """Why a lesson could not be rendered, in one sentence; `details` are for whoever repairs it."""

    def __init__(self, sentence: str, details: str = "") -> None:
        super().__init__(sentence, details)
        self.sentence, self.details = sentence, details

    def __str__(self) -> str:
        return self.sentence


def sentence_of(error: BaseException, folder: Path | str) -> str:
    """Return what is wrong and what helps, of an error met while a lesson was rendered into a folder."""
    number = getattr(error, "errno", None)
    if isinstance(error, OSError) and number in NO_ROOM:
        return f"there is no room left for it in {folder}: free some, and render again"
    if isinstance(error, OSError) and number in NOT_ALLOWED:
        return f"{folder} cannot be written to ({error.strerror}): choose another with --output"
    if isinstance(error, OSError) and error.strerror:
        return f"{folder} cannot be used ({error.strerror}): choose another with --output"
    if isinstance(error, MemoryError):
        return "there is not enough memory: render with fewer --jobs, or in a lower --quality"
    if isinstance(error, ImportError):
        return missing_library(error)
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def missing_library(error: ImportError) -> str:
    """Return which library is missing, and how it is installed."""
    said = " ".join(str(error).split())
    if "cannot open shared object" in said or "Library not loaded" in said or "DLL load failed" in said:
        return (
            f"a system library that Manim draws with is missing ({said}): install Cairo and Pango, "
            "on Debian and Ubuntu with `apt install libcairo2 libpangocairo-1.0-0`, on macOS with "
            "`brew install cairo pango`"
        )
    return f"a package is missing ({said}): run `pip install backprop-manim`"
