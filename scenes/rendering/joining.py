"""Joins rendered parts to one video without encoding again; subtitles and sections follow one another."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import av
import srt

from scenes.rendering.film_records import join_records
from scenes.rendering.playing import SECTIONS
from scenes.rendering.records import LessonRecord

__all__ = ["join"]


def join(parts: Sequence[Path], target: Path) -> Fraction:
    """Join videos, with what lies beside them, to one, and return its length in seconds.

    All must have been encoded alike.

    Raises ValueError where they were not.
    """
    lengths = join_videos(parts, target)
    subtitles, sections, start = [], [], Fraction(0)
    for part, length in zip(parts, lengths, strict=True):
        shift = timedelta(seconds=float(start))
        start += length
        if not part.with_suffix(SECTIONS).is_file():
            continue
        for subtitle in srt.parse(part.with_suffix(".srt").read_text(encoding="utf-8")):
            subtitle.start, subtitle.end = subtitle.start + shift, subtitle.end + shift
            subtitles.append(subtitle)
        sections += json.loads(part.with_suffix(SECTIONS).read_text(encoding="utf-8"))
    for section in sections:
        section["video"] = target.name
    records = [part.with_suffix(".json") for part in parts]
    if all(record.is_file() for record in records):
        read = [LessonRecord.from_json(file.read_text(encoding="utf-8"), str(file)) for file in records]
        joined = join_records(read, list(map(float, lengths)))
        target.with_suffix(".json").write_text(joined.to_json(), encoding="utf-8")
    target.with_suffix(".srt").write_text(srt.compose(subtitles), encoding="utf-8")
    target.with_suffix(SECTIONS).write_text(json.dumps(sections, indent=4), encoding="utf-8")
    return start


def join_videos(parts: Sequence[Path], target: Path) -> list[Fraction]:
    """Join the pictures of videos; return how many seconds each of them lasts."""
    lengths: list[Fraction] = []
    with av.open(str(target), "w") as container, av.open(str(parts[0])) as first:
        stream = container.add_stream_from_template(first.streams.video[0])
        settings = first.streams.video[0].codec_context.extradata
        for part in parts:
            with av.open(str(part)) as source:
                video = source.streams.video[0]
                if video.codec_context.extradata != settings:
                    raise ValueError(f"{part.name} was encoded in another way than {parts[0].name}")
                rate, base = video.average_rate, video.time_base
                assert rate is not None and base is not None
                start, frames = sum(lengths, Fraction(0)), 0
                for packet in source.demux(video):
                    if packet.dts is None or packet.pts is None:
                        continue
                    shift = round(start / base)
                    packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                    packet.stream = stream
                    container.mux(packet)
                    frames += 1
                lengths.append(frames / rate)
    return lengths
