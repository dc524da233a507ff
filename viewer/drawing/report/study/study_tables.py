"""The tables of a study's report: totals, skips, layers, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.inference.measures.table import MEASURES
from analysis.study.columns import REST
from analysis.study.report import KEYS
from viewer.drawing.report.html import Table
from viewer.text import number_format
from viewer.text.block_names import block_name
from viewer.text.split_words import split_words
from viewer.text.translation import language, tr

MOST_SKIPPED = 200
MOST_NUMBERS = 16
"""Channels of a layer that are named."""


def totals_table(answer: Mapping[str, Any]) -> Table:
    """How many images, and what outputs are worth."""
    rows = [(tr("Images"), _images(answer))]
    f = answer["f"]
    names = {
        "psnr": tr("PSNR against the target, dB"),
        "dice": tr("soft Dice against the target"),
        "mse": tr("minus the mean squared difference from the output with all skips"),
    }
    if f["name"]:
        rows.append((tr("Skips are worth"), names.get(f["name"], f["name"])))
        rows.append((tr("With all skips"), mean_text(f["all"])))
        rows.append((tr("Without skips"), mean_text(f["none"])))
    for name, score in answer["scores"].items():
        rows.append((name.upper() if name != "iou" else "IoU", mean_text(score)))
    dead = sum(map(len, answer["dead_channels"].values()))
    rows.append((tr("Channels that are 0 in every image"), str(dead)))
    words = words_of_share(answer)
    captions = {KEYS.get(each.key, each.key): tr(each.caption, **words) for each in MEASURES}
    for key, remark in answer["remarks"].items():
        count, example = remark["images"], remark["example"]
        said = tr("{count} images: {example}", count=count, example=example)
        if count == 1:
            said = tr("One image: {example}", example=example)
        rows.append((tr("Remark on {measure}", measure=captions.get(key, key)), said))
    return Table(tr("Data"), (), rows)


def _images(answer: Mapping[str, Any]) -> str:
    if answer["complete"] and not answer["skipped"]:
        return number_format.grouped(answer["images"])
    return tr(
        "{measured} of {all}, {skipped} left out",
        measured=answer["images"],
        all=answer["of"],
        skipped=len(answer["skipped"]),
    )


def mean_text(found: Mapping[str, Any] | None, part: bool = False) -> str:
    """A mean and half its interval: 0.29 ± 0.01; of a `part` of 1 in per cent, 29.1 ± 0.4 %."""
    if found is None:
        return "–"
    half = None if found["low"] is None else (found["high"] - found["low"]) / 2
    if part:
        return _part_text(found["mean"], half)
    mean = _figures(found["mean"], 3)
    return mean if half is None else _with(mean, _figures(half, 2))


def _part_text(mean: float, half: float | None) -> str:
    """In per cent, with as many decimals as show both as more than 0, at most three."""
    largest = max(abs(mean), half or 0.0)
    if not largest:
        return number_format.percent(0.0)
    shown = [each for each in (abs(mean), half) if each]
    digits = next((n for n in (1, 2) if all(round(100 * each, n) for each in shown)), 3)
    if half is None or not round(100 * largest, digits):
        return number_format.percent(mean, digits)
    written = number_format.decimal(100 * mean, digits)
    return _with(written, number_format.percent(half, digits))


def _with(mean: str, half: str) -> str:
    """A mean and half its interval on one line, however narrow the column."""
    return f"{mean}\N{NO-BREAK SPACE}±\N{NO-BREAK SPACE}{half}"


def _figures(value: float, count: int) -> str:
    """So many figures, zeros at the end as well: 28.0, 0.740, −0.67; nothing is 0."""
    if not value:
        return "0"
    return f"{value:#.{count}g}".rstrip(".").replace("-", "−")


def skips_table(answer: Mapping[str, Any]) -> Table:
    """A row a skip with every measure, then what is no skip."""
    keys = [KEYS.get(each.key, each.key) for each in MEASURES]
    shown = [key for key in keys if any(skip.get(key) for skip in answer["skips"])]
    units = answer["units"] | {KEYS.get(each.key, each.key): "%" for each in MEASURES if each.unit}
    parts = {key for key, unit in units.items() if unit == "%"}
    scores = list(answer["scores"])
    rows_of = {KEYS.get(each.key, each.key): each for each in MEASURES}
    columns = (tr("Skip"), *(_titled(tr(rows_of[key].title), units.get(key, "")) for key in shown))
    columns += tuple(tr("{score}, skip off", score=name.upper()) for name in scores)
    rows = []
    for skip in answer["skips"]:
        means = [mean_text(skip.get(key), key in parts) for key in shown]
        rows.append(
            (block_name(skip["name"]), *means, *(mean_text(skip["off"].get(n)) for n in scores))
        )
    for rest in REST:
        if answer[rest]:
            means = [mean_text(answer[rest].get(key), key in parts) for key in shown]
            title = tr("bottleneck") if rest == "bottleneck" else tr("biases")
            rows.append((title, *means, *("–" for _ in scores)))
    note = tr("Mean over the images, and half the interval that holds it with 95 %.")
    words = words_of_share(answer)
    said = [(tr(rows_of[key].title), tr(rows_of[key].caption, **words)) for key in shown]
    more = [f"{title}: {caption}" for title, caption in said if not caption.startswith(title)]
    if answer["share_of"]["before"]:
        more = [caption for title, caption in said if caption.startswith(title)] + more
    note = language.row.space.join(filter(None, (note, tr("; ").join(more))))
    return Table(tr("Skips"), columns, rows, note=note)


def words_of_share(answer: Mapping[str, Any]) -> dict[str, str]:
    """What the shares are shares of, in as many words as a report has room for."""
    words = split_words(answer["share_of"]["before"] or "")
    return {**words, "split": words["whole"]}


def _titled(title: str, unit: str) -> str:
    """A column's title; per cents stand in its cells."""
    return f"{title}, {unit}" if unit and unit != "%" else title


def layers_table(answer: Mapping[str, Any]) -> Table:
    """Every layer: its fields, the range of its values, and channels that never change."""
    rows = []
    for layer, each in answer["activations"].items():
        field = answer["effective"].get(layer)
        dead = answer["dead_channels"].get(layer)
        rows.append(
            (
                layer,
                "" if field is None else number_format.decimal(field["radius"]),
                "" if field is None else number_format.decimal(field["theoretical"]),
                _number(each["low"]),
                _number(each["mean"]),
                _number(each["high"]),
                "" if dead is None else _numbers(dead),
            )
        )
    columns = (
        tr("Layer"),
        tr("Effective radius (px)"),
        tr("Theoretical (px)"),
        tr("Smallest"),
        tr("Mean"),
        tr("Largest"),
        tr("Dead channels"),
    )
    return Table(tr("Layers"), columns, rows, note=tr("Channels are counted from 0."))


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}".replace("-", "−")


def _numbers(channels: list[int]) -> str:
    more = " …" if len(channels) > MOST_NUMBERS else ""
    return ", ".join(map(str, channels[:MOST_NUMBERS])) + more if channels else tr("none")


def skipped_table(answer: Mapping[str, Any]) -> Table:
    """Every image that was left out, and why."""
    rows = list(answer["skipped"].items())
    more = len(rows) - MOST_SKIPPED
    kept = rows[:MOST_SKIPPED]
    total = (tr("{count} others", count=more), tr("see report.json")) if more > 0 else ()
    return Table(tr("Left out"), (), kept, total)
