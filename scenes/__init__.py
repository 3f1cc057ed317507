"""Lessons on backpropagation: one module a chapter, choreography only."""
