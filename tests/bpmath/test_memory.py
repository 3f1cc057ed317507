"""Memory that is used again: never while someone can still see what is in it."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from bpmath.activations import Array
from bpmath.memory import SMALLEST, Store, room, room_like
from bpmath.network import Network
from bpmath.passes import backward, forward
from bpmath.training import train


def address(array: Array) -> int:
    return array.__array_interface__["data"][0]


def test_memory_comes_back_when_its_array_is_gone() -> None:
    store = Store()
    first = store.empty(3, 4)
    first[:] = 1.0
    where = address(first)
    assert address(store.empty(3, 4)) != where
    del first
    again = store.empty(6, 2)
    assert (address(again), again.shape) == (where, (6, 2))
    assert again.dtype == np.float64


@pytest.mark.parametrize(
    "hold",
    [
        lambda array: array[1],
        lambda array: array.T[2:][0:1],
        lambda array: np.asarray(array).ravel().view(np.int64),
        lambda array: memoryview(array),
        lambda array: np.broadcast_to(array[0], (5, 4)),
    ],
    ids=["row", "view of views", "other type", "buffer", "broadcast"],
)
def test_memory_does_not_come_back_while_there_is_a_view(hold) -> None:
    store = Store()
    array = store.empty(3, 4)
    where, view = address(array), hold(array)
    del array
    assert store.waiting == 0
    assert where != address(store.empty(3, 4))
    del view
    assert store.waiting >= 12
    held = [store.empty(3, 4) for _ in range(2)]
    assert where in map(address, held)


def test_no_more_is_kept_than_was_allowed() -> None:
    store = Store(largest=100)
    arrays = [store.empty(40) for _ in range(5)]
    too_large = store.empty(101)
    del arrays, too_large
    assert 0 < store.waiting <= 100


def test_threads_never_share_an_array() -> None:
    store, wrong = Store(), []

    def work(number: float) -> None:
        for _ in range(2000):
            array = store.empty(64)
            array.fill(number)
            if not (array == number).all():
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(float(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_only_large_results_get_room() -> None:
    assert room(SMALLEST - 1) is None
    assert room_like(np.ones((SMALLEST - 1, 1))) is None
    product, like = room(SMALLEST // 2, 2), room_like(np.ones((SMALLEST, 1)))
    assert product is not None
    assert product.shape == (SMALLEST // 2, 2)
    assert like is not None
    assert like.shape == (SMALLEST, 1)


def test_later_passes_leave_earlier_results_alone() -> None:
    network = Network.random((100, 60, 80, 5), "tanh")
    generator = np.random.default_rng(0)
    batches = [(generator.normal(size=(90, 100)), generator.normal(size=(90, 5))) for _ in range(4)]
    kept = [backward(forward(network, x, y)) for x, y in batches]
    for _ in range(3):
        train(network, *batches[0], steps=2)
    for (x, y), back in zip(batches, kept, strict=True):
        again = backward(forward(network, x, y))
        for layer in (1, 2, 3):
            for ours, fresh in ((back.dW, again.dW), (back.delta, again.delta), (back.run.z, again.run.z)):
                np.testing.assert_array_equal(ours[layer], fresh[layer])
                assert not np.shares_memory(ours[layer], fresh[layer])


def test_training_keeps_the_network_it_began_with() -> None:
    network = Network.random((100, 60, 5))
    before = [W.copy() for W in network.weights]
    x, y = np.ones((3, 100)), np.ones((3, 5))
    trained = [train(network, x, y, steps=steps).network for steps in (1, 2, 2)]
    assert trained[1] == trained[2] != trained[0]
    assert all(map(np.array_equal, network.weights, before))
    assert not np.shares_memory(trained[1].weights[0], trained[2].weights[0])
