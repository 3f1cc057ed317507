"""Substitution: every local derivative is something that the network already knows."""

from __future__ import annotations

from manim import UP, Create, FadeIn, FadeOut, ReplacementTransform, Transform, VGroup

from bpmath.algebra import Number, Partial, Quantity
from bpmath.matrices import MatrixDerivative
from bpmath.naming import Names
from bpmath.symbols import a, w, z
from scenes.stage import layout, moves
from scenes.stage.formula import Formula
from scenes.stage.layer_lesson import LayerLesson
from scenes.stage.local_curves import OutputError, activation_curve, last_deltas
from scenes.stage.slope_lesson import SlopeLesson, in_column
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


class ActivationAndLossDerivatives(SlopeLesson):
    """da/dz is the slope of the activation's curve at z, and de/da that of the loss's at a."""

    def construct(self) -> None:
        """Read two derivatives off two curves; together they are the deltas of the last layer."""
        self.map = self.network_map()
        self.last = self.derivation.network.layers
        self.layer = self.curved_layer()
        self.partial, self.role = Partial(a(self.layer, 1), z(self.layer, 1)), Role.ACTIVATION_DERIVATIVE
        self.loss = OutputError(self.derivation)
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
