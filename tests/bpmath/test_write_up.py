"""The document: made for all networks, in all formats; what it shows is what the backward pass found."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from latex2mathml.converter import convert
from PIL import Image

import bpmath as bp
from bpmath.algebra import Number, total
from bpmath.handout import FORMATS, write_up
from bpmath.handout import sheet as write_up_sheet
from bpmath.handout.mathml import to_mathml
from bpmath.handout.numbers import with_numbers
from bpmath.handout.words import WORDS
from bpmath.matrices import MatrixSymbol, Shape
from bpmath.naming import Names
from bpmath.notation import NOTATIONS, number
from tests.bpmath.strategies import networks, refused, samples

MATHML = "{http://www.w3.org/1998/Math/MathML}"
PAGE_WIDTH, MARGIN = 21.0, 2.2
DOTS_PER_CM = 24


def _random(sizes: tuple[int, ...], activation: str | list[str], loss: str) -> bp.Derivation:
    network = bp.Network.random(sizes, activation=activation, loss=loss, seed=1)
    y = np.zeros(sizes[-1])
    y[0] = 1.0
    return bp.derive(network, np.random.default_rng(2).random(sizes[0]), y)


@cache
def _derivation(name: str) -> bp.Derivation:
    match name:
        case "example":
            return bp.derive(bp.example_network(), *bp.example_sample())
        case "2-2-2":
            return _random((2, 2, 2), "tanh", "mean_squared_error")
        case "3-4-2":
            return _random((3, 4, 2), ["tanh", "identity"], "softmax_cross_entropy")
        case "2-3-3-1":
            return _random((2, 3, 3, 1), ["relu", "softplus", "sigmoid"], "binary_cross_entropy")
        case "1-1-1":
            return _random((1, 1, 1), "leaky_relu", "squared_error")
        case "3-2":
            return _random((3, 2), "sigmoid", "squared_error")
        case "deep":
            activations = ["relu", "tanh", "sigmoid", "softplus", "identity"]
            return _random((3, 4, 3, 5, 4, 2), activations, "squared_error")
        case "very deep":
            return _random((2,) * 16, "tanh", "squared_error")
    return _random((784, 30, 10), ["relu", "identity"], "softmax_cross_entropy")


SMALL = ("example", "2-2-2", "3-4-2", "2-3-3-1", "1-1-1", "3-2", "deep")
NAMES = (*SMALL, "very deep", "784-30-10")


@cache
def _written(name: str, format: str, notation: str = "article", language: str = "en") -> str:
    return write_up(_derivation(name), format, notation, language)


# The large network takes seconds, so not every notation has its turn with it.
CASES = [*((name, notation) for name in NAMES[:-1] for notation in NOTATIONS), (NAMES[-1], "row")]
every_case = pytest.mark.parametrize(("name", "notation"), CASES)
every_notation = pytest.mark.parametrize("notation", NOTATIONS)


# -- every format ---------------------------------------------------------------------------------------


def _images(source: str) -> list[np.ndarray]:
    found = typst.compile(source.encode(), format="png", ppi=DOTS_PER_CM * 2.54)
    pages = found if isinstance(found, list) else [found]
    return [np.asarray(Image.open(io.BytesIO(page)).convert("L")) for page in pages]


@every_case
def test_typst_compiles_and_nothing_runs_off_the_page(name, notation):
    pages = _images(_written(name, "typst", notation))
    assert 6 <= len(pages) <= 40
    edge = int((MARGIN - 0.15) * DOTS_PER_CM)
    for page in pages:
        assert abs(page.shape[1] - PAGE_WIDTH * DOTS_PER_CM) < 3
        assert page.min() < 128, "an empty page"
        assert page[:, :edge].min() == 255, "ink in the left margin"
        assert page[:, -edge:].min() == 255, "ink in the right margin"


@pytest.mark.parametrize("name", ["example", "784-30-10"])
def test_typst_makes_a_pdf(name):
    assert typst.compile(_written(name, "typst").encode(), format="pdf").startswith(b"%PDF-")


@every_case
def test_html_is_one_well_formed_page_that_needs_nothing_else(name, notation):
    source = _written(name, "html", notation)
    doctype, rest = source.split("\n", 1)
    assert doctype == "<!DOCTYPE html>"
    root = ElementTree.fromstring(rest)
    tags = {element.tag.split("}")[-1] for element in root.iter()}
    assert not tags & {"script", "link", "img", "iframe", "object"}
    addresses = set(re.findall(r"https?://[^\"' <]+", source))
    assert addresses == {"http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML"}


ARITY = {"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3}
TOKENS = {"mi", "mn", "mo"}
CONTAINERS = {"math", "mrow", "mtable", "mtr", "mtd", "msqrt"}


def _mathml_elements(source: str) -> Iterator[ElementTree.Element]:
    for element in ElementTree.fromstring(source.split("\n", 1)[1]).iter():
        if element.tag.startswith(MATHML):
            yield element


@every_case
def test_html_has_mathml_that_is_valid(name, notation):
    for element in _mathml_elements(_written(name, "html", notation)):
        tag = element.tag.removeprefix(MATHML)
        assert tag in {*ARITY, *TOKENS, *CONTAINERS}
        if tag in ARITY:
            assert len(element) == ARITY[tag], ElementTree.tostring(element)
        if tag in TOKENS:
            assert element.text and not len(element)
        else:
            assert not (element.text or "").strip(), f"bare text {element.text!r} in {tag}"
            assert not any((child.tail or "").strip() for child in element)
        if tag == "mn":
            float(element.text or "")
        if tag == "math":
            assert element.get("alttext")


@every_case
def test_latex_is_balanced(name, notation):
    source = _written(name, "latex", notation)
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", source):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0
    opened: list[str] = []
    for kind, environment in re.findall(r"\\(begin|end){(\w+)}", source):
        if kind == "begin":
            opened.append(environment)
        else:
            assert opened.pop() == environment
    assert not opened
    assert source.count(r"\left") - source.count(r"\leftarrow") == source.count(r"\right")
    assert source.startswith(r"\documentclass") and source.endswith("\\end{document}\n")
    words = re.sub(r"\$[^$]*\$|\\begin{equation}.*?\\end{equation}|\\\w+|\\.", "", source, flags=re.DOTALL)
    body = words.split("{document}")[1]
    assert body.isascii() and not set("#%_^") & set(body)


@pytest.mark.parametrize("name", ["3-4-2", "2-3-3-1"])
@every_notation
def test_latex_formulas_are_understood_by_another_reader(name, notation):
    source = _written(name, "markdown", notation)
    displays = re.findall(r"\$\$\n(.*?) \\tag{\d+}\n\$\$", source, re.DOTALL)
    inline = re.findall(r"(?<![$\\])\$([^$\n]+)\$", source)
    assert len(displays) > 30 and len(inline) > 50
    for formula in {*displays, *inline}:
        assert "merror" not in convert(formula)


@every_case
def test_markdown_has_whole_tables_and_closed_formulas(name, notation):
    source = _written(name, "markdown", notation)
    assert source.count("$$") % 2 == 0
    for block in source.strip().split("\n\n"):
        if block.startswith("|"):
            header, rule, *rows = block.split("\n")
            assert set(rule) <= set("| -") and rows
            assert {row.count("|") for row in (header, rule, *rows)} == {header.count("|")}
        elif not block.startswith("$$"):
            assert "\n" not in block.strip()
            assert block.count("$") % 2 == 0


@pytest.mark.parametrize("format", FORMATS)
@every_notation
def test_the_same_derivation_gives_the_same_document(format, notation):
    again = bp.derive(bp.example_network(), *bp.example_sample())
    assert write_up(again, format, notation) == _written("example", format, notation)


def _check_sections(source: str, format: str, language: str) -> None:
    mark = {"typst": "= ", "latex": r"\section{", "markdown": "## ", "html": "<h2>"}[format]
    sections = ("network", "indices", "forward", "paths", "factoring", "grouping", "substitution", "layers")
    for key in (*sections, "loss", "general", "check", "gradients"):
        assert f"\n{mark}{WORDS[language][key]}" in source


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_every_section_is_there(format, name):
    _check_sections(_written(name, format), format, "en")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("language", WORDS)
def test_every_language_has_the_same_sections_and_equations(format, language):
    _check_sections(_written("example", format, language=language), format, language)
    displayed = {
        "typst": r"#equation\((\d+)\)\[\$(.*?)\$\]",
        "latex": r"\\tag{(\d+)}\n(.*?)\n\\end{equation}",
        "markdown": r"\$\$\n(.*?)\\tag{(\d+)}\n\$\$",
        "html": r'class="formula">(.*?)</div><span>\((\d+)\)',
    }
    found, wanted = (
        re.findall(displayed[format], _written("example", format, language=each), re.DOTALL)
        for each in (language, "en")
    )
    assert found == wanted
    assert len(found) > 60


@pytest.mark.parametrize("name", SMALL)
def test_chinese_documents_have_chinese_words(name):
    source = _written(name, "markdown", language="zh")
    words = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", "1", source, flags=re.DOTALL)
    names = {"sigmoid", "ReLU", "softplus", "softmax", "BP", "l", "L", "f"}
    assert set(re.findall("[A-Za-z]+", words)) <= names
    assert " ，" not in words and "{" not in words


def test_a_chinese_document_says_how_it_is_set():
    assert r"\usepackage[scheme=plain]{ctex}" in _written("example", "latex", language="zh")
    assert "inputenc" not in _written("example", "latex", language="zh")
    assert '<html lang="zh"' in _written("example", "html", language="zh")
    assert 'lang: "zh"' in _written("example", "typst", language="zh")


@pytest.mark.parametrize("format", FORMATS)
def test_equations_are_numbered_in_order(format):
    pattern = {"typst": r"#equation\((\d+)\)", "html": r"<span>\((\d+)\)</span>"}
    found = re.findall(pattern.get(format, r"\\tag{(\d+)}"), _written("example", format))
    assert list(map(int, found)) == list(range(1, len(found) + 1))
    assert len(found) > 60


# -- what it says ---------------------------------------------------------------------------------------


def _shown_gradients(source: str, notation: str) -> Iterator[tuple[bp.Symbol, float]]:
    """Yield the parameters and the numbers of the last table of a Markdown document."""
    letter = {"article": "E", "nielsen": "C", "row": "L"}[notation]
    name = rf"\\frac{{\\partial {letter}}}{{\\partial ([wb])_{{([\d,]+)}}\^{{\(?(\d+)\)?}}}}"
    table = source.split(f"## {WORDS['en']['gradients']}")[1]
    cells = re.findall(rf"\${name}\$ \| \$([^$]+)\$", table)
    for kind, below, above, value in cells:
        indices = tuple(map(int, below.split(",") if "," in below else below))
        if notation == "row" and kind == "w":
            indices = indices[::-1]
        layer = int(above) + (notation == "row")
        digits, _, exponent = value.partition(r" \cdot 10^")
        yield bp.Symbol(kind, layer, indices), float(digits) * 10.0 ** int(exponent.strip("{}") or 0)


@pytest.mark.parametrize("name", SMALL)
@every_notation
def test_the_gradients_shown_are_those_of_differences_and_of_the_backward_pass(name, notation):
    derivation = _derivation(name)
    shown = dict(_shown_gradients(_written(name, "markdown", notation), notation))
    check = bp.gradient_check(derivation.network, derivation.run.x, derivation.run.y)
    count = len(derivation.network.parameters())
    assert len(shown) == count if count <= 60 else 8 * derivation.network.layers <= len(shown) < count
    for symbol, value in shown.items():
        exact = derivation.gradients[symbol]
        assert value == pytest.approx(exact, rel=5.1e-3, abs=0)
        assert value == pytest.approx(check.numeric[symbol], rel=6e-3, abs=1e-8)


def test_numbers_of_the_example_are_where_they_belong():
    source = _written("example", "markdown")
    assert "18 of 18 gradients agree" in source
    # (a - y) sigmoid'(z) a of the layer before, worked out with NumPy alone
    a1 = 1 / (1 + np.exp(-(np.array([[-0.2, 0.5], [-0.4, 1.1]]) @ [0.6, 0.8] + [0.3, -0.2])))
    a2 = 1 / (1 + np.exp(-(np.array([[0.7, -1.0], [-1.3, 1.4]]) @ a1 + [0.4, 0.1])))
    a3 = 1 / (1 + np.exp(-(np.array([[0.8, -0.9], [-0.3, 1.2]]) @ a2 + [-0.5, 0.8])))
    factors = [a3[0] - 1, a3[0] * (1 - a3[0]), a2[0]]
    written = r" \cdot ".join(f"({factor:.3f})" if factor < 0 else f"{factor:.3f}" for factor in factors)
    assert f"= {written} \\\\\n & = {np.prod(factors):.4f}" in source


def test_a_wrong_gradient_is_not_written_up():
    derivation = bp.derive(bp.example_network(), *bp.example_sample())
    wrong = {layer: gradient.copy() for layer, gradient in derivation.gradients.dW.items()}
    wrong[2][1, 0] *= 1.001
    with pytest.raises(bp.FalseEquation):
        write_up(replace(derivation, gradients=replace(derivation.gradients, dW=wrong)))


def test_a_large_network_is_elided_and_says_so():
    source = _written("784-30-10", "markdown")
    assert len(source) < 150_000
    assert "weights and biases: 23,860" in source
    assert "23860 of 23860" not in source and "23,860 of 23,860 gradients agree" in source
    assert "Of the 23,860 gradients of the error, the first 8 weights and biases of each layer " in source
    assert "Of matrices with more than 6 rows or columns the middle is left out." in source
    assert "Shown are the equations of the nodes 1, 2, 30 and the sources 1, 2, 784 only" in source
    gradients = list(_shown_gradients(source, "article"))
    assert len(gradients) == 32
    for symbol, value in gradients:
        assert value == pytest.approx(_derivation("784-30-10").gradients[symbol], rel=5.1e-3, abs=0)


def test_paths_too_many_to_write_are_counted_exactly():
    source = _written("very deep", "markdown")
    assert "16,384 paths lead from" in source  # 2^14: one way into each of 14 layers behind the first
    assert "more than the 1,000 that are worked out here" in source


def test_of_a_deep_network_the_first_and_last_layers_are_written_out():
    source = _written("very deep", "markdown")
    assert "only the first 3 and the last 3 of the 15 layers are shown" in source
    assert re.findall(r"\n### Layer (\d+)\n", source.split("## The forward pass")[1].split("\n## ")[0]) == [
        *"123",
        *("13", "14", "15"),
    ]
    assert "BP2, the deltas of the layers before (layers 1–14):" in source
    assert "BP4" in source and {symbol.layer for symbol, _ in _shown_gradients(source, "article")} == {
        *(1, 2, 3),
        *(13, 14, 15),
    }


def test_one_layer_has_no_recursion():
    source = _written("3-2", "markdown")
    assert "has no layer before the last, and so no BP2" in source
    assert "BP2, " not in source
    assert "BP2, the deltas of the layer before (layer 1):" in _written("1-1-1", "markdown")


@pytest.mark.parametrize("format", FORMATS)
def test_saturated_outputs_are_said_to_be(format):
    network = bp.Network([[[40.0]]], [[0.0]], activation="sigmoid", loss="binary_cross_entropy")
    source = write_up(bp.derive(network, [1.0], [1.0]), format)
    assert WORDS["en"]["saturated"] in source


def test_a_check_that_cannot_be_made_says_why():
    network = bp.Network([[[1e12]]], [[0.0]], activation="tanh")
    source = write_up(bp.derive(network, [1.0], [0.0]), "html")
    assert "cannot be made at this sample: step is 1e-05, but w(1, 1, 1)" in source
    ElementTree.fromstring(source.split("\n", 1)[1])


def test_indices_are_explained_as_the_notation_has_them():
    column, row = (_written("784-30-10", "markdown", notation) for notation in ("article", "row"))
    assert "$w_{23}^{(2)}$ belongs to layer 2: it leads to node 2, from $a_{3}^{(1)}$" in column
    assert "$w_{32}^{1}$ comes from number 3, $a_{3}^{1}$, and leads to node 2 of layer 2" in row


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from(NOTATIONS))
def test_any_network_can_be_written_up(data, notation):
    network = data.draw(networks())
    x, y = data.draw(samples(network))
    derivation = bp.derive(network, x, y)
    page = write_up(derivation, "html", notation)
    ElementTree.fromstring(page.split("\n", 1)[1])
    typst.compile(write_up(derivation, "typst", notation).encode(), format="pdf")


# -- words and arguments --------------------------------------------------------------------------------


class _Recorded(dict[str, str]):
    """A catalogue that remembers which of its sentences were used."""

    def __init__(self, words: Mapping[str, str]) -> None:
        super().__init__(words)
        self.used: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self.used.add(key)
        return super().__getitem__(key)


def test_every_sentence_of_the_catalogue_is_used(monkeypatch):
    words = _Recorded(WORDS["en"])
    monkeypatch.setattr(write_up_sheet, "WORDS", {"en": words})
    for name in NAMES:
        write_up(_derivation(name), "markdown")
    write_up(_derivation("example"), "markdown", "row")
    saturated = bp.Network([[[40.0]]], [[0.0]], activation="sigmoid", loss="binary_cross_entropy")
    write_up(bp.derive(saturated, [1.0], [1.0]), "markdown")
    lost = bp.Network([[[1e12]]], [[0.0]], activation="identity")
    write_up(bp.derive(lost, [1.0], [0.0]), "markdown")
    # These two need a network that takes long, and a sample exactly beside a kink.
    assert set(words) - words.used == {"check.skipped", "check.disagreeing"}


def test_a_kink_is_named_where_the_check_disagrees():
    network = bp.Network([[[1.0]], [[1.0]]], [[0.0], [0.0]], activation=["relu", "identity"])
    source = write_up(bp.derive(network, [1e-7], [1.0]), "markdown")
    assert WORDS["en"]["check.disagreeing"] in source


@pytest.mark.parametrize("language", WORDS)
def test_placeholders_are_the_same_in_every_language(language):
    names = {key: set(re.findall(r"{(\w+)}", words)) for key, words in WORDS["en"].items()}
    assert {key: set(re.findall(r"{(\w+)}", words)) for key, words in WORDS[language].items()} == names


def test_what_is_unknown_is_refused(example):
    with refused("format is 'pdf', but it must be one of typst, latex, markdown, html"):
        write_up(example, "pdf")
    with refused("format is 'latx' (did you mean 'latex'?), but it must be one of"):
        write_up(example, "latx")
    with refused("notation is 'rows' (did you mean 'row'?), but it must be one of"):
        write_up(example, "typst", "rows")
    with refused("language is 'fr', but it must be one of en, zh"):
        write_up(example, language="fr")


# -- the pieces -----------------------------------------------------------------------------------------


def test_numbers_take_the_place_of_symbols_with_their_signs(example):
    definition = example.definition(bp.z(1, 1))
    numbers = with_numbers(definition.rhs, example.values)
    assert bp.Equation(definition.lhs, numbers, example.values).to_text() == (
        "z₁⁽¹⁾ = (-0.2) · 0.6 + 0.5 · 0.8 + 0.3"
    )
    negative = with_numbers(total((Number(0.5), Number(-0.2))), example.values)
    assert bp.notation.write(negative) == "0.5 - 0.2"


def test_a_number_behind_parentheses_gets_a_dot():
    """((-0.147) 0.8 + 0.134 (-0.3)) 0.246 could be read as a function of 0.246."""
    assert r"= ((-0.147) \cdot 0.8 + 0.134 \cdot (-0.3)) \cdot 0.246" in _written("example", "markdown")


def test_mathml_of_a_gradient():
    body = to_mathml(bp.Derivative(bp.E, bp.w(2, 1, 2)))
    assert body.startswith('<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="')
    assert r'alttext="\frac{\partial E}{\partial w_{12}^{(2)}}">' in body
    index = "<mrow><mn>12</mn></mrow>"
    layer = '<mrow><mo stretchy="false">(</mo><mn>2</mn><mo stretchy="false">)</mo></mrow>'
    below = f"<mrow><mo>∂</mo><msubsup><mi>w</mi>{index}{layer}</msubsup></mrow>"
    above = "<mrow><mo>∂</mo><mi>E</mi></mrow>"
    assert f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>" in body


@pytest.mark.parametrize("value", [0.0, 3.0, -0.25, 1.5e-7, -2.5e9])
def test_mathml_of_numbers_says_what_text_says(value):
    element = ElementTree.fromstring(to_mathml(Number(value)))
    tokens = "".join(part.text or "" for part in element.iter()).replace("−", "-")
    digits, _, exponent = tokens.partition("·10")
    assert float(digits) * 10.0 ** int(exponent or 0) == pytest.approx(float(number(value)), rel=1e-12)


def test_mathml_of_named_matrices_is_bold_and_knows_its_layers(example):
    names = Names(example.network)
    assert "<mi>𝐖</mi>" in to_mathml(names.weights(2))
    assert "<mi>𝛅</mi>" in to_mathml(names.vector("delta", 2))
    assert "<mi>w</mi>" in to_mathml(names.weights(2), "nielsen")
    general = to_mathml(MatrixSymbol("W", 3, Shape(2, 2)), layers={2: "l"})
    assert '<mi>l</mi><mo form="infix" lspace="0" rspace="0">+</mo><mn>1</mn>' in general
