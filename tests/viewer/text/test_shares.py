"""Shares in per cent: what is small and not nothing is never written as nothing."""

import pytest

from analysis.inference.protocol.measures import Contribution, Measured
from viewer.text.measure_format import MeasureFormat
from viewer.text.number_format import MINUS, hundredths, percent
from viewer.text.translation import language


@pytest.mark.parametrize(
    ("share", "digits", "written"),
    [
        (0.0, 0, "0 %"),
        (1e-9, 1, "0.0 %"),  # float32's rounding of nothing
        (-1e-9, 0, "0 %"),
        (0.29, 0, "29 %"),
        (0.0051, 0, "1 %"),
        (0.0031, 0, "0.3 %"),
        (-0.0031, 0, f"{MINUS}0.3 %"),
        (0.0004, 0, "< 0.1 %"),
        (-0.0004, 0, f"{MINUS}0.04 %"),
        (-0.00002, 0, "≈ 0 %"),
        (0.0004, 1, "< 0.1 %"),
        (0.0006, 1, "0.1 %"),
        (0.00004, 2, "< 0.01 %"),
        (0.0004, 2, "0.04 %"),
    ],
)
def test_a_share_that_is_not_0_is_not_written_0(share: float, digits: int, written: str) -> None:
    assert percent(share, digits) == written
    assert hundredths(share, digits) == written.removesuffix(" %")


def test_chinese_takes_no_space_before_the_sign() -> None:
    language.use("zh")
    try:
        assert percent(0.0004) == "< 0.1%"
    finally:
        language.use("en")


def test_a_skip_that_subtracts_little_is_said_to_subtract() -> None:
    part = Contribution(0.5, (0.5,), 1.0)
    written = MeasureFormat(
        Measured(
            revision=1,
            slot="window",
            structure="",
            measure="share",
            skips={"skip1": part, "skip2": part},
            bottleneck=None,
            bias=None,
            band_edges=(0.0, 0.5),
            split_error=0.0,
            exact=True,
            why=None,
            of="output",
        )
    )
    assert written.sentence("skip1", 0.003) == "Skip 1 adds 0.3 % of the output."
    assert "subtracts 0.3 %" in written.sentence("skip2", -0.003)
    assert "subtracts < 0.1 %" in written.sentence("skip2", -0.0003)
