"""The beats of `SumOverPaths`: multiply along each path, add over all paths."""

from __future__ import annotations

from collections.abc import Iterable

from manim import Animation, Create, FadeIn, FadeOut, LaggedStart, VGroup, VMobject

from bpmath.algebra import Derivative, Number, Partial
from bpmath.arithmetic import added, multiplied, valued
from bpmath.equations import Equation
from bpmath.graph import Path
from bpmath.merging import path_by_path
from bpmath.symbols import Symbol
from bpmath.trees import Part, leaves
from scenes.stage import layout, moves
from scenes.stage.formula import Formula
from scenes.stage.graph_equations import whole
from scenes.stage.graph_labels import local_labels, named_values
from scenes.stage.graph_lesson import GraphLesson
from scenes.stage.lines import signs_before
from scenes.stage.rewriting import follow
from scenes.stage.theme import Role
from scenes.stage.typeset import Typeset

TINTS = (Role.BRANCH_A, Role.BRANCH_B)


class SumOverPathsBeats(GraphLesson):
    """How does the output change with one input?  Every way between them counts."""

    def prepare(self) -> None:
        """Make what stands on the map, and choose what is asked about."""
        numbers = self.settings.numbers
        self.values = named_values(self.map, self.trace, numbers)
        self.locals = local_labels(self.map, self.trace, self.values.values(), numbers)
        self.wrt, self.full = self.choose()
        self.kept = VGroup(self.full)
        self.paths = self.graph.paths(self.wrt)
        self.lit = VGroup()
        self.expression = self.on_board(whole(self.trace))

    def choose(self) -> tuple[Symbol, Formula]:
        """Return the input with the most paths whose sum can be read, and the sum; else a gate."""
        gates = [gate for gate in self.gates if gate != self.graph.output]
        for nodes in (self.graph.inputs, gates):
            for node in sorted(self.few(nodes), key=self.graph.count_paths, reverse=True):
                if (written := self.legible(node)) is not None:
                    return node, written
        last = gates[-1] if gates else self.graph.inputs[0]
        return last, self.on_board(path_by_path(self.trace, last))

    def few(self, nodes: Iterable[Symbol]) -> list[Symbol]:
        """Return the nodes with so few paths that each of them can be walked."""
        return [node for node in nodes if 0 < self.graph.count_paths(node) <= layout.MOST_PATHS_WRITTEN]

    def legible(self, node: Symbol) -> Formula | None:
        """Return the sum over the paths to a node, elided where it is long; None for one too long."""
        for longest in range(layout.LONGEST_SUM, layout.SHORTEST_SUM - 1, -1):
            formula = self.on_board(path_by_path(self.trace, node), longest_sum=longest)
            if formula.font_size >= layout.LEAST_EQUATION_SIZE:
                return formula
        return None

    # -- the beats ------------------------------------------------------------------------------------

    def show_graph(self) -> None:
        """Show the graph with its local derivatives."""
        crowded = len(self.locals) < len(self.edges())
        with self.beat("graph", "crowded" if crowded else "", E=self.graph.output):
            shown = [*self.values.values(), *self.locals.values()]
            title = self.title(E=self.graph.output, x=self.wrt)
            self.play(FadeIn(title), FadeIn(self.map), FadeIn(self.expression))
            self.play(LaggedStart(*map(FadeIn, shown), lag_ratio=0.1), run_time=2)

    def ask(self) -> None:
        """Ask for the derivative, and count the ways."""
        count = len(self.paths)
        with self.beat(
            "question", "single" if count == 1 else "", E=self.graph.output, x=self.wrt, count=count
        ):
            asked, part = self.full.equation.lhs, self.full.part
            start, end = self.map.ring(self.wrt), self.map.ring(self.graph.output)
            self.rings = VGroup(start, end)
            self.play(Create(start), Create(end), FadeOut(self.expression))
            self.play(
                moves.fly(part(asked, "numerator"), self.map.node(self.graph.output)),
                moves.fly(part(asked, "denominator"), self.map.node(self.wrt)),
                FadeIn(part(asked, "bar"), self.full.equals),
            )
            self.new_fractions(1)

    def walk(self) -> None:
        """Walk back along every path: each edge gives its factor."""
        self.factors = [leaf for leaf in leaves(self.full.equation) if leaf.position[0] == 1]
        self.signs = signs_before(self.full)
        first, *others = self.paths
        with self.beat("first", E=self.graph.output, x=self.wrt):
            self.walk_path(0, first, run_time=0.8)
        if not others:
            with self.beat("only", x=self.wrt):
                self.play(
                    *(moves.flash(self.full.at(factor.position)) for factor in self.full.written(Partial))
                )
            return
        with self.beat("second"):
            self.walk_path(1, others[0], run_time=0.5)
        if others[1:]:
            with self.beat("rest", "elided" if self.full.is_elided else "", count=len(others[1:])):
                for number, path in enumerate(others[1:], 2):
                    self.walk_path(number, path, run_time=max(0.2, 0.5 / number))

    def walk_path(self, number: int, path: Path, run_time: float) -> None:
        """Light the edges of one path backwards; each lets its factor fly into the equation."""
        role = TINTS[number % len(TINTS)]
        before = sum(len(each) for each in self.paths[:number])
        for place, edge in enumerate(path, before):
            factor = self.factors[place]
            lit = self.map.lit(edge, role, backwards=True)
            self.lit.add(lit)
            self.play(Create(lit), run_time=run_time)
            if len(self.full.at(factor.position)):
                self.play(*self.arrival(factor, lit), run_time=run_time)
        self.new_fractions(min(2, len(path)))

    def arrival(self, factor: Part, lit: VMobject) -> list[Animation]:
        """Return a factor flying to its place, and the signs before it appearing."""
        glyphs, signs = self.full.at(factor.position), self.signs[factor.position]
        shown = {id(glyph) for glyph in self.full.equals}
        fresh = VGroup(*(sign for sign in signs if id(sign) not in shown))
        return [moves.fly(glyphs, lit), *([FadeIn(fresh)] if len(fresh) else [])]

    def show_numbers(self) -> None:
        """Let every factor become the number on its edge, then multiply and add."""
        if not self.settings.numbers:
            return
        numbers = valued(self.full.equation)
        with self.beat("numbers"):
            new = self.after(numbers, self.full)
            self.play(follow(numbers, self.full, new), *self.numbers_fly(new))
            self.new_fractions(1)
        with self.beat("product", "single" if len(self.paths) == 1 else "", E=self.graph.output, x=self.wrt):
            self.full = self.multiply_and_add(new, numbers.equation)
            self.play(self.result_arrives(self.wrt, self.full.at((1,))))

    def numbers_fly(self, new: Formula) -> list[Animation]:
        """Return the numbers on the edges leaving for the places of their factors."""
        edges = [edge for path in self.paths for edge in path]
        return [
            FadeOut(self.locals[edge].name_glyphs.copy(), target_position=new.at(factor.position))
            for factor, edge in zip(self.factors, edges, strict=True)
            if edge in self.locals and len(new.at(factor.position))
        ]

    def multiply_and_add(self, old: Formula, equation: Equation) -> Formula:
        """Work a sum of products of numbers out, beside it where there is room; return the result."""
        blue = {leaf.position: Role.LOCAL_DERIVATIVE for leaf in leaves(equation) if leaf.position[0] == 1}
        still = self.formula(equation, layout.MAIN_SIZE, roles_at=blue)
        twin = self.on_board(equation, roles_at=blue)
        products = multiplied(equation)
        result = products.then(added(products.equation))
        last = self.formula(result.after, layout.MAIN_SIZE, roles_at={(1,): Role.GRADIENT})
        if self.side_by_side(still, last):
            self.play(moves.rewrite(old, still), follow(result, twin, last))
            self.kept = VGroup(still, last)
        else:
            last = self.on_board(result.after, roles_at={(1,): Role.GRADIENT})
            self.play(follow(result, old, last))
            self.kept = VGroup(last)
        return last

    def result_arrives(self, symbol: Symbol, origin: VGroup | Typeset) -> Animation:
        """Return a derivative flying to its node."""
        return self.derivative_arrives(symbol, self.trace.derivative(self.graph.output, symbol), origin)

    def say_what_it_means(self) -> None:
        """Say in words what the number tells."""
        rate = self.trace.derivative(self.graph.output, self.wrt)
        variant = "rests" if rate == 0 else "falls" if rate < 0 else ""
        if not self.settings.numbers:
            variant = "symbols"
        with self.beat("meaning", variant, E=self.graph.output, x=self.wrt, rate=abs(rate)):
            asked = self.full.at((0,))
            self.play(moves.flash(asked), moves.pulse(self.forwards(), self.theme[Role.TARGET]))

    def forwards(self) -> list[VMobject]:
        """Return all edges on the paths, in the direction of computing."""
        return [self.map.line(edge) for edge in {edge: None for path in self.paths for edge in path}]

    def do_another(self) -> None:
        """Do the same for another input, at once."""
        others = [symbol for symbol in self.graph.inputs if symbol != self.wrt]
        few = [other for other in self.few(others) if self.legible(other) is not None]
        if not few:
            return
        other = few[0]
        paths = self.graph.paths(other)
        with self.beat("another", "single" if len(paths) == 1 else "", x=other, count=len(paths)):
            self.play(*map(FadeOut, (self.kept, self.lit, self.rings)))
            lit = VGroup(
                *(
                    self.map.lit(edge, TINTS[number % len(TINTS)], backwards=True)
                    for number, path in enumerate(paths)
                    for edge in path
                )
            )
            new = self.legible(other)
            assert new is not None
            self.play(Create(self.map.ring(other)), LaggedStart(*map(Create, lit), lag_ratio=0.5), run_time=2)
            self.play(FadeIn(new))
            if self.settings.numbers:
                self.give_result(other, new)

    def give_result(self, other: Symbol, written: Formula) -> None:
        """Write the value of a derivative beside the sum over its paths, and at its node."""
        number = Number(self.trace.derivative(self.graph.output, other))
        value = Equation(Derivative(self.graph.output, other), number, self.trace)
        beside = self.formula(value, layout.MAIN_SIZE, roles_at={(1,): Role.GRADIENT})
        still = self.on_board(written.equation)
        if self.side_by_side(still, beside):
            self.play(moves.rewrite(written, still), FadeIn(beside))
            self.play(self.result_arrives(other, beside.at((1,))))
        else:
            self.play(self.result_arrives(other, written.at((0,))))
