"""Each notation prints what its textbook prints, and what it prints is true."""

from __future__ import annotations

import pytest

import bpmath as bp
from bpmath.activations import activation_named
from bpmath.algebra import Delta, Derivative, Expression, Number, Partial, Power, Quantity
from bpmath.conventions import CONVENTIONS, Naming
from bpmath.matrices import Cells, MatrixDerivative, MatrixSymbol, Ones, Shape
from bpmath.matrix_algebra import Entrywise, Hadamard, MatrixProduct, MatrixSum, Transpose, outer
from bpmath.matrix_equations import MatrixEquation
from bpmath.network_values import NetworkValues
from bpmath.notation import NOTATIONS, Place, write
from bpmath.symbols import Symbol

SIZES = (3, 2, 4, 5)
"""All different, so that nothing fits together by chance."""
SLOPE = activation_named("sigmoid").slope


@pytest.fixture(scope="module")
def values() -> NetworkValues:
    network = bp.Network.random(SIZES, seed=3)
    return NetworkValues(bp.backward(bp.forward(network, [0.3, -0.5, 0.8], [0.1, 0.9, 0.2, 0.4, 0.6])))


def vector(letter: str, layer: int) -> MatrixSymbol:
    return MatrixSymbol(letter, layer, Shape(SIZES[layer], 1))


def weights(layer: int) -> MatrixSymbol:
    return MatrixSymbol("W", layer, Shape(SIZES[layer], SIZES[layer - 1]))


def equations(values: NetworkValues) -> dict[str, MatrixEquation]:
    """Return the weighted sum and the four fundamental equations, all at other layers."""
    behind = MatrixProduct((Transpose(weights(3)), vector("delta", 3)))
    return {
        "forward": MatrixEquation(
            vector("z", 2), MatrixSum((MatrixProduct((weights(2), vector("a", 1))), vector("b", 2))), values
        ),
        "BP1": MatrixEquation(
            vector("delta", 3),
            Hadamard((MatrixDerivative(vector("a", 3)), Entrywise(SLOPE, vector("z", 3)))),
            values,
        ),
        "BP2": MatrixEquation(
            vector("delta", 2), Hadamard((behind, Entrywise(SLOPE, vector("z", 2)))), values
        ),
        "BP3": MatrixEquation(MatrixDerivative(vector("b", 2)), vector("delta", 2), values),
        "BP4": MatrixEquation(
            MatrixDerivative(weights(2)), outer(vector("delta", 2), vector("a", 1)), values
        ),
        "first": MatrixEquation(
            MatrixDerivative(weights(1)), outer(vector("delta", 1), vector("a", 0)), values
        ),
    }


PRINTED = {
    "article": {
        "forward": "z⁽²⁾ = W⁽²⁾ a⁽¹⁾ + b⁽²⁾",
        "BP1": "δ⁽³⁾ = ∂E/∂a⁽³⁾ ⊙ σ'(z⁽³⁾)",
        "BP2": "δ⁽²⁾ = ((W⁽³⁾)ᵀ δ⁽³⁾) ⊙ σ'(z⁽²⁾)",
        "BP3": "∂E/∂b⁽²⁾ = δ⁽²⁾",
        "BP4": "∂E/∂W⁽²⁾ = δ⁽²⁾ (a⁽¹⁾)ᵀ",
        "first": "∂E/∂W⁽¹⁾ = δ⁽¹⁾ xᵀ",
    },
    "nielsen": {
        "forward": "z² = w² a¹ + b²",
        "BP1": "δ³ = ∇_a³ C ⊙ σ'(z³)",
        "BP2": "δ² = ((w³)ᵀ δ³) ⊙ σ'(z²)",
        "BP3": "∂C/∂b² = δ²",
        "BP4": "∂C/∂w² = δ² (a¹)ᵀ",
        "first": "∂C/∂w¹ = δ¹ xᵀ",
    },
    "row": {
        "forward": "z² = a¹ W¹ + b¹",
        "BP1": "δ³ = ∂L/∂a³ ⊙ σ'(z³)",
        "BP2": "δ² = (δ³ (W²)ᵀ) ⊙ σ'(z²)",
        "BP3": "∂L/∂b¹ = δ²",
        "BP4": "∂L/∂W¹ = (a¹)ᵀ δ²",
        "first": "∂L/∂W⁰ = xᵀ δ¹",
    },
}


