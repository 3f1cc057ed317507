"""Small rendered lessons for the tests of the player: a plain colour for each beat, and difficult words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

import bpmath as bp
from scenes.rendering.records import BeatRecord, EquationRecord, LessonRecord
from scenes.rendering.written_equations import equation_record
from scenes.stage.standing import Standing
from scenes.stage.theme import Role

RATE = 15
SIZE = (160, 90)
BEATS = ("red", "green", "blue", "grey")
COLOURS = {"red": (200, 30, 30), "green": (30, 160, 30), "blue": (30, 30, 200), "grey": (128, 128, 128)}
SECONDS = 1.2
"""How long a beat is: no multiple of the seconds between frames that keyframes are set at."""
STILL = 0.8
"""How much of the end of a beat stands, of a picture that never moves: as long as in a lesson at least."""
HOSTILE = "</script><b>\"It's\" &amp; <!-- 'so' --> \\ {word} $x$"
CHAPTERS = ({"en": "Path tracing · E & w", "zh": "追踪路径 · 一"}, {"en": "Bias", "zh": "偏置"})
CHAPTERS_OF_BEATS = (CHAPTERS[0], CHAPTERS[0], CHAPTERS[1], CHAPTERS[1])
WORDS = {
    "red": {
        "en": "How does the error E change when w₁₁⁽³⁾ changes?",
        "zh": "权重 w₁₁⁽³⁾ 变化时误差 E 如何变化？",
    },
    "green": {"en": HOSTILE, "zh": f"二：{HOSTILE}"},
    "blue": {
        "en": "Blue, the third: one product for each of the ways that lead back to the weight; "
        "and where two of them meet, both are added.",
        "zh": "三：蓝色。",
    },
    "grey": {"en": "The end.", "zh": "完。"},
}


def equations() -> dict[str, tuple[EquationRecord, ...]]:
    """Return what stands on the board at the end of the beats."""
    derivation = bp.derive(bp.example_network(), *bp.example_sample())
    short, long = derivation.path_sum(bp.w(3, 1, 1)), derivation.path_sum(bp.w(1, 1, 1))
    general = derivation.general()[0]
    standing = [
        Standing(short, {(0,): Role.TARGET, (1, 0): Role.LOSS_DERIVATIVE}),
        Standing(long),
        Standing(general.equation, layers=general.letters),
    ]
    first, second, third = (equation_record(each, "article") for each in standing)
    return {"green": (first,), "blue": (second, third)}


def record(lesson: str = "First") -> LessonRecord:
    """Return the record of a lesson of four beats."""
    standing = equations()
    beats = tuple(
        BeatRecord(
            *(name, SECONDS * number, SECONDS * (number + 1), WORDS[name], standing.get(name, ())),
            still=STILL,
        )
        for number, name in enumerate(BEATS)
    )
    return LessonRecord(
        lesson=lesson,
        film="The derivation",
        title={"en": f"{lesson} & foremost", "zh": "路径"},
        step={"en": "w₁₁⁽³⁾ < 1", "zh": "一"},
        language="en",
        captions="file",
        theme="dark",
        duration=SECONDS * len(BEATS),
        beats=beats,
    )


def write_lessons(folder: Path) -> list[Path]:
    """Write two lessons as a render leaves them; return the records.

    The second has captions burned in, and two chapters, as a film of several lessons has.
    """
    second = record("Second")
    beats = tuple(
        replace(beat, chapter=chapter) for beat, chapter in zip(second.beats, CHAPTERS_OF_BEATS, strict=True)
    )
    film = replace(second, film="A film of one's own", beats=beats)
    burned = replace(film, captions="burned", theme="light")
    written = []
    for lesson in (record(), burned):
        file = folder / f"{lesson.lesson}.json"
        file.write_text(lesson.to_json(), encoding="utf-8")
        write_video(file.with_suffix(".mp4"))
        (folder / f"{lesson.lesson}.sections.json").write_text("[]")
        written.append(file)
    return written


def write_video(file: Path) -> None:
    """Write a video with the colour of every beat for as long as the beat is."""
    with av.open(str(file), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(RATE), options={"crf": "18"})
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for name in BEATS:
            picture = np.full((SIZE[1], SIZE[0], 3), COLOURS[name], dtype=np.uint8)
            for _ in range(round(SECONDS * RATE)):
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
