"""Tests of bpmath."""