@pytest.mark.parametrize("notation", NOTATIONS)
def test_the_fundamental_equations_are_printed_as_in_the_book(notation: str, values: NetworkValues) -> None:
    printed = {name: equation.to_text(notation) for name, equation in equations(values).items()}
    assert printed == PRINTED[notation]


@pytest.mark.parametrize(
    ("notation", "latex"),
    [
        (
            "article",
            r"\boldsymbol{\delta}^{(2)} = \left( {\left(\mathbf{W}^{(3)}\right)}^{\top} "
            r"\boldsymbol{\delta}^{(3)} \right) \odot \sigma'(\mathbf{z}^{(2)})",
        ),
        ("nielsen", r"\delta^{2} = \left( {\left(w^{3}\right)}^{T} \delta^{3} \right) \odot \sigma'(z^{2})"),
        (
            "row",
            r"\boldsymbol{\delta}^{2} = \left( \boldsymbol{\delta}^{3} {\left(\mathbf{W}^{2}\right)}^{\top} "
            r"\right) \odot \sigma'(\mathbf{z}^{2})",
        ),
    ],
    ids=NOTATIONS,
)
def test_backpropagation_in_latex(notation: str, latex: str, values: NetworkValues) -> None:
    written = equations(values)["BP2"].to_latex(notation)
    assert written.replace(" ", "") == latex.replace(" ", "")


def test_backpropagation_in_typst(values: NetworkValues) -> None:
    assert equations(values)["BP2"].to_typst() == (
        r"bold(delta)^((2)) = lr(\( attach(lr(\( bold(W)^((3)) \)), t: top) bold(delta)^((3)) \)) dot.o "
        r"sigma' \( bold(z)^((2)) \)"
    )


@pytest.mark.parametrize(
    ("what", "article", "nielsen", "row"),
    [
        (bp.E, "E", "C", "L"),
        (bp.e(2), "e₂", "C₂", "L₂"),
        (bp.w(3, 1, 2), "w₁₂⁽³⁾", "w₁₂³", "w₂₁²"),
        (bp.w(3, 1, 12), "w₁,₁₂⁽³⁾", "w₁,₁₂³", "w₁₂,₁²"),
        (bp.b(3, 1), "b₁⁽³⁾", "b₁³", "b₁²"),
        (bp.z(3, 1), "z₁⁽³⁾", "z₁³", "z₁³"),
        (bp.a(3, 1), "a₁⁽³⁾", "a₁³", "a₁³"),
        (bp.a(0, 1), "x₁", "x₁", "x₁"),
        (bp.y(1), "y₁", "y₁", "y₁"),
        (Delta(2, 1), "δ₁⁽²⁾", "δ₁²", "δ₁²"),
        (bp.delta(2, 1), "δ₁⁽²⁾", "δ₁²", "δ₁²"),
        (Derivative(bp.E, bp.w(2, 1, 2)), "∂E/∂w₁₂⁽²⁾", "∂C/∂w₁₂²", "∂L/∂w₂₁¹"),
        (Partial(bp.e(1), bp.a(3, 1)), "∂e₁/∂a₁⁽³⁾", "∂C₁/∂a₁³", "∂L₁/∂a₁³"),
        (Power(Quantity(bp.a(3, 1)), Number(2)), "a₁⁽³⁾²", "(a₁³)²", "(a₁³)²"),
        (Power(Delta(3, 1), Number(2)), "δ₁⁽³⁾²", "(δ₁³)²", "(δ₁³)²"),
        (Power(Quantity(bp.x(1)), Number(2)), "x₁²", "x₁²", "x₁²"),
        (Symbol("v", 2, (1, 3)), "v₁₃⁽²⁾", "v₁₃²", "v₃₁²"),
        (Symbol("u", 2, (1, 3)), "u₁₃⁽²⁾", "u₁₃²", "u₁₃²"),
        (Symbol("e"), "e", "e", "e"),
        (MatrixSymbol("e", None, Shape(2, 1)), "e", "C", "L"),
        (MatrixSymbol("x", None, Shape(2, 1)), "x", "x", "x"),
        (MatrixSymbol("W", None, Shape(2, 2)), "W", "w", "W"),
    ],
    ids=str,
)
def test_quantities_are_called_as_in_the_book(what: Expression, article: str, nielsen: str, row: str) -> None:
    assert [write(what, "text", notation) for notation in NOTATIONS] == [article, nielsen, row]


