"""What is written compiles, and reads as a book prints it."""

from __future__ import annotations

import math

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

import bpmath as bp
from bpmath.algebra import (
    MAX,
    Apply,
    Function,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Quantity,
    Quotient,
    Sum,
)
from bpmath.notation import Place, number, write
from tests.bpmath.strategies import networks, samples

X, Y = Quantity(bp.x(1)), Quantity(bp.y(2))
ROOT, SLOPE = Function("sqrt", math.sqrt), Function("sigmoid'", math.exp)


def compile_typst(formulas: list[str], preamble: str = "") -> bytes:
    """Compile formulas, one below the other; raises TypstError where one is wrong."""
    source = f"#set page(width: auto, height: auto)\n{preamble}\n" + "\n\n".join(
        f"$ {formula} $" for formula in formulas
    )
    return typst.compile(source.encode(), format="svg")


@settings(max_examples=40)
@given(data=st.data(), network=networks())
def test_every_equation_compiles_in_typst(data: st.DataObject, network: bp.Network) -> None:
    derivation = bp.derive(network, *data.draw(samples(network)))
    equations = [derivation.definition(node.symbol) for node in derivation.graph.nodes]
    for parameter in network.parameters():
        equations.append(derivation.path_sum(parameter))
        equations.append(derivation.path_sum(parameter, unit_factors=True))
    equations += [derivation.activation_formula(bp.a(layer, 1)) for layer in range(1, network.layers + 1)]
    equations += [derivation.local_equation(edge) for edge in derivation.trace.locals]
    assert compile_typst([equation.to_typst() for equation in equations]).startswith(b"<svg")
    for equation in equations:
        assert equation.to_latex().count("{") == equation.to_latex().count("}")
        assert "\n" not in equation.to_text()


def test_a_wrong_formula_would_be_found() -> None:
    with pytest.raises(typst.TypstError):
        compile_typst(["frac(a"])


def test_the_article_prints_layers_above_and_to_from_below(example: bp.Derivation) -> None:
    equation = example.path_sum(bp.w(3, 1, 2))
    assert equation.to_text() == "∂E/∂w₁₂⁽³⁾ = ∂e₁/∂a₁⁽³⁾ · ∂a₁⁽³⁾/∂z₁⁽³⁾ · ∂z₁⁽³⁾/∂w₁₂⁽³⁾"
    assert equation.to_latex() == (
        r"\frac{\partial E}{\partial w_{12}^{(3)}} = \frac{\partial e_{1}}{\partial a_{1}^{(3)}} \cdot "
        r"\frac{\partial a_{1}^{(3)}}{\partial z_{1}^{(3)}} \cdot "
        r"\frac{\partial z_{1}^{(3)}}{\partial w_{12}^{(3)}}"
    )
    assert equation.to_typst().startswith("frac(partial E, partial w_(12)^((3))) = ")


def test_indices_over_nine_are_kept_apart() -> None:
    assert write(bp.w(1, 12, 3), "latex") == "w_{12,3}^{(1)}"
    assert write(bp.w(1, 1, 23), "text") != write(bp.w(1, 12, 3), "text")


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (Sum((X, Negative(Y))), "x₁ - y₂"),
        (Negative(Sum((X, Y))), "- (x₁ + y₂)"),
        (Product((Sum((X, Y)), Partial(bp.E, bp.e(1)))), "(x₁ + y₂) · ∂E/∂e₁"),
        (Power(Sum((X, Negative(Y))), Number(2)), "(x₁ - y₂)²"),
        (Quotient(Number(1), Sum((X, Y))), "1/(x₁ + y₂)"),
        (Apply(MAX, (Number(0), X)), "max(0, x₁)"),
        (Product((Number(2), Number(3))), "2 · 3"),
        (Sum((X, Product((Number(-2), Y)))), "x₁ + (-2) y₂"),
        (Sum((X, Negative(Sum((X, Y))))), "x₁ - (x₁ + y₂)"),
        (Quotient(Number(1), Product((Sum((X, Y)), Sum((X, Y))))), "1/((x₁ + y₂) (x₁ + y₂))"),
        (Apply(ROOT, (Sum((X, Y)),)), "sqrt(x₁ + y₂)"),
        (Power(Apply(ROOT, (X,)), Number(2)), "sqrt(x₁)²"),
        (Apply(SLOPE, (X,)), "σ'(x₁)"),
    ],
)
def test_parentheses_stand_where_they_must(expression: bp.Expression, text: str) -> None:
    assert write(expression, "text") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0743219, "0.0743"),
        (-0.5, "-0.5"),
        (0.25000001, "0.250"),
        (1.0, "1"),
        (0.0, "0"),
        (-0.0, "0"),
        (123.456, "123"),
        (784.0, "784"),
        (0.99996, "1.00"),
        (1234.5, "1234"),
        (1e-7, "1e-7"),
        (-2.5e-5, "-2.5e-5"),
        (1.00001e-7, "1.00e-7"),
        (-2.346e9, "-2.35e9"),
        (9.999e-4, "0.00100"),
        (9.99e-5, "9.99e-5"),
    ],
)
def test_numbers_have_three_significant_digits(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "typst", "latex"),
    [
        (1e-7, "10^(-7)", "10^{-7}"),
        (-1e6, "-10^(6)", "-10^{6}"),
        (2.5e-5, "2.5 dot 10^(-5)", r"2.5 \cdot 10^{-5}"),
        (1.00001e-7, "1.00 dot 10^(-7)", r"1.00 \cdot 10^{-7}"),
    ],
)
def test_a_power_of_ten_alone_has_no_factor(value: float, typst: str, latex: str) -> None:
    assert (number(value, "typst"), number(value, "latex")) == (typst, latex)


@given(st.floats(-1e300, 1e300))
def test_a_written_number_is_the_number_to_three_digits(value: float) -> None:
    assert float(number(value)) == pytest.approx(value, rel=5.001e-3, abs=0)


def test_marks_see_every_leaf(example: bp.Derivation) -> None:
    places: list[Place] = []

    def mark(place: Place, source: str) -> str:
        places.append(place)
        return source

    equation = example.path_sum(bp.w(2, 1, 1))
    marked = write(equation, "typst", mark=mark)
    assert marked == equation.to_typst()
    assert len(set(places)) == len(places)
    assert Place((0,), "numerator") in places
    assert Place((1, 0, 1, 2), "denominator") in places
    assert Place((), "equals") in places


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"language": "latx"}, r"language is 'latx' \(did you mean 'latex'\?\).*typst, latex, text"),
        (
            {"notation": "articel"},
            r"notation is 'articel' \(did you mean 'article'\?\).*article, nielsen, row",
        ),
    ],
)
def test_unknown_ways_of_writing_are_refused(arguments: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        write(X, **arguments)  # type: ignore[arg-type]


def test_what_is_not_finite_is_not_written() -> None:
    with pytest.raises(ValueError, match="inf cannot be written"):
        number(float("inf"))


def test_long_sums_show_an_ellipsis() -> None:
    terms = Sum(tuple(Quantity(bp.x(k)) for k in range(1, 10)))
    assert write(terms, longest_sum=4) == "x₁ + x₂ + … + x₉"
