"""Every finding on public networks, as people write them, is held against an experiment in torch.

No finding may be false: one without an experiment here fails as well.
"""

from __future__ import annotations

import pytest

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.graph import Graph
from analysis.review import Subject, review
from tests.analysis.review.public_experiments import EXPERIMENTS
from tests.data.models.encoder_decoders import NETWORKS
from tests.data.models.traced import traced

BUILT = (
    "linknet:base=8,size=64",
    "red_net:base=4,size=64",
    "residual_unet:base=4,size=64",
    "resnet:layers=18,size=64",
    "fcn:base=4,hidden=32,size=64",
    "pix2pix:base=4",
    "convolutional_autoencoder",
    "unet:depth=4,base=4,size=64",
    "recurrent_residual_unet:base=4,size=64",
    "resnet:layers=50,halving=1x1,size=64",
    "unet_plus_plus:depth=3,base=4,size=64",
    "attention_unet:base=4,size=64",
    "patch_discriminator:size=64",
    "symmetric_denoiser:layers=10,size=64",
    "encoder_decoder:base=4,size=64",
    "plain_chain:layers=8,kernel=3-3-3-3-3-3-3-1,dilation=1-1-2-4-8-16-1-1,size=64",
)


def named(name: str) -> Graph:
    if name in NETWORKS:
        return traced(name)
    key, settings = parse(name)
    return BLUEPRINTS[key].build(settings)


@pytest.mark.parametrize("name", [*sorted(set(NETWORKS) - {"pix2pix", "vgg"}), *BUILT])
def test_no_finding_is_false(name: str) -> None:
    facts = analyse(named(name))
    for finding in review(Subject(facts)).findings:
        EXPERIMENTS[finding.code](facts, finding)
