"""What a benchmark answers: rows of a figure and its aim, and the one table they are printed in."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import NamedTuple


@dataclass(frozen=True)
class Row:
    """One figure. `figure` is None where nothing could be measured; `note` then says why.

    An aim is `at_most` or `at_least`; a row without one is told for comparison. `busy` is the
    same figure in processor time of this process: where other programs run it is the steadier.
    """

    what: str
    figure: float | None
    unit: str = "ms"
    at_most: float | None = None
    at_least: float | None = None
    busy: float | None = None
    note: str = ""

    @property
    def aim(self) -> str:
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return "" if self.at_least is None else f"≥ {self.at_least:g}"

    @property
    def verdict(self) -> str:
        """ "met", "missed", or the note where there is no aim or no figure."""
        if self.figure is None or not self.aim:
            return self.note
        met = (self.at_most is None or self.figure <= self.at_most) and (
            self.at_least is None or self.figure >= self.at_least
        )
        return "met" if met else "missed"


class Lap(NamedTuple):
    """Milliseconds of one piece of work, on the clock and on the processor."""

    clock: float
    busy: float


Measure = Callable[[bool], Sequence[Row]]
"""A benchmark: told whether the smallest sizes do, it measures and answers its rows."""


def timed(work: Callable[[], object]) -> Lap:
    """How long `work` takes once."""
    clock, busy = time.perf_counter(), time.process_time()
    work()
    return Lap(1e3 * (time.perf_counter() - clock), 1e3 * (time.process_time() - busy))


def laps(
    rounds: int, work: Callable[[], object], before: Callable[[], object] | None = None
) -> list[Lap]:
    """`work` timed so many times, each after `before`."""
    found = []
    for _ in range(rounds):
        if before is not None:
            before()
        found.append(timed(work))
    return found


def median_row(what: str, found: Sequence[Lap], at_most: float | None = None) -> Row:
    """The median of laps."""
    clock, busy = (median(each) for each in zip(*found, strict=True))
    return Row(what, clock, at_most=at_most, busy=busy)


def late_row(what: str, found: Sequence[Lap], at_most: float | None = None) -> Row:
    """The 95th percentile of laps."""
    clock, busy = (percentile(each, 0.95) for each in zip(*found, strict=True))
    return Row(f"{what}, 95th percentile", clock, at_most=at_most, busy=busy)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def print_table(rows: Sequence[Row]) -> None:
    """One line a row: what, figure, the same in processor time, aim, met or not."""
    lines = [("what", "figure", "on the processor", "aim", "")]
    for row in rows:
        figure = "–" if row.figure is None else f"{row.figure:.2f} {row.unit}"
        busy = "" if row.busy is None else f"{row.busy:.2f} {row.unit}"
        lines.append((row.what, figure, busy, row.aim, row.verdict))
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    for what, figure, busy, aim, verdict in lines:
        print(
            f"{what:{widths[0]}}  {figure:>{widths[1]}}  {busy:>{widths[2]}}  "
            f"{aim:{widths[3]}}  {verdict}".rstrip()
        )


def run_alone(measure: Measure) -> None:
    """Run one benchmark as a program: `--smallest` for a pass in seconds, `--json` for rows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--smallest", action="store_true", help="smallest sizes, one round or two")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    asked = parser.parse_args()
    rows = measure(asked.smallest)
    if asked.json:
        print(json.dumps([asdict(row) for row in rows]))
    else:
        print_table(rows)