def test_the_vector_of_errors_is_not_the_total_error() -> None:
    errors = MatrixSymbol("e", None, Shape(2, 1))
    for notation in NOTATIONS:
        assert write(errors, "latex", notation) != write(bp.E, "latex", notation)


# -- how vectors lie ----------------------------------------------------------------------------------


def test_an_equation_in_rows_is_not_turned_again(values: NetworkValues) -> None:
    for name, equation in equations(values).items():
        turned = equation.in_rows()
        assert turned.to_text("row") == PRINTED["row"][name]
        assert turned.to_text("article") == PRINTED["article"][name]
        assert turned.rhs.shape == equation.rhs.shape.transposed
        assert write(turned.rhs, "text", "row") == write(equation.rhs, "text", "row")


def test_what_is_written_out_is_turned_too(values: NetworkValues) -> None:
    column = Cells(((Quantity(bp.b(1, 1)),), (Quantity(bp.b(1, 2)),)))
    equation = MatrixEquation(vector("b", 1), column, values)
    assert equation.to_text() == "b⁽¹⁾ = [b₁⁽¹⁾; b₂⁽¹⁾]"
    assert equation.to_text("row") == "b⁰ = [b₁⁰, b₂⁰]"
    only_cells = MatrixEquation(column, column, values)
    assert only_cells.to_text("row") == "[b₁⁰, b₂⁰] = [b₁⁰, b₂⁰]"
    assert only_cells.in_rows().to_text("row") == only_cells.to_text("row")
    assert only_cells.in_rows().to_text() == only_cells.to_text()


def test_weights_in_rows_have_their_entries_in_place() -> None:
    """In row 1, column 2 stands w_12 in every convention: from 1 to 2 where rows are sources."""
    cells = Cells(tuple(tuple(weights(1).entry(row, column) for column in (1, 2, 3)) for row in (1, 2)))
    assert write(cells) == "[w₁₁⁽¹⁾, w₁₂⁽¹⁾, w₁₃⁽¹⁾; w₂₁⁽¹⁾, w₂₂⁽¹⁾, w₂₃⁽¹⁾]"
    assert write(cells, notation="nielsen") == "[w₁₁¹, w₁₂¹, w₁₃¹; w₂₁¹, w₂₂¹, w₂₃¹]"
    assert write(cells, notation="row") == "[w₁₁⁰, w₁₂⁰; w₂₁⁰, w₂₂⁰; w₃₁⁰, w₃₂⁰]"


def test_places_are_those_of_the_form_that_is_written(values: NetworkValues) -> None:
    equation = equations(values)["BP4"]
    for turned in (equation, equation.in_rows()):
        pieces: dict[Place, str] = {}

        def mark(place: Place, source: str, pieces: dict[Place, str] = pieces) -> str:
            pieces[place] = source
            return source

        write(turned, "text", "row", mark=mark)
        assert pieces[Place((1, 0, 0))] == "a¹"
        assert pieces[Place((1, 0), "transpose")] == "ᵀ"
        assert pieces[Place((1, 1))] == "δ²"


