"""The networks that are measured: those of packages, and those written by hand in the test data."""

from __future__ import annotations

from functools import cache

import torch

from analysis.facts import analyse
from tests.analysis.exchange.public_models import opened as packages
from tests.analysis.exchange.public_models.sizes import FURTHER
from tests.analysis.review.public_modules.measured import Network
from tests.data.models.encoder_decoders import NETWORKS
from tests.data.models.traced import traced

BY_HAND = tuple(sorted(set(NETWORKS) - {"dense", "vgg"}))
NAMES = (*BY_HAND, *packages.NAMES)


@cache
def network(name: str) -> Network:
    """A network by name. Skips where its package cannot be used."""
    if name in NETWORKS:
        torch.manual_seed(0)
        module = NETWORKS[name][0]().eval().double().requires_grad_(False)
        return Network(module, analyse(traced(name)), {})
    found = packages.opened(name).in_float64()
    return Network(found.module, found.facts, FURTHER.get(name, {}))
