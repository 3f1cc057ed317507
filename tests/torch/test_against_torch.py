"""Against PyTorch: every error and every gradient, and networks made from its modules."""

from __future__ import annotations

import copy
import sys
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

import bpmath as bp
from bpmath.activations import ACTIVATIONS, Array
from bpmath.losses import LOSSES
from tests.bpmath.strategies import networks, refused, samples

RELATIVE, ABSOLUTE = 1e-10, 1e-14

MODULES: dict[str, Callable[[], nn.Module]] = {
    "identity": nn.Identity,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "softplus": nn.Softplus,
}

# Each is the error of one sample; over a batch E is the mean.
ERRORS: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    "squared_error": lambda a, y: functional.mse_loss(a, y, reduction="sum") / 2,
    "mean_squared_error": lambda a, y: functional.mse_loss(a, y, reduction="mean"),
    "binary_cross_entropy": lambda a, y: functional.binary_cross_entropy(a, y, reduction="sum"),
    "softmax_cross_entropy": lambda a, y: functional.cross_entropy(a, y),
}
PAIRS = [
    (activation, loss)
    for loss, record in LOSSES.items()
    for activation in ([record.last_activation] if record.last_activation else ACTIVATIONS)
]


def module_of(network: bp.Network) -> nn.Sequential:
    """Return the network as PyTorch has it, in float64."""
    parts: list[nn.Module] = []
    for W, b, name in zip(network.weights, network.biases, network.activations, strict=True):
        linear = nn.Linear(W.shape[1], W.shape[0], dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(W))
            linear.bias.copy_(torch.tensor(b))
        parts += [linear, MODULES[name]()]
    return nn.Sequential(*parts)


