"""Tests of backprop-manim."""
