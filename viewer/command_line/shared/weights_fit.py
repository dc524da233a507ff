"""What becomes of the file of `--weights` on a network that is described and not run."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.command_line.shared.model import Model, with_weights
from viewer.command_line.shared.refusal import Refusal

if TYPE_CHECKING:
    from analysis.facts import Facts
    from analysis.storage.weights_report import WeightsReport


def weights_fit(model: Model, facts: Facts, asked: argparse.Namespace) -> WeightsReport | None:
    """Which tensors of the file fit; None where no file is named. Raises Refusal."""
    if asked.weights is None:
        return None
    from analysis.network.checkpoint import WeightsError, fit, read

    given = with_weights(model, asked)
    if given.weights is not None and (known := _known(given.weights)) is not None:
        return known
    wanted = {each.key: each.shape for found in facts.tensors.values() for each in found}
    try:
        return fit(read(asked.weights), wanted)[1]
    except WeightsError as error:
        raise Refusal(error.fault) from error


def _known(weights: Path) -> WeightsReport | None:
    """What a file says that was made of the named one and of what the model computes."""
    from analysis.exchange.tensor_file import read_metadata
    from analysis.storage.computed_tensors import Computed

    try:
        held = Computed.read(read_metadata(weights))
    except (OSError, ValueError):
        return None
    return None if held is None else held.report