def error_of(network: bp.Network, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return E as PyTorch computes it."""
    error = ERRORS[network.loss]
    if outputs.ndim == 1:
        return error(outputs, targets)
    return torch.stack([error(a, y) for a, y in zip(outputs, targets, strict=True)]).mean()


def close(ours: Any, theirs: torch.Tensor | None) -> None:
    """Check that what bpmath and PyTorch have computed is the same."""
    assert theirs is not None
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=RELATIVE, atol=ABSOLUTE, strict=True)


def compare(network: bp.Network, x: Array, y: Array, module: nn.Sequential | None = None) -> None:
    """Compare the outputs, E and all gradients of one sample or a batch; the module is made if not given."""
    module, inputs = module or module_of(network), torch.tensor(x, requires_grad=True)
    module.zero_grad()
    sums, outputs = [], inputs
    for part in module:
        outputs = part(outputs)
        if isinstance(part, nn.Linear):
            outputs.retain_grad()
            sums.append(outputs)
    error = error_of(network, outputs, torch.tensor(y))
    error.backward()
    back = bp.backward(bp.forward(network, x, y))
    close(np.float64(back.run.E), error)
    close(back.run.a[network.layers], outputs)
    close(back.dx, inputs.grad)
    linears = [part for part in module if isinstance(part, nn.Linear)]
    for layer, (linear, sum_) in enumerate(zip(linears, sums, strict=True), 1):
        close(back.run.z[layer], sum_)
        close(back.delta[layer], sum_.grad)
        close(back.dW[layer], linear.weight.grad)
        if linear.bias is not None:
            close(back.db[layer], linear.bias.grad)


# -- gradients --------------------------------------------------------------------------------------------


@settings(max_examples=300)
@given(data=st.data(), network=networks(), batch=st.none() | st.integers(1, 5))
def test_random_networks(data: st.DataObject, network: bp.Network, batch: int | None) -> None:
    compare(network, *data.draw(samples(network, batch)))


@pytest.mark.parametrize(("last", "loss"), PAIRS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
@settings(max_examples=8)
@given(data=st.data(), widths=st.tuples(*[st.integers(1, 4)] * 3), seed=st.integers(0, 2**32))
def test_every_activation_with_every_loss(
    data: st.DataObject, hidden: str, last: str, loss: str, widths: tuple[int, ...], seed: int
) -> None:
    network = bp.Network.random(widths, (hidden, last), loss, seed)
    for batch in (None, 1, 3):
        compare(network, *data.draw(samples(network, batch)))


@pytest.mark.parametrize("batch", [None, 2])
@pytest.mark.parametrize("logits", [[1e4, -1e4, 0.0], [-1e4, -1e4 + 2, -1e4 - 1], [1e4, 1e4 - 3, 1e4 - 40]])
def test_logits_of_ten_thousand(logits: list[float], batch: int | None) -> None:
    network = bp.Network([[[0.5], [0.25], [0.5]]], [logits], "identity", "softmax_cross_entropy")
    rows = () if batch is None else (batch,)
    compare(network, np.full((*rows, 1), 2.0), np.broadcast_to([0.2, 0.3, 0.5], (*rows, 3)).copy())


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_the_conventions_at_a_kink(activation: str) -> None:
    network = bp.Network([[[1.0, -1.0]], [[2.0]]], [[0.0], [0.5]], [activation, "identity"])
    compare(network, np.array([3.0, 3.0]), np.array([1.0]))


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_a_large_network(activation: str) -> None:
    network = bp.Network.random((50, 40, 30, 10), activation, "softmax_cross_entropy", seed=3)
    generator = np.random.default_rng(0)
    compare(network, generator.normal(size=(64, 50)), np.eye(10)[generator.integers(10, size=64)])


@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_training(loss: str) -> None:
    network = bp.Network.random((3, 5, 2), "tanh", loss, seed=2)
    x = np.random.default_rng(1).normal(size=(6, 3))
    y = np.eye(2)[[0, 1, 1, 0, 1, 0]]
    training = bp.train(network, x, y, learning_rate=0.1, steps=50)
    module = module_of(network)
    descent = torch.optim.SGD(module.parameters(), lr=0.1)
    for expected in training.losses:
        descent.zero_grad()
        error = error_of(network, module(torch.tensor(x)), torch.tensor(y))
        close(np.float64(expected), error)
        error.backward()
        descent.step()


# -- from_torch -------------------------------------------------------------------------------------------


@given(network=networks())
def test_a_network_comes_back(network: bp.Network) -> None:
    assert bp.Network.from_torch(module_of(network), network.loss) == network


@pytest.mark.parametrize(("last", "loss"), PAIRS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_modules_of_pytorchs_own_making(hidden: str, last: str, loss: str) -> None:
    generator = torch.Generator().manual_seed(0)
    for seed in range(4):
        torch.manual_seed(seed)
        inputs, width, outputs = torch.randint(1, 6, (3,), generator=generator).tolist()
        parts = [nn.Linear(inputs, width, bias=seed % 2 == 0), MODULES[hidden]()]
        module = nn.Sequential(*parts, nn.Linear(width, outputs), MODULES[last]()).double()
        network = bp.Network.from_torch(module, loss)
        assert (network.activations, network.loss) == ((hidden, last), loss)
        for rows in ((), (1,), (5,)):
            x = torch.randn(*rows, inputs, dtype=torch.float64, generator=generator)
            y = torch.rand(*rows, outputs, dtype=torch.float64, generator=generator)
            if loss == "softmax_cross_entropy":
                y = torch.softmax(y, dim=-1)
            compare(network, x.numpy(), y.numpy(), module)


def test_the_module_and_the_network_compute_the_same() -> None:
    torch.manual_seed(0)
    inner = nn.Sequential(nn.Linear(4, 5), nn.Identity(), nn.Softplus(), nn.Dropout(0.5))
    module = nn.Sequential(nn.Flatten(), inner, nn.Linear(5, 4), nn.Linear(4, 3, bias=False), nn.LeakyReLU())
    module.double().eval()
    network = bp.Network.from_torch(module)
    assert network.sizes == (4, 5, 4, 3)
    assert network.activations == ("softplus", "identity", "leaky_relu")
    assert network.loss == "squared_error"
    assert network.biases[2].tolist() == [0.0, 0.0, 0.0]
    x = torch.randn(7, 2, 2, dtype=torch.float64)
    close(bp.forward(network, x.reshape(7, 4).numpy(), np.zeros((7, 3))).a[3], module(x))


def test_the_network_is_a_copy() -> None:
    linear = nn.Linear(2, 1, dtype=torch.float64)
    network = bp.Network.from_torch(nn.Sequential(linear))
    before = copy.deepcopy(network.weights[0])
    with torch.no_grad():
        linear.weight.fill_(9.0)
    assert np.array_equal(network.weights[0], before)


@pytest.mark.parametrize("precision", [torch.float16, torch.bfloat16, torch.float32])
def test_other_precisions_are_taken_exactly(precision: torch.dtype) -> None:
    linear = nn.Linear(3, 2, dtype=precision)
    network = bp.Network.from_torch(nn.Sequential(linear))
    assert network.weights[0].tolist() == linear.weight.tolist()
    assert network.biases[0].tolist() == linear.bias.tolist()


def test_a_module_that_stands_there_twice_is_taken_twice() -> None:
    linear, tanh = nn.Linear(2, 2), nn.Tanh()
    network = bp.Network.from_torch(nn.Sequential(linear, tanh, linear, tanh))
    assert network.activations == ("tanh", "tanh")
    assert np.array_equal(network.weights[0], network.weights[1])


def test_a_subclass_that_runs_its_parts_in_order() -> None:
    class Perceptron(nn.Sequential):
        def __init__(self) -> None:
            super().__init__(nn.Linear(2, 1), nn.Sigmoid())

    assert bp.Network.from_torch(Perceptron()).activations == ("sigmoid",)


def test_a_dropout_that_drops_nothing_may_be_in_training_mode() -> None:
    assert bp.Network.from_torch(nn.Sequential(nn.Linear(2, 1), nn.Dropout(0.0))).sizes == (2, 1)


class Swish(nn.Sigmoid):
    """A subclass that is not what its parent is."""


class Backwards(nn.Sequential):
    """A Sequential that does not run its parts in order."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the parts applied in the other order."""
        for part in reversed(list(self)):
            x = part(x)
        return x


ACCEPTED = "but accepted are only Linear, Sigmoid, Tanh, ReLU, LeakyReLU(0.01), Softplus(beta=1), Identity"
CONTAINED = "but the loss softmax_cross_entropy contains it, so leave it out and take that loss"


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([nn.GELU()], f"module 1 is GELU(approximate='none'), {ACCEPTED}"),
        (
            [nn.ReLU(), nn.BatchNorm1d(2)],
            "module 2 is BatchNorm1d(2, eps=1e-05, momentum=0.1, affine=True, ",
        ),
        ([nn.LeakyReLU(0.2)], f"module 1 is LeakyReLU(negative_slope=0.2), {ACCEPTED}"),
        ([nn.Softplus(2.0)], f"module 1 is Softplus(beta=2.0, threshold=20.0), {ACCEPTED}"),
        ([nn.Softplus(1.0, 5.0)], f"module 1 is Softplus(beta=1.0, threshold=5.0), {ACCEPTED}"),
        ([nn.Sequential(nn.Tanh(), nn.ELU())], f"module 1.1 is ELU(alpha=1.0), {ACCEPTED}"),
        ([nn.Sequential(OrderedDict(act=nn.ELU()))], f"module 1.act is ELU(alpha=1.0), {ACCEPTED}"),
        ([Backwards(nn.Tanh())], f"module 1 is Backwards, {ACCEPTED}"),
        ([Swish()], f"module 1 is Swish(), {ACCEPTED}"),
        ([nn.Flatten(0)], f"module 1 is Flatten(start_dim=0, end_dim=-1), {ACCEPTED}"),
        ([nn.Softmax(dim=1)], f"module 1 is Softmax(dim=1), {CONTAINED}"),
        ([nn.LogSoftmax(dim=-1)], f"module 1 is LogSoftmax(dim=-1), {CONTAINED}"),
        (
            [nn.Tanh(), nn.ReLU()],
            "module 2 is ReLU(), but an activation must stand right after a Linear",
        ),
        (
            [nn.Dropout(0.25)],
            "module 1 is Dropout(p=0.25, inplace=False) in training mode, but it must be in eval mode: call",
        ),
        (
            [nn.LazyLinear(2)],
            "module 1 is LazyLinear(in_features=0, out_features=2, bias=True), but accepted",
        ),
        ([nn.Linear(3, 1)], "weights[1] has shape (1, 3), but layer 1 has 2 nodes, so it must be (n, 2)"),
        ([nn.Linear(2, 2, device="meta")], "module 1 is on the device meta, but its parameters must have va"),
        (
            [nn.Linear(2, 2, dtype=torch.complex64)],
            "weights[1] holds complex values, but it must be an array",
        ),
    ],
    ids=lambda value: "" if isinstance(value, str) else type(value[-1]).__name__,
)
def test_other_modules_are_refused(parts: list[nn.Module], sentence: str) -> None:
    with refused(sentence):
        bp.Network.from_torch(nn.Sequential(nn.Linear(3, 2), *parts))


