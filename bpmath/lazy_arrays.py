"""Records of arrays that are made of plain floats, once one of them is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any, ClassVar

import numpy as np

from bpmath.activations import Array

FLOAT64 = np.dtype(np.float64)


class LazyArrays:
    """A frozen record whose arrays are made, all at once, when one is asked for.

    From then on they are what counts, for they can be written to, and the floats are gone.  A copy is a
    `plain` record, and so is what a pickle holds.
    """

    plain: ClassVar[Any]
    floats: ClassVar[tuple[float, ...] | None] = None

    @classmethod
    def of(cls, floats: tuple[float, ...], **known: object) -> Any:
        """Return a record of floats, and of fields that are known as they are."""
        record = object.__new__(cls)
        record.__dict__.update(known, floats=floats)
        return record

    def arrays(self, floats: tuple[float, ...]) -> dict[str, Any]:
        """Return the fields that floats hold, in order."""
        raise NotImplementedError

    def __getattr__(self, name: str) -> Any:
        """Return a field, having made the arrays; AttributeError for what is no field."""
        if self.floats is None or name not in self.plain.__dataclass_fields__:
            raise AttributeError(f"{self.plain.__name__!r} object has no attribute {name!r}")
        self.__dict__.update(self.arrays(self.floats), floats=None)
        return self.__dict__[name]

    def __reduce__(self) -> tuple[Any, ...]:
        """Return the plain record and its fields."""
        return self.plain, tuple(getattr(self, field.name) for field in fields(self.plain))

    def __repr__(self) -> str:
        """Return how the plain record is written."""
        plain, values = self.__reduce__()
        return repr(plain(*values))


def cut(floats: tuple[float, ...], sizes: Iterable[int]) -> Iterator[Array]:
    """Return vectors of those sizes, of floats in order: parts of one new array, none of which overlap."""
    whole, start = np.array(floats), 0
    for size in sizes:
        yield whole[start : start + size]
        start += size


def floats_of(given: Any, n: int) -> Sequence[float] | None:
    """Return n numbers as floats; None unless they are a vector of NumPy, a list or a tuple of just those."""
    if type(given) is np.ndarray:
        return given.tolist() if given.dtype == FLOAT64 and given.shape == (n,) else None
    plain = type(given) in (list, tuple) and len(given) == n and set(map(type, given)) == {float}
    return given if plain else None
