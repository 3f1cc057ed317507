"""A lesson: a scene told in beats, each with its name, its words and its hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from manim import LEFT, Animation, Camera, FadeIn, FadeOut, ManimColor, Mobject, Scene, Succession, config
from manim.animation.animation import prepare_animation
from manim.constants import RendererType

from bpmath.conventions import CONVENTIONS
from bpmath.derivation import Derivation
from bpmath.matrix_equations import Statement, Term
from bpmath.rewrites import Rewrite
from bpmath.symbols import Symbol
from scenes.settings import Settings, SettingsError, load_settings
from scenes.stage import typeset
from scenes.stage.captions import Caption, Word, caption, translations
from scenes.stage.fonts import MissingFont, TextFonts, text_fonts
from scenes.stage.formula import Formula, fit, fits
from scenes.stage.layout import (
    BOARD,
    CAPTION,
    CAPTION_BASELINE,
    CAPTION_SIZE,
    EQUATION_SIZE,
    LONGEST_SUM,
    MAIN_SIZE,
    SHORTEST_SUM,
    SMALL_CAPTION_SIZE,
    TITLE,
    TITLE_BASELINE,
    TITLE_SIZE,
)
from scenes.stage.network_map import NetworkMap
from scenes.stage.recalling import RecallingRenderer, show_again
from scenes.stage.rewriting import REWRITE, follow, roles_after
from scenes.stage.standing import Standing, standing
from scenes.stage.theme import Role, Theme
from scenes.stage.typeset import Typeset, on_baseline, set_text

LEAST_HOLD = 0.8
SECONDS_A_FRACTION = 1.0
CAPTION_CHANGE = 0.3
PASSING_PACE = 4.0
PASSING_HOLD = 0.2


@dataclass(frozen=True)
class Beat:
    """A step of a lesson, as it was played; `told` unless a film passed over it below earlier words.

    `captions` are the same words by language, `equations` those that stand on the stage at the end,
    `still` says for how many seconds nothing has moved by then.
    """

    lesson: str
    name: str
    caption: Caption
    start: float
    end: float
    told: bool = True
    captions: Mapping[str, str] = field(default_factory=dict)
    equations: tuple[Standing, ...] = ()
    still: float = 0.0


class Lesson(Scene):
    """A scene that shows what a `Derivation` found, beat by beat.

    `settings` are those of the user's file by default.  The words are in the caption catalogue under the
    class's name: "title", "step" and one sentence for each beat.
    """

    def __init__(self, *args: Any, settings: Settings | None = None, **kwargs: Any) -> None:
        if not args and kwargs.get("renderer") is None and config.renderer == RendererType.CAIRO:
            kwargs["renderer"] = RecallingRenderer(skip_animations=kwargs.get("skip_animations", False))
        super().__init__(*args, **kwargs)
        self.settings = settings or settings_of_the_user()
        self.beats: list[Beat] = []
        self.chapter_words: Mapping[str, str] = {}
        self.step_words: Mapping[str, str] = {}
        self.spoken: frozenset[str] | None = None
        self._sentence: Caption | None = None
        self._translations: Mapping[str, str] = {}
        self._caption: Mobject | None = None
        self._standing: Mobject | None = None
        self._new_fractions = 0
        self._hurry = 1.0

    def render(self, preview: bool = False) -> bool:
        """Render the lesson, or show its film again where Manim's command finds that it has not changed."""
        return not show_again(self, self.settings, preview) and super().render(preview)

    def setup(self) -> None:
        """Prepare colours, fonts and the derivation, before anything is drawn."""
        typeset.restart_serial_numbers()
        self.theme: Theme = self.settings.theme
        if isinstance(self.camera, Camera):
            self.camera.background_color = ManimColor(self.theme[Role.BACKGROUND])
        self.fonts: TextFonts = text_fonts(self.settings.language)
        self.derivation: Derivation = self.settings.derivation()
        if isinstance(self.renderer, RecallingRenderer):
            self.renderer.recall(self, self.settings)

    # -- words ------------------------------------------------------------------------------------

    def words(self, key: str, **words: Word) -> Caption:
        """Return a sentence of this lesson from the catalogue."""
        settings = self.settings
        return caption(settings.language, type(self).__name__, key, settings.notation, **words)

    def translated(self, key: str, **words: Word) -> Mapping[str, str]:
        """Return a sentence of this lesson as plain text, by language."""
        return translations(type(self).__name__, key, self.settings.notation, **words)

    def title(self, variant: str = "", **words: Word) -> Typeset:
        """Return the title: the chapter, and the step in quiet letters behind it."""
        key = f"step.{variant}" if variant else "step"
        chapter, step = self.words("title"), self.words(key, **words)
        self.chapter_words, self.step_words = self.translated("title"), self.translated(key, **words)
        quiet = f'#text(fill: rgb("{self.theme[Role.QUIET]}"))[{step.markup}]'
        markup = f'#text(weight: "semibold")[{chapter.markup}]#h(0.7em){quiet}'
        title = set_text(markup, TITLE_SIZE, self.theme[Role.INK], self.fonts)
        return on_baseline(title.align_to(TITLE.corner, LEFT), TITLE.bottom + TITLE_BASELINE)

    def take_over(self, standing: Mobject) -> None:
        """Begin with a picture that stands already; it goes once this lesson's own map covers it."""
        self.add(standing)
        self._standing = standing

    def play(self, *args: Any, **kwargs: Any) -> None:
        """Play animations at the pace of the settings."""
        pace = self.settings.pace * self._hurry
        if pace != 1:
            args = tuple(_at_pace(prepare_animation(animation), pace) for animation in args)
            if "run_time" in kwargs:
                kwargs["run_time"] /= pace
        super().play(*args, **kwargs)
        if self._standing is not None and self._shows(getattr(self, "map", None)):
            self.remove(self._standing)
            self._standing = None

    def _shows(self, wanted: Mobject | None) -> bool:
        return any(wanted is member for mobject in self.mobjects for member in mobject.get_family())

    @contextmanager
    def beat(self, name: str, variant: str = "", **words: Word) -> Iterator[None]:
        """Play a step: open a section, show its caption, do what the body does, and hold.

        `variant` chooses another sentence for the same beat, "name.variant" in the catalogue.
        """
        key = f"{name}.{variant}" if variant else name
        sentence, translated = self.words(key, **words), self.translated(key, **words)
        lesson = type(self).__name__
        self.next_section(name if self.spoken is None else f"{lesson}.{name}")
        start, told = self.time, self.spoken is None or name in self.spoken
        self._new_fractions = 0
        # Without words that stand, even a beat that goes by quickly needs its own.
        passes = not told and self._sentence is not None
        if passes:
            sentence, translated = self._sentence or sentence, self._translations
        else:
            self._show_caption(sentence)
        self._hurry = 1.0 if told else PASSING_PACE
        yield
        self._hurry = 1.0
        moved = self.time
        self.wait(PASSING_HOLD if passes else self._hold(sentence, moved - start))
        still = self.time - moved
        self._subtitle(sentence, start, passes)
        equations = standing(self.mobjects)
        self.beats.append(
            Beat(lesson, name, sentence, start, self.time, not passes, translated, equations, still)
        )
        self._sentence, self._translations = sentence, translated
        self.beat_ended(name)

    def beat_ended(self, name: str) -> None:
        """Called when a beat has ended and its picture stands; for tests and tools to override."""

    def _subtitle(self, sentence: Caption, start: float, passes: bool) -> None:
        """Write a sentence to the subtitles; where it stands already, it stands until now."""
        subtitles = self.renderer.file_writer.subcaptions
        if passes and subtitles:
            subtitles[-1].end = timedelta(seconds=self.time)
        else:
            self.add_subcaption(sentence.text, duration=self.time - start, offset=start - self.time)

    def _hold(self, sentence: Caption, elapsed: float) -> float:
        # `play` brings all that is played to the pace of the settings, holds too.
        unread = sentence.reading_time - elapsed * self.settings.pace
        return max(LEAST_HOLD, unread, SECONDS_A_FRACTION * self._new_fractions)

    def _show_caption(self, sentence: Caption) -> None:
        if self.settings.captions != "burned":
            return
        shown = self._set_caption(sentence)
        change: list[Animation] = [FadeIn(shown, run_time=CAPTION_CHANGE)]
        if self._caption is not None:
            change.insert(0, FadeOut(self._caption, run_time=CAPTION_CHANGE))
        self.play(Succession(*change))
        self._caption = shown

    def _set_caption(self, sentence: Caption) -> Typeset:
        colour = self.theme[Role.INK]
        line = set_text(sentence.markup, CAPTION_SIZE, colour, self.fonts)
        if line.width <= CAPTION.width:
            return on_baseline(line.move_to(CAPTION.centre), CAPTION.bottom + CAPTION_BASELINE)
        line = set_text(sentence.markup, SMALL_CAPTION_SIZE, colour, self.fonts, CAPTION.width)
        if not CAPTION.contains(line.move_to(CAPTION.centre)):
            raise ValueError(f"captions: {sentence.text!r} does not fit in two lines")
        return line

    # -- pictures ---------------------------------------------------------------------------------

    def formula(
        self, what: Statement | Term | Symbol, size: float = EQUATION_SIZE, **options: Any
    ) -> Formula:
        """Return a formula in this lesson's theme and notation."""
        return Formula(what, self.theme, size, notation=self.settings.notation, **options)

    def turned(self, rewrite: Rewrite) -> Rewrite:
        """Return a rewrite as the notation lays its vectors: in columns, or in rows."""
        return rewrite.in_rows() if CONVENTIONS[self.settings.notation].vectors_in_rows else rewrite

    def rewritten(self, old: Formula, rewrite: Rewrite, size: float, **options: Any) -> Formula:
        """Return the formula that a rewrite makes of `old`, in its place, in the colours of its sources.

        The rewrite must be as the notation lays it (`turned`).
        """
        roles = roles_after(rewrite, old)
        return self.formula(rewrite.after, size, roles_at=roles, **options).move_to(old)

    def rewrite(
        self,
        old: Formula,
        rewrite: Rewrite,
        size: float | None = None,
        run_time: float = REWRITE,
        **options: Any,
    ) -> Formula:
        """Play a rewrite: every term is seen to come from where it came from; return the new formula."""
        new = self.rewritten(old, rewrite, size or old.font_size, **options)
        self.play(follow(rewrite, old, new, run_time))
        return new

    def largest(self, what: Statement | Term, width: float, height: float) -> Formula:
        """Return a formula as large as a width and a height allow, widely set where there is room.

        ValueError when it is too small even with an ellipsis in its sums.
        """
        ways: list[dict[str, Any]] = [{"spacious": True}, {}, {"longest_sum": SHORTEST_SUM}]
        formula = self._first_that_fits(what, MAIN_SIZE, ways, width, height)
        fit(formula, width, height)
        return formula

    def in_width(self, what: Statement | Term, size: float, width: float) -> Formula:
        """Return a formula of a size, smaller where the width asks for it; long sums show an ellipsis."""
        ways = [{"longest_sum": longest} for longest in range(LONGEST_SUM, SHORTEST_SUM - 1, -1)]
        formula = self._first_that_fits(what, size, ways, width, BOARD.height)
        if formula.width > width:
            fit(formula, width, BOARD.height)
        return formula

    def _first_that_fits(
        self,
        what: Statement | Term,
        size: float,
        ways: Sequence[Mapping[str, Any]],
        width: float,
        height: float,
    ) -> Formula:
        for way in ways:
            formula = self.formula(what, size, **way)
            if fits(formula, width, height):
                break
        return formula

    def network_map(self, **options: Any) -> NetworkMap:
        """Return the map of this lesson's network."""
        return NetworkMap(self.derivation.network, self.theme, notation=self.settings.notation, **options)

    def new_fractions(self, count: int) -> None:
        """Say how many new fractions the viewer has to take in before this beat may end."""
        self._new_fractions += count


def _at_pace(animation: Animation, pace: float) -> Animation:
    animation.run_time /= pace
    return animation


def settings_of_the_user() -> Settings:
    """Return the settings in force; what is wrong with them ends the program with one sentence."""
    try:
        settings = load_settings()
        text_fonts(settings.language)
    except (SettingsError, MissingFont) as error:
        # Manim would print an exception with its whole traceback.
        raise SystemExit(f"backprop-manim: {error}") from None
    return settings
