"""Things that a mobject refers to without owning them."""

from __future__ import annotations

from typing import Any, Generic, Self, TypeVar

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """A reference that survives a mobject's copy as it is.

    Manim copies mobjects deeply for every animation and hashes all that hangs on them for its cache.
    Networks, traces and equations never change, so copying and hashing them would only cost time; what
    a viewer sees of them is in the points and colours already.
    """

    __slots__ = ("thing",)

    def __init__(self, thing: Thing) -> None:
        self.thing = thing

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self
