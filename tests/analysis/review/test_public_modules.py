"""Findings on public networks hold on their own modules, where nothing of our engine runs.

All networks, also those of packages: `python -m tests.analysis.review.public_modules`.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.review import Subject, review
from tests.analysis.review.public_modules.measured import (
    EXPERIMENTS,
    a_constant_map_comes_out_uneven,
)
from tests.analysis.review.public_modules.networks import network


@pytest.mark.parametrize("name", ["strided", "pooled", "cropped", "levels"])
def test_what_is_remarked_is_measured(name: str) -> None:
    found = network(name)
    findings = review(Subject(found.facts)).findings
    assert findings
    for finding in findings:
        measured = EXPERIMENTS[finding.code](found, finding)
        assert measured.agrees, (finding, measured.said)


def test_what_is_not_so_is_told() -> None:
    found = network("pooled")
    findings = review(Subject(found.facts)).findings
    uneven = next(each for each in findings if each.code == "uneven-overlap")
    assert a_constant_map_comes_out_uneven(found, uneven).agrees
    wrong = replace(uneven, numbers={**uneven.numbers, "most": 9})
    assert not a_constant_map_comes_out_uneven(found, wrong).agrees
