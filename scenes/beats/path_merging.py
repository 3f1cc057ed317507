"""The beats of `PathMerging`: many paths, few edges, and one factor for each stage."""

from __future__ import annotations

from dataclasses import replace

from manim import (
    RIGHT,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    ReplacementTransform,
    VGroup,
    VMobject,
)

from bpmath.algebra import Number, Power, Quantity, product
from bpmath.equations import Equation
from bpmath.graph import Graph, Path
from bpmath.layered_graphs import layered_graph
from bpmath.matrix_equations import Statement
from bpmath.merging import merge, path_by_path
from bpmath.rewrites import Kind, Origin, Rewrite
from bpmath.trees import leaves
from scenes.stage import layout, moves
from scenes.stage.formula import Formula, in_line
from scenes.stage.graph_lesson import GraphLesson
from scenes.stage.graph_map import GraphMap
from scenes.stage.graph_plan import plan_graph
from scenes.stage.growth_plot import GrowthPlot
from scenes.stage.lesson import Lesson
from scenes.stage.lines import signs_before
from scenes.stage.rewriting import follow
from scenes.stage.theme import Role
from scenes.stage.typeset import set_text

PATHS, EDGES = Role.GRADIENT, Role.LOCAL_DERIVATIVE


class PathMergingBeats(GraphLesson):
    """A chain of stages with parallel edges; `parallel`, `stages` and `most_stages` can be any numbers."""

    parallel = layout.MERGED_EDGES
    stages = layout.MERGED_STAGES
    most_stages = layout.MERGED_MOST_STAGES

    def setup(self) -> None:
        """Make the graph of this lesson; the expression of the settings has no part in it."""
        Lesson.setup(self)
        self.layered = layered_graph((1,) * (self.stages + 1), parallel=self.parallel)
        (self.start,) = self.layered.graph.inputs
        self.trace = self.layered.graph.evaluate({self.start: 1})
        plan = plan_graph(self.layered.graph)
        rise = layout.MERGED_RISE / (max(plan.bulges.values()) or 1)
        wide = replace(plan, bulges={edge: rise * bulge for edge, bulge in plan.bulges.items()})
        self.map = GraphMap(self.trace, self.theme, self.settings.notation, wide)
        self.zone = plan.board

    @property
    def ways_part(self) -> str:
        """Which sentences apply: there is a choice between parallel edges, or not."""
        return "" if self.parallel > 1 else "single"

    def prepare(self) -> None:
        """Make the two equations and the names on the edges."""
        self.roles = {Quantity(name): Role.LOCAL_DERIVATIVE for name in self.layered.names.values()}
        self.merging = merge(self.trace, self.start)
        self.spread = self.layered.named(path_by_path(self.trace, self.start))
        self.merged = self.layered.named(self.merging.equation)
        names = {edge: self.formula(name, self.map.size) for edge, name in self.layered.names.items()}
        for name in names.values():
            name.set_fill(self.theme[Role.LOCAL_DERIVATIVE])
        self.labels = self.map.labels(names)
        self.paths = self.graph.paths(self.start)
        self.full = self.written(self.spread)
        self.signs = signs_before(self.full)

    def written(self, statement: Statement) -> Formula:
        """Return an equation between names of edges, as long as it can be on the board."""
        for longest in (len(self.graph.paths(self.start)), layout.LONGEST_SUM, layout.SHORTEST_SUM):
            formula = self.on_board(statement, roles=self.roles, longest_sum=longest)
            if formula.font_size >= layout.LEAST_EQUATION_SIZE:
                break
        return formula

    # -- paths ------------------------------------------------------------------------------------------

    def show_graph(self) -> None:
        """Show the stages, and the names of the derivatives on their edges."""
        output = self.graph.output
        with self.beat(
            "graph", self.ways_part, x=self.start, E=output, count=self.parallel, edges=len(self.labels)
        ):
            names = [self.name(gate) for gate in self.gates]
            self.headline = self.title(x=self.start, E=output)
            self.gone = VGroup(self.map, *names, *self.labels.values())
            self.play(FadeIn(self.headline), FadeIn(self.map), *map(FadeIn, names))
            self.play(LaggedStart(*map(FadeIn, self.labels.values()), lag_ratio=0.3), run_time=2)
            asked, part = self.full.equation.lhs, self.full.part
            self.play(
                moves.fly(part(asked, "numerator"), self.map.node(output)),
                moves.fly(part(asked, "denominator"), self.map.node(self.start)),
                FadeIn(part(asked, "bar"), self.full.equals),
            )

    def walk(self) -> None:
        """Walk along every path; each brings a product into the sum."""
        first, *others = self.paths
        with self.beat("first", self.ways_part, x=self.start, E=self.graph.output):
            lit = self.light(first)
            self.play(LaggedStart(*map(Create, lit), lag_ratio=0.8), run_time=1.5)
            self.play(*self.arrival(0, first, run_time=1.2))
        with self.beat("paths", self.ways_part, count=len(self.paths)):
            self.play(FadeOut(lit))
            for number, path in enumerate(others, 1):
                self.walk_quickly(number, path, run_time=max(0.3, 1.2 / number))

    def light(self, path: Path) -> VGroup:
        """Return light along a path, from its start."""
        return VGroup(*(self.map.lit(edge, Role.TARGET) for edge in reversed(path)))

    def walk_quickly(self, number: int, path: Path, run_time: float) -> None:
        """Let light run along a path while its product arrives."""
        lit = self.light(path)
        self.add(lit)
        self.play(*self.arrival(number, path, run_time))
        self.remove(lit)

    def arrival(self, number: int, path: Path, run_time: float) -> list[Animation]:
        """Return the product of a path flying to its place in the sum, from the names on the edges."""
        before = sum(len(each) for each in self.paths[:number])
        factors = [leaf for leaf in leaves(self.spread) if leaf.position[0] == 1]
        arrivals: list[Animation] = []
        for factor, edge in zip(factors[before:], reversed(path), strict=False):
            glyphs = self.full.at(factor.position)
            if len(glyphs):
                arrivals.append(moves.fly(glyphs, self.labels[edge].name_glyphs, run_time))
                shown = {id(glyph) for glyph in self.full.equals}
                signs = [sign for sign in self.signs[factor.position] if id(sign) not in shown]
                arrivals += [FadeIn(VGroup(*signs), run_time=run_time)] if signs else []
        return arrivals or [FadeIn(VGroup(), run_time=run_time)]

    def count_costs(self) -> None:
        """Count what the sum costs."""
        cost, merged = self.merging.path_by_path, self.merging.merged
        with self.beat("cost", self.ways_part, paths=len(self.paths), multiplications=cost.multiplications):
            terms = [self.full.at((1, number)) for number in range(len(self.paths))]
            flashes = [moves.flash(term) for term in terms if len(term)]
            self.play(LaggedStart(*flashes, lag_ratio=0.3), run_time=2.5)
        with self.beat("merge", self.ways_part, count=self.stages):
            rewrite = gathering(self.spread, self.merged)
            new = self.written(self.merged)
            self.play(follow(rewrite, self.full, new, run_time=3))
            self.full = new
        with self.beat("saved", self.ways_part, before=cost.total, after=merged.total):
            lines = [self.map.line(edge) for edge in self.edges()]
            self.play(moves.pulse(lines, self.theme[EDGES], run_time=1.5))

    # -- more stages --------------------------------------------------------------------------------------

    def more_stages(self) -> None:
        """Add stage after stage: the paths multiply, the edges add up."""
        self.plot = GrowthPlot(self.theme, layout.GROWTH, self.most_stages, self.parallel)
        self.ways: list[int] = []
        self.lines: list[int] = []
        self.standing: VGroup | None = None
        few = min(layout.MERGED_SLOW_STAGES, self.most_stages)
        with self.beat("stages", self.ways_part, count=self.parallel):
            self.play(FadeOut(self.gone), FadeOut(self.full))
            self.play(FadeIn(self.plot), FadeIn(self.plot.node(0)))
            for stage in range(1, few + 1):
                self.add_stage(stage, run_time=1.2)
        with self.beat("growth", self.ways_part, paths=self.most_paths, count=self.most_stages):
            for stage in range(few + 1, self.most_stages + 1):
                self.add_stage(stage, run_time=0.6)

    def chain(self, stages: int) -> Graph:
        """Return the graph of so many stages; it counts its paths exactly, without listing any."""
        return layered_graph((1,) * (stages + 1), parallel=self.parallel).graph

    @property
    def most_paths(self) -> int:
        """The number of paths through the longest chain."""
        graph = self.chain(self.most_stages)
        return graph.count_paths(graph.inputs[0])

    def add_stage(self, stage: int, run_time: float) -> None:
        """Lengthen the chain by one stage, and count again."""
        graph = self.chain(stage)
        self.ways.append(graph.count_paths(graph.inputs[0]))
        self.lines.append(sum(map(len, graph.edges)))
        new = self.counted(stage)
        chain = [self.plot.edges(stage), self.plot.node(stage), self.plot.mark(stage)]
        self.play(*map(FadeIn, chain), run_time=run_time / 2)
        if self.standing is None:
            self.play(FadeIn(new), run_time=run_time)
        else:
            old_curves, old_numbers = self.standing
            curves, numbers = new
            turning = [step for pair in zip(old_curves, curves, strict=True) for step in lengthened(*pair)]
            self.play(*turning, FadeOut(old_numbers), FadeIn(numbers), run_time=run_time)
        self.standing = new

    def counted(self, stage: int) -> VGroup:
        """Return the two curves up to a stage, and the two counts in equations."""
        largest = max(self.ways[-1], self.lines[-1])
        curves = VGroup(
            self.plot.curve(self.ways, largest, PATHS), self.plot.curve(self.lines, largest, EDGES)
        )
        return VGroup(curves, self.counts(stage))

    def counts(self, stage: int) -> VGroup:
        """Return: paths 3^n = ..., edges 3 n = ..."""
        width, many = Number(self.parallel), Number(stage)
        paths = Equation(Power(width, many), Number(self.ways[-1]), self.trace)
        edges = Equation(product(width, many), Number(self.lines[-1]), self.trace)
        made = [self.formula(each, layout.MAIN_SIZE) for each in (paths, edges)]
        in_line(made, layout.GROWTH_GAP)
        parts = VGroup()
        for formula, key, role in zip(made, ("way", "edge"), (PATHS, EDGES), strict=True):
            formula.set_fill(self.theme[role])
            word = set_text(self.words(key).markup, layout.TITLE_SIZE, self.theme[role], self.fonts)
            parts.add(VGroup(word, formula).arrange(RIGHT, buff=layout.STACK_GAP))
        return parts.arrange(RIGHT, buff=layout.GROWTH_GAP).move_to(layout.GROWTH_BOARD.centre)

    def conclude(self) -> None:
        """A sweep crosses every edge once."""
        with self.beat("sweep", self.ways_part, edges=self.lines[-1], paths=self.ways[-1]):
            chain = [self.plot.edges(stage) for stage in range(1, self.most_stages + 1)]
            steps = [moves.pulse(edges, self.theme[Role.TARGET]) for edges in chain]
            self.play(LaggedStart(*steps, lag_ratio=0.4), run_time=4)


def lengthened(old: VMobject, new: VMobject) -> list[Animation]:
    """Return a curve going over to one that has a point more."""
    *kept, last = new
    return [*(ReplacementTransform(*pair) for pair in zip(old, kept, strict=True)), FadeIn(last)]


def gathering(before: Equation, after: Equation) -> Rewrite:
    """Return the rewrite of a sum of products into a product of sums: every name falls into one."""
    places: dict[object, list[tuple[int, ...]]] = {}
    for leaf in leaves(before):
        places.setdefault(leaf.term, []).append(leaf.position)
    origins = [
        Origin(leaf.position, Kind.MERGED if len(found) > 1 else Kind.KEPT, tuple(found))
        for leaf in leaves(after)
        for found in [places[leaf.term]]
    ]
    return Rewrite(before, after, tuple(origins), "merge paths")
