"""Matrices and systems are written in every language and notation, and every piece says where it stands."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from latex2mathml.converter import convert
from latex2mathml.exceptions import DoubleSuperscriptsError, ExtraLeftOrMissingRightError

import bpmath as bp
from bpmath.algebra import Expression, Function, Negative, Number, Partial, Quantity, Quotient, Sum, apply
from bpmath.matrices import Cells, MatrixDerivative, MatrixExpression, MatrixSymbol, Ones, Shape
from bpmath.matrix_algebra import (
    Diagonal,
    Entrywise,
    Hadamard,
    MatrixNegative,
    MatrixProduct,
    MatrixSum,
    Transpose,
)
from bpmath.matrix_equations import EquationSystem, MatrixEquation
from bpmath.notation import NOTATIONS, Place, write
from bpmath.row_vectors import in_rows, lies_in_rows
from bpmath.trees import leaves
from tests.bpmath.matrix_strategies import Named, matrices
from tests.bpmath.test_notation import compile_typst

SQUARE, COLUMN = Shape(2, 2), Shape(2, 1)
W, V = MatrixSymbol("W", 2, SQUARE), MatrixSymbol("D", None, SQUARE)
Z, X = MatrixSymbol("z", 2, COLUMN), MatrixSymbol("x", None, COLUMN)
CELLS = Cells(((Quantity(bp.x(1)), Number(-2)), (Partial(bp.e(1), bp.a(2, 1)), Quantity(bp.w(1, 12, 3)))))
FUNCTIONS = (
    "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "identity", "step", "softmax", "exp", "log",
    "sin", "cos", "sign", "f", "sqrt", "abs",
)  # fmt: skip


def function(name: str) -> Function:
    return Function(name, float)


CONSTRUCTS: dict[str, MatrixExpression] = {
    "symbol": W,
    "symbol without a layer": V,
    "greek": MatrixSymbol("delta", 3, COLUMN),
    "word": MatrixSymbol("Gamma_x", 1, SQUARE),
    "derivative": MatrixDerivative(W),
    "gradient": MatrixDerivative(MatrixSymbol("a", 2, COLUMN)),
    "ones": Ones(Shape(1, 2)),
    "cells": CELLS,
    "product": MatrixProduct((W, V, CELLS)),
    "hadamard": Hadamard((W, CELLS)),
    "transpose": Transpose(W),
    "transposes": MatrixProduct((Transpose(Z), Transpose(MatrixSum((W, V))), Transpose(CELLS))),
    "transposed twice": Transpose(Transpose(W)),
    "sum": MatrixSum((W, MatrixNegative(V), MatrixNegative(MatrixSum((W, V))))),
    "negative": MatrixNegative(MatrixProduct((W, V))),
    "diagonal": Diagonal(Entrywise(function("sigmoid'"), Z)),
    "diagonal of cells": Diagonal(Cells(((Partial(bp.e(1), bp.a(2, 1)),),))),
    "wide": Cells((tuple(Quantity(bp.x(k)) for k in range(1, 13)),)),
    **{name: Entrywise(function(name), Z) for name in (*FUNCTIONS, *(f"{name}'" for name in FUNCTIONS))},
}
SCALARS: dict[str, Expression] = {
    **{name: apply(function(name), Quantity(bp.z(1, 1))) for name in FUNCTIONS},
    "tall root": apply(function("sqrt"), Quotient(Quantity(bp.x(1)), Number(2))),
    "tall absolute value": apply(function("abs"), Sum((Quantity(bp.x(1)), Negative(Partial(bp.E, bp.e(1)))))),
}


def system(rows: int, columns: int) -> EquationSystem:
    matrix = MatrixSymbol("W", 1, Shape(rows, columns))
    equation = MatrixEquation(matrix, matrix, Named(1))
    return EquationSystem(
        tuple(tuple(equation.entry(i, j) for j in range(1, columns + 1)) for i in range(1, rows + 1))
    )


def all_written(language: str, **options: int) -> list[str]:
    """Return every construct, scalar function and system in every notation."""
    whole = [
        *CONSTRUCTS.values(),
        *SCALARS.values(),
        MatrixEquation(W, W, Named(1)),
        system(2, 3),
        system(5, 1),
    ]
    return [
        write(each, language, notation, spacious=spacious, **options)  # type: ignore[arg-type]
        for each in whole
        for notation in NOTATIONS
        for spacious in (False, True)
    ]


# -- languages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"longest_matrix": 3}], ids=["whole", "elided"])
def test_all_compiles_in_typst(options: dict[str, int]) -> None:
    assert compile_typst(all_written("typst", **options)).startswith(b"<svg")


def parsed(latex: str) -> ElementTree.Element:
    """Return the MathML of LaTeX; raises an error where it is no LaTeX."""
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", latex):
        depth += 1 if brace == "{" else -1
        assert depth >= 0, latex
    assert depth == 0, latex
    assert latex.count(r"\left") == latex.count(r"\right")
    assert latex.count(r"\begin") == latex.count(r"\end")
    # The parser does not know `aligned`, which takes the same rows and columns as `matrix`.
    mathml = convert(latex.replace("{aligned}", "{matrix}"))
    assert "\\" not in mathml, f"an unknown command in {latex}"
    return ElementTree.fromstring(mathml)


@pytest.mark.parametrize("options", [{}, {"longest_matrix": 3}], ids=["whole", "elided"])
def test_all_is_latex(options: dict[str, int]) -> None:
    for latex in all_written("latex", **options):
        assert len(parsed(latex))


@pytest.mark.parametrize("wrong", [r"\frac{a}{b", r"{a}}", r"\left( a", r"a^b^c", r"\foo{a}"])
def test_wrong_latex_would_be_found(wrong: str) -> None:
    with pytest.raises((AssertionError, ExtraLeftOrMissingRightError, DoubleSuperscriptsError)):
        parsed(wrong)


@pytest.mark.parametrize("columns", [3, 12])
def test_a_matrix_in_latex_has_its_rows_and_columns(columns: int) -> None:
    """amsmath's matrix takes ten columns at most; a wider one must say how many it has."""
    wide = Cells(tuple(tuple(Quantity(bp.x(k)) for k in range(1, columns + 1)) for _ in range(2)))
    latex = write(wide, "latex")
    rows = list(parsed(latex).iter("{http://www.w3.org/1998/Math/MathML}mtr"))
    assert [len(row) for row in rows] == [columns] * 2
    assert ("matrix" in latex) == (columns <= 10)


