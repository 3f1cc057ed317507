"""Two derivatives are read off two curves: the slope of the activation, and that of the loss."""

from __future__ import annotations

from manim import UP, Create, FadeIn, FadeOut, ReplacementTransform, Transform, VGroup

from bpmath.algebra import Number, Partial, Quantity
from bpmath.matrices import MatrixDerivative
from bpmath.naming import Names
from bpmath.symbols import a, z
from scenes.stage import layout, moves
from scenes.stage.formula import Formula
from scenes.stage.local_curves import OutputError, activation_curve, last_deltas
from scenes.stage.slope_lesson import SlopeLesson, in_column
from scenes.stage.theme import Role


class SlopeBeats(SlopeLesson):
    """The beats of `ActivationAndLossDerivatives`."""

    def prepare(self) -> None:
        """Make the map, and say whose slopes are asked for."""
        self.map = self.network_map()
        self.last = self.derivation.network.layers
        self.layer = self.curved_layer()
        self.partial, self.role = Partial(a(self.layer, 1), z(self.layer, 1)), Role.ACTIVATION_DERIVATIVE
        self.loss = OutputError(self.derivation)

    def curved_layer(self) -> int:
        """Return the last layer whose activation is more than the weighted sum itself, if there is one."""
        names = self.derivation.network.activations
        curved = [layer for layer, name in enumerate(names, 1) if name != "identity"]
        return max(curved, default=self.last)

    @property
    def kind(self) -> str:
        """Which sentences apply: "identity" where the activation is the weighted sum itself."""
        return "identity" if self.derivation.activation(self.layer).name == "identity" else ""

    # -- the activation ---------------------------------------------------------------------------

    def draw_activation(self) -> None:
        """Draw the curve of the activation, beside its formula."""
        node, derivation = self.partial.of, self.derivation
        if self.kind:
            statements = [derivation.definition(node), derivation.local_formula(self.partial)]
        else:
            statements = [
                derivation.activation_formula(node),
                derivation.local_formula(self.partial),
                derivation.slope_formula(node),
            ]
        self.stack = self.stacked(*statements)
        self.plot = self.plot_of(
            activation_curve(derivation, self.layer, self.map.plan.rows(self.layer)), self.partial.wrt, node
        )
        with self.beat("curve", self.kind, f=statements[0].lhs):
            asked = self.stack[1].at((0,))
            moved = (ReplacementTransform(*pair) for pair in zip(self.asked, asked, strict=True))
            self.play(FadeOut(self.map, self.rings), *moved, run_time=1.2)
            self.play(FadeIn(self.plot.frame), Create(self.plot.curve), FadeIn(self.stack[0]), run_time=2.0)
            self.new_fractions(1)

    def mark_activation(self) -> None:
        """Mark the point at which this sample stands."""
        with self.beat("point", z=self.partial.wrt, a=self.partial.of):
            self.mark(self.partial.wrt, self.partial.of)

    def slope_of_activation(self) -> None:
        """Lay the tangent on the curve: its slope is the derivative."""
        with self.beat("slope", self.kind):
            self.lay_tangent(self.partial)
            self.play(FadeIn(self.stack[1].at((1,)), self.stack[1].equals))
            self.number_from_tangent(self.stack[1])

    def spell_slope(self) -> None:
        """Say what the slope is in what is known already."""
        if self.kind:
            return
        with self.beat("formula"):
            spelled = self.stack[2]
            self.play(moves.copy_to(self.stack[1].at((1,)), spelled.at((0,))), FadeIn(spelled.equals))
            self.play(FadeIn(spelled.at((1,)), shift=UP * layout.NUMBER_GAP))
            self.new_fractions(1)

    def other_nodes(self) -> None:
        """Every node stands elsewhere on the curve and has a slope of its own."""
        nodes = self.map.plan.rows(self.layer)
        edges = [Partial(a(self.layer, k), z(self.layer, k)) for k in nodes]
        rows = self.slopes(edges)
        feet, names = self.feet_of(edges), self.axes_of_layer()
        with self.beat("nodes", "single" if len(nodes) == 1 else self.kind):
            stood = self.stack[1]
            gone = VGroup(self.feet, *self.stack[::2], stood.equals, self.plot.names)
            number = self.number if self.settings.numbers else stood.at((1,))
            if self.settings.numbers:
                gone.add(stood.at((1,)))
            moved = [*zip(stood.at((0,)), rows[0].at((0,)), strict=True), (number, rows[0].at((1,)))]
            short = self.plot.tangent(
                self.x, self.y, self.derivation.value(edges[0]), self.role, layout.SHORT_TANGENT
            )
            self.play(
                FadeOut(gone),
                *(ReplacementTransform(*pair) for pair in moved),
                FadeIn(feet[0], names),
                Transform(self.tangent, short),
            )
            self.play(FadeIn(rows[0].equals), run_time=0.3)
            for edge, row, foot in zip(edges[1:], rows[1:], feet[1:], strict=True):
                self.add_point(edge, row, foot)
            self.new_fractions(len(rows))
        self.stack, self.feet = rows, VGroup(*feet)
        self.plot.frame.add(names)

    def slopes(self, edges: list[Partial]) -> list[Formula]:
        """Return da/dz = its number, or what it is called, of each node, below each other."""
        if self.settings.numbers:
            equations = [
                self.derivation.equation(edge, Number(self.derivation.value(edge))) for edge in edges
            ]
        else:
            equations = [self.derivation.local_formula(edge) for edge in edges]
        roles = {(1,): self.role}
        rows = [self.largest_in(e, self.zone, layout.MAIN_SIZE, roles_at=roles) for e in equations]
        return in_column(rows, self.zone)

    def feet_of(self, edges: list[Partial]) -> list[VGroup]:
        """Return the weighted sums of nodes on the axis below, by their names."""
        value, size = self.derivation.value, layout.LEAST_EQUATION_SIZE
        points = [(value(Quantity(edge.wrt)), value(Quantity(edge.of))) for edge in edges]
        return self.plot.named_feet(points, [self.formula(edge.wrt, size) for edge in edges])

    def axes_of_layer(self) -> VGroup:
        """Return the names of the axes once all nodes of the layer stand over them."""
        names, size = Names(self.derivation.network), layout.LEAST_EQUATION_SIZE
        return self.plot.named(*(self.formula(names.vector(letter, self.layer), size) for letter in "za"))

    # -- the loss ---------------------------------------------------------------------------------

    def draw_loss(self) -> None:
        """Draw the error over one output, with the other outputs as they are."""
        old, loss = VGroup(self.plot, self.on_curve, self.feet, *self.stack), self.loss
        self.role = Role.LOSS_DERIVATIVE
        self.stack = self.stacked(*loss.statements())
        self.plot = self.plot_of(loss.curve, loss.output, loss.error)
        with self.beat("loss", "joint" if loss.joint else "", a=loss.output, E=loss.error):
            self.play(FadeOut(old))
            self.play(FadeIn(self.plot.frame), Create(self.plot.curve), FadeIn(self.stack[0]), run_time=1.6)
            self.new_fractions(1)

    def slope_of_loss(self) -> None:
        """Mark the output of this sample, and lay the tangent on the curve there."""
        asked = self.stack[1].equation.lhs
        with self.beat("output", a=self.loss.output):
            self.mark(self.loss.output, self.loss.error)
            if not self.loss.joint:
                target = self.formula(self.loss.target, layout.LEAST_EQUATION_SIZE)
                output = self.derivation.value(Quantity(self.loss.output))
                shown = self.derivation.value(Quantity(self.loss.target))
                mark, covered = self.plot.named_mark(shown, target, output if self.settings.numbers else None)
                self.play(FadeIn(mark), *(FadeOut(end) for end in covered))
                self.on_curve.add(mark)
            tangent = self.lay_tangent(asked)
            self.play(moves.fly(self.stack[1].at((0,)), tangent))
            self.number_from_tangent(self.stack[1])

    def spell_loss(self) -> None:
        """Say what this slope is."""
        answer, *rest = self.stack[1:]
        with self.beat("error", self.derivation.network.loss, a=self.loss.output, y=self.loss.target):
            if self.loss.joint:
                self.play(FadeIn(answer.at((1,)), answer.equals, shift=UP * layout.NUMBER_GAP))
            else:
                target = self.derivation.value(Quantity(self.loss.target))
                distance = self.plot.distance(target, self.x, self.role)
                self.on_curve.add(distance)
                short = self.plot.tangent(
                    self.x,
                    self.y,
                    self.derivation.value(answer.equation.lhs),
                    self.role,
                    layout.SHORT_TANGENT,
                )
                self.play(Create(distance), Transform(self.tangent, short))
                self.play(moves.fly(answer.at((1,)), distance), FadeIn(answer.equals))
            if rest:
                self.play(FadeIn(*rest, shift=UP * layout.NUMBER_GAP))
            self.new_fractions(2)

    def multiply(self) -> None:
        """Both derivatives together are the deltas of the last layer."""
        self.zone, self.together = layout.WHOLE_BOARD, last_deltas(self.derivation)
        slope = dict.fromkeys([(1, 1), (1, 1, 0)], Role.ACTIVATION_DERIVATIVE)
        alone = isinstance(self.together.before.operands[1], MatrixDerivative)
        roles = {(1,): Role.LOSS_DERIVATIVE} if alone else {(1, 0): Role.LOSS_DERIVATIVE, **slope}
        self.equation = self.formula(self.together.before, layout.MOST_SIZE, roles_at=roles)
        self.enlarge(self.equation)
        old = VGroup(self.plot, self.on_curve, self.feet, self.stack[0], *self.stack[2:], self.number)
        with self.beat("delta", "identity" if alone else ""):
            answer = self.stack[1]
            behind = self.equation.at((1,) if alone else (1, 0))
            flows = FadeOut(answer.at((0,)), target_position=behind, scale=layout.SEED_SCALE)
            left = FadeIn(self.equation.at((0,)), self.equation.equals)
            gone = FadeOut(old, answer.equals, answer.at((1,)))
            self.play(gone, flows, FadeIn(behind, scale=layout.SEED_SCALE), left)
            if not alone:
                sign = self.equation.sign((1,), "times 1")
                self.play(FadeIn(sign, self.equation.at((1, 1)), shift=UP * layout.NUMBER_GAP))
            self.new_fractions(3)
