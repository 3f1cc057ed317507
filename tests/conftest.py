"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

# Machines differ in speed; a slow one must not make a true statement fail.
settings.register_profile("backprop", deadline=None, print_blob=True)
settings.load_profile("backprop")