@settings(max_examples=40, phases=[Phase.reuse, Phase.generate])
@given(expression=matrices(), notation=st.sampled_from(NOTATIONS), spacious=st.booleans())
def test_random_matrices_are_written(expression: MatrixExpression, notation: str, spacious: bool) -> None:
    assert compile_typst([write(expression, "typst", notation, spacious=spacious)]).startswith(b"<svg")
    parsed(write(expression, "latex", notation, spacious=spacious))
    assert "\n" not in write(expression, "text", notation)


# -- text ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (Hadamard((MatrixProduct((Transpose(W), Z)), Z)), "((W⁽²⁾)ᵀ z⁽²⁾) ⊙ z⁽²⁾"),
        (MatrixProduct((W, Hadamard((Z, Z)))), "W⁽²⁾ (z⁽²⁾ ⊙ z⁽²⁾)"),
        (Hadamard((W, Hadamard((W, V)))), "W⁽²⁾ ⊙ W⁽²⁾ ⊙ D"),
        (MatrixProduct((W, MatrixProduct((W, V)))), "W⁽²⁾ W⁽²⁾ D"),
        (MatrixProduct((MatrixSum((W, V)), Z)), "(W⁽²⁾ + D) z⁽²⁾"),
        (Hadamard((MatrixSum((W, V)), W)), "(W⁽²⁾ + D) ⊙ W⁽²⁾"),
        (Hadamard((MatrixNegative(W), V)), "(- W⁽²⁾) ⊙ D"),
        (MatrixSum((MatrixProduct((W, Z)), Hadamard((Z, X)))), "W⁽²⁾ z⁽²⁾ + z⁽²⁾ ⊙ x"),
        (MatrixSum((W, MatrixNegative(MatrixSum((V, V))))), "W⁽²⁾ - (D + D)"),
        (Transpose(MatrixProduct((W, V))), "(W⁽²⁾ D)ᵀ"),
        (Transpose(V), "Dᵀ"),
        (Transpose(Transpose(V)), "(Dᵀ)ᵀ"),
        (Transpose(MatrixDerivative(V)), "(∂E/∂D)ᵀ"),
        (Transpose(Cells(((Number(1), Number(2)),))), "[1, 2]ᵀ"),
        (MatrixProduct((Z, Transpose(Ones(COLUMN)))), "z⁽²⁾ 1ᵀ"),
        (Entrywise(function("f'"), MatrixProduct((W, Z))), "f'(W⁽²⁾ z⁽²⁾)"),
        (Entrywise(function("relu'"), Z), "ReLU'(z⁽²⁾)"),
        (Entrywise(function("exp"), Z), "exp(z⁽²⁾)"),
        (Diagonal(Z), "diag(z⁽²⁾)"),
        (CELLS, "[x₁, -2; ∂e₁/∂a₁⁽²⁾, w₁₂,₃⁽¹⁾]"),
    ],
    ids=str,
)
def test_parentheses_stand_where_they_must(expression: MatrixExpression, text: str) -> None:
    assert write(expression) == text


