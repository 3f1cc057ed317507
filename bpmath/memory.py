"""Memory for large results, used again once nobody holds the result that was in it.

The system hands out large blocks of memory page by page, at the first touch, and takes them back when they
are freed; a pass over a batch would spend a third of its time on that.  So a block goes back to the store
here when the array in it, and every view of that array, is gone; no sooner, and nothing is ever overwritten
that someone can still see.
"""

from __future__ import annotations

import math
import weakref
from collections import defaultdict
from threading import RLock

import numpy as np

from bpmath.activations import Array

SMALLEST = 4096
"""Arrays with fewer numbers are made anew: for them the system has memory at hand."""

LARGEST_STORE = 2**23
"""How many numbers the blocks that wait in the store may hold together; that is 64 MB."""


class _Loan(weakref.ref[Array]):
    """A block of memory that is in use for as long as one array lives."""

    __slots__ = ("block",)
    block: Array


class Store:
    """Blocks of memory that wait to be used again; safe to use from several threads."""

    def __init__(self, largest: int = LARGEST_STORE) -> None:
        self._largest = largest
        self._waiting: defaultdict[int, list[Array]] = defaultdict(list)
        self._size = 0
        # By identity, for a reference hashes as its array does: not at all.
        self._loans: dict[int, _Loan] = {}
        # The end of an array may come in the middle of `empty`, in the same thread.
        self._lock = RLock()

    @property
    def waiting(self) -> int:
        """How many numbers the blocks hold that wait to be used again."""
        return self._size

    def empty(self, *shape: int) -> Array:
        """Return a new array of that shape, whose entries are whatever was in its memory."""
        size = math.prod(shape)
        with self._lock:
            if blocks := self._waiting[size]:
                block = blocks.pop()
                self._size -= size
            else:
                block = np.empty(size)
            # Of a buffer that is no array, NumPy makes this very array the base of all views of it.
            array = np.frombuffer(block.data, dtype=np.float64)
            loan = _Loan(array, self._take_back)
            loan.block = block
            self._loans[id(loan)] = loan
        return array.reshape(shape)

    def _take_back(self, loan: weakref.ref[Array]) -> None:
        assert isinstance(loan, _Loan)
        with self._lock:
            del self._loans[id(loan)]
            size = loan.block.size
            if size > self._largest:
                return
            if self._size + size > self._largest:
                # What is of use now has come back last.
                self._waiting.clear()
                self._size = 0
            self._waiting[size].append(loan.block)
            self._size += size


STORE = Store()
"""The store that all passes share."""


def room(*shape: int) -> Array | None:
    """Return memory for a result of that shape; None for a small one, which NumPy makes by itself."""
    return STORE.empty(*shape) if math.prod(shape) >= SMALLEST else None


def room_like(array: Array) -> Array | None:
    """Return memory for a result of the shape of another array; None for a small one."""
    return STORE.empty(*array.shape) if array.size >= SMALLEST else None
