"""The equations of backpropagation all together: held, and evaluated in every layer."""

from __future__ import annotations

from manim import (
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    MoveToTarget,
    ReplacementTransform,
    VGroup,
)

from bpmath.symbols import E
from scenes.beats.gradient_check import GradientCheckBeats
from scenes.stage import layout, moves
from scenes.stage.alignment import aligned
from scenes.stage.formula import Formula
from scenes.stage.layer_frame import WHOLE, whole_layer
from scenes.stage.relabelling import relabel
from scenes.stage.theme import Role

STEPS = {"BP1": "last", "BP2": "before", "BP3": "biases", "BP4": "weights"}


class FinalEquationsBeats(GradientCheckBeats):
    """The beats of `FinalEquations`."""

    @property
    def depth(self) -> str:
        """Which sentences apply: those for no hidden layer, or the others."""
        return "" if "BP2" in self.equations else "none"

    def arrive(self) -> None:
        """The equations come one after the other, out of the layer that they are about; others make room."""
        self.board: dict[str, Formula] = {}
        for name, step in STEPS.items():
            found = self.equations.get(name)
            with self.beat(step, self.depth if name == "BP2" else "", E=E):
                if name == "BP1":
                    self.play(FadeIn(self.title()), FadeIn(self.map))
                if found is None:
                    self.play(moves.pulse(self.map.open_edges(1), self.theme[Role.DELTA]))
                    continue
                places = self.grid([*(self.equations[known] for known in self.board), found])
                room = [moves.restate(old, places[known]) for known, old in self.board.items()]
                self.play(self.frame_on(found, found.layers[-1]), *room, run_time=0.8)
                self.play(*self.from_layer(places[name]))
                self.board = places
                self.new_fractions(1)

    def all_of_them(self) -> None:
        """The equations by themselves, large, for as long as it takes to read them."""
        large = self.large()
        with self.beat("all", self.depth):
            assert self.frame is not None
            self.play(FadeOut(self.map, self.frame), run_time=0.8)
            self.play(*(moves.restate(old, large[name]) for name, old in self.board.items()), run_time=1.6)
            self.wait(6.0)
        self.board = large

    def large(self) -> dict[str, Formula]:
        """Return the equations one below the other on the whole frame, equals sign below equals sign."""
        room = WHOLE
        formulas = {name: self.in_letters(found, layout.MAIN_SIZE) for name, found in self.equations.items()}
        column = aligned([*formulas.values()], layout.LINE_GAP)
        height = room.height - 2 * layout.GRID_GAP
        column.scale(min(1, layout.SUBJECT_WIDTH / column.width, height / column.height))
        column.move_to(room.centre)
        return formulas

    def evaluate(self) -> None:
        """The frame goes back through the layers; both sides of every equation are computed once more."""
        places = self.grid([*self.equations.values()])
        difference = max(found.residual for found in self.equations.values())
        self.frame, self.rings = None, VGroup()
        with self.beat("evaluate", "" if difference else "exact", difference=difference):
            shown = [moves.restate(old, places[name]) for name, old in self.board.items()]
            self.play(*shown, run_time=1.2)
            self.play(FadeIn(self.map), run_time=0.8)
            self.board = places
            for layer in reversed(range(1, self.last + 1)):
                self.evaluate_layer(layer, 1 if layer == self.last else layout.LATER)

    def evaluate_layer(self, layer: int, pace: float) -> None:
        """Write the numbers of a layer in the equations that hold there; the others recede."""
        new = whole_layer(self.map, layer)
        moved: list[Animation] = [
            Create(new) if self.frame is None else ReplacementTransform(self.frame, new)
        ]
        true: list[Formula] = []
        for name, found in self.equations.items():
            old = self.board[name]
            if layer not in found.at:
                old.generate_target().set_opacity(layout.DIM_OPACITY)
                moved.append(MoveToTarget(old))
                continue
            here = self.in_layer(found, layer, old.font_size).move_to(old)
            here.shift(UP * (old.equals.get_y() - here.equals.get_y()))
            here.shift(RIGHT * (old.equals.get_x() - here.equals.get_x()))
            moved.append(relabel(old, here))
            self.board[name] = here
            true.append(here)
        self.play(*moved, run_time=1.2 * pace)
        self.frame = new
        signs = [Indicate(one.equals, color=self.theme[Role.VALUE]) for one in true]
        rings = VGroup(*(self.map.ring(node, Role.DELTA) for node in self.map.symbols("z", layer)))
        self.rings.add(*rings)
        self.play(*signs, Create(rings), run_time=1.0)
        self.play(*self.tint(self.parameters(layer), Role.TARGET), run_time=0.8 * pace)
        self.wait(0.5 * pace)
