"""The player: a page that puts rendered lessons in front of an audience, with pause, step and speed.

What you can do here: `write_player([folder], Path("player"))` reads the rendered lessons of a folder and
writes a static folder that works offline, from `file://`; with `single_file` all is in one HTML file.
"""

from scenes.player.lessons import PlayerError, RenderedLesson, rendered_lessons
from scenes.player.writing import WrittenPlayer, write_player

__all__ = ["PlayerError", "RenderedLesson", "WrittenPlayer", "rendered_lessons", "write_player"]
