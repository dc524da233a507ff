"""Means with their intervals, as the tables of a study's report write them."""

import pytest

from viewer.drawing.report.study.study_tables import mean_text, skips_table


def text(mean: float, half: float | None, part: bool = False) -> str:
    ends = (None, None) if half is None else (mean - half, mean + half)
    found = {"mean": mean, "low": ends[0], "high": ends[1]}
    return mean_text(found, part).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("mean", "half", "written"),
    [
        (28.0, 2.0, "28.0 ± 2.0"),  # as exact as its neighbours, also where zeros end it
        (17.42, 3.81, "17.4 ± 3.8"),
        (-0.7, 0.97, "−0.700 ± 0.97"),
        (130.2, 12.0, "130 ± 12"),
        (0.781, None, "0.781"),
        (0.0, 0.0, "0 ± 0"),
    ],
)
def test_a_mean_has_three_figures_and_its_interval_two(
    mean: float, half: float | None, written: str
) -> None:
    assert text(mean, half) == written


@pytest.mark.parametrize(
    ("mean", "half", "written"),
    [
        (0.742, 0.072, "74.2 ± 7.2 %"),
        (0.000115, 0.0002, "0.01 ± 0.02 %"),
        (0.000838, 0.0003, "0.08 ± 0.03 %"),  # not 0.1 ± < 0.1
        (6e-6, 2.5e-5, "0.001 ± 0.003 %"),
        (2e-6, 1e-6, "< 0.001 %"),
        (0.0, 0.0, "0 %"),
        (0.003, None, "0.3 %"),
    ],
)
def test_a_small_share_shows_more_than_nothing(
    mean: float, half: float | None, written: str
) -> None:
    assert text(mean, half, part=True) == written


def test_a_line_breaks_between_columns_not_within_one() -> None:
    assert " " not in mean_text({"mean": 1.5, "low": 1.0, "high": 2.0})


def test_skips_are_called_as_in_the_window_and_shares_of_what_they_are() -> None:
    share = {"mean": 0.25, "low": 0.2, "high": 0.3}
    answer = {
        "skips": [{"name": "skip1", "share": share, "off": {}}],
        "bottleneck": {},
        "bias": {},
        "units": {},
        "scores": {},
        "share_of": {"layer": "head", "before": "sigmoid"},
    }
    found = skips_table(answer)
    assert found.rows[0][0] == "skip 1"
    assert found.note.endswith("share of the logits before sigmoid")
