"""Tests of the command `backprop`."""
