"""One step of gradient descent, and the mean of a batch, as equations that were executed.

    step        w <- w - eta dE/dw                         every parameter; E before and after
    average     dE/dw = (dE_1/dw + ... + dE_n/dw) / n      one gradient for each sample, then their mean

Sources: Rumelhart, Hinton & Williams, Learning Representations by Back-propagating Errors, 1986, eq. (8);
Nielsen, Neural Networks and Deep Learning, 2015, chapter 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from numpy.typing import ArrayLike

from bpmath.algebra import Derivative, Negative, Number, Quantity, Quotient, product, total
from bpmath.equations import Equation
from bpmath.network import Network
from bpmath.passes import Gradients, Run, backward, forward
from bpmath.symbols import E, Symbol
from bpmath.training import after_step, check_learning_rate

ETA = Symbol("eta")
"""The learning rate."""


@dataclass(frozen=True, eq=False)
class DescentStep:
    """One step of gradient descent: the passes before it, and the forward pass after it.

    Every parameter moves against its gradient, all at once; `descent_step` makes one.
    """

    gradients: Gradients
    after: Run
    learning_rate: float

    @property
    def before(self) -> Run:
        """The forward pass before the step."""
        return self.gradients.run

    @property
    def network(self) -> Network:
        """The network after the step."""
        return self.after.network

    def equation(self, parameter: Symbol) -> Equation:
        """Return w - eta dE/dw = its number after the step; ValueError for what is no weight or bias."""
        new = Number(self.network.value(parameter))
        step = Negative(product(Quantity(ETA), Derivative(E, parameter)))
        return Equation(total((Quantity(parameter), step)), new, self)

    def value(self, symbol: Symbol) -> float:
        """Return the learning rate, or a parameter before the step."""
        if symbol == ETA:
            return self.learning_rate
        return self.before.network.value(symbol)

    def partial(self, of: Symbol, wrt: Symbol, occurrence: int = 0) -> float:
        """Refuse: a step of descent has whole derivatives only."""
        raise ValueError(f"there is no local derivative of {of} in a step of gradient descent")

    def derivative(self, of: Symbol, wrt: Symbol) -> float:
        """Return dE/dw before the step."""
        if of != E:
            raise ValueError(f"only E is differentiated in a step of gradient descent, not {of}")
        return self.gradients[wrt]


def descent_step(network: Network, x: ArrayLike, y: ArrayLike, learning_rate: float = 0.5) -> DescentStep:
    """Return one step of gradient descent on a sample or a batch; shapes and errors as for `train`."""
    run, rate = forward(network, x, y), check_learning_rate(learning_rate)
    return DescentStep(backward(run), after_step(run, rate), rate)


def sample_error(sample: int) -> Symbol:
    """Return the total error of one sample of a batch: E_1, E_2, ..."""
    return Symbol("E", None, (sample,))


@dataclass(frozen=True, eq=False)
class BatchAverage:
    """The gradients of a batch, and of each of its samples by itself; `batch_average` makes one.

    In `equation`, E is the mean error of the batch and E_k that of sample k.
    """

    batch: Gradients
    samples: tuple[Gradients, ...]

    def equation(self, parameter: Symbol) -> Equation:
        """Return dE/dw = (dE_1/dw + ... + dE_n/dw) / n; ValueError for what is no weight or bias."""
        self.batch.run.network.value(parameter)
        terms = tuple(
            Derivative(sample_error(number), parameter) for number in range(1, len(self.samples) + 1)
        )
        mean = Quotient(total(terms), Number(len(terms))) if len(terms) > 1 else terms[0]
        return Equation(Derivative(E, parameter), mean, self)

    @cached_property
    def errors(self) -> tuple[float, ...]:
        """E of each sample."""
        return tuple(sample.run.E for sample in self.samples)

    def value(self, symbol: Symbol) -> float:
        """Return a weight or bias, E, or E_k of one sample."""
        if symbol == E:
            return self.batch.run.E
        if symbol.letter == "E":
            return self._sample(symbol).run.E
        return self.batch.run.network.value(symbol)

    def partial(self, of: Symbol, wrt: Symbol, occurrence: int = 0) -> float:
        """Refuse: the mean is over whole derivatives."""
        raise ValueError(f"there is no local derivative of {of} in the mean of a batch")

    def derivative(self, of: Symbol, wrt: Symbol) -> float:
        """Return dE/dw of the batch, or dE_k/dw of one sample."""
        return self.batch[wrt] if of == E else self._sample(of)[wrt]

    def _sample(self, error: Symbol) -> Gradients:
        if error.letter != "E" or not 1 <= error.indices[0] <= len(self.samples):
            raise ValueError(f"{error} is no error of this batch, which has {len(self.samples)} samples")
        return self.samples[error.indices[0] - 1]


def batch_average(network: Network, x: ArrayLike, y: ArrayLike) -> BatchAverage:
    """Return the gradients of a batch beside those of its samples.

    Shapes: x (batch, n0), y (batch, nL).  Raises ValueError for a single sample, and as `forward` does.
    """
    run = forward(network, x, y)
    if run.batch is None:
        raise ValueError(
            f"x has shape {run.x.shape}, but the mean of a batch needs (batch, {network.sizes[0]})"
        )
    pairs = zip(run.x, run.y, strict=True)
    return BatchAverage(backward(run), tuple(backward(forward(network, *pair)) for pair in pairs))
