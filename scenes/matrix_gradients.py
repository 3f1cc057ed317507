"""The gradients of a matrix product, found from the shapes alone."""

from __future__ import annotations

from scenes.beats.matrix_gradients import MatrixGradientBeats


class MatrixMultiplyGradient(MatrixGradientBeats):
    """Only one order of the factors has the shape of the gradient: it is the right one."""

    def construct(self) -> None:
        """Find both gradients of a product by trying, and check them by numbers."""
        self.prepare()
        self.multiply()
        self.come_back()
        self.ask()
        self.try_orders()
        self.all_ways()
        self.other_gradient()
        self.one_entry()
        self.check()