# -- names of layers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "layers", "article", "nielsen", "row"),
    [
        ("BP1", {3: "L"}, "δ⁽ᴸ⁾ = ∂E/∂a⁽ᴸ⁾ ⊙ σ'(z⁽ᴸ⁾)", "δᴸ = ∇_a C ⊙ σ'(zᴸ)", "δᴸ = ∂L/∂aᴸ ⊙ σ'(zᴸ)"),
        (
            "BP2",
            {2: "l", 3: "l+1"},
            "δ⁽ˡ⁾ = ((W⁽ˡ⁺¹⁾)ᵀ δ⁽ˡ⁺¹⁾) ⊙ σ'(z⁽ˡ⁾)",
            "δˡ = ((wˡ⁺¹)ᵀ δˡ⁺¹) ⊙ σ'(zˡ)",
            "δˡ = (δˡ⁺¹ (Wˡ)ᵀ) ⊙ σ'(zˡ)",
        ),
        ("BP3", {2: "l"}, "∂E/∂b⁽ˡ⁾ = δ⁽ˡ⁾", "∂C/∂bˡ = δˡ", "∂L/∂bˡ⁻¹ = δˡ"),
        (
            "BP4",
            {1: "l-1", 2: "l"},
            "∂E/∂W⁽ˡ⁾ = δ⁽ˡ⁾ (a⁽ˡ⁻¹⁾)ᵀ",
            "∂C/∂wˡ = δˡ (aˡ⁻¹)ᵀ",
            "∂L/∂Wˡ⁻¹ = (aˡ⁻¹)ᵀ δˡ",
        ),
        (
            "first",
            {1: "l", 0: "l-1"},
            "∂E/∂W⁽ˡ⁾ = δ⁽ˡ⁾ (a⁽ˡ⁻¹⁾)ᵀ",
            "∂C/∂wˡ = δˡ (aˡ⁻¹)ᵀ",
            "∂L/∂Wˡ⁻¹ = (aˡ⁻¹)ᵀ δˡ",
        ),
        ("first", {1: "l"}, "∂E/∂W⁽ˡ⁾ = δ⁽ˡ⁾ xᵀ", "∂C/∂wˡ = δˡ xᵀ", "∂L/∂Wˡ⁻¹ = xᵀ δˡ"),
    ],
)
def test_an_equation_of_one_layer_is_written_for_all(
    name: str, layers: dict[int, str], article: str, nielsen: str, row: str, values: NetworkValues
) -> None:
    equation = equations(values)[name]
    written = [write(equation, "text", notation, layers=layers) for notation in NOTATIONS]
    assert written == [article, nielsen, row]


@pytest.mark.parametrize(
    ("layers", "layer", "name"),
    [
        ({}, 3, "3"),
        ({2: "l"}, 2, "l"),
        ({2: "l"}, 3, "l+1"),
        ({2: "l"}, 1, "l-1"),
        ({3: "L"}, 1, "L-2"),
        ({2: "l+1"}, 1, "l"),
        ({2: "l-1"}, 4, "l+1"),
        ({2: "l + 1"}, 3, "l+2"),
        ({1: "l", 4: "L"}, 3, "L-1"),
        ({1: "l", 3: "L"}, 2, "l+1"),
        ({2: "7"}, 4, "9"),
        ({2: "out"}, 1, "out-1"),
    ],
)
def test_layers_without_a_name_are_counted_from_those_with_one(
    layers: dict[int, str], layer: int, name: str
) -> None:
    assert Naming(CONVENTIONS["article"], layers).layer_name(layer) == name


def test_inputs_are_activations_where_layer_0_has_a_name() -> None:
    assert write(bp.x(2), layers={0: "l-1", 1: "l"}) == "a₂⁽ˡ⁻¹⁾"
    assert write(MatrixSymbol("x", None, Shape(2, 1)), layers={0: "l-1"}) == "a⁽ˡ⁻¹⁾"
    assert write(Symbol("x"), layers={0: "l-1"}) == "x"


def test_words_name_layers_in_every_language() -> None:
    symbol, layers = bp.z(2, 1), {2: "out"}
    assert write(symbol, "typst", layers=layers) == 'z_(1)^(("out"))'
    assert write(symbol, "latex", layers=layers) == r"z_{1}^{(\mathrm{out})}"
    assert write(symbol, "text", layers=layers) == "z₁⁽ᵒᵘᵗ⁾"
    assert write(symbol, "text", layers={2: "q+1"}) == "z₁^(q+1)"
    assert write(symbol, "text", "nielsen", layers={2: "q+1"}) == "z₁^(q+1)"


@pytest.mark.parametrize("name", ["", "l+", "l^2", "l-l", "$l$", "+1", 3, None, "a b+1x"])
def test_names_that_no_layer_can_have_are_refused(name: object) -> None:
    with pytest.raises(ValueError, match=r"^layers: the name of layer 2 is .*, but must be a letter[^\n]*$"):
        write(bp.z(2, 1), layers={2: name})  # type: ignore[dict-item]


def test_ones_are_bold_everywhere() -> None:
    assert [write(Ones(Shape(2, 1)), "latex", notation) for notation in NOTATIONS] == [r"\mathbf{1}"] * 3
