"""What the review says of a run, with an image or random numbers, against the module's own run.

`python -m tests.analysis.review.public_modules.observed IMAGE [NAME …]` prints, for each network,
what its layers, its output and its gradient show when the module itself is run: channels that are
constant or copies, saturation, a shift by a pixel, and how gradient and numbers change from the
first layer to the last under PyTorch's initialisation.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from _pytest.outcomes import Skipped
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from analysis.facts import Facts
from analysis.inference.engine import Engine
from analysis.inference.observing.random_run import random_run
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.review import ReviewNumbers, ReviewRequest
from analysis.inference.protocol.runs import RunRequest
from analysis.review import OnImage, Signal
from tests.analysis.exchange.public_models import opened as packages
from tests.analysis.exchange.public_models.sizes import FURTHER
from tests.analysis.review.public_modules.measured import main_of

NONLINEAR = frozenset(
    (
        "relu",
        "relu_",
        "leaky_relu",
        "leaky_relu_",
        "silu",
        "gelu",
        "elu",
        "prelu",
        "sigmoid",
        "tanh",
    )
)
WEIGHTED = (nn.Conv2d, nn.Conv3d, nn.ConvTranspose2d, nn.ConvTranspose3d, nn.Linear)
Row = tuple[str, float, float, bool]
"""What it is, as the review has it, as the module shows it, and whether they agree."""


class Recorder(TorchFunctionMode):
    """While it is entered, keeps the answer of each activation, with its name."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[tuple[str, Tensor]] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        answer = func(*args, **(kwargs or {}))
        name = getattr(func, "__name__", "")
        if name in NONLINEAR:
            self.answers.append((name.rstrip("_"), answer.detach().clone()))
        return answer


def on_image(found: packages.Opened, image: str) -> tuple[OnImage, Tensor]:
    """What the engine observes of an image with the module's weights, and the input it ran on."""
    graph, engine = found.facts.graph, Engine()
    request = RunRequest(
        revision=0, slot="public", structure=graph.structure_hash, graph=graph,
        image=ImageSource("image", image), weights=str(found.found.weights),
    )  # fmt: skip
    engine.run(request)
    answer = engine.reply(ReviewRequest(0, "public", graph.structure_hash))
    assert isinstance(answer, ReviewNumbers), answer
    [picture] = engine._slots["public"].inputs.values()
    return answer.on_image, picture.clone()


def image_rows(found: packages.Opened, name: str, image: str) -> Iterator[Row]:
    """The numbers of the image's rules."""
    seen, picture = on_image(found, image)
    further = FURTHER.get(name, {})
    module = found.module.eval()
    with torch.no_grad(), Recorder() as recorder:
        output = main_of(module(picture, **further))
    maps = [each[0].flatten(1).double().numpy() for _, each in recorder.answers if each.ndim > 2]
    maps = [each for each in maps if each.shape[1] >= 16]
    yield from _channel_rows(seen, maps)
    if seen.moved is not None:
        moved = torch.cat((picture[..., :1], picture[..., :-1]), -1)
        with torch.no_grad():
            after = main_of(module(moved, **further)).roll(-1, -1)
        quarter = [length // 4 for length in output.shape[2:]]
        part = (..., *(slice(q, n - q) for q, n in zip(quarter, output.shape[2:], strict=True)))
        before = output[part]
        own = float((before - before.mean()).square().mean().sqrt())
        shift = float((after - output)[part].square().mean().sqrt()) / own
        yield (
            "moved by a pixel",
            seen.moved,
            shift,
            abs(seen.moved - shift) < 0.01 * max(shift, 0.1),
        )


def _channel_rows(seen: OnImage, maps: Sequence[NDArray[np.float64]]) -> Iterator[Row]:
    flat = sum(_constant(each).sum() for each in maps)
    said = sum(each.constant for each in seen.channels.values())
    yield "constant channels", said, flat, said == flat
    copies = sum(_copies(each) for each in maps)
    said = sum(each.copies for each in seen.channels.values())
    yield "copied channels", said, copies, abs(said - copies) <= 0.02 * max(said, copies, 50)


def _constant(flat: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(np.ptp(flat, axis=1) <= 1e-6 * np.abs(flat).max())


def _copies(flat: NDArray[np.float64]) -> int:
    """By the definition of Pearson's correlation, over all pixels."""
    varied = flat[~_constant(flat)]
    if len(varied) < 2:
        return 0
    return int((np.abs(np.tril(np.corrcoef(varied), -1)) >= 0.999).any(1).sum())


def signal_rows(found: packages.Opened, name: str) -> Iterator[Row]:
    """How many times the gradient and the numbers are larger at the first layer than at the last.

    The weights are drawn anew, so the two agree within a factor of three, or both are far off.
    """
    seen = random_run(found.facts)
    assert isinstance(seen, Signal)
    own = _own_signal(found.module, found.facts, FURTHER.get(name, {}))
    for what, said, shown in (
        ("gradient first / last", _ratio(seen.gradients), own[0]),
        ("numbers first / last", _ratio(seen.activations), own[1]),
    ):
        far = min(said, shown) > 1000 or max(said, shown) < 1e-3
        near = 1 / 3 < (said + 1e-30) / (shown + 1e-30) < 3
        yield what, said, shown, far or near


def _ratio(sizes: Any) -> float:
    values = list(sizes.values())
    return float(values[0] / max(values[-1], 1e-30)) if values else 1.0


def _own_signal(module: nn.Module, facts: Facts, further: Any) -> tuple[float, float]:
    torch.manual_seed(1)
    for each in module.modules():
        if hasattr(each, "reset_parameters"):
            each.reset_parameters()
    kept: list[Tensor] = []
    hooks = [
        each.register_forward_hook(lambda _, args, answer: kept.append(answer))
        for each in module.modules()
        if isinstance(each, WEIGHTED)
    ]
    shape = facts.shapes[facts.graph.inputs[0].id]
    with torch.enable_grad():
        module.train().requires_grad_(True)
        output = main_of(module(torch.randn(2, *shape), **further))
        found = torch.autograd.grad(output, kept, torch.randn_like(output), allow_unused=True)
    for hook in hooks:
        hook.remove()
    pairs = [(g, k) for g, k in zip(found, kept, strict=True) if g is not None]
    gradients = [float(g.square().mean().sqrt()) for g, _ in pairs]
    answers = [float(k.detach().square().mean().sqrt()) for _, k in pairs]
    return gradients[0] / max(gradients[-1], 1e-30), answers[0] / max(answers[-1], 1e-30)


def main(image: str, names: list[str]) -> int:
    """Prints the table; 1 where the review and the module do not agree."""
    wrong = 0
    for name in names or packages.NAMES:
        for rows in (image_rows, signal_rows):
            more = (image,) if rows is image_rows else ()
            try:
                for what, said, shown, agrees in rows(packages.opened(name), name, *more):
                    wrong += not agrees
                    print(f"{name:<24} {what:<22} {said:>11.4g} {shown:>11.4g} "
                          f"{'yes' if agrees else 'NO'}", flush=True)  # fmt: skip
            except Skipped as why:
                print(f"{name}: {why}")
            except (AssertionError, RuntimeError, ValueError, TypeError) as error:
                print(f"{name:<24} not measured: {type(error).__name__} {error}"[:120], flush=True)
    return int(wrong > 0)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main(sys.argv[1], sys.argv[2:]))
