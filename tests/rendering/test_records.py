"""A record says when each beat was, in which words, and which equations stood there, with their numbers."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import bpmath as bp
from bpmath.notation import write
from scenes.computational_graphs import SumOverPaths
from scenes.general_equations import GeneralEquations
from scenes.matrix_grouping import GroupFinalLayer
from scenes.path_tracing import TraceFinalLayer
from scenes.rendering.records import BeatRecord, EquationRecord, LessonRecord, RecordError, record_of
from scenes.rendering.written_equations import equation_record
from scenes.stage.lesson import LEAST_HOLD, Lesson
from scenes.stage.standing import Standing
from tests.scenes.lessons import perform

DIGITS = 5e-3
"""Numbers are written with three digits."""
SEVERAL = 4
ROUNDING = 1e-9


def played(lesson: type[Lesson], media: Path, **settings: Any) -> LessonRecord:
    return record_of(perform(lesson, settings, media).lesson, "derivation")


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> LessonRecord:
    return played(TraceFinalLayer, tmp_path_factory.mktemp("traced"))


def beat(record: LessonRecord, name: str) -> BeatRecord:
    return next(beat for beat in record.beats if beat.name == name)


def results(numbers: str) -> list[list[float]]:
    """Return what Python makes of both sides of every line of numbers."""
    python = str.maketrans({"·": "*", "−": "-"})
    sides = [line.translate(python).split("=") for line in numbers.splitlines()]
    return [[float(eval(side, {"__builtins__": {}})) for side in pair] for pair in sides]


# -- beats and words ------------------------------------------------------------------------------------


def test_beats_follow_each_other_through_the_whole_lesson(traced: LessonRecord) -> None:
    assert traced.lesson == "TraceFinalLayer"
    assert traced.film == "derivation"
    assert traced.beats[0].start == 0
    assert traced.beats[-1].end == pytest.approx(traced.duration)
    for one, following in zip(traced.beats, traced.beats[1:], strict=False):
        assert one.start < one.end == pytest.approx(following.start)
    assert all(LEAST_HOLD - ROUNDING < beat.still < beat.end - beat.start for beat in traced.beats)


def test_the_words_are_those_of_the_lesson_played_in_that_language(
    traced: LessonRecord, tmp_path: Path
) -> None:
    chinese = perform(TraceFinalLayer, {"language": "zh"}, tmp_path).lesson
    assert [b.captions["zh"] for b in traced.beats] == [b.caption.text for b in chinese.beats]
    assert traced.title["zh"] == "追踪路径"
    assert traced.step["en"].endswith("w₁₁⁽³⁾")
    other = record_of(chinese, "derivation")
    assert [b.captions["en"] for b in other.beats] == [b.captions["en"] for b in traced.beats]
    assert (other.language, traced.language) == ("zh", "en")


# -- equations ------------------------------------------------------------------------------------------


def test_the_equation_stands_once_it_is_written_to_its_end(traced: LessonRecord) -> None:
    whole = bp.derive(bp.example_network(), *bp.example_sample()).path_sum(bp.w(3, 1, 1))
    standing = [b.name for b in traced.beats if any(e.text == whole.to_text() for e in b.equations)]
    names = [b.name for b in traced.beats]
    assert standing == names[names.index("unit") :]
    (equation,) = beat(traced, "product").equations[:1]
    assert equation.latex == whole.to_latex()
    assert equation.mathml.startswith("<math")


def test_its_numbers_are_those_of_the_network(traced: LessonRecord) -> None:
    net, sample = bp.example_network(), bp.example_sample()
    gradient = bp.backward(bp.forward(net, *sample))[bp.w(3, 1, 1)]
    (equation,) = beat(traced, "unit").equations[:1]
    assert equation.numbers is not None
    ((factors, value),) = results(equation.numbers)
    assert equation.numbers.count("·") == 2
    assert value == pytest.approx(gradient, rel=DIGITS)
    assert factors == pytest.approx(gradient, rel=SEVERAL * DIGITS)


def test_equations_are_few_and_different_and_labels_are_none(tmp_path: Path) -> None:
    record = played(SumOverPaths, tmp_path)
    for each in record.beats:
        texts = [equation.text for equation in each.equations]
        assert len(texts) == len(set(texts)) <= SEVERAL
        assert "v₁ = 3" not in texts, "a value on the map is no equation of the board"
    assert any(each.equations for each in record.beats)


@pytest.mark.parametrize("notation", ["article", "nielsen", "row"])
def test_matrices_come_out_as_the_gradient_in_every_notation(notation: str, tmp_path: Path) -> None:
    record = played(GroupFinalLayer, tmp_path, notation=notation)
    net, sample = bp.example_network(), bp.example_sample()
    gradient = bp.backward(bp.forward(net, *sample)).dW[3]
    (named, *_) = record.beats[-1].equations
    assert named.numbers is not None
    value = named.numbers.rpartition("=")[2]
    rows = [[float(entry) for entry in row.split(",")] for row in value.strip(" []").split(";")]
    expected = gradient.T if notation == "row" else gradient
    assert np.array(rows) == pytest.approx(expected, rel=DIGITS)


def test_an_equation_for_every_layer_says_for_which_layer_its_numbers_are(tmp_path: Path) -> None:
    record = played(GeneralEquations, tmp_path)
    assert [e.layer for e in beat(record, "one").equations] == [None]
    assert [e.layer for e in beat(record, "letters").equations if "⁽³⁾" in e.text] == []
    layers = {e.layer for b in record.beats for e in b.equations if "⁽ˡ⁾" in e.text and e.numbers}
    assert layers
    assert all(re.fullmatch(r"l = \d", layer or "") for layer in layers)


def test_an_equation_of_numbers_alone_only_repeats_the_others(tmp_path: Path) -> None:
    record = played(GroupFinalLayer, tmp_path)
    texts = [equation.text for equation in beat(record, "numbers").equations]
    assert len(texts) == 1
    assert "δ" in texts[0]


def test_without_numbers_there_are_none(tmp_path: Path) -> None:
    record = played(TraceFinalLayer, tmp_path, numbers=False)
    equations = [equation for each in record.beats for equation in each.equations]
    assert equations
    assert {equation.numbers for equation in equations} == {None}


def test_a_large_matrix_shows_its_corners() -> None:
    net = bp.Network.random((40, 30, 10), seed=0)
    derivation = bp.derive(net, np.linspace(0, 1, 40), np.eye(10)[0])
    record = equation_record(Standing(derivation.name(2).after), "article")
    assert record.numbers is not None
    assert "…" in record.numbers
    assert len(record.numbers) < 4000
    assert record.text == write(derivation.name(2).after)


def test_mathematics_is_well_formed_and_carries_its_latex(traced: LessonRecord) -> None:
    for each in traced.beats:
        for equation in each.equations:
            math_element = ElementTree.fromstring(equation.mathml)
            assert math_element.get("alttext") == equation.latex
            if equation.numbers_mathml:
                ElementTree.fromstring(equation.numbers_mathml)


# -- the file -------------------------------------------------------------------------------------------


def small() -> dict[str, Any]:
    """Return the smallest record, as JSON has it."""
    words = {"en": "One", "zh": "一"}
    equation = EquationRecord("a", "<math/>", "a", "1", "<math/>", "l = 1")
    record = LessonRecord(
        lesson="Lesson",
        film="film",
        title=words,
        step=words,
        language="en",
        captions="file",
        theme="dark",
        duration=2.0,
        beats=(BeatRecord("first", 0.0, 2.0, words, (equation,)),),
    )
    given: dict[str, Any] = json.loads(record.to_json())
    return given


def test_a_record_survives_its_file(traced: LessonRecord) -> None:
    assert LessonRecord.from_json(traced.to_json()) == traced
    assert "\n" not in traced.to_json()


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (["version"], 99, "version 99"),
        (["lesson"], 3, "lesson of R.json is 3, but it must be a text"),
        (["language"], "fr", "one of en, zh"),
        (["captions"], "often", "one of burned, file, off"),
        (["title"], {"en": "One"}, "zh of title of R.json is missing"),
        (["duration"], -1, "duration of R.json is -1.0"),
        (["duration"], math.nan, "duration of R.json is nan"),
        (["duration"], True, "must be a number of seconds"),
        (["beats"], {}, "must be a list"),
        (["beats", 0], None, r"beats\[0\] of R.json is None, but it must be an object"),
        (["beats", 0, "still"], None, r"still of beats\[0\] of R.json is None"),
        (["beats", 0, "end"], "late", "must be a number of seconds"),
        (["beats", 0, "start"], 3.0, r"end of beats\[0\] of R.json is 2.0, but it must be at least 3.0"),
        (["beats", 0, "equations", 0, "latex"], None, r"latex of equations\[0\] of beats\[0\]"),
        (["beats", 0, "equations", 0, "numbers"], 1, "must be a text"),
    ],
    ids=lambda value: "-".join(map(str, value)) if isinstance(value, list) else "",
)
def test_a_corrupt_record_is_one_sentence_that_says_where(place: list[Any], value: Any, words: str) -> None:
    given = small()
    assert LessonRecord.from_json(json.dumps(given)).beats
    *way, last = place
    inner = given
    for step in way:
        inner = inner[step]
    inner[last] = value
    with pytest.raises(RecordError, match=words) as refused:
        LessonRecord.from_json(json.dumps(given), "R.json")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '"text"', "null", '{"version": 1}'])
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(RecordError, match=r"^(R\.json|\w+ of R\.json) .*") as refused:
        LessonRecord.from_json(text, "R.json")
    assert "\n" not in str(refused.value)