def test_a_system_has_a_line_for_each_equation() -> None:
    assert write(system(2, 2)).splitlines() == [
        f"w{index}⁽¹⁾ = w{index}⁽¹⁾" for index in ("₁₁", "₁₂", "₂₁", "₂₂")
    ]
    assert system(2, 2).to_text() == write(system(2, 2))


# -- what is too large --------------------------------------------------------------------------------


def test_large_matrices_show_their_first_entries_and_the_last() -> None:
    large = Cells(tuple(tuple(Quantity(bp.w(1, i, j)) for j in range(1, 7)) for i in range(1, 6)))
    assert write(large, longest_matrix=4) == (
        "[w₁₁⁽¹⁾, w₁₂⁽¹⁾, …, w₁₆⁽¹⁾; w₂₁⁽¹⁾, w₂₂⁽¹⁾, …, w₂₆⁽¹⁾; ⋮, ⋮, ⋱, ⋮; w₅₁⁽¹⁾, w₅₂⁽¹⁾, …, w₅₆⁽¹⁾]"
    )
    assert write(large, longest_matrix=6) == write(large)
    assert write(large, longest_matrix=5).count("⋮") == 0
    assert write(large, "latex", longest_matrix=3) == (
        r"\left[ \begin{matrix} w_{11}^{(1)} & \cdots & w_{16}^{(1)} \\ \vdots & \ddots & \vdots \\ "
        r"w_{51}^{(1)} & \cdots & w_{56}^{(1)} \end{matrix} \right]"
    )
    assert "dots.down" in write(large, "typst", longest_matrix=3)


def test_large_systems_show_their_first_equations_and_the_last() -> None:
    lines = write(system(5, 1), longest_matrix=3).splitlines()
    assert lines == ["w₁₁⁽¹⁾ = w₁₁⁽¹⁾", "⋮", "w₅₁⁽¹⁾ = w₅₁⁽¹⁾"]
    assert write(system(4, 4), longest_matrix=3).splitlines()[2:4] == ["w₁₄⁽¹⁾ = w₁₄⁽¹⁾", "⋮"]


def test_a_matrix_needs_room_for_an_ellipsis() -> None:
    with pytest.raises(ValueError, match=r"^longest_matrix is 2, but must be at least 3: [^\n]*$"):
        write(CELLS, longest_matrix=2)


