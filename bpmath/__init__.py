"""bpmath: backpropagation, performed, recorded and derived; NumPy only.

import bpmath as bp
net = bp.example_network()
x, y = bp.example_sample()
back = bp.backward(bp.forward(net, x, y))
back[bp.w(3, 1, 1)]                                 # a gradient
bp.derive(net, x, y).path_sum(bp.w(3, 1, 1))        # the equation that it comes from
"""

from bpmath.algebra import (
    Delta,
    Derivative,
    Expression,
    Number,
    Partial,
    Power,
    Product,
    Quantity,
    Quotient,
    Sum,
)
from bpmath.checks import GradientCheck, gradient_check
from bpmath.derivation import Derivation, derive
from bpmath.equations import Equation, FalseEquation
from bpmath.example import example_network, example_sample
from bpmath.expressions import ExpressionError
from bpmath.graph import Edge, Graph, TooManyPaths
from bpmath.network import Network
from bpmath.operations import DomainError, Operation
from bpmath.passes import Gradients, Run, backward, forward
from bpmath.sweeps import Cost, Step, Sweep
from bpmath.symbols import E, Symbol, a, b, delta, e, w, x, y, z
from bpmath.trace import Trace
from bpmath.training import Training, train

__version__ = "0.1.0"

__all__ = [
    "Cost",
    "Delta",
    "Derivation",
    "Derivative",
    "DomainError",
    "E",
    "Edge",
    "Equation",
    "Expression",
    "ExpressionError",
    "FalseEquation",
    "GradientCheck",
    "Gradients",
    "Graph",
    "Network",
    "Number",
    "Operation",
    "Partial",
    "Power",
    "Product",
    "Quantity",
    "Quotient",
    "Run",
    "Step",
    "Sum",
    "Sweep",
    "Symbol",
    "TooManyPaths",
    "Trace",
    "Training",
    "a",
    "b",
    "backward",
    "delta",
    "derive",
    "e",
    "example_network",
    "example_sample",
    "forward",
    "gradient_check",
    "train",
    "w",
    "x",
    "y",
    "z",
]
