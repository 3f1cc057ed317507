"""The same derivation with vectors in rows: what turns, what stays, and what it says about many layers."""

from __future__ import annotations

from manim import FadeIn, FadeOut

from scenes.beats.unrolled import Unrolled


class RowVectorConvention(Unrolled):
    """Columns on the left, rows on the right: which transposes move, and why; then all layers at once."""

    def construct(self) -> None:
        """Turn the equations one by one, then all of them, then follow delta through all layers."""
        self.prepare()
        self.columns()
        self.rows()
        self.weights()
        self.forward_numbers()
        self.deltas()
        self.gradients()
        self.together()
        if self.last > 1:
            self.matrices_alone()
            self.activations_between()

    def columns(self) -> None:
        """The weighted sums of the last layer, as they were written until now."""
        with self.beat("columns"):
            self.begin()
            self.pair_shown = self.write_columns(self.forward())
            self.new_fractions(1)

    def rows(self) -> None:
        """The same, lying: the factors change places."""
        with self.beat("rows"):
            self.play(FadeIn(self.headings[1]), run_time=0.6)
            self.lay_down(self.pair_shown)
            self.new_fractions(1)

    def weights(self) -> None:
        """The matrix of weights is turned over its diagonal; its numbers are the same."""
        with self.beat("weights"):
            self.write_below(self.table(self.names.weights(self.last)))
            self.new_fractions(1)

    def forward_numbers(self) -> None:
        """Both evaluate to the same numbers."""
        if self.settings.numbers:
            with self.beat("numbers"):
                self.write_below(self.numbers_of(self.forward().lhs))

    def deltas(self) -> None:
        """Where delta comes from: the transpose stays with its matrix."""
        carried = self.last > 1
        with self.beat("deltas", "" if carried else "none"):
            self.write_both(self.at("BP2", self.last - 1) if carried else self.at("BP1", self.last))

    def gradients(self) -> None:
        """The gradient of the weights, in the shape of the weights."""
        with self.beat("gradients"):
            self.write_both(self.at("BP4", self.last))

    def together(self) -> None:
        """All equations, both ways."""
        names = [name for name in ("BP1", "BP2", "BP3", "BP4") if name in self.general]
        equations = [self.general[name].at[self.general[name].layers[-1]] for name in names]
        pairs = self.lines([self.forward(), *equations])
        with self.beat("together"):
            self.play(*self.clear_below(), FadeOut(*self.above), run_time=0.8)
            self.turn_all(pairs)
            self.new_fractions(len(pairs))
