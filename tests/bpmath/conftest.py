"""What the tests of bpmath share."""

from __future__ import annotations

import pytest

import bpmath as bp


@pytest.fixture
def example() -> bp.Derivation:
    """The derivation of the example network on its sample."""
    return bp.derive(bp.example_network(), *bp.example_sample())
