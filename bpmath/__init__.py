"""bpmath: backpropagation, performed, recorded and derived; NumPy only.

import bpmath as bp
net = bp.example_network()
x, y = bp.example_sample()
back = bp.backward(bp.forward(net, x, y))
back[bp.w(3, 1, 1)]                                 # a gradient
bp.derive(net, x, y).path_sum(bp.w(3, 1, 1))        # the equation that it comes from
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bpmath.algebra import (
    Delta,
    Derivative,
    Expression,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Quantity,
    Quotient,
    Sum,
)
from bpmath.checks import GradientCheck, gradient_check
from bpmath.costs import Costs, cost_of
from bpmath.derivation import Derivation, derive
from bpmath.descent import BatchAverage, DescentStep, batch_average, descent_step
from bpmath.equations import Equation, FalseEquation
from bpmath.example import example_network, example_sample
from bpmath.expansion import TooManyTerms, expand, same
from bpmath.expressions import ExpressionError
from bpmath.gates import gate_formula, local_derivative_formula
from bpmath.graph import Edge, Graph, TooManyPaths
from bpmath.grouping import TooManyEquations
from bpmath.layered_graphs import LayeredGraph, layered_graph
from bpmath.matrices import Cells, MatrixDerivative, MatrixExpression, MatrixSymbol, Shape, ShapeError
from bpmath.matrix_algebra import Diagonal, Entrywise, Hadamard, MatrixProduct, MatrixSum, Transpose, outer
from bpmath.matrix_equations import EquationSystem, MatrixEquation
from bpmath.merging import Merging, merge, path_by_path
from bpmath.naming import GeneralEquation
from bpmath.network import Network
from bpmath.notation import NOTATIONS, number, write
from bpmath.numbers import numbers
from bpmath.operations import DomainError, Operation
from bpmath.passes import Gradients, Run, backward, forward
from bpmath.product_gradients import ProductGradients, product_gradients
from bpmath.rewrites import Kind, Origin, Rewrite
from bpmath.softmax import Softmax, softmax_of
from bpmath.sweeps import Cost, Step, Sweep
from bpmath.symbols import E, Symbol, a, b, delta, e, w, x, y, z
from bpmath.trace import Trace
from bpmath.training import Training, train

if TYPE_CHECKING:
    from bpmath.handout import write_up
    from bpmath.handout.mathml import to_mathml

__version__ = "0.1.0"

__all__ = [
    "NOTATIONS",
    "BatchAverage",
    "Cells",
    "Cost",
    "Costs",
    "Delta",
    "Derivation",
    "Derivative",
    "DescentStep",
    "Diagonal",
    "DomainError",
    "E",
    "Edge",
    "Entrywise",
    "Equation",
    "EquationSystem",
    "Expression",
    "ExpressionError",
    "FalseEquation",
    "GeneralEquation",
    "GradientCheck",
    "Gradients",
    "Graph",
    "Hadamard",
    "Kind",
    "LayeredGraph",
    "MatrixDerivative",
    "MatrixEquation",
    "MatrixExpression",
    "MatrixProduct",
    "MatrixSum",
    "MatrixSymbol",
    "Merging",
    "Negative",
    "Network",
    "Number",
    "Operation",
    "Origin",
    "Partial",
    "Power",
    "Product",
    "ProductGradients",
    "Quantity",
    "Quotient",
    "Rewrite",
    "Run",
    "Shape",
    "ShapeError",
    "Softmax",
    "Step",
    "Sum",
    "Sweep",
    "Symbol",
    "TooManyEquations",
    "TooManyPaths",
    "TooManyTerms",
    "Trace",
    "Training",
    "Transpose",
    "a",
    "b",
    "backward",
    "batch_average",
    "cost_of",
    "delta",
    "derive",
    "descent_step",
    "e",
    "example_network",
    "example_sample",
    "expand",
    "forward",
    "gate_formula",
    "gradient_check",
    "layered_graph",
    "local_derivative_formula",
    "merge",
    "number",
    "numbers",
    "outer",
    "path_by_path",
    "product_gradients",
    "same",
    "softmax_of",
    "to_mathml",
    "train",
    "w",
    "write",
    "write_up",
    "x",
    "y",
    "z",
]

# Documents are written seldom: whoever only computes does not wait for them.
_ON_DEMAND = {"write_up": "bpmath.handout", "to_mathml": "bpmath.handout.mathml"}


def __getattr__(name: str) -> Any:
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_ON_DEMAND[name]), name)
