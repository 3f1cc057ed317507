"""Computational graphs: an expression taken apart into gates, and derivatives along its edges."""

from __future__ import annotations

from scenes.beats.edge_derivatives import EdgeDerivativesBeats
from scenes.beats.expression_graph import ExpressionGraphBeats
from scenes.beats.path_merging import PathMergingBeats
from scenes.beats.sum_over_paths import SumOverPathsBeats


class ExpressionGraph(ExpressionGraphBeats):
    """An expression becomes a graph, gate by gate; values flow forward."""

    def construct(self) -> None:
        """Take the expression apart, then compute it on the graph."""
        self.prepare()
        self.write()
        self.make_inputs()
        self.make_gates()
        self.make_output()
        self.run_forward()
        self.compare()


class EdgeDerivatives(EdgeDerivativesBeats):
    """Each edge carries its local derivative: how its gate changes with this one input."""

    def construct(self) -> None:
        """Differentiate gate by gate."""
        self.prepare()
        self.show_graph()
        self.ask()
        self.answer()
        self.go_on()
        self.rest()
        self.see_all()


class SumOverPaths(SumOverPathsBeats):
    """Multiply along a path, add over the paths: the derivative of the output for one input."""

    def construct(self) -> None:
        """Walk back along all paths to one input."""
        self.prepare()
        self.show_graph()
        self.ask()
        self.walk()
        self.show_numbers()
        self.say_what_it_means()
        self.do_another()


class PathMerging(PathMergingBeats):
    """Paths multiply from stage to stage, edges only add up: a product of sums for a sum of products."""

    def construct(self) -> None:
        """Sum over all paths, merge them, then count them for more and more stages."""
        self.prepare()
        self.show_graph()
        self.walk()
        self.count_costs()
        self.more_stages()
        self.conclude()