# -- marks --------------------------------------------------------------------------------------------


class Marks:
    """Sees every piece, and sets each in a colour of its own, as a stage does."""

    def __init__(self) -> None:
        self.places: list[Place] = []

    def __call__(self, place: Place, source: str) -> str:
        self.places.append(place)
        return f'mark("#{len(self.places):06x}", {source})'

    def colours(self, position: tuple[int, ...]) -> list[str]:
        """Return the colours of what stands at a position, without parentheses around it."""
        return [
            f"#{number:06x}"
            for number, place in enumerate(self.places, 1)
            if place.position == position and place.part not in ("open", "close")
        ]


def as_written(expression: MatrixExpression, notation: str) -> MatrixExpression:
    return in_rows(expression) if lies_in_rows(expression) != (notation == "row") else expression


# Shrinking a failure would compile for minutes.
@settings(max_examples=40, phases=[Phase.reuse, Phase.generate])
@given(expression=matrices(depth=2), notation=st.sampled_from(NOTATIONS), spacious=st.booleans())
def test_every_leaf_is_drawn_in_its_colours(
    expression: MatrixExpression, notation: str, spacious: bool
) -> None:
    marks = Marks()
    marked = write(expression, "typst", notation, mark=marks, spacious=spacious)
    drawn = compile_typst([marked], "#let mark(key, body) = text(fill: rgb(key), body)").decode()
    assert len(set(marks.places)) == len(marks.places)
    for leaf in leaves(as_written(expression, notation)):
        colours = marks.colours(leaf.position)
        assert len(colours) == (3 if leaf_is_fraction(leaf.term, notation) else 1)
        assert all(f'"{colour}"' in drawn for colour in colours)


def leaf_is_fraction(term: object, notation: str) -> bool:
    """Tell whether a leaf has a numerator, a denominator and a bar; Nielsen's nabla has not."""
    if isinstance(term, MatrixDerivative):
        return not (notation == "nielsen" and term.wrt.letter == "a")
    return isinstance(term, Partial | bp.Derivative)


@settings(max_examples=40)
@given(expression=matrices(depth=2), notation=st.sampled_from(NOTATIONS))
def test_marks_change_nothing(expression: MatrixExpression, notation: str) -> None:
    for language in ("typst", "latex", "text"):
        plain = write(expression, language, notation)
        assert write(expression, language, notation, mark=lambda place, source: source) == plain


def test_cells_signs_and_brackets_have_places() -> None:
    marks = Marks()
    write(Hadamard((Transpose(CELLS), MatrixProduct((W, V)))), "typst", mark=marks)
    for place in (
        Place((), "times 1"),
        Place((0,), "transpose"),
        Place((0, 0), "open"),
        Place((0, 0), "close"),
        Place((0, 0, 0)),
        Place((0, 0, 2), "numerator"),
        Place((0, 0, 3)),
        Place((1,), "open"),
        Place((1, 0)),
        Place((1, 1)),
    ):
        assert place in marks.places


def test_cells_keep_their_places_around_ellipses() -> None:
    marks = Marks()
    large = Cells(tuple(tuple(Quantity(bp.w(1, i, j)) for j in range(1, 7)) for i in range(1, 6)))
    write(large, "typst", mark=marks, longest_matrix=3)
    assert [place.position for place in marks.places if not place.part] == [(0,), (5,), (24,), (29,)]
    dots = [place.part for place in marks.places if place.part.startswith("ellipsis")]
    assert dots == [f"ellipsis {cell}" for cell in ("1 2", "2 1", "2 2", "2 3", "3 2")]


def test_every_equation_of_a_system_has_its_place() -> None:
    marks = Marks()
    write(system(2, 2), "typst", mark=marks)
    for k in range(4):
        assert {Place((k,), "equals"), Place((k, 0)), Place((k, 1))} <= set(marks.places)
