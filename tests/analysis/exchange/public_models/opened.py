"""The public networks as the tests open them: by the tracer, once, beside the module itself."""

from __future__ import annotations

import copy
import importlib
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from analysis.exchange.torch_module import Traced, trace
from analysis.facts import Facts, analyse
from tests.analysis.exchange.public_models import networks
from tests.analysis.exchange.public_models.sizes import FURTHER, size_of

FILE = Path(networks.__file__)
SEED = 3
PATIENCE = 600
"""Seconds that a package may take to be imported and traced, on a machine that is busy."""
PACKAGES = {
    "monai": "monai",
    "diffusers": "diffusers",
    "nnunet": "dynamic_network_architectures",
    "smp": "segmentation_models_pytorch",
    "timm": "timm",
    "hand": "torch",
}
"""The module that a network imports, by the first word of its name."""
NAMES = tuple(
    name
    for name, made in vars(networks).items()
    if callable(made) and name.partition("_")[0] in PACKAGES
)


@dataclass(frozen=True)
class Opened:
    """A network: the module, what the tracer made of it, and what is known of that graph."""

    module: nn.Module
    found: Traced
    facts: Facts

    def in_float64(self) -> Opened:
        """The same with a module that computes in float64 and trains nothing."""
        module = copy.deepcopy(self.module).double().requires_grad_(False)
        return replace(self, module=module)

    def answers(self, image: Tensor, name: str) -> dict[str, Tensor]:
        """What the module gives for an image (with a batch axis), by the name of the output."""
        returned = self.module(image, **FURTHER.get(name, {}))
        return dict(_tensors(returned))


def module_of(name: str) -> nn.Module:
    """The network itself, with the seed that the tracer sets. Skips where its package is not."""
    package = PACKAGES[name.partition("_")[0]]
    if (why := why_not(package)) is not None:
        pytest.skip(why)
    torch.manual_seed(SEED)
    made = getattr(networks, name)().eval()
    assert isinstance(made, nn.Module)
    return made


@cache
def why_not(package: str) -> str | None:
    """Why a package cannot be used here; None where it can."""
    try:
        with warnings.catch_warnings():  # theirs, not ours: torchvision has one for newer torch
            warnings.simplefilter("ignore")
            importlib.import_module(package)
            if package == "diffusers":  # which loads its parts when they are asked for
                importlib.import_module("diffusers.models.unets.unet_2d")
    except ModuleNotFoundError as error:
        return f"{error.name} is not installed (pip install -e '.[models]')"
    except Exception as error:  # noqa: BLE001 - whatever a package raises as it is imported
        says = str(error).strip().splitlines()[-1] if str(error).strip() else type(error).__name__
        return f"{package} does not import beside torch {torch.__version__}: {says}"
    return None


@cache
def opened(name: str) -> Opened:
    """A network, opened. Skips where its package cannot be used."""
    module = module_of(name)
    given = {key: {"value": value} for key, value in FURTHER.get(name, {}).items()}
    found = trace(FILE, name, size_of(name), seconds=PATIENCE, seed=SEED, given=given)
    return Opened(module, found, analyse(found.graph))


def image_of(name: str, seed: int = 1) -> Tensor:
    source = torch.Generator().manual_seed(seed)
    return torch.randn(1, *size_of(name), generator=source)


def _tensors(returned: Any, way: tuple[str, ...] = ()) -> Iterator[tuple[str, Tensor]]:
    if isinstance(returned, Tensor):
        yield ".".join(way), returned
    elif isinstance(returned, Mapping):
        for key, value in returned.items():
            yield from _tensors(value, (*way, str(key)))
    elif isinstance(returned, list | tuple):
        for at, value in enumerate(returned):
            yield from _tensors(value, (*way, str(at)))