@pytest.mark.parametrize(
    ("module", "sentence"),
    [
        (nn.Linear(2, 1), "module is of type Linear, but it must be a torch.nn.Sequential"),
        (None, "module is of type NoneType, but it must be a torch.nn.Sequential"),
        (nn.Sequential, "module is of type type, but it must be a torch.nn.Sequential"),
        (nn.Sequential(), "module has no Linear, but a network has at least one layer"),
        (
            nn.Sequential(nn.Tanh(), nn.Linear(2, 1)),
            "module 0 is Tanh(), but an activation must stand right af",
        ),
    ],
    ids=["Linear", "None", "class", "empty", "activation first"],
)
def test_other_things_are_refused(module: Any, sentence: str) -> None:
    with refused(sentence):
        bp.Network.from_torch(module)


def test_the_loss_is_checked_as_by_network() -> None:
    module = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
    with refused(
        "activation[0] is 'tanh', but with the loss softmax_cross_entropy the last layer's must be 'i"
    ):
        bp.Network.from_torch(module, loss="softmax_cross_entropy")
    with refused("loss is 'cross', but must be one of squared_error, "):
        bp.Network.from_torch(module, loss="cross")


def test_a_missing_pytorch_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ImportError) as caught:
        bp.Network.from_torch(nn.Sequential(nn.Linear(2, 1)))
    assert str(caught.value) == (
        'PyTorch is not installed, but Network.from_torch needs it: pip install "backprop-manim[torch]"'
    )
