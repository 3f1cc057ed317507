"""Tests against PyTorch."""
