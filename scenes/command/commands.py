"""The four commands and their options."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from scenes.command.choices import Choices
from scenes.rendering.catalogue import find_lessons
from scenes.rendering.faults import RenderError, missing_library
from scenes.rendering.jobs import FORMATS, QUALITIES
from scenes.stage.fonts import MissingFont

LESSONS = Path("media", "lessons")
PLAYER = Path("media", "player")
INTERRUPTED = 130
ACTIVATIONS = "identity, sigmoid, tanh, relu, leaky_relu, softplus"
LOSSES = "squared_error, mean_squared_error, binary_cross_entropy, softmax_cross_entropy"


def with_choices(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say what is shown; they come before the settings file."""
    for option in reversed(
        [
            click.option(
                "--network", type=click.Path(path_type=Path), help="A network's file: .toml, .json, .npz."
            ),
            click.option("--sizes", metavar="3-4-2", help="A random network with layers of these sizes."),
            click.option("--activation", help=f"{ACTIVATIONS}; or one for each layer, with commas."),
            click.option("--loss", help=LOSSES),
            click.option(
                "--expression", metavar='"x * y"', help="For the lessons about computational graphs."
            ),
            click.option("--at", metavar="x=3,y=-4", help="The values of the expression's inputs."),
            click.option("--notation", help="article, nielsen, row"),
            click.option("--language", help="en, zh"),
            click.option("--theme", help="dark, light"),
            click.option("--captions", help="burned, file, off"),
        ]
    ):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="backprop-manim")
def backprop() -> None:
    """The derivation of backpropagation, animated, for your own network.

    What the lessons show is taken from backprop.toml where that is there, and from options before it.
    """


@backprop.command("list")
def list_lessons() -> None:
    """Show the lessons by film: what each tells, its figures in the article, its length."""
    from scenes.command.listing import show_lessons

    show_lessons()


@backprop.command()
@click.argument("lesson", nargs=-1)
@with_choices
@click.option(
    "-q",
    "--quality",
    type=click.Choice(list(QUALITIES)),
    default="m",
    show_default=True,
    help="480p15, 720p30, 1080p60, 1440p60, 2160p60.",
)
@click.option(
    "--format",
    type=click.Choice(FORMATS),
    default="mp4",
    show_default=True,
    help="A film, a loop, a film for the web, or a picture of every beat's end.",
)
@click.option("-j", "--jobs", type=click.IntRange(1), help="Lessons at a time; as many as there are cores.")
@click.option(
    "--executor",
    default="local",
    show_default=True,
    metavar="local|dask://HOST:PORT",
    help="Processes of this machine, or the workers of a Dask cluster.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=LESSONS, show_default=True)
@click.option("--again", is_flag=True, help="Render what has not changed too.")
def render(lesson: tuple[str, ...], **options: Any) -> None:
    """Render lessons, all by default, named by LESSON or chapter; what has not changed is kept."""
    from scenes.command.rendering import Wishes, render_lessons

    wishes = Wishes(**{key: options.pop(key) for key in Wishes.__dataclass_fields__})
    sys.exit(render_lessons(asked(find_lessons, lesson), Choices(**options), wishes))


@backprop.command()
@with_choices
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="A file: .pdf, .tex, .typ, .md, .html, .txt."
)
def derive(output: Path | None, **options: Any) -> None:
    """Write the whole derivation for the network, to the terminal or to a file."""
    from scenes.command.deriving import write_derivation

    asked(write_derivation, Choices(**options), output)


@backprop.command()
@click.argument("lesson", nargs=-1)
@click.option(
    "-i",
    "--input",
    "folder",
    type=click.Path(path_type=Path),
    default=LESSONS,
    show_default=True,
    help="Where the rendered lessons are.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=PLAYER, show_default=True)
@click.option("--single-file", is_flag=True, help="One HTML file with everything in it.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
def player(lesson: tuple[str, ...], folder: Path, output: Path, single_file: bool, language: str) -> None:
    """Make a page of the rendered lessons, to pause, step and search; it works offline."""
    from scenes.command.playing import make_page

    make_page(asked(find_lessons, lesson), bool(lesson), folder, output, single_file, language)


def asked(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function; a ValueError is the user's, and ends the program with its sentence and exit code 2."""
    try:
        return function(*arguments)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def main() -> None:
    """Run the command; what goes wrong is one sentence."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        backprop.main(prog_name="backprop", standalone_mode=False)
    except click.UsageError as error:
        where = f" {error.ctx.command_path.partition(' ')[2]}".rstrip() if error.ctx else ""
        said = error.format_message().rstrip(".")
        hint = "" if "\n" in said else f" (backprop{where} --help says more)"
        fail(f"{said}{hint}", 2)
    except click.ClickException as error:
        fail(error.format_message(), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        fail("stopped; what was finished is kept, and the next call goes on from there", INTERRUPTED)
    except (RenderError, MissingFont) as error:
        fail(str(error))
    except ImportError as error:
        fail(missing_library(error))


def fail(sentence: str, code: int = 1) -> None:
    """End with a sentence on the standard error."""
    click.echo(f"backprop: {sentence}", err=True)
    sys.exit(code)
