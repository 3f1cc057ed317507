"""Substitution: every local derivative is something that the network already knows."""

from __future__ import annotations

from manim import Create, FadeOut

from bpmath.algebra import Partial
from bpmath.symbols import a, w, z
from scenes.beats.slopes import SlopeBeats
from scenes.stage.layer_lesson import LayerLesson
from scenes.stage.theme import Role


class WeightIsDerivative(LayerLesson):
    """Along an edge dz/da is the weight on it; going back, the matrix of weights is transposed (Fig. 13)."""

    role = Role.WEIGHT_DERIVATIVE

    def construct(self) -> None:
        """Ask for dz/da on one edge, then on all, and see why the matrix is transposed."""
        last = self.derivation.network.layers
        self.partial = Partial(z(last, 1), a(last - 1, 1))
        self.prepare()
        source, weight = self.partial.wrt, w(last, 1, 1)
        self.ask()
        self.define()
        self.reply(kept=source, found=weight, a=source, w=weight)
        self.value(a=source, z=self.partial.of)
        self.gather(self.local.weights, "inputs" if last == 1 else "")
        self.fill(self.by_source())
        self.backward()
        self.forward()
        self.transpose()
        self.name()
        self.use(self.local.used_weights)
        self.evaluate()

    def by_source(self) -> list[list[int]]:
        """Return the cells by the nodes that their edges leave: first the first one alone."""
        groups: dict[object, list[int]] = {}
        for index, cell in enumerate(self.matrix.written(Partial)):
            groups.setdefault(cell.term.wrt, []).append(index)
        first, *others = groups.values()
        return [[first[0]], *([first[1:]] if first[1:] else []), *others]

    def backward(self) -> None:
        """The edges that leave one node: one line of this matrix."""
        source = self.partial.wrt
        lit = [partial for partial in self.edges() if partial.wrt == source]
        with self.beat("backward", "single" if len(lit) == 1 else "", a=source):
            self.ring = self.close.ring(source)
            self.play(*self.light_only(lit), Create(self.ring), *self.emphasise(self.cells("wrt")))

    def forward(self) -> None:
        """The edges that enter one node: one line of W."""
        target = self.partial.of
        lit = [partial for partial in self.edges() if partial.of == target]
        name = self.local.names.weights(self.layer)
        with self.beat("forward", "single" if len(lit) == 1 else "", z=target, W=name):
            ring = self.close.ring(target)
            self.play(FadeOut(self.ring), *self.light_only([]), run_time=0.6)
            self.ring = ring
            self.play(*self.light_only(lit), Create(ring), *self.emphasise(self.cells("of")))

    def cells(self, end: str) -> list[int]:
        """Return the cells whose edges share one end with the edge that was asked for first."""
        wanted = getattr(self.partial, end)
        cells = enumerate(self.matrix.written(Partial))
        return [index for index, cell in cells if getattr(cell.term, end) == wanted]

    def transpose(self) -> None:
        """Rows and columns change places: the matrix is W, transposed."""
        with self.beat("transpose", W=self.local.names.weights(self.layer)):
            self.play(FadeOut(self.ring), *self.emphasise(None), *self.light_only(self.edges()))
            self.rewrite_matrix(self.local.transposed, run_time=2.6)

    def name(self) -> None:
        """The matrix gets its name."""
        with self.beat("name", W=self.local.names.weights(self.layer)):
            self.rewrite_matrix(self.local.named_weights)


class InputIsDerivative(LayerLesson):
    """Along an edge dz/dw is the activation that enters it, the same in every row (Fig. 14)."""

    role = Role.INPUT_DERIVATIVE

    def construct(self) -> None:
        """Ask for dz/dw on one edge, then on all, and see the rows fall into one."""
        last = self.derivation.network.layers
        self.partial = Partial(z(last, 1), w(last, 1, 1))
        self.prepare()
        source, weight = a(last - 1, 1), self.partial.wrt
        single = "single" if self.derivation.network.sizes[-1] == 1 else ""
        self.ask()
        self.define()
        self.reply(kept=weight, found=source, a=source, w=weight)
        self.value(w=weight, z=self.partial.of)
        self.gather(self.local.inputs)
        self.fill(self.by_source(), single)
        self.merge(single)
        self.name()
        self.use(self.local.used_inputs)
        self.evaluate()

    def by_source(self) -> list[list[int]]:
        """Return the cells by the node that their edges leave."""
        groups: dict[int, list[int]] = {}
        for index, cell in enumerate(self.matrix.written(Partial)):
            groups.setdefault(cell.term.wrt.indices[1], []).append(index)
        return list(groups.values())

    def merge(self, single: str) -> None:
        """Equal lines fall into one."""
        with self.beat("merge", single):
            self.rewrite_matrix(self.local.merged, run_time=2.6)

    def name(self) -> None:
        """The line gets its name."""
        with self.beat("name", vector=self.local.names.vector("a", self.layer - 1)):
            self.rewrite_matrix(self.local.named_inputs)


class ActivationAndLossDerivatives(SlopeBeats):
    """da/dz is the slope of the activation's curve at z, and de/da that of the loss's at a."""

    def construct(self) -> None:
        """Read two derivatives off two curves; together they are the deltas of the last layer."""
        self.prepare()
        self.ask()
        self.draw_activation()
        self.mark_activation()
        self.slope_of_activation()
        self.spell_slope()
        self.other_nodes()
        self.draw_loss()
        self.slope_of_loss()
        self.spell_loss()
        self.multiply()
        self.evaluate(self.together)
